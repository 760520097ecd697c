import { checkCount } from '../estimate.ts';
import type { Successes } from '../proportion.ts';

/** A read-out that may be taken at any time, as often as one likes. */
export interface AlwaysValid {
  /** Share of b minus share of a. */
  difference: number;
  low: number;
  high: number;
  /** Always-valid p so far: false calls at p ≤ alpha stay below alpha over all looks ever taken. */
  p: number;
}

export interface AlwaysValidOptions {
  /** The difference hoped for, in points: the test sees such differences soonest; it is valid for any. */
  hoped: number;
  alpha?: number;
}

/**
 * Mixture sequential probability ratio test of two shares (Robbins 1970; Johari, Koomen, Pekelis & Walsh 2022, eq. 8): the
 * likelihood ratio of normal differences of standard deviation `hoped` against none, at each look, with the confidence sequence that
 * belongs to it. Variances come from the data, so that a look wants some tens of buyers in each arm.
 * @param looks cumulative counts of arms a and b at each look.
 * @returns one a look.
 * @throws RangeError when `hoped` isn't positive, alpha isn't between 0 and 1, or counts are no counts or fall.
 */
export function alwaysValid(looks: readonly { a: Successes; b: Successes }[], { hoped, alpha = 0.05 }: AlwaysValidOptions): AlwaysValid[] {
  if (!(hoped > 0 && hoped < Number.POSITIVE_INFINITY)) throw new RangeError(`hoped: expected a positive number, found ${hoped}`);
  if (!(alpha > 0 && alpha < 1)) throw new RangeError(`alpha: expected a number strictly between 0 and 1, found ${alpha}`);
  let p = 1;
  return looks.map(({ a, b }, k) => {
    for (const arm of ['a', 'b'] as const) {
      const { successes, n } = looks[k]![arm];
      checkCount(`looks[${k}].${arm}.n`, n, looks[k - 1]?.[arm].n ?? 0);
      checkCount(`looks[${k}].${arm}.successes`, successes, looks[k - 1]?.[arm].successes ?? 0);
      if (successes > n) throw new RangeError(`looks[${k}].${arm}.successes: expected at most n (${n}), found ${successes}`);
    }
    if (a.n === 0 || b.n === 0) return { difference: 0, low: -1, high: 1, p };
    const difference = b.successes / b.n - a.successes / a.n;
    const v = variance(a) + variance(b);
    const shrink = v / (v + hoped * hoped);
    const ratio = Math.sqrt(shrink) * Math.exp((difference * difference * (1 - shrink)) / (2 * v));
    p = Math.min(p, 1 / ratio);
    const half = Math.sqrt(((2 * v) / (1 - shrink)) * Math.log(1 / (alpha * Math.sqrt(shrink))));
    return { difference, low: Math.max(-1, difference - half), high: Math.min(1, difference + half), p };
  });
}

/** Of a share, from counts with one success and one failure added, so that none is 0. */
function variance({ successes, n }: Successes): number {
  const share = (successes + 1) / (n + 2);
  return (share * (1 - share)) / n;
}
