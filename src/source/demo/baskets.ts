import { type Random, random } from '../random.ts';
import { departments } from './categories.ts';
import type { Customers } from './customers.ts';
import type { Planted } from './planted.ts';
import type { Purchases } from './purchases.ts';
import { chooseBetween, type Shelves } from './shelf.ts';
import { ownDepartmentShare, strayShare, tastes } from './tastes.ts';

/** Columns, a row an order item; the index plus one is the id. */
export interface Items {
  count: number;
  order: Int32Array;
  product: Int32Array;
  price: Float64Array;
  /** First item of each order, with the count at the end. */
  first: Int32Array;
}

/** Share of baskets planned for one item, two items … */
const sizes = [0.46, 0.31, 0.14, 0.06, 0.03];
const most = 9;
/** What an item that is not the last leaves for the others, USD, where it can. */
const least = 18;
/** The last item of a basket is priced from what is left of the order's value to this factor of it. */
const slack = 1.22;

/**
 * Fills each order's value with products: all but the last are chosen by taste about an even share of what is left; the last is priced just
 * above the remainder, and one discount over the whole basket brings its sum to the value, to the cent.
 */
export function baskets(purchases: Purchases, customers: Customers, shelves: Shelves, planted: Planted, seed: number): Items {
  const draw = random(seed, 'baskets');
  const follow = new Map(planted.pairs.map(({ first, second, probability }) => [first, { second, probability }]));
  const order: number[] = [];
  const product: number[] = [];
  const price: number[] = [];
  const first = new Int32Array(purchases.count + 1);

  for (let i = 0; i < purchases.count; i++) {
    const customer = purchases.customer[i]!;
    const at = purchases.at[i]!;
    const value = purchases.value[i]!;
    const shelf = () => {
      const own = customers.gender[customer]!;
      const department = draw.uniform() < ownDepartmentShare ? own : departments.length - 1 - own;
      const taste = draw.uniform() < strayShare ? draw.integer(tastes.length) : customers.taste[customer]!;
      return shelves.at(at, department, taste);
    };
    const basket: number[] = [];
    const asked: number[] = [];
    let sum = 0;
    const put = (index: number) => {
      basket.push(index);
      asked.push(shelves.price(index, at));
      sum += asked[asked.length - 1]!;
    };
    let planned = 1 + draw.categorical(sizes);
    while (sum < value) {
      const left = value - sum;
      const isLast = planned <= basket.length + 1 || left < least;
      const share = left / Math.max(1, planned - basket.length);
      const chosen = isLast
        ? lastItem(shelf, basket, left, draw)
        : chooseUnless(basket, () => chooseBetween(shelf(), 0.45 * share, Math.min(1.7 * share, left - least), draw));
      if (chosen < 0) {
        // Nothing at that price: one of the dearest towards a large remainder, otherwise plan for one item more or less.
        if (left > 150 || planned >= most) put(dearest(shelf(), draw));
        else planned += isLast ? 1 : -1;
        continue;
      }
      put(chosen);
      const pair = follow.get(chosen);
      if (pair && sum < value && !basket.includes(pair.second) && draw.uniform() < pair.probability) {
        if (shelves.price(pair.second, at) <= 1.3 * (value - sum)) put(pair.second);
      }
    }
    let cents = Math.round(value * 100);
    first[i] = order.length;
    const factor = sum > 0 ? value / sum : 1;
    basket.forEach((index, place) => {
      const share = place === basket.length - 1 ? cents : Math.min(cents, Math.ceil(100 * asked[place]! * factor - 1e-6));
      cents -= share;
      order.push(i);
      product.push(index);
      price.push(share / 100);
    });
  }
  first[purchases.count] = order.length;
  return { count: order.length, order: Int32Array.from(order), product: Int32Array.from(product), price: Float64Array.from(price), first };
}

function chooseUnless(basket: number[], choose: () => number): number {
  for (let turn = 0; turn < 3; turn++) {
    const chosen = choose();
    if (chosen >= 0 && !basket.includes(chosen)) return chosen;
  }
  return -1;
}

function lastItem(shelf: () => ReturnType<Shelves['at']>, basket: number[], left: number, draw: Random): number {
  const near = chooseUnless(basket, () => chooseBetween(shelf(), left, left * slack + 1, draw));
  return near >= 0 ? near : chooseUnless(basket, () => chooseBetween(shelf(), left, left * 1.6 + 8, draw));
}

function dearest(shelf: ReturnType<Shelves['at']>, draw: Random): number {
  const from = Math.max(0, shelf.products.length - 25);
  return shelf.products[from + draw.integer(shelf.products.length - from)]!;
}
