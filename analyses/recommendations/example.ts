import { type Kind, kinds, purchase } from '#recommender/interactions.ts';
import type { Answer, Recommender } from '#recommender/recommender.ts';
import type { Input } from './input.ts';

/** One customer's page: an id, what it did, and what it would be offered. */
export interface Example {
  customer: string;
  /** Newest first. */
  history: { product: number; day: number; kind: Kind }[];
  /** Entries of the history that aren't shown. */
  more: number;
  answer: Answer;
}

const offers = 10;
const shown = 8;
/** Products bought by the customer who is shown. */
const bought = { least: 3, most: 8 };

/** Of the customers who bought three to eight products, the one who bought last; of several the first by id. Null where there is none. */
export function exampleOf({ data: { customers, histories } }: Input, recommend: Recommender): Example | null {
  const { offsets, product, day, kind } = histories;
  let chosen = -1;
  let latest = Number.NEGATIVE_INFINITY;
  customers.forEach((_, c) => {
    const own = new Set<number>();
    let last = Number.NEGATIVE_INFINITY;
    for (let e = offsets[c]!; e < offsets[c + 1]!; e++) {
      if (kind[e] !== purchase) continue;
      own.add(product[e]!);
      last = Math.max(last, day[e]!);
    }
    if (own.size < bought.least || own.size > bought.most || last <= latest) return;
    chosen = c;
    latest = last;
  });
  if (chosen < 0) return null;
  const all = Array.from({ length: offsets[chosen + 1]! - offsets[chosen]! }, (_, i) => {
    const e = offsets[chosen]! + i;
    return { product: product[e]!, day: day[e]!, kind: kinds[kind[e]!]! };
  }).sort((a, b) => b.day - a.day || a.product - b.product);
  const customer = customers[chosen]!;
  return {
    ...{ customer, history: all.slice(0, shown), more: Math.max(0, all.length - shown) },
    answer: recommend.forCustomer(customer, { k: offers }),
  };
}
