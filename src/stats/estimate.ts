/** A value with its interval: `low` ≤ `high`, in the unit of the value; `n` observations behind it. */
export interface Estimate {
  value: number;
  low: number;
  high: number;
  n: number;
}

/** Two-sided confidence level of every interval here, unless told otherwise. */
export const defaultLevel = 0.95;

/** @throws RangeError when `level` isn't strictly between 0 and 1. */
export function checkLevel(level: number): number {
  if (!(level > 0 && level < 1)) throw new RangeError(`level: expected a number strictly between 0 and 1, found ${level}`);
  return level;
}

/** @throws RangeError when `value` isn't a whole number of at least `least`. */
export function checkCount(name: string, value: number, least = 0): number {
  if (!Number.isSafeInteger(value) || value < least) {
    throw new RangeError(`${name}: expected a whole number of at least ${least}, found ${value}`);
  }
  return value;
}

/** @throws RangeError when one of `values` isn't a finite number. */
export function checkFinite(name: string, values: ArrayLike<number>): void {
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) throw new RangeError(`${name}[${i}]: expected a finite number, found ${values[i]}`);
  }
}

/** @throws RangeError when the two arrays differ in length. */
export function checkSameLength(name: string, a: ArrayLike<unknown>, b: ArrayLike<unknown>): void {
  if (a.length !== b.length) throw new RangeError(`${name}: expected two arrays of the same length, found ${a.length} and ${b.length}`);
}
