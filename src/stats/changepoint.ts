import { studentQuantile } from './distribution.ts';
import { checkCount, checkLevel, defaultLevel, type Estimate } from './estimate.ts';
import { median, sum } from './mean.ts';
import { random } from './random.ts';

export interface ChangepointOptions {
  seed: number;
  /** Points in a year (52 weeks, 12 months) or in a week (7 days), whose season is taken off once two periods are known; null for none. */
  period?: 52 | 12 | 7 | null;
  /** Whether the series may also grow or fall steadily (default). False sees smaller steps in measures that don't: rates, shares. */
  trend?: boolean;
  /** What stands behind each value (orders of an average, sessions of a share): noise is smaller where it is larger. Positive. */
  weights?: readonly number[];
  /** Chance of any changepoint in a series that has none. */
  alpha?: number;
  /** Points between two changepoints, and between one and either end, at least. */
  spacing?: number;
  /** At most so many. */
  most?: number;
  /** Series without a further change that are simulated to judge each. */
  simulations?: number;
}

export interface Changepoint {
  /** First point at the new level. */
  index: number;
  /** The location lies between these points with 95% confidence, both included. */
  from: number;
  to: number;
  /** New level minus old, in the unit of the values, with its 95% interval at this location. */
  step: Estimate;
  /** Share of simulated series without this change that look as much as if they had one. */
  p: number;
}

export interface Changepoints {
  /** By index. */
  changes: Changepoint[];
  /** Tests made: the changes found, and the one that wasn't. */
  tested: number;
  /** Lag-one autocorrelation of what level, trend, season and changes leave. */
  autocorrelation: number;
  /** Change a step that isn't due to changepoints, in the unit of the values; 0 where none was needed. */
  slope: number;
  /** Pairs of harmonics that the season took. */
  harmonics: number;
}

/** Noise of an ARMA(1, 1) process: x = carry · x before + e − forget · e before. */
interface Noise {
  carry: number;
  forget: number;
}

const noises: Noise[] = [
  { carry: 0, forget: 0 },
  ...[0.2, 0.4, 0.6, 0.75, 0.85, 0.92, 0.97, 1].flatMap((carry) => [0, 0.4, 0.7, 0.85].map((share) => ({ carry, forget: share * carry }))),
];

const harmonicsTried = [0, 1, 2, 3, 6, 9];
const cycles = { 52: 365.25 / 7, 12: 12, 7: 7 } as const;
/** Log-likelihood ratio that holds 95% of locations: P(LR ≤ x) = (1 − e^(−x/2))² (Siegmund 1988; Eo & Morley 2015). */
const locationRatio = -2 * Math.log(1 - Math.sqrt(0.95));
const fewest = 16;

/**
 * Shifts of the mean: steps added one by one to a regression on trend and season, each where it raises the likelihood most, with
 * autocorrelated noise (ARMA(1, 1), which holds white noise, autoregression and a noisy random walk) estimated anew for each place, so that
 * drift isn't mistaken for a step (Chen & Liu 1993; Bai 1999). The penalty that a step must beat is the 1 − alpha quantile of the
 * greatest likelihood ratio in series simulated without it. Locations are then moved once more given the others. Single outliers are
 * pulled in first. A pair of opposite steps close to each other can be missed. Noise is held to be as large everywhere: give logarithms of
 * measures that grow manyfold, and then steps are logarithms of ratios.
 * @param values oldest first, equally spaced; null where missing (interpolated; ends are cut).
 * @returns null below 16 known points.
 * @throws RangeError when a value is neither null nor finite, and unless weights are as many as values and positive where a value is known.
 */
export function changepoints(values: readonly (number | null)[], options: ChangepointOptions): Changepoints | null {
  const { seed, period = null, trend = true, alpha = 0.05 } = options;
  const spacing = checkCount('spacing', options.spacing ?? 4, 2);
  const most = checkCount('most', options.most ?? 5);
  const simulations = checkCount('simulations', options.simulations ?? 199, 19);
  checkLevel(alpha);
  const { y: raw, first, known } = filled(values);
  const y = unspiked(raw);
  const weights = rootsOf(options.weights, values, first, y.length);
  const n = y.length;
  if (known < fewest) return null;
  const steps: { at: number; p: number }[] = [];
  const base = [new Float64Array(n).fill(1)];
  if (trend) base.push(Float64Array.from({ length: n }, (_, t) => t / n - 0.5));
  const waves = isFitted(y, weights, base) || period === null || n < 2 * period ? [] : seasonOf(y, weights, base, cycles[period], period);
  const fixed = [...base, ...waves];
  const isOpen = (at: number) => at >= spacing && at <= n - spacing && steps.every((step) => Math.abs(step.at - at) >= spacing);
  let tested = 0;
  while (steps.length < most && n - fixed.length - steps.length > 8) {
    const columns = [...fixed, ...steps.map(({ at }) => stepColumn(n, at))];
    if (isFitted(y, weights, columns)) break;
    const prepared = prepare(columns, weights);
    const found = scan(y, weights, prepared, isOpen);
    if (found.at === null) break;
    tested++;
    const source = random(seed, `changepoint ${steps.length + 1}`);
    let reached = 0;
    for (let s = 0; s < simulations; s++) {
      const noise = simulate(weights, found.noise, source.normal);
      if (scan(noise, weights, prepared, isOpen).ratio >= found.ratio) reached++;
      if ((reached + 1) / (simulations + 1) > alpha) break;
    }
    const p = (reached + 1) / (simulations + 1);
    if (p > alpha) break;
    steps.push({ at: found.at, p });
  }
  return described(y, weights, first, base, waves, steps, spacing, tested);
}

function described(
  y: Float64Array,
  weights: Float64Array,
  first: number,
  base: Float64Array[],
  waves: Float64Array[],
  steps: { at: number; p: number }[],
  spacing: number,
  tested: number,
): Changepoints {
  const n = y.length;
  const fixed = [...base, ...waves];
  for (const step of steps) {
    const others = steps.filter((other) => other !== step);
    const open = (at: number) => at >= spacing && at <= n - spacing && others.every((other) => Math.abs(other.at - at) >= spacing);
    step.at = scan(y, weights, prepare([...fixed, ...others.map(({ at }) => stepColumn(n, at))], weights), open).at ?? step.at;
  }
  steps.sort((a, b) => a.at - b.at);
  const stepColumns = steps.map(({ at }) => stepColumn(n, at));
  const withTrend = regress(y, weights, [...fixed, ...stepColumns]);
  const withoutTrend = regress(y, weights, [base[0]!, ...waves, ...stepColumns]);
  // What the trend costs by AIC it must bring.
  const hasTrend = base.length > 1 && withTrend.logLikelihood - withoutTrend.logLikelihood > 1;
  const fit = hasTrend ? withTrend : withoutTrend;
  const kept = hasTrend ? fixed : [base[0]!, ...waves];
  const changes = steps.map(({ at, p }, i): Changepoint => {
    const others = stepColumns.filter((_, j) => j !== i);
    const { ratios } = scan(y, weights, prepare([...kept, ...others], weights), (t) => t >= spacing && t <= n - spacing);
    const best = Math.max(...ratios);
    let [from, to] = [at, at];
    const between = (t: number) => steps.every((other) => other.at === at || t < other.at === at < other.at);
    for (let t = 0; t < n; t++) {
      if (!between(t) || !(best - ratios[t]! <= locationRatio)) continue;
      from = Math.min(from, t);
      to = Math.max(to, t);
    }
    const j = kept.length + i;
    const value = fit.coefficients[j]!;
    const half = studentQuantile(1 - (1 - defaultLevel) / 2, Math.max(1, n - fit.coefficients.length - 2)) * fit.errors[j]!;
    return { index: first + at, from: first + from, to: first + to, step: { value, low: value - half, high: value + half, n }, p };
  });
  return {
    changes,
    tested,
    autocorrelation: fit.autocorrelation,
    slope: hasTrend ? fit.coefficients[1]! / n : 0,
    harmonics: waves.length / 2,
  };
}

function filled(values: readonly (number | null)[]): { y: Float64Array; first: number; known: number } {
  const known: number[] = [];
  values.forEach((value, i) => {
    if (value === null) return;
    if (!Number.isFinite(value)) throw new RangeError(`values[${i}]: expected a finite number or null, found ${value}`);
    known.push(i);
  });
  const first = known[0] ?? 0;
  const y = new Float64Array(known.length === 0 ? 0 : known.at(-1)! - first + 1);
  known.forEach((at, k) => {
    const before = known[k - 1] ?? at;
    for (let t = before; t <= at; t++) {
      const share = at === before ? 1 : (t - before) / (at - before);
      y[t - first] = values[before]! * (1 - share) + values[at]! * share;
    }
  });
  return { y, first, known: known.length };
}

/** Roots of the weights, their squares 1 on average. An interpolated value has the least weight of all. */
function rootsOf(weights: readonly number[] | undefined, values: readonly (number | null)[], first: number, n: number): Float64Array {
  if (!weights) return new Float64Array(n).fill(1);
  if (weights.length !== values.length) throw new RangeError(`weights: expected ${values.length}, one a value, found ${weights.length}`);
  let least = Number.POSITIVE_INFINITY;
  weights.forEach((weight, i) => {
    if (values[i] === null) return;
    if (!(weight > 0 && weight < Number.POSITIVE_INFINITY))
      throw new RangeError(`weights[${i}]: expected a positive number, found ${weight}`);
    least = Math.min(least, weight);
  });
  const used = Float64Array.from({ length: n }, (_, t) => (values[first + t] === null ? least : weights[first + t]!));
  const mean = sum(used) / n;
  return used.map((weight) => Math.sqrt(weight / mean));
}

/** Single points beyond so many deviations from the median of their neighbourhood are no steps. */
const spike = 5;

/** Points on either side by which scatter is judged. */
const neighbours = 12;

/** Pulls single outliers back to the edge of what their neighbours make likely; a running median keeps steps. */
function unspiked(y: Float64Array): Float64Array {
  const around = (of: Float64Array, t: number, reach: number) => median(of.subarray(Math.max(0, t - reach), t + reach + 1))!;
  const middle = y.map((_, t) => around(y, t, 2));
  const gaps = y.map((value, t) => Math.abs(value - middle[t]!));
  return y.map((value, t) => {
    const reach = spike * 1.4826 * around(gaps, t, neighbours);
    return reach > 0 ? middle[t]! + Math.min(reach, Math.max(-reach, value - middle[t]!)) : value;
  });
}

const stepColumn = (n: number, at: number) => Float64Array.from({ length: n }, (_, t) => (t >= at ? 1 : 0));

/** True where regressors leave nothing but rounding. */
function isFitted(y: Float64Array, weights: Float64Array, columns: readonly Float64Array[]): boolean {
  const base = baseOf(columns, weights, noises[0]!);
  return leftBy(base, y, weights).rest <= 1e-20 * inner(y, y);
}

/** As many harmonics as AICc pays for. */
function seasonOf(y: Float64Array, weights: Float64Array, base: Float64Array[], cycle: number, period: number): Float64Array[] {
  const n = y.length;
  const waves = (k: number) =>
    Array.from({ length: 2 * k }, (_, i) => {
      const rate = (2 * Math.PI * (1 + (i >> 1))) / cycle;
      return Float64Array.from({ length: n }, (_, t) => (i % 2 === 0 ? Math.cos(rate * t) : Math.sin(rate * t)));
    });
  let [best, least]: [Float64Array[], number] = [[], Number.POSITIVE_INFINITY];
  for (const k of harmonicsTried.filter((k) => 2 * k < period)) {
    const p = base.length + 2 * k + 3;
    if (n - p - 1 <= 0) break;
    const tried = waves(k);
    const aicc = -2 * regress(y, weights, [...base, ...tried]).logLikelihood + 2 * p + (2 * p * (p + 1)) / (n - p - 1);
    if (aicc < least) [best, least] = [tried, aicc];
  }
  return best;
}

/** Weighted innovations of a column under the noise, given its first point. */
function whiten(column: Float64Array, weights: Float64Array, { carry, forget }: Noise): Float64Array {
  const out = new Float64Array(column.length);
  let before = 0;
  for (let t = 1; t < column.length; t++) {
    before = column[t]! - carry * column[t - 1]! + forget * before;
    out[t] = weights[t]! * before;
  }
  return out;
}

function simulate(weights: Float64Array, { carry, forget }: Noise, normal: () => number): Float64Array {
  const out = new Float64Array(weights.length);
  let before = normal() / weights[0]!;
  out[0] = carry < 1 ? before * Math.sqrt((1 - 2 * carry * forget + forget * forget) / (1 - carry * carry)) : before;
  for (let t = 1; t < out.length; t++) {
    const e = normal() / weights[t]!;
    out[t] = carry * out[t - 1]! + e - forget * before;
    before = e;
  }
  return out;
}

/** Regressors under one noise. */
interface Base {
  noise: Noise;
  /** Orthonormal columns that span the whitened regressors. */
  q: Float64Array[];
  /** Half the log determinant of the whitened regressors' normal equations. */
  halfLogDet: number;
}

function baseOf(columns: readonly Float64Array[], weights: Float64Array, noise: Noise): Base {
  const q: Float64Array[] = [];
  let halfLogDet = 0;
  for (const column of columns) {
    const v = whiten(column, weights, noise);
    const before = norm(v);
    for (let pass = 0; pass < 2; pass++) project(v, q);
    const size = norm(v);
    // With a random walk the constant has no innovations.
    if (!(size > 1e-9 * before) || size < 1e-12) continue;
    halfLogDet += Math.log(size);
    for (let t = 0; t < v.length; t++) v[t]! /= size;
    q.push(v);
  }
  return { noise, q, halfLogDet };
}

/** What the regressors leave of a series, and its likelihoods. */
function leftBy({ noise, q, halfLogDet }: Base, y: Float64Array, weights: Float64Array) {
  const r = project(whiten(y, weights, noise), q);
  const rest = inner(r, r);
  const restricted = (-(y.length - 1 - q.length) / 2) * Math.log(Math.max(rest, 1e-300)) - halfLogDet;
  return { r, rest, whole: logLikelihood(rest, y.length), restricted };
}

const inner = (a: Float64Array, b: Float64Array) => {
  let total = 0;
  for (let t = 0; t < a.length; t++) total += a[t]! * b[t]!;
  return total;
};
const norm = (a: Float64Array) => Math.sqrt(inner(a, a));
/** Takes from v, in place, what lies along orthonormal columns. */
const project = (v: Float64Array, q: readonly Float64Array[]) => {
  for (const u of q) {
    const by = inner(v, u);
    for (let t = 0; t < v.length; t++) v[t]! -= by * u[t]!;
  }
  return v;
};

/** Regressors under one noise, and what a step at each point has beside them. */
interface Prepared extends Base {
  /** A whitened step is a + (1 − a) forgetʲ, j points after it; products with it are two running sums. */
  a: number;
  /** Squared length of each whitened step, less what lies along the regressors. */
  squares: Float64Array;
}

function prepare(columns: readonly Float64Array[], weights: Float64Array): Prepared[] {
  return noises.map((noise) => {
    const base = baseOf(columns, weights, noise);
    const a = (1 - noise.carry) / (1 - noise.forget);
    const squares = stepSquares(weights, a, noise.forget);
    for (const u of base.q) {
      const shared = products(u, weights, a, noise.forget);
      for (let t = 0; t < squares.length; t++) squares[t]! -= shared[t]! * shared[t]!;
    }
    return { ...base, a, squares };
  });
}

interface Scan {
  /** Likelihood ratio of a step at each point; −Infinity where none may stand. */
  ratios: Float64Array;
  /** Greatest ratio and its place. */
  ratio: number;
  at: number | null;
  /** Noise of the series without a step, by restricted likelihood. */
  noise: Noise;
}

/** Twice the gain in log-likelihood by a step at each open point, noise estimated with and without it. */
function scan(y: Float64Array, weights: Float64Array, prepared: readonly Prepared[], isOpen: (at: number) => boolean): Scan {
  const n = y.length;
  const best = new Float64Array(n).fill(Number.NEGATIVE_INFINITY);
  let [none, most, noise] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, noises[0]!];
  for (const one of prepared) {
    const { r, rest, whole, restricted } = leftBy(one, y, weights);
    none = Math.max(none, whole);
    if (restricted > most) [most, noise] = [restricted, one.noise];
    const gains = products(r, weights, one.a, one.noise.forget);
    for (let t = 1; t < n; t++) {
      const square = one.squares[t]!;
      if (!(square > 1e-9)) continue;
      const value = logLikelihood(rest - (gains[t]! * gains[t]!) / square, n);
      if (value > best[t]!) best[t] = value;
    }
  }
  let at: number | null = null;
  const ratios = best.map((value, t) =>
    isOpen(t) && value > Number.NEGATIVE_INFINITY ? Math.max(0, 2 * (value - none)) : Number.NEGATIVE_INFINITY,
  );
  ratios.forEach((ratio, t) => {
    if (ratio > (at === null ? Number.NEGATIVE_INFINITY : ratios[at]!)) at = t;
  });
  return { ratios, ratio: at === null ? Number.NEGATIVE_INFINITY : ratios[at]!, at, noise };
}

const logLikelihood = (rest: number, n: number) => (-(n - 1) / 2) * Math.log(Math.max(rest, 1e-300) / (n - 1));

/** Products of a column with the whitened step at each point. */
function products(column: Float64Array, weights: Float64Array, a: number, forget: number): Float64Array {
  const out = new Float64Array(column.length);
  let [plain, faded] = [0, 0];
  for (let t = column.length - 1; t > 0; t--) {
    const value = weights[t]! * column[t]!;
    plain += value;
    faded = value + forget * faded;
    out[t] = a * plain + (1 - a) * faded;
  }
  return out;
}

function stepSquares(weights: Float64Array, a: number, forget: number): Float64Array {
  const out = new Float64Array(weights.length);
  let [plain, faded, twice] = [0, 0, 0];
  for (let t = weights.length - 1; t > 0; t--) {
    const w = weights[t]! * weights[t]!;
    plain += w;
    faded = w + forget * faded;
    twice = w + forget * forget * twice;
    out[t] = a * a * plain + 2 * a * (1 - a) * faded + (1 - a) * (1 - a) * twice;
  }
  return out;
}

interface Regression {
  logLikelihood: number;
  coefficients: Float64Array;
  errors: Float64Array;
  autocorrelation: number;
}

/** Generalised least squares at the noise of the greatest restricted likelihood. */
function regress(y: Float64Array, weights: Float64Array, columns: readonly Float64Array[]): Regression {
  const n = y.length;
  let [none, most, base] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, baseOf(columns, weights, noises[0]!)];
  for (const noise of noises) {
    const one = baseOf(columns, weights, noise);
    const { whole, restricted } = leftBy(one, y, weights);
    none = Math.max(none, whole);
    if (one.q.length === columns.length && restricted > most) [most, base] = [restricted, one];
  }
  const coefficients = new Float64Array(columns.length);
  const errors = new Float64Array(columns.length);
  const target = whiten(y, weights, base.noise);
  const variance = leftBy(base, y, weights).rest / Math.max(1, n - 1 - columns.length);
  columns.forEach((column, j) => {
    const others = columns.filter((_, i) => i !== j);
    const v = whiten(column, weights, base.noise);
    const { q } = baseOf(others, weights, base.noise);
    for (let pass = 0; pass < 2; pass++) project(v, q);
    const square = inner(v, v);
    if (!(square > 1e-12)) return;
    coefficients[j] = inner(v, target) / square;
    errors[j] = Math.sqrt(variance / square);
  });
  const { carry, forget } = base.noise;
  const autocorrelation = carry === 0 ? 0 : ((carry - forget) * (1 - carry * forget)) / (1 - 2 * carry * forget + forget * forget);
  return { logLikelihood: none, coefficients, errors, autocorrelation };
}
