import { random } from '#stats/random.ts';
import { type Histories, purchase } from './interactions.ts';
import { type Taste, weightOf } from './taste.ts';

/** One purchase to be told from the rest of its customer's history. */
export interface Example {
  target: number;
  /** Products of the history, and what each counts. */
  products: readonly number[];
  weights: readonly number[];
  /** 1 / √Σ weights, over the whole history. */
  scale: number;
  /** All products of the customer: no mistake to foretell, so they don't count as wrong answers. */
  masked: Int32Array;
}

export interface ExampleSource {
  /** Share of examples whose target is the product, smoothed so that none is 0. */
  chance: Float64Array;
  /** 1 for products that stand in a history. */
  isInput: Uint8Array;
  /** 1 for products that are a target. */
  isTarget: Uint8Array;
  /** Examples of a pass, in its own order, in full batches but the last. */
  batches(epoch: number): Generator<Example[]>;
}

interface Input {
  histories: Histories;
  now: number;
  content: { products: number };
  seed: number;
}

/**
 * Each product a customer bought is a target once: its last purchase, told from the other products of the customer, before and after. A
 * pass draws a purchase of age a with chance 0.5^(a / halfLife), so that the towers follow the season. Customers with one product give
 * no example.
 */
export function exampleSource(
  { histories, now, content, seed }: Input,
  { batch, halfLife, history, taste }: { batch: number; halfLife: number; history: number; taste: Taste },
): ExampleSource {
  const { offsets, product, day, kind } = histories;
  const n = content.products;
  const customerOf: number[] = [];
  const entryOf: number[] = [];
  const isInput = new Uint8Array(n);
  const isTarget = new Uint8Array(n);
  const chance = new Float64Array(n);
  for (let c = 0; c + 1 < offsets.length; c++) {
    const from = offsets[c]!;
    const to = offsets[c + 1]!;
    const last = new Map<number, number>();
    const own = new Set<number>();
    for (let e = from; e < to; e++) {
      isInput[product[e]!] = 1;
      own.add(product[e]!);
      if (kind[e] === purchase) last.set(product[e]!, e);
    }
    if (own.size < 2) continue;
    for (const [p, e] of last) {
      customerOf.push(c);
      entryOf.push(e);
      isTarget[p] = 1;
    }
  }
  const keep = Float64Array.from(entryOf, (e) => 0.5 ** ((now - day[e]!) / halfLife));
  entryOf.forEach((e, i) => {
    chance[product[e]!]! += keep[i]!;
  });
  const total = chance.reduce((sum, value) => sum + value, 0);
  for (let p = 0; p < n; p++) chance[p] = (chance[p]! + 0.5) / (total + 0.5 * n);

  const exampleOf = (i: number, integer: (below: number) => number): Example => {
    const e = entryOf[i]!;
    const from = offsets[customerOf[i]!]!;
    const to = offsets[customerOf[i]! + 1]!;
    const target = product[e]!;
    const products: number[] = [];
    const weights: number[] = [];
    let sum = 0;
    const use = (f: number) => {
      if (product[f] === target) return;
      const weight = weightOf(taste, kind[f]!, day[e]! - day[f]!);
      products.push(product[f]!);
      weights.push(weight);
      sum += weight;
    };
    const size = to - from;
    if (size <= history) for (let f = from; f < to; f++) use(f);
    else for (let k = 0; k < history; k++) use(from + integer(size));
    const more = Math.max(1, size / history);
    return { target, products, weights, scale: sum > 0 ? Math.sqrt(more / sum) : 0, masked: product.subarray(from, to) };
  };

  return {
    chance,
    isInput,
    isTarget,
    *batches(epoch) {
      const draw = random(seed, `recommender/epoch-${epoch}`);
      const drawn: number[] = [];
      for (let i = 0; i < keep.length; i++) if (draw.uniform() < keep[i]!) drawn.push(i);
      const order = draw.shuffle(drawn);
      for (let at = 0; at < order.length; at += batch) yield order.slice(at, at + batch).map((i) => exampleOf(i, draw.integer));
    },
  };
}
