import { normalQuantile, normalTwoSided } from '#stats/distribution.ts';
import { benjaminiHochberg } from '#stats/multiple.ts';
import type { Method } from './holdout.ts';
import { type Calibration, daysAWeek } from './input.ts';

/** Customers of one class with what they bought in the holdout, and were expected to, each. */
export interface Agreement {
  /** Class, as printed. */
  label: string;
  /** Mean of what the classes are made by. */
  at: number;
  customers: number;
  actual: number;
  low: number;
  high: number;
  expected: number;
  /** Chance of such a difference where the expectation is right. */
  p: number;
}

/** Smaller classes join their neighbour. */
export const leastInClass = 30;

interface Class {
  from: number;
  to: number;
}

/** Classes of equal customers as near as may be, whole numbers, from a list of first values. */
function agreements(
  key: (i: number) => number,
  starts: readonly number[],
  { weight, later }: Calibration,
  { predicted }: Method,
  show: (one: Class) => string,
): Agreement[] {
  const classes = starts.map((from, k) => ({ from, to: starts[k + 1] ?? Number.POSITIVE_INFINITY, ...empty }));
  for (let i = 0; i < weight.length; i++) {
    const value = key(i);
    const one = classes.findLast(({ from }) => value >= from);
    if (!one) continue;
    one.n += weight[i]!;
    one.keys += weight[i]! * value;
    one.sum += weight[i]! * later[i]!;
    one.squares += weight[i]! * later[i]! ** 2;
    one.expected += weight[i]! * predicted[i]!;
  }
  const kept: typeof classes = [];
  for (const one of classes) {
    const before = kept.at(-1);
    if (before && (before.n < leastInClass || (one.n < leastInClass && one.n > 0))) {
      kept[kept.length - 1] = {
        ...{ from: before.from, to: one.to, n: before.n + one.n, keys: before.keys + one.keys, sum: before.sum + one.sum },
        ...{ squares: before.squares + one.squares, expected: before.expected + one.expected },
      };
    } else if (one.n > 0) kept.push(one);
  }
  const z = normalQuantile(0.975);
  return kept
    .filter(({ n }) => n >= leastInClass)
    .map(({ from, to, n, keys, sum, squares, expected }) => {
      const actual = sum / n;
      // At least the noise of a Poisson count of one more: a class in which nobody bought isn't known to be nought.
      const variance = Math.max((squares - sum * actual) / (n - 1), (sum + 1) / n / n);
      const error = Math.sqrt(variance / n);
      const half = z * error;
      return {
        ...{ label: show({ from, to }), at: keys / n, customers: n, actual, low: Math.max(0, actual - half), high: actual + half },
        ...{ expected: expected / n, p: normalTwoSided((actual - expected / n) / error) },
      };
    });
}

const empty = { n: 0, keys: 0, sum: 0, squares: 0, expected: 0 };

/** Classes are called from this relative difference on. */
export const differenceFloor = 0.1;

/** Of all classes those that bought otherwise than expected: beyond chance, adjusted for their number, and by a tenth or more. */
export function called(classes: readonly Agreement[]): Agreement[] {
  const adjusted = benjaminiHochberg(classes.map(({ p }) => p));
  return classes.filter(
    ({ actual, expected }, i) => adjusted[i]! <= falseDiscovery && Math.abs(actual - expected) >= differenceFloor * expected,
  );
}

const falseDiscovery = 0.05;

/** By repeat purchases before the cut-off. */
export function byFrequency(calibration: Calibration, method: Method, show: (one: Class) => string): Agreement[] {
  return agreements((i) => calibration.x[i]!, [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 13, 17], calibration, method, show);
}

/** By whole weeks from the last purchase to the cut-off. */
export function byRecency(calibration: Calibration, method: Method, show: (one: Class) => string): Agreement[] {
  const weeks = (i: number) => Math.floor((calibration.days[i]! - calibration.txDays[i]!) / daysAWeek);
  return agreements(weeks, [0, 2, 4, 8, 13, 20, 26, 39, 52, 78, 104, 156, 208], calibration, method, show);
}
