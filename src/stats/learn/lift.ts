import { checkFinite, checkSameLength, defaultLevel, type Estimate } from '../estimate.ts';
import { proportion } from '../proportion.ts';
import { checkClasses } from './features.ts';

export interface Lift {
  /** Share of class 1 in the top over that in all rows, with its interval. */
  lift: Estimate;
  /** Share of all rows of class 1 that the top holds, Wilson's interval. */
  captured: Estimate;
  /** Share of class 1 in the top. */
  precision: number;
  /** Rows in the top. */
  n: number;
}

/** How much of each row is in the top `share` of rows by score: 1, 0, or for the rows that tie at its end what is left for each. */
function topRows(scores: ArrayLike<number>, share: number): { part: Float64Array; size: number } {
  checkFinite('scores', scores);
  if (!(share > 0 && share <= 1)) throw new RangeError(`share: expected a number above 0, at most 1, found ${share}`);
  const n = scores.length;
  const size = Math.min(n, Math.max(1, Math.round(share * n)));
  const end = Float64Array.from(scores).sort()[n - size]!;
  let [above, ties] = [0, 0];
  for (let i = 0; i < n; i++) {
    if (scores[i]! > end) above++;
    else if (scores[i] === end) ties++;
  }
  const tied = ties > 0 ? (size - above) / ties : 0;
  return { part: Float64Array.from({ length: n }, (_, i) => (scores[i]! > end ? 1 : scores[i] === end ? tied : 0)), size };
}

/**
 * Lift of the top rows by score: how many times as often they are of class 1 as all rows. Ties at the end of the top count in part, as if
 * drawn. The interval is Wilson's for the share captured. Null without rows or without one of class 1.
 * @param share of all rows that is the top: 0.1 for a tenth.
 * @throws RangeError for a score that isn't finite, a share outside 0 to 1, or a class other than 0 and 1.
 */
export function liftAt(scores: ArrayLike<number>, y: ArrayLike<number>, share: number, level = defaultLevel): Lift | null {
  const n = scores.length;
  checkClasses(y, n);
  if (n === 0) return null;
  const { part, size } = topRows(scores, share);
  let [hits, ones] = [0, 0];
  for (let i = 0; i < n; i++) {
    ones += y[i]!;
    hits += part[i]! * y[i]!;
  }
  if (ones === 0) return null;
  const { low, high } = proportion(Math.round(hits), ones, level)!;
  const captured = { value: hits / ones, low: Math.min(low, hits / ones), high: Math.max(high, hits / ones), n: ones };
  const scale = n / size;
  return {
    ...{ captured, precision: hits / size, n: size },
    lift: { value: captured.value * scale, low: captured.low * scale, high: captured.high * scale, n },
  };
}

/**
 * Share of a total that the top rows by score hold, ties at the end of the top in part. Null where the total isn't above 0.
 * @throws RangeError as `liftAt`, and for an amount that isn't finite.
 */
export function capturedAmount(scores: ArrayLike<number>, amounts: ArrayLike<number>, share: number): number | null {
  checkSameLength('scores and amounts', scores, amounts);
  checkFinite('amounts', amounts);
  if (scores.length === 0) return null;
  const { part } = topRows(scores, share);
  let [inTop, all] = [0, 0];
  for (let i = 0; i < scores.length; i++) {
    all += amounts[i]!;
    inTop += part[i]! * amounts[i]!;
  }
  return all > 0 ? inTop / all : null;
}
