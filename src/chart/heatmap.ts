import type { Figure } from '#contract/figure.ts';
import type { Cell } from '#contract/row.ts';
import { frame, type Label, safe, texts, two, vegaLite } from './layer.ts';
import { clean, textWidth, truncate } from './measure.ts';
import { assemble, blank, type ChartOptions, number, numbers, type Variant } from './options.ts';
import { every, inward } from './place.ts';
import { C, sequence } from './theme.ts';

export interface HeatmapOptions extends ChartOptions {
  x: string;
  y: string;
  value: string;
  /** Order of the columns and rows; by first appearance where not given, numbers and days ascending. */
  sortX?: Cell[] | undefined;
  sortY?: Cell[] | undefined;
  /** How a key is printed: an hour, a weekday, a month. */
  showX?: ((key: Cell) => string) | undefined;
  showY?: ((key: Cell) => string) | undefined;
  /** Write the value into each cell; yes unless cells are too small or told otherwise. */
  label?: boolean | undefined;
  /** Print cells by this instead of the formatter's own: '31%'. */
  write?: ((value: number) => string) | undefined;
  xTitle?: string | undefined;
}

/** Cells in seven classes of one colour; cells without a value stay empty. */
export function heatmap(options: HeatmapOptions): Figure {
  return assemble('Heat map', options, (variant) => draw(options, variant));
}

function draw(o: HeatmapOptions, { width, compact }: Variant) {
  const values = numbers(o.rows, o.value);
  if (values.length === 0) return blank(width);
  const [xs, ys] = [keys(o, o.x, o.sortX), keys(o, o.y, o.sortY)];
  const write = o.write ?? ((value: number) => o.format.unit(value, o.unit));
  const yNames = ys.map((key) => truncate(clean(o.showY ? o.showY(key) : key), width * 0.28));
  const left = Math.ceil(Math.max(...yNames.map((t) => textWidth(t)))) + 8;
  const cellWidth = (width - left) / xs.length;
  const widest = Math.max(...values.map((value) => textWidth(write(value))));
  const labelled = o.label !== false && widest <= cellWidth - 3;
  const pitch = o.height ? (o.height - 40) / ys.length : compact ? 24 : 26;
  const cellHeight = Math.min(pitch, Math.max(18, cellWidth * 1.1));
  const legend = labelled ? 0 : 22;
  const area = frame(width, Math.ceil(cellHeight * ys.length) + 16 + (o.xTitle ? 15 : 0) + legend, {
    left,
    right: 0,
    top: 16 + (o.xTitle ? 15 : 0) + legend,
    bottom: 0,
  });
  const [low, high] = reach(values);
  const isCut = high < Math.max(...values);
  const xAt = new Map(xs.map((key, i) => [key, i]));
  const yAt = new Map(ys.map((key, i) => [key, i]));
  const labels: Label[] = [
    ...yNames.map((t, i): Label => ({ x: -8, y: (i + 0.5) * cellHeight, t, a: 'right' })),
    ...every(
      xs.map(
        (key, i): Label => ({
          x: (i + 0.5) * cellWidth,
          y: -9,
          t: truncate(clean(o.showX ? o.showX(key) : key), Math.max(cellWidth * 2, 30)),
          a: 'center',
        }),
      ),
      4,
    ).map((label) => inward(label, -left, area.width)),
  ];
  if (o.xTitle) labels.push({ x: 0, y: -24, t: truncate(o.xTitle, area.width) });
  if (labelled) {
    for (const row of o.rows) {
      const value = number(row, o.value);
      const [i, j] = [xAt.get(row[o.x] ?? null), yAt.get(row[o.y] ?? null)];
      if (value === null || i === undefined || j === undefined) continue;
      labels.push({
        x: (i + 0.5) * cellWidth,
        y: (j + 0.5) * cellHeight,
        t: write(value),
        a: 'center',
        c: sequence[classOf(value, low, high)]!.text,
      });
    }
  }
  const swatches = labelled ? [] : legendOf(area.width, -area.top + 6, write(low), isCut ? `${write(high)} or more` : write(high), labels);
  const band = (column: string, domain: Cell[], size: number) => ({
    field: safe(column),
    type: 'nominal',
    sort: null,
    scale: { type: 'band', domain, range: [0, two(size)], padding: 0 },
    axis: null,
  });
  return vegaLite(area, [
    {
      transform: [{ filter: `isValid(datum.${safe(o.value)})` }],
      mark: { type: 'rect', stroke: C.paper, strokeWidth: cellWidth < 14 ? 1 : 2 },
      encoding: {
        x: band(o.x, xs, area.width),
        y: band(o.y, ys, cellHeight * ys.length),
        fill: {
          field: safe(o.value),
          type: 'quantitative',
          scale: { type: 'threshold', domain: cuts(low, high), range: sequence.map((s) => s.fill) },
          legend: null,
        },
      },
    },
    swatches.length === 0
      ? null
      : {
          data: { values: swatches },
          mark: { type: 'rect', fill: { expr: 'datum.c' } },
          encoding: {
            x: { field: 'x', type: 'quantitative', scale: null, axis: null },
            x2: { field: 'x2' },
            y: { field: 'y', type: 'quantitative', scale: null, axis: null },
            y2: { field: 'y2' },
          },
        },
    texts(labels),
  ]);
}

/** Range of the classes. A few values far above the rest (all customers in their first month) share the highest class. */
function reach(values: number[]): [number, number] {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[0]!, sorted.at(-1)!];
  const most = sorted[Math.floor((sorted.length - 1) * 0.85)]!;
  return low >= 0 && most > low && high > 2.5 * most ? [low, most] : [low, high];
}

/** Thresholds between the classes; increasing also where all values are equal. */
export function cuts(low: number, high: number): number[] {
  const n = sequence.length;
  const span = high > low ? high - low : Math.max(Math.abs(high), 1);
  return Array.from({ length: n - 1 }, (_, i) => low + (span * (i + 1)) / n);
}

export function classOf(value: number, low: number, high: number): number {
  return cuts(low, high).filter((cut) => value >= cut).length;
}

/** A strip of the classes at the right, its ends written beside it. */
function legendOf(right: number, y: number, low: string, high: string, labels: Label[]) {
  const end = right - textWidth(high) - 6;
  const size = 15;
  const start = end - size * sequence.length;
  labels.push({ x: start - 6, y, t: low, a: 'right' }, { x: end + 6, y, t: high });
  return sequence.map(({ fill }, i) => ({ x: two(start + i * size), x2: two(start + (i + 1) * size), y: y - 4, y2: y + 4, c: fill }));
}

function keys(o: HeatmapOptions, column: string, given: Cell[] | undefined): Cell[] {
  const seen = [...new Set(o.rows.map((row) => row[column] ?? null))];
  if (given) return given;
  const isOrdered =
    seen.every((key) => typeof key === 'number') || seen.every((key) => typeof key === 'string' && /^\d{4}-\d{2}/.test(key));
  return isOrdered ? seen.toSorted((a, b) => (a! < b! ? -1 : 1)) : seen;
}
