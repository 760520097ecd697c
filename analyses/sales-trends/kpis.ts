import type { Context } from '#contract/analysis.ts';
import type { Metric, Polarity, Unit } from '#contract/metric.ts';
import { ratio, total } from '../shared/change.ts';
import { earliest, weekEnd, yearBefore } from '../shared/day.ts';
import type { KpiWeek } from '../shared/kpi.ts';
import { type WeeklyMetric, weeklyMetric } from '../shared/metric.ts';

export interface Day {
  date: string;
  week: string;
  orders: number;
  units: number;
  new_customers: number;
  gross_amount: number;
  net_revenue: number;
  margin: number;
}

export type KpiId =
  | 'net_revenue'
  | 'orders'
  | 'aov'
  | 'new_customers'
  | 'repeat_order_share'
  | 'margin_share'
  | 'units'
  | 'active_customers';

interface Definition {
  id: KpiId;
  label: string;
  unit: Unit;
  polarity: Polarity;
  value: (row: KpiWeek) => number | null;
  n: (row: KpiWeek) => number;
  /** Value of a span of days; absent where days don't add up to it. */
  ofDays?: (days: readonly Day[]) => number | null;
}

const up = { polarity: 'up' as const };

/** Measures of the week, in the order in which they are printed. */
export const definitions: Definition[] = [
  {
    ...up,
    id: 'net_revenue',
    label: 'Net revenue',
    unit: 'money',
    value: (w) => w.net_revenue,
    n: (w) => w.orders,
    ofDays: (days) => total(days, (d) => d.net_revenue),
  },
  {
    ...up,
    id: 'orders',
    label: 'Orders',
    unit: 'count',
    value: (w) => w.orders,
    n: (w) => w.orders,
    ofDays: (days) => total(days, (d) => d.orders),
  },
  {
    ...up,
    id: 'aov',
    label: 'Average order value',
    unit: 'money',
    value: (w) => (w.orders > 0 ? w.aov : null),
    n: (w) => w.orders,
    ofDays: (days) =>
      ratio(
        total(days, (d) => d.gross_amount),
        total(days, (d) => d.orders),
      ),
  },
  {
    ...up,
    id: 'new_customers',
    label: 'New customers',
    unit: 'count',
    value: (w) => w.new_customers,
    n: (w) => w.active_customers,
    ofDays: (days) => total(days, (d) => d.new_customers),
  },
  {
    ...up,
    id: 'repeat_order_share',
    label: 'Repeat order share',
    unit: 'share',
    value: (w) => (w.orders > 0 ? w.repeat_order_share : null),
    n: (w) => w.orders,
  },
  {
    ...up,
    id: 'margin_share',
    label: 'Gross margin',
    unit: 'share',
    value: (w) => (w.net_revenue > 0 ? ratio(w.margin, w.net_revenue) : null),
    n: (w) => w.orders,
    ofDays: (days) => {
      const revenue = total(days, (d) => d.net_revenue);
      return revenue > 0
        ? ratio(
            total(days, (d) => d.margin),
            revenue,
          )
        : null;
    },
  },
  {
    ...up,
    id: 'units',
    label: 'Units sold',
    unit: 'count',
    value: (w) => w.units,
    n: (w) => w.orders,
    ofDays: (days) => total(days, (d) => d.units),
  },
  { ...up, id: 'active_customers', label: 'Active customers', unit: 'count', value: (w) => w.active_customers, n: (w) => w.orders },
];

/** Each measure of the week reported, judged over all complete weeks; the margin is unknown where the shop has no costs. */
export function weeklyKpis(
  rows: readonly KpiWeek[],
  context: Pick<Context, 'week' | 'format'>,
  hasCosts: boolean,
): Record<KpiId, WeeklyMetric> {
  return Object.fromEntries(
    definitions.map(({ id, label, unit, polarity, value: known, n }) => {
      const value = id === 'margin_share' && !hasCosts ? () => null : known;
      return [id, weeklyMetric({ id, label, unit, polarity, rows, value, n, context })];
    }),
  ) as Record<KpiId, WeeklyMetric>;
}

/** Of a measure: this year up to the end of the week reported, and the same dates last year. */
export interface YearToDate {
  id: KpiId;
  now: number | null;
  /** Null unless the data hold the whole of last year's span. */
  before: number | null;
}

/** Year to date by complete days: 1 January to the Sunday of the week, against the same dates a year before. */
export function yearToDate(days: readonly Day[], week: string, hasCosts = true): { first: string; last: string; values: YearToDate[] } {
  const last = weekEnd(week);
  const first = `${last.slice(0, 4)}-01-01`;
  const within = (from: string, to: string) => days.filter(({ date }) => date >= from && date <= to);
  const now = within(first, last);
  const before = within(yearBefore(first), yearBefore(last));
  const oldest = earliest(days.map(({ date }) => date));
  const isKnown = oldest !== null && oldest <= yearBefore(first);
  const values = definitions.map(({ id, ofDays }): YearToDate => {
    const of = id === 'margin_share' && !hasCosts ? undefined : ofDays;
    return { id, now: of && now.length ? of(now) : null, before: of && isKnown ? of(before) : null };
  });
  return { first, last, values };
}

/** Year to date of a measure as a metric: `net_revenue_ytd`. */
export function yearToDateMetric(id: KpiId, days: readonly Day[], context: Pick<Context, 'week' | 'format'>): Metric {
  const { label, unit, polarity } = definitions.find((definition) => definition.id === id)!;
  const { first, last, values } = yearToDate(days, context.week);
  const { now, before } = values.find((value) => value.id === id)!;
  return {
    id: `${id}_ytd`,
    definition: id,
    label: `${label}, year to date`,
    value: now,
    unit,
    polarity,
    n: total(
      days.filter(({ date }) => date >= first && date <= last),
      (d) => d.orders,
    ),
    period: context.format.span(first, last),
    comparisons: [{ label: 'year to date last year', value: before }],
  };
}
