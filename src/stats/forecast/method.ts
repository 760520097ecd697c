import type { Random } from '../random.ts';

/** Points in a year (52 weeks, 12 months, 4 quarters) or in a week (7 days). */
export type Period = 52 | 12 | 7 | 4;

/** Points in a cycle: a year has a little more than 52 weeks. */
export const cycleOf = (period: Period) => (period === 52 ? 365.25 / 7 : period);

/** A fitted method: futures that it holds possible, its parameters' uncertainty included. */
export interface Fitted {
  /** What was fitted, in words. */
  words: string;
  /** paths × horizon row-major, on the scale of the values. Paths of one row belong together, so that sums over them are sums of one future. */
  simulate(horizon: number, paths: number, random: Random): Float64Array;
}

/** A way to forecast, fitted to the first `end` points for each of `ends`; null where they are too few. */
export interface Method {
  name: string;
  /** @param values NaN where missing. @param ends ascending. */
  fit(values: Float64Array, ends: readonly number[]): (Fitted | null)[];
}

/** 0 where no known value is negative: no future falls below it. */
export function floorOf(values: Float64Array): number {
  for (const value of values) if (value < 0) return Number.NEGATIVE_INFINITY;
  return 0;
}
