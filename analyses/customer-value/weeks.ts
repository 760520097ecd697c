import type { Formatter } from '#contract/format.ts';
import { normalQuantile } from '#stats/distribution.ts';
import { median } from '#stats/mean.ts';
import { benjaminiHochberg } from '#stats/multiple.ts';
import { ratio } from '../shared/change.ts';
import { addWeeks } from '../shared/day.ts';
import { type Expectation, expectation, signalLevel } from '../shared/expected.ts';
import { groupFloor } from './groups.ts';
import { pooledShape, skewTwoSided } from './skew.ts';

/** Customers by the week of their first purchase. */
export interface WeekRow {
  week: string;
  customers: number;
  repeaters: number;
  first_value: number;
  first_mean: number;
  first_square: number;
  value_365: number;
  /** Expected value of one: mean, and means of squares and cubes, in multiples of the usual purchase. */
  expected_mean: number;
  expected_square: number;
  expected_cube: number;
}

export interface AcquiredWeek {
  week: string;
  customers: number;
  repeaters: number;
  /** Money of a first purchase. */
  first: number | null;
  /** Expected money of all customers of the week. */
  value: number;
  /** Of one of them. */
  each: number | null;
  /** Where customers of this age stand, with limits for a week of this size; null where it is not judged. */
  usual: number | null;
  low: number | null;
  high: number | null;
  p: number | null;
  isCalled: boolean;
}

export interface Weeks {
  /** Oldest first, without gaps. */
  weeks: AcquiredWeek[];
  /** Money of a first purchase by week, judged by the weeks before it. */
  firsts: Expectation;
  tested: number;
  called: number;
}

/** Weeks of fewer customers are not judged. */
export const minWeek = 20;
const minWeeks = 12;
/** Weeks before and after, whose scatter a week shares. */
const around = 6;
const alpha = 1 - signalLevel;

/** Weeks of acquisition: expected value against the curve that the year's weeks follow with age, first purchases against earlier weeks. */
export function acquiredWeeks(rows: readonly WeekRow[], usual: number, format: Formatter): Weeks {
  const filled = withoutGaps(rows);
  const scored = filled.map((row, i) => scoreOf(row, filled.slice(Math.max(0, i - around), i + around + 1), usual));
  const curve = curveOf(scored);
  const tests = scored.map((score, i) => {
    if (!score || !curve) return null;
    const at = curve.at(i);
    const error = score.error * curve.dispersion;
    const limit = Math.max(groupFloor * at, normalQuantile(1 - (1 - signalLevel) / 2) * error);
    return { at, limit, p: skewTwoSided((score.mean - at) / error, score.skewness) };
  });
  const adjusted = benjaminiHochberg(tests.map((test) => test?.p ?? null));
  const weeks = filled.map((row, i): AcquiredWeek => {
    const test = tests[i];
    const each = ratio(row.value_365, row.customers);
    const first = ratio(row.first_value, row.customers);
    const base = { week: row.week, customers: row.customers, repeaters: row.repeaters, value: row.value_365, each, first };
    if (!test || each === null) return { ...base, usual: null, low: null, high: null, p: null, isCalled: false };
    const p = adjusted[i] ?? 1;
    const isCalled = p < alpha && Math.abs(each - test.at) >= test.limit;
    return { ...base, usual: test.at, low: Math.max(0, test.at - test.limit), high: test.at + test.limit, p, isCalled };
  });
  const firsts = expectation(
    weeks.map(({ week, first }) => ({ date: week, value: first })),
    'money',
    format,
  );
  return {
    ...{ weeks, firsts },
    tested: tests.filter((test) => test !== null).length,
    called: weeks.filter(({ isCalled }) => isCalled).length,
  };
}

/** Weeks between the first and the last, those without a customer too. */
function withoutGaps(rows: readonly WeekRow[]): WeekRow[] {
  const sorted = rows.toSorted((a, b) => (a.week < b.week ? -1 : 1));
  const byWeek = new Map(sorted.map((row) => [row.week, row]));
  const filled: WeekRow[] = [];
  const none = { customers: 0, repeaters: 0, first_value: 0, first_mean: 0, first_square: 0 };
  for (let week = sorted[0]?.week; week !== undefined && week <= sorted.at(-1)!.week; week = addWeeks(week, 1)) {
    filled.push(byWeek.get(week) ?? { week, ...none, value_365: 0, expected_mean: 0, expected_square: 0, expected_cube: 0 });
  }
  return filled;
}

interface Score {
  mean: number;
  error: number;
  skewness: number;
  customers: number;
}

/** Mean of a week with its error from the scatter of the weeks around it; null for a week of few. */
function scoreOf({ customers, expected_mean }: WeekRow, near: readonly WeekRow[], usual: number): Score | null {
  const { variance, third } = pooledShape(
    near.map((row) => ({ n: row.customers, mean: row.expected_mean, square: row.expected_square, cube: row.expected_cube })),
  );
  if (customers < minWeek || !(variance > 0)) return null;
  const skewness = third / variance ** 1.5 / Math.sqrt(customers);
  return { customers, mean: expected_mean * usual, error: usual * Math.sqrt(variance / customers), skewness };
}

/**
 * Parabola of expected value over age, weighted by customers, and how much more than by chance alone the weeks scatter about it (the
 * median of their distances, so that a few odd weeks neither bend the limits nor widen them).
 */
function curveOf(scores: readonly (Score | null)[]): { at(i: number): number; dispersion: number } | null {
  const judged = scores.flatMap((score, i) => (score ? [{ ...score, t: i / scores.length }] : []));
  if (judged.length < minWeeks) return null;
  const power = (k: number, of: (row: (typeof judged)[number]) => number = () => 1) =>
    judged.reduce((sum, row) => sum + row.customers * row.t ** k * of(row), 0);
  const s = [0, 1, 2, 3, 4].map((k) => power(k)) as [number, number, number, number, number];
  const y = [0, 1, 2].map((k) => power(k, (row) => row.mean)) as [number, number, number];
  const c = solved([
    [s[0], s[1], s[2], y[0]],
    [s[1], s[2], s[3], y[1]],
    [s[2], s[3], s[4], y[2]],
  ]);
  if (!c) return null;
  const curve = (t: number) => Math.max(0, c[0]! + c[1]! * t + c[2]! * t * t);
  const away = judged.map(({ t, mean, error }) => Math.abs(mean - curve(t)) / error);
  return { at: (i) => curve(i / scores.length), dispersion: Math.max(1, (median(away) ?? 0) / normalQuantile(0.75)) };
}

/** Solution of linear equations, the right side as last column; null where they have none. */
function solved(rows: number[][]): number[] | null {
  const n = rows.length;
  const a = rows.map((row) => [...row]);
  for (let k = 0; k < n; k++) {
    const pivot = a.reduce((best, row, i) => (i >= k && Math.abs(row[k]!) > Math.abs(a[best]![k]!) ? i : best), k);
    [a[k], a[pivot]] = [a[pivot]!, a[k]!];
    if (!(Math.abs(a[k]![k]!) > 1e-12 * Math.abs(rows[0]![0]!))) return null;
    for (let i = 0; i < n; i++) {
      if (i === k) continue;
      const factor = a[i]![k]! / a[k]![k]!;
      for (let j = k; j <= n; j++) a[i]![j]! -= factor * a[k]![j]!;
    }
  }
  return a.map((row, i) => row[n]! / row[i]!);
}
