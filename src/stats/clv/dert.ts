import { type BgBb, bgBbThrough } from './bg-bb.ts';
import { scaledExponentialIntegral } from './exponential-integral.ts';
import { logHypergeometric } from './hypergeometric.ts';
import { type ParetoNbd, paretoNbd } from './pareto-nbd.ts';
import { type Discount, rateInUnit, type TimeUnit } from './unit.ts';

/** Parameters and the time unit of the histories they were fitted to. */
export interface Timed<U extends TimeUnit, P> {
  parameters: P;
  unit: U;
}

/**
 * Discounted expected residual transactions of a customer, without horizon: every purchase after T times e^(−δ·its time from T),
 * δ = ln(1 + rate). Fader, Hardie & Lee 2005, 'RFM and CLV', eq. 3: δ^(s−1) Ψ(s, s; δ(β+T)) and gammas, which is P(alive) (r+x)/(α+T) (β+T)
 * e^z E_s(z) at z = δ(β+T), so that nothing overflows. At no discount (r+x)(β+T)/((α+T)(s−1)) for s > 1. At x = 0, T = 0 that of a
 * customer just won, the first purchase not counted.
 * @throws RangeError for a discount per another unit than the model's, a negative one, none with s ≤ 1 (the sum is infinite), and as
 * `paretoNbd.alive`.
 */
export function paretoNbdResidual<U extends TimeUnit>(
  model: Timed<U, ParetoNbd>,
  x: number,
  tx: number,
  T: number,
  discount: Discount<NoInfer<U>>,
): number {
  const { r, alpha, s, beta } = model.parameters;
  const delta = discountOf(model, discount);
  const rate = paretoNbd.alive(model.parameters, x, tx, T) * ((r + x) / (alpha + T)) * (beta + T);
  if (delta > 0) return rate * scaledExponentialIntegral(s, delta * (beta + T));
  if (s > 1) return rate / (s - 1);
  throw new RangeError(`discount: expected a positive rate where s is at most 1 (found ${s}): undiscounted purchases have no finite sum`);
}

/**
 * Discounted expected residual transactions under BG/BB, the purchase at opportunity n + j times (1 + rate)^−j (Fader, Hardie & Shang
 * 2010, eq. 14). The model's unit is the time between opportunities.
 * @throws RangeError for a discount per another unit than the model's, a negative one, none with γ ≤ 1, and as `bgBb.alive`.
 */
export function bgBbResidual<U extends TimeUnit>(
  model: Timed<U, BgBb>,
  x: number,
  tx: number,
  n: number,
  discount: Discount<NoInfer<U>>,
): number {
  const { alpha, beta, gamma, delta } = model.parameters;
  const continuous = discountOf(model, discount);
  const rate = (bgBbThrough(model.parameters, x, tx, n) * (alpha + x)) / (alpha + beta + n);
  const stays = delta + n;
  if (continuous > 0) {
    const log = logHypergeometric(1, stays + 1, gamma + stays + 1, Math.exp(-continuous));
    return (rate * stays * Math.exp(log - continuous)) / (gamma + stays);
  }
  if (gamma > 1) return (rate * stays) / (gamma - 1);
  throw new RangeError(
    `discount: expected a positive rate where gamma is at most 1 (found ${gamma}): undiscounted purchases have no finite sum`,
  );
}

function discountOf<U extends TimeUnit, P>(model: Timed<U, P>, discount: Discount<NoInfer<U>>): number {
  const delta = rateInUnit('discount', discount, model.unit);
  if (!(delta >= 0)) throw new RangeError(`discount: expected a rate of at least 0, found ${discount.rate}`);
  return delta;
}
