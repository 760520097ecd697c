import { poissonTails } from '../distribution.ts';
import { adjustedWithin } from './rules.ts';

/** Two groups of items and their meetings: pairs of items of one basket, one of each group. */
export interface GroupPair {
  /** Codes; `a` = `b` for meetings within a group. */
  a: number;
  b: number;
  /** Meetings; within a group each once. */
  count: number;
  /** Sum over baskets of their squared number of meetings: baskets with several are one event, not several. */
  squares: number;
}

export interface MixingOptions {
  /** The department of each group: groups are compared within and between departments, so that these explain nothing. */
  parent: ArrayLike<number>;
  /** Least expected meetings of two groups that are tested. */
  leastExpected: number;
  falseDiscovery: number;
  /** Least factor that is called. */
  leastFactor: number;
}

export interface Mix extends GroupPair {
  /** Meetings if baskets of the two departments took from groups by their popularity alone. */
  expected: number;
  factor: number;
  /** Adjusted over all that were tested; null for what was not. */
  p: number | null;
  isCalled: boolean;
}

/**
 * Groups that meet more often than their popularity explains, given how often their departments do: quasi-independence of the
 * meetings of two departments, one-sided Poisson test on the number of baskets that they amount to (count² / squares).
 * @param pairs one a pair of groups that meets, a ≤ b; those that never meet may be left out.
 * @returns one a pair, in the order given.
 */
export function mixing(pairs: readonly GroupPair[], { parent, leastExpected, falseDiscovery, leastFactor }: MixingOptions): Mix[] {
  const side = new Map<string, number>();
  const whole = new Map<string, number>();
  const add = (map: Map<string, number>, key: string, count: number) => map.set(key, (map.get(key) ?? 0) + count);
  for (const { a, b, count } of pairs) {
    const [p, q] = [parent[a]!, parent[b]!];
    add(side, `${a} ${q}`, count);
    add(side, `${b} ${p}`, count);
    add(whole, `${p} ${q}`, p === q ? 2 * count : count);
    if (p !== q) add(whole, `${q} ${p}`, count);
  }
  const expectedOf = ({ a, b }: GroupPair) => {
    const all = whole.get(`${parent[a]} ${parent[b]}`) ?? 0;
    const product = (side.get(`${a} ${parent[b]}`) ?? 0) * (side.get(`${b} ${parent[a]}`) ?? 0);
    return all > 0 ? product / all / (a === b ? 2 : 1) : 0;
  };
  const expected = pairs.map(expectedOf);
  const tested = pairs.flatMap(({ count }, i) => (expected[i]! >= leastExpected && count > 0 ? [i] : []));
  const p = adjustedWithin(
    tested.map((i) => {
      const { count, squares } = pairs[i]!;
      const spread = Math.max(1, squares / count);
      return poissonTails(count / spread, expected[i]! / spread).upper;
    }),
    tested.length,
  );
  const adjusted = new Map(tested.map((i, k) => [i, p[k]!]));
  return pairs.map((pair, i) => {
    const factor = expected[i]! > 0 ? pair.count / expected[i]! : 1;
    const own = adjusted.get(i) ?? null;
    return { ...pair, expected: expected[i]!, factor, p: own, isCalled: own !== null && own <= falseDiscovery && factor >= leastFactor };
  });
}
