import { descending } from './descending.ts';

/** What keeps a list from being many times the same. */
export interface ListRules {
  /** Group of each product; a list takes one product of a group. */
  variants: Int32Array;
  /** Category of each product, −1 for none; a list takes `categoryShare` of its places from one category, while others are to be had. */
  categories: Int32Array;
}

/** Share of a list's places that one category may take, at least two places. */
export const categoryShare = 0.5;

/**
 * The best k of a row of scores under the rules, best first. A product passed over for its category comes back in if the list is short
 * otherwise; one passed over for its group doesn't.
 * @param scores −Infinity for what may not be recommended.
 */
export function makeList(
  scores: Float32Array,
  k: number,
  { variants, categories }: ListRules,
  from = 0,
  count = scores.length - from,
): Int32Array {
  const most = Math.max(2, Math.ceil(k * categoryShare));
  const next = descending(scores, from, count);
  const isTaken = new Set<number>();
  const perCategory = new Map<number, number>();
  const list: { p: number; rank: number }[] = [];
  const later: { p: number; rank: number }[] = [];
  for (let rank = 0, p = next(); p >= 0 && list.length < k; rank++, p = next()) {
    if (isTaken.has(variants[p]!)) continue;
    isTaken.add(variants[p]!);
    const category = categories[p]!;
    const already = perCategory.get(category) ?? 0;
    if (category >= 0 && already >= most) {
      if (later.length < k) later.push({ p, rank });
      continue;
    }
    perCategory.set(category, already + 1);
    list.push({ p, rank });
  }
  const filled = [...list, ...later.slice(0, k - list.length)].sort((a, b) => a.rank - b.rank);
  return Int32Array.from(filled, ({ p }) => p);
}

/** Number of each product's category, by first appearance; −1 for none. */
export function categoryNumbers(categories: readonly (string | null)[]): Int32Array {
  const known = new Map<string, number>();
  return Int32Array.from(categories, (category) => {
    if (category === null) return -1;
    const number = known.get(category) ?? known.size;
    known.set(category, number);
    return number;
  });
}
