import { resolve } from 'node:path';
import { LookbookError } from '#contract/error.ts';
import { maxK } from '#recommender/recommender.ts';
import { type PublishedRun, publishedRuns } from '#run/artifacts.ts';
import { Adviser } from './adviser.ts';
import type { RunReference, ShopWords } from './artifact-file.ts';
import { rowOf } from './id-index.ts';
import type { Judgement } from './judgement.ts';
import { LoadedRuns } from './load.ts';
import { loadOffers, neededToRecommend, type Offers } from './offers.ts';
import { type Product, productAt } from './products.ts';
import { type Fallback, questionOfBasket, questionOfCustomer, shortfall } from './question.ts';
import { type Recommended, recommendedOf, servedWords } from './recommendation.ts';
import { chooseRun } from './run-choice.ts';

/** Which run to ask, and for how many. */
export interface RecommendQuery {
  /** Products at most, 1 to 100. @default 10 */
  k?: number;
  /** Output folder of the runs. @default 'output' */
  out?: string;
  /** @default the only shop published. */
  shop?: string | null;
  /** Day of the run, 'YYYY-MM-DD'. @default the newest. */
  asOf?: string | null;
}

/** For whom: a customer, or a basket of products. */
export type RecommendFor = { customerId: string; productIds?: never } | { productIds: readonly string[]; customerId?: never };

/** What every answer says besides its products. */
export interface RecommendBasis {
  run: RunReference;
  /** Newer days of the shop whose runs lack recommendations. */
  passedOver: string[];
  shop: ShopWords;
  /** What recommends where something is known: that which beat popularity on the shop's own holdout, or likeness of content where nothing did. */
  served: Offers['served'];
  /** As it is called: 'similarity of content' … */
  servedName: string;
  /** Whether anything foretold purchases better than popularity. */
  judgement: Judgement;
  k: number;
}

export interface RecommendAnswer extends RecommendBasis {
  /** Where nothing is known of whom it was asked for: what is popular where they live, then in the shop. Null otherwise. */
  fallback: Fallback | null;
  /** Ids asked about that the run doesn't know. */
  unknown: string[];
  /** Best first. */
  recommendations: Recommended[];
  /** Why there are fewer than k; null otherwise. */
  note: string | null;
}

export interface SimilarAnswer extends RecommendBasis {
  /** By what they are similar: the trained embedding, or content alone. */
  space: Offers['space'];
  /** The product asked about. */
  product: Product;
  /** Most similar first. */
  similar: Recommended[];
  note: string | null;
}

const runs = new LoadedRuns(async (run: PublishedRun) => {
  const { offers, index } = await loadOffers(run);
  return { offers, adviser: new Adviser(offers, index) };
});

/**
 * What to offer a customer, or with a basket, from the last published run; nothing is fitted. Never what was bought (unless it is a product
 * that is bought again) or lies in the basket, what is out of the catalogue, what is excluded, or two variants of one product. Of whom nothing
 * is known gets what is popular where they live, then in their country, then in the shop, and `fallback` says so.
 * @param query.exclude ids of products to leave out; unknown ones are passed over.
 * @returns at most k products with prices in the shop's currency, and for each its reason.
 * @throws LookbookError: usage for an unknown shop or day, k out of range, an id that isn't text, or neither or both of customer and basket;
 * source where nothing is published, the run lacks recommendations, or its files are not what its manifest says.
 */
export async function recommendProducts(query: RecommendFor & RecommendQuery & { exclude?: readonly string[] }): Promise<RecommendAnswer> {
  const {
    customerId,
    productIds,
    exclude = [],
    k = 10,
  } = query as {
    customerId?: string;
    productIds?: readonly string[];
    exclude?: readonly string[];
    k?: number;
  };
  if ((customerId === undefined) === (productIds === undefined)) {
    throw new LookbookError('usage', {
      what: customerId === undefined ? 'for whom is not said' : 'both a customer and products',
      where: 'recommendProducts',
      expected: 'either customerId or productIds',
    });
  }
  checkK(k);
  checkIds(exclude, 'exclude');
  if (productIds) checkIds(productIds, 'productIds');
  else checkIds([customerId as string], 'customerId');
  const { basis, offers, adviser } = await opened(query, k);
  const { wish, fallback, unknown } = productIds
    ? questionOfBasket(offers, productIds, { k, exclude })
    : questionOfCustomer(offers, customerId as string, { k, exclude });
  const recommendations = recommendedOf(offers, adviser.list(wish), productIds ? 'basket' : 'customer');
  return { ...basis, fallback, unknown, recommendations, note: shortfall(recommendations.length, k) };
}

/**
 * Products most similar to one, from the last published run: by the trained embedding where it is served, else by content. None is out of the
 * catalogue, or a variant of it or of another.
 * @throws LookbookError as `recommendProducts`; usage for a product that the run doesn't know.
 */
export async function similarProducts(productId: string, query: RecommendQuery = {}): Promise<SimilarAnswer> {
  const { k = 10 } = query;
  checkK(k);
  checkIds([productId], 'productId');
  const { basis, offers, adviser } = await opened(query, k);
  const product = rowOf(offers.products.ids, productId);
  if (product < 0) {
    throw new LookbookError('usage', {
      what: 'the run knows no such product',
      where: 'productId',
      found: productId.slice(0, 64),
      mend: 'product ids are those of the reports',
    });
  }
  const similar = recommendedOf(offers, adviser.list({ kind: 'similar', product, k }), 'similar');
  return { ...basis, space: offers.space, product: productAt(offers.products, product), similar, note: shortfall(similar.length, k) };
}

async function opened({ out = 'output', shop, asOf }: RecommendQuery, k: number) {
  const folder = resolve(out);
  const { run, passedOver } = chooseRun(publishedRuns(folder), { shop: shop ?? null, asOf: asOf ?? null }, neededToRecommend, folder);
  const { offers, adviser } = await runs.get(run);
  const { reference, shop: words, served, judgement } = offers;
  const basis: RecommendBasis = { run: reference, passedOver, shop: words, served, servedName: servedWords(served), judgement, k };
  return { basis, offers, adviser };
}

function checkK(k: number): void {
  if (Number.isInteger(k) && k >= 1 && k <= maxK) return;
  throw new LookbookError('usage', {
    what: 'k is out of range',
    where: 'k',
    expected: `a whole number from 1 to ${maxK}`,
    found: String(k),
  });
}

function checkIds(ids: readonly string[], where: string): void {
  const odd = Array.isArray(ids) ? ids.find((id) => typeof id !== 'string') : ids;
  if (odd !== undefined) throw new LookbookError('usage', { what: 'not an id', where, expected: 'text', found: typeof odd });
}
