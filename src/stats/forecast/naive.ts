import { moments } from '../mean.ts';
import type { Fitted, Method } from './method.ts';
import { floorOf } from './method.ts';

/** No seasonal naive forecast from fewer differences. */
export const leastDifferences = 8;

/**
 * The value one period ago (Hyndman & Athanasopoulos, Forecasting, 3rd ed., 5.2), with errors of the size of the past differences
 * over one period. These follow one another as an autoregression of order one, so that sums over a horizon are as uncertain as a
 * moved level makes them. From a second period on, errors of both add.
 * @param lag points in a period; 1 for the last value.
 */
export function seasonalNaive(lag: number, name: string): Method {
  return { name, fit: (values, ends) => ends.map((end) => fitNaive(values.subarray(0, end), lag, name)) };
}

function fitNaive(values: Float64Array, lag: number, name: string): Fitted | null {
  const n = values.length;
  const differences = values.slice(lag).map((value, t) => value - values[t]!);
  const known = differences.filter((d) => !Number.isNaN(d));
  if (known.length < Math.min(lag, leastDifferences - 3) + 3) return null;
  // The last known value at each point of the period.
  const last = Float64Array.from({ length: lag }, (_, j) => {
    for (let t = n - lag + j; t >= 0; t -= lag) if (!Number.isNaN(values[t]!)) return values[t]!;
    return Number.NaN;
  });
  if (last.some(Number.isNaN)) return null;
  let [squares, products, pairs] = [0, 0, 0];
  for (const d of known) squares += d * d;
  for (let t = 1; t < differences.length; t++) {
    const product = differences[t]! * differences[t - 1]!;
    if (Number.isNaN(product)) continue;
    products += product;
    pairs++;
  }
  const variance = squares / known.length;
  // For lag 1 differences are innovations of a walk; for a longer one they share their level.
  const carry = lag > 1 && variance > 0 && pairs > 0 ? Math.min(0.97, Math.max(0, products / pairs / variance)) : 0;
  const floor = floorOf(values);
  return {
    words: name,
    simulate(horizon, paths, random) {
      const out = new Float64Array(paths * horizon);
      const df = known.length;
      for (let path = 0; path < paths; path++) {
        const sd = Math.sqrt(squares / (2 * random.gamma(df / 2)));
        const base = Float64Array.from(last);
        let error = sd * random.normal();
        for (let h = 0; h < horizon; h++) {
          if (h > 0) error = carry * error + Math.sqrt(1 - carry * carry) * sd * random.normal();
          base[h % lag]! += error;
          out[path * horizon + h] = Math.max(floor, base[h % lag]!);
        }
      }
      return out;
    },
  };
}

/** The last value moved on by the mean change, a random walk with drift (Hyndman & Athanasopoulos, 3rd ed., 5.2), its drift uncertain. */
export const drift: Method = { name: 'drift', fit: (values, ends) => ends.map((end) => fitDrift(values.subarray(0, end))) };

function fitDrift(values: Float64Array): Fitted | null {
  const at = values.findLastIndex((value) => !Number.isNaN(value));
  const from = values.findIndex((value) => !Number.isNaN(value));
  const { n, mean, variance } = moments(
    values
      .slice(1)
      .map((value, t) => value - values[t]!)
      .filter((d) => !Number.isNaN(d)),
  );
  if (mean === null || variance === null || n < 3 || at <= from) return null;
  const slope = (values[at]! - values[from]!) / (at - from);
  const floor = floorOf(values);
  return {
    words: 'a random walk with drift',
    simulate(horizon, paths, random) {
      const out = new Float64Array(paths * horizon);
      for (let path = 0; path < paths; path++) {
        const sd = Math.sqrt((variance * (n - 1)) / (2 * random.gamma((n - 1) / 2)));
        const step = slope + (sd / Math.sqrt(n)) * random.normal();
        let value = values[at]! + slope * (values.length - 1 - at);
        for (let h = 0; h < horizon; h++) {
          value += step + sd * random.normal();
          out[path * horizon + h] = Math.max(floor, value);
        }
      }
      return out;
    },
  };
}
