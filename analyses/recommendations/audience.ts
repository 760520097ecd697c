import type { Backend } from '#recommender/backend.ts';
import { recallAt } from '#recommender/evaluate.ts';
import type { Recommender } from '#recommender/recommender.ts';
import type { Input } from './input.ts';

/** Who would be offered the newest products. */
export interface Audience {
  /** Places of a list. */
  k: number;
  /** Customers whose lists were made: all of them, or a part evenly spread over their ids. */
  asked: number;
  /** Customers with a history. */
  customers: number;
  products: { product: number; lists: number }[];
}

const newestShown = 10;
/** Customers × products that lists are made of at most. */
const mostCells = 150_000_000;
const block = 250;

/** In how many customers' lists each of the newest products stands. */
export function audienceOf({ newest, catalogue, data }: Input, { forAll }: Recommender, backend: Pick<Backend, 'multiply'>): Audience {
  const wanted = newest.slice(0, newestShown);
  const customers = data.customers.length;
  if (wanted.length === 0 || customers === 0) return { k: recallAt, asked: 0, customers, products: [] };
  const blocks = Math.ceil(customers / block);
  const most = Math.max(1, Math.floor(mostCells / (catalogue.ids.length * block)));
  const taken = Math.min(blocks, most);
  const lists = new Map(wanted.map((p) => [p, 0]));
  let asked = 0;
  for (let b = 0; b < taken; b++) {
    const from = Math.floor((b * blocks) / taken) * block;
    const to = Math.min(customers, from + block);
    asked += to - from;
    for (const p of forAll(recallAt, backend, from, to).product) if (lists.has(p)) lists.set(p, lists.get(p)! + 1);
  }
  return { k: recallAt, asked, customers, products: wanted.map((product) => ({ product, lists: lists.get(product)! })) };
}
