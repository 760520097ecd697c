import { studentQuantile, studentTwoSided } from '#stats/distribution.ts';
import { mean, sum } from '#stats/mean.ts';
import { benjaminiHochberg } from '#stats/multiple.ts';
import { addMonths, addWeeks, weekday, weeksAYear } from '../shared/day.ts';
import type { KpiMonth, KpiWeek } from '../shared/kpi.ts';
import type { Day } from './kpis.ts';
import { yearPairWeeks } from './pair.ts';

/** Level of a calendar month or weekday against the average one (1), with its 95% interval and BH-adjusted p. */
export interface SeasonIndex {
  /** 1 to 12, or 1 = Monday to 7 = Sunday. */
  key: number;
  index: number;
  low: number;
  high: number;
  p: number;
  isCalled: boolean;
  n: number;
}

export interface Season {
  list: SeasonIndex[];
  /** Years, or weeks, behind it. */
  n: number;
}

/** Complete months that the index by month needs: a year is lost to the trend, and half the months must be seen twice to tell season from chance. */
export const minMonths = 30;
/** Complete weeks that the index by weekday needs, and at most looks back on. */
export const minWeeks = 8;
const falseDiscovery = 0.05;
const least = { month: 0.03, weekday: 0.05 };

/**
 * Net revenue a day by calendar month against the trend of its own year (centred 2 × 12 mean, multiplicative). Intervals from the
 * spread between years pooled over months. Null below `minMonths` complete months, or where a month has no positive net revenue.
 */
export function monthSeason(months: readonly KpiMonth[]): Season | null {
  const known = months.filter((row) => row.is_complete).toSorted((a, b) => (a.month < b.month ? -1 : 1));
  const daily = known.map(({ month, net_revenue }) => net_revenue / daysIn(month));
  if (known.length < minMonths || daily.some((value) => !(value > 0))) return null;
  const logs = daily.map((value) => Math.log(value));
  const byMonth = new Map<number, number[]>();
  for (let i = 6; i < logs.length - 6; i++) {
    const trend = (logs[i - 6]! / 2 + sum(logs.slice(i - 5, i + 6)) + logs[i + 6]! / 2) / 12;
    const key = Number(known[i]!.month.slice(5, 7));
    byMonth.set(key, [...(byMonth.get(key) ?? []), logs[i]! - trend]);
  }
  const groups = [...byMonth].sort(([a], [b]) => a - b);
  if (groups.length < 12) return null;
  const centre = sum(groups.map(([, values]) => sum(values) / values.length)) / 12;
  const df = sum(groups.map(([, values]) => values.length - 1));
  if (df < 6) return null;
  const squares = sum(groups.flatMap(([, values]) => values.map((value) => (value - sum(values) / values.length) ** 2)));
  const sd = Math.sqrt(squares / df);
  const t = studentQuantile(0.975, df);
  const list = groups.map(([key, values]) => {
    const log = sum(values) / values.length - centre;
    const se = sd / Math.sqrt(values.length);
    const p = se > 0 ? studentTwoSided(log / se, df) : log === 0 ? 1 : 0;
    return { key, index: Math.exp(log), low: Math.exp(log - t * se), high: Math.exp(log + t * se), p, n: values.length };
  });
  return { list: called(list, least.month), n: Math.min(...list.map(({ n }) => n)) };
}

/**
 * Share of a week's gross sales by weekday, times seven, over the last complete weeks (at most 52, with sales on some day), with
 * Student's t interval over weeks. Null below `minWeeks` weeks.
 */
export function weekdaySeason(days: readonly Day[], weeks: readonly KpiWeek[]): Season | null {
  const complete = new Set(weeks.slice(-weeksAYear).map(({ week }) => week));
  const byWeek = Map.groupBy(
    days.filter(({ week }) => complete.has(week)),
    ({ week }) => week,
  );
  const shares: number[][] = Array.from({ length: 7 }, () => []);
  for (const [, list] of byWeek) {
    const whole = sum(list.map((day) => day.gross_amount));
    if (list.length !== 7 || !(whole > 0)) continue;
    for (const day of list) shares[weekday(day.date) - 1]!.push((7 * day.gross_amount) / whole);
  }
  const n = shares[0]!.length;
  if (n < minWeeks) return null;
  const list = shares.map((values, i) => {
    const { value, low, high } = mean(values)!;
    const se = (high - low) / 2 / studentQuantile(0.975, n - 1);
    const p = se > 0 ? studentTwoSided((value - 1) / se, n - 1) : value === 1 ? 1 : 0;
    return { key: i + 1, index: value, low: Math.max(0, low), high, p, n };
  });
  return { list: called(list, least.weekday), n };
}

/** What the weeks after this one did in each earlier year, against the weeks up to it. */
export interface Ahead {
  years: { year: number; change: number }[];
  isOneWay: boolean;
}

/** Change from the four weeks up to the same ISO week of each earlier year to the four weeks after it, newest year first. */
export function weeksAhead(weeks: readonly KpiWeek[], week: string, most = 5): Ahead {
  const byWeek = new Map(weeks.map((row) => [row.week, row.net_revenue]));
  const span = (last: string) => {
    const values = Array.from({ length: yearPairWeeks }, (_, i) => byWeek.get(addWeeks(last, -i)));
    return values.every((value) => value !== undefined) ? sum(values) : null;
  };
  const years: Ahead['years'] = [];
  for (let k = 1; k <= most; k++) {
    const then = addWeeks(week, -k * weeksAYear);
    const [before, after] = [span(then), span(addWeeks(then, yearPairWeeks))];
    if (before === null || after === null || !(before > 0)) break;
    years.push({ year: Number(then.slice(0, 4)), change: after / before - 1 });
  }
  const signs = new Set(years.map(({ change }) => Math.sign(change)));
  return { years, isOneWay: years.length >= 2 && signs.size === 1 };
}

function called(list: Omit<SeasonIndex, 'isCalled'>[], floor: number): SeasonIndex[] {
  const adjusted = benjaminiHochberg(list.map(({ p }) => p));
  return list.map((item, i) => ({
    ...item,
    p: adjusted[i]!,
    isCalled: adjusted[i]! <= falseDiscovery && Math.abs(item.index - 1) >= floor,
  }));
}

function daysIn(month: string): number {
  return (Date.parse(`${addMonths(month, 1)}T00:00:00Z`) - Date.parse(`${month.slice(0, 7)}-01T00:00:00Z`)) / 86_400_000;
}
