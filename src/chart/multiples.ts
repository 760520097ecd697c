import type { Figure, Spec } from '#contract/figure.ts';
import { yRoom } from './axis.ts';
import { type Label, type Segment, safe, two } from './layer.ts';
import { clean, textWidth, truncate } from './measure.ts';
import { assemble, blank, type ChartOptions, flagged, number, numbers, onAxis, type Variant } from './options.ts';
import { thin } from './place.ts';
import { dateTicks, linear, minStep, position, type Scale, tickLabels, time } from './scale.ts';
import { type SignalOptions, signalColour } from './signal.ts';
import { C, fontSize } from './theme.ts';

export interface MultiplesOptions extends ChartOptions, SignalOptions {
  /** Column of days 'YYYY-MM-DD' or of numbers, the same for all panels. */
  x: string;
  /** Column of the panel's name; panels stand in order of first appearance. */
  panel: string;
  /** Column of signals: open circles. */
  marks?: string | undefined;
  zero?: boolean | undefined;
  /** Panels in a row at full width; three unless told. */
  across?: number | undefined;
}

/** One small line chart a panel, all on the same scales, each with its last value. */
export function smallMultiples(options: MultiplesOptions): Figure {
  const rows = onAxis(options.rows, options.x);
  return assemble('Small multiple line charts', { ...options, rows }, (variant) => draw({ ...options, rows }, variant));
}

function draw(o: MultiplesOptions, { width, compact }: Variant): Spec {
  if (numbers(o.rows, o.y).length === 0) return blank(width);
  const isTime = o.rows.some((row) => typeof row[o.x] === 'string');
  const xs = o.rows.map((row) => (isTime ? time(String(row[o.x])) : (number(row, o.x) ?? 0)));
  const [first, last] = [xs.reduce((a, b) => Math.min(a, b)), xs.reduce((a, b) => Math.max(a, b))];
  const xScale: Scale = first === last ? { domain: [first - 1, last + 1], ticks: [] } : { domain: [first, last], ticks: [] };
  const yScale = linear(numbers(o.rows, o.y, o.band?.low, o.band?.high), { zero: o.zero, count: 3, minStep: minStep(o.unit) });
  const panels = Map.groupBy(o.rows, (row) => String(row[o.panel]));
  const names = [...panels.keys()];
  const across = Math.min(names.length, compact ? 2 : (o.across ?? 3));
  const down = Math.ceil(names.length / across);
  const left = yRoom(yScale, o.unit, o.format);
  const [gap, head, foot, right] = [compact ? 14 : 20, 20, 12, 6];
  const w = (width - left - right - gap * (across - 1)) / across;
  const h = o.height ? (o.height - 20) / down - head - foot : compact ? 68 : 82;
  const pitch = head + h + foot;
  const ys = (value: number) => two(position(yScale, value, h, 0));
  const yTexts = tickLabels(yScale.ticks, o.unit, o.format);
  const labels: Label[] = [];
  const grid: Segment[] = [];
  const circles: { x: number; y: number; c: string; f: string; s: number }[] = [];
  const places = names.map((name, i) => {
    const [col, line] = [i % across, Math.floor(i / across)];
    const place = { key: name, x: two(col * (w + gap)), y: two(line * pitch + head) };
    const rows = panels.get(name)!.filter((row) => number(row, o.y) !== null);
    const end = rows.toSorted((a, b) => at(a) - at(b)).at(-1);
    const value = end ? o.format.unit(number(end, o.y), o.unit) : '–';
    labels.push({
      x: place.x + w,
      y: place.y - 11,
      t: value,
      a: 'right',
      w: 600,
      c: end && flagged(end, o.marks) ? signalColour(end, o) : C.accent,
    });
    labels.push({ x: place.x, y: place.y - 11, t: truncate(clean(name), w - textWidth(value, 10, 600) - 8, 10, 500), w: 500, c: C.ink });
    for (const [k, tick] of yScale.ticks.entries()) {
      const at = place.y + ys(tick);
      if (col === 0) labels.push({ x: -8, y: at, t: yTexts[k]!, a: 'right' });
      grid.push({ x: place.x, y: at, x2: place.x + w, y2: at, c: k === 0 ? C.rule : C.faint });
    }
    for (const row of rows)
      if (flagged(row, o.marks))
        circles.push({ x: place.x + xAt(row), y: place.y + ys(number(row, o.y)!), c: signalColour(row, o), f: C.paper, s: 24 });
    if (end && !flagged(end, o.marks))
      circles.push({ x: place.x + xAt(end), y: place.y + ys(number(end, o.y)!), c: C.accent, f: C.accent, s: 20 });
    const isLowest = i + across >= names.length;
    if (isLowest) labels.push(...ticksOf(place.x, place.y + h + 6));
    return place;
  });
  function at(row: (typeof o.rows)[number]): number {
    return isTime ? time(String(row[o.x])) : (number(row, o.x) ?? 0);
  }
  function xAt(row: (typeof o.rows)[number]): number {
    return two(position(xScale, at(row), 0, w));
  }
  function ticksOf(x: number, y: number): Label[] {
    const most = Math.max(2, Math.floor(w / 62));
    const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);
    const ticks = isTime
      ? dateTicks(day(first), day(last), most, o.format).map(({ day: d, label }) => ({ value: time(d), label }))
      : linear([first, last], { tight: true, count: most }).ticks.map((value) => ({ value, label: o.format.count(value) }));
    return thin(
      ticks.map(({ value, label }): Label => ({ x: x + position(xScale, value, 0, w), y, t: label, a: 'center', b: 'top' })),
      x,
      x + w,
      6,
    );
  }
  const height = down * pitch - foot + 20;
  const xChannel = { scale: 'x', field: safe(o.x) };
  const defined = (...columns: string[]) => ({ signal: columns.map((c) => `isValid(datum.${safe(c)})`).join(' && ') });
  return {
    $schema: 'https://vega.github.io/schema/vega/v6.json',
    width: two(width - left - right),
    height: two(height),
    padding: { left: two(left), right, top: 0, bottom: 0 },
    autosize: { type: 'none' },
    background: null,
    data: [
      { name: 'rows', ...(isTime ? { format: { parse: { [safe(o.x)]: 'date' } } } : {}) },
      {
        name: 'sorted',
        source: 'rows',
        transform: [
          { type: 'collect', sort: { field: safe(o.x) } },
          { type: 'formula', expr: `'' + datum.${safe(o.panel)}`, as: '_panel' },
        ],
      },
      { name: 'grid', values: grid.map((g) => ({ ...g, x: two(g.x), y: two(g.y), x2: two(g.x2), y2: two(g.y2) })) },
      { name: 'circles', values: circles.map((c) => ({ ...c, x: two(c.x), y: two(c.y) })) },
      {
        name: 'labels',
        values: labels.map(({ x, y, t, a = 'left', b = 'middle', c = C.mute, w: weight = 400 }) => ({
          x: two(x),
          y: two(y),
          t,
          a,
          b,
          c,
          w: weight,
        })),
      },
    ],
    scales: [
      { name: 'x', type: isTime ? 'utc' : 'linear', domain: xScale.domain, range: [0, two(w)], zero: false },
      { name: 'y', type: 'linear', domain: yScale.domain, range: [two(h), 0], zero: false },
      { name: 'left', type: 'ordinal', domain: places.map((p) => p.key), range: places.map((p) => p.x) },
      { name: 'top', type: 'ordinal', domain: places.map((p) => p.key), range: places.map((p) => p.y) },
    ],
    marks: [
      {
        type: 'rule',
        from: { data: 'grid' },
        encode: {
          update: {
            x: { field: 'x' },
            x2: { field: 'x2' },
            y: { field: 'y' },
            y2: { field: 'y2' },
            stroke: { field: 'c' },
            strokeWidth: { value: 1 },
          },
        },
      },
      {
        type: 'group',
        from: { facet: { name: 'cell', data: 'sorted', groupby: '_panel' } },
        encode: {
          update: {
            x: { scale: 'left', field: '_panel' },
            y: { scale: 'top', field: '_panel' },
            width: { value: two(w) },
            height: { value: two(h) },
          },
        },
        marks: [
          ...(o.band
            ? [
                {
                  type: 'area',
                  from: { data: 'cell' },
                  encode: {
                    update: {
                      x: xChannel,
                      y: { scale: 'y', field: safe(o.band.high) },
                      y2: { scale: 'y', field: safe(o.band.low) },
                      fill: { value: C.faint },
                      defined: defined(o.band.low, o.band.high),
                    },
                  },
                },
              ]
            : []),
          {
            type: 'line',
            from: { data: 'cell' },
            encode: {
              update: {
                x: xChannel,
                y: { scale: 'y', field: safe(o.y) },
                stroke: { value: C.ink },
                strokeWidth: { value: 1.4 },
                strokeJoin: { value: 'round' },
                defined: defined(o.y),
              },
            },
          },
        ],
      },
      {
        type: 'symbol',
        from: { data: 'circles' },
        encode: {
          update: {
            x: { field: 'x' },
            y: { field: 'y' },
            fill: { field: 'f' },
            stroke: { field: 'c' },
            strokeWidth: { value: 1.5 },
            size: { field: 's' },
          },
        },
      },
      {
        type: 'text',
        from: { data: 'labels' },
        encode: {
          update: {
            x: { field: 'x' },
            y: { field: 'y' },
            text: { field: 't' },
            align: { field: 'a' },
            baseline: { field: 'b' },
            fill: { field: 'c' },
            fontWeight: { field: 'w' },
            fontSize: { value: fontSize },
            font: { value: 'Inter' },
          },
        },
      },
    ],
  };
}
