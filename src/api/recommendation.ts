import type { Kind } from '#recommender/interactions.ts';
import type { Shared } from '#recommender/reason.ts';
import { idOf } from './id-index.ts';
import { type Listed, whyAt } from './listed.ts';
import type { Offers } from './offers.ts';
import type { Place } from './places.ts';
import { type Product, productAt } from './products.ts';

/** Why a product is recommended. */
export interface RecommendationReason {
  /**
   * 'also-bought': customers of another product buy it more than chance would have it; 'similar': it resembles another; 'again': the customer
   * had it, and it is bought again; 'popular': many buy it.
   */
  kind: 'also-bought' | 'similar' | 'again' | 'popular';
  /** The product that speaks for it; null for a popular one. */
  product: { productId: string; name: string | null } | null;
  /** What the customer did with that product; null where it was only asked about. */
  deed: Kind | null;
  /** What the two have in common, if it can be named. */
  shared: readonly Shared[];
  /** Where it is popular: no region for a country, no country for the shop; null for other kinds. */
  place: Place | null;
  /** The same in words. */
  words: string;
}

export interface Recommended extends Product {
  /**
   * Compares within one list only. Of a product that is popular: customers who bought it there within ninety days, 0 where that isn't known;
   * of a similar one the cosine, −1 to 1.
   */
  score: number;
  reason: RecommendationReason;
}

/** What a list was made for: it decides which words fit. */
export type Occasion = 'customer' | 'basket' | 'similar';

/** A list of positions as products with their reasons. */
export function recommendedOf(offers: Offers, listed: Listed, occasion: Occasion): Recommended[] {
  return Array.from(listed.product, (row, i) => ({
    ...productAt(offers.products, row),
    score: listed.score[i]!,
    reason: reasonAt(offers, listed, i, occasion),
  }));
}

function reasonAt({ products, places, space }: Offers, listed: Listed, i: number, occasion: Occasion): RecommendationReason {
  const { kind, because, deed, shared } = whyAt(listed, i);
  if (kind === 'popular') {
    const place = places.names[Math.max(0, because)]!;
    return { kind, product: null, deed: null, shared, place, words: `popular in ${placeWords(place)}` };
  }
  const product = { productId: idOf(products.ids, because), name: idOf(products.names, because) || null };
  const done = occasion === 'customer' ? deed : null;
  const words = wordsOf({ kind, name: product.name ?? `product ${product.productId}`, deed: done, shared, occasion, space });
  return { kind, product, deed: done, shared, place: null, words };
}

interface Telling {
  kind: 'also-bought' | 'similar' | 'again';
  name: string;
  deed: Kind | null;
  shared: readonly Shared[];
  occasion: Occasion;
  space: Offers['space'];
}

const past: Record<Kind, string> = { view: 'viewed', cart: 'put into the cart', purchase: 'bought' };

function wordsOf({ kind, name, deed, shared, occasion, space }: Telling): string {
  const seen = deed === null || deed === 'purchase' ? '' : `${past[deed]} ${name}; `;
  if (kind === 'also-bought') return seen === '' ? `customers of ${name} also buy` : `${seen}its customers also buy`;
  if (kind === 'again') return `bought ${name} before; it is bought again`;
  const likeness =
    shared.length > 0
      ? `similar ${listWords(shared)}`
      : space === 'content'
        ? 'similar in content'
        : 'near it in what customers buy and in content';
  if (occasion === 'similar') return shared.length > 0 || space === 'content' ? likeness : 'near in what customers buy and in content';
  return `${deed === null ? 'in the basket:' : past[deed]} ${name}; ${likeness}`;
}

function listWords(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** 'Bavaria, Germany', 'Germany' or 'the shop'. */
export function placeWords({ country, region }: Place): string {
  return region !== null && country !== null ? `${region}, ${country}` : (region ?? country ?? 'the shop');
}

const recommenders: Record<Offers['served'], string> = {
  embedding: 'embedding of products and customers',
  blend: 'embedding blended with a collaborative filter',
  'item-item': 'item-item collaborative filter',
  ease: 'collaborative filter EASE^R',
  content: 'similarity of content',
};

/** What is served, as it is called. */
export function servedWords(served: Offers['served']): string {
  return recommenders[served];
}
