import { normalQuantile } from '../distribution.ts';
import { checkLevel, defaultLevel, type Estimate } from '../estimate.ts';
import { moments } from '../mean.ts';
import { checkClasses } from './features.ts';

export interface Loss extends Estimate {
  /** 1 less the loss over that of stating the share of class 1 for every row; null where that is 0. */
  skill: number | null;
}

/** Mean of a loss a row with its normal interval, and the skill against `plain`, the same loss of the base rate. */
function judged(losses: Float64Array, plain: number, level: number): Loss | null {
  const { n, mean, variance } = moments(losses);
  if (mean === null || variance === null) return null;
  const half = normalQuantile(1 - (1 - checkLevel(level)) / 2) * Math.sqrt(variance / n);
  return { value: mean, low: Math.max(0, mean - half), high: mean + half, n, skill: plain > 0 ? 1 - mean / plain : null };
}

/** @throws RangeError for a chance outside 0 to 1 or a class other than 0 and 1. */
export function checkChances(chances: ArrayLike<number>, y: ArrayLike<number>): void {
  for (let i = 0; i < chances.length; i++) {
    if (!(chances[i]! >= 0 && chances[i]! <= 1)) throw new RangeError(`chances[${i}]: expected a number from 0 to 1, found ${chances[i]}`);
  }
  checkClasses(y, chances.length);
}

const shareOf = (y: ArrayLike<number>) => {
  let ones = 0;
  for (let i = 0; i < y.length; i++) ones += y[i]!;
  return ones / y.length;
};

/**
 * Brier score: mean squared distance of the chance stated from what came (Brier 1950). Null below two rows.
 * @throws RangeError for a chance outside 0 to 1 or a class other than 0 and 1.
 */
export function brier(chances: ArrayLike<number>, y: ArrayLike<number>, level = defaultLevel): Loss | null {
  checkChances(chances, y);
  const share = shareOf(y);
  return judged(
    Float64Array.from({ length: y.length }, (_, i) => (chances[i]! - y[i]!) ** 2),
    share * (1 - share),
    level,
  );
}

/**
 * Log loss: mean of −ln of the chance given to what came, chances cut at `least` from either end. Null below two rows.
 * @throws RangeError as `brier`.
 */
export function logLoss(chances: ArrayLike<number>, y: ArrayLike<number>, level = defaultLevel, least = 1e-15): Loss | null {
  checkChances(chances, y);
  const share = shareOf(y);
  const entropy = share > 0 && share < 1 ? -share * Math.log(share) - (1 - share) * Math.log1p(-share) : 0;
  return judged(
    Float64Array.from(
      { length: y.length },
      (_, i) => -Math.log(Math.min(1 - least, Math.max(least, y[i] ? chances[i]! : 1 - chances[i]!))),
    ),
    entropy,
    level,
  );
}
