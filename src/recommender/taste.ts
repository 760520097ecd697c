import type { Histories } from './interactions.ts';

/** How much an entry of a history counts. */
export interface Taste {
  /** Weight by kind: view, cart, purchase. */
  kinds: readonly [number, number, number];
  /** Days after which an entry counts half. */
  halfLife: number;
}

export const defaultTaste: Taste = { kinds: [0.2, 0.5, 1], halfLife: 120 };

/** Customers × products, compressed by rows, with a weight for each. */
export interface Weighted {
  offsets: Int32Array;
  /** Each once within a customer, ascending. */
  product: Int32Array;
  weight: Float32Array;
}

/** Histories as weights on `now`: several entries of a product count as their strongest. */
export function weigh({ offsets, product, day, kind }: Histories, taste: Taste, now: number): Weighted {
  const starts = new Int32Array(offsets.length);
  const products: number[] = [];
  const weights: number[] = [];
  for (let c = 0; c + 1 < offsets.length; c++) {
    const own = new Map<number, number>();
    for (let e = offsets[c]!; e < offsets[c + 1]!; e++) {
      const weight = weightOf(taste, kind[e]!, now - day[e]!);
      const p = product[e]!;
      if (weight > (own.get(p) ?? 0)) own.set(p, weight);
    }
    for (const p of [...own.keys()].sort((a, b) => a - b)) {
      products.push(p);
      weights.push(own.get(p)!);
    }
    starts[c + 1] = products.length;
  }
  return { offsets: starts, product: Int32Array.from(products), weight: Float32Array.from(weights) };
}

/** Weight of one entry, `age` days old (either way). */
export function weightOf({ kinds, halfLife }: Taste, kind: number, age: number): number {
  return kinds[kind]! * 0.5 ** (Math.abs(age) / halfLife);
}
