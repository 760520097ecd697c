import { type Random, random } from '../random.ts';
import { checkHistories } from './compress.ts';
import type { Estimates, Fit } from './fit.ts';
import { drawSpend, expectedSpend, type GammaGamma, type GammaGammaFit } from './gamma-gamma.ts';
import { eigen } from './matrix.ts';
import { type Discount, type Duration, inUnit, type TimeUnit } from './unit.ts';
import { type Customers, discountedPurchases, type PurchaseModel } from './value.ts';

export interface ParameterDraws<Name extends string> {
  draws: Record<Name, number>[];
  /** False where the Hessian was singular: every draw is then the estimate itself, and intervals hold purchase noise alone. */
  hasUncertainty: boolean;
}

const furthest = 3;

/**
 * Draws from the asymptotic normal of the estimates on the working scale (logarithms of positive parameters), at most e^±3 from the
 * estimate; parameters at a border stay there.
 */
export function drawParameters<Name extends string>(fitted: Fit<Name>, count: number, stream: Random): ParameterDraws<Name> {
  const { covariance, parameters } = fitted;
  const k = fitted.names.length;
  if (!covariance) return { draws: Array.from({ length: count }, () => ({ ...parameters })), hasUncertainty: false };
  const { values, vectors } = eigen(covariance, k);
  const draws = Array.from({ length: count }, () => {
    const z = Float64Array.from(values, (value) => Math.sqrt(Math.max(0, value)) * stream.normal());
    return moved(fitted, (i) => {
      let move = 0;
      for (let e = 0; e < k; e++) move += vectors[i * k + e]! * z[e]!;
      return move;
    });
  });
  return { draws, hasUncertainty: true };
}

/**
 * Equally weighted points with the mean and the covariance of the estimates' asymptotic normal on the working scale: for means over it
 * without chance (spherical-radial cubature of degree 3, Arasaratnam & Haykin 2009). The estimate alone for a singular Hessian.
 */
export function parameterPoints<Name extends string>(fitted: Estimates<Name>): ParameterDraws<Name> {
  const { names, covariance, parameters } = fitted;
  const k = names.length;
  if (!covariance) return { draws: [{ ...parameters }], hasUncertainty: false };
  const { values, vectors } = eigen(covariance, k);
  const draws = Array.from({ length: 2 * k }, (_, d) => {
    const e = d >> 1;
    const size = (d & 1 ? -1 : 1) * Math.sqrt(k * Math.max(0, values[e]!));
    return moved(fitted, (i) => size * vectors[i * k + e]!);
  });
  return { draws, hasUncertainty: true };
}

/** The estimates moved on the working scale. */
function moved<Name extends string>({ names, parameters, real }: Estimates<Name>, by: (i: number) => number): Record<Name, number> {
  const draw = { ...parameters };
  for (const [i, name] of names.entries()) {
    const at = parameters[name];
    draw[name] = real.includes(name) ? at + by(i) : at * Math.exp(Math.max(-furthest, Math.min(furthest, by(i))));
  }
  return draw;
}

export interface Interval {
  expected: number;
  low: number;
  high: number;
}

export interface IntervalRequest<U extends TimeUnit, P extends Record<Name, number>, Name extends string> {
  model: PurchaseModel<U, P>;
  /** The fit the model's parameters come from. */
  fitted: Fit<Name>;
  /** For values too. */
  spend?: GammaGammaFit;
  horizon: Duration<NoInfer<U>>;
  /** For values; none means undiscounted. */
  discount?: Discount<NoInfer<U>>;
  /** Share of outcomes inside, 0.95 unless given. */
  level?: number;
  /** Simulated futures, 500 unless given. */
  draws?: number;
  seed: number | string;
}

export interface CustomerInterval {
  /** Purchases within the horizon: whole numbers at the ends. */
  purchases: Interval;
  /** Their discounted value; null without `spend`. */
  value: Interval | null;
  /** False: the interval leaves out that the parameters are estimates (singular Hessian). */
  hasParameterUncertainty: boolean;
}

export interface TotalInterval extends CustomerInterval {
  customers: number;
}

interface Future<P> {
  parameters: P;
  spend: GammaGamma | null;
}

function futures<U extends TimeUnit, P extends Record<Name, number>, Name extends string>(
  request: IntervalRequest<U, P, Name>,
): { list: Future<P>[]; hasUncertainty: boolean } {
  const count = request.draws ?? 500;
  if (!(Number.isSafeInteger(count) && count >= 40)) throw new RangeError(`draws: expected a whole number of at least 40, found ${count}`);
  const purchases = drawParameters(request.fitted, count, random(request.seed, 'clv/parameters'));
  const spend = request.spend ? drawParameters(request.spend, count, random(request.seed, 'clv/spend')) : null;
  return {
    list: purchases.draws.map((draw, i) => ({
      parameters: { ...request.model.parameters, ...draw },
      spend: spend ? (spend.draws[i]! as unknown as GammaGamma) : null,
    })),
    hasUncertainty: purchases.hasUncertainty && (spend?.hasUncertainty ?? true),
  };
}

function checked(request: { level?: number }): number {
  const level = request.level ?? 0.95;
  if (!(level > 0 && level < 1)) throw new RangeError(`level: expected a number between 0 and 1, found ${level}`);
  return level;
}

/** The shortest interval that holds `level` of the draws; for equal lengths the one that holds most. */
export function shortest(draws: Float64Array, level: number): { low: number; high: number } {
  const sorted = Float64Array.from(draws).sort();
  const n = sorted.length;
  const inside = Math.min(n, Math.ceil(level * (n + 1)));
  let low = 0;
  let width = Number.POSITIVE_INFINITY;
  let held = 0;
  for (let i = 0; i + inside <= n; i++) {
    if (i > 0 && sorted[i] === sorted[i - 1]) continue;
    const end = sorted[i + inside - 1]!;
    const length = end - sorted[i]!;
    if (length > width) continue;
    let after = i + inside;
    while (after < n && sorted[after] === end) after++;
    if (length < width || after - i > held) {
      low = i;
      width = length;
      held = after - i;
    }
  }
  return { low: sorted[low]!, high: sorted[low + inside - 1]! };
}

function equalTailed(draws: Float64Array, level: number): { low: number; high: number } {
  const sorted = Float64Array.from(draws).sort();
  const at = (q: number) => {
    const place = Math.min(sorted.length - 1, Math.max(0, q * (sorted.length + 1) - 1));
    const below = Math.floor(place);
    return sorted[below]! + (place - below) * ((sorted[below + 1] ?? sorted[below]!) - sorted[below]!);
  };
  return { low: at((1 - level) / 2), high: at((1 + level) / 2) };
}

interface Outlook {
  purchases: number;
  /** Discounted over undiscounted purchases. */
  share: number;
  spend: number;
}

function outlook<U extends TimeUnit, P extends Record<Name, number>, Name extends string>(
  request: IntervalRequest<U, P, Name>,
  parameters: P,
  x: number,
  tx: number,
  T: number,
  m: number,
): Outlook {
  const { law, unit } = request.model;
  const t = inUnit('horizon', request.horizon, unit);
  const purchases = law.expected(parameters, x, tx, T, t);
  let share = 1;
  if (request.spend && request.discount && purchases > 0) {
    share = discountedPurchases((s) => law.expected(parameters, x, tx, T, s), request.horizon, request.discount) / purchases;
  }
  return { purchases, share, spend: request.spend ? expectedSpend(request.spend, x, m) : 0 };
}

function checkCustomers(customers: Customers, needsSpend: boolean): void {
  checkHistories(customers);
  const { x, m } = customers;
  if (!needsSpend) return;
  if (m.length !== x.length) throw new RangeError(`m: expected ${x.length} values as in x, found ${m.length}`);
  for (let i = 0; i < x.length; i++) {
    if (x[i]! > 0 && !(m[i]! >= 0 && m[i]! < Number.POSITIVE_INFINITY)) {
      throw new RangeError(`m: expected a finite mean value of at least 0, found ${m[i]} in row ${i}`);
    }
  }
}

/**
 * Intervals for each customer: what will be seen (purchases, their value), from parameter uncertainty, the customer's own unknown rate,
 * lifetime and spend, and chance. The shortest interval of simulated futures; equal histories get equal intervals, whoever else is asked
 * for. The discounting within the horizon is that of the expected purchases.
 * @throws RangeError for histories that can't be, units that differ from the model's, a level outside (0, 1), fewer than 40 draws.
 */
export function customerIntervals<U extends TimeUnit, P extends Record<Name, number>, Name extends string>(
  request: IntervalRequest<U, P, Name>,
  customers: Customers,
): CustomerInterval[] {
  const level = checked(request);
  checkCustomers(customers, request.spend !== undefined);
  const { list, hasUncertainty } = futures(request);
  const { law } = request.model;
  const t = inUnit('horizon', request.horizon, request.model.unit);
  const counts = new Float64Array(list.length);
  const values = new Float64Array(list.length);
  const known = new Map<string, CustomerInterval>();
  return Array.from({ length: customers.x.length }, (_, i) => {
    const x = customers.x[i]!;
    const tx = customers.tx[i]!;
    const T = customers.T[i]!;
    const m = request.spend && x > 0 ? customers.m[i]! : 0;
    const key = `${x} ${tx} ${T} ${m}`;
    const before = known.get(key);
    if (before) return before;
    const stream = random(request.seed, `clv/customer ${key}`);
    const seen = outlook(request, request.model.parameters, x, tx, T, m);
    for (const [d, future] of list.entries()) {
      counts[d] = law.draw(future.parameters, x, tx, T, t, stream);
      if (future.spend) values[d] = seen.share * drawSpend(future.spend, x, m, counts[d]!, stream);
    }
    const interval: CustomerInterval = {
      hasParameterUncertainty: hasUncertainty,
      purchases: { expected: seen.purchases, ...shortest(counts, level) },
      value: request.spend ? { expected: seen.purchases * seen.share * seen.spend, ...shortest(values, level) } : null,
    };
    known.set(key, interval);
    return interval;
  });
}

const simulatedRows = 2000;

/**
 * Interval of a cohort's total. Up to 2,000 rows each customer's future is simulated under each draw of the parameters; above, a
 * systematic sample of rows ordered by expected purchases stands for the rest, for how far the total moves with the
 * parameters and by chance (a sum of so many is near normal), and never for the expected total itself.
 * @throws RangeError as `customerIntervals`.
 */
export function totalInterval<U extends TimeUnit, P extends Record<Name, number>, Name extends string>(
  request: IntervalRequest<U, P, Name>,
  customers: Customers,
): TotalInterval {
  const level = checked(request);
  checkCustomers(customers, request.spend !== undefined);
  const { list, hasUncertainty } = futures(request);
  const { law } = request.model;
  const t = inUnit('horizon', request.horizon, request.model.unit);
  const n = customers.x.length;
  const outlooks: Outlook[] = [];
  let people = 0;
  let expected = 0;
  let value = 0;
  for (let i = 0; i < n; i++) {
    const w = customers.weight?.[i] ?? 1;
    const m = request.spend && customers.x[i]! > 0 ? customers.m[i]! : 0;
    const one = outlook(request, request.model.parameters, customers.x[i]!, customers.tx[i]!, customers.T[i]!, m);
    outlooks.push(one);
    people += w;
    expected += w * one.purchases;
    value += w * one.purchases * one.share * one.spend;
  }
  const sample = systematic(customers, outlooks, people);
  const stream = random(request.seed, 'clv/total');
  let sampled = 0;
  let sampledValue = 0;
  for (const { row, weight } of sample) {
    const one = outlooks[row]!;
    sampled += weight * one.purchases;
    sampledValue += weight * one.purchases * one.share * one.spend;
  }
  const isWhole = n <= simulatedRows;
  const scale = !isWhole && sampled > 0 ? expected / sampled : 1;
  const valueScale = !isWhole && sampledValue > 0 ? value / sampledValue : 1;
  const counts = new Float64Array(list.length);
  const values = new Float64Array(list.length);
  for (const [d, future] of list.entries()) {
    let mean = 0;
    let noise = 0;
    let meanValue = 0;
    let noiseValue = 0;
    for (const { row, weight } of sample) {
      const x = customers.x[row]!;
      const tx = customers.tx[row]!;
      const T = customers.T[row]!;
      const one = outlooks[row]!;
      const seen = law.draw(future.parameters, x, tx, T, t, stream);
      const m = future.spend && x > 0 ? customers.m[row]! : 0;
      const worth = future.spend ? one.share * drawSpend(future.spend, x, m, seen, stream) : 0;
      if (isWhole && weight === 1) {
        mean += seen;
        meanValue += worth;
        continue;
      }
      const likely = law.expected(future.parameters, x, tx, T, t);
      mean += weight * likely;
      noise += Math.sqrt(weight) * (seen - likely);
      if (!future.spend) continue;
      const each = request.spend!.mean.rule === 'model' ? meanSpend(future.spend, x, m, one.spend) : one.spend;
      meanValue += weight * likely * one.share * each;
      noiseValue += Math.sqrt(weight) * (worth - likely * one.share * each);
    }
    counts[d] = Math.max(0, scale * mean + noise);
    values[d] = Math.max(0, valueScale * meanValue + noiseValue);
  }
  return {
    customers: people,
    hasParameterUncertainty: hasUncertainty,
    purchases: { expected, ...equalTailed(counts, level) },
    value: request.spend ? { expected: value, ...equalTailed(values, level) } : null,
  };
}

/** The posterior mean under drawn parameters; where that draw's mean is infinite, the estimate's. */
function meanSpend({ p, q, v }: GammaGamma, x: number, m: number, otherwise: number): number {
  const rest = p * x + q - 1;
  return rest > 0.05 ? (p * (v + m * x)) / rest : otherwise;
}

function systematic(customers: Customers, outlooks: Outlook[], people: number): { row: number; weight: number }[] {
  const n = outlooks.length;
  const weight = (row: number) => customers.weight?.[row] ?? 1;
  if (n <= simulatedRows) return outlooks.map((_, row) => ({ row, weight: weight(row) }));
  const worth = outlooks.map((one) => one.purchases * (one.spend > 0 ? one.spend : 1));
  const order = Uint32Array.from(worth, (_, i) => i).sort((i, j) => worth[i]! - worth[j]!);
  const step = people / simulatedRows;
  const taken: { row: number; weight: number }[] = [];
  let cumulated = 0;
  let next = step / 2;
  for (const row of order) {
    cumulated += weight(row);
    if (cumulated < next) continue;
    const times = 1 + Math.floor((cumulated - next) / step);
    taken.push({ row, weight: times * step });
    next += times * step;
  }
  return taken;
}
