import type { Figure, Spec } from '#contract/figure.ts';
import type { Formatter } from '#contract/format.ts';
import type { Unit } from '#contract/metric.ts';
import type { Cell, Row } from '#contract/row.ts';
import { frame, texts, vegaLite } from './layer.ts';
import { time } from './scale.ts';
import { widths } from './theme.ts';

/** What each chart needs besides its columns. Texts are made with `prose`; column names are code, never data. */
export interface ChartOptions {
  id: string;
  /** A claim, or how to make it from the plotted rows. */
  title: string | ((rows: Row[]) => string);
  subtitle: string;
  /** What is plotted, for the alternative text: 'weekly net revenue'. */
  of: string;
  /** Why it is plotted: 'the last week stands inside its expected range'. */
  reason: string;
  width?: 'full' | 'half' | undefined;
  /** CSS px of the whole drawing; each chart has a good one of its own. */
  height?: number | undefined;
  note?: string | undefined;
  format: Formatter;
  unit: Unit;
  rows: Row[];
}

/** Width in CSS px to draw at; `compact` for half width and phones, `low` where several share a page. */
export interface Variant {
  width: number;
  compact: boolean;
  low?: boolean;
}

/** Assembles the figure: claim from the rows, alternative text, a specification for each width. */
export function assemble(
  kind: string,
  options: Omit<ChartOptions, 'unit' | 'rows'> & { rows: Row[] },
  draw: (variant: Variant) => Spec,
): Figure {
  const { id, title, subtitle, of, reason, rows, note } = options;
  const width = options.width ?? 'full';
  return {
    id,
    title: typeof title === 'function' ? title(rows) : title,
    subtitle,
    alt: `${kind} of ${of} where ${reason}`,
    width,
    rows,
    spec: draw({ width: widths[width], compact: width === 'half' }),
    ...(width === 'full'
      ? { narrow: draw({ width: widths.narrow, compact: true }), half: draw({ width: widths.half, compact: true, low: true }) }
      : {}),
    ...(note === undefined ? {} : { note }),
  };
}

/** The value of a column as a finite number, or null. */
export function number(row: Row, column: string): number | null {
  const value: Cell | undefined = row[column];
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** Known values of some columns. */
export function numbers(rows: Row[], ...columns: (string | undefined)[]): number[] {
  const result: number[] = [];
  for (const row of rows) {
    for (const column of columns) {
      const value = column === undefined ? null : number(row, column);
      if (value !== null) result.push(value);
    }
  }
  return result;
}

/** Rows with a place on a horizontal axis: a day, or a finite number. */
export function onAxis(rows: Row[], column: string): Row[] {
  return rows.filter((row) => {
    const value = row[column];
    return typeof value === 'number' ? Number.isFinite(value) : typeof value === 'string' && !Number.isNaN(time(value));
  });
}

/** Whether a flag column says yes: true, or a number other than zero, or a non-empty text. */
export function flagged(row: Row, column: string | undefined): boolean {
  return column !== undefined && Boolean(row[column]);
}

/** What stands where no row can be plotted: a word instead of an empty frame. */
export function blank(width: number): Spec {
  const area = frame(width, 44, { left: 0, right: 0, top: 0, bottom: 0 });
  return vegaLite(area, [texts([{ x: 0, y: 22, t: 'No value to plot in this period.' }])]);
}
