import type { Context } from '#contract/analysis.ts';
import { benjaminiHochberg } from '#stats/multiple.ts';
import { addDays, addWeeks, weekEnd, weeksAYear } from '../shared/day.ts';
import { type Expectation, expectation, type Point } from '../shared/expected.ts';
import type { Day } from './kpis.ts';

/** A day of the last quarter, its orders judged against the days before it. */
export interface JudgedDay extends Point {
  /** Called after adjustment over all days judged. */
  isOutside: boolean;
}

/** Weeks of days that are judged, and days of history before them. */
export const judgedWeeks = 13;
const historyDays = 364;
const falseDiscovery = 0.05;
/** Below so many orders a day on average a day cannot be judged: one more or less is a large part of it. */
const leastOrders = 3;

/**
 * Orders of each day of the last 13 weeks against level, slope and weekday pattern of the days before: what a week hides, such as an
 * outage of hours. Counts are judged on square roots (Anscombe 1948), where their scatter does not depend on their level; p-values adjusted by Benjamini and Hochberg over the days judged.
 */
export function dayOutliers(days: readonly Day[], { week, format }: Pick<Context, 'week' | 'format'>): JudgedDay[] {
  const last = weekEnd(week);
  const first = addWeeks(week, 1 - judgedWeeks);
  const series = days
    .filter(({ date }) => date <= last && date > addDays(first, -historyDays))
    .toSorted((a, b) => (a.date < b.date ? -1 : 1))
    .map(({ date, orders }) => ({ date, orders, value: 2 * Math.sqrt(orders + 0.375) }));
  if (series.reduce((sum, day) => sum + day.orders, 0) < leastOrders * series.length) return [];
  const counts = new Map(series.map(({ date, orders }) => [date, orders]));
  const back = (value: number | null) => (value === null ? null : Math.max(0, (value / 2) ** 2 - 0.375));
  const points = expectation(series, 'ratio', format, 7)
    .points.filter(({ date }) => date >= first)
    .map((point) => ({
      ...point,
      value: counts.get(point.date) ?? null,
      expected: back(point.expected),
      low: back(point.low),
      high: back(point.high),
    }));
  const adjusted = benjaminiHochberg(points.map(({ p }) => p));
  return points.map((point, i) => ({
    ...point,
    p: adjusted[i]!,
    isOutside: adjusted[i] !== null && adjusted[i]! <= falseDiscovery && (point.standing === 'above' || point.standing === 'below'),
  }));
}

/** A year of weeks before the last one of an expectation: those judged, those outside their range, and those still so after adjustment. */
export function oddWeeks({ points }: Expectation): { judged: Point[]; outside: Point[]; called: Point[] } {
  const judged = points.slice(-1 - weeksAYear, -1).filter(({ standing }) => standing !== 'unknown');
  const adjusted = benjaminiHochberg(judged.map(({ p }) => p));
  const isOutside = ({ standing }: Point) => standing !== 'inside';
  return {
    judged,
    outside: judged.filter(isOutside),
    called: judged.filter((point, i) => isOutside(point) && adjusted[i]! < falseDiscovery),
  };
}
