import { logGamma } from '../gamma.ts';
import type { Random } from '../random.ts';
import { type Compressed, compress, thin } from './compress.ts';
import { digamma, trigamma } from './digamma.ts';
import { type Fit, type LogLikelihood, maximise, type Prior } from './fit.ts';

/**
 * Gamma-Gamma model of spend: Fader & Hardie (2013), 'The Gamma-Gamma Model of Monetary Value'. A customer's purchases are worth
 * Gamma(p, ν) each, ν ~ Gamma(q, v); v in money. `x` and `m` are the number and the mean value of repeat purchases: the first
 * purchase is left out, as in the papers, because it is often unlike the later ones.
 */
export interface GammaGamma {
  p: number;
  q: number;
  v: number;
}

export interface Spend {
  /** Repeat purchases. Customers without any carry no information and are passed over, whatever their `m`. */
  x: ArrayLike<number>;
  /** Mean value of the repeat purchases. */
  m: ArrayLike<number>;
  /** Customers a row stands for; 1 each when left out. */
  weight?: ArrayLike<number>;
}

export interface GammaGammaOptions {
  prior?: Prior;
  /** What to do with repeat buyers whose mean is zero or negative, which the model can't have: an error unless 'leave-out'. */
  notPositive?: 'error' | 'leave-out';
}

export interface SpendCorrelation {
  /** Pearson's correlation of x and m over the customers with m; null where either is constant or fewer than 4 are left. */
  pearson: number | null;
  low: number | null;
  high: number | null;
  n: number;
  /** At least 0.3 either way and its 95% interval without 0: the model's independence of frequency and spend doesn't hold. */
  isCorrelated: boolean;
}

export type SpendMean =
  /** The model's own posterior mean. */
  | { rule: 'model' }
  /** q ≤ 1: the model's mean is infinite. Own and cohort mean are weighed px : q instead. */
  | { rule: 'shrunk'; because: 'infinite-mean' }
  /** The model's mean is over twice the cohort's: the tail is extrapolated. The same weights. */
  | { rule: 'shrunk'; because: 'implausible-mean' };

export interface GammaGammaFit extends Fit<keyof GammaGamma> {
  /** Repeat buyers used. */
  n: number;
  /** Repeat buyers left out for a mean that wasn't positive. */
  leftOut: number;
  /** Mean over repeat buyers of their mean value. */
  cohortMean: number;
  /** pv/(q−1); null where infinite. */
  modelMean: number | null;
  correlation: SpendCorrelation;
  /** How `expectedSpend` goes about it. */
  mean: SpendMean;
}

const implausible = 2;
const strong = 0.3;

/** ln of the density of the mean value of x purchases, eq. (1a); x ≥ 1, m > 0. */
export function gammaGammaLog({ p, q, v }: GammaGamma, x: number, m: number): number {
  const px = p * x;
  const mx = m * x;
  return logGamma(px + q) - logGamma(px) - logGamma(q) - px * Math.log1p(v / mx) - q * Math.log1p(mx / v) - Math.log(m);
}

/** Log-likelihood in (p, q, v) with gradient and Hessian; what depends on x alone is worked out once for each different x. */
export function gammaGammaLikelihood(x: ArrayLike<number>, m: ArrayLike<number>): LogLikelihood {
  return likelihoodOf(grouped(x, m));
}

/** Compressed as (x, 0, m): the same grouping by x with m in the place of T. */
const grouped = (x: ArrayLike<number>, m: ArrayLike<number>, weight?: ArrayLike<number>) =>
  compress({ x, tx: new Float64Array(x.length), T: m, ...(weight && { weight }) });

function likelihoodOf({ T: means, weight, frequencies, offsets }: Compressed): LogLikelihood {
  let logMeans = 0;
  for (let i = 0; i < means.length; i++) logMeans += weight[i]! * Math.log(means[i]!);
  return (theta, gradient, hessian) => {
    const p = theta[0]!;
    const q = theta[1]!;
    const v = theta[2]!;
    const lq = logGamma(q);
    const dq = gradient ? digamma(q) : 0;
    const tq = hessian ? trigamma(q) : 0;
    let total = -logMeans;
    const g = [0, 0, 0];
    const h = [0, 0, 0, 0, 0, 0];
    for (let f = 0; f < frequencies.length; f++) {
      const k = frequencies[f]!;
      const px = p * k;
      let w = 0;
      let own = 0;
      let rest = 0;
      let inverse = 0;
      let squares = 0;
      for (let i = offsets[f]!; i < offsets[f + 1]!; i++) {
        const wi = weight[i]!;
        const mx = means[i]! * k;
        w += wi;
        own += wi * Math.log1p(v / mx);
        rest += wi * Math.log1p(mx / v);
        const s = 1 / (v + mx);
        inverse += wi * s;
        squares += wi * s * s;
      }
      total += w * (logGamma(px + q) - logGamma(px) - lq) - px * own - q * rest;
      if (!gradient) continue;
      const both = digamma(px + q);
      g[0]! += k * (w * (both - digamma(px)) - own);
      g[1]! += w * (both - dq) - rest;
      g[2]! += (w * q) / v - (px + q) * inverse;
      if (!hessian) continue;
      const bent = trigamma(px + q);
      h[0]! += k * k * w * (bent - trigamma(px));
      h[1]! += k * w * bent;
      h[2]! -= k * inverse;
      h[3]! += w * (bent - tq);
      h[4]! += w / v - inverse;
      h[5]! += (px + q) * squares - (w * q) / (v * v);
    }
    if (gradient) gradient.set(g);
    if (hessian) hessian.set([h[0]!, h[1]!, h[2]!, h[1]!, h[3]!, h[4]!, h[2]!, h[4]!, h[5]!]);
    return total;
  };
}

/**
 * Maximum likelihood over repeat buyers.
 * @throws RangeError that names the row: x not a whole number of at least 0, m not finite, or (unless left out) not positive, where
 * x > 0; lengths that differ; no repeat buyers.
 */
export function fitGammaGamma(spend: Spend, options: GammaGammaOptions = {}): GammaGammaFit {
  const { x, m, weight } = spend;
  if (m.length !== x.length) throw new RangeError(`m: expected ${x.length} values as in x, found ${m.length}`);
  if (weight && weight.length !== x.length) throw new RangeError(`weight: expected ${x.length} values as in x, found ${weight.length}`);
  const xs: number[] = [];
  const ms: number[] = [];
  const ws: number[] = [];
  let n = 0;
  let total = 0;
  let leftOut = 0;
  for (let i = 0; i < x.length; i++) {
    const xi = x[i]!;
    const mi = m[i]!;
    const wi = weight ? weight[i]! : 1;
    if (!(wi > 0 && wi < Number.POSITIVE_INFINITY)) throw new RangeError(`weight: expected a positive number, found ${wi} in row ${i}`);
    if (!(xi >= 0 && Number.isSafeInteger(xi))) throw new RangeError(`x: expected a whole number of at least 0, found ${xi} in row ${i}`);
    if (xi === 0) continue;
    if (!Number.isFinite(mi)) throw new RangeError(`m: expected a finite number, found ${mi} in row ${i}`);
    if (mi <= 0) {
      if (options.notPositive !== 'leave-out') throw new RangeError(`m: expected a positive mean value, found ${mi} in row ${i}`);
      leftOut += wi;
      continue;
    }
    xs.push(xi);
    ms.push(mi);
    ws.push(wi);
    n += wi;
    total += wi * mi;
  }
  if (n === 0) throw new RangeError('x: the Gamma-Gamma model needs repeat buyers with a positive mean value, found none');
  const cohortMean = total / n;
  const rows = grouped(xs, ms, ws);
  const few = thin(rows, 2000);
  const fitted = maximise<keyof GammaGamma>({
    names: ['p', 'q', 'v'],
    logLikelihood: likelihoodOf(rows),
    hasHessian: true,
    ...(few === rows ? {} : { coarse: likelihoodOf(few) }),
    starts: [
      [1, 3],
      [6, 3.7],
      [20, 10],
      [0.7, 1.3],
      [4, 1.5],
    ].map(([p, q]) => [p!, q!, (cohortMean * (q! - 1)) / p!]),
    customers: n,
    ...(options.prior && { prior: options.prior }),
  });
  const { p, q, v } = fitted.parameters;
  const modelMean = q > 1 ? (p * v) / (q - 1) : null;
  const mean: SpendMean =
    modelMean === null
      ? { rule: 'shrunk', because: 'infinite-mean' }
      : modelMean > implausible * cohortMean
        ? { rule: 'shrunk', because: 'implausible-mean' }
        : { rule: 'model' };
  return { ...fitted, n, leftOut, cohortMean, modelMean, correlation: spendCorrelation(xs, ms, ws), mean };
}

/** Pearson's correlation of frequency and mean spend with Fisher's 95% interval. */
export function spendCorrelation(x: ArrayLike<number>, m: ArrayLike<number>, weight?: ArrayLike<number>): SpendCorrelation {
  const w = (i: number) => (weight ? weight[i]! : 1);
  let n = 0;
  let mx = 0;
  let mm = 0;
  for (let i = 0; i < x.length; i++) {
    n += w(i);
    mx += w(i) * x[i]!;
    mm += w(i) * m[i]!;
  }
  mx /= n;
  mm /= n;
  let sxx = 0;
  let sxm = 0;
  let smm = 0;
  for (let i = 0; i < x.length; i++) {
    sxx += w(i) * (x[i]! - mx) ** 2;
    sxm += w(i) * (x[i]! - mx) * (m[i]! - mm);
    smm += w(i) * (m[i]! - mm) ** 2;
  }
  const least = 1e-12;
  if (n < 4 || !(sxx > least * n * mx * mx) || !(smm > least * n * mm * mm))
    return { pearson: null, low: null, high: null, n, isCorrelated: false };
  const pearson = Math.max(-1, Math.min(1, sxm / Math.sqrt(sxx * smm)));
  const z = Math.atanh(pearson);
  const half = 1.959963984540054 / Math.sqrt(n - 3);
  const low = Math.tanh(z - half);
  const high = Math.tanh(z + half);
  return { pearson, low, high, n, isCorrelated: Math.abs(pearson) >= strong && (low > 0 || high < 0) };
}

/**
 * The model's mean value of a customer's purchases to come, eq. (5): p(v + mx)/(px + q − 1). For x = 0 the population's pv/(q−1).
 * @throws RangeError where it is infinite (px + q ≤ 1): `expectedSpend` has the fallback.
 */
export function modelSpend({ p, q, v }: GammaGamma, x: number, m: number): number {
  const rest = p * x + q - 1;
  if (!(rest > 0)) throw new RangeError(`q: the mean of a Gamma-Gamma model with q = ${q} is infinite for x = ${x}`);
  return (p * (v + (x > 0 ? m * x : 0))) / rest;
}

/**
 * Mean value of a customer's purchases to come, by the rule of `fitted.mean`: the model's, or where that can't be used the
 * customer's own mean and the cohort's in proportion px : q.
 * @throws RangeError for x > 0 with m negative or not finite.
 */
export function expectedSpend(fitted: Pick<GammaGammaFit, 'parameters' | 'mean' | 'cohortMean'>, x: number, m: number): number {
  if (x > 0 && !(m >= 0 && m < Number.POSITIVE_INFINITY)) throw new RangeError(`m: expected a finite mean value of at least 0, found ${m}`);
  const { p, q } = fitted.parameters;
  if (fitted.mean.rule === 'model') return modelSpend(fitted.parameters, x, m);
  return x > 0 ? (q * fitted.cohortMean + p * x * m) / (q + p * x) : fitted.cohortMean;
}

/** A random total value of `count` purchases to come. */
export function drawSpend({ p, q, v }: GammaGamma, x: number, m: number, count: number, random: Random): number {
  if (count === 0) return 0;
  const nu = random.gamma(q + p * x) / (v + (x > 0 ? m * x : 0));
  return random.gamma(p * count) / Math.max(nu, 1e-300);
}
