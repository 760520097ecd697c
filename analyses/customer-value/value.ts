import type { ColumnTable } from 'arquero';
import type { Context } from '#contract/analysis.ts';
import type { Formatter } from '#contract/format.ts';
import type { Estimate } from '#stats/estimate.ts';
import { total } from '../shared/change.ts';
import { rows } from '../shared/rows.ts';
import { type Action, type ActionRow, actionsOf } from './actions.ts';
import { type GroupRow, type Groups, groups } from './groups.ts';
import { type Average, averageOf, type ListRow, listSum, type Newcomer, newcomerOf } from './newcomer.ts';
import { type Spread, type StepRow, spreadOf } from './spread.ts';
import { type MomentRow, momentsOf, type Scatter, type ScatterRow, scatterOf, sumOf } from './sum.ts';
import { type Trust, trustOf } from './trust.ts';
import { acquiredWeeks, type WeekRow, type Weeks } from './weeks.ts';
import { type YearAgo, type YearAgoRow, yearAgo } from './year-ago.ts';

/** Sums over the new customers, or over all others. */
export interface TotalRow extends MomentRow, ScatterRow {
  is_new: boolean;
  /** Of them with a score. */
  scored: number;
  total_value: number;
  value_365: number;
  p_alive: number;
  p_purchase_90: number;
  purchases_365: number;
  discounted_365: number;
  least_alive: number;
}

/** New customers as a whole. */
export interface Fresh {
  customers: number;
  repeaters: number;
  /** What they have spent so far. */
  spent: number;
  expected: Estimate;
  /** Expected of one. */
  each: number;
  /** Expected number of those who buy within 90 days, a customer. */
  soon: number;
}

/** Everything measured, once: what words, figures and tables are made from. */
export interface Value {
  format: Formatter;
  asOf: string;
  week: string;
  newDays: number;
  wonDays: number;
  top: number;
  customers: number;
  repeaters: number;
  /** Whether a single customer has a score. */
  isScored: boolean;
  /** Whether P(alive) tells customers apart. */
  hasAlive: boolean;
  scatter: Scatter;
  /** Of all customers. */
  expected: Estimate;
  fresh: Fresh | null;
  average: Average | null;
  list: Newcomer[];
  /** What the listed will bring together. */
  listed: Estimate;
  newSpread: Spread | null;
  groups: Groups;
  weeks: Weeks;
  actions: Action[];
  yearAgo: YearAgo | null;
  trust: Trust;
}

const certain = 0.9995;

export function measure(
  tables: Record<string, ColumnTable>,
  { week, asOf, seed, format, params }: Pick<Context, 'week' | 'asOf' | 'seed' | 'format' | 'params'>,
): Value {
  const totals = rows<TotalRow>(tables.totals);
  const scatter = scatterOf(totals);
  const moments = totals.map(momentsOf);
  const sum = (of: (row: TotalRow) => number) => total(totals, of);
  const freshRow = totals.find((row) => row.is_new && row.customers > 0);
  const average = freshRow ? averageOf(freshRow) : null;
  const list = rows<ListRow>(tables.list).toSorted((a, b) => a.place - b.place);
  const lastYear = yearAgo(rows<YearAgoRow>(tables.yearAgo));
  const repeaters = sum((row) => row.repeaters);
  const leastAlive = Math.min(1, ...totals.filter(({ scored }) => scored > 0).map((row) => row.least_alive));
  return {
    ...{ format, asOf, week, scatter, average, repeaters, yearAgo: lastYear },
    newDays: Number(params.newWithinDays),
    wonDays: Number(params.acquiredWithinDays),
    top: Number(params.top),
    customers: sum((row) => row.customers),
    isScored: sum((row) => row.scored) > 0,
    hasAlive: leastAlive < certain,
    expected: sumOf(
      sum((row) => row.value_365),
      {
        customers: sum((row) => row.customers),
        single: total(moments, ({ single }) => single),
        pair: total(moments, ({ pair }) => pair),
        square: total(moments, ({ square }) => square),
      },
      scatter,
    ),
    fresh: freshRow ? freshOf(freshRow, scatter) : null,
    list: list.map((row) => newcomerOf(row, average)),
    listed: listSum(list, scatter),
    newSpread: spreadOf(rows<StepRow>(tables.steps), seed),
    groups: groups(rows<GroupRow>(tables.groups), scatter.usual),
    weeks: acquiredWeeks(rows<WeekRow>(tables.weeks), scatter.usual, format),
    actions: actionsOf(rows<ActionRow>(tables.actions), scatter),
    trust: trustOf({ repeaters, leastAlive, yearAgo: lastYear }, format),
  };
}

function freshOf(row: TotalRow, scatter: Scatter): Fresh {
  return {
    ...{ customers: row.customers, repeaters: row.repeaters, spent: row.total_value, soon: row.p_purchase_90 },
    expected: sumOf(row.value_365, momentsOf(row), scatter),
    each: row.value_365 / row.customers,
  };
}
