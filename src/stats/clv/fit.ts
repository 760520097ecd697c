import { correlationsOf, covarianceOf, newtonStep, ridges } from './covariance.ts';
import { dot } from './matrix.ts';
import { type Box, type Searched, search, tolerance } from './search.ts';
import { differences, type Working, working } from './working.ts';

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
/** What is left of a fit where it is stored: enough to score, with the uncertainty of its parameters. */
export type Estimates<Name extends string> = Pick<Fit<Name>, 'names' | 'real' | 'parameters' | 'covariance'>;

const uncertainRatio = 2;

interface Point {
  u: Float64Array;
  value: number;
  gradient: Float64Array;
  hessian: Float64Array;
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
