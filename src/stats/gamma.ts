import { newton } from './root.ts';

const halfLogTwoPi = 0.9189385332046728;
const lanczosG = 607 / 128;
const lanczos = [
  0.9999999999999971, 57.15623566586292, -59.59796035547549, 14.136097974741746, -0.4919138160976202, 0.00003399464998481189,
  0.00004652362892704858, -0.00009837447530487956, 0.0001580887032249125, -0.00021026444172410488, 0.00021743961811521265,
  -0.0001643181065367639, 0.00008441822398385275, -0.000026190838401581408, 0.0000036899182659531625,
];

/** ln Γ(x) for x > 0, by Lanczos' sum (g = 607/128, Godfrey 2001), by Stirling's series above 15. Relative error about 1e-15. */
export function logGamma(x: number): number {
  if (!(x > 0)) throw new RangeError(`logGamma: expected a positive number, found ${x}`);
  if (x > 15) return (x - 0.5) * Math.log(x) - x + halfLogTwoPi + stirlingSeries(x);
  let sum = lanczos[0]!;
  for (let i = 1; i < lanczos.length; i++) sum += lanczos[i]! / (x + i);
  const t = x + lanczosG + 0.5;
  return (x + 0.5) * Math.log(t) - t + halfLogTwoPi + Math.log(sum / x);
}

function stirlingSeries(x: number): number {
  const s = 1 / (x * x);
  return (1 / 12 - s * (1 / 360 - s * (1 / 1260 - s * (1 / 1680 - s * (1 / 1188 - s * (691 / 360360 - s / 156)))))) / x;
}

/** ln Γ(x+1) − [(x+½) ln x − x + ½ ln 2π], for x > 0: the error of Stirling's formula (Loader 2000). */
export function stirlingError(x: number): number {
  return x > 15 ? stirlingSeries(x) : logGamma(x + 1) - (x + 0.5) * Math.log(x) + x - halfLogTwoPi;
}

/** x ln(x/m) + m − x without cancellation near x = m (Loader 2000, `bd0`); x ≥ 0, m > 0. */
export function deviance(x: number, m: number): number {
  if (x === 0) return m;
  if (Math.abs(x - m) < 0.1 * (x + m)) {
    const v = (x - m) / (x + m);
    let sum = (x - m) * v;
    let term = 2 * x * v;
    for (let j = 1; j < 1000; j++) {
      term *= v * v;
      const next = sum + term / (2 * j + 1);
      if (next === sum) return next;
      sum = next;
    }
  }
  return x * Math.log(x / m) + m - x;
}

/** x^a e^−x / Γ(a+1), without overflow or cancellation (Loader 2000). */
function poissonTerm(a: number, x: number): number {
  if (x === 0) return a === 0 ? 1 : 0;
  if (a === 0) return Math.exp(-x);
  if (a < 1e-8) return Math.exp(-x + a * Math.log(x) - logGamma(a + 1));
  return Math.exp(-stirlingError(a) - deviance(a, x)) / Math.sqrt(2 * Math.PI * a);
}

/**
 * Regularised incomplete gamma functions P(a, x) and Q(a, x) = 1 − P, each with small relative error in its tail: series below
 * x = a + 1, Legendre's continued fraction above (DLMF 8.11.4, 8.9.2).
 * @throws RangeError unless a > 0 and x ≥ 0.
 */
export function gammaParts(a: number, x: number): { p: number; q: number } {
  if (!(a > 0 && x >= 0)) throw new RangeError(`gammaParts: expected a > 0 and x of at least 0, found ${a} and ${x}`);
  if (x === 0) return { p: 0, q: 1 };
  if (x === Number.POSITIVE_INFINITY) return { p: 1, q: 0 };
  const front = poissonTerm(a, x);
  const most = 1000 + 20 * Math.sqrt(a);
  if (x < a + 1) {
    let term = 1;
    let sum = 1;
    for (let n = 1; n < most; n++) {
      term *= x / (a + n);
      sum += term;
      if (term < sum * 1e-17) break;
    }
    const p = front * sum;
    return { p, q: 1 - p };
  }
  let b = x + 1 - a;
  let c = 1e300;
  let d = 1 / b;
  let h = d;
  for (let i = 1; i < most; i++) {
    const an = -i * (i - a);
    b += 2;
    d = 1 / (an * d + b || 1e-300);
    c = b + an / c || 1e-300;
    const step = c * d;
    h *= step;
    if (Math.abs(step - 1) < 1e-16) break;
  }
  const q = front * a * h;
  return { p: 1 - q, q };
}

/**
 * x with P(a, x) = p, for a unit-scale gamma variate of shape a.
 * @throws RangeError unless a > 0 and 0 ≤ p ≤ 1.
 */
export function gammaQuantile(p: number, a: number, upper = 1 - p): number {
  if (!(a > 0 && p >= 0 && p <= 1)) throw new RangeError(`gammaQuantile: expected a > 0 and p from 0 to 1, found ${a} and ${p}`);
  if (p === 0) return 0;
  if (upper === 0) return Number.POSITIVE_INFINITY;
  const atMean = gammaParts(a, a);
  const density = (x: number) => (poissonTerm(a, x) * a) / x;
  if (p <= atMean.p) {
    const target = Math.log(p);
    const t = newton(
      (u) => {
        const x = Math.exp(u);
        const { p: below } = gammaParts(a, x);
        return [Math.log(below) - target, (density(x) * x) / below];
      },
      -745,
      Math.log(a),
    );
    return Math.exp(t);
  }
  const target = Math.log(upper);
  const most = a + 40 * Math.sqrt(a) + 1500;
  return newton(
    (x) => {
      const { q } = gammaParts(a, x);
      return [target - Math.log(q), density(x) / q];
    },
    a,
    most,
  );
}
