import { normalQuantile, normalTwoSided } from '../distribution.ts';
import { checkFinite, checkLevel, defaultLevel, type Estimate } from '../estimate.ts';
import { proportion } from '../proportion.ts';
import { checkClasses } from './features.ts';

interface Placement {
  value: number;
  /** Of each row of class 1 its share of pairs won, then of each row of class 0. */
  ones: Float64Array;
  zeros: Float64Array;
}

/** How many of the ascending values are below `value`, or with `orEqual` at most it. */
function countBelow(ascending: Float64Array, value: number, orEqual: boolean): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle]! < value || (orEqual && ascending[middle] === value)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Of each value the share of the others that it beats, ties a half. */
function sharesWon(values: Float64Array, others: Float64Array): Float64Array {
  const ascending = Float64Array.from(others).sort();
  return values.map((value) => (countBelow(ascending, value, false) + countBelow(ascending, value, true)) / (2 * others.length));
}

function placements(scores: ArrayLike<number>, y: ArrayLike<number>): Placement | null {
  const n = scores.length;
  checkFinite('scores', scores);
  checkClasses(y, n);
  const ones = Float64Array.from(scores).filter((_, i) => y[i] === 1);
  const zeros = Float64Array.from(scores).filter((_, i) => y[i] === 0);
  if (ones.length === 0 || zeros.length === 0) return null;
  const won = sharesWon(ones, zeros);
  const lost = sharesWon(zeros, ones).map((share) => 1 - share);
  return { value: won.reduce((sum, share) => sum + share, 0) / won.length, ones: won, zeros: lost };
}

/** Covariance of two AUCs over the same rows (DeLong, DeLong & Clarke-Pearson 1988). */
function covariance(a: Placement, b: Placement): number {
  const of = (x: Float64Array, y: Float64Array) => {
    if (x.length < 2) return 0.25;
    let total = 0;
    for (let i = 0; i < x.length; i++) total += (x[i]! - a.value) * (y[i]! - b.value);
    return total / (x.length - 1) / x.length;
  };
  return of(a.ones, b.ones) + of(a.zeros, b.zeros);
}

/**
 * Area under the ROC curve: the chance that a row of class 1 has the higher score of a pair, ties a half. DeLong's variance in
 * n log n, the interval on the log-odds (Pepe 2003, 5.2) and so inside 0 to 1; where every pair is won or lost, Wilson's for as many
 * rows as the smaller class has. Null where one of the classes has no row.
 * @throws RangeError for a score that isn't finite or a class other than 0 and 1.
 */
export function auc(scores: ArrayLike<number>, y: ArrayLike<number>, level = defaultLevel): Estimate | null {
  const placed = placements(scores, y);
  if (!placed) return null;
  const z = normalQuantile(1 - (1 - checkLevel(level)) / 2);
  const { value, ones, zeros } = placed;
  const n = ones.length + zeros.length;
  if (value < 1e-12 || value > 1 - 1e-12) {
    const few = Math.min(ones.length, zeros.length);
    const { low, high } = proportion(value > 0.5 ? few : 0, few, level)!;
    return { value: Math.round(value), low, high, n };
  }
  const half = (z * Math.sqrt(covariance(placed, placed))) / (value * (1 - value));
  const odds = Math.log(value / (1 - value));
  const share = (t: number) => 1 / (1 + Math.exp(-t));
  return { value, low: share(odds - half), high: share(odds + half), n };
}

export interface AucTest {
  /** AUC of `b` less that of `a`. */
  difference: number;
  low: number;
  high: number;
  z: number;
  /** Two-sided. */
  p: number;
  n: number;
}

/**
 * Two scores of the same rows: difference of their AUCs with DeLong's interval and test. Null where one of the classes has no row.
 * @throws RangeError as `auc`.
 */
export function compareAuc(a: ArrayLike<number>, b: ArrayLike<number>, y: ArrayLike<number>, level = defaultLevel): AucTest | null {
  const before = placements(a, y);
  const after = placements(b, y);
  if (!before || !after) return null;
  const difference = after.value - before.value;
  const variance = covariance(before, before) + covariance(after, after) - 2 * covariance(before, after);
  const se = Math.sqrt(Math.max(0, variance));
  const isSame = se < 1e-12;
  const half = isSame ? 0 : normalQuantile(1 - (1 - checkLevel(level)) / 2) * se;
  const z = isSame ? 0 : difference / se;
  return { difference, low: difference - half, high: difference + half, z, p: normalTwoSided(z), n: y.length };
}
