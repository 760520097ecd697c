import type { Estimate } from '#stats/estimate.ts';
import { compareProportions, type ProportionTest, proportion } from '#stats/proportion.ts';
import { type Trend, theilSen } from '#stats/trend.ts';
import { total } from '../shared/change.ts';
import { addMonths } from '../shared/day.ts';

/** First-time buyers of a month; `observed` have been seen for the whole window, `repeated` of them ordered again within it. */
export interface CohortMonth {
  month: string;
  buyers: number;
  observed: number;
  repeated: number;
}

/** A month or quarter of first orders whose window has closed for all. */
export interface Cohort {
  /** First day. */
  date: string;
  buyers: number;
  repeated: number;
  rate: Estimate;
}

export interface Cohorts {
  /** Closed months, oldest first. */
  months: Cohort[];
  /** Closed calendar quarters with enough buyers, oldest first. */
  quarters: Cohort[];
  /** The last closed months, at most twelve; null without one. */
  recent: { first: string; last: string; cohort: Cohort } | null;
  /** The twelve months before those; null where they are not in the data. */
  before: Cohort | null;
  change: ProportionTest | null;
  /** Points a year over all closed months with enough buyers, each month weighing the same. */
  trend: Trend | null;
  tested: number;
  called: number;
}

/** Days from the first order within which a second one counts. */
export const windowDays = 90;
/** Rates of fewer buyers are not shown. */
export const minBuyers = 30;
const monthsAYear = 12;
const minTrendMonths = 24;
const alpha = 0.05;
/** A change is called from one percentage point on. */
export const repeatFloor = 0.01;

export function cohorts(rows: readonly CohortMonth[]): Cohorts {
  const closed = rows.filter(({ buyers, observed }) => buyers > 0 && observed === buyers).toSorted((a, b) => (a.month < b.month ? -1 : 1));
  const months = closed.flatMap((row) => pooled(row.month, [row]) ?? []);
  const byQuarter = Map.groupBy(closed, ({ month }) => quarterOf(month));
  const open = new Set(rows.filter(({ buyers, observed }) => observed < buyers).map(({ month }) => quarterOf(month)));
  const quarters = [...byQuarter].flatMap(([date, list]) => (open.has(date) ? [] : (pooled(date, list) ?? [])));
  const last = closed.at(-1)?.month;
  const recentRows = last ? closed.filter(({ month }) => month > addMonths(last, -monthsAYear)) : [];
  const beforeRows = last
    ? closed.filter(({ month }) => month <= addMonths(last, -monthsAYear) && month > addMonths(last, -2 * monthsAYear))
    : [];
  const recent = recentRows[0] && last ? pooled(recentRows[0].month, recentRows) : null;
  const before = recentRows.length === monthsAYear && beforeRows.length === monthsAYear ? pooled(beforeRows[0]!.month, beforeRows) : null;
  const change =
    recent && before
      ? compareProportions({ successes: before.repeated, n: before.buyers }, { successes: recent.repeated, n: recent.buyers })
      : null;
  const enough = months.filter(({ buyers }) => buyers >= minBuyers);
  const trend =
    enough.length >= minTrendMonths
      ? theilSen(
          enough.map(({ rate }) => rate.value),
          enough.map(({ date }) => (Number(date.slice(0, 4)) * monthsAYear + Number(date.slice(5, 7))) / monthsAYear),
        )
      : null;
  return {
    months,
    quarters: quarters.filter(({ buyers }) => buyers >= minBuyers),
    recent: recent && last ? { first: recent.date, last, cohort: recent } : null,
    ...{ before, change, trend },
    tested: (change ? 1 : 0) + (trend ? 1 : 0),
    called: (change && isClear(change) ? 1 : 0) + (trend && trend.p < alpha ? 1 : 0),
  };
}

/** Whether a change of the repeat rate is beyond chance and large enough to matter. */
export function isClear({ p, difference }: ProportionTest): boolean {
  return p < alpha && Math.abs(difference) >= repeatFloor;
}

function pooled(date: string, list: readonly CohortMonth[]): Cohort | null {
  const buyers = total(list, (row) => row.observed);
  const repeated = total(list, (row) => row.repeated);
  const rate = proportion(repeated, buyers);
  return rate && { date, buyers, repeated, rate };
}

function quarterOf(month: string): string {
  return `${month.slice(0, 4)}-${String(Math.floor((Number(month.slice(5, 7)) - 1) / 3) * 3 + 1).padStart(2, '0')}-01`;
}
