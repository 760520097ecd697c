import { normalQuantile, normalTwoSided } from '../distribution.ts';
import { checkLevel, defaultLevel, type Estimate } from '../estimate.ts';
import { checkClasses } from './features.ts';

/** How much a mistake counts: all alike, or by how many classes apart (classes in order), plain or squared. */
export type Disagreement = 'equal' | 'linear' | 'quadratic';

interface Agreement {
  value: number;
  /** Influence of a row by what is so and what is said: their variance over n is that of kappa (Fleiss, Cohen & Everitt 1969). */
  influence: number[][];
}

function agreementOf(counts: readonly (readonly number[])[], disagreement: Disagreement): Agreement | null {
  const k = counts.length;
  const n = counts.reduce((sum, row) => sum + row.reduce((a, b) => a + b, 0), 0);
  if (n === 0) return null;
  const weight = (i: number, j: number) => {
    if (disagreement === 'equal') return i === j ? 1 : 0;
    const apart = Math.abs(i - j) / Math.max(1, k - 1);
    return 1 - (disagreement === 'linear' ? apart : apart * apart);
  };
  const p = counts.map((row) => row.map((count) => count / n));
  const so = p.map((row) => row.reduce((a, b) => a + b, 0));
  const said = p.map((_, j) => p.reduce((sum, row) => sum + row[j]!, 0));
  const bySo = so.map((_, i) => said.reduce((sum, share, j) => sum + weight(i, j) * share, 0));
  const bySaid = said.map((_, j) => so.reduce((sum, share, i) => sum + weight(i, j) * share, 0));
  let observed = 0;
  for (let i = 0; i < k; i++) for (let j = 0; j < k; j++) observed += weight(i, j) * p[i]![j]!;
  const expected = so.reduce((sum, share, i) => sum + share * bySo[i]!, 0);
  if (!(1 - expected > 1e-12)) return null;
  const value = (observed - expected) / (1 - expected);
  const rest = value - expected * (1 - value);
  const influence = so.map((_, i) => said.map((__, j) => (weight(i, j) - (bySo[i]! + bySaid[j]!) * (1 - value) - rest) / (1 - expected)));
  return { value, influence };
}

/**
 * Cohen's kappa of a square table of counts: agreement beyond that of two independent sayings with these shares, 1 at most. Interval by the
 * large-sample error of Fleiss, Cohen & Everitt (1969). Null without rows, or where both always say the same class.
 */
export function kappa(counts: readonly (readonly number[])[], disagreement: Disagreement = 'equal', level = defaultLevel): Estimate | null {
  const found = agreementOf(counts, disagreement);
  if (!found) return null;
  const n = counts.reduce((sum, row) => sum + row.reduce((a, b) => a + b, 0), 0);
  let squares = 0;
  for (const [i, row] of counts.entries()) {
    for (const [j, count] of row.entries()) squares += count * found.influence[i]![j]! ** 2;
  }
  const half = (normalQuantile(1 - (1 - checkLevel(level)) / 2) * Math.sqrt(squares)) / n;
  return { value: found.value, low: Math.max(-1, found.value - half), high: Math.min(1, found.value + half), n };
}

/**
 * Two sayings about the same rows: kappa of `b` less that of `a` with its interval and test, paired by row. Null where either kappa is.
 * @throws RangeError for arrays of different length, or what is no class.
 */
export function compareKappa(
  actual: ArrayLike<number>,
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  classes: number,
  { disagreement = 'equal', level = defaultLevel }: { disagreement?: Disagreement; level?: number } = {},
): { difference: number; low: number; high: number; p: number; n: number } | null {
  const n = actual.length;
  for (const said of [actual, a, b]) checkClasses(said, n, classes);
  const table = (said: ArrayLike<number>) => {
    const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
    for (let i = 0; i < n; i++) counts[actual[i]!]![said[i]!]!++;
    return counts;
  };
  const before = agreementOf(table(a), disagreement);
  const after = agreementOf(table(b), disagreement);
  if (!before || !after) return null;
  let squares = 0;
  for (let i = 0; i < n; i++) {
    squares += (after.influence[actual[i]!]![b[i]!]! - before.influence[actual[i]!]![a[i]!]!) ** 2;
  }
  const difference = after.value - before.value;
  const se = Math.sqrt(squares) / n;
  const half = normalQuantile(1 - (1 - checkLevel(level)) / 2) * se;
  return {
    difference,
    low: difference - half,
    high: difference + half,
    p: se > 0 ? normalTwoSided(difference / se) : difference === 0 ? 1 : 0,
    n,
  };
}
