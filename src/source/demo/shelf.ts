import type { Random } from '../random.ts';
import { type Calendar, week } from './calendar.ts';
import type { Product } from './catalogue.ts';
import { categories, climates, departments } from './categories.ts';
import { isIn, type Planted } from './planted.ts';
import { tasteFactor, tastes } from './tastes.ts';

/** What a customer of one department and taste sees in one week: products by price, with cumulative weights. */
export interface Shelf {
  products: Int32Array;
  /** Price asked, ascending: list price, less the promotion's discount. */
  prices: Float64Array;
  bought: Float64Array;
  viewed: Float64Array;
}

/** Shelves of one week after the other; going back in time rebuilds. */
export interface Shelves {
  at(seconds: number, department: number, taste: number): Shelf;
  /** Price asked at a moment. */
  price(product: number, seconds: number): number;
}

export function shelves(products: Product[], planted: Planted, calendar: Calendar): Shelves {
  const factors = tastes.map((taste) => products.map(({ category, brand }) => tasteFactor(taste, categories[category]!.name, brand)));
  let current = -1;
  let cache: (Shelf | undefined)[] = [];

  const price = (i: number, seconds: number) => {
    const { list, category } = products[i]!;
    return category === planted.promotion.category && isIn(planted.promotion, seconds) ? list * (1 - planted.promotion.discount) : list;
  };

  function build(number: number, department: number, taste: number): Shelf {
    const monday = number * week;
    const month = new Date((calendar.origin + monday + week / 2) * 1000).getUTCMonth();
    const years = (monday - calendar.close / 2) / (365.25 * 86_400);
    const onSale = products
      .map((product, i) => ({ i, product, price: price(i, monday) }))
      .filter(({ product }) => product.department === department && product.launch <= monday)
      .sort((a, b) => a.price - b.price || a.i - b.i);
    const shelf: Shelf = {
      products: Int32Array.from(onSale, ({ i }) => i),
      prices: Float64Array.from(onSale, (entry) => entry.price),
      bought: new Float64Array(onSale.length + 1),
      viewed: new Float64Array(onSale.length + 1),
    };
    onSale.forEach(({ i, product }, place) => {
      const isPromoted = product.category === planted.promotion.category && isIn(planted.promotion, monday);
      const weight =
        product.popularity *
        Math.exp(product.drift * years) *
        factors[taste]![i]! *
        climates[categories[product.category]!.climate][month]! *
        (isPromoted ? planted.promotion.demand : 1);
      shelf.bought[place + 1] = shelf.bought[place]! + weight;
      shelf.viewed[place + 1] = shelf.viewed[place]! + weight * product.curiosity;
    });
    return shelf;
  }

  return {
    price,
    at(seconds, department, taste) {
      const number = Math.floor(seconds / week);
      if (number !== current) {
        current = number;
        cache = new Array(departments.length * tastes.length);
      }
      const key = department * tastes.length + taste;
      cache[key] ??= build(number, department, taste);
      return cache[key];
    },
  };
}

/** A product priced within [low, high], in proportion to its weight; −1 when there is none. */
export function chooseBetween(shelf: Shelf, low: number, high: number, draw: Random): number {
  const from = firstAtLeast(shelf.prices, low);
  const to = firstAtLeast(shelf.prices, high + 1e-9);
  return from < to ? pick(shelf.bought, shelf.products, from, to, draw) : -1;
}

/** A product to look at, in proportion to its weight times its curiosity; −1 on an empty shelf. */
export function chooseView(shelf: Shelf, draw: Random): number {
  return shelf.products.length > 0 ? pick(shelf.viewed, shelf.products, 0, shelf.products.length, draw) : -1;
}

function pick(cumulative: Float64Array, products: Int32Array, from: number, to: number, draw: Random): number {
  const target = cumulative[from]! + draw.uniform() * (cumulative[to]! - cumulative[from]!);
  let low = from;
  let high = to;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (cumulative[middle]! <= target) low = middle;
    else high = middle;
  }
  return products[low]!;
}

function firstAtLeast(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
