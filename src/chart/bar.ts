import type { Figure } from '#contract/figure.ts';
import type { Row } from '#contract/row.ts';
import { xAxis, yAxis, yRoom } from './axis.ts';
import { type Frame, frame, type Label, type Layer, rules, type Segment, safe, texts, two, vegaLite } from './layer.ts';
import { clean, textWidth, truncate } from './measure.ts';
import { assemble, blank, type ChartOptions, flagged, number, numbers, onAxis, type Variant } from './options.ts';
import { every } from './place.ts';
import { dateTicks, linear, minStep, position, type Scale, time } from './scale.ts';
import { C } from './theme.ts';

export interface BarOptions extends ChartOptions {
  /** Column of days 'YYYY-MM-DD' where `temporal`, else of ordered classes, one row each, in the order of the rows. */
  x: string;
  y: string;
  /** Column of emphasis: those bars in colour, the others grey. Without it the last bar of a time axis is in colour, or all bars of classes. */
  color?: string | undefined;
  temporal?: boolean | undefined;
  /** Columns of an interval, drawn as a whisker. */
  low?: string | undefined;
  high?: string | undefined;
  xTitle?: string | undefined;
}

/** Vertical bars from zero, over time or ordered classes. */
export function barChart(options: BarOptions): Figure {
  const rows = options.temporal
    ? onAxis(options.rows, options.x).toSorted((a, b) => (String(a[options.x]) < String(b[options.x]) ? -1 : 1))
    : options.rows;
  return assemble('Bar chart', { ...options, rows }, (variant) => columns({ ...options, rows }, variant, 0.28));
}

/** Bars side by side; `gap` is the share of a slot that stays empty. */
export function columns(o: BarOptions, { width, compact }: Variant, gap: number) {
  const values = numbers(o.rows, o.y, o.low, o.high);
  if (values.length === 0) return blank(width);
  const scale = linear(values, { zero: true, count: 4, minStep: minStep(o.unit) });
  const height = o.height ?? (compact ? 190 : 200);
  // Values under the bars need room above the axis.
  const drop = scale.domain[0] < 0 ? 12 : 0;
  const area = frame(width, height, { left: yRoom(scale, o.unit, o.format), right: 6, top: 16, bottom: (o.xTitle ? 38 : 24) + drop });
  const n = o.rows.length;
  const slot = area.width / n;
  const bar = Math.min(slot * (1 - gap), 64);
  const centre = (i: number) => (i + 0.5) * slot;
  const vertical = yAxis(scale, o.unit, o.format, area.width, area.height);
  const horizontal = o.temporal ? timeAxis(o, area, centre, drop) : classAxis(o, area, slot, centre, drop);
  const zero = position(scale, 0, area.height, 0);
  const labels: Label[] = [...vertical.labels, ...horizontal.labels];
  if (o.xTitle) labels.push({ x: area.width / 2, y: area.height + 24 + drop, t: o.xTitle, a: 'center', b: 'top' });
  labels.push(...valueLabels(o, scale, area, slot, centre));
  return vegaLite(area, [
    rules(vertical.lines),
    barLayer(o, scale, area, bar),
    o.low && o.high ? whiskers(o, scale, area, centre) : null,
    rules([{ x: 0, y: zero, x2: area.width, y2: zero, c: C.grey }, ...horizontal.lines]),
    texts(labels),
  ]);
}

function barLayer(o: BarOptions, scale: Scale, area: Frame, bar: number): Layer {
  const n = o.rows.length;
  const y: Layer = {
    field: safe(o.y),
    type: 'quantitative',
    scale: { domain: scale.domain, range: [area.height, 0], zero: false, nice: false, padding: 0 },
    axis: null,
  };
  return {
    transform: [{ window: [{ op: 'row_number', as: '_i' }] }, { calculate: '0', as: '_zero' }],
    mark: { type: 'bar', orient: 'vertical', width: two(bar) },
    encoding: {
      x: {
        field: '_i',
        type: 'quantitative',
        scale: { domain: [0.5, n + 0.5], range: [0, two(area.width)], zero: false, nice: false, padding: 0 },
        axis: null,
      },
      y,
      y2: { field: '_zero' },
      fill: emphasis(o),
    },
  };
}

function emphasis(o: BarOptions): Layer {
  if (o.color) return { condition: { test: `!!datum.${safe(o.color)}`, value: C.accent }, value: C.grey };
  if (o.temporal) return { condition: { test: `datum._i === ${o.rows.length}`, value: C.accent }, value: C.grey };
  return { value: C.accent };
}

function isHot(o: BarOptions, i: number): boolean {
  return o.color ? flagged(o.rows[i]!, o.color) : o.temporal ? i === o.rows.length - 1 : true;
}

/** On each bar where all fit, else on the bars in colour where these fit. */
function valueLabels(o: BarOptions, scale: Scale, area: Frame, slot: number, centre: (i: number) => number): Label[] {
  const all = o.rows.flatMap((row, i): Label[] => {
    const value = number(row, o.y);
    if (value === null) return [];
    const top = o.high ? Math.max(value, number(row, o.high) ?? value) : value;
    const y = position(scale, value < 0 ? value : top, area.height, 0);
    const hot = isHot(o, i);
    const t = o.format.unit(value, o.unit);
    const half = textWidth(t, 10, hot ? 600 : 400) / 2;
    const x = Math.min(Math.max(centre(i), half - area.left), area.width + area.right - half);
    return [{ x, y: value < 0 ? y + 9 : y - 8, t, a: 'center', c: hot ? C.accent : C.text, w: hot ? 600 : 400 }];
  });
  const fits = (label: Label) => textWidth(label.t, 10, label.w) <= slot - 3;
  if (all.every(fits)) return all;
  const hot = all.filter((label) => label.w === 600);
  return hot.length <= 2 ? hot : [];
}

function whiskers(o: BarOptions, scale: Scale, area: Frame, centre: (i: number) => number): Layer | null {
  const segments = o.rows.flatMap((row, i): Segment[] => {
    const [low, high] = [number(row, o.low!), number(row, o.high!)];
    if (low === null || high === null) return [];
    return [{ x: centre(i), y: position(scale, low, area.height, 0), x2: centre(i), y2: position(scale, high, area.height, 0), c: C.ink }];
  });
  return rules(segments);
}

function timeAxis(o: BarOptions, area: Frame, centre: (i: number) => number, drop: number) {
  const days = o.rows.map((row) => String(row[o.x]).slice(0, 10));
  const most = Math.max(2, Math.floor(area.width / (area.width < 320 ? 66 : 90)));
  const ticks =
    days.length < 2 ? days.map((day) => ({ day, label: o.format.dayMonth(day) })) : dateTicks(days[0]!, days.at(-1)!, most, o.format);
  return xAxis(
    ticks.map(({ day, label }) => {
      const next = days.findIndex((d) => d >= day);
      const before = Math.max(0, next - 1);
      const span = time(days[next]!) - time(days[before]!);
      return { x: centre(span === 0 ? next : before + (time(day) - time(days[before]!)) / span), t: label };
    }),
    area.width,
    area.height + drop,
    { left: area.left, right: area.right },
    false,
  );
}

function classAxis(o: BarOptions, area: Frame, slot: number, centre: (i: number) => number, drop: number) {
  const names = o.rows.map((row: Row) => clean(row[o.x]));
  const widest = Math.max(...names.map((name) => textWidth(name)));
  // Short classes (hours, ages) are thinned to what fits; long names are cut to their slot.
  const short = widest <= 36;
  const labels = names.map(
    (name, i): Label => ({
      x: centre(i),
      y: area.height + 7 + drop,
      t: short ? name : truncate(name, Math.max(slot - 4, 14)),
      a: 'center',
      b: 'top',
    }),
  );
  return { lines: [], labels: every(labels) };
}
