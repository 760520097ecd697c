import type { Wish } from './adviser.ts';
import { rowOf } from './id-index.ts';
import type { Offers } from './offers.ts';
import type { Place } from './places.ts';
import { placeWords } from './recommendation.ts';
import { hasHistory } from './residents.ts';

/** Why a list is what many buy, and not made for whom it was asked. */
export interface Fallback {
  why: 'unknown-customer' | 'no-history' | 'unknown-products' | 'empty-basket';
  /** Where its products are popular before all: no region for a country, no country for the shop. */
  place: Place;
  /** The same in words. */
  words: string;
}

/** A question as the recommender takes it, and what has to be said of it. */
export interface Question {
  wish: Exclude<Wish, { kind: 'similar' }>;
  fallback: Fallback | null;
  /** Ids asked about that the run doesn't know, each once. */
  unknown: string[];
}

export interface Limits {
  k: number;
  /** Ids of products to leave out; those that the run doesn't know are passed over. */
  exclude: readonly string[];
}

/** What to offer a customer; of whom nothing is known, what is popular where they live, then in their country, then in the shop. */
export function questionOfCustomer(offers: Offers, customerId: string, limits: Limits): Question {
  const { residents, offsets } = offers;
  const row = rowOf(residents.ids, customerId);
  if (row < 0) return popular(offers, limits, 0, 'unknown-customer', [customerId]);
  if (!hasHistory(residents, row, { offsets })) return popular(offers, limits, residents.place[row]!, 'no-history', []);
  return { wish: { kind: 'customer', customer: row, ...excluded(offers, limits) }, fallback: null, unknown: [] };
}

/** What goes with a basket. */
export function questionOfBasket(offers: Offers, productIds: readonly string[], limits: Limits): Question {
  const asked = [...new Set(productIds)];
  const rows = asked.map((id) => rowOf(offers.products.ids, id));
  const unknown = asked.filter((_, i) => rows[i]! < 0);
  const products = rows.filter((row) => row >= 0);
  if (products.length === 0) return popular(offers, limits, 0, asked.length === 0 ? 'empty-basket' : 'unknown-products', unknown);
  return { wish: { kind: 'basket', products, ...excluded(offers, limits) }, fallback: null, unknown };
}

const told: Record<Fallback['why'], string> = {
  'unknown-customer': 'the run knows no such customer',
  'no-history': 'the customer has bought and viewed nothing yet',
  'unknown-products': 'the run knows none of the products',
  'empty-basket': 'no product was named',
};

function popular(offers: Offers, limits: Limits, at: number, why: Fallback['why'], unknown: string[]): Question {
  const place = offers.places.names[at]!;
  const wish = { kind: 'popular', place: at, ...excluded(offers, limits) } as const;
  return { wish, fallback: { why, place, words: `${told[why]}: this is what is popular in ${placeWords(place)}` }, unknown };
}

function excluded({ products }: Offers, { k, exclude }: Limits): { k: number; exclude: number[] } {
  return { k, exclude: [...new Set(exclude.map((id) => rowOf(products.ids, id)))].filter((row) => row >= 0) };
}

/** Why a list is short; null for a full one. */
export function shortfall(found: number, k: number): string | null {
  if (found >= k) return null;
  const rest = 'what else is offered was bought already, is left out as asked, or is a variant of a product that was';
  return found === 0 ? `nothing is left to recommend: ${rest}` : `${found} of ${k}: ${rest}`;
}
