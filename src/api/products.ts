import type { Index } from '#recommender/index.ts';
import { type Coded, codedAt, codedOf } from './coded.ts';
import { type IdIndex, idOf, indexOf, type Texts, textsOf } from './id-index.ts';

/** The catalogue of an index in shared memory, by position. */
export interface Products {
  count: number;
  ids: IdIndex;
  /** '' where the shop gives none. */
  names: Texts;
  brands: Coded;
  categories: Coded;
  /** In the shop's currency; NaN where unknown. */
  prices: Float64Array;
}

/** A product as answers show it. */
export interface Product {
  productId: string;
  /** Null where the shop gives none; so for brand, category and price. */
  name: string | null;
  brand: string | null;
  category: string | null;
  /** In the shop's currency. */
  price: number | null;
}

export function productsOf({ catalogue }: Pick<Index, 'catalogue'>): Products {
  const { ids, names, brands, categories, prices } = catalogue;
  const shared = new Float64Array(new SharedArrayBuffer(prices.byteLength));
  shared.set(prices);
  return {
    count: ids.length,
    ids: indexOf(ids),
    names: textsOf(names),
    brands: codedOf(brands),
    categories: codedOf(categories),
    prices: shared,
  };
}

export function productAt({ ids, names, brands, categories, prices }: Products, row: number): Product {
  const price = prices[row]!;
  return {
    productId: idOf(ids, row),
    name: idOf(names, row) || null,
    brand: codedAt(brands, row),
    category: codedAt(categories, row),
    price: Number.isNaN(price) ? null : price,
  };
}
