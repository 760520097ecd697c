import { normalQuantile } from '../distribution.ts';
import { sum } from '../mean.ts';
import { random } from '../random.ts';
import { naiveScale } from './accuracy.ts';
import { type Band, bandsOf } from './futures.ts';
import type { Fitted, Method } from './method.ts';

/** How a method did on points that it hadn't seen. */
export interface TrackRecord {
  name: string;
  /** Mean absolute scaled error over all origins and steps; null where nothing could be judged. */
  mase: number | null;
  /** Share of points inside the intervals. */
  covered80: number | null;
  covered95: number | null;
  /** Points judged. */
  n: number;
}

/** What the methods are judged by: forecasts from these numbers of points, so many steps ahead. */
export interface Trial {
  origins: number[];
  horizon: number;
  /** Points in a period, for the scale; 1 without a season. */
  lag: number;
  seed: number;
}

const paths = 600;

/** A method, its record, and its fit to the whole series; null where that is too short for it. */
export interface Judged {
  record: TrackRecord;
  /** Factor by which its intervals must be widened to have held what they say; 1 where they did, within chance. */
  widening: number;
  fitted: Fitted | null;
}

/**
 * Rolling origins (Tashman 2000; Hyndman & Athanasopoulos, 3rd ed., 5.10): each method is fitted anew to the points before each
 * origin and judged by those after it. Errors are those of the forecast's median, scaled by the naive error before the origin.
 */
export function judge(values: Float64Array, methods: readonly Method[], trial: Trial): Judged[] {
  const measure = trial.origins.map((origin) => naiveScale(values.subarray(0, origin), trial.lag));
  return methods.map((method) => {
    const fits = method.fit(values, [...trial.origins, values.length]);
    return { ...tried(values, method.name, fits, measure, trial), fitted: fits.at(-1)! };
  });
}

function tried(
  values: Float64Array,
  name: string,
  fits: readonly (Fitted | null)[],
  measure: readonly (number | null)[],
  { origins, horizon, seed }: Trial,
): Omit<Judged, 'fitted'> {
  const reaches: number[] = [];
  let [errors, inside80, inside95, n, scaled] = [0, 0, 0, 0, 0];
  origins.forEach((origin, i) => {
    const fitted = fits[i];
    if (!fitted) return;
    const futures = { paths: fitted.simulate(horizon, paths, random(seed, `${name} from ${origin}`)), horizon };
    bandsOf(futures).forEach((band, h) => {
      const actual = values[origin + h]!;
      if (Number.isNaN(actual)) return;
      n++;
      reaches.push(reachOf(actual, band));
      if (band.low80 <= actual && actual <= band.high80) inside80++;
      if (band.low95 <= actual && actual <= band.high95) inside95++;
      const unit = measure[i] ?? null;
      if (unit === null) return;
      scaled++;
      errors += Math.abs(actual - band.value) / unit;
    });
  });
  const record = {
    name,
    mase: scaled > 0 ? errors / scaled : null,
    covered80: n > 0 ? inside80 / n : null,
    covered95: n > 0 ? inside95 / n : null,
    n,
  };
  return { record, widening: wideningOf(reaches, inside95, origins.length) };
}

/** Distance from the median, in half widths of the 95% interval on that side. */
function reachOf(actual: number, { value, low95, high95 }: Band): number {
  const [gap, half] = actual >= value ? [actual - value, high95 - value] : [value - actual, value - low95];
  return gap === 0 ? 0 : gap / half;
}

const fewestOrigins = 6;
const widest = 3;
/** Standard deviations in half a 95% interval. */
const normal95 = normalQuantile(0.975);

/** Errors of one origin hang together: they count as two. */
function wideningOf(reaches: readonly number[], inside: number, origins: number): number {
  if (origins < fewestOrigins || reaches.length === 0) return 1;
  const slack = 1.64 * Math.sqrt((0.95 * 0.05) / (2 * origins));
  if (inside / reaches.length >= 0.95 - slack) return 1;
  const squares = reaches.map((reach) => Math.min(reach, widest) ** 2);
  return Math.max(1, normal95 * Math.sqrt(sum(squares) / squares.length));
}
