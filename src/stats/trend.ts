import { normalQuantile, normalTwoSided, studentQuantile, studentTwoSided } from './distribution.ts';
import { checkFinite, checkLevel, checkSameLength, defaultLevel } from './estimate.ts';
import { median, sum } from './mean.ts';

export interface Kendall {
  /** Concordant minus discordant pairs. */
  s: number;
  /** Kendall's tau-b, −1 to 1; null where all values or all times are the same. */
  tau: number | null;
  /** Variance of s without a trend, with ties. */
  variance: number;
  /** Two-sided. */
  p: number;
}

export interface Trend extends Kendall {
  /** Median slope over all pairs, in units of value per unit of time. */
  slope: number;
  low: number;
  high: number;
  intercept: number;
  n: number;
}

/**
 * Kendall's test of values against time (Mann 1945; Kendall 1975): p exact up to 60 points without ties, else by the normal with ties
 * and continuity corrected. Autocorrelation makes it call too often: deseasonalise first. Null below three points.
 * @throws RangeError when lengths differ or a value isn't finite.
 */
export function kendall(values: ArrayLike<number>, times?: ArrayLike<number>): Kendall | null {
  const x = times ?? Array.from({ length: values.length }, (_, i) => i);
  checkSameLength('values and times', values, x);
  checkFinite('values', values);
  checkFinite('times', x);
  const n = values.length;
  if (n < 3) return null;
  let s = 0;
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) s += Math.sign(values[i]! - values[j]!) * Math.sign(x[i]! - x[j]!);
  const t = tieSizes(values);
  const u = tieSizes(x);
  const pairs = (sizes: number[]) => sum(sizes.map((m) => m * (m - 1)));
  const triples = (sizes: number[]) => sum(sizes.map((m) => m * (m - 1) * (m - 2)));
  const wide = (sizes: number[]) => sum(sizes.map((m) => m * (m - 1) * (2 * m + 5)));
  const variance = Math.max(
    0,
    (n * (n - 1) * (2 * n + 5) - wide(t) - wide(u)) / 18 +
      (triples(t) * triples(u)) / (9 * n * (n - 1) * (n - 2)) +
      (pairs(t) * pairs(u)) / (2 * n * (n - 1)),
  );
  const all = n * (n - 1);
  const scale = Math.sqrt((all - pairs(t)) * (all - pairs(u))) / 2;
  const isTied = t.length + u.length > 0;
  const p =
    variance === 0 ? 1 : !isTied && n <= 60 ? kendallExact(n, s) : normalTwoSided(Math.max(0, Math.abs(s) - 1) / Math.sqrt(variance));
  return { s, tau: scale > 0 ? s / scale : null, variance, p };
}

/** Sizes of groups of equal values, two and more. */
function tieSizes(values: ArrayLike<number>): number[] {
  const counts = new Map<number, number>();
  for (let i = 0; i < values.length; i++) counts.set(values[i]!, (counts.get(values[i]!) ?? 0) + 1);
  return [...counts.values()].filter((count) => count > 1);
}

/** P(|S| ≥ |s|) over all orders of n distinct values, by counting inversions. */
function kendallExact(n: number, s: number): number {
  let chance = [1];
  for (let m = 2; m <= n; m++) {
    const next = new Array<number>(chance.length + m - 1).fill(0);
    chance.forEach((c, inversions) => {
      for (let k = 0; k < m; k++) next[inversions + k]! += c / m;
    });
    chance = next;
  }
  const most = (n * (n - 1)) / 2;
  const inversions = (most - Math.abs(s)) / 2;
  return Math.min(1, 2 * sum(chance.slice(0, inversions + 1)));
}

/**
 * Theil–Sen slope with Sen's interval (Sen 1968, with ties) and Kendall's test. Pairs at the same time are left out. Null below three
 * points and where all times are the same. Quadratic in n: some thousand points at most.
 * @throws RangeError when lengths differ or a value isn't finite.
 */
export function theilSen(values: ArrayLike<number>, times?: ArrayLike<number>, level = defaultLevel): Trend | null {
  const x = times ?? Array.from({ length: values.length }, (_, i) => i);
  const test = kendall(values, x);
  checkLevel(level);
  if (!test) return null;
  const n = values.length;
  const slopes = new Float64Array((n * (n - 1)) / 2);
  let size = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) if (x[i] !== x[j]) slopes[size++] = (values[i]! - values[j]!) / (x[i]! - x[j]!);
  }
  if (size === 0) return null;
  const ascending = slopes.subarray(0, size).sort();
  const slope = median(ascending)!;
  const reach = normalQuantile(1 - (1 - level) / 2) * Math.sqrt(test.variance);
  const at = (rank: number) => ascending[Math.min(size - 1, Math.max(0, rank))]!;
  return {
    ...test,
    slope,
    low: at(Math.floor((size - reach) / 2) - 1),
    high: at(Math.ceil((size + reach) / 2)),
    intercept: median(values)! - slope * median(x)!,
    n,
  };
}

export interface Growth {
  /** Total now over total before, minus 1. */
  value: number;
  low: number;
  high: number;
  /** Two-sided, against no growth. */
  p: number;
  /** Standard error of ln(1 + value). */
  logSe: number;
  /** How many times as much as a Poisson count the paired periods scatter. */
  dispersion: number;
  n: number;
}

/**
 * Growth of a total over paired periods (the same weeks, this year and last): the ratio of totals, as in a quasi-Poisson model with an
 * effect for each week (McCullagh & Nelder 1989, 6.2.3), so that weeks that are high in both years don't widen it. The error of ln(ratio)
 * is the sandwich over pairs with leverage corrected (HC3: MacKinnon & White 1985), right also where scatter grows faster than the
 * level; Student's t of n − 1. Null below three pairs, with a negative value, or a total of 0.
 * @param now values of this year; @param before values of the same periods last year, same order.
 * @throws RangeError when lengths differ or a value isn't finite.
 */
export function growth(now: ArrayLike<number>, before: ArrayLike<number>, level = defaultLevel): Growth | null {
  checkSameLength('now and before', now, before);
  checkFinite('now', now);
  checkFinite('before', before);
  checkLevel(level);
  const n = now.length;
  const a = sum(now);
  const b = sum(before);
  if (n < 3 || !(a > 0 && b > 0)) return null;
  let [chi, squares] = [0, 0];
  let used = 0;
  for (let i = 0; i < n; i++) {
    if (now[i]! < 0 || before[i]! < 0) return null;
    const both = now[i]! + before[i]!;
    if (both === 0) continue;
    used++;
    const expected = (both * a) / (a + b);
    const part = now[i]! / a - before[i]! / b;
    squares += (part / Math.max(1e-9, 1 - both / (a + b))) ** 2;
    chi += (now[i]! - expected) ** 2 / expected + (before[i]! - (both - expected)) ** 2 / (both - expected);
  }
  if (used < 3) return null;
  const df = used - 1;
  const dispersion = chi / df;
  const logSe = Math.sqrt(squares);
  const log = Math.log(a / b);
  const reach = studentQuantile(1 - (1 - level) / 2, df) * logSe;
  const p = logSe > 0 ? studentTwoSided(log / logSe, df) : log === 0 ? 1 : 0;
  return { value: a / b - 1, low: Math.expm1(log - reach), high: Math.expm1(log + reach), p, logSe, dispersion, n: used };
}
