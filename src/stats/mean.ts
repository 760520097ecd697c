import { binomialTails, studentQuantile, studentTwoSided } from './distribution.ts';
import { checkFinite, checkLevel, defaultLevel, type Estimate } from './estimate.ts';

/** Compensated sum (Neumaier 1974): independent of order to about one unit in the last place. 0 for no values. */
export function sum(values: ArrayLike<number>): number {
  let total = 0;
  let lost = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    const next = total + value;
    lost += Math.abs(total) >= Math.abs(value) ? total - next + value : value - next + total;
    total = next;
  }
  return total + lost;
}

/** Mean and sample variance (divisor n − 1) in two passes; `mean` null for no values, `variance` null below two. */
export function moments(values: ArrayLike<number>): { n: number; mean: number | null; variance: number | null } {
  const n = values.length;
  checkFinite('values', values);
  if (n === 0) return { n, mean: null, variance: null };
  const mean = sum(values) / n;
  if (n === 1) return { n, mean, variance: null };
  let squares = 0;
  let rest = 0;
  for (let i = 0; i < n; i++) {
    const d = values[i]! - mean;
    squares += d * d;
    rest += d;
  }
  return { n, mean, variance: Math.max(0, squares - (rest * rest) / n) / (n - 1) };
}

/**
 * Mean with Student's t interval. Null below two values (no spread to judge by).
 * @throws RangeError when a value isn't finite.
 */
export function mean(values: ArrayLike<number>, level = defaultLevel): Estimate | null {
  const { n, mean: value, variance } = moments(values);
  if (value === null || variance === null) return null;
  const half = studentQuantile(1 - (1 - checkLevel(level)) / 2, n - 1) * Math.sqrt(variance / n);
  return { value, low: value - half, high: value + half, n };
}

export interface MeanTest {
  /** Mean of `b` minus mean of `a`. */
  difference: number;
  low: number;
  high: number;
  /** 0 where both are constant and equal, ±Infinity where constant and different. */
  t: number;
  df: number;
  /** Two-sided. */
  p: number;
  n: number;
}

/** Two independent samples by Welch's test (Welch 1947; Satterthwaite's degrees of freedom). Null below two values in either. */
export function compareMeans(a: ArrayLike<number>, b: ArrayLike<number>, level = defaultLevel): MeanTest | null {
  const before = moments(a);
  const after = moments(b);
  if (before.variance === null || after.variance === null) return null;
  checkLevel(level);
  const va = before.variance / before.n;
  const vb = after.variance / after.n;
  const difference = after.mean! - before.mean!;
  const n = before.n + after.n;
  const se = Math.sqrt(va + vb);
  if (se === 0) {
    const t = difference === 0 ? 0 : Math.sign(difference) * Number.POSITIVE_INFINITY;
    return { difference, low: difference, high: difference, t, df: n - 2, p: difference === 0 ? 1 : 0, n };
  }
  const share = va / (va + vb);
  const df = 1 / (share ** 2 / (before.n - 1) + (1 - share) ** 2 / (after.n - 1));
  const half = studentQuantile(1 - (1 - level) / 2, df) * se;
  const t = difference / se;
  return { difference, low: difference - half, high: difference + half, t, df, p: studentTwoSided(t, df), n };
}

/** Ascending copy. @throws RangeError when a value isn't finite. */
export function sorted(values: ArrayLike<number>): Float64Array {
  checkFinite('values', values);
  return Float64Array.from(values).sort();
}

/**
 * Quantile by linear interpolation (type 7 of Hyndman & Fan 1996). Null for no values.
 * @throws RangeError unless 0 ≤ q ≤ 1.
 */
export function quantile(values: ArrayLike<number>, q: number): number | null {
  return quantileSorted(sorted(values), q);
}

/** `quantile` of values already ascending. */
export function quantileSorted(ascending: ArrayLike<number>, q: number): number | null {
  if (!(q >= 0 && q <= 1)) throw new RangeError(`q: expected a number from 0 to 1, found ${q}`);
  if (ascending.length === 0) return null;
  const at = q * (ascending.length - 1);
  const below = Math.floor(at);
  const low = ascending[below]!;
  const high = ascending[Math.min(below + 1, ascending.length - 1)]!;
  return low + (at - below) * (high - low);
}

/** Middle value, or mean of the middle two. Null for no values. */
export function median(values: ArrayLike<number>): number | null {
  return quantile(values, 0.5);
}

/**
 * Quantile with an interval between order statistics, free of any distribution (David & Nagaraja 2003, 7.1): coverage of at least
 * `level`, each tail at most half of the rest. Null for no values, and where n is too small for the level.
 */
export function quantileEstimate(values: ArrayLike<number>, q: number, level = defaultLevel): Estimate | null {
  const ascending = sorted(values);
  const n = ascending.length;
  const value = quantileSorted(ascending, q);
  const tail = (1 - checkLevel(level)) / 2;
  if (value === null || q === 0 || q === 1) return null;
  // Largest r with P(B < r) ≤ tail, smallest s with P(B ≥ s) ≤ tail, for B binomial(n, q); ranks from 1.
  const r = last(0, n, (k) => binomialTails(k - 1, n, q).lower <= tail);
  const s = n + 1 - last(0, n, (k) => binomialTails(n + 1 - k, n, q).upper <= tail);
  if (r < 1 || s > n) return null;
  return { value, low: ascending[r - 1]!, high: ascending[s - 1]!, n };
}

/** Largest whole number in [from, to] that holds, where holding is monotone and `from` holds. */
function last(from: number, to: number, holds: (k: number) => boolean): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (holds(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}
