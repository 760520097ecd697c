import { benjaminiHochberg } from '../multiple.ts';
import { logFisherAbove } from './fisher.ts';
import type { Itemset } from './itemset.ts';
import { itemCounts, type Transactions } from './transactions.ts';

/** Who buys the antecedent also buys the consequent, one item. Measures as arules defines them. */
export interface Rule {
  /** Codes, ascending; empty for what holds of all baskets. */
  antecedent: number[];
  consequent: number;
  /** Baskets with both, with the antecedent, with the consequent. */
  count: number;
  antecedentCount: number;
  consequentCount: number;
  support: number;
  confidence: number;
  /** Share of baskets with the antecedent. */
  coverage: number;
  lift: number;
  leverage: number;
  /** Infinity for a rule that is never wrong. */
  conviction: number;
  /** A more general rule of the set, some antecedents dropped, has the same confidence or more: arules' `is.redundant`. */
  isRedundant: boolean;
  /** Fisher's exact test over all baskets, one-sided, as a logarithm. */
  logP: number;
  /** The greatest of Fisher's tests that each antecedent adds something to the others (Webb 2007, 'productive'), as a logarithm. */
  logProductive: number;
}

export interface RuleOptions {
  /** Least confidence, 0 to 1. */
  confidence: number;
  /** Least items of a rule, antecedent and consequent together; 1 also gives rules without an antecedent. @default 2 */
  minLength?: number;
}

/**
 * All rules with one consequent that the itemsets carry, by length, then antecedent, then consequent.
 * @param itemsets all frequent itemsets of these baskets at some support, by length, as `frequentItemsets` gives them.
 * @throws RangeError for a confidence outside 0 to 1, or where a subset of an itemset is missing.
 */
export function rules(baskets: Transactions, itemsets: readonly Itemset[], { confidence, minLength = 2 }: RuleOptions): Rule[] {
  if (!(confidence >= 0 && confidence <= 1)) throw new RangeError(`confidence: expected a number from 0 to 1, found ${confidence}`);
  const n = baskets.size;
  const single = itemCounts(baskets);
  const tree = new Tree();
  // By node of an itemset and place of the consequent in it: the highest confidence of that rule and all more general ones.
  const highest: Float64Array[] = [];
  const counts: number[] = [n];
  const found: Rule[] = [];
  for (const { items, count } of itemsets) {
    const node = tree.add(items);
    counts[node] = count;
    const own = new Float64Array(items.length).fill(-1);
    highest[node] = own;
    for (let place = 0; place < items.length; place++) {
      const consequent = items[place]!;
      const before = tree.without(items, place);
      const antecedentCount = before === undefined ? undefined : counts[before];
      if (antecedentCount === undefined) throw new RangeError('itemsets: expected every subset of an itemset to stand before it');
      let general = -1;
      for (let drop = 0; drop < items.length; drop++) {
        if (drop === place) continue;
        const wider = highest[tree.without(items, drop)!]![place - (drop < place ? 1 : 0)]!;
        if (wider > general) general = wider;
      }
      const sure = count / antecedentCount;
      own[place] = items.length < minLength ? -1 : Math.max(sure, general);
      if (items.length < minLength || sure < confidence) continue;
      const consequentCount = single[consequent]!;
      const share = consequentCount / n;
      const support = count / n;
      const coverage = antecedentCount / n;
      found.push({
        antecedent: items.toSpliced(place, 1),
        consequent,
        count,
        antecedentCount,
        consequentCount,
        support,
        confidence: sure,
        coverage,
        lift: sure / share,
        leverage: support - coverage * share,
        conviction: count === antecedentCount ? Number.POSITIVE_INFINITY : (1 - share) / (1 - sure),
        isRedundant: general >= sure,
        logP: logFisherAbove(count, antecedentCount, consequentCount, n),
        logProductive: productive(items, place, count, tree, counts),
      });
    }
  }
  return found;
}

/**
 * Rules whose every antecedent adds something beyond chance, by Benjamini–Hochberg over all rules of their length that these
 * baskets could have carried, so that choosing by support is not held for luck.
 * @param itemsets the frequent ones that the rules come from.
 * @returns an adjusted p for each rule, in the order given.
 */
export function adjustedRules(found: readonly Rule[], itemsets: readonly Itemset[]): number[] {
  const sizes = new Map<number, number>([[0, 1]]);
  for (const { items } of itemsets) sizes.set(items.length, (sizes.get(items.length) ?? 0) + 1);
  const singles = sizes.get(1) ?? 0;
  const adjusted = new Array<number>(found.length).fill(1);
  for (const [length, own] of Map.groupBy(
    found.map((_, i) => i),
    (i) => found[i]!.antecedent.length,
  )) {
    const family = Math.max(own.length, (sizes.get(length) ?? 0) * (singles - length));
    const p = adjustedWithin(
      own.map((i) => Math.exp(found[i]!.logProductive)),
      family,
    );
    own.forEach((i, k) => {
      adjusted[i] = p[k]!;
    });
  }
  return adjusted;
}

/**
 * Benjamini–Hochberg for some hypotheses of a family whose others have no evidence at all (p = 1), so that they need not be listed.
 * @param family size of the whole family, at least `p.length`.
 */
export function adjustedWithin(p: readonly number[], family: number): number[] {
  if (family < p.length) throw new RangeError(`family: expected at least ${p.length}, found ${family}`);
  const factor = p.length === 0 ? 1 : family / p.length;
  return benjaminiHochberg(p.map((value) => Math.min(1, value))).map((value) => Math.min(1, value! * factor));
}

function productive(items: readonly number[], place: number, count: number, tree: Tree, counts: readonly number[]): number {
  let worst = Number.NEGATIVE_INFINITY;
  const antecedent = counts[tree.without(items, place)!]!;
  for (let drop = 0; drop < items.length; drop++) {
    if (drop === place) continue;
    const general = counts[tree.without(items, drop, place)!]!;
    const both = counts[tree.without(items, drop)!]!;
    worst = Math.max(worst, logFisherAbove(count, antecedent, both, general));
  }
  return items.length === 1 ? 0 : worst;
}

/** Numbers itemsets: node 0 is the empty one. */
class Tree {
  readonly #next: Map<number, number>[] = [new Map()];

  add(items: readonly number[]): number {
    let node = 0;
    for (const item of items) {
      const next = this.#next[node]!;
      let to = next.get(item);
      if (to === undefined) {
        to = this.#next.push(new Map()) - 1;
        next.set(item, to);
      }
      node = to;
    }
    return node;
  }

  /** Node of the items less those at one or two places; undefined where it is not known. */
  without(items: readonly number[], place: number, other = place): number | undefined {
    let node: number | undefined = 0;
    for (let i = 0; i < items.length && node !== undefined; i++) if (i !== place && i !== other) node = this.#next[node]!.get(items[i]!);
    return node;
  }
}
