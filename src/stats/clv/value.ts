import { type Compressed, compress, type Histories } from './compress.ts';
import { expectedSpend, type GammaGammaFit } from './gamma-gamma.ts';
import { gaussLegendre } from './gauss.ts';
import type { Law } from './law.ts';
import { type Discount, type Duration, inUnit, rateInUnit, type TimeUnit } from './unit.ts';

/** A law with its parameters and the time unit of the histories they were fitted to. */
export interface PurchaseModel<U extends TimeUnit, P> {
  law: Law<P>;
  parameters: P;
  unit: U;
}

const rule = gaussLegendre(12);

/**
 * Expected purchases to `horizon`, each discounted continuously to now: ∫ e^(−δt) dE(t) = e^(−δH) E(H) + δ ∫ e^(−δt) E(t) dt,
 * δ = ln(1 + rate). By Gauss–Legendre in √(t/H).
 * @param expected expected purchases to a time, in the unit of horizon and discount.
 */
export function discountedPurchases<U extends TimeUnit>(
  expected: (t: number) => number,
  horizon: Duration<U>,
  discount: Discount<NoInfer<U>>,
): number {
  return discounted(expected, inUnit('horizon', horizon, horizon.unit), rateInUnit('discount', discount, horizon.unit));
}

function discounted(expected: (t: number) => number, horizon: number, delta: number): number {
  const last = expected(horizon) * Math.exp(-delta * horizon);
  if (delta === 0 || horizon === 0) return last;
  let sum = 0;
  for (let i = 0; i < rule.nodes.length; i++) {
    const s = 0.5 * (1 + rule.nodes[i]!);
    const t = horizon * s * s;
    sum += rule.weights[i]! * s * Math.exp(-delta * t) * expected(t);
  }
  return last + delta * horizon * sum;
}

/**
 * The same with purchases counted at the end of each of `periods` periods, Σ [E(it) − E((i−1)t)]/(1 + d)^i: how spreadsheets and
 * lifetimes do it.
 * @param discountPerPeriod effective for one `period`, such as 0.01 for 1%.
 */
export function discountedByPeriod(
  expected: (t: number) => number,
  period: Duration<TimeUnit>,
  periods: number,
  discountPerPeriod: number,
): number {
  if (!(periods >= 0 && Number.isSafeInteger(periods)))
    throw new RangeError(`periods: expected a whole number of at least 0, found ${periods}`);
  if (!(discountPerPeriod > -1)) throw new RangeError(`discountPerPeriod: expected a rate above -1, found ${discountPerPeriod}`);
  let total = 0;
  let before = 0;
  for (let i = 1; i <= periods; i++) {
    const now = expected(i * period.value);
    total += (now - before) / (1 + discountPerPeriod) ** i;
    before = now;
  }
  return total;
}

/** Scores of unique rows, in their order. */
export interface Scores {
  /** P(alive). */
  alive: Float64Array;
  /** Expected purchases within the horizon. */
  expected: Float64Array;
  /** P(at least one purchase within the horizon). */
  any: Float64Array;
}

/**
 * Scores of rows: collapse customers with `compress` first and read customer i's at `row[i]`.
 * @throws RangeError for a horizon in another unit than the model's.
 */
export function score<U extends TimeUnit, P>(model: PurchaseModel<U, P>, rows: Compressed, horizon: Duration<NoInfer<U>>): Scores {
  const t = inUnit('horizon', horizon, model.unit);
  const { law, parameters: p } = model;
  const n = rows.x.length;
  const scores: Scores = { alive: new Float64Array(n), expected: new Float64Array(n), any: new Float64Array(n) };
  for (let i = 0; i < n; i++) {
    const x = rows.x[i]!;
    const tx = rows.tx[i]!;
    const T = rows.T[i]!;
    scores.alive[i] = law.alive(p, x, tx, T);
    scores.expected[i] = law.expected(p, x, tx, T, t);
    scores.any[i] = law.any(p, x, tx, T, t);
  }
  return scores;
}

/** Discounted expected purchases of unique rows. @throws RangeError for a horizon or discount in another unit than the model's. */
export function discountedScores<U extends TimeUnit, P>(
  model: PurchaseModel<U, P>,
  rows: Compressed,
  horizon: Duration<NoInfer<U>>,
  discount: Discount<NoInfer<U>>,
): Float64Array {
  const t = inUnit('horizon', horizon, model.unit);
  const delta = rateInUnit('discount', discount, model.unit);
  const { law, parameters: p } = model;
  return Float64Array.from(rows.x, (x, i) => discounted((s) => law.expected(p, x, rows.tx[i]!, rows.T[i]!, s), t, delta));
}

export interface Customers extends Histories {
  /** Mean value of repeat purchases; read only where x > 0. */
  m: ArrayLike<number>;
}

/**
 * Lifetime value of each customer over a stated horizon: discounted expected purchases to come × expected value of one. What the
 * customer has already spent isn't in it.
 * @throws RangeError as `compress`, for m missing, negative or not finite where x > 0, and for units that differ from the model's.
 */
export function customerValue<U extends TimeUnit, P>(
  model: PurchaseModel<U, P>,
  spend: Pick<GammaGammaFit, 'parameters' | 'mean' | 'cohortMean'>,
  customers: Customers,
  horizon: Duration<NoInfer<U>>,
  discount: Discount<NoInfer<U>>,
): Float64Array {
  const { x, m } = customers;
  if (m.length !== x.length) throw new RangeError(`m: expected ${x.length} values as in x, found ${m.length}`);
  const rows = compress(customers);
  const purchases = discountedScores(model, rows, horizon, discount);
  return Float64Array.from({ length: x.length }, (_, i) => {
    if (x[i]! > 0 && !(m[i]! >= 0 && m[i]! < Number.POSITIVE_INFINITY)) {
      throw new RangeError(`m: expected a finite mean value of at least 0, found ${m[i]} in row ${i}`);
    }
    return purchases[rows.row[i]!]! * expectedSpend(spend, x[i]!, m[i]!);
  });
}
