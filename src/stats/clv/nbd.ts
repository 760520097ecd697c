import { logGamma } from '../gamma.ts';
import { type FitOptions, rowsToFit } from './beta-geometric.ts';
import { type Compressed, checkHistory, checkPositive, checkTime, type Histories } from './compress.ts';
import { type Fit, type LogLikelihood, maximise } from './fit.ts';
import type { Law } from './law.ts';
import { negativeBinomial, negligibleChance } from './negative-binomial.ts';
import { logRising, risingCurvature, risingSlope } from './rising.ts';

/** NBD (Ehrenberg 1959): rates ~ Gamma(r, α) and nobody ever leaves. The baseline that a model with dropout has to beat. */
export interface Nbd {
  r: number;
  alpha: number;
}

/**
 * One customer's log-likelihood of the purchase times, Γ(r+x)/Γ(r) α^r/(α+T)^(r+x): on the same footing as the likelihoods of BG/NBD,
 * MBG/NBD and Pareto/NBD. The likelihood of the count alone has T^x/x! as a further factor, without parameters.
 */
export function nbdLog(p: Nbd, x: number, T: number): number {
  checkPositive(p, ['r', 'alpha']);
  checkHistory(x, 0, T);
  return logRising(p.r, x) - x * Math.log(p.alpha) - (p.r + x) * Math.log1p(T / p.alpha);
}

/** Log-likelihood of all rows in (r, α) with gradient and Hessian. */
export function nbdLikelihood(rows: Compressed): LogLikelihood {
  const { T, weight, frequencies, offsets } = rows;
  return (theta, gradient, hessian) => {
    const r = theta[0]!;
    const alpha = theta[1]!;
    const logAlpha = Math.log(alpha);
    let total = 0;
    let gr = 0;
    let ga = 0;
    let rr = 0;
    let ra = 0;
    let aa = 0;
    for (let f = 0; f < frequencies.length; f++) {
      const x = frequencies[f]!;
      let w = 0;
      let wlog = 0;
      let wi = 0;
      let wii = 0;
      for (let i = offsets[f]!; i < offsets[f + 1]!; i++) {
        const inverse = 1 / (alpha + T[i]!);
        w += weight[i]!;
        wlog += weight[i]! * Math.log1p(T[i]! / alpha);
        wi += weight[i]! * inverse;
        wii += weight[i]! * inverse * inverse;
      }
      total += w * (logRising(r, x) - x * logAlpha) - (r + x) * wlog;
      if (!gradient) continue;
      gr += w * risingSlope(r, x) - wlog;
      ga += (w * r) / alpha - (r + x) * wi;
      if (!hessian) continue;
      rr += w * risingCurvature(r, x);
      ra += w / alpha - wi;
      aa += (r + x) * wii - (w * r) / (alpha * alpha);
    }
    if (gradient) gradient.set([gr, ga]);
    if (hessian) hessian.set([rr, ra, ra, aa]);
    return total;
  };
}

/**
 * Maximum likelihood.
 * @throws RangeError for histories that can't be, no customers, no repeat purchase, or no time observed.
 */
export function fitNbd(histories: Histories | Compressed, options: FitOptions = {}): Fit<keyof Nbd> {
  const rows = rowsToFit(histories, 'NBD');
  let purchases = 0;
  let exposure = 0;
  for (let i = 0; i < rows.x.length; i++) {
    purchases += rows.weight[i]! * rows.x[i]!;
    exposure += rows.weight[i]! * rows.T[i]!;
  }
  const rate = purchases / exposure;
  return maximise({
    names: ['r', 'alpha'],
    logLikelihood: nbdLikelihood(rows),
    hasHessian: true,
    starts: options.starts ?? [0.1, 0.5, 2, 10].map((r) => [r, r / rate]),
    customers: rows.customers,
    ...(options.prior && { prior: options.prior }),
  });
}

interface Rate {
  shape: number;
  rate: number;
}

function rateAt(p: Nbd, x: number, tx: number, T: number, t: number): Rate {
  checkHistory(x, tx, T);
  return { shape: rateNew(p, t).shape + x, rate: p.alpha + T };
}

function rateNew(p: Nbd, t: number): Rate {
  checkPositive(p, ['r', 'alpha']);
  checkTime(t);
  return { shape: p.r, rate: p.alpha };
}

function count({ shape, rate }: Rate, t: number, n: number): number {
  if (!(n >= 0 && Number.isInteger(n))) throw new RangeError(`n: expected a whole number of at least 0, found ${n}`);
  if (t === 0) return n === 0 ? 1 : 0;
  return Math.exp(logRising(shape, n) - logGamma(n + 1) - shape * Math.log1p(t / rate) - n * Math.log1p(rate / t));
}

function counts({ shape, rate }: Rate, t: number, out: number[]): number {
  const terms = negativeBinomial(shape, t / rate);
  let more = any({ shape, rate }, t);
  out[0] = 1 - more;
  for (let n = 1; ; n++) {
    if (!(more > negligibleChance)) return n;
    out[n] = terms(n);
    more = Math.max(0, more - out[n]!);
  }
}

const mean = ({ shape, rate }: Rate, t: number) => (shape * t) / rate;
const any = ({ shape, rate }: Rate, t: number) => -Math.expm1(-shape * Math.log1p(t / rate));

export const nbd: Law<Nbd> = {
  id: 'nbd',
  alive(p, x, tx, T) {
    rateAt(p, x, tx, T, 0);
    return 1;
  },
  expected: (p, x, tx, T, t) => mean(rateAt(p, x, tx, T, t), t),
  any: (p, x, tx, T, t) => any(rateAt(p, x, tx, T, t), t),
  count: (p, x, tx, T, t, n) => count(rateAt(p, x, tx, T, t), t, n),
  counts: (p, x, tx, T, t, out) => counts(rateAt(p, x, tx, T, t), t, out),
  expectedNew: (p, t) => mean(rateNew(p, t), t),
  countNew: (p, t, n) => count(rateNew(p, t), t, n),
  draw(p, x, tx, T, t, random) {
    const { shape, rate } = rateAt(p, x, tx, T, t);
    return random.poisson(Math.min((random.gamma(shape) / rate) * t, 1e12));
  },
};
