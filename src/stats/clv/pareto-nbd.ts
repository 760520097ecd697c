import { logGamma } from '../gamma.ts';
import { type FitOptions, rowsToFit } from './beta-geometric.ts';
import { type Compressed, checkHistories, type Histories, thin } from './compress.ts';
import { logDecayIntegral } from './decay-integral.ts';
import { type Fit, type LogLikelihood, maximise } from './fit.ts';
import { gaussLegendre, logConcaveIntegral } from './gauss.ts';
import type { Law } from './law.ts';
import { negativeBinomial, negligibleChance } from './negative-binomial.ts';
import { paretoPlaces, paretoTerms } from './pareto-likelihood.ts';
import { logRising, risingCurvature, risingSlope } from './rising.ts';

/**
 * Pareto/NBD: Schmittlein, Morrison & Colombo (1987), 'Counting Your Customers', Management Science 33(1). Purchase rates ~ Gamma(r, α),
 * dropout rates ~ Gamma(s, β), α and β in the histories' time unit. A customer can leave at any time, also before a first repeat
 * purchase.
 */
export interface ParetoNbd {
  r: number;
  alpha: number;
  s: number;
  beta: number;
}

export type ParetoNbdName = keyof ParetoNbd;

export const paretoNames = ['r', 'alpha', 's', 'beta'] as const satisfies readonly ParetoNbdName[];

/** @throws RangeError that names the parameter that isn't positive and finite. */
export function checkParetoNbd(p: ParetoNbd): void {
  for (const name of paretoNames) {
    if (!(p[name] > 0 && p[name] < Number.POSITIVE_INFINITY)) {
      throw new RangeError(`${name}: expected a positive, finite number, found ${p[name]}`);
    }
  }
}

function check(p: ParetoNbd, x: number, tx: number, T: number): void {
  checkParetoNbd(p);
  const isFine = x >= 0 && Math.floor(x) === x && tx >= 0 && tx <= T && T < Number.POSITIVE_INFINITY && (x > 0 || tx === 0);
  if (!isFine) checkHistories({ x: [x], tx: [tx], T: [T] });
}

function checkTime(t: number): void {
  if (!(t >= 0 && t < Number.POSITIVE_INFINITY)) throw new RangeError(`t: expected a finite number of at least 0, found ${t}`);
}

/**
 * One customer's log-likelihood (Fader & Hardie 2005, 'A Note on Deriving the Pareto/NBD Model', eq. 18).
 * @throws RangeError that names what is no parameter or no history.
 */
export function paretoNbdLog(p: ParetoNbd, x: number, tx: number, T: number): number {
  check(p, x, tx, T);
  return logRising(p.r, x) + paretoTerms(p.r, p.alpha, p.s, p.beta, x, tx, T);
}

const last = { r: 0, alpha: 0, s: 0, beta: 0, x: -1, tx: 0, T: 0, alive: 0 };

/**
 * P(alive at T), the share of the likelihood that belongs to those still active (Fader & Hardie 2005, eq. 30). The last answer is kept:
 * scoring asks for it once for each time ahead.
 */
function alive({ r, alpha, s, beta }: ParetoNbd, x: number, tx: number, T: number): number {
  const isKnown =
    last.T === T && last.tx === tx && last.x === x && last.r === r && last.alpha === alpha && last.s === s && last.beta === beta;
  if (isKnown) return last.alive;
  const active = -(r + x) * Math.log(alpha + T) - s * Math.log(beta + T);
  const gone = Math.log(s) + logDecayIntegral(alpha, beta, r + x, s + 1, tx, T);
  last.r = r;
  last.alpha = alpha;
  last.s = s;
  last.beta = beta;
  last.x = x;
  last.tx = tx;
  last.T = T;
  last.alive = 1 / (1 + Math.exp(gone - active));
  return last.alive;
}

/** The model as it stands for a customer active at T: the posteriors of both rates are gamma again. */
function updated({ r, alpha, s, beta }: ParetoNbd, x: number, T: number): ParetoNbd {
  return { r: r + x, alpha: alpha + T, s, beta: beta + T };
}

/** E[X(t)] (Schmittlein et al. 1987, eq. 17), continuous through s = 1, where it is a logarithm. */
function expectedNew({ r, alpha, s, beta }: ParetoNbd, t: number): number {
  const length = Math.log1p(t / beta);
  const power = (s - 1) * length;
  return ((r * beta) / alpha) * (Math.abs(power) < 1e-300 ? length : (-Math.expm1(-power) / power) * length);
}

/** P(X(t) ≥ 1): the hazard of a first purchase while active, integrated, so that small chances keep their digits. */
function anyNew({ r, alpha, s, beta }: ParetoNbd, t: number): number {
  const log = Math.log(r) + r * Math.log(alpha) + s * Math.log(beta) + logDecayIntegral(alpha, beta, r + 1, s, 0, t);
  return Math.min(1, Math.exp(log));
}

/**
 * P(X(t) = n): active throughout (NBD), or gone at τ (NBD up to τ), the latter integrated over τ (Fader & Hardie 2005, eq. 23, before
 * it is split into two ₂F₁).
 */
function countNew(p: ParetoNbd, t: number, n: number): number {
  if (!(Number.isSafeInteger(n) && n >= 0)) throw new RangeError(`n: expected a whole number of at least 0, found ${n}`);
  if (t === 0) return n === 0 ? 1 : 0;
  if (n === 0) return Math.max(0, 1 - anyNew(p, t));
  const { r, alpha, s, beta } = p;
  const ways = logRising(r, n) - logGamma(n + 1);
  const active = -r * Math.log1p(t / alpha) - n * Math.log1p(alpha / t) - s * Math.log1p(t / beta);
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

const lives = gaussLegendre(16);

/**
 * P(X(t) = n) for n = 0, 1, …, each times `chance` and what is left at n = 0: NBD up to t for those active throughout, NBD up to τ for
 * those gone at τ, by Gauss–Legendre in the chance of being active at τ. To 1e-9 for usual histories, to 1e-3 for a dozen purchases in two days.
 */
function countsNew({ r, alpha, s, beta }: ParetoNbd, t: number, chance: number, out: number[]): number {
  const stays = Math.exp(-s * Math.log1p(t / beta));
  const half = (1 - stays) / 2;
  const weights = [stays, ...lives.weights.map((weight) => weight * half)];
  const terms = [t, ...lives.nodes.map((node) => beta * Math.expm1(-Math.log(1 - half * (1 + node)) / s))].map((time) =>
    negativeBinomial(r, time / alpha),
  );
  let more = chance * anyNew({ r, alpha, s, beta }, t);
  out[0] = 1 - more;
  for (let n = 1; ; n++) {
    if (!(more > 10 * negligibleChance)) return n;
    let sum = 0;
    for (let k = 0; k < terms.length; k++) sum += weights[k]! * terms[k]!(n);
    out[n] = Math.min(more, chance * sum);
    more -= out[n]!;
    // Past the bulk the quadrature's own error is all that is left.
    if (n > (2 * r * t) / alpha + 40 && out[n]! < negligibleChance) return n + 1;
  }
}

/** Every function throws a RangeError that names what is no parameter, no history, no time or no count. */
export const paretoNbd: Law<ParetoNbd> = {
  id: 'pareto-nbd',
  alive: (p, x, tx, T) => {
    check(p, x, tx, T);
    return alive(p, x, tx, T);
  },
  /** Fader & Hardie 2005, eq. 41; Schmittlein et al. 1987, eq. 22. */
  expected: (p, x, tx, T, t) => {
    check(p, x, tx, T);
    checkTime(t);
    return alive(p, x, tx, T) * expectedNew(updated(p, x, T), t);
  },
  any: (p, x, tx, T, t) => {
    check(p, x, tx, T);
    checkTime(t);
    return alive(p, x, tx, T) * anyNew(updated(p, x, T), t);
  },
  count: (p, x, tx, T, t, n) => {
    check(p, x, tx, T);
    checkTime(t);
    const chance = alive(p, x, tx, T);
    const after = updated(p, x, T);
    return n === 0 ? 1 - chance * anyNew(after, t) : chance * countNew(after, t, n);
  },
  counts: (p, x, tx, T, t, out) => {
    check(p, x, tx, T);
    checkTime(t);
    return countsNew(updated(p, x, T), t, alive(p, x, tx, T), out);
  },
  expectedNew: (p, t) => {
    checkParetoNbd(p);
    checkTime(t);
    return expectedNew(p, t);
  },
  countNew: (p, t, n) => {
    checkParetoNbd(p);
    checkTime(t);
    return countNew(p, t, n);
  },
  draw: (p, x, tx, T, t, random) => {
    check(p, x, tx, T);
    checkTime(t);
    if (random.uniform() >= alive(p, x, tx, T)) return 0;
    const rate = random.gamma(p.r + x) / (p.alpha + T);
    const dropout = random.gamma(p.s) / (p.beta + T);
    const life = -Math.log1p(-random.uniform()) / dropout;
    return random.poisson(Math.min(rate * Math.min(t, life || 0), 1e12));
  },
};

/** Log-likelihood of all rows with gradient and Hessian in (r, α, s, β); what depends on x and r alone once for each different x. */
export function paretoNbdLikelihood(rows: Compressed): LogLikelihood {
  const out = new Float64Array(paretoPlaces);
  const sums = new Float64Array(paretoPlaces);
  const { tx, T, weight, frequencies, offsets } = rows;
  return (theta, gradient, hessian) => {
    const r = theta[0]!;
    const alpha = theta[1]!;
    const s = theta[2]!;
    const beta = theta[3]!;
    const isBent = hessian !== undefined;
    const wanted = gradient || isBent ? out : undefined;
    const places = isBent ? paretoPlaces : wanted ? 5 : 0;
    sums.fill(0);
    let value = 0;
    for (let f = 0; f < frequencies.length; f++) {
      const x = frequencies[f]!;
      let w = 0;
      for (let i = offsets[f]!; i < offsets[f + 1]!; i++) {
        const wi = weight[i]!;
        w += wi;
        value += wi * paretoTerms(r, alpha, s, beta, x, tx[i]!, T[i]!, wanted, isBent);
        for (let k = 1; k < places; k++) sums[k]! += wi * out[k]!;
      }
      value += w * logRising(r, x);
      if (wanted) sums[1]! += w * risingSlope(r, x);
      if (isBent) sums[5]! += w * risingCurvature(r, x);
    }
    if (gradient) for (let k = 0; k < 4; k++) gradient[k] = sums[k + 1]!;
    if (hessian) for (let i = 0, at = 5; i < 4; i++) for (let j = i; j < 4; j++) hessian[i * 4 + j] = hessian[j * 4 + i] = sums[at++]!;
    return value;
  };
}

/** Starts that keep the observed purchase rate, from early to late dropout, in the histories' own time unit. */
export function paretoNbdStarts(rows: Compressed): number[][] {
  let purchases = 0;
  let time = 0;
  for (let i = 0; i < rows.x.length; i++) {
    purchases += rows.weight[i]! * rows.x[i]!;
    time += rows.weight[i]! * rows.T[i]!;
  }
  const span = time / rows.customers;
  const rate = purchases / time;
  return [
    [0.6, 0.6 / (1.6 * rate), 0.6, 0.4 * span],
    [1.5, 1.5 / (1.2 * rate), 0.4, 2 * span],
    [0.3, 0.3 / (2 * rate), 2, 4 * span],
  ];
}

const thinned = 2000;

/**
 * Maximum likelihood with exact gradient and Hessian.
 * @throws RangeError for histories that can't be, no customers, no repeat purchase, or no time observed.
 */
export function fitParetoNbd(histories: Histories | Compressed, options: FitOptions = {}): Fit<ParetoNbdName> {
  const rows = rowsToFit(histories, 'Pareto/NBD');
  const few = thin(rows, thinned);
  return maximise<ParetoNbdName>({
    names: paretoNames,
    logLikelihood: paretoNbdLikelihood(rows),
    hasHessian: true,
    ...(few === rows ? {} : { coarse: paretoNbdLikelihood(few) }),
    starts: options.starts ?? paretoNbdStarts(rows),
    customers: rows.customers,
    ...(options.prior && { prior: options.prior }),
  });
}
