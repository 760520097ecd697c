import { LookbookError } from '#contract/error.ts';
import type { Backend, Multiply } from './backend.ts';
import { positions } from './catalogue.ts';
import { rowsToUnit } from './content.ts';
import type { Index } from './index.ts';
import { type Histories, order, pick, purchase } from './interactions.ts';
import { neighbourScorer } from './item-item.ts';
import { categoryNumbers, type ListRules, makeList } from './list.ts';
import { type Reason, reasonOf } from './reason.ts';
import { blendScorer, likeness, type Scorer, standard, type Vectors, vectorScorer } from './scorer.ts';
import { weigh } from './taste.ts';
import { top } from './top.ts';
import { variantGroups } from './variant.ts';

export const maxK = 100;

const blockCells = 8_000_000;

export interface Recommendation {
  /** Position in the catalogue. */
  product: number;
  id: string;
  /** Compares within one list only. */
  score: number;
  reason: Reason;
}

export interface Answer {
  /** 'popular': nothing is known of the customer, so the list is what most bought lately. */
  basis: 'history' | 'popular';
  /** Ids asked about that the index doesn't know. */
  unknown: string[];
  /** Best first; fewer than k where no more may be recommended. */
  list: Recommendation[];
}

export interface Asked {
  k: number;
  /** Ids of products to leave out besides. */
  exclude?: readonly string[];
  /** Order of products for one of whom nothing is known, such as the popularity in a region; the shop's unless given. */
  popularity?: Float32Array;
}

export interface Similar {
  product: number;
  id: string;
  /** Cosine, −1 to 1. */
  similarity: number;
}

/** Lists of many customers: place r of customer i at i × k + r. */
export interface Lists {
  k: number;
  /** −1 where a list is shorter. */
  product: Int32Array;
  score: Float32Array;
}

export interface Recommender {
  index: Index;
  /** An unknown customer has no history. @throws LookbookError (usage) for k out of range. */
  forCustomer(id: string, asked: Asked): Answer;
  /** As if these products had been bought together today. @throws LookbookError (usage) for k out of range. */
  forProducts(ids: readonly string[], asked: Asked): Answer;
  /** Most similar products, none of them a variant of it or of another. Null for an unknown id. @throws LookbookError (usage) for k out of range. */
  similar(id: string, k: number): Similar[] | null;
  /** Lists of customers `from` to before `to` of the index; without a history by popularity. @throws LookbookError (usage) for k out of range. */
  forAll(k: number, backend: Pick<Backend, 'multiply'>, from?: number, to?: number): Lists;
  /**
   * Who would like each of these products most: positions of up to k customers with a history who haven't bought it, best first; by how far
   * it stands above the mean of the customer's scores, in their deviations. @throws LookbookError (usage) for k out of range.
   */
  audience(products: ArrayLike<number>, k: number, backend: Pick<Backend, 'multiply'>): Int32Array[];
  /** Why this product for this customer of the index. */
  reason(customer: number, product: number): Reason;
}

/** A recommender over an index: exact, over the whole catalogue, the same answer each time. */
export function recommender(index: Index): Recommender {
  const { catalogue, customers, histories, isOffered, isRepeat } = index;
  const products = catalogue.ids.length;
  const productAt = positions(catalogue.ids);
  const customerAt = positions(customers);
  const rules: ListRules = { variants: variantGroups(catalogue), categories: categoryNumbers(catalogue.categories) };
  const vectors = index.towers ?? likeness(index.content.dimensions, index.content.values, index.popularity);
  const scorer = servedScorer(index, vectors, null);
  const unit = index.towers ? rowsToUnit(index.towers.output, products, index.towers.dimensions) : index.content.values;
  const width = index.towers ? index.towers.dimensions : index.content.dimensions;

  const withoutBanned = (scores: Float32Array, row: number, had: Histories, customer: number) => {
    for (let p = 0; p < products; p++) if (isOffered[p] !== 1) scores[row + p] = Number.NEGATIVE_INFINITY;
    for (let e = had.offsets[customer]!; e < had.offsets[customer + 1]!; e++) {
      const p = had.product[e]!;
      if (had.kind[e] === purchase && isRepeat[p] !== 1) scores[row + p] = Number.NEGATIVE_INFINITY;
    }
  };

  /** Runs over the scores of customers, a block at a time; entry i of `part` is the customer's history. */
  const eachRow = (
    multiply: Multiply,
    from: number,
    to: number,
    use: (scores: Float32Array, row: number, customer: number, part: Histories, i: number) => void,
  ) => {
    const all = servedScorer(index, vectors, multiply);
    const block = Math.max(1, Math.min(256, Math.floor(blockCells / Math.max(1, products))));
    const scores = new Float32Array(block * products);
    for (let start = from; start < to; start += block) {
      const size = Math.min(to, start + block) - start;
      const members = Int32Array.from({ length: size }, (_, i) => start + i);
      const part = pick(histories, members);
      all.score(weigh(part, index.taste, index.now), 0, size, scores);
      for (let i = 0; i < size; i++) use(scores, i * products, start + i, part, i);
    }
  };

  const answer = (had: Histories, unknown: string[], { k, exclude = [], popularity = index.popularity }: Asked): Answer => {
    checkK(k);
    if (popularity.length !== products) throw new RangeError(`popularity: expected ${products} numbers, found ${popularity.length}`);
    const weighted = weigh(had, index.taste, index.now);
    const isKnown = weighted.product.length > 0;
    const scores = new Float32Array(products);
    if (isKnown) scorer.score(weighted, 0, 1, scores);
    else scores.set(popularity);
    withoutBanned(scores, 0, had, 0);
    for (const id of exclude) if (productAt.has(id)) scores[productAt.get(id)!] = Number.NEGATIVE_INFINITY;
    const list = Array.from(makeList(scores, k, rules), (product) => ({
      product,
      id: catalogue.ids[product]!,
      score: scores[product]!,
      reason: isKnown ? reasonOf(index, vectors, weighted, product) : ({ kind: 'popular' } as const),
    }));
    return { basis: isKnown ? 'history' : 'popular', unknown, list };
  };

  return {
    index,
    forCustomer(id, asked) {
      const at = customerAt.get(id);
      return at === undefined ? answer(noHistory, [id], asked) : answer(pick(histories, [at]), [], asked);
    },
    forProducts(ids, asked) {
      const known = [...new Set(ids)].filter((id) => productAt.has(id));
      const product = Int32Array.from(known, (id) => productAt.get(id)!);
      const same = (value: number) => new Int32Array(product.length).fill(value);
      const had = order(1, { customer: same(0), product, day: same(index.now), kind: new Uint8Array(product.length).fill(purchase) });
      return answer(
        had,
        ids.filter((id) => !productAt.has(id)),
        asked,
      );
    },
    similar(id, k) {
      checkK(k);
      const at = productAt.get(id);
      if (at === undefined) return null;
      const own = unit.subarray(at * width, (at + 1) * width);
      const scores = new Float32Array(products);
      for (let p = 0; p < products; p++) {
        let dot = 0;
        for (let i = 0; i < width; i++) dot += own[i]! * unit[p * width + i]!;
        scores[p] = isOffered[p] === 1 && rules.variants[p] !== rules.variants[at] ? dot : Number.NEGATIVE_INFINITY;
      }
      const list = makeList(scores, k, { ...rules, categories: new Int32Array(products).fill(-1) });
      return Array.from(list, (product) => ({ product, id: catalogue.ids[product]!, similarity: scores[product]! }));
    },
    forAll(k, backend, from = 0, to = customers.length) {
      checkK(k);
      const lists: Lists = { k, product: new Int32Array((to - from) * k).fill(-1), score: new Float32Array((to - from) * k) };
      eachRow(backend.multiply, from, to, (scores, row, customer, part, i) => {
        if (part.offsets[i] === part.offsets[i + 1]) scores.set(index.popularity, row);
        withoutBanned(scores, row, part, i);
        makeList(scores, k, rules, row, products).forEach((product, rank) => {
          lists.product[(customer - from) * k + rank] = product;
          lists.score[(customer - from) * k + rank] = scores[row + product]!;
        });
      });
      return lists;
    },
    audience(wanted, k, backend) {
      checkK(k);
      const height = Array.from(wanted, () => new Float32Array(customers.length).fill(Number.NEGATIVE_INFINITY));
      eachRow(backend.multiply, 0, customers.length, (scores, row, customer, part, i) => {
        if (part.offsets[i] === part.offsets[i + 1]) return;
        const { mean, scale } = standard(scores, row, products);
        const above = Float32Array.from(wanted, (p) => (scores[row + p]! - mean) * scale);
        withoutBanned(scores, row, part, i);
        above.forEach((value, w) => {
          if (scores[row + wanted[w]!]! > Number.NEGATIVE_INFINITY) height[w]![customer] = value;
        });
      });
      return height.map((values) => top(values, k));
    },
    reason(customer, product) {
      const weighted = weigh(pick(histories, [customer]), index.taste, index.now);
      return weighted.product.length === 0 ? { kind: 'popular' } : reasonOf(index, vectors, weighted, product);
    },
  };
}

const noHistory: Histories = { offsets: new Int32Array(2), product: new Int32Array(), day: new Int32Array(), kind: new Uint8Array() };

/** What an index serves, as a scorer. */
function servedScorer({ served, share, neighbours, popularity }: Index, vectors: Vectors, multiply: Multiply | null): Scorer {
  const near = neighbours && served !== 'content' ? neighbourScorer(neighbours, popularity) : null;
  if (near && (served === 'item-item' || served === 'ease')) return near;
  const own = vectorScorer(vectors, multiply);
  return near && served === 'blend' ? blendScorer(own, near, share) : own;
}

function checkK(k: number): void {
  if (Number.isInteger(k) && k >= 1 && k <= maxK) return;
  throw new LookbookError('usage', {
    what: 'k is out of range',
    where: 'k',
    expected: `a whole number from 1 to ${maxK}`,
    found: String(k),
    mend: `ask for 1 to ${maxK} products`,
  });
}
