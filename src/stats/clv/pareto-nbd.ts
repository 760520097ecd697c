import { logGamma } from '../gamma.ts';
import { type Compressed, checkHistories, compress, type Histories, thin } from './compress.ts';
import { logDecayIntegral } from './decay-integral.ts';
import { type Fit, fit, type LogLikelihood, type Prior } from './fit.ts';
import { logConcaveIntegral } from './gauss.ts';
import { paretoPlaces, paretoTerms } from './pareto-likelihood.ts';
import { logRising, risingCurvature, risingSlope } from './rising.ts';

/** Pareto/NBD: purchase rates are gamma (shape r, rate α), dropout rates gamma (shape s, rate β); α and β in units of time. */
export interface ParetoNbd {
  r: number;
  alpha: number;
  s: number;
  beta: number;
}

/** One customer: x repeat purchases, the last at t_x, observed for T, all counted from the first purchase. */
export interface History {
  x: number;
  tx: number;
  T: number;
}

export const paretoNames = ['r', 'alpha', 's', 'beta'] as const;

/** @throws RangeError that names the parameter that isn't positive and finite. */
export function checkParetoNbd(model: ParetoNbd): void {
  for (const name of paretoNames) {
    if (!(model[name] > 0 && model[name] < Number.POSITIVE_INFINITY)) {
      throw new RangeError(`${name}: expected a positive, finite number, found ${model[name]}`);
    }
  }
}

function checkHistory({ x, tx, T }: History): void {
  checkHistories({ x: [x], tx: [tx], T: [T] });
}

function checkTime(name: string, t: number): void {
  if (!(t >= 0 && t < Number.POSITIVE_INFINITY)) throw new RangeError(`${name}: expected a finite number of at least 0, found ${t}`);
}

/**
 * ln L of one history (Fader & Hardie 2005, 'A Note on Deriving the Pareto/NBD Model', eq. 18).
 * @throws RangeError that names what is no parameter or no history.
 */
export function paretoNbdLogLikelihood(model: ParetoNbd, history: History): number {
  checkParetoNbd(model);
  checkHistory(history);
  const { r, alpha, s, beta } = model;
  return logRising(r, history.x) + paretoTerms(r, alpha, s, beta, history.x, history.tx, history.T);
}

/** ln of the A₀ of Fader & Hardie 2005, 'Implementing the Pareto/NBD Model Given Interval-Censored Data'; −Infinity for t_x = T. */
export function paretoNbdLogA0(model: ParetoNbd, history: History): number {
  checkParetoNbd(model);
  checkHistory(history);
  const { r, alpha, s, beta } = model;
  return Math.log(r + s + history.x) + logDecayIntegral(alpha, beta, r + history.x, s + 1, history.tx, history.T);
}

/**
 * P(still active at T + later | x, t_x, T) (Schmittlein et al. 1987, eq. 11 to 13; Fader & Hardie 2005, eq. 30).
 * @throws RangeError as `paretoNbdLogLikelihood`.
 */
export function paretoNbdAlive(model: ParetoNbd, history: History, later = 0): number {
  checkParetoNbd(model);
  checkHistory(history);
  checkTime('later', later);
  return alive(model, history) * Math.exp(-model.s * Math.log1p(later / (model.beta + history.T)));
}

function alive({ r, alpha, s, beta }: ParetoNbd, { x, tx, T }: History): number {
  const active = -(r + x) * Math.log(alpha + T) - s * Math.log(beta + T);
  const gone = Math.log(s) + logDecayIntegral(alpha, beta, r + x, s + 1, tx, T);
  return 1 / (1 + Math.exp(gone - active));
}

/** The model as it stands for an active customer after (x, T): gamma posteriors of both rates. */
function updated({ r, alpha, s, beta }: ParetoNbd, { x, T }: History): ParetoNbd {
  return { r: r + x, alpha: alpha + T, s, beta: beta + T };
}

/**
 * E[X(t)], repeat purchases of a new customer in (0, t] (Schmittlein et al. 1987, eq. 17), also at s = 1, where it is a logarithm.
 * @throws RangeError for parameters or a time that aren't.
 */
export function paretoNbdPurchases(model: ParetoNbd, t: number): number {
  checkParetoNbd(model);
  checkTime('t', t);
  return purchases(model, t);
}

function purchases({ r, alpha, s, beta }: ParetoNbd, t: number): number {
  const length = Math.log1p(t / beta);
  const power = (s - 1) * length;
  return ((r * beta) / alpha) * (Math.abs(power) < 1e-300 ? length : (-Math.expm1(-power) / power) * length);
}

/**
 * E[Y(t) | x, t_x, T], purchases of a known customer in (T, T + t] (Fader & Hardie 2005, eq. 41; Schmittlein et al. 1987, eq. 22).
 * @throws RangeError as `paretoNbdLogLikelihood`.
 */
export function paretoNbdFuturePurchases(model: ParetoNbd, history: History, t: number): number {
  checkParetoNbd(model);
  checkHistory(history);
  checkTime('t', t);
  return alive(model, history) * purchases(updated(model, history), t);
}

/**
 * P(X(t) = n) of a new customer: active throughout (NBD), or gone at τ (NBD up to τ), the latter integrated over τ (Fader & Hardie
 * 2005, eq. 23, before it is split into ₂F₁).
 * @throws RangeError for parameters, a time or a count that aren't.
 */
export function paretoNbdProbability(model: ParetoNbd, n: number, t: number): number {
  checkParetoNbd(model);
  checkTime('t', t);
  checkCount(n);
  return probability(model, n, t);
}

function checkCount(n: number): void {
  if (!(Number.isSafeInteger(n) && n >= 0)) throw new RangeError(`n: expected a whole number of at least 0, found ${n}`);
}

function probability(model: ParetoNbd, n: number, t: number): number {
  const { r, alpha, s, beta } = model;
  if (t === 0) return n === 0 ? 1 : 0;
  if (n === 0) return Math.max(0, 1 - atLeastOne(model, t));
  const ways = logRising(r, n) - logGamma(n + 1);
  const active = -r * Math.log1p(t / alpha) + n * (Math.log(t) - Math.log(alpha + t)) - s * Math.log1p(t / beta);
  const height = (y: number) => {
    const tau = Math.exp(y);
    return (n + 1) * y - (r + n) * Math.log(alpha + tau) - (s + 1) * Math.log(beta + tau);
  };
  const slope = (y: number) => {
    const tau = Math.exp(y);
    return n + 1 - ((r + n) * tau) / (alpha + tau) - ((s + 1) * tau) / (beta + tau);
  };
  const gone = r * Math.log(alpha) + s * Math.log(beta) + Math.log(s) + logConcaveIntegral(height, slope, Math.log(t));
  return Math.min(1, Math.exp(ways + active) + Math.exp(ways + gone));
}

/** P(X(t) ≥ 1): the hazard of a first purchase while active, integrated, so that small chances keep their digits. */
function atLeastOne({ r, alpha, s, beta }: ParetoNbd, t: number): number {
  const log = Math.log(r) + r * Math.log(alpha) + s * Math.log(beta) + logDecayIntegral(alpha, beta, r + 1, s, 0, t);
  return Math.min(1, Math.exp(log));
}

/**
 * P(n purchases in (T, T + t] | x, t_x, T) of a known customer.
 * @throws RangeError as `paretoNbdProbability` and `paretoNbdLogLikelihood`.
 */
export function paretoNbdFutureProbability(model: ParetoNbd, history: History, n: number, t: number): number {
  checkParetoNbd(model);
  checkHistory(history);
  checkTime('t', t);
  checkCount(n);
  const chance = alive(model, history);
  const after = updated(model, history);
  return n === 0 ? 1 - chance * atLeastOne(after, t) : chance * probability(after, n, t);
}

/**
 * P(at least one purchase in (T, T + t] | x, t_x, T): what can be observed, unlike P(alive).
 * @throws RangeError as `paretoNbdLogLikelihood`.
 */
export function paretoNbdAnyPurchase(model: ParetoNbd, history: History, t: number): number {
  checkParetoNbd(model);
  checkHistory(history);
  checkTime('t', t);
  return alive(model, history) * atLeastOne(updated(model, history), t);
}

/** Log-likelihood of compressed histories with its derivatives in (r, α, s, β); what depends on x and r alone is added up per x. */
export function paretoNbdSum(rows: Compressed): LogLikelihood {
  const counts = new Map<number, number>();
  rows.x.forEach((x, i) => {
    if (x > 0) counts.set(x, (counts.get(x) ?? 0) + rows.weight[i]!);
  });
  const out = new Float64Array(paretoPlaces);
  const { x, tx, T, weight } = rows;
  return (theta, gradient, hessian) => {
    const [r, alpha, s, beta] = theta as unknown as [number, number, number, number];
    let value = 0;
    const sums = new Float64Array(paretoPlaces);
    const places = hessian ? paretoPlaces : gradient ? 5 : 1;
    for (let i = 0; i < x.length; i++) {
      const w = weight[i]!;
      value += w * paretoTerms(r, alpha, s, beta, x[i]!, tx[i]!, T[i]!, gradient || hessian ? out : undefined, hessian !== undefined);
      for (let k = 1; k < places; k++) sums[k]! += w * out[k]!;
    }
    for (const [count, w] of counts) {
      value += w * logRising(r, count);
      if (places > 1) sums[1]! += w * risingSlope(r, count);
      if (hessian) sums[5]! += w * risingCurvature(r, count);
    }
    if (gradient) for (let k = 0; k < 4; k++) gradient[k] = sums[k + 1]!;
    if (hessian) for (let i = 0, at = 5; i < 4; i++) for (let j = i; j < 4; j++) hessian[i * 4 + j] = hessian[j * 4 + i] = sums[at++]!;
    return value;
  };
}

const thinned = 2000;

/**
 * Maximum likelihood of the Pareto/NBD model with exact gradient and Hessian. Starts scale with the histories' own time unit.
 * @throws RangeError that names the row that is no history; that says so where no customer came back, or there is none.
 */
export function fitParetoNbd(histories: Histories, options: { prior?: Prior } = {}): Fit<(typeof paretoNames)[number]> {
  const rows = compress(histories);
  const small = thin(rows, thinned);
  return fit({
    names: paretoNames,
    logLikelihood: paretoNbdSum(rows),
    hasHessian: true,
    ...(small === rows ? {} : { coarse: paretoNbdSum(small) }),
    starts: paretoStarts(rows),
    customers: rows.customers,
    ...(options.prior ? { prior: options.prior } : {}),
  });
}

/** Starting points in the data's own time scale. @throws RangeError where the histories cannot bound a purchase rate. */
export function paretoStarts(rows: Compressed): number[][] {
  let purchases = 0;
  let time = 0;
  rows.x.forEach((x, i) => {
    purchases += rows.weight[i]! * x;
    time += rows.weight[i]! * rows.T[i]!;
  });
  if (rows.customers === 0) throw new RangeError('histories: expected at least one customer, found none');
  if (purchases === 0) throw new RangeError('x: expected at least one repeat purchase, found none: no purchase rate can be estimated');
  const span = time / rows.customers;
  const rate = purchases / time;
  return [
    [0.6, 0.6 / (1.6 * rate), 0.6, 0.4 * span],
    [1.5, 1.5 / (1.2 * rate), 0.4, 2 * span],
    [0.3, 0.3 / (2 * rate), 2, 4 * span],
  ];
}
