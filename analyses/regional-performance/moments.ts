import { normalTwoSided, studentQuantile } from '#stats/distribution.ts';
import { defaultLevel, type Estimate } from '#stats/estimate.ts';

/** Count, sum and sum of squares of a measure. */
export interface Moments {
  n: number;
  sum: number;
  squares: number;
}

/** Sample variance of the values behind the moments; null below two. */
function varianceOf({ n, sum, squares }: Moments): number | null {
  return n > 1 ? Math.max(0, squares - (sum * sum) / n) / (n - 1) : null;
}

/** Mean with Student's interval, as `mean` of the values would give; null below two. */
export function meanEstimate(moments: Moments, level = defaultLevel): Estimate | null {
  const variance = varianceOf(moments);
  if (variance === null) return null;
  const value = moments.sum / moments.n;
  const half = studentQuantile(1 - (1 - level) / 2, moments.n - 1) * Math.sqrt(variance / moments.n);
  return { value, low: value - half, high: value + half, n: moments.n };
}

/** `whole` without `part`. */
export function without(whole: Moments, part: Moments): Moments {
  return { n: whole.n - part.n, sum: whole.sum - part.sum, squares: Math.max(0, whole.squares - part.squares) };
}

export function added(list: readonly Moments[]): Moments {
  return list.reduce((a, b) => ({ n: a.n + b.n, sum: a.sum + b.sum, squares: a.squares + b.squares }), { n: 0, sum: 0, squares: 0 });
}

export interface Difference {
  /** Mean of the group minus mean of the rest. */
  value: number;
  low: number;
  high: number;
  p: number;
  n: number;
}

/**
 * Difference of a group's mean from the rest, compared within strata and weighted by the group's size in each (direct
 * standardisation), with a normal interval. Strata in which either side has fewer than two values are left out; null where none is left
 * or nothing varies.
 */
export function stratified(strata: readonly { group: Moments; rest: Moments }[]): Difference | null {
  const used = strata.filter(({ group, rest }) => group.n > 1 && rest.n > 1);
  const n = used.reduce((sum, { group }) => sum + group.n, 0);
  if (n === 0) return null;
  let [value, variance] = [0, 0];
  for (const { group, rest } of used) {
    const weight = group.n / n;
    value += weight * (group.sum / group.n - rest.sum / rest.n);
    variance += weight * weight * (varianceOf(group)! / group.n + varianceOf(rest)! / rest.n);
  }
  if (!(variance > 0)) return null;
  const half = studentQuantile(1 - (1 - defaultLevel) / 2, Math.max(1, n - 1)) * Math.sqrt(variance);
  return { value, low: value - half, high: value + half, p: normalTwoSided(value / Math.sqrt(variance)), n };
}
