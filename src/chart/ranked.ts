import type { Figure } from '#contract/figure.ts';
import type { Row } from '#contract/row.ts';
import { type Frame, frame, type Label, type Layer, rules, type Segment, safe, texts, two, vegaLite } from './layer.ts';
import { clean, textWidth, truncate } from './measure.ts';
import { assemble, blank, type ChartOptions, flagged, number, numbers, type Variant } from './options.ts';
import { position, type Scale } from './scale.ts';
import { C } from './theme.ts';

export interface RankedOptions extends ChartOptions {
  label: string;
  value: string;
  /** Columns of an interval, drawn as a whisker. */
  low?: string | undefined;
  high?: string | undefined;
  /** Column of the bars in colour, the others grey; without it all are in colour. */
  emphasis?: string | undefined;
  /** Differences: labels carry a sign, bars go both ways from zero, falls are in the signal colour. */
  signed?: boolean | undefined;
  /** Draw the largest n. What remains becomes one bar where it can be added (money, counts), else it is named in the note. */
  top?: number | undefined;
  /** Column that is true for a row that pools the rest: it stands last, whatever its value. */
  pooled?: string | undefined;
  /** Column with a text printed after the value: 'n = 1,204'. */
  detail?: string | undefined;
}

/** Horizontal bars from zero, sorted by value, each with its value. */
export function rankedBars(options: RankedOptions): Figure {
  const { rows, note } = ranked(options);
  return assemble('Bar chart', { ...options, rows, note }, (variant) => draw({ ...options, rows }, variant));
}

function ranked(o: RankedOptions): { rows: Row[]; note: string | undefined } {
  const by = (row: Row) => number(row, o.value) ?? Number.NEGATIVE_INFINITY;
  const sorted = o.rows.toSorted((a, b) => Number(flagged(a, o.pooled)) - Number(flagged(b, o.pooled)) || by(b) - by(a));
  const top = o.top ?? sorted.length;
  if (sorted.length <= top) return { rows: sorted, note: o.note };
  // Of differences the largest either way count; order by value stays.
  const kept = o.signed
    ? new Set(o.rows.toSorted((a, b) => Math.abs(number(b, o.value) ?? 0) - Math.abs(number(a, o.value) ?? 0)).slice(0, top))
    : new Set(sorted.slice(0, top));
  const rest = sorted.filter((row) => !kept.has(row));
  const rows = sorted.filter((row) => kept.has(row));
  if (o.unit === 'money' || o.unit === 'count') {
    const other: Row = { ...Object.fromEntries(Object.keys(sorted[0]!).map((key) => [key, null])) };
    other[o.label] = `Other (${o.format.count(rest.length)})`;
    other[o.value] = rest.reduce((sum, row) => sum + (number(row, o.value) ?? 0), 0);
    return { rows: [...rows, other], note: o.note };
  }
  const left = `${o.format.count(rest.length)} more are not drawn.`;
  return { rows, note: o.note ? `${o.note} ${left}` : left };
}

function draw(o: RankedOptions, { width, compact, low: isLow = false }: Variant) {
  const values = numbers(o.rows, o.value, o.low, o.high);
  if (values.length === 0) return blank(width);
  const n = o.rows.length;
  const pitch = isLow ? 20 : o.height ? o.height / n : n <= 8 ? 31 : 25;
  const bar = Math.min(pitch * 0.6, 19);
  const names = o.rows.map((row) => clean(row[o.label]));
  const room = Math.min(Math.max(...names.map((name) => textWidth(name))), width * (compact ? 0.38 : 0.4)) + 12;
  const low = Math.min(0, ...values);
  const high = Math.max(0, ...values);
  const most = (width - room) * (low < 0 ? 0.38 : 0.5);
  const written = o.rows.map((row) => truncate(write(o, row), most, 10, 600));
  const beyond = (side: 1 | -1) =>
    Math.max(
      0,
      ...o.rows.map((row, i) =>
        side * (number(row, o.value) ?? 0) >= 0 && (side > 0 || low < 0) ? textWidth(written[i]!, 10, 600) + 8 : 0,
      ),
    );
  const area = frame(width, Math.ceil(pitch * n), { left: room, right: 0, top: 0, bottom: 0 });
  const [padLeft, padRight] = [low < 0 ? beyond(-1) : 0, beyond(1)];
  const scale: Scale = { domain: low === high ? [0, 1] : [low, high], ticks: [] };
  const range: [number, number] = [padLeft, Math.max(padLeft + 20, area.width - padRight)];
  const at = (value: number) => position(scale, value, ...range);
  const middle = (i: number) => (i + 0.5) * pitch;
  const labels: Label[] = names.map((name, i) => ({ x: -area.left, y: middle(i), t: truncate(name, room - 12), c: C.text }));
  o.rows.forEach((row, i) => {
    const value = number(row, o.value);
    const hot = colourOf(o, row);
    const reach = numbers([row], o.value, o.low, o.high);
    const edge = value === null ? 0 : value < 0 ? Math.min(...reach) : Math.max(...reach);
    labels.push({
      x: at(edge) + (value !== null && value < 0 ? -6 : 6),
      y: middle(i),
      t: written[i]!,
      a: value !== null && value < 0 ? 'right' : 'left',
      c: hot === C.grey ? C.text : hot,
      w: o.emphasis && hot !== C.grey ? 600 : 400,
    });
  });
  return vegaLite(area, [
    bars(o, scale, range, area, bar, n),
    o.low && o.high
      ? rules(
          whiskers(o, at, middle)
            .flatMap((s) => [{ ...s, c: C.paper, w: 3 }, s])
            .toSorted((a, b) => (b.w ?? 1) - (a.w ?? 1)),
        )
      : null,
    rules([{ x: at(0), y: 0, x2: at(0), y2: area.height, c: low < 0 ? C.grey : C.rule }]),
    texts(labels),
  ]);
}

function write(o: RankedOptions, row: Row): string {
  const value = number(row, o.value);
  const text = o.signed ? o.format.signed(value, o.unit) : o.format.unit(value, o.unit);
  const detail = o.detail && row[o.detail] !== null && row[o.detail] !== undefined ? ` · ${truncate(clean(row[o.detail]), 90)}` : '';
  return text + detail;
}

function colourOf(o: RankedOptions, row: Row): string {
  if (o.emphasis && !flagged(row, o.emphasis)) return C.grey;
  return (number(row, o.value) ?? 0) < 0 ? C.signal : C.accent;
}

function bars(o: RankedOptions, scale: Scale, range: [number, number], area: Frame, bar: number, n: number): Layer {
  const value = safe(o.value);
  const cold = o.emphasis ? [{ test: `!datum.${safe(o.emphasis)}`, value: C.grey }] : [];
  return {
    transform: [{ window: [{ op: 'row_number', as: '_i' }] }, { calculate: '0', as: '_zero' }],
    mark: { type: 'bar', orient: 'horizontal', height: two(bar) },
    encoding: {
      x: {
        field: value,
        type: 'quantitative',
        scale: { domain: scale.domain, range: range.map(two), zero: false, nice: false, padding: 0 },
        axis: null,
      },
      x2: { field: '_zero' },
      y: {
        field: '_i',
        type: 'quantitative',
        scale: { domain: [0.5, n + 0.5], range: [0, area.height], zero: false, nice: false, padding: 0 },
        axis: null,
      },
      fill: { condition: [...cold, { test: `datum.${value} < 0`, value: C.signal }], value: C.accent },
    },
  };
}

function whiskers(o: RankedOptions, at: (value: number) => number, middle: (i: number) => number): Segment[] {
  return o.rows.flatMap((row, i): Segment[] => {
    const [low, high] = [number(row, o.low!), number(row, o.high!)];
    if (low === null || high === null) return [];
    const y = middle(i);
    return [
      { x: at(low), y, x2: at(high), y2: y, c: C.ink },
      { x: at(low), y: y - 3, x2: at(low), y2: y + 3, c: C.ink },
      { x: at(high), y: y - 3, x2: at(high), y2: y + 3, c: C.ink },
    ];
  });
}
