import { proportion } from '#stats/proportion.ts';
import { type Histories, purchase } from './interactions.ts';

export interface RepeatRule {
  /** Share of a product's customers who bought it again on another day, at least: the lower limit of its interval counts. */
  share: number;
  /** Customers of a product, at least. */
  customers: number;
}

export const defaultRepeatRule: RepeatRule = { share: 0.3, customers: 20 };

export interface Repeats {
  /** 1 for products that are bought again. */
  isRepeat: Uint8Array;
  customers: Int32Array;
  /** Of those, who bought it on two days or more. */
  again: Int32Array;
}

/**
 * Products bought again, learned from the data: the lower limit of Wilson's 95% interval of the share of customers who bought the
 * product on two days at least is `share` or more, among `customers` or more.
 */
export function repeatProducts(histories: Histories, products: number, rule: RepeatRule = defaultRepeatRule): Repeats {
  const { offsets, product, kind } = histories;
  const customers = new Int32Array(products);
  const again = new Int32Array(products);
  for (let c = 0; c + 1 < offsets.length; c++) {
    const times = new Map<number, number>();
    for (let e = offsets[c]!; e < offsets[c + 1]!; e++) {
      if (kind[e] === purchase) times.set(product[e]!, (times.get(product[e]!) ?? 0) + 1);
    }
    for (const [p, count] of times) {
      customers[p]!++;
      if (count > 1) again[p]!++;
    }
  }
  const isRepeat = Uint8Array.from(customers, (n, p) => {
    if (n < rule.customers) return 0;
    const limit = proportion(again[p]!, n);
    return limit !== null && limit.low >= rule.share ? 1 : 0;
  });
  return { isRepeat, customers, again };
}
