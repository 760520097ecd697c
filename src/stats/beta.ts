import { deviance, stirlingError } from './gamma.ts';
import { newton } from './root.ts';

/** x^a y^b / B(a, b) with y = 1 − x, without overflow or cancellation (Loader 2000). */
function front(a: number, b: number, x: number, y: number): number {
  const n = a + b;
  const log = stirlingError(n) - stirlingError(a) - stirlingError(b) - deviance(a, n * x) - deviance(b, n * y);
  return Math.exp(log) * Math.sqrt((a * b) / (2 * Math.PI * n));
}

function fraction(a: number, b: number, x: number): number {
  const tiny = 1e-300;
  let c = 1;
  let d = 1 / (1 - ((a + b) * x) / (a + 1) || tiny);
  let h = d;
  const most = 1000 + 20 * Math.sqrt(Math.max(a, b));
  for (let m = 1; m < most; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / (1 + even * d || tiny);
    c = 1 + even / c || tiny;
    h *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / (1 + odd * d || tiny);
    c = 1 + odd / c || tiny;
    h *= d * c;
    if (Math.abs(d * c - 1) < 1e-16) break;
  }
  return h;
}

/**
 * Regularised incomplete beta function: lower = I_x(a, b), upper = 1 − lower, each with small relative error in its tail
 * (DLMF 8.17.22 by Lentz' method). Give `y` = 1 − x where it is known more exactly.
 * @throws RangeError unless a, b > 0 and 0 ≤ x ≤ 1.
 */
export function betaParts(x: number, a: number, b: number, y = 1 - x): { lower: number; upper: number } {
  if (!(a > 0 && b > 0 && x >= 0 && x <= 1)) {
    throw new RangeError(`betaParts: expected a, b > 0 and x from 0 to 1, found a ${a}, b ${b}, x ${x}`);
  }
  if (x === 0) return { lower: 0, upper: 1 };
  if (y === 0) return { lower: 1, upper: 0 };
  const head = front(a, b, x, y);
  if (x < (a + 1) / (a + b + 2)) {
    const lower = (head * fraction(a, b, x)) / a;
    return { lower, upper: 1 - lower };
  }
  const upper = (head * fraction(b, a, y)) / b;
  return { lower: 1 - upper, upper };
}

/**
 * x with I_x(a, b) = p, and y = 1 − x exact in its own tail. Newton on ln I over ln x, which is concave.
 * @param upper 1 − p, where it is known more exactly.
 * @throws RangeError unless a, b > 0 and 0 ≤ p ≤ 1.
 */
export function betaQuantileParts(p: number, a: number, b: number, upper = 1 - p): { x: number; y: number } {
  if (!(a > 0 && b > 0 && p >= 0 && p <= 1)) {
    throw new RangeError(`betaQuantile: expected a, b > 0 and p from 0 to 1, found a ${a}, b ${b}, p ${p}`);
  }
  if (p === 0) return { x: 0, y: 1 };
  if (upper === 0) return { x: 1, y: 0 };
  const solve = (tail: number, s: number, t: number) => {
    const target = Math.log(tail);
    const log = newton(
      (u) => {
        const x = Math.exp(u);
        const y = -Math.expm1(u);
        const { lower } = betaParts(x, s, t, y);
        return [Math.log(lower) - target, front(s, t, x, y) / y / lower];
      },
      -745,
      Math.log(s / (s + t)) + 1e-9,
    );
    return [Math.exp(log), -Math.expm1(log)] as const;
  };
  const atMean = betaParts(a / (a + b), a, b, b / (a + b));
  if (p <= atMean.lower) {
    const [x, y] = solve(p, a, b);
    return { x, y };
  }
  const [y, x] = solve(upper, b, a);
  return { x, y };
}

/** x with I_x(a, b) = p: the p-quantile of a beta variate. @throws RangeError unless a, b > 0 and 0 ≤ p ≤ 1. */
export function betaQuantile(p: number, a: number, b: number): number {
  return betaQuantileParts(p, a, b).x;
}
