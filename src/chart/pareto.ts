import type { Figure } from '#contract/figure.ts';
import type { Unit } from '#contract/metric.ts';
import { xAxis, yAxis, yRoom } from './axis.ts';
import { along, dots, frame, type Label, rules, type Segment, texts, vegaLite } from './layer.ts';
import { clean, truncate } from './measure.ts';
import { assemble, blank, type ChartOptions, number, numbers, type Variant } from './options.ts';
import { alongLine, Placing } from './place.ts';
import { linear, position, tickLabels } from './scale.ts';
import { C } from './theme.ts';

export interface ParetoOptions extends ChartOptions {
  /** Column of the cumulated share of items (or count, by `xUnit`), ascending. */
  x: string;
  /** Column of the cumulated share of the whole, 0 to 1. */
  y: string;
  xUnit?: Unit | undefined;
  xTitle?: string | undefined;
  /** Points of the curve that carry the claim, with their words. */
  markers?: { x: number; y: number; label: string }[] | undefined;
  /** Draw the line of equal shares; yes for shares. */
  diagonal?: boolean | undefined;
}

/** A cumulated curve with its telling points marked. `unit` is that of the vertical axis. */
export function paretoCurve(options: ParetoOptions): Figure {
  const rows = options.rows.toSorted((a, b) => (number(a, options.x) ?? 0) - (number(b, options.x) ?? 0));
  return assemble('Cumulative curve', { ...options, rows }, (variant) => draw({ ...options, rows }, variant));
}

function draw(o: ParetoOptions, { width, compact }: Variant) {
  if (numbers(o.rows, o.y).length === 0) return blank(width);
  const xUnit = o.xUnit ?? 'share';
  const xScale = linear([...numbers(o.rows, o.x), 0], { zero: true, count: compact ? 3 : 5, tight: true });
  const yScale = linear([...numbers(o.rows, o.y), 0], { zero: true, count: 4 });
  const area = frame(width, o.height ?? (compact ? 220 : 240), {
    left: yRoom(yScale, o.unit, o.format),
    right: 14,
    top: 10,
    bottom: o.xTitle ? 38 : 24,
  });
  const at = (value: number) => position(xScale, value, 0, area.width);
  const up = (value: number) => position(yScale, value, area.height, 0);
  const points = o.rows.flatMap((row) =>
    number(row, o.x) === null || number(row, o.y) === null ? [] : [{ x: at(number(row, o.x)!), y: up(number(row, o.y)!) }],
  );
  const vertical = yAxis(yScale, o.unit, o.format, area.width, area.height);
  const horizontal = xAxis(
    xScale.ticks.map((tick, i) => ({ x: at(tick), t: tickLabels(xScale.ticks, xUnit, o.format)[i]! })),
    area.width,
    area.height,
    { left: area.left, right: area.right },
  );
  const labels: Label[] = [...vertical.labels, ...horizontal.labels];
  if (o.xTitle) labels.push({ x: area.width / 2, y: area.height + 24, t: truncate(o.xTitle, area.width), a: 'center', b: 'top' });
  const placing = new Placing({ x: 2, y: -10, x2: area.width + area.right, y2: area.height - 2 }, alongLine(points, 3));
  const diagonal = o.diagonal ?? (xUnit === 'share' && !compact);
  const equal: Segment[] = diagonal
    ? [{ x: at(0), y: up(0), x2: at(xScale.domain[1]), y2: up(Math.max(...numbers(o.rows, o.y))), c: C.grey }]
    : [];
  if (diagonal)
    placing.block(
      ...alongLine([
        { x: equal[0]!.x, y: equal[0]!.y },
        { x: equal[0]!.x2, y: equal[0]!.y2 },
      ]),
    );
  const guides: Segment[] = [];
  const marks = (o.markers ?? []).map(({ x, y, label }) => {
    const [mx, my] = [at(x), up(y)];
    guides.push({ x: mx, y: my, x2: mx, y2: area.height, c: C.rule });
    const t = truncate(clean(label), area.width * 0.62, 10, 500);
    const candidates = [6, 14, 24, -8, 36, 50].flatMap((d): Label[] => [
      { x: mx + 9, y: my + d, t, c: C.accent, w: 500 },
      { x: mx - 9, y: my - d, t, c: C.accent, w: 500, a: 'right' },
    ]);
    const placed = placing.must(candidates);
    if (placed) labels.push(placed);
    placing.block({ x: mx - 5, y: my - 5, x2: mx + 5, y2: my + 5 });
    return { x: mx, y: my };
  });
  if (diagonal) {
    const end = equal[0]!;
    const placed = placing.place(
      [0.7, 0.5, 0.3, 0.85].flatMap((f): Label[] => [
        { x: end.x + (end.x2 - end.x) * f + 8, y: end.y + (end.y2 - end.y) * f + 12, t: 'All equal', b: 'middle' },
      ]),
    );
    if (placed) labels.push(placed);
  }
  return vegaLite(area, [
    rules([...vertical.lines, ...horizontal.lines]),
    rules(equal),
    rules(guides),
    {
      mark: { type: 'line', stroke: C.ink, strokeWidth: 1.5, strokeJoin: 'round' },
      encoding: {
        x: along(o.x, xScale, 0, area.width),
        y: along(o.y, yScale, area.height, 0),
        order: { field: o.x, type: 'quantitative' },
      },
    },
    dots(marks),
    texts(labels),
  ]);
}
