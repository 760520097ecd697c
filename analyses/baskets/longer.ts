import { frequentItemsets } from '#stats/basket/eclat.ts';
import { halves, type Stability, stability } from '#stats/basket/halves.ts';
import { TooManyItemsets } from '#stats/basket/itemset.ts';
import { adjustedRules, type Rule, rules } from '#stats/basket/rules.ts';
import { transactions } from '#stats/basket/transactions.ts';
import type { BasketRow, ProductRow, ShopRow } from './input.ts';
import { falseDiscovery, leastFactor } from './pairs.ts';

/** Least confidence of a rule. */
export const leastConfidence = 0.1;
const longest = 5;

export interface LongRule extends Rule {
  from: ProductRow[];
  to: ProductRow;
  /** Confidence over the highest of the more general rules. */
  improvement: number;
  p: number;
  stability: Stability;
}

export interface Longer {
  /** Sets of three products and more that are frequent enough; null where there are too many to list. */
  sets: number | null;
  /** Rules from them at the least confidence, redundant ones left out. */
  rules: number;
  called: LongRule[];
}

/**
 * Rules of three products and more. The baskets are those of the shop, cut down to the products that have frequent pairs: what the query
 * leaves out, baskets with one of them or none, is put back by its number, so that every measure is that of the whole shop.
 */
export function longerRules(shop: ShopRow, rows: readonly BasketRow[], products: readonly ProductRow[], least: number): Longer {
  const byOrder = [...Map.groupBy(rows, ({ order_id }) => order_id).values()];
  const baskets = byOrder.map((lines) => lines.map(({ product_id }) => product_id));
  const isSecond = byOrder.map((lines) => lines[0]!.half === 2);
  const members = new Set(rows.map(({ product_id }) => product_id));
  const own = new Map(products.filter(({ product_id }) => members.has(product_id)).map((product) => [product.product_id, product]));
  if (own.size < 3) return { sets: 0, rules: 0, called: [] };
  for (const product of own.values()) {
    const met = rows.filter(({ product_id }) => product_id === product.product_id);
    const first = product.baskets_first - met.filter(({ half }) => half === 1).length;
    for (let i = 0; i < product.baskets - met.length; i++) {
      baskets.push([product.product_id]);
      isSecond.push(i >= first);
    }
  }
  // The others hold none of the products.
  for (
    let left = shop.baskets - baskets.length, later = shop.baskets - shop.baskets_first - isSecond.filter(Boolean).length;
    left > 0;
    left--
  ) {
    baskets.push([]);
    isSecond.push(later-- > 0);
  }
  const coded = transactions(baskets);
  try {
    const itemsets = frequentItemsets(coded, { support: least / coded.size, maxLength: longest });
    const found = rules(coded, itemsets, { confidence: leastConfidence });
    const p = adjustedRules(found, itemsets);
    const general = new Map(found.map((rule) => [keyOf(rule.antecedent, rule.consequent), rule.confidence]));
    const long = found.flatMap((rule, i) => (rule.antecedent.length > 1 && !rule.isRedundant ? [{ rule, p: p[i]! }] : []));
    const parts = halves(
      coded,
      long.map(({ rule }) => rule),
      isSecond,
    );
    const productOf = (code: number) => own.get(coded.items[code]!)!;
    const called = long.flatMap(({ rule, p: adjusted }, i): LongRule[] => {
      const best = Math.max(
        leastConfidence,
        ...rule.antecedent.map((_, drop) => general.get(keyOf(rule.antecedent.toSpliced(drop, 1), rule.consequent)) ?? 0),
      );
      const improvement = rule.confidence / best;
      const steady = stability(...parts[i]!);
      if (adjusted > falseDiscovery || improvement < leastFactor || !steady.isStable) return [];
      return [
        { ...rule, from: rule.antecedent.map(productOf), to: productOf(rule.consequent), improvement, p: adjusted, stability: steady },
      ];
    });
    return {
      sets: itemsets.filter(({ items }) => items.length > 2).length,
      rules: long.length,
      called: called.toSorted(
        (a, b) => a.p - b.p || b.lift - a.lift || (keyOf(a.antecedent, a.consequent) < keyOf(b.antecedent, b.consequent) ? -1 : 1),
      ),
    };
  } catch (error) {
    if (error instanceof TooManyItemsets) return { sets: null, rules: 0, called: [] };
    throw error;
  }
}

const keyOf = (antecedent: readonly number[], consequent: number) => `${antecedent.join(' ')}>${consequent}`;
