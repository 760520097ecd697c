import type { ColumnTable } from 'arquero';
import type { Context } from '#contract/analysis.ts';
import type { Formatter } from '#contract/format.ts';
import { type Growth, growth } from '#stats/trend.ts';
import { ratio, total } from '../shared/change.ts';
import { addMonths } from '../shared/day.ts';
import { type Expectation, expectation } from '../shared/expected.ts';
import { completeWeeks, type Week, type WeeklyMetric, weeklyMetric } from '../shared/metric.ts';
import { rows } from '../shared/rows.ts';
import { type CohortMonth, type Cohorts, cohorts } from './cohorts.ts';
import { type GroupRow, type Groups, groups } from './groups.ts';
import { type SignupMonth, type Signups, signups } from './signups.ts';
import { type Spend, type SpendStep, spend } from './spend.ts';

export interface Month {
  month: string;
  is_complete: boolean;
  orders: number;
  gross_amount: number;
  net_revenue: number;
  active_customers: number;
  new_customers: number;
  returning_customers: number;
  signups: number;
  new_net_revenue: number;
  existing_net_revenue: number;
}

export interface CustomerWeek extends Week {
  active_customers: number;
  new_customers: number;
  signups: number;
}

/** Customers by number of orders that are not cancelled, 0 included. */
export interface OrderCount {
  orders: number;
  customers: number;
  net_revenue: number;
}

/** Sums of the last months against the same months a year before. */
export interface Year {
  months: number;
  /** Customers active a month, summed; new and returning add up to active. */
  now: Record<Side, number>;
  before: Record<Side, number>;
  test: Record<Side, Growth | null>;
}

export type Side = 'active' | 'new' | 'returning';

/** Everything measured, once: what words, figures and tables are made from. */
export interface Base {
  format: Formatter;
  asOf: string;
  week: string;
  /** Complete months, oldest first. */
  months: Month[];
  monthly: Expectation;
  signupWeeks: WeeklyMetric;
  year: Year | null;
  perOrders: OrderCount[];
  customers: number;
  buyers: number;
  repeaters: number;
  cohorts: Cohorts;
  groups: Groups;
  spend: Spend | null;
  signups: Signups;
  /** Of the last complete months, at most twelve, scaled to a year; null without a complete month with orders. */
  yearly: { orderValue: number; newCustomers: number; signups: number; netRevenue: number } | null;
}

const monthsAYear = 12;
const minPairs = 3;

export function measure(
  tables: Record<string, ColumnTable>,
  { week, asOf, seed, format }: Pick<Context, 'week' | 'asOf' | 'seed' | 'format'>,
): Base {
  const months = rows<Month>(tables.months)
    .filter((row) => row.is_complete)
    .toSorted((a, b) => (a.month < b.month ? -1 : 1));
  const weeks = completeWeeks(rows<CustomerWeek>(tables.weeks), week);
  const perOrders = rows<OrderCount>(tables.orders);
  const buying = perOrders.filter(({ orders }) => orders > 0);
  return {
    ...{ format, asOf, week, months, perOrders },
    monthly: expectation(
      months.map(({ month, active_customers }) => ({ date: month, value: active_customers })),
      'count',
      format,
      monthsAYear,
    ),
    signupWeeks: weeklyMetric({
      ...{ id: 'signups', label: 'Sign-ups', unit: 'count', polarity: 'up', rows: weeks, context: { week, format } },
      value: (row) => row.signups,
      n: (row) => row.signups,
    }),
    year: year(months),
    customers: total(perOrders, (row) => row.customers),
    buyers: total(buying, (row) => row.customers),
    repeaters: total(buying, (row) => (row.orders > 1 ? row.customers : 0)),
    cohorts: cohorts(rows<CohortMonth>(tables.cohorts)),
    groups: groups(rows<GroupRow>(tables.groups)),
    spend: spend(rows<SpendStep>(tables.spend), seed),
    signups: signups(rows<SignupMonth>(tables.signups), asOf),
    yearly: yearly(months),
  };
}

/** The last twelve complete months against the twelve before, or fewer while the data are young; null below three pairs. */
function year(months: readonly Month[]): Year | null {
  const last = months.at(-1);
  if (!last) return null;
  const byMonth = new Map(months.map((row) => [row.month, row]));
  const pairs: { now: Month; before: Month }[] = [];
  for (let back = 0; back < monthsAYear; back++) {
    const now = byMonth.get(addMonths(last.month, -back));
    const before = byMonth.get(addMonths(last.month, -back - monthsAYear));
    if (!now || !before) break;
    pairs.push({ now, before });
  }
  if (pairs.length < minPairs) return null;
  const of = (key: 'active_customers' | 'new_customers' | 'returning_customers') => ({
    now: pairs.map((pair) => pair.now[key]),
    before: pairs.map((pair) => pair.before[key]),
  });
  const sides = { active: of('active_customers'), new: of('new_customers'), returning: of('returning_customers') };
  const each = <T>(make: (side: { now: number[]; before: number[] }) => T): Record<Side, T> => ({
    active: make(sides.active),
    new: make(sides.new),
    returning: make(sides.returning),
  });
  return {
    months: pairs.length,
    now: each(({ now }) => total(now, (value) => value)),
    before: each(({ before }) => total(before, (value) => value)),
    test: each(({ now, before }) => growth(now, before)),
  };
}

function yearly(months: readonly Month[]): Base['yearly'] {
  const recent = months.slice(-monthsAYear);
  const orders = total(recent, (row) => row.orders);
  const orderValue = ratio(
    total(recent, (row) => row.gross_amount),
    orders,
  );
  if (orderValue === null) return null;
  const scale = monthsAYear / recent.length;
  return {
    orderValue,
    newCustomers: scale * total(recent, (row) => row.new_customers),
    signups: scale * total(recent, (row) => row.signups),
    netRevenue: scale * total(recent, (row) => row.net_revenue),
  };
}

/** The most orders that any customer has placed; 0 without customers. */
export function maxOrders({ perOrders }: Pick<Base, 'perOrders'>): number {
  return perOrders.reduce((most, { orders }) => Math.max(most, orders), 0);
}
