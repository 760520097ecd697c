import { type Bought, between, bought, type Interactions, pick } from './interactions.ts';
import { type Taste, type Weighted, weigh } from './taste.ts';

/** A window of the past that was to be foretold on its first day. */
export interface Holdout {
  /** First day of the window. */
  from: number;
  products: number;
  /** Positions of the customers asked about: with a history before the window, and something in it that may be recommended. */
  customers: Int32Array;
  /** What they had before the window, weighted on its first day. */
  histories: Weighted;
  /** Products that may not be recommended to each. */
  excluded: Bought;
  /** What each bought in the window and might have been recommended: the truth. */
  truth: Bought;
  /** 1 for products that nobody had bought before the window. */
  isNew: Uint8Array;
  /** Customers who bought before the window, of each product. */
  buyers: Int32Array;
  /** Customers with any history before the window. */
  known: number;
  /** Customers who bought in the window without a history: nothing personal can be said to them. */
  unknown: number;
}

export interface HoldoutOptions {
  taste: Taste;
  /** 1 for products that may be recommended to those who had them. */
  repeats: Uint8Array;
  /** Customers at most: evenly spaced among all. */
  limit: number;
}

/** The window of days from `from` to before `to`, split off by time: nothing on or after `from` is in the histories. */
export function holdout({ histories, products }: Interactions, from: number, to: number, options: HoldoutOptions): Holdout {
  const before = between(histories, Number.NEGATIVE_INFINITY, from);
  const had = bought(before);
  const then = bought(between(histories, from, to));
  const buyers = new Int32Array(products);
  for (const p of had.product) buyers[p]!++;
  const own = (matrix: Bought, c: number) => matrix.product.subarray(matrix.offsets[c]!, matrix.offsets[c + 1]!);
  const excludedOf = (c: number) => own(had, c).filter((p) => options.repeats[p] !== 1);
  const truthOf = (c: number) => {
    const excluded = new Set(excludedOf(c));
    return own(then, c).filter((p) => !excluded.has(p));
  };
  let known = 0;
  let unknown = 0;
  const asked: number[] = [];
  for (let c = 0; c + 1 < histories.offsets.length; c++) {
    const hasHistory = before.offsets[c + 1]! > before.offsets[c]!;
    if (hasHistory) known++;
    else if (own(then, c).length > 0) unknown++;
    if (hasHistory && truthOf(c).length > 0) asked.push(c);
  }
  const step = Math.max(1, asked.length / options.limit);
  const customers = Int32Array.from({ length: Math.min(asked.length, options.limit) }, (_, i) => asked[Math.floor(i * step)]!);
  return {
    from,
    products,
    customers,
    histories: weigh(pick(before, customers), options.taste, from),
    excluded: rows(customers, excludedOf),
    truth: rows(customers, truthOf),
    isNew: Uint8Array.from(buyers, (n) => (n === 0 ? 1 : 0)),
    buyers,
    known,
    unknown,
  };
}

function rows(customers: Int32Array, of: (customer: number) => Int32Array): Bought {
  const parts = Array.from(customers, of);
  const offsets = new Int32Array(customers.length + 1);
  parts.forEach((part, i) => {
    offsets[i + 1] = offsets[i]! + part.length;
  });
  const product = new Int32Array(offsets.at(-1)!);
  parts.forEach((part, i) => {
    product.set(part, offsets[i]!);
  });
  return { offsets, product };
}
