import type { VariantName } from '#chart/svg.ts';
import type { Figure } from '#contract/figure.ts';

/** Draws a figure as SVG; ids inside start with `prefix`. */
export type Draw = (figure: Figure, variant: VariantName, prefix: string) => Promise<string>;

// Text from the data can't forge a mark: its '<' is escaped.
const mark = /<!--chart ([0-9]+)-->/g;

/** Charts that a page asks for while its templates run; drawing is asynchronous and happens once the page is complete. */
export class Drawings {
  readonly #asked: { figure: Figure; variant: VariantName; prefix: string }[] = [];

  /** @returns a mark to be replaced by `fill`. */
  ask(figure: Figure, variant: VariantName, prefix: string): string {
    this.#asked.push({ figure, variant, prefix: variant === 'narrow' ? `${prefix}-n` : prefix });
    return `<!--chart ${this.#asked.length - 1}-->`;
  }

  /** Puts the charts in place of their marks; charts whose mark did not reach the page are not drawn. */
  async fill(html: string, draw: Draw): Promise<string> {
    const drawn = new Map<string, string>();
    for (const [whole, index] of html.matchAll(mark)) {
      const asked = this.#asked[Number(index)];
      if (asked && !drawn.has(whole)) drawn.set(whole, await draw(asked.figure, asked.variant, asked.prefix));
    }
    return html.replace(mark, (whole) => drawn.get(whole) ?? '');
  }
}

/** Remembers drawings per figure, so that a chart in two reports is drawn once. */
export function remembered(draw: Draw): Draw {
  const known = new WeakMap<Figure, Map<string, Promise<string>>>();
  return (figure, variant, prefix) => {
    const mine = known.get(figure) ?? new Map<string, Promise<string>>();
    known.set(figure, mine);
    const key = `${variant} ${prefix}`;
    const svg = mine.get(key) ?? draw(figure, variant, prefix);
    mine.set(key, svg);
    return svg;
  };
}
