import { betaParts } from '../beta.ts';
import { normalCdf } from '../distribution.ts';
import { logGamma } from '../gamma.ts';

/**
 * P(T ≤ t) of Student's t with `df` > 0 degrees of freedom and this noncentrality (Lenth 1989, AS 243), to ten digits. Beyond a
 * noncentrality of 35 by the normal (Abramowitz & Stegun 26.7.10).
 * @throws RangeError unless df is positive and the others finite.
 */
export function noncentralT(t: number, df: number, noncentrality: number): number {
  if (!(df > 0 && Number.isFinite(t) && Number.isFinite(noncentrality))) {
    throw new RangeError(`noncentralT: expected df > 0 and finite numbers, found t ${t}, df ${df}, noncentrality ${noncentrality}`);
  }
  if (t < 0) return 1 - noncentralT(-t, df, -noncentrality);
  if (Math.abs(noncentrality) > 35) return normalCdf((t * (1 - 1 / (4 * df)) - noncentrality) / Math.sqrt(1 + (t * t) / (2 * df)));
  const x = (t * t) / (df + t * t);
  const y = df / (df + t * t);
  const half = (noncentrality * noncentrality) / 2;
  let p = Math.exp(-half);
  let q = (noncentrality / Math.SQRT2) * Math.exp(-half - logGamma(1.5));
  let total = 0;
  let seen = 0;
  for (let j = 0; j < 3000; j++) {
    if (x > 0) total += p * betaParts(x, j + 0.5, df / 2, y).lower + q * betaParts(x, j + 1, df / 2, y).lower;
    seen += p;
    if (1 - seen < 1e-13 && j > half) break;
    p *= half / (j + 1);
    q *= half / (j + 1.5);
  }
  return Math.min(1, Math.max(0, normalCdf(-noncentrality) + total / 2));
}
