import { normalQuantile, normalTwoSided } from './distribution.ts';
import { checkCount, checkLevel, defaultLevel, type Estimate } from './estimate.ts';

export interface Successes {
  successes: number;
  n: number;
}

function check({ successes, n }: Successes): void {
  checkCount('n', n);
  checkCount('successes', successes);
  if (successes > n) throw new RangeError(`successes: expected at most n (${n}), found ${successes}`);
}

/**
 * A share with Wilson's score interval (Wilson 1927), inside 0 to 1. Null for n = 0.
 * @throws RangeError unless whole numbers with 0 ≤ successes ≤ n.
 */
export function proportion(successes: number, n: number, level = defaultLevel): Estimate | null {
  check({ successes, n });
  if (n === 0) return null;
  const z = normalQuantile(1 - (1 - checkLevel(level)) / 2);
  const p = successes / n;
  const centre = (p + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const half = (z / (1 + (z * z) / n)) * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n));
  return { value: p, low: successes === 0 ? 0 : Math.max(0, centre - half), high: successes === n ? 1 : Math.min(1, centre + half), n };
}

export interface ProportionTest {
  /** Share of `b` minus share of `a`. */
  difference: number;
  low: number;
  high: number;
  /** Pooled score test; 0 where both shares are 0 or both are 1. */
  z: number;
  /** Two-sided. */
  p: number;
  n: number;
}

/**
 * Two independent shares: difference b − a with Newcombe's hybrid score interval (Newcombe 1998, method 10) and the pooled
 * two-sided z test without continuity correction. Null where either n is 0.
 * @throws RangeError unless whole numbers with 0 ≤ successes ≤ n.
 */
export function compareProportions(a: Successes, b: Successes, level = defaultLevel): ProportionTest | null {
  const before = proportion(a.successes, a.n, level);
  const after = proportion(b.successes, b.n, level);
  if (!before || !after) return null;
  const difference = after.value - before.value;
  const pooled = (a.successes + b.successes) / (a.n + b.n);
  const se = Math.sqrt(pooled * (1 - pooled) * (1 / a.n + 1 / b.n));
  const z = se > 0 ? difference / se : 0;
  return {
    difference,
    low: difference - Math.hypot(after.value - after.low, before.high - before.value),
    high: difference + Math.hypot(after.high - after.value, before.value - before.low),
    z,
    p: normalTwoSided(z),
    n: a.n + b.n,
  };
}
