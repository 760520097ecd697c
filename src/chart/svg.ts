import { LookbookError } from '#contract/error.ts';
import type { Figure, Spec } from '#contract/figure.ts';
import { worldAtlas } from './country.ts';
import { registerFonts } from './measure.ts';
import { palette, type Role } from './theme.ts';
import { escapeXml } from './xml.ts';

export type VariantName = 'wide' | 'narrow' | 'half';

let queue: Promise<unknown> = Promise.resolve();
let engine: Promise<{ vega: typeof import('vega'); compile: typeof import('vega-lite').compile }> | undefined;

/**
 * A figure as a static, accessible SVG at its final size in CSS px. The same figure gives the same bytes in each process, timezone
 * and locale. Colours are `var(--c-role,#hex)`; see `chartVariables`.
 * @param idPrefix starts each id inside; unique in the page. Letters, digits, `-` and `_`.
 * @throws LookbookError `render` when Vega refuses the specification.
 */
export function renderSvg(figure: Figure, variant: VariantName, idPrefix: string): Promise<string> {
  const turn = queue.then(() => draw(figure, variant, idPrefix));
  queue = turn.catch(() => undefined);
  return turn;
}

/** The complete Vega specification with its rows, for a live chart in a page. Independent of the page: plain JSON. */
export async function vegaSpec(figure: Figure, variant: VariantName): Promise<Spec> {
  const { compile } = await load();
  const spec = (variant === 'wide' ? undefined : figure[variant]) ?? figure.spec;
  const isLite = spec.$schema.includes('/vega-lite/');
  const compiled = isLite ? compile(structuredClone(spec) as never, { logger: quiet }).spec : structuredClone(spec);
  const filled = JSON.parse(JSON.stringify(compiled)) as Spec & { data?: { name: string; values?: unknown }[] };
  for (const data of filled.data ?? []) {
    if (data.name === 'rows') data.values = structuredClone(figure.rows);
    if (data.name === 'world') data.values = structuredClone(worldAtlas());
  }
  return filled;
}

async function draw(figure: Figure, variant: VariantName, idPrefix: string): Promise<string> {
  try {
    const { vega } = await load();
    const spec = await vegaSpec(figure, variant);
    vega.resetSVGDefIds();
    const view = new vega.View(vega.parse(spec as never), { renderer: 'none', logger: quiet as never });
    try {
      return accessible(await view.toSVG(), figure, idPrefix);
    } finally {
      view.finalize();
    }
  } catch (cause) {
    throw new LookbookError(
      'render',
      { what: `the chart could not be drawn: ${(cause as Error).message}`, where: `figure ${figure.id}` },
      { cause },
    );
  }
}

function load() {
  registerFonts();
  engine ??= Promise.all([import('vega'), import('vega-lite')]).then(([vega, lite]) => ({ vega, compile: lite.compile }));
  return engine;
}

const complain = (...args: unknown[]): never => {
  throw new Error(args.map(String).join(' '));
};
// A warning of Vega's is a mistake in a builder.
const quiet = {
  level: () => quiet,
  error: complain,
  warn: complain,
  info: () => quiet,
  debug: () => quiet,
};

const variables = new Map<string, string>();
for (const [role, { light }] of Object.entries(palette) as [Role, (typeof palette)[Role]][]) {
  if (!variables.has(light.toLowerCase())) variables.set(light.toLowerCase(), `var(--c-${role},${light})`);
}

/** Rewrites Vega's SVG tag by tag; text between tags is left alone, since it is data. */
function accessible(svg: string, figure: Figure, idPrefix: string): string {
  const prefix = idPrefix.replace(/[^A-Za-z0-9_-]/g, '-');
  let isRoot = true;
  const coarse = figure.spec.$schema.includes('/vega/') && JSON.stringify(figure.spec.data ?? null).includes('"name":"world"');
  const body = svg.replace(/<[^>]*>/g, (tag) => {
    if (isRoot && tag.startsWith('<svg')) {
      isRoot = false;
      return root(tag, prefix, figure);
    }
    return coarse ? coarser(lean(tag, prefix)) : lean(tag, prefix);
  });
  return collapse(body);
}

function root(tag: string, prefix: string, { title, alt }: Figure): string {
  const width = Math.round(Number(/\bwidth="([\d.]+)"/.exec(tag)?.[1] ?? 0));
  const height = Math.ceil(Number(/\bheight="([\d.]+)"/.exec(tag)?.[1] ?? 0) - 0.01);
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="${prefix}-t ${prefix}-d" width="${width}" height="${height}" ` +
    `viewBox="0 0 ${width} ${height}" font-family="Inter,system-ui,sans-serif">` +
    `<title id="${prefix}-t">${escapeXml(title)}</title><desc id="${prefix}-d">${escapeXml(alt)}</desc>`
  );
}

function lean(tag: string, prefix: string): string {
  return tag
    .replace(/ (?:role|class|aria-[a-z]+|xmlns:xlink|font-family|stroke-miterlimit|pointer-events)="[^"]*"/g, '')
    .replace(/ id="([^"]*)"/g, ` id="${prefix}-$1"`)
    .replace(/url\(#([^)]*)\)/g, `url(#${prefix}-$1)`)
    .replace(/ (fill|stroke|stop-color)="(#[0-9a-fA-F]{6})"/g, (all, name: string, hex: string) => {
      const variable = variables.get(hex.toLowerCase());
      return variable ? ` ${name}="${variable}"` : all;
    })
    .replace(/-?\d+\.\d{3,}(?:e-?\d+)?/g, (n) => String(Math.round(Number(n) * 100) / 100 || 0))
    .replace(/ font-weight="400"| text-anchor="start"/g, '')
    .replace(/font-size="([\d.]+)px"/, 'font-size="$1"')
    .replace(/ transform="translate\(0,0\)"/, '');
}

/** Coasts to a tenth of a px, without points that the eye cannot part. */
function coarser(tag: string): string {
  return tag.replace(/ d="([^"]{60,})"/, (_, d: string) => {
    const parts = d
      .split('M')
      .slice(1)
      .map((part) => {
        const kept: [number, number][] = [];
        const points = part.replace('Z', '').split('L');
        const apart = points.length > 30 ? 0.7 : 0.2;
        for (const point of points) {
          const [x, y] = point.split(',').map(Number) as [number, number];
          const last = kept.at(-1);
          if (!last || Math.hypot(x - last[0], y - last[1]) >= apart) kept.push([x, y]);
        }
        return kept.length < 3 ? '' : `M${kept.map(([x, y]) => `${Math.round(x * 10) / 10},${Math.round(y * 10) / 10}`).join('L')}Z`;
      });
    return ` d="${parts.join('')}"`;
  });
}

/** Drops groups and paths without content. */
function collapse(svg: string): string {
  let before = '';
  let after = svg.replace(/<path(?: d="")?(?: display="none")?\/>|<path d="M0,0h[^"]*"(?: fill="none")?(?: display="none")?\/>/g, '');
  while (before !== after) {
    before = after;
    after = after.replace(/<g[^>]*><\/g>/g, '');
  }
  before = '';
  while (before !== after) {
    before = after;
    after = after.replace(/<g>((?:(?!<\/?g[ >]).)*)<\/g>/gs, '$1');
  }
  return after;
}
