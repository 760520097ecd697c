import { normalCdf, normalQuantile } from './distribution.ts';
import { checkCount, checkLevel, checkSameLength, defaultLevel, type Estimate } from './estimate.ts';
import { quantileSorted, sorted, sum } from './mean.ts';
import { random } from './random.ts';

export interface BootstrapOptions {
  seed: number;
  /** Names the use, so that two intervals of one run don't share their draws. */
  label: string;
  resamples?: number;
  level?: number;
  /** `bca` corrects for bias and skew (Efron 1987); `percentile` doesn't. */
  method?: 'bca' | 'percentile';
}

/**
 * Bootstrap interval of any statistic over n units, by resampling units (Efron & Tibshirani 1993, 13.3 and 14.3). Acceleration by the
 * jackknife, over at most 200 groups of units. Resamples without a value (null) are left out. Null below two units, without a value
 * for the data, and with fewer than half of the resamples valued.
 * @param n units.
 * @param statistic value of the units at these positions (0 to n − 1, repeated as drawn), or null where there is none.
 */
export function bootstrap(n: number, statistic: (units: Int32Array) => number | null, options: BootstrapOptions): Estimate | null {
  const { seed, label, resamples = 1000, level = defaultLevel, method = 'bca' } = options;
  checkCount('n', n);
  checkCount('resamples', resamples, 20);
  checkLevel(level);
  const everyone = Int32Array.from({ length: n }, (_, i) => i);
  const value = n < 2 ? null : statistic(everyone);
  if (value === null) return null;
  const source = random(seed, label);
  const units = new Int32Array(n);
  const found: number[] = [];
  for (let r = 0; r < resamples; r++) {
    for (let i = 0; i < n; i++) units[i] = source.integer(n);
    const one = statistic(units);
    if (one !== null) found.push(one);
  }
  if (found.length < resamples / 2) return null;
  const ascending = sorted(found);
  const tail = (1 - level) / 2;
  const [from, to] = method === 'bca' ? corrected(ascending, value, tail, acceleration(everyone, statistic)) : [tail, 1 - tail];
  return { value, low: quantileSorted(ascending, from)!, high: quantileSorted(ascending, to)!, n };
}

function corrected(ascending: Float64Array, value: number, tail: number, a: number): [number, number] {
  let below = 0;
  for (const one of ascending) below += one < value ? 1 : one === value ? 0.5 : 0;
  const size = ascending.length;
  const z0 = normalQuantile(Math.min(size - 0.5, Math.max(0.5, below)) / size);
  const at = (z: number) => normalCdf(z0 + (z0 + z) / Math.max(1e-9, 1 - a * (z0 + z)));
  return [at(normalQuantile(tail)), at(-normalQuantile(tail))];
}

function acceleration(everyone: Int32Array, statistic: (units: Int32Array) => number | null): number {
  const n = everyone.length;
  const groups = Math.min(n, 200);
  const left: number[] = [];
  for (let g = 0; g < groups; g++) {
    const one = statistic(everyone.filter((i) => i % groups !== g));
    if (one !== null) left.push(one);
  }
  const middle = sum(left) / left.length;
  const cubes = sum(left.map((one) => (middle - one) ** 3));
  const squares = sum(left.map((one) => (middle - one) ** 2));
  return squares > 0 ? cubes / (6 * squares ** 1.5) : 0;
}

/** Bootstrap interval of the mean. */
export function bootstrapMean(values: ArrayLike<number>, options: BootstrapOptions): Estimate | null {
  return bootstrap(values.length, (units) => total(values, units) / units.length, options);
}

/** Bootstrap interval of a ratio of two sums over the same units; null for a denominator of 0. */
export function bootstrapRatio(numerators: ArrayLike<number>, denominators: ArrayLike<number>, options: BootstrapOptions): Estimate | null {
  checkSameLength('numerators and denominators', numerators, denominators);
  const statistic = (units: Int32Array) => {
    const bottom = total(denominators, units);
    return bottom === 0 ? null : total(numerators, units) / bottom;
  };
  return bootstrap(numerators.length, statistic, options);
}

/** Bootstrap interval of a quantile; percentile method always, as the jackknife fails for quantiles. */
export function bootstrapQuantile(values: ArrayLike<number>, q: number, options: BootstrapOptions): Estimate | null {
  const ascending = sorted(values);
  const statistic = (units: Int32Array) =>
    quantileSorted(
      Float64Array.from(units)
        .sort()
        .map((i) => ascending[i]!),
      q,
    );
  return bootstrap(ascending.length, statistic, { ...options, method: 'percentile' });
}

function total(values: ArrayLike<number>, units: Int32Array): number {
  let result = 0;
  for (let i = 0; i < units.length; i++) result += values[units[i]!]!;
  return result;
}
