import { cholesky, eigen, solveCholesky } from './matrix.ts';

/**
 * Log-likelihood at natural parameters. Writes, when asked, its gradient (k) and Hessian (k × k, row-major, both triangles) in the
 * natural parameters. A value that isn't finite refuses the point.
 */
export type LogLikelihood = (theta: Float64Array, gradient?: Float64Array, hessian?: Float64Array) => number;

/** A normal prior on each working parameter (ln θ of a positive one, θ itself of a real one): the explicit regularisation. */
export interface Prior {
  /** Centre in natural units; one for all, or one a parameter. */
  centre: number | readonly number[];
  /** Standard deviation on the working scale; one for all, or one a parameter. Infinity leaves a parameter free. */
  sd: number | readonly number[];
}

export interface Problem<Name extends string> {
  names: readonly Name[];
  /** Parameters that may take any real value (coefficients of covariates); all others are positive and searched on the log scale. */
  real?: readonly Name[];
  logLikelihood: LogLikelihood;
  /** True where `logLikelihood` writes the Hessian; otherwise differences of the gradient are taken. */
  hasHessian?: boolean;
  /** A cheaper likelihood of thinned rows, in which the starts compete. */
  coarse?: LogLikelihood;
  /** Starting points in natural parameters. */
  starts: readonly (readonly number[])[];
  /** Customers, for BIC. */
  customers: number;
  prior?: Prior;
}

export type Degeneracy<Name extends string> =
  /** The parameter ran to the border of what is searched: the maximum is at 0 or at infinity. */
  | { kind: 'border'; parameter: Name; value: number }
  /** The Hessian has no inverse: some direction leaves the likelihood unchanged, or the point is no maximum. */
  | { kind: 'singular'; parameters: Name[] }
  /** Standard error over parameter: the data hardly bound it. */
  | { kind: 'uncertain'; parameter: Name; ratio: number }
  /** These parameters can move together by a factor e^sd at a loss of half a unit of log-likelihood. */
  | { kind: 'ridge'; parameters: Name[]; sd: number }
  /** The search ended without meeting its criterion. */
  | { kind: 'unconverged'; decrement: number };

export interface Fit<Name extends string> {
  names: readonly Name[];
  /** Names of parameters on the real line; the others' working scale is the logarithm. */
  real: readonly Name[];
  parameters: Record<Name, number>;
  /** Of the data alone, without the prior. */
  logLikelihood: number;
  /** In natural units (delta method); null where the parameter is at a border or the Hessian is singular. */
  standardErrors: Record<Name, number | null>;
  /** Covariance on the working scale, k × k row-major; zeros for parameters at a border. Null if singular. */
  covariance: Float64Array | null;
  /** Correlations of the estimates (the same on either scale); null if singular. */
  correlations: number[][] | null;
  aic: number;
  bic: number;
  converged: boolean;
  iterations: number;
  /** Evaluations of the full likelihood. */
  evaluations: number;
  /** Penalised log-likelihood each start led to (of the coarse likelihood, if there is one); null where a start was refused. */
  starts: (number | null)[];
  prior: Prior | null;
  customers: number;
  /** Empty for a fit that can be used as it is. */
  degenerate: Degeneracy<Name>[];
}

const border = { low: Math.log(1e-6), high: Math.log(1e7) } as const;
const tolerance = 1e-10;
/** A gain of log-likelihood not worth a step. */
const negligible = 1e-8;
const uncertainRatio = 2;
const ridgeSd = 2;

interface Searched {
  u: Float64Array;
  value: number;
  gradient: Float64Array;
  iterations: number;
  decrement: number;
}

type Working = (u: Float64Array, gradient?: Float64Array, hessian?: Float64Array) => number;

/** The penalised log-likelihood with its derivatives on the working scale. */
function working<Name extends string>(problem: Problem<Name>, logLikelihood: LogLikelihood): Working {
  const k = problem.names.length;
  const isReal = problem.names.map((name) => problem.real?.includes(name) ?? false);
  const theta = new Float64Array(k);
  const natural = new Float64Array(k);
  const spread = (value: number | readonly number[], i: number) => (typeof value === 'number' ? value : value[i]!);
  const centres = problem.names.map((_, i) => {
    if (!problem.prior) return 0;
    const centre = spread(problem.prior.centre, i);
    return isReal[i] ? centre : Math.log(centre);
  });
  const precisions = problem.names.map((_, i) => (problem.prior ? 1 / spread(problem.prior.sd, i) ** 2 : 0));
  return (u, gradient, hessian) => {
    for (let i = 0; i < k; i++) theta[i] = isReal[i] ? u[i]! : Math.exp(u[i]!);
    let value = gradient || hessian ? logLikelihood(theta, natural, hessian) : logLikelihood(theta);
    for (let i = 0; i < k; i++) {
      const d = u[i]! - centres[i]!;
      const precision = precisions[i]!;
      if (precision > 0) value -= 0.5 * precision * d * d;
      const slope = isReal[i] ? natural[i]! : natural[i]! * theta[i]!;
      if (gradient) gradient[i] = slope - precision * (precision > 0 ? d : 0);
      if (!hessian) continue;
      for (let j = 0; j < k; j++) hessian[i * k + j]! *= (isReal[i] ? 1 : theta[i]!) * (isReal[j] ? 1 : theta[j]!);
      hessian[i * k + i]! += (isReal[i] ? 0 : slope) - precision;
    }
    return value;
  };
}

/** Hessian on the working scale by central differences of the gradient. */
function differences(f: Working, u: Float64Array, hessian: Float64Array): void {
  const k = u.length;
  const at = Float64Array.from(u);
  const up = new Float64Array(k);
  const down = new Float64Array(k);
  for (let i = 0; i < k; i++) {
    const h = 1e-4 * Math.max(1, Math.abs(u[i]!) / 10);
    at[i] = u[i]! + h;
    f(at, up);
    at[i] = u[i]! - h;
    f(at, down);
    at[i] = u[i]!;
    for (let j = 0; j < k; j++) hessian[i * k + j] = (up[j]! - down[j]!) / (2 * h);
  }
  for (let i = 0; i < k; i++) {
    for (let j = 0; j < i; j++) hessian[i * k + j] = hessian[j * k + i] = 0.5 * (hessian[i * k + j]! + hessian[j * k + i]!);
  }
}

const dot = (a: Float64Array, b: Float64Array) => {
  let total = 0;
  for (let i = 0; i < a.length; i++) total += a[i]! * b[i]!;
  return total;
};

/** Inverse of −hessian with its eigenvalues made positive: a metric for the search even where the point is no maximum. */
function metricOf(hessian: Float64Array, k: number, free: boolean[]): Float64Array {
  const m = new Float64Array(k * k);
  for (let i = 0; i < k; i++) for (let j = 0; j < k; j++) m[i * k + j] = free[i] && free[j] ? -hessian[i * k + j]! : i === j ? 1 : 0;
  const { values, vectors } = eigen(m, k);
  const largest = values.reduce((a, b) => Math.max(a, Math.abs(b)), 0) || 1;
  const inverse = new Float64Array(k * k);
  for (let e = 0; e < k; e++) {
    const scale = 1 / Math.max(Math.abs(values[e]!), 1e-9 * largest);
    for (let i = 0; i < k; i++) for (let j = 0; j < k; j++) inverse[i * k + j]! += vectors[i * k + e]! * vectors[j * k + e]! * scale;
  }
  return inverse;
}

const longest = 2;

/**
 * BFGS (Nocedal & Wright 2006, 6.17) for a maximum inside a box, with a bisecting line search for the weak Wolfe conditions (Lewis &
 * Overton 2013). Parameters held at the box by the gradient are left out of the step. Ends when the step promises less than
 * `enough` of log-likelihood.
 */
function search(
  f: Working,
  start: Float64Array,
  box: Box,
  hessianAt: ((u: Float64Array) => Float64Array) | null,
  enough = tolerance,
  most = 200,
): Searched | null {
  const k = start.length;
  let u = Float64Array.from(start);
  let gradient = new Float64Array(k);
  let value = f(u, gradient);
  if (!Number.isFinite(value) || gradient.some((g) => !Number.isFinite(g))) return null;
  const held = (at: Float64Array, g: Float64Array) =>
    Array.from(at, (ui, i) => !((ui <= box.low[i]! && g[i]! < 0) || (ui >= box.high[i]! && g[i]! > 0)));
  let free = held(u, gradient);
  const fresh = () => {
    if (hessianAt) return metricOf(hessianAt(u), k, free);
    const scale = 1 / Math.max(1, Math.sqrt(dot(gradient, gradient)));
    return Float64Array.from({ length: k * k }, (_, i) => (i % (k + 1) === 0 ? scale : 0));
  };
  let metric = fresh();
  let isFresh = true;
  let isScaled = hessianAt !== null;
  let decrement = Number.POSITIVE_INFINITY;
  let quiet = 0;
  let stalled = 0;
  let iterations = 0;
  for (; iterations < most; iterations++) {
    const step = new Float64Array(k);
    for (let i = 0; i < k; i++) {
      if (!free[i]) continue;
      for (let j = 0; j < k; j++) if (free[j]) step[i]! += metric[i * k + j]! * gradient[j]!;
    }
    let slope = dot(step, gradient);
    if (!(slope > 0)) {
      if (free.every((isFree) => !isFree) || isFresh) {
        decrement = 0;
        break;
      }
      metric = fresh();
      isFresh = true;
      continue;
    }
    decrement = slope / 2;
    quiet = decrement < enough ? quiet + 1 : 0;
    // Where rounding of the gradient is all that is left to follow, the value stands still.
    if (stalled > 4) {
      decrement = Math.min(decrement, negligible);
      break;
    }
    if (quiet > 1 || (quiet === 1 && hessianAt !== null && isFresh)) break;
    if (quiet === 1 && hessianAt !== null) {
      // A stale metric can promise little where much is left: look again with the curvature here.
      metric = fresh();
      isFresh = true;
      quiet = 0;
      continue;
    }
    const reach = step.reduce((a, s) => Math.max(a, Math.abs(s)), 0);
    if (reach > longest) {
      for (let i = 0; i < k; i++) step[i]! *= longest / reach;
      slope *= longest / reach;
    }
    let low = 0;
    let high = Number.POSITIVE_INFINITY;
    let t = 1;
    let best: { u: Float64Array<ArrayBuffer>; value: number; gradient: Float64Array<ArrayBuffer> } | null = null;
    for (let trial = 0; trial < 40; trial++) {
      const next = new Float64Array(k);
      for (let i = 0; i < k; i++) next[i] = Math.min(box.high[i]!, Math.max(box.low[i]!, u[i]! + t * step[i]!));
      const g = new Float64Array(k);
      const v = f(next, g);
      const isFine = Number.isFinite(v) && g.every((gi) => Number.isFinite(gi));
      // Below rounding of the value the gradient alone decides.
      const isFlat = Math.abs(v - value) <= 1e-13 * Math.abs(value) && Math.abs(dot(g, step)) < Math.abs(slope);
      if (!isFine || !(v >= value + 1e-4 * t * slope || isFlat)) {
        high = t;
      } else {
        if (!best || v >= best.value || isFlat) best = { u: next, value: v, gradient: g };
        if (dot(g, step) <= 0.9 * slope || t * reach > 4 * longest || next.some((ui, i) => ui === box.low[i] || ui === box.high[i])) break;
        low = t;
      }
      t = high < Number.POSITIVE_INFINITY ? 0.5 * (low + high) : 2 * t;
      if (best && high - low < 1e-3 * high) break;
    }
    if (!best) {
      if (isFresh) break;
      metric = fresh();
      isFresh = true;
      continue;
    }
    const s = new Float64Array(k);
    const y = new Float64Array(k);
    for (let i = 0; i < k; i++) {
      s[i] = best.u[i]! - u[i]!;
      y[i] = gradient[i]! - best.gradient[i]!;
    }
    const before = free;
    stalled = best.value - value < negligible + 1e-14 * Math.abs(value) ? stalled + 1 : 0;
    u = best.u;
    value = best.value;
    gradient = best.gradient;
    free = held(u, gradient);
    const sy = dot(s, y);
    if (free.some((isFree, i) => isFree !== before[i])) {
      metric = fresh();
      isFresh = true;
    } else if (sy > 1e-12 * Math.sqrt(dot(s, s) * dot(y, y))) {
      if (!isScaled) {
        const scale = sy / dot(y, y);
        metric.fill(0);
        for (let i = 0; i < k; i++) metric[i * (k + 1)] = scale;
        isScaled = true;
      }
      update(metric, s, y, sy);
      isFresh = false;
    }
  }
  return { u, value, gradient, iterations, decrement };
}

function update(metric: Float64Array, s: Float64Array, y: Float64Array, sy: number): void {
  const k = s.length;
  const hy = new Float64Array(k);
  for (let i = 0; i < k; i++) for (let j = 0; j < k; j++) hy[i]! += metric[i * k + j]! * y[j]!;
  const factor = (1 + dot(y, hy) / sy) / sy;
  for (let i = 0; i < k; i++) {
    for (let j = 0; j < k; j++) metric[i * k + j]! += factor * s[i]! * s[j]! - (hy[i]! * s[j]! + s[i]! * hy[j]!) / sy;
  }
}

interface Point {
  u: Float64Array;
  value: number;
  gradient: Float64Array;
  hessian: Float64Array;
}

interface Box {
  low: Float64Array;
  high: Float64Array;
}

/**
 * Maximum likelihood: the starts compete (in `coarse`, if given), the best, and the best that ended elsewhere, run on to the end on the full likelihood, by
 * Newton steps where they lead upwards, by BFGS where they don't. Standard errors from the inverse Hessian; `degenerate` says where they, or the parameters,
 * mustn't be trusted.
 * @throws RangeError when every start is refused.
 */
export function maximise<Name extends string>(problem: Problem<Name>): Fit<Name> {
  const { names } = problem;
  const k = names.length;
  const real = problem.real ?? [];
  const isReal = names.map((name) => real.includes(name));
  const box: Box = {
    low: Float64Array.from(isReal, (is) => (is ? -1e3 : border.low)),
    high: Float64Array.from(isReal, (is) => (is ? 1e3 : border.high)),
  };
  let evaluations = 0;
  const counted: LogLikelihood = (theta, gradient, hessian) => {
    evaluations++;
    return problem.logLikelihood(theta, gradient, hessian);
  };
  const full = working(problem, counted);
  const coarse = problem.coarse ? working(problem, problem.coarse) : full;
  const curvature = (f: Working) => (u: Float64Array) => {
    const hessian = new Float64Array(k * k);
    if (problem.hasHessian) f(u, new Float64Array(k), hessian);
    else differences(f, u, hessian);
    return hessian;
  };
  const clamp = (u: Float64Array) => u.map((ui, i) => Math.min(box.high[i]!, Math.max(box.low[i]!, ui)));
  const inCoarse = problem.hasHessian || problem.coarse ? curvature(coarse) : null;
  const led = problem.starts.map((start) => {
    if (start.length !== k) throw new RangeError(`starts: expected ${k} values, found ${start.length}`);
    const u = Float64Array.from(start, (value, i) => (isReal[i] ? value : Math.log(value)));
    return search(coarse, clamp(u), box, inCoarse, problem.coarse ? 1e-4 : 1e-7);
  });
  const ranked = led.filter((one) => one !== null).sort((a, b) => b.value - a.value);
  if (ranked.length === 0) throw new RangeError('fit: the log-likelihood is not finite at any of the starts');
  const freed = (u: Float64Array) => u.map((ui, i) => (isReal[i] || (ui > box.low[i]! + 1e-6 && ui < box.high[i]! - 1e-6) ? 1 : 0));
  const evaluate = (u: Float64Array): Point => {
    const gradient = new Float64Array(k);
    const hessian = new Float64Array(k * k);
    const value = full(u, gradient, problem.hasHessian ? hessian : undefined);
    if (!problem.hasHessian) differences(full, u, hessian);
    return { u, value, gradient, hessian };
  };
  let iterations = 0;
  /** Newton steps while they are short and lead upwards. */
  const polish = (from: Point): { at: Point; decrement: number } => {
    let at = from;
    for (let left = 8; ; left--) {
      const step = newtonStep(at.hessian, at.gradient, freed(at.u), k);
      if (!step) return { at, decrement: Number.POSITIVE_INFINITY };
      const decrement = dot(step, at.gradient) / 2;
      if (!(decrement > tolerance) || left === 0 || step.some((s) => Math.abs(s) > 1)) return { at, decrement };
      const next = evaluate(clamp(at.u.map((ui, i) => ui + step[i]!)));
      if (!(next.value >= at.value - 1e-13 * Math.abs(at.value))) return { at, decrement };
      at = next;
      iterations++;
    }
  };
  const climb = (from: Searched): { at: Point; decrement: number } | null => {
    iterations += from.iterations;
    const near = polish(evaluate(from.u));
    if (near.decrement < tolerance) return near;
    const fine = search(full, near.at.u, box, curvature(full));
    if (!fine) return null;
    iterations += fine.iterations;
    const end = polish(evaluate(fine.u));
    return { at: end.at, decrement: Math.min(end.decrement, fine.decrement) };
  };
  const ends = apart(ranked, problem.coarse ? 2 : 1)
    .map(climb)
    .filter((end) => end !== null && Number.isFinite(end.at.value));
  if (ends.length === 0)
    throw new RangeError('fit: the log-likelihood of all rows is not finite where that of the thinned rows is greatest');
  const { at: best, decrement } = ends.reduce((a, b) => (b!.at.value > a!.at.value ? b : a))!;
  const { hessian } = best;
  const free = freed(best.u);
  const theta = best.u.map((ui, i) => (isReal[i] ? ui : Math.exp(ui)));
  const logLikelihood = problem.prior ? counted(theta) : best.value;
  const inverse = covarianceOf(hessian, free, k);
  const degenerate: Degeneracy<Name>[] = [];
  for (let i = 0; i < k; i++) if (!free[i]) degenerate.push({ kind: 'border', parameter: names[i]!, value: theta[i]! });
  const converged = decrement < 1e-6;
  if (!converged) degenerate.push({ kind: 'unconverged', decrement });
  if (!inverse.covariance) degenerate.push({ kind: 'singular', parameters: inverse.flat.map((i) => names[i]!) });
  const covariance = inverse.covariance;
  const byName = <T>(value: (i: number) => T) => Object.fromEntries(names.map((name, i) => [name, value(i)])) as Record<Name, T>;
  const standardErrors = byName((i) => {
    if (!covariance || !free[i]) return null;
    return Math.sqrt(covariance[i * (k + 1)]!) * (isReal[i] ? 1 : theta[i]!);
  });
  if (covariance) {
    for (let i = 0; i < k; i++) {
      const ratio = Math.sqrt(covariance[i * (k + 1)]!);
      if (!isReal[i] && free[i] && ratio > uncertainRatio) degenerate.push({ kind: 'uncertain', parameter: names[i]!, ratio });
    }
    for (const { sd, among } of ridges(covariance, isReal, k)) {
      degenerate.push({ kind: 'ridge', parameters: among.map((i) => names[i]!), sd });
    }
  }
  return {
    names,
    real,
    parameters: byName((i) => theta[i]!),
    logLikelihood,
    standardErrors,
    covariance,
    correlations: covariance && correlationsOf(covariance, k),
    aic: 2 * k - 2 * logLikelihood,
    bic: k * Math.log(problem.customers) - 2 * logLikelihood,
    converged,
    iterations,
    evaluations,
    starts: led.map((one) => one?.value ?? null),
    prior: problem.prior ?? null,
    customers: problem.customers,
    degenerate,
  };
}

/** The best of the searches and the next best that ended elsewhere. */
function apart(ranked: readonly Searched[], most: number): Searched[] {
  const kept: Searched[] = [];
  for (const one of ranked) {
    if (kept.length < most && kept.every((other) => other.u.some((u, i) => Math.abs(u - one.u[i]!) > 0.2))) kept.push(one);
  }
  return kept;
}

function reduced(hessian: Float64Array, free: ArrayLike<number>, k: number): { kept: number[]; m: Float64Array } {
  const kept = Array.from({ length: k }, (_, i) => i).filter((i) => free[i]);
  const m = Float64Array.from(
    { length: kept.length ** 2 },
    (_, e) => -hessian[kept[Math.floor(e / kept.length)]! * k + kept[e % kept.length]!]!,
  );
  return { kept, m };
}

function newtonStep(hessian: Float64Array, gradient: Float64Array, free: ArrayLike<number>, k: number): Float64Array | null {
  const { kept, m } = reduced(hessian, free, k);
  const factor = cholesky(m, kept.length);
  if (!factor) return null;
  const solved = solveCholesky(
    factor,
    Float64Array.from(kept, (i) => gradient[i]!),
  );
  const step = new Float64Array(k);
  for (const [e, i] of kept.entries()) step[i] = solved[e]!;
  return step;
}

/** Inverse of −Hessian over the free parameters; in its stead the parameters of the flattest direction where there is none. */
function covarianceOf(hessian: Float64Array, free: ArrayLike<number>, k: number): { covariance: Float64Array | null; flat: number[] } {
  const { kept, m } = reduced(hessian, free, k);
  const size = kept.length;
  if (size === 0) return { covariance: new Float64Array(k * k), flat: [] };
  const scale = Float64Array.from({ length: size }, (_, i) => 1 / Math.sqrt(Math.max(Math.abs(m[i * (size + 1)]!), 1e-300)));
  const standard = m.map((value, e) => value * scale[Math.floor(e / size)]! * scale[e % size]!);
  const { values, vectors } = eigen(standard, size);
  const least = values.reduce((at, value, i) => (value < values[at]! ? i : at), 0);
  const isFlat = (i: number) => !(m[i * (size + 1)]! > 1e-9);
  if (!(values[least]! > 1e-11) || kept.some((_, i) => isFlat(i))) {
    const flat = kept.filter((_, i) => isFlat(i) || Math.abs(vectors[i * size + least]!) > 0.3);
    return { covariance: null, flat };
  }
  const covariance = new Float64Array(k * k);
  for (let e = 0; e < size; e++) {
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) {
        covariance[kept[i]! * k + kept[j]!]! += (vectors[i * size + e]! * vectors[j * size + e]! * scale[i]! * scale[j]!) / values[e]!;
      }
    }
  }
  return { covariance, flat: [] };
}

function correlationsOf(covariance: Float64Array, k: number): number[][] {
  const sd = Array.from({ length: k }, (_, i) => Math.sqrt(covariance[i * (k + 1)]!));
  return sd.map((si, i) => sd.map((sj, j) => (i === j ? 1 : si > 0 && sj > 0 ? covariance[i * k + j]! / (si * sj) : 0)));
}

function ridges(covariance: Float64Array, isReal: boolean[], k: number): { sd: number; among: number[] }[] {
  const positive = Array.from({ length: k }, (_, i) => i).filter((i) => !isReal[i]);
  const size = positive.length;
  const m = Float64Array.from({ length: size ** 2 }, (_, e) => covariance[positive[Math.floor(e / size)]! * k + positive[e % size]!]!);
  const { values, vectors } = eigen(m, size);
  return Array.from(values, (value, e) => ({
    sd: Math.sqrt(Math.max(0, value)),
    among: positive.filter((_, i) => Math.abs(vectors[i * size + e]!) > 0.3),
  })).filter(({ sd, among }) => sd > ridgeSd && among.length > 1);
}
