import { studentQuantile } from './distribution.ts';
import { checkFinite, checkLevel, checkSameLength, defaultLevel, type Estimate } from './estimate.ts';
import { sum } from './mean.ts';

interface Sums {
  n: number;
  top: number;
  bottom: number;
  /** Variances and covariance of the two means. */
  vt: number;
  vb: number;
  vtb: number;
}

function sums(numerators: ArrayLike<number>, denominators: ArrayLike<number>): Sums | null {
  checkSameLength('numerators and denominators', numerators, denominators);
  checkFinite('numerators', numerators);
  checkFinite('denominators', denominators);
  const n = numerators.length;
  if (n < 2) return null;
  const top = sum(numerators) / n;
  const bottom = sum(denominators) / n;
  let [tt, bb, tb] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    const t = numerators[i]! - top;
    const b = denominators[i]! - bottom;
    tt += t * t;
    bb += b * b;
    tb += t * b;
  }
  const scale = 1 / (n * (n - 1));
  return { n, top, bottom, vt: tt * scale, vb: bb * scale, vtb: tb * scale };
}

/**
 * Ratio of two sums over the same units (AOV: sales and orders by customer; conversion by visitor), by the delta method (Cochran
 * 1977, 6.4) with Student's t. Null below two units or for a zero denominator.
 * @throws RangeError when lengths differ or a value isn't finite.
 */
export function ratio(numerators: ArrayLike<number>, denominators: ArrayLike<number>, level = defaultLevel): Estimate | null {
  const s = sums(numerators, denominators);
  checkLevel(level);
  if (!s || s.bottom === 0) return null;
  const value = s.top / s.bottom;
  const variance = Math.max(0, s.vt - 2 * value * s.vtb + value * value * s.vb) / (s.bottom * s.bottom);
  const half = studentQuantile(1 - (1 - level) / 2, s.n - 1) * Math.sqrt(variance);
  return { value, low: value - half, high: value + half, n: s.n };
}

/**
 * The same ratio by Fieller's theorem (Fieller 1954), right also for a noisy denominator. Null below two units, for a zero
 * denominator, and where the denominator doesn't differ from zero at this level, so that the interval is unbounded.
 */
export function fieller(numerators: ArrayLike<number>, denominators: ArrayLike<number>, level = defaultLevel): Estimate | null {
  const s = sums(numerators, denominators);
  checkLevel(level);
  if (!s || s.bottom === 0) return null;
  const t2 = studentQuantile(1 - (1 - level) / 2, s.n - 1) ** 2;
  const a = s.bottom ** 2 - t2 * s.vb;
  if (!(a > 0)) return null;
  const b = s.top * s.bottom - t2 * s.vtb;
  const c = s.top ** 2 - t2 * s.vt;
  const half = Math.sqrt(Math.max(0, b * b - a * c)) / a;
  return { value: s.top / s.bottom, low: b / a - half, high: b / a + half, n: s.n };
}
