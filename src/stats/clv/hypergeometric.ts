import { logGamma } from '../gamma.ts';

const mostTerms = 2_000_000;
const fewTerms = 400;

/**
 * ln ₂F₁(a, b; c; z), Gauss's hypergeometric function, for a, b, c > 0 and z < 1 (for z < 0 also c > a or c > b, which keeps it
 * positive). The power series in scaled terms where few do (DLMF 15.2.1); else Euler's integral (DLMF 15.6.1) by the trapezoidal rule
 * in the logit of its variable, whose tails are geometric series; z < 0 by Pfaff's transformation (DLMF 15.8.1). 12 digits of the
 * value, also where it overflows.
 * @throws RangeError outside these arguments, and where neither way converges (c below a and b with z within about 10⁻⁵ of 1).
 */
export function logHypergeometric(a: number, b: number, c: number, z: number): number {
  if (!(a > 0 && b > 0 && c > 0 && z < 1 && Number.isFinite(a + b + c + z))) {
    throw new RangeError(`logHypergeometric: expected a, b, c > 0 and z < 1, found ${a}, ${b}, ${c} and ${z}`);
  }
  if (z === 0) return 0;
  if (c === b || c === a) return -(c === b ? a : b) * Math.log1p(-z);
  if (z > 0) return positive(a, b, c, z, 1 - z);
  if (c > b) return -a * Math.log1p(-z) + positive(a, c - b, c, z / (z - 1), 1 / (1 - z));
  if (c > a) return -b * Math.log1p(-z) + positive(c - a, b, c, z / (z - 1), 1 / (1 - z));
  throw new RangeError(`logHypergeometric: expected c above a or b where z < 0, found ${a}, ${b}, ${c} and ${z}`);
}

/** For 0 < z < 1, with `rest` = 1 − z to its own precision. */
function positive(a: number, b: number, c: number, z: number, rest: number): number {
  const inner = c > b ? (c > a ? Math.min(a, b) : b) : a;
  const other = inner === b ? a : b;
  const value = series(a, b, c, z, c > inner ? fewTerms : mostTerms);
  if (value !== null) return value;
  if (c > inner) return eulerIntegral(other, inner, c, rest);
  throw new RangeError(`logHypergeometric: the series does not converge for ${a}, ${b}, ${c} and ${z}`);
}

function series(a: number, b: number, c: number, z: number, most: number): number | null {
  let term = 1;
  let sum = 1;
  let log = 0;
  for (let n = 0; n < most; n++) {
    const ratio = (((a + n) * (b + n)) / ((c + n) * (n + 1))) * z;
    term *= ratio;
    sum += term;
    const limit = Math.max(ratio, z);
    if (limit < 1 && term * limit <= sum * 1e-17 * (1 - limit)) return log + Math.log(sum);
    if (sum > 1e250) {
      log += Math.log(sum);
      term /= sum;
      sum = 1;
    }
  }
  return null;
}

function eulerIntegral(a: number, b: number, c: number, beyond: number): number {
  const rest = c - b;
  const rough = a + c;
  const step = Math.min(0.45, 1.4 / Math.sqrt(rough));
  const reach = 40 + Math.log(1 + rough);
  const first = -Math.ceil(reach / step);
  const last = Math.ceil((reach - Math.log(beyond)) / step);
  const height = (u: number) => {
    const t = 1 / (1 + Math.exp(-u));
    const away = 1 / (1 + Math.exp(u));
    const logT = u < 0 ? u - Math.log1p(Math.exp(u)) : -Math.log1p(Math.exp(-u));
    return b * logT + rest * (logT - u) - a * Math.log(away + beyond * t);
  };
  let top = Number.NEGATIVE_INFINITY;
  const heights = new Float64Array(last - first + 1);
  for (let k = first; k <= last; k++) {
    const h = height(k * step);
    heights[k - first] = h;
    if (h > top) top = h;
  }
  let sum = 0;
  for (const h of heights) sum += Math.exp(h - top);
  sum += Math.exp(heights[0]! - top) / Math.expm1(b * step);
  sum += Math.exp(heights.at(-1)! - top) / Math.expm1(rest * step);
  return top + Math.log(step * sum) + logGamma(c) - logGamma(b) - logGamma(rest);
}
