import { growth as growthOf, theilSen } from '#stats/trend.ts';
import { total } from '../shared/change.ts';
import { addWeeks, weeksAYear } from '../shared/day.ts';
import type { KpiWeek } from '../shared/kpi.ts';

/** A quarter of weeks against the same ISO weeks a year before. */
export interface YearGrowth {
  value: number;
  low: number;
  high: number;
  p: number;
  now: number;
  before: number;
  weeks: number;
}

/** Weeks that the growth on last year is measured over. */
export const quarterWeeks = 13;

/**
 * Growth of the last 13 weeks over the same 13 ISO weeks last year, with a 95% interval from the scatter of the paired weeks. Null
 * where weeks are missing, or totals are not positive.
 */
export function yearGrowth(weeks: readonly KpiWeek[], week: string, value: (row: KpiWeek) => number): YearGrowth | null {
  const byWeek = new Map(weeks.map((row) => [row.week, row]));
  const [now, before]: [KpiWeek[], KpiWeek[]] = [[], []];
  for (let i = 0; i < quarterWeeks; i++) {
    const [a, b] = [byWeek.get(addWeeks(week, -i)), byWeek.get(addWeeks(week, -i - weeksAYear))];
    if (!a || !b) return null;
    now.push(a);
    before.push(b);
  }
  const result = growthOf(now.map(value), before.map(value));
  if (!result) return null;
  return {
    value: result.value,
    low: result.low,
    high: result.high,
    p: result.p,
    now: total(now, value),
    before: total(before, value),
    weeks: quarterWeeks,
  };
}

/** Long-run growth a year. */
export interface LongRun {
  /** Growth factor of a year, minus 1. */
  value: number;
  low: number;
  high: number;
  p: number;
  weeks: number;
}

/**
 * Theil–Sen slope of log net revenue over the last two whole years of weeks, as growth a year. Two whole years, so that the season
 * falls alike on both ends. Null with fewer weeks or where a week is not positive.
 */
export function longRun(weeks: readonly KpiWeek[], value: (row: KpiWeek) => number): LongRun | null {
  const span = weeks.slice(-2 * weeksAYear).map(value);
  if (span.length < 2 * weeksAYear || span.some((v) => !(v > 0))) return null;
  const trend = theilSen(span.map((v) => Math.log(v)));
  if (!trend) return null;
  const year = (slope: number) => Math.expm1(slope * weeksAYear);
  return { value: year(trend.slope), low: year(trend.low), high: year(trend.high), p: trend.p, weeks: span.length };
}
