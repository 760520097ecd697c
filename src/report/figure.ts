import type { Figure } from '#contract/figure.ts';
import type { Drawings } from './drawings.ts';
import type { Names } from './names.ts';
import { safe } from './template.ts';

export interface FigureView {
  anchor: string;
  level: number;
  half: boolean;
  title: string;
  subtitle: string;
  note: string;
  wide: ReturnType<typeof safe>;
  narrow: ReturnType<typeof safe> | null;
  /** Relative path of the plotted rows. */
  file: string;
  /** Anchor of the method in the appendix; empty in an overview. */
  method: string;
}

/** @param place the analysis, the heading level of the title, the anchor of its method ('' where there is no appendix), and whether the chart has only half of the page's width. */
export function figureView(
  figure: Figure,
  place: { analysis: string; level: number; method: string; half?: boolean },
  names: Names,
  drawings: Drawings,
): FigureView {
  const isBrief = place.half === true && figure.half !== undefined;
  const anchor = names.anchor('figure', place.analysis, figure.id);
  return {
    anchor,
    level: place.level,
    half: isBrief || figure.width === 'half',
    title: figure.title,
    subtitle: figure.subtitle,
    note: figure.note ?? '',
    wide: safe(drawings.ask(figure, isBrief ? 'half' : 'wide', anchor)),
    narrow: figure.narrow && !isBrief ? safe(drawings.ask(figure, 'narrow', anchor)) : null,
    file: names.file(place.analysis, figure.id),
    method: place.method,
  };
}
