import { checkFinite } from '../estimate.ts';
import { moments, sorted } from '../mean.ts';

/** A feature's way to a scale of mean 0 and deviation 1, and back. */
export interface Scaling {
  /** Exponent of the Yeo–Johnson transform; 1 leaves the shape as it is. */
  lambda: number;
  /** Of the transformed values. */
  mean: number;
  sd: number;
  forth(value: number): number;
  back(x: number): number;
}

/** Yeo & Johnson's power transform (2000, eq. 2.1): like Box–Cox's, but for any sign; λ = 0 is ln(1 + y) for y ≥ 0. */
export function yeoJohnson(value: number, lambda: number): number {
  if (value >= 0) return Math.abs(lambda) < 1e-12 ? Math.log1p(value) : Math.expm1(lambda * Math.log1p(value)) / lambda;
  const other = 2 - lambda;
  return Math.abs(other) < 1e-12 ? -Math.log1p(-value) : -Math.expm1(other * Math.log1p(-value)) / other;
}

/** The value whose transform this is; clamped at the end of the transform's range. */
function yeoJohnsonBack(x: number, lambda: number): number {
  if (x >= 0) return Math.abs(lambda) < 1e-12 ? Math.expm1(x) : Math.expm1(Math.log1p(Math.max(lambda * x, -1 + 1e-15)) / lambda);
  const other = 2 - lambda;
  return Math.abs(other) < 1e-12 ? -Math.expm1(-x) : -Math.expm1(Math.log1p(Math.max(-other * x, -1 + 1e-15)) / other);
}

/** Of more values, so many quantiles stand for all. */
const enough = 2000;

/** λ of the greatest likelihood of normal values, within −5 to 5, by golden section. 1 for constant values. */
export function yeoJohnsonLambda(all: ArrayLike<number>): number {
  const ascending = sorted(all);
  if (ascending.length < 2 || ascending[0] === ascending.at(-1)) return 1;
  const n = Math.min(ascending.length, enough);
  const values = Float64Array.from({ length: n }, (_, i) => ascending[Math.floor(((i + 0.5) * ascending.length) / n)]!);
  if (values[0] === values.at(-1)) return 1;
  let logs = 0;
  for (let i = 0; i < n; i++) logs += Math.sign(values[i]!) * Math.log1p(Math.abs(values[i]!));
  const logLikelihood = (lambda: number) => {
    const spread = moments(Float64Array.from(values, (value) => yeoJohnson(value, lambda)).map((x) => (Number.isFinite(x) ? x : 1e200)));
    return (-n / 2) * Math.log((spread.variance! * (n - 1)) / n) + (lambda - 1) * logs;
  };
  const golden = (Math.sqrt(5) - 1) / 2;
  let [low, high] = [-5, 5];
  let [left, right] = [high - golden * (high - low), low + golden * (high - low)];
  let [atLeft, atRight] = [logLikelihood(left), logLikelihood(right)];
  while (high - low > 1e-6) {
    if (atLeft >= atRight) {
      [high, right, atRight] = [right, left, atLeft];
      left = high - golden * (high - low);
      atLeft = logLikelihood(left);
    } else {
      [low, left, atLeft] = [left, right, atRight];
      right = low + golden * (high - low);
      atRight = logLikelihood(right);
    }
  }
  return (low + high) / 2;
}

/**
 * Puts a feature on a scale where distances mean the same for all features: as it is, by logarithm (of 1 + value), or by the power
 * that makes it most normal; then to mean 0 and deviation 1. A constant feature becomes 0.
 * @throws RangeError when a value isn't finite, and for a logarithm of values of −1 or less.
 */
export function scaling(values: ArrayLike<number>, shape: 'as it is' | 'logarithm' | 'power' = 'power'): Scaling {
  checkFinite('values', values);
  if (shape === 'logarithm') {
    for (let i = 0; i < values.length; i++) {
      if (!(values[i]! > -1)) throw new RangeError(`values[${i}]: expected more than −1 for a logarithm of 1 + value, found ${values[i]}`);
    }
  }
  const lambda = shape === 'as it is' ? 1 : shape === 'logarithm' ? 0 : yeoJohnsonLambda(values);
  const to = (value: number) => (shape === 'logarithm' ? Math.log1p(value) : yeoJohnson(value, lambda));
  const { mean, variance } = moments(Float64Array.from(values, to));
  const middle = mean ?? 0;
  const sd = variance !== null && variance > 0 ? Math.sqrt(variance) : 1;
  return {
    lambda,
    mean: middle,
    sd,
    forth: (value) => (to(value) - middle) / sd,
    back: (x) => (shape === 'logarithm' ? Math.expm1(x * sd + middle) : yeoJohnsonBack(x * sd + middle, lambda)),
  };
}
