import { median } from './mean.ts';

/** How sigma is taken from the moving ranges: mean × 2.66, or median × 3.145 (less moved by single spikes). */
export type MovingRange = 'mean' | 'median';

export interface XmrLimits {
  centre: number;
  low: number;
  high: number;
  /** A third of the distance from centre to limit. */
  sigma: number;
  /** Baseline points. */
  n: number;
}

export interface XmrPoint {
  value: number | null;
  /** Limits from the points before this one; null while there are too few. */
  limits: XmrLimits | null;
  standing: 'above' | 'inside' | 'below' | 'unknown';
}

export interface XmrSignal {
  /** Position of the point that completes the signal. */
  index: number;
  /** `limit`: beyond a limit. `run`: the last of a run on one side of the centre of the points before the run. */
  rule: 'limit' | 'run';
  direction: 'above' | 'below';
  /** First point of the run; `index` for a limit signal. */
  from: number;
}

export interface Xmr {
  points: XmrPoint[];
  signals: XmrSignal[];
  /** Limits for the point that comes next. */
  next: XmrLimits | null;
  /** Where limits were started anew: each a `from` of a run signal; empty with `rescale` 'never'. */
  restarts: number[];
  /** Points that had limits to be judged by. */
  tested: number;
}

export interface XmrOptions {
  /** At most so many points before the judged one make its limits. */
  baseline?: number;
  /** No limits from fewer points. */
  minBaseline?: number;
  movingRange?: MovingRange;
  /** Points in a row on one side that make a signal. */
  run?: number;
  /** `run`: a run signal starts a new baseline at the run's first point, as the process has shifted. `never`: limits just roll. */
  rescale?: 'run' | 'never';
  /** Natural bounds of the measure: 0 for counts, 0 and 1 for shares. */
  floor?: number;
  ceiling?: number;
}

/**
 * Limits of an individuals and moving range chart: centre ± 2.66 × mean moving range, or ± 3.145 × median moving range
 * (Wheeler, Understanding Variation, 2000; constants 3/d₂ = 3/1.128 and 3/0.954 for n = 2). Missing points are left out, and with
 * them the ranges across the gap. Where the median range is 0 the mean is used. Null below two points or without a range.
 */
export function xmrLimits(
  values: readonly (number | null)[],
  { movingRange = 'mean', floor, ceiling }: Pick<XmrOptions, 'movingRange' | 'floor' | 'ceiling'> = {},
): XmrLimits | null {
  const known = values.filter((value) => value !== null);
  const ranges: number[] = [];
  values.forEach((value, i) => {
    const before = values[i - 1] ?? null;
    if (value !== null && before !== null) ranges.push(Math.abs(value - before));
  });
  if (known.length < 2 || ranges.length === 0) return null;
  const centre = known.reduce((sum, value) => sum + value, 0) / known.length;
  const middle = movingRange === 'median' ? median(ranges)! * 3.145 : 0;
  const reach = middle > 0 ? middle : (2.66 * ranges.reduce((sum, value) => sum + value, 0)) / ranges.length;
  return {
    centre,
    low: Math.max(centre - reach, floor ?? Number.NEGATIVE_INFINITY),
    high: Math.min(centre + reach, ceiling ?? Number.POSITIVE_INFINITY),
    sigma: reach / 3,
    n: known.length,
  };
}

/**
 * Judges each point of a series, oldest first, against limits made only of points before it. A run is judged against the centre of
 * the points before the run. A baseline without any variation gives no standing but to points equal to it. After a signal, points
 * stay in the baseline (Wheeler); only a run signal restarts it, with `rescale` 'run' (the default).
 * @throws RangeError when a value is neither null nor finite.
 */
export function xmr(values: readonly (number | null)[], options: XmrOptions = {}): Xmr {
  const { baseline = 52, minBaseline = 8, run = 8, rescale = 'run' } = options;
  values.forEach((value, i) => {
    if (value !== null && !Number.isFinite(value)) throw new RangeError(`values[${i}]: expected a finite number or null, found ${value}`);
  });
  const points: XmrPoint[] = [];
  const signals: XmrSignal[] = [];
  const restarts: number[] = [];
  let start = 0;
  const before = (end: number) => {
    const window: (number | null)[] = [];
    let known = 0;
    for (let i = end - 1; i >= start && known < baseline; i--) {
      window.unshift(values[i]!);
      if (values[i] !== null) known++;
    }
    return known >= minBaseline ? xmrLimits(window, options) : null;
  };
  values.forEach((value, index) => {
    const limits = before(index);
    const standing = stand(value, limits);
    points.push({ value, limits, standing });
    if (standing === 'above' || standing === 'below') signals.push({ index, rule: 'limit', direction: standing, from: index });
    if (value === null) return;
    const from = runStart(values, index, run, start);
    const centre = from === null ? null : before(from)?.centre;
    if (from === null || centre === null || centre === undefined) return;
    const members = values.slice(from, index + 1).filter((member) => member !== null);
    const direction = members.every((member) => member > centre) ? 'above' : members.every((member) => member < centre) ? 'below' : null;
    if (!direction) return;
    const reported = signals.some((signal) => signal.rule === 'run' && signal.direction === direction && signal.index >= from);
    if (!reported) signals.push({ index, rule: 'run', direction, from });
    if (rescale === 'run') {
      start = from;
      restarts.push(from);
    }
  });
  return { points, signals, next: before(values.length), restarts, tested: points.filter(({ standing }) => standing !== 'unknown').length };
}

function stand(value: number | null, limits: XmrLimits | null): XmrPoint['standing'] {
  if (value === null || limits === null) return 'unknown';
  if (limits.sigma === 0) return value === limits.centre ? 'inside' : 'unknown';
  return value > limits.high ? 'above' : value < limits.low ? 'below' : 'inside';
}

/** Where the last `run` known points up to `index` begin, or null when the segment holds fewer. */
function runStart(values: readonly (number | null)[], index: number, run: number, start: number): number | null {
  let known = 0;
  for (let i = index; i >= start; i--) {
    if (values[i] !== null) known++;
    if (known === run) return i;
  }
  return null;
}
