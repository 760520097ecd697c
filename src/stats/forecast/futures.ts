import { checkCount, type Estimate } from '../estimate.ts';
import { quantileSorted } from '../mean.ts';
import { proportion } from '../proportion.ts';

/** A forecast's median and its 80 and 95% intervals. */
export interface Band {
  /** As likely to be exceeded as not. Medians don't add up: a sum has a band of its own. */
  value: number;
  low80: number;
  high80: number;
  low95: number;
  high95: number;
}

/** Futures drawn from a forecast. */
export interface Futures {
  /** paths × horizon row-major, in the unit of the values; a row is one future. */
  paths: Float64Array;
  horizon: number;
}

/** Steps ahead, from 1: `from` to `to`, both included. */
export interface Steps {
  from: number;
  to: number;
}

/** Median and intervals of any numbers drawn. @throws RangeError when one isn't finite. */
export function bandOf(draws: ArrayLike<number>): Band {
  const ascending = Float64Array.from(draws).sort();
  const at = (q: number) => quantileSorted(ascending, q)!;
  return { value: at(0.5), low80: at(0.1), high80: at(0.9), low95: at(0.025), high95: at(0.975) };
}

/** The band of each step, 1 to the horizon. */
export function bandsOf({ paths, horizon }: Futures): Band[] {
  return Array.from({ length: horizon }, (_, h) =>
    bandOf(Float64Array.from({ length: paths.length / horizon }, (_, i) => paths[i * horizon + h]!)),
  );
}

/** The sum over steps, in each future. @throws RangeError unless 1 ≤ from ≤ to ≤ horizon. */
export function sumsOf({ paths, horizon }: Futures, steps: Steps = { from: 1, to: horizon }): Float64Array {
  checkCount('from', steps.from, 1);
  checkCount('to', steps.to, steps.from);
  if (steps.to > horizon) throw new RangeError(`to: expected at most the horizon (${horizon}), found ${steps.to}`);
  return Float64Array.from({ length: paths.length / horizon }, (_, i) => {
    let total = 0;
    for (let h = steps.from - 1; h < steps.to; h++) total += paths[i * horizon + h]!;
    return total;
  });
}

/**
 * Chance that a sum over steps, added to what is already there, reaches a target.
 * @param already the part that is known (a quarter's weeks that are over), in the unit of the values.
 * @returns share of the futures that reach it; the interval is what the number of draws leaves open, not what the model does.
 * @throws RangeError for steps outside the horizon and a target that isn't finite.
 */
export function chanceOfTarget(futures: Futures, target: number, steps?: Steps, already = 0): Estimate {
  if (!Number.isFinite(target)) throw new RangeError(`target: expected a finite number, found ${target}`);
  if (!Number.isFinite(already)) throw new RangeError(`already: expected a finite number, found ${already}`);
  const sums = sumsOf(futures, steps);
  const reached = sums.reduce((count, total) => count + (already + total >= target ? 1 : 0), 0);
  return proportion(reached, sums.length)!;
}

/**
 * Futures this factor farther from the median of their step: above it by difference, below it by ratio where all are positive, so that
 * they stay positive.
 * @param factor 1 leaves them as they are.
 */
export function widened(futures: Futures, factor: number): Futures {
  if (factor === 1) return futures;
  const { paths, horizon } = futures;
  const middle = bandsOf(futures).map(({ value }) => value);
  const isPositive = paths.every((value) => value > 0);
  const moved = paths.map((value, i) => {
    const median = middle[i % horizon]!;
    return isPositive && value < median ? median * (value / median) ** factor : median + factor * (value - median);
  });
  const floor = paths.every((value) => value >= 0) ? 0 : Number.NEGATIVE_INFINITY;
  return { horizon, paths: moved.map((value) => Math.max(floor, value)) };
}
