import { crossing, negligible, piecesFor } from './gauss.ts';

/**
 * ln ∫ from `from` to `to` of (a + τ)^−p (b + τ)^−q dτ, the integral to which the Gaussian hypergeometric functions of the Pareto/NBD
 * model belong (Fader & Hardie 2005, 'A Note on Deriving the Pareto/NBD Model', A0 before it is written as a difference of two ₂F₁),
 * here without their difference: Gauss–Legendre in y = ln(min(a, b) + τ), in which the log integrand is concave and its nearest
 * singularity is πi away. About 13 digits; −Infinity for an empty interval.
 *
 * With `moments` (14 places), the means under the normalised integrand are written too:
 * [0] ln(a+τ), [1] 1/(a+τ), [2] ln(b+τ), [3] 1/(b+τ), and with `products` the means of their products at [4 …] in the order
 * 00 01 02 03 11 12 13 22 23 33.
 */
export function logDecayIntegral(
  a: number,
  b: number,
  p: number,
  q: number,
  from: number,
  to: number,
  moments?: Float64Array,
  products = false,
): number {
  const swapped = b < a;
  const least = swapped ? b : a;
  const gap = swapped ? a - b : b - a;
  const power = 1 - (swapped ? q : p);
  const far = swapped ? p : q;
  const start = Math.log(least + from);
  const length = Math.log1p((to - from) / (least + from));
  if (!(length > 0)) {
    if (moments) moments.fill(0);
    return Number.NEGATIVE_INFINITY;
  }
  const height = (y: number) => {
    const e = Math.exp(y);
    return power * y - far * Math.log(e + gap);
  };
  const slopeAt = (e: number) => power - (far * e) / (e + gap);
  let low = start;
  let high = start + length;
  let steepLow = slopeAt(least + from);
  let steepHigh = slopeAt(least + to);
  let peak = steepLow <= 0 ? low : high;
  if (steepLow > 0 && steepHigh < 0) peak = Math.min(high, Math.max(low, Math.log((gap * power) / (far - power))));
  const top = height(peak);
  let swing = Math.max(Math.abs(steepLow), Math.abs(steepHigh)) * length;
  if (swing > negligible) {
    const floor = top - negligible;
    if (peak < high && height(high) < floor) high = crossing(height, peak, high, floor);
    if (peak > low && height(low) < floor) low = crossing(height, peak, low, floor);
    steepLow = slopeAt(Math.exp(low));
    steepHigh = slopeAt(Math.exp(high));
    swing = Math.max(Math.abs(steepLow), Math.abs(steepHigh)) * (high - low);
  }
  const span = low === start && high === start + length ? length : high - low;
  const {
    pieces,
    rule: { nodes, weights },
  } = piecesFor(swing, span);
  const half = span / pieces / 2;
  let total = 0;
  let n1 = 0;
  let n2 = 0;
  let f1 = 0;
  let f2 = 0;
  let n1n1 = 0;
  let n1n2 = 0;
  let n1f1 = 0;
  let n1f2 = 0;
  let n2n2 = 0;
  let n2f1 = 0;
  let n2f2 = 0;
  let f1f1 = 0;
  let f1f2 = 0;
  let f2f2 = 0;
  for (let piece = 0; piece < pieces; piece++) {
    const middle = low + half * (2 * piece + 1);
    for (let k = 0; k < nodes.length; k++) {
      const y = middle + half * nodes[k]!;
      const e = Math.exp(y);
      const other = e + gap;
      const logOther = Math.log(other);
      const w = weights[k]! * Math.exp(power * y - far * logOther - top);
      total += w;
      if (!moments) continue;
      const inverse = 1 / e;
      const inverseOther = 1 / other;
      const wy = w * y;
      const wi = w * inverse;
      const wl = w * logOther;
      const wo = w * inverseOther;
      n1 += wy;
      n2 += wi;
      f1 += wl;
      f2 += wo;
      if (!products) continue;
      n1n1 += wy * y;
      n1n2 += wy * inverse;
      n1f1 += wy * logOther;
      n1f2 += wy * inverseOther;
      n2n2 += wi * inverse;
      n2f1 += wi * logOther;
      n2f2 += wi * inverseOther;
      f1f1 += wl * logOther;
      f1f2 += wl * inverseOther;
      f2f2 += wo * inverseOther;
    }
  }
  if (moments) {
    const s = 1 / total;
    if (swapped) {
      moments[0] = f1 * s;
      moments[1] = f2 * s;
      moments[2] = n1 * s;
      moments[3] = n2 * s;
      moments[4] = f1f1 * s;
      moments[5] = f1f2 * s;
      moments[6] = n1f1 * s;
      moments[7] = n2f1 * s;
      moments[8] = f2f2 * s;
      moments[9] = n1f2 * s;
      moments[10] = n2f2 * s;
      moments[11] = n1n1 * s;
      moments[12] = n1n2 * s;
      moments[13] = n2n2 * s;
    } else {
      moments[0] = n1 * s;
      moments[1] = n2 * s;
      moments[2] = f1 * s;
      moments[3] = f2 * s;
      moments[4] = n1n1 * s;
      moments[5] = n1n2 * s;
      moments[6] = n1f1 * s;
      moments[7] = n1f2 * s;
      moments[8] = n2n2 * s;
      moments[9] = n2f1 * s;
      moments[10] = n2f2 * s;
      moments[11] = f1f1 * s;
      moments[12] = f1f2 * s;
      moments[13] = f2f2 * s;
    }
  }
  return top + Math.log(half * total);
}
