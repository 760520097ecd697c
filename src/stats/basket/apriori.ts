import { checkOptions, compareItemsets, type Itemset, type ItemsetOptions, TooManyItemsets } from './itemset.ts';
import { itemCounts, type Transactions } from './transactions.ts';

/**
 * All frequent itemsets, shorter first, then by codes, level by level (Agrawal & Srikant 1994): candidates joined from frequent sets
 * that share all but the last item, those with an infrequent subset dropped, the rest counted in one pass over the baskets.
 * `frequentItemsets` gives the same in less time; this is the plain algorithm that it is held against.
 * @throws RangeError for a threshold out of bounds; TooManyItemsets beyond the limit.
 */
export function apriori(baskets: Transactions, options: ItemsetOptions): Itemset[] {
  const { support, least, maxLength, limit } = checkOptions(options, baskets.size);
  let level: Itemset[] = [...itemCounts(baskets)].flatMap((count, code) => (count >= least ? [{ items: [code], count }] : []));
  const found: Itemset[] = [];
  while (level.length > 0) {
    found.push(...level);
    if (found.length > limit) throw new TooManyItemsets(limit, support);
    const length = level[0]!.items.length + 1;
    if (length > maxLength) break;
    level = counted(candidates(level), baskets, length).filter(({ count }) => count >= least);
  }
  return found.sort(compareItemsets);
}

const keyOf = (items: readonly number[]) => items.join(' ');

function candidates(level: readonly Itemset[]): Itemset[] {
  const known = new Set(level.map(({ items }) => keyOf(items)));
  const joined: Itemset[] = [];
  for (let i = 0; i < level.length; i++) {
    const a = level[i]!.items;
    const shared = keyOf(a.slice(0, -1));
    for (let j = i + 1; j < level.length; j++) {
      const b = level[j]!.items;
      if (keyOf(b.slice(0, -1)) !== shared) break;
      const items = [...a, b.at(-1)!];
      if (items.every((_, drop) => known.has(keyOf(items.toSpliced(drop, 1))))) joined.push({ items, count: 0 });
    }
  }
  return joined;
}

interface Branch {
  next: Map<number, Branch>;
  leaf: Itemset | null;
}

function counted(sets: Itemset[], { codes, offsets, size }: Transactions, length: number): Itemset[] {
  const root: Branch = { next: new Map(), leaf: null };
  for (const set of sets) {
    let branch = root;
    for (const item of set.items) {
      let next = branch.next.get(item);
      if (!next) {
        next = { next: new Map(), leaf: null };
        branch.next.set(item, next);
      }
      branch = next;
    }
    branch.leaf = set;
  }
  const walk = (branch: Branch, from: number, to: number, left: number): void => {
    if (branch.leaf) branch.leaf.count++;
    for (let i = from; i <= to - left; i++) {
      const next = branch.next.get(codes[i]!);
      if (next) walk(next, i + 1, to, left - 1);
    }
  };
  for (let basket = 0; basket < size; basket++) walk(root, offsets[basket]!, offsets[basket + 1]!, length);
  return sets;
}
