import { betaParts, betaQuantileParts } from './beta.ts';
import { gammaParts, gammaQuantile } from './gamma.ts';

export { betaQuantile } from './beta.ts';

/** P(Z ≤ z) of a standard normal; small relative error in the lower tail. */
export function normalCdf(z: number): number {
  const { p, q } = gammaParts(0.5, (z * z) / 2);
  return z < 0 ? q / 2 : 0.5 + p / 2;
}

/** P(|Z| ≥ |z|): two-sided p of a standard normal. */
export function normalTwoSided(z: number): number {
  return gammaParts(0.5, (z * z) / 2).q;
}

const ratio = (x: number, top: number[], bottom: number[]) =>
  top.reduceRight((sum, c) => sum * x + c, 0) / bottom.reduceRight((sum, c) => sum * x + c, 0);

const centre: [number[], number[]] = [
  [
    3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987, 67265.7709270087, 33430.57558358813,
    2509.0809287301227,
  ],
  [
    1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271, 28729.085735721943,
    5226.495278852854,
  ],
];
const middle: [number[], number[]] = [
  [
    1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684, 0.2417807251774506,
    0.022723844989269184, 0.0007745450142783414,
  ],
  [
    1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457, 0.0005475938084995345,
    1.0507500716444169e-9,
  ],
];
const tail: [number[], number[]] = [
  [
    6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487, 0.026532189526576124, 0.0012426609473880784,
    0.000027115555687434876, 2.0103343992922881e-7,
  ],
  [
    1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133, 0.000018463183175100548, 1.421511758316446e-7,
    2.0442631033899397e-15,
  ],
];

/**
 * z with P(Z ≤ z) = p (Wichura 1988, AS 241, PPND16); ±Infinity at 0 and 1.
 * @throws RangeError unless 0 ≤ p ≤ 1.
 */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`normalQuantile: expected p from 0 to 1, found ${p}`);
  if (p === 0 || p === 1) return p === 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) return q * ratio(0.180625 - q * q, ...centre);
  const r = Math.sqrt(-Math.log(q < 0 ? p : 1 - p));
  const z = r <= 5 ? ratio(r - 1.6, ...middle) : ratio(r - 5, ...tail);
  return q < 0 ? -z : z;
}

/** P(|T| ≥ |t|) with `df` > 0 degrees of freedom. */
export function studentTwoSided(t: number, df: number): number {
  if (!Number.isFinite(t)) return 0;
  const t2 = t * t;
  return betaParts(df / (df + t2), df / 2, 0.5, t2 / (df + t2)).lower;
}

/** P(T ≤ t) with `df` > 0 degrees of freedom. */
export function studentCdf(t: number, df: number): number {
  const half = studentTwoSided(t, df) / 2;
  return t < 0 ? half : 1 - half;
}

/** t with P(T ≤ t) = p; `df` > 0, Infinity gives the normal. @throws RangeError unless df > 0 and 0 ≤ p ≤ 1. */
export function studentQuantile(p: number, df: number): number {
  if (!(df > 0)) throw new RangeError(`studentQuantile: expected positive degrees of freedom, found ${df}`);
  if (df > 1e10 || p === 0 || p === 1) return normalQuantile(p);
  if (p === 0.5) return 0;
  const { x, y } = betaQuantileParts(2 * Math.min(p, 1 - p), df / 2, 0.5);
  const t = Math.sqrt((df * y) / x);
  return p < 0.5 ? -t : t;
}

/** P(X ≥ x) of chi-square with `df` > 0 degrees of freedom. */
export function chiSquareUpper(x: number, df: number): number {
  return x <= 0 ? 1 : gammaParts(df / 2, x / 2).q;
}

/** x with P(X ≤ x) = p of chi-square with `df` > 0 degrees of freedom. */
export function chiSquareQuantile(p: number, df: number): number {
  return 2 * gammaQuantile(p, df / 2);
}

/** P(X ≥ x) of Fisher's F with `top` and `bottom` degrees of freedom. */
export function fUpper(x: number, top: number, bottom: number): number {
  if (x <= 0) return 1;
  const all = bottom + top * x;
  return betaParts(bottom / all, bottom / 2, top / 2, (top * x) / all).lower;
}

/** P(X ≤ k) and P(X ≥ k) of a binomial of `n` trials with probability `p`. */
export function binomialTails(k: number, n: number, p: number): { lower: number; upper: number } {
  return {
    lower: k < 0 ? 0 : k >= n ? 1 : betaParts(1 - p, n - k, k + 1, p).lower,
    upper: k <= 0 ? 1 : k > n ? 0 : betaParts(p, k, n - k + 1, 1 - p).lower,
  };
}

/** P(X ≤ k) and P(X ≥ k) of a Poisson variate with `mean` ≥ 0. */
export function poissonTails(k: number, mean: number): { lower: number; upper: number } {
  return { lower: k < 0 ? 0 : gammaParts(k + 1, mean).q, upper: k <= 0 ? 1 : gammaParts(k, mean).p };
}
