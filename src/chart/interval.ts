import type { Figure } from '#contract/figure.ts';
import type { Polarity } from '#contract/metric.ts';
import type { Row } from '#contract/row.ts';
import { valueAxis } from './axis.ts';
import { along, frame, type Label, type Layer, rules, safe, texts, two, vegaLite } from './layer.ts';
import { clean, textWidth, truncate } from './measure.ts';
import { assemble, blank, type ChartOptions, number, numbers, type Variant } from './options.ts';
import { linear, minStep, position } from './scale.ts';
import { C } from './theme.ts';

export interface IntervalOptions extends ChartOptions {
  label: string;
  value: string;
  low: string;
  high: string;
  /** A value to compare with, drawn as a line: the shop's average, or no effect. */
  reference?: number | undefined;
  referenceLabel?: string | undefined;
  /** Column of the rows in colour, the others grey; without it those whose interval leaves the reference out. */
  emphasis?: string | undefined;
  /** Which side of the reference is good: what is in colour on the other one is drawn as a signal. */
  polarity?: Polarity | undefined;
  /** Keep the order of the rows instead of sorting by value. */
  given?: boolean | undefined;
  /** Print values with a sign. */
  signed?: boolean | undefined;
}

/** Estimates with their intervals against a reference line. */
export function dotInterval(options: IntervalOptions): Figure {
  const by = (row: Row) => number(row, options.value) ?? Number.NEGATIVE_INFINITY;
  const rows = options.given ? options.rows : options.rows.toSorted((a, b) => by(b) - by(a));
  return assemble('Dot plot with intervals', { ...options, rows }, (variant) => draw({ ...options, rows }, variant));
}

function draw(o: IntervalOptions, { width, compact, low = false }: Variant) {
  const reference = o.reference === undefined ? [] : [o.reference];
  const values = [...numbers(o.rows, o.value, o.low, o.high), ...reference];
  if (numbers(o.rows, o.value).length === 0) return blank(width);
  const n = o.rows.length;
  const top = o.reference === undefined ? 4 : 18;
  const pitch = low ? 19 : o.height ? (o.height - top - 20) / n : n <= 8 ? 28 : 22;
  const names = o.rows.map((row) => clean(row[o.label]));
  const room = Math.min(Math.max(...names.map((name) => textWidth(name))), width * (compact ? 0.38 : 0.4)) + 14;
  const written = o.rows.map((row) =>
    o.signed ? o.format.signed(number(row, o.value), o.unit) : o.format.unit(number(row, o.value), o.unit),
  );
  const scale = linear(values, { count: compact ? 3 : 6, minStep: minStep(o.unit) });
  const area = frame(width, Math.ceil(top + pitch * n + 20), {
    left: room,
    right: Math.max(...written.map((t) => textWidth(t, 10, 600))) + 12,
    top,
    bottom: 20,
  });
  const at = (value: number) => position(scale, value, 0, area.width);
  const middle = (i: number) => (i + 0.5) * pitch;
  const axis = valueAxis(scale, o.unit, o.format, area.width, area.height, { left: 10, right: area.right });
  const hot = `${hotTest(o)}`;
  const labels: Label[] = [...axis.labels];
  names.forEach((name, i) => {
    labels.push({ x: -area.left, y: middle(i), t: truncate(name, room - 14), c: C.text });
    labels.push({
      x: area.width + area.right,
      y: middle(i),
      t: written[i]!,
      a: 'right',
      c: isHot(o, o.rows[i]!) ? (isBad(o, o.rows[i]!) ? C.signal : C.accent) : C.text,
      w: isHot(o, o.rows[i]!) ? 600 : 400,
    });
  });
  if (o.reference !== undefined) {
    const t = truncate(o.referenceLabel ?? o.format.unit(o.reference, o.unit), width - 20);
    const half = textWidth(t) / 2;
    labels.push({ x: Math.min(Math.max(at(o.reference), half - area.left), area.width + area.right - half), y: -9, t, a: 'center' });
  }
  const x = along(o.value, scale, 0, area.width);
  const y = {
    field: '_i',
    type: 'quantitative',
    scale: { domain: [0.5, n + 0.5], range: [0, two(pitch * n)], zero: false, nice: false, padding: 0 },
    axis: null,
  };
  const transform = [{ window: [{ op: 'row_number', as: '_i' }] }];
  const bad = badTest(o);
  const tone = (on: string, warning: string, off: string): Layer => ({
    condition: bad
      ? [
          { test: `(${hot}) && ${bad}`, value: warning },
          { test: hot, value: on },
        ]
      : { test: hot, value: on },
    value: off,
  });
  return vegaLite(area, [
    rules(axis.lines),
    o.reference === undefined ? null : rules([{ x: at(o.reference), y: -2, x2: at(o.reference), y2: area.height, c: C.mute }]),
    {
      transform,
      mark: { type: 'rule', strokeWidth: 5 },
      encoding: {
        x: { ...x, field: safe(o.low) },
        x2: { field: safe(o.high) },
        y,
        stroke: tone(C['accent-soft'], C['signal-soft'], C.rule),
      },
    },
    {
      transform,
      mark: { type: 'point', shape: 'circle', filled: true, size: 48, opacity: 1 },
      encoding: { x, y, fill: tone(C.accent, C.signal, C.mute) },
    },
    texts(labels),
  ]);
}

function hotTest(o: IntervalOptions): string {
  if (o.emphasis) return `!!datum.${safe(o.emphasis)}`;
  if (o.reference === undefined) return 'true';
  return `datum.${safe(o.low)} > ${o.reference} || datum.${safe(o.high)} < ${o.reference}`;
}

function isHot(o: IntervalOptions, row: Row): boolean {
  if (o.emphasis) return Boolean(row[o.emphasis]);
  if (o.reference === undefined) return true;
  return (number(row, o.low) ?? o.reference) > o.reference || (number(row, o.high) ?? o.reference) < o.reference;
}

const badSide = ({ polarity = 'none', reference }: IntervalOptions) =>
  reference === undefined || polarity === 'none' ? null : polarity === 'up' ? '<' : '>';

function badTest(o: IntervalOptions): string | null {
  const side = badSide(o);
  return side && `datum.${safe(o.value)} ${side} ${o.reference}`;
}

function isBad(o: IntervalOptions, row: Row): boolean {
  const side = badSide(o);
  const value = number(row, o.value);
  if (side === null || value === null) return false;
  return side === '<' ? value < o.reference! : value > o.reference!;
}
