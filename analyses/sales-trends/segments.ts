import type { Context } from '#contract/analysis.ts';
import { benjaminiHochberg } from '#stats/multiple.ts';
import { ratio, total } from '../shared/change.ts';
import { earliest } from '../shared/day.ts';
import { expectation } from '../shared/expected.ts';
import type { KpiWeek } from '../shared/kpi.ts';
import { bySegment, type Dimension, type SegmentWeek } from './bridge.ts';

/** A category, country, source or customer type whose share of the week is judged against its own history. */
interface SegmentSignal {
  dimension: Dimension;
  value: string;
  /** Net revenue of the week, and what it would be at the expected share of the shop's. */
  now: number;
  expected: number;
  low: number;
  high: number;
  /** BH-adjusted over all segments tested. */
  p: number;
}

export interface SegmentSignals {
  tested: number;
  called: SegmentSignal[];
}

/** Orders a week that a segment needs, on average over the last 13 weeks, to be tested. */
const leastOrders = 10;
const falseDiscovery = 0.05;

/**
 * Judges each segment's share of the week's net revenue against its own expected range: out of line with the shop, whatever the shop
 * does. A signal holds after adjustment over all segments. Returning customers mirror new ones and are not tested twice.
 */
export function segmentSignals(
  segments: readonly SegmentWeek[],
  weeks: readonly KpiWeek[],
  context: Pick<Context, 'week' | 'format'>,
): SegmentSignals {
  const oldest = earliest(segments.map(({ week }) => week)) ?? context.week;
  const span = weeks.filter(({ week }) => week >= oldest).map(({ week }) => week);
  const recent = new Set(span.slice(-13));
  const revenue = new Map(weeks.map(({ week, net_revenue }) => [week, net_revenue > 0 ? net_revenue : null]));
  const whole = revenue.get(context.week) ?? 0;
  const judged = bySegment(segments, { mirrored: false }).flatMap(({ dimension, value, rows }) => {
    const orders = total(
      rows.filter(({ week }) => recent.has(week)),
      (row) => row.orders,
    );
    if (!(whole > 0)) return [];
    if (span.at(-1) !== context.week || recent.size === 0 || orders / recent.size < leastOrders) return [];
    const byWeek = new Map(rows.map((row) => [row.week, row.net_revenue]));
    const first = earliest(rows.map(({ week }) => week))!;
    const series = span
      .filter((week) => week >= first)
      .map((week) => ({ date: week, value: ratio(byWeek.get(week) ?? 0, revenue.get(week)) }));
    const point = expectation(series, 'ratio', context.format).points.at(-1);
    if (!point || point.p === null) return [];
    const money = (share: number | null) => share! * whole;
    return [
      {
        dimension,
        value,
        now: money(point.value),
        expected: money(point.expected),
        low: money(point.low),
        high: money(point.high),
        p: point.p,
      },
    ];
  });
  const adjusted = benjaminiHochberg(judged.map(({ p }) => p));
  const called = judged
    .map((signal, i) => ({ ...signal, p: adjusted[i]! }))
    .filter(({ p, now, low, high }) => p <= falseDiscovery && (now < low || now > high))
    .sort((a, b) => a.p - b.p || (a.dimension + a.value < b.dimension + b.value ? -1 : 1));
  return { tested: judged.length, called };
}
