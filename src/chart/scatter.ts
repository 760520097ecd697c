import type { Figure } from '#contract/figure.ts';
import type { Unit } from '#contract/metric.ts';
import type { Row } from '#contract/row.ts';
import { xAxis, yAxis, yRoom } from './axis.ts';
import { along, boxes, dots, frame, type Label, type Layer, rules, safe, texts, vegaLite } from './layer.ts';
import { clean, truncate } from './measure.ts';
import { assemble, blank, type ChartOptions, flagged, number, numbers, type Variant } from './options.ts';
import { extent, Placing } from './place.ts';
import { linear, minStep, position, tickLabels } from './scale.ts';
import { C } from './theme.ts';

export interface ScatterOptions extends Omit<ChartOptions, 'unit'> {
  x: string;
  y: string;
  xUnit: Unit;
  yUnit: Unit;
  /** What the axes measure. */
  xTitle?: string | undefined;
  yTitle?: string | undefined;
  /** Column of names, written beside emphasised points (beside all where they are few). */
  label?: string | undefined;
  emphasis?: string | undefined;
  /** Column that sets the area of a point. */
  size?: string | undefined;
}

/** More points than this are counted in cells, since a page cannot carry them. */
const most = 400;

/** Points by two measures. Emphasised points carry their names; very many points are counted in a grid. */
export function scatter(options: ScatterOptions): Figure {
  const rows = options.rows.filter((row) => number(row, options.x) !== null && number(row, options.y) !== null);
  return assemble('Scatter plot', { ...options, rows }, (variant) => draw({ ...options, rows }, variant));
}

function draw(o: ScatterOptions, { width, compact }: Variant) {
  if (o.rows.length === 0) return blank(width);
  const xScale = linear(numbers(o.rows, o.x), { count: compact ? 4 : 6, minStep: minStep(o.xUnit) });
  const yScale = linear(numbers(o.rows, o.y), { count: 5, minStep: minStep(o.yUnit) });
  const area = frame(width, o.height ?? (compact ? 250 : 300), {
    left: yRoom(yScale, o.yUnit, o.format),
    right: 12,
    top: o.yTitle ? 26 : 10,
    bottom: o.xTitle ? 38 : 24,
  });
  const at = (row: Row) => position(xScale, number(row, o.x)!, 0, area.width);
  const up = (row: Row) => position(yScale, number(row, o.y)!, area.height, 0);
  const sizes = o.size ? numbers(o.rows, o.size) : [];
  const largest = Math.max(0, ...sizes);
  const areaOf = (row: Row) => (o.size && largest > 0 ? 12 + (Math.max(0, number(row, o.size) ?? 0) / largest) * 300 : 30);
  const vertical = yAxis(yScale, o.yUnit, o.format, area.width, area.height);
  const horizontal = xAxis(
    xScale.ticks.map((tick, i) => ({ x: position(xScale, tick, 0, area.width), t: tickLabels(xScale.ticks, o.xUnit, o.format)[i]! })),
    area.width,
    area.height,
    { left: area.left, right: area.right },
  );
  const labels: Label[] = [...vertical.labels, ...horizontal.labels];
  const named: Label[] = [];
  if (o.xTitle) labels.push({ x: area.width / 2, y: area.height + 24, t: truncate(o.xTitle, area.width), a: 'center', b: 'top' });
  if (o.yTitle) labels.push({ x: -area.left, y: -18, t: truncate(o.yTitle, width) });
  const binned = o.rows.length > most;
  const hot = o.rows.filter((row) => (o.emphasis ? flagged(row, o.emphasis) : o.rows.length <= 14));
  if (o.label) {
    const radius = (row: Row) => Math.sqrt(areaOf(row) / Math.PI);
    const placing = new Placing({ x: 0, y: -6, x2: area.width + area.right, y2: area.height - 1 });
    for (const row of hot) placing.block({ x: at(row) - 4, y: up(row) - 4, x2: at(row) + 4, y2: up(row) + 4 });
    if (!binned && !o.emphasis)
      for (const row of o.rows) placing.block({ x: at(row) - 4, y: up(row) - 4, x2: at(row) + 4, y2: up(row) + 4 });
    for (const row of hot.toSorted((a, b) => areaOf(b) - areaOf(a)).slice(0, 20)) {
      const t = truncate(clean(row[o.label]), compact ? 90 : 130, 10, 500);
      const [x, y, r] = [at(row), up(row), radius(row) + 4];
      const style = { t, c: C.ink, w: 500 as const };
      const placed = placing.place([
        { ...style, x: x + r, y },
        { ...style, x: x - r, y, a: 'right' },
        { ...style, x, y: y - r - 5, a: 'center' },
        { ...style, x, y: y + r + 6, a: 'center' },
      ]);
      if (placed) named.push(placed);
    }
  }
  return vegaLite(area, [
    rules([...vertical.lines, ...horizontal.lines]),
    ...(binned ? [grid(o, xScale.domain, yScale.domain, area)] : points(o, xScale, yScale, area, largest)),
    binned && o.emphasis ? dots(hot.slice(0, 200).map((row) => ({ x: at(row), y: up(row), c: C.accent, s: 30 }))) : null,
    boxes(
      named.map((label) => plate(label)),
      0.85,
    ),
    texts([...labels, ...named]),
  ]);
}

function points(
  o: ScatterOptions,
  xScale: { domain: [number, number]; ticks: number[] },
  yScale: { domain: [number, number]; ticks: number[] },
  area: { width: number; height: number },
  largest: number,
): Layer[] {
  const size =
    o.size && largest > 0
      ? {
          field: safe(o.size),
          type: 'quantitative',
          scale: { domain: [0, largest], range: [12, 312], clamp: true, zero: true, nice: false },
          legend: null,
        }
      : { value: 30 };
  const layer = (fill: string, opacity: number, filter?: string): Layer => ({
    ...(filter === undefined ? {} : { transform: [{ filter }] }),
    mark: { type: 'point', shape: 'circle', filled: true, opacity, fill },
    encoding: { x: along(o.x, xScale, 0, area.width), y: along(o.y, yScale, area.height, 0), size },
  });
  if (!o.emphasis) return [layer(C.accent, 0.75)];
  return [layer(C.grey, 0.7, `!datum.${safe(o.emphasis)}`), layer(C.accent, 0.9, `!!datum.${safe(o.emphasis)}`)];
}

/** Counts in squares of about 12 px, as dots whose area is the count. */
function grid(o: ScatterOptions, xDomain: [number, number], yDomain: [number, number], area: { width: number; height: number }): Layer {
  const bin = (column: string, domain: [number, number], px: number, as: string) => ({
    bin: { extent: domain, step: (domain[1] - domain[0]) / Math.max(1, Math.round(px / 12)) },
    field: safe(column),
    as: [as, `${as}2`],
  });
  return {
    transform: [
      bin(o.x, xDomain, area.width, '_x'),
      bin(o.y, yDomain, area.height, '_y'),
      { aggregate: [{ op: 'count', as: '_n' }], groupby: ['_x', '_x2', '_y', '_y2'] },
      { calculate: '(datum._x + datum._x2) / 2', as: '_cx' },
      { calculate: '(datum._y + datum._y2) / 2', as: '_cy' },
    ],
    mark: { type: 'point', shape: 'circle', filled: true, opacity: 1, fill: C.grey },
    encoding: {
      x: {
        field: '_cx',
        type: 'quantitative',
        scale: { domain: xDomain, range: [0, area.width], zero: false, nice: false, padding: 0 },
        axis: null,
      },
      y: {
        field: '_cy',
        type: 'quantitative',
        scale: { domain: yDomain, range: [area.height, 0], zero: false, nice: false, padding: 0 },
        axis: null,
      },
      size: { field: '_n', type: 'quantitative', scale: { type: 'sqrt', range: [4, 100], zero: true, nice: false }, legend: null },
    },
  };
}

/** The ground of a name that stands over points. */
function plate(label: Label) {
  const { x, y, x2, y2 } = extent(label);
  return { x: x - 2, y, x2: x2 + 2, y2, c: C.paper };
}
