import type { Figure } from '#contract/figure.ts';
import type { Row } from '#contract/row.ts';
import { type Axis, xAxis, yAxis, yRoom } from './axis.ts';
import { along, type Box, boxes, type Dot, dots, frame, inTime, type Label, rules, type Segment, safe, texts, vegaLite } from './layer.ts';
import { clean, textWidth, truncate } from './measure.ts';
import { assemble, blank, type ChartOptions, flagged, number, numbers, onAxis, type Variant } from './options.ts';
import { alongLine, dodge, Placing } from './place.ts';
import { dateTicks, linear, minStep, position, type Scale, tickLabels, time } from './scale.ts';
import { type SignalOptions, signalColour } from './signal.ts';
import { C, seriesColours, seriesText } from './theme.ts';

export interface LineOptions extends ChartOptions, SignalOptions {
  /** Column of days 'YYYY-MM-DD' (complete periods only), or of numbers. */
  x: string;
  /** Column that tells lines apart: at most five are drawn, the largest at the end. */
  series?: string | undefined;
  /** 'Expected range (80%)', written into the chart beside the band. */
  expectedLabel?: string | undefined;
  /** Column of signals: open circles where it is true, coloured by `polarity` (see `signalColour`). */
  marks?: string | undefined;
  /** Known events; each is written beside the last point on or before its date. */
  annotations?: { date: string; label: string }[] | undefined;
  /** Write the last value beside the last point; yes unless told. */
  endLabel?: boolean | undefined;
  /** Column of the same period a year before, as a thin grey line. */
  compare?: string | undefined;
  compareLabel?: string | undefined;
  /** Let the vertical axis start at zero. */
  zero?: boolean | undefined;
  /** Text under a numeric horizontal axis. */
  xTitle?: string | undefined;
}

/** Lines that a reader can still tell apart. */
const most = 5;

interface Line {
  name: string;
  colour: string;
  ink: string;
  rows: Row[];
}

/** Lines over time, with expected range, signals, events and the last value written beside the last point. */
export function lineChart(options: LineOptions): Figure {
  const { rows, left } = chosen(options);
  const more = left > 0 ? `The ${options.format.word(most)} largest are drawn, ${options.format.word(left)} more left out.` : undefined;
  const note = [options.note, more].filter(Boolean).join(' ');
  const sorted = onAxis(rows, options.x).toSorted((a, b) => order(a[options.x], b[options.x]));
  return assemble('Line chart', { ...options, rows: sorted, note: note === '' ? undefined : note }, (variant) =>
    draw({ ...options, rows: sorted }, variant),
  );
}

function draw(o: LineOptions, { width, compact, low = false }: Variant) {
  if (numbers(o.rows, o.y).length === 0) return blank(width);
  const isTime = o.rows.some((row) => typeof row[o.x] === 'string');
  const lines = linesOf(o);
  const several = lines.length > 1;
  const scale = linear(numbers(o.rows, o.y, o.band?.low, o.band?.high, o.compare), { zero: o.zero, count: 4, minStep: minStep(o.unit) });
  const names = lines.map((line) => truncate(line.name, compact ? 78 : 150, 10, 500));
  const height = low ? 150 : (o.height ?? (compact ? 190 : 210));
  const area = frame(width, height, {
    left: yRoom(scale, o.unit, o.format),
    right: several ? Math.max(...names.map((n) => textWidth(n, 10, 500))) + 14 : 8,
    top: 12,
    bottom: o.xTitle ? 38 : 24,
  });
  const xs = (isTime ? o.rows.map((row) => time(String(row[o.x]))) : numbers(o.rows, o.x)).toSorted((a, b) => a - b);
  const xScale: Scale = isTime ? spread(xs) : linear(xs, { tight: true, count: compact ? 4 : 7 });
  const xOf = (row: Row) => position(xScale, isTime ? time(String(row[o.x])) : (number(row, o.x) ?? 0), 0, area.width);
  const yOf = (value: number) => position(scale, value, area.height, 0);
  const horizontal = axisOfX(o, xScale, isTime, area);
  const vertical = yAxis(scale, o.unit, o.format, area.width, area.height);
  const x = isTime ? inTime(o.x, dayOf(xScale.domain[0]), dayOf(xScale.domain[1]), 0, area.width) : along(o.x, xScale, 0, area.width);
  const y = along(o.y, scale, area.height, 0);
  const points = lines.map((line) =>
    line.rows.flatMap((row) => (number(row, o.y) === null ? [] : [{ row, x: xOf(row), y: yOf(number(row, o.y)!) }])),
  );

  const placing = new Placing({ x: -area.left, y: -area.top, x2: area.width + area.right, y2: area.height - 2 });
  placing.block(...points.flatMap((line) => alongLine(line)));
  const labels: Label[] = [...vertical.labels, ...horizontal.labels];
  const events: Label[] = [];
  const circles: Dot[] = [];
  const leaders: Segment[] = [];
  const last = points.map((line) => line.at(-1));

  if (several) {
    const ys = dodge(
      last.map((p) => p?.y ?? 0),
      12,
      4,
      area.height - 2,
    );
    last.forEach((p, i) => {
      if (!p) return;
      if (Math.abs(ys[i]! - p.y) > 5) leaders.push({ x: p.x + 3, y: p.y, x2: area.width + 8, y2: ys[i]!, c: C.rule });
      labels.push({ x: area.width + 10, y: ys[i]!, t: names[i]!, c: lines[i]!.ink, w: 500 });
      circles.push({ x: p.x, y: p.y, c: lines[i]!.colour, s: 22 });
    });
  } else if (o.endLabel !== false && last[0]) {
    const { row, x: px, y: py } = last[0];
    const t = o.format.unit(number(row, o.y), o.unit);
    const style = { t, c: flagged(row, o.marks) ? signalColour(row, o) : C.accent, w: 600 as const, s: 11 };
    const placed = placing.must([
      ...[-12, -20, -30].map((d): Label => ({ ...style, x: px - 6, y: py + d, a: 'right' })),
      ...[14, 24, 34].map((d): Label => ({ ...style, x: px - 2, y: py + d, a: 'right' })),
      ...[-44, 48].map((d): Label => ({ ...style, x: px + 4, y: py + d, a: 'right' })),
    ]);
    if (placed) labels.push(placed);
    circles.push(flagged(row, o.marks) ? { x: px, y: py, c: signalColour(row, o), o: true } : { x: px, y: py });
    placing.block({ x: px - 5, y: py - 5, x2: px + 5, y2: py + 5 });
  }
  for (const p of points.flat()) {
    if (!flagged(p.row, o.marks) || (!several && p === last[0] && o.endLabel !== false)) continue;
    circles.push({ x: p.x, y: p.y, c: signalColour(p.row, o), o: true, s: 30 });
    placing.block({ x: p.x - 4, y: p.y - 4, x2: p.x + 4, y2: p.y + 4 });
  }
  for (const { date, label } of o.annotations ?? []) {
    const p = isTime ? points.flat().findLast((q) => String(q.row[o.x]) <= date) : undefined;
    if (!p || time(date) - time(String(p.row[o.x])) > 32 * 86_400_000) continue;
    const isSignal = flagged(p.row, o.marks);
    const placed = placing.must(around(p, truncate(clean(label), area.width * 0.42), isSignal ? signalColour(p.row, o) : C.mute));
    if (!placed) continue;
    events.push(placed);
    if (!isSignal) circles.push({ x: p.x, y: p.y, c: C.mute, o: true, s: 20 });
    if (Math.abs(placed.y - p.y) > 13)
      leaders.push({ x: p.x, y: p.y + (placed.y < p.y ? -5 : 5), x2: p.x, y2: placed.y + (placed.y < p.y ? 7 : -7), c: C.grey });
  }
  if (o.compare && lines[0]) {
    const before = o.rows.flatMap((row) => (number(row, o.compare!) === null ? [] : [{ x: xOf(row), y: yOf(number(row, o.compare!)!) }]));
    const placed = beside(placing, before, o.compareLabel ?? 'Year before', C.mute, [10, -10, 18, -18, 28, -28]);
    placing.block(...alongLine(before));
    if (placed) labels.push(placed);
  }
  if (o.band && o.expectedLabel) {
    const { low, high } = o.band;
    const edge = (column: string) =>
      o.rows.flatMap((row) => (number(row, column) === null ? [] : [{ x: xOf(row), y: yOf(number(row, column)!) }]));
    const t = truncate(o.expectedLabel, area.width * 0.7);
    const placed =
      beside(placing, edge(low), t, C.mute, [9, 17, 26]) ??
      beside(placing, edge(high), t, C.mute, [-9, -17, -26]) ??
      beside(placing, edge(low), t, C.mute, [-9]);
    if (placed) labels.push(placed);
  }
  if (o.xTitle) labels.push({ x: area.width / 2, y: area.height + 24, t: o.xTitle, a: 'center', b: 'top' });

  const colour = several
    ? {
        field: '_series',
        type: 'nominal',
        scale: { domain: lines.map((line) => String(line.rows[0]?.[o.series!])), range: lines.map((line) => line.colour) },
        legend: null,
      }
    : { value: C.ink };
  return vegaLite(area, [
    o.band
      ? {
          mark: { type: 'area', fill: C.faint, line: false },
          encoding: { x, y: { ...y, field: safe(o.band.low) }, y2: { field: safe(o.band.high) } },
        }
      : null,
    rules([...vertical.lines, ...horizontal.lines]),
    o.compare ? { mark: { type: 'line', stroke: C.grey, strokeWidth: 1.25 }, encoding: { x, y: { ...y, field: safe(o.compare) } } } : null,
    {
      ...(several ? { transform: [{ calculate: `'' + datum.${safe(o.series!)}`, as: '_series' }] } : {}),
      mark: { type: 'line', strokeWidth: several ? 1.75 : 1.5, strokeJoin: 'round', ...(several ? {} : { stroke: C.ink }) },
      encoding: { x, y, ...(several ? { stroke: colour } : {}) },
    },
    rules(leaders),
    dots(circles),
    texts(labels),
    boxes(events.map(behind), 0.85),
    texts(events),
  ]);
}

function axisOfX(
  o: LineOptions,
  scale: Scale,
  isTime: boolean,
  area: { width: number; height: number; left: number; right: number },
): Axis {
  const at = (value: number) => position(scale, value, 0, area.width);
  const ticks = isTime
    ? dateTicks(
        dayOf(scale.domain[0]),
        dayOf(scale.domain[1]),
        Math.max(2, Math.floor(area.width / (area.width < 320 ? 66 : 90))),
        o.format,
      ).map(({ day, label }) => ({ x: at(time(day)), t: label }))
    : scale.ticks.map((tick, i) => ({ x: at(tick), t: tickLabels(scale.ticks, 'ratio', o.format)[i]! }));
  return xAxis(ticks, area.width, area.height, { left: area.left, right: area.right });
}

/** Places around a point, nearest first. */
function around(p: { x: number; y: number }, t: string, c: string): Label[] {
  const near: Label[] = [
    { x: p.x + 8, y: p.y, t, c },
    { x: p.x - 8, y: p.y, t, c, a: 'right' },
  ];
  for (const d of [12, -12, 20, -20, 30, -30, 42, -42, 56, -56]) {
    near.push({ x: p.x, y: p.y + d, t, c, a: 'center' }, { x: p.x - 3, y: p.y + d, t, c }, { x: p.x + 3, y: p.y + d, t, c, a: 'right' });
  }
  return near;
}

/** Paper behind a text, so that a line that passes there leaves it legible. A rim around the letters would print as Type 3 fonts. */
function behind({ x, y, t, a = 'left' }: Label): Box {
  const width = textWidth(t);
  const left = a === 'right' ? x - width : a === 'center' ? x - width / 2 : x;
  return { x: left - 1, y: y - 6, x2: left + width + 1, y2: y + 6, c: C.paper };
}

/** A text along a curve where there is room, the middle first. */
function beside(placing: Placing, curve: { x: number; y: number }[], t: string, c: string, offsets: number[]): Label | null {
  const n = curve.length;
  const at = [0.45, 0.6, 0.3, 0.75, 0.15, 0.9].map((f) => curve[Math.min(n - 1, Math.floor(n * f))]).filter((p) => p !== undefined);
  return placing.place(offsets.flatMap((d) => at.map((p): Label => ({ x: p.x, y: p.y + d, t, c, a: 'center' }))));
}

function linesOf(o: LineOptions): Line[] {
  const groups = Map.groupBy(o.rows, (row) => (o.series ? String(row[o.series]) : ''));
  const lines = [...groups].map(([name, rows]) => ({
    name,
    rows,
    end: rows.map((row) => number(row, o.y)).findLast((v) => v !== null) ?? 0,
  }));
  lines.sort((a, b) => b.end - a.end);
  return lines.map(({ name, rows }, i) => ({ name: clean(name), rows, colour: seriesColours[i] ?? C.grey, ink: seriesText[i] ?? C.mute }));
}

function chosen(o: LineOptions): { rows: Row[]; left: number } {
  if (!o.series) return { rows: o.rows, left: 0 };
  const keys = linesOf(o).map((line) => String(line.rows[0]?.[o.series!]));
  const kept = new Set(keys.slice(0, most));
  return { rows: o.rows.filter((row) => kept.has(String(row[o.series!]))), left: Math.max(0, keys.length - most) };
}

function spread(xs: number[]): Scale {
  const [low, high] = [xs[0]!, xs.at(-1)!];
  return { domain: low === high ? [low - 7 * 86_400_000, high + 7 * 86_400_000] : [low, high], ticks: [] };
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

function order(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0;
}
