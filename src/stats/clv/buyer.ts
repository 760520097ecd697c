import { betaParts } from '../beta.ts';
import { logGamma } from '../gamma.ts';
import type { Random } from '../random.ts';
import { checkTime } from './compress.ts';
import { negativeBinomial, negligibleChance } from './negative-binomial.ts';
import { logRising } from './rising.ts';

/**
 * What a beta-geometric model knows of a customer at the moment of looking: alive with probability `alive`, and if so a purchase
 * rate ~ Gamma(shape, rate) and a chance ~ Beta(a, b) to drop out after each purchase to come.
 */
export interface Buyer {
  alive: number;
  shape: number;
  rate: number;
  a: number;
  b: number;
}

const quick = 0.98;

/**
 * Expected purchases in the next `t` of a customer who is alive: E[(1 − e^(−λpt))/p] over λ ~ Gamma(shape, rate), p ~ Beta(a, b).
 * With z = t/(rate+t), c = a+b−1 it is c/(a−1) [1 − (1−z)^shape ₂F₁(shape, b; c; z)] (Fader, Hardie & Lee 2005, eq. 10), summed after Euler's
 * transformation and with the factor a−1 taken out of both parts, so that neither a = 1 nor c ≤ 0 is a special case;
 * by quadrature over p where that series is slow or cancels.
 */
export function purchasesIfAlive(shape: number, rate: number, a: number, b: number, t: number): number {
  if (t === 0) return 0;
  const c = a + b - 1;
  const z = t / (rate + t);
  const difference = c - shape;
  if (z > quick || (difference < 0 && -difference * z > 6) || c > 1e4 * shape) return quadrature(shape, t / rate, a, b);
  const e = a - 1;
  const logRest = -Math.log1p(t / rate);
  const power = Math.expm1(e * logRest);
  const grown = Math.abs(e) < 1e-12 ? logRest : power / e;
  let term = difference * z;
  let sum = term;
  for (let n = 1; n < 20000; n++) {
    term *= ((difference + n) * (e + n) * z) / ((c + n) * (n + 1));
    sum += term;
    if (Math.abs(term) < 1e-15 * Math.abs(sum) && n > -difference) break;
    if (term === 0) break;
  }
  return -c * grown - (1 + power) * sum;
}

/** The same by the trapezium rule in s, logit p = y0 + σ sinh s: the integrand decays doubly exponentially (Takahasi & Mori 1974). */
function quadrature(shape: number, tau: number, a: number, b: number): number {
  const middle = Math.log(a / b);
  const sigma = Math.sqrt(1 / a + 1 / b);
  // Nearest singularities of the integrand: logit p = ±πi of the density, −ln τ ± πi of the power, as they lie in s.
  const away = Math.max(Math.abs(middle), Math.abs(middle + Math.log(tau)));
  const strip = Math.min(Math.PI / 4, (0.9 * Math.PI) / Math.hypot(sigma, away, Math.PI));
  const h = Math.max((2 * Math.PI * strip) / 36, 1e-4);
  const shift = betaKernel(middle, a, b);
  let mass = 0;
  let sum = 0;
  for (const side of [1, -1]) {
    for (let i = side === 1 ? 0 : 1; ; i++) {
      const s = side * i * h;
      const y = middle + sigma * Math.sinh(s);
      const density = Math.exp(betaKernel(y, a, b) - shift) * Math.cosh(s);
      if (!(density > 1e-18) || i > 200000) break;
      const p = y > 0 ? 1 / (1 + Math.exp(-y)) : Math.exp(y) / (1 + Math.exp(y));
      const pt = p * tau;
      mass += density;
      sum += density * (p < 1e-300 ? shape * tau : -Math.expm1(-shape * Math.log1p(pt)) / p);
    }
  }
  return sum / mass;
}

/** a ln p + b ln(1 − p) at p = logistic(y). */
function betaKernel(y: number, a: number, b: number): number {
  const small = Math.log1p(Math.exp(-Math.abs(y)));
  return y > 0 ? -a * small - b * (y + small) : a * (y - small) - b * small;
}

/** Expected purchases in the next `t`. */
export function expectedPurchases(buyer: Buyer, t: number): number {
  checkTime(t);
  return buyer.alive * purchasesIfAlive(buyer.shape, buyer.rate, buyer.a, buyer.b, t);
}

/** P(at least one purchase in the next `t`), which can be observed, as P(alive) can't. */
export function chanceOfPurchase(buyer: Buyer, t: number): number {
  checkTime(t);
  return buyer.alive * -Math.expm1(-buyer.shape * Math.log1p(t / buyer.rate));
}

/** P(exactly `n` purchases in the next `t`), Fader, Hardie & Lee (2005), eq. (8), its sum written as an incomplete beta function. */
export function chanceOfCount(buyer: Buyer, n: number, t: number): number {
  if (!(n >= 0 && Number.isInteger(n))) throw new RangeError(`n: expected a whole number of at least 0, found ${n}`);
  const { alive, shape, rate, a, b } = buyer;
  const logStay = -Math.log1p(t / rate);
  if (n === 0) return 1 - chanceOfPurchase(buyer, t);
  if (t === 0) return 0;
  const kept = logRising(b, n) - logRising(a + b, n);
  const count = logRising(shape, n) - logGamma(n + 1) + shape * logStay - n * Math.log1p(rate / t);
  const left = kept + Math.log(a / (b + n - 1));
  const z = t / (rate + t);
  return alive * (Math.exp(kept + count) + Math.exp(left) * betaParts(z, n, shape, rate / (rate + t)).lower);
}

/**
 * P(n purchases in the next `t`) for n = 0, 1, … into `out`, by recurrence: `made` and `more` are the chances of exactly n and of more
 * than n purchases of somebody who never drops out.
 * @returns how many were written; less than 1e-9 is left.
 */
export function chancesOfCounts({ alive, shape, rate, a, b }: Buyer, t: number, out: number[]): number {
  checkTime(t);
  const terms = negativeBinomial(shape, t / rate);
  let more = -Math.expm1(-shape * Math.log1p(t / rate));
  let kept = 1;
  out[0] = 1 - alive * more;
  for (let n = 1; ; n++) {
    if (!(alive * kept * more > negligibleChance)) return n;
    const made = terms(n);
    const left = (kept * a) / (a + b + n - 1);
    kept *= (b + n - 1) / (a + b + n - 1);
    out[n] = alive * (kept * made + left * more);
    more = Math.max(0, more - made);
  }
}

/** A random number of purchases in the next `t`. */
export function drawPurchases(buyer: Buyer, t: number, random: Random): number {
  checkTime(t);
  if (random.uniform() >= buyer.alive) return 0;
  const lambda = random.gamma(buyer.shape) / buyer.rate;
  const count = random.poisson(Math.min(lambda * t, 1e12));
  if (count === 0) return 0;
  const stay = random.gamma(buyer.b);
  const leave = random.gamma(buyer.a);
  if (!(leave > 0)) return count;
  // Purchases up to the first that ends it: geometric with chance p, by inversion of ln(1 − p).
  const logKeep = -Math.log1p(leave / stay);
  const last = 1 + Math.floor(Math.log(1 - random.uniform()) / logKeep);
  return Math.min(count, last);
}
