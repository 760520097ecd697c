import { type Histories, purchase } from './interactions.ts';
import type { Scorer } from './scorer.ts';

/** Customers who bought each product on days from `from` to before `to`. */
export function popularity({ offsets, product, day, kind }: Histories, products: number, from: number, to: number): Float32Array {
  const count = new Float32Array(products);
  const last = new Int32Array(products).fill(-1);
  for (let c = 0; c + 1 < offsets.length; c++) {
    for (let e = offsets[c]!; e < offsets[c + 1]!; e++) {
      const p = product[e]!;
      if (kind[e] !== purchase || day[e]! < from || day[e]! >= to || last[p] === c) continue;
      last[p] = c;
      count[p]!++;
    }
  }
  return count;
}

/** Customers who bought each product in the `days` before `now`; of products with equally many, those bought more at any time come first. */
export function recently(histories: Histories, products: number, now: number, days: number): Float32Array {
  const ever = popularity(histories, products, Number.NEGATIVE_INFINITY, now);
  const most = 1 + ever.reduce((top, value) => Math.max(top, value), 0);
  return popularity(histories, products, now - days, now).map((value, p) => value + (0.5 * ever[p]!) / most);
}

/** The same scores for everyone. */
export function popularityScorer(count: Float32Array): Scorer {
  const products = count.length;
  return {
    products,
    score(_, from, to, out) {
      for (let c = from; c < to; c++) out.set(count, (c - from) * products);
    },
  };
}

/** What the customer had, by its weight; everything else after it by popularity. */
export function repeatScorer(count: Float32Array): Scorer {
  const products = count.length;
  const top = count.reduce((most, value) => Math.max(most, value), 1);
  const rest = count.map((value) => value / (2 * top));
  return {
    products,
    score({ offsets, product, weight }, from, to, out) {
      for (let c = from; c < to; c++) {
        const row = (c - from) * products;
        out.set(rest, row);
        for (let h = offsets[c]!; h < offsets[c + 1]!; h++) out[row + product[h]!]! += 1 + weight[h]!;
      }
    },
  };
}
