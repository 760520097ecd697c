import { checkCount } from '../estimate.ts';
import { random } from '../random.ts';
import { ets } from './ets.ts';
import { type Band, bandOf, bandsOf, type Futures, sumsOf, widened } from './futures.ts';
import type { Method, Period } from './method.ts';
import { drift, leastDifferences, seasonalNaive } from './naive.ts';
import { type Judged, judge, type TrackRecord, type Trial } from './rolling.ts';

export interface ForecastOptions {
  seed: number;
  /** Points in a year (52 weeks, 12 months, 4 quarters) or a week (7 days); null for no season. */
  period: Period | null;
  /** Steps ahead, at most a period (52 without one). */
  horizon?: number;
  /** Futures drawn. */
  paths?: number;
  /** At most so many origins to judge from. */
  origins?: number;
}

export interface Forecast extends Futures {
  /** A band a step. */
  steps: Band[];
  /** Of the sum over the horizon. */
  total: Band;
  /** Name of the method chosen: the least error over the origins; the baseline where there was nothing to judge by. */
  method: string;
  /** What was fitted, in words. */
  words: string;
  /** Factor by which intervals were widened, as they had held too few of the points judged; 1 where they hadn't. */
  widening: number;
  /** Every method that was judged, the baseline first. */
  records: TrackRecord[];
  /** Steps judged ahead of each origin, and the origins. */
  judged: { horizon: number; origins: number };
  /** Known values. */
  n: number;
}

const fewest = 6;

/**
 * Forecasts a series: the seasonal naive value (the last value, where a period isn't known yet), the walk with drift, and exponential
 * smoothing without and with a season, the one with the least error over rolling origins. Needs six known values. A season is modelled
 * from two periods and a horizon on, so that it is judged, too.
 * @param values oldest first, equally spaced, complete periods only; null where one is missing.
 * @returns null for too short a series. Futures hold the uncertainty of the method's parameters, widened where its intervals held too little over
 * the origins; they can't hold what never happened before. `records` are of the intervals as they were before.
 * @throws RangeError when a value is neither null nor finite, and for a horizon out of range.
 */
export function forecast(values: readonly (number | null)[], options: ForecastOptions): Forecast | null {
  const { seed, period } = options;
  const horizon = checkCount('horizon', options.horizon ?? 13, 1);
  if (horizon > (period ?? 52) && horizon > 13) throw new RangeError(`horizon: expected at most ${period ?? 52} steps, found ${horizon}`);
  const paths = checkCount('paths', options.paths ?? 4000, 100);
  const known = Float64Array.from(values, (value, i) => {
    if (value === null) return Number.NaN;
    if (!Number.isFinite(value)) throw new RangeError(`values[${i}]: expected a finite number or null, found ${value}`);
    return value;
  });
  const first = known.findIndex((value) => !Number.isNaN(value));
  const series = known.subarray(Math.max(0, first));
  const n = series.reduce((count, value) => (Number.isNaN(value) ? count : count + 1), 0);
  if (n < fewest) return null;
  const { methods, trial } = plan(series.length, period, horizon, options.origins ?? 12, seed);
  const judged = judge(series, methods, trial);
  const fitting = judged.filter(({ fitted }) => fitted !== null);
  if (fitting.length === 0) return null;
  const error = ({ record }: Judged) => record.mase ?? Number.POSITIVE_INFINITY;
  const { record, fitted, widening } = fitting.reduce((a, b) => (error(b) < error(a) ? b : a));
  const drawn = { paths: fitted!.simulate(horizon, paths, random(seed, `forecast by ${record.name}`)), horizon };
  const futures = widened(drawn, widening);
  return {
    ...futures,
    steps: bandsOf(futures),
    total: bandOf(sumsOf(futures)),
    method: record.name,
    words: fitted!.words,
    widening,
    records: judged.map((one) => one.record),
    judged: { horizon: trial.horizon, origins: trial.origins.length },
    n,
  };
}

/** The methods that so long a series allows, and the origins that all of them can be judged from. */
function plan(length: number, period: Period | null, horizon: number, most: number, seed: number): { methods: Method[]; trial: Trial } {
  const needed = (period ?? 0) + Math.min(leastDifferences, period ?? leastDifferences);
  const isRepeated = period !== null && length - horizon >= needed;
  const isSeasonal = period !== null && length - horizon >= 2 * period;
  const lag = isRepeated ? period : 1;
  const methods = [
    isRepeated ? seasonalNaive(period, 'seasonal naive') : seasonalNaive(1, 'naive'),
    drift,
    ets(null, 'exponential smoothing'),
  ];
  if (isSeasonal) methods.push(ets(period, 'seasonal exponential smoothing'));
  const least = isSeasonal ? 2 * period : isRepeated ? needed : 8;
  // A short series is judged by fewer steps ahead.
  const ahead = Math.min(horizon, Math.max(1, Math.floor((length - least) / 2)));
  const last = length - ahead;
  const from = Math.max(least, last - 2 * (period ?? 26));
  const count = Math.max(0, Math.min(most, last - from + 1));
  const origins = Array.from({ length: count }, (_, i) => (count === 1 ? last : Math.round(from + ((last - from) * i) / (count - 1))));
  return { methods, trial: { origins, horizon: ahead, lag, seed } };
}
