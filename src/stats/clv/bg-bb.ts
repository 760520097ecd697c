import type { Random } from '../random.ts';
import { type FitOptions, rowsToFit } from './beta-geometric.ts';
import { type Compressed, checkHistories, type Histories } from './compress.ts';
import { type Fit, type LogLikelihood, maximise } from './fit.ts';
import type { Law } from './law.ts';
import { logRising, risingCurvature, risingSlope } from './rising.ts';

/**
 * BG/BB, for purchases that happen or not at discrete opportunities: the chance of a purchase while active is beta(α, β), the chance of
 * dropping out before an opportunity beta(γ, δ) (Fader, Hardie & Shang 2010, 'Customer-Base Analysis in a Discrete-Time Noncontractual
 * Setting').
 */
export interface BgBb {
  alpha: number;
  beta: number;
  gamma: number;
  delta: number;
}

type BgBbName = keyof BgBb;

const names = ['alpha', 'beta', 'gamma', 'delta'] as const satisfies readonly BgBbName[];
const places = 15;

/** @throws RangeError that names the parameter that isn't positive and finite. */
function checkBgBb(p: BgBb): void {
  for (const name of names) {
    if (!(p[name] > 0 && p[name] < Number.POSITIVE_INFINITY)) {
      throw new RangeError(`${name}: expected a positive, finite number, found ${p[name]}`);
    }
  }
}

function checkDiscrete({ x, tx, T }: Histories): void {
  for (let i = 0; i < x.length; i++) {
    if (!Number.isSafeInteger(T[i]!)) throw new RangeError(`n: expected a whole number of opportunities, found ${T[i]} in row ${i}`);
    if (!Number.isSafeInteger(tx[i]!)) throw new RangeError(`tx: expected the whole number of an opportunity, found ${tx[i]} in row ${i}`);
    if (x[i]! > tx[i]!)
      throw new RangeError(`x: expected at most one purchase an opportunity up to tx = ${tx[i]}, found ${x[i]} in row ${i}`);
  }
}

function check(p: BgBb, x: number, tx: number, n: number): void {
  checkBgBb(p);
  const isFine =
    x >= 0 && x <= tx && tx <= n && (x > 0 || tx === 0) && Number.isSafeInteger(x) && Number.isSafeInteger(tx) && Number.isSafeInteger(n);
  if (isFine) return;
  const histories = { x: [x], tx: [tx], T: [n] };
  checkHistories(histories);
  checkDiscrete(histories);
}

function checkWhole(name: string, value: number): void {
  if (!(Number.isSafeInteger(value) && value >= 0)) throw new RangeError(`${name}: expected a whole number of at least 0, found ${value}`);
}

/** ln of the probability of the purchases up to t_x, active so far. */
function logUpToLast({ alpha, beta, gamma, delta }: BgBb, x: number, tx: number): number {
  return logRising(alpha, x) + logRising(beta, tx - x) - logRising(alpha + beta, tx) + logRising(delta, tx) - logRising(gamma + delta, tx);
}

/** Given the purchases up to t_x: the chances of nothing since and still active through n, and of nothing since and gone. */
function sinceLast({ alpha, beta, gamma, delta }: BgBb, x: number, tx: number, n: number): { active: number; gone: number } {
  let active = 1;
  let gone = 0;
  for (let m = tx; m < n && active > 0; m++) {
    gone += (active * gamma) / (gamma + delta + m);
    active *= ((beta + m - x) / (alpha + beta + m)) * ((delta + m) / (gamma + delta + m));
  }
  return { active, gone };
}

/**
 * One customer's log-likelihood, of one order of x purchases in n opportunities (Fader, Hardie & Shang 2010, eq. 5; without the
 * binomial coefficient).
 * @throws RangeError that names what is no parameter or no history.
 */
export function bgBbLog(p: BgBb, x: number, tx: number, n: number): number {
  check(p, x, tx, n);
  const { active, gone } = sinceLast(p, x, tx, n);
  return logUpToLast(p, x, tx) + Math.log(active + gone);
}

/** P(active through opportunity n), before the next chance to drop out. */
export function bgBbThrough(p: BgBb, x: number, tx: number, n: number): number {
  check(p, x, tx, n);
  const { active, gone } = sinceLast(p, x, tx, n);
  return active / (active + gone);
}

/** The model as it stands for a customer active through n. */
function updated({ alpha, beta, gamma, delta }: BgBb, x: number, n: number): BgBb {
  return { alpha: alpha + x, beta: beta + n - x, gamma, delta: delta + n };
}

const summed = 10_000;

/**
 * E[X(n)] (Fader, Hardie & Shang 2010, eq. 8): the mean chance of a purchase times the expected opportunities while active, as the sum
 * these are, so that γ = 1 is no special case.
 */
function expectedNew({ alpha, beta, gamma, delta }: BgBb, n: number): number {
  const chance = alpha / (alpha + beta);
  if (n > summed && Math.abs(gamma - 1) > 0.01) {
    return ((chance * delta) / (gamma - 1)) * -Math.expm1(logRising(1 + delta, n) - logRising(gamma + delta, n));
  }
  let active = 1;
  let sum = 0;
  for (let j = 0; j < n && active > 0; j++) {
    active *= (delta + j) / (gamma + delta + j);
    sum += active;
  }
  return chance * sum;
}

/** P(X(n) = x) (Fader, Hardie & Shang 2010, eq. 7). */
function countNew(p: BgBb, n: number, x: number): number {
  checkWhole('n', x);
  if (x > n) return 0;
  const { alpha, beta, gamma, delta } = p;
  let log = logUpToLast(p, x, x);
  let sum = 0;
  let active = 1;
  for (let m = x; m < n; m++) {
    sum += (active * gamma) / (gamma + delta + m);
    active *= ((m + 1) / (m + 1 - x)) * ((beta + m - x) / (alpha + beta + m)) * ((delta + m) / (gamma + delta + m));
    if (active > 1e200) {
      log += Math.log(active);
      sum /= active;
      active = 1;
    }
  }
  return Math.min(1, Math.exp(log + Math.log(sum + active)));
}

/** P(X(n) ≥ 1): the first purchase at each opportunity, added up. */
function anyNew({ alpha, beta, gamma, delta }: BgBb, n: number): number {
  let waiting = 1;
  let sum = 0;
  for (let j = 0; j < n && waiting > 0; j++) {
    waiting *= (delta + j) / (gamma + delta + j);
    sum += (waiting * alpha) / (alpha + beta + j);
    waiting *= (beta + j) / (alpha + beta + j);
  }
  return Math.min(1, sum);
}

function betaDraw(random: Random, a: number, b: number): number {
  const x = random.gamma(a);
  const y = random.gamma(b);
  return x + y > 0 ? x / (x + y) : Number(random.uniform() * (a + b) < a);
}

/**
 * All times are opportunities: T is n, `t` counts those after n. `alive` is P(active at n + 1) (Fader, Hardie & Shang 2010, eq. 11),
 * `expected` their eq. 13, `count` their eq. 12. Every function throws a RangeError that names what is no parameter, history or count.
 */
export const bgBb: Omit<Law<BgBb>, 'id'> & { id: 'bg-bb' } = {
  id: 'bg-bb',
  alive: (p, x, tx, n) => (bgBbThrough(p, x, tx, n) * (p.delta + n)) / (p.gamma + p.delta + n),
  expected: (p, x, tx, n, t) => {
    checkWhole('t', t);
    return bgBbThrough(p, x, tx, n) * expectedNew(updated(p, x, n), t);
  },
  any: (p, x, tx, n, t) => {
    checkWhole('t', t);
    return bgBbThrough(p, x, tx, n) * anyNew(updated(p, x, n), t);
  },
  count: (p, x, tx, n, t, count) => {
    checkWhole('t', t);
    const chance = bgBbThrough(p, x, tx, n);
    const after = updated(p, x, n);
    return count === 0 ? 1 - chance * anyNew(after, t) : chance * countNew(after, t, count);
  },
  counts: (p, x, tx, n, t, out) => {
    for (let count = 0; count <= t; count++) out[count] = bgBb.count(p, x, tx, n, t, count);
    return t + 1;
  },
  expectedNew: (p, t) => {
    checkBgBb(p);
    checkWhole('t', t);
    return expectedNew(p, t);
  },
  countNew: (p, t, count) => {
    checkBgBb(p);
    checkWhole('t', t);
    return countNew(p, t, count);
  },
  draw: (p, x, tx, n, t, random) => {
    checkWhole('t', t);
    if (random.uniform() >= bgBbThrough(p, x, tx, n)) return 0;
    const after = updated(p, x, n);
    const chance = betaDraw(random, after.alpha, after.beta);
    const dropout = betaDraw(random, after.gamma, after.delta);
    const stays = Math.log1p(-random.uniform()) / Math.log1p(-dropout);
    return random.binomial(Math.min(t, stays >= 0 ? Math.floor(stays) : t), chance);
  },
};

/** Log-likelihood of one history with gradient [1 … 4] and Hessian [5 … 14] (upper triangle by rows) in (α, β, γ, δ). */
function terms({ alpha, beta, gamma, delta }: BgBb, x: number, tx: number, n: number, out: Float64Array): number {
  const ab = alpha + beta;
  const gd = gamma + delta;
  let active = 1;
  let total = 0;
  const slope = [0, 0, 0, 0];
  const bend = [0, 0, 0, 0];
  const mean = [0, 0, 0, 0];
  const second = new Float64Array(10);
  // bend holds Σ 1/(α+β+j)², Σ 1/(β+j−x)², Σ 1/(γ+δ+j)², Σ 1/(δ+j)²: the second derivatives of a component's logarithm.
  const add = (weight: number, m: number, isGone: boolean) => {
    const end = isGone ? 1 / (gd + m) : 0;
    const g0 = slope[0]!;
    const g1 = slope[1]!;
    const g2 = slope[2]! + (isGone ? 1 / gamma - end : 0);
    const g3 = slope[3]! - end;
    const abBend = bend[0]!;
    const gdBend = bend[2]! + end * end;
    total += weight;
    mean[0]! += weight * g0;
    mean[1]! += weight * g1;
    mean[2]! += weight * g2;
    mean[3]! += weight * g3;
    second[0]! += weight * (g0 * g0 + abBend);
    second[1]! += weight * (g0 * g1 + abBend);
    second[2]! += weight * g0 * g2;
    second[3]! += weight * g0 * g3;
    second[4]! += weight * (g1 * g1 + abBend - bend[1]!);
    second[5]! += weight * g1 * g2;
    second[6]! += weight * g1 * g3;
    second[7]! += weight * (g2 * g2 + gdBend - (isGone ? 1 / (gamma * gamma) : 0));
    second[8]! += weight * (g2 * g3 + gdBend);
    second[9]! += weight * (g3 * g3 + gdBend - bend[3]!);
  };
  for (let m = tx; m < n && active > 0; m++) {
    add((active * gamma) / (gd + m), m, true);
    const p = 1 / (ab + m);
    const q = 1 / (beta + m - x);
    const u = 1 / (gd + m);
    const v = 1 / (delta + m);
    active *= (beta + m - x) * p * ((delta + m) * u);
    slope[0]! -= p;
    slope[1]! += q - p;
    slope[2]! -= u;
    slope[3]! += v - u;
    bend[0]! += p * p;
    bend[1]! += q * q;
    bend[2]! += u * u;
    bend[3]! += v * v;
  }
  add(active, n, false);
  const g = mean.map((value) => value / total);
  for (let i = 0, at = 0; i < 4; i++) for (let j = i; j < 4; j++, at++) out[5 + at] = second[at]! / total - g[i]! * g[j]!;
  const abSlope = risingSlope(ab, tx);
  const gdSlope = risingSlope(gd, tx);
  const abCurve = risingCurvature(ab, tx);
  const gdCurve = risingCurvature(gd, tx);
  out[1] = g[0]! + risingSlope(alpha, x) - abSlope;
  out[2] = g[1]! + risingSlope(beta, tx - x) - abSlope;
  out[3] = g[2]! - gdSlope;
  out[4] = g[3]! + risingSlope(delta, tx) - gdSlope;
  out[5]! += risingCurvature(alpha, x) - abCurve;
  out[6]! -= abCurve;
  out[9]! += risingCurvature(beta, tx - x) - abCurve;
  out[12]! -= gdCurve;
  out[13]! -= gdCurve;
  out[14]! += risingCurvature(delta, tx) - gdCurve;
  return logUpToLast({ alpha, beta, gamma, delta }, x, tx) + Math.log(total);
}

/** Log-likelihood of all rows (T is n) with gradient and Hessian in (α, β, γ, δ). */
export function bgBbLikelihood(rows: Compressed): LogLikelihood {
  const out = new Float64Array(places);
  return (theta, gradient, hessian) => {
    const p = { alpha: theta[0]!, beta: theta[1]!, gamma: theta[2]!, delta: theta[3]! };
    const sums = new Float64Array(places);
    let value = 0;
    for (let i = 0; i < rows.x.length; i++) {
      const w = rows.weight[i]!;
      value += w * terms(p, rows.x[i]!, rows.tx[i]!, rows.T[i]!, out);
      for (let k = 1; k < places; k++) sums[k]! += w * out[k]!;
    }
    if (gradient) for (let k = 0; k < 4; k++) gradient[k] = sums[k + 1]!;
    if (hessian) for (let i = 0, at = 5; i < 4; i++) for (let j = i; j < 4; j++) hessian[i * 4 + j] = hessian[j * 4 + i] = sums[at++]!;
    return value;
  };
}

/**
 * Maximum likelihood with exact gradient and Hessian. `T` of the histories holds n, the opportunities since the first purchase.
 * @throws RangeError for histories that can't be, no customers, no repeat purchase, or no opportunity observed.
 */
export function fitBgBb(histories: Histories | Compressed, options: FitOptions = {}): Fit<BgBbName> {
  const rows = rowsToFit(histories, 'BG/BB');
  checkDiscrete(histories);
  return maximise<BgBbName>({
    names,
    logLikelihood: bgBbLikelihood(rows),
    hasHessian: true,
    starts: options.starts ?? [
      [1, 1, 0.5, 3],
      [0.5, 1.5, 1, 10],
      [2, 4, 0.3, 1],
    ],
    customers: rows.customers,
    ...(options.prior && { prior: options.prior }),
  });
}
