import { random } from '../random.ts';
import type { Items } from './baskets.ts';
import { type Calendar, day, week } from './calendar.ts';
import type { Product } from './catalogue.ts';
import { categories } from './categories.ts';
import { never } from './fulfilment.ts';
import type { Purchases } from './purchases.ts';

/** Unsold stock: this many weeks of recent sales and a few pieces of everything. */
const coverWeeks = 6;
const leastPieces = 2.5;

/** Columns, a row a piece in the order of arrival; the index plus one is the id. */
export interface Stock {
  count: number;
  product: Int32Array;
  arrived: Int32Array;
  /** `never` while unsold. */
  sold: Int32Array;
  /** Id of the piece that each order item took. */
  ofItem: Int32Array;
}

/** A piece for each item sold, which earlier cancelled items had before it, and unsold stock whose age depends on the category. */
export function stock(purchases: Purchases, items: Items, products: Product[], calendar: Calendar, seed: number): Stock {
  const draw = random(seed, 'stock');
  const product: number[] = [];
  const arrived: number[] = [];
  const sold: number[] = [];
  const recent = new Float64Array(products.length);
  const age = (index: number) => day * (1 + draw.exponential(1 / categories[products[index]!.category]!.stockDays));
  const add = (index: number, until: number, soldAt: number) => {
    product.push(index);
    arrived.push(Math.floor(until - age(index)));
    sold.push(soldAt);
  };

  const pieceOf = new Int32Array(items.count);
  const nextSale = new Int32Array(products.length).fill(-1);
  for (let j = items.count - 1; j >= 0; j--) {
    const index = items.product[j]!;
    const at = purchases.at[items.order[j]!]!;
    const isCancelled = purchases.cancelled[items.order[j]!] === 1;
    if (!isCancelled || nextSale[index] === -1) {
      nextSale[index] = product.length;
      add(index, at, isCancelled ? never : at);
    }
    pieceOf[j] = nextSale[index]!;
    if (at >= calendar.close - 13 * week) recent[index]! += 1 / 13;
  }
  for (let index = 0; index < products.length; index++) {
    const pieces = draw.poisson(leastPieces + coverWeeks * recent[index]!);
    for (let piece = 0; piece < pieces; piece++) add(index, calendar.close, never);
  }

  const count = product.length;
  // Arrivals may precede the origin: shift before packing moment and row into one number.
  const shift = arrived.reduce((least, at) => Math.min(least, at), 0);
  const keys = Float64Array.from(arrived, (at, i) => (at - shift) * 16_777_216 + i).sort();
  const result: Stock = {
    count,
    product: new Int32Array(count),
    arrived: new Int32Array(count),
    sold: new Int32Array(count),
    ofItem: new Int32Array(items.count),
  };
  const idOf = new Int32Array(count);
  for (let place = 0; place < count; place++) {
    const i = keys[place]! % 16_777_216;
    result.product[place] = product[i]!;
    result.arrived[place] = arrived[i]!;
    result.sold[place] = sold[i]!;
    idOf[i] = place + 1;
  }
  for (let j = 0; j < items.count; j++) result.ofItem[j] = idOf[pieceOf[j]!]!;
  return result;
}
