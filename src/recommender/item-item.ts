import { type Bought, buyers } from './interactions.ts';
import { type Scorer, tieBreaker } from './scorer.ts';
import { top } from './top.ts';

export type Weighting = 'cosine' | 'bm25' | 'tfidf';

/** The most similar products of each product, compressed by rows: most similar first, then by position; never itself. */
export interface Neighbours {
  offsets: Int32Array;
  product: Int32Array;
  similarity: Float32Array;
}

export interface ItemItemOptions {
  weighting: Weighting;
  /** Neighbours kept of each product. */
  k: number;
  /** Of BM25: how soon more purchases stop counting, how much a customer's number of products counts against them. */
  k1: number;
  b: number;
}

export const defaultItemItem: ItemItemOptions = { weighting: 'bm25', k: 100, k1: 1.2, b: 0.75 };

/**
 * Item-item collaborative filter: similarity of two products is the product of their columns of weighted purchases (Sarwar et al. 2001;
 * Deshpande & Karypis 2004). Weights as in benfred/implicit 0.7: a product is a document and its customers are the words, so that
 * customers who bought much count less ('tfidf', 'bm25'); 'cosine' and 'tfidf' give each product length 1.
 */
export function itemItem(matrix: Bought, products: number, options: ItemItemOptions = defaultItemItem): Neighbours {
  const { offsets, product } = matrix;
  const of = buyers(matrix, products);
  const weights = weigh(matrix, products, options);
  const transposed = new Float64Array(product.length);
  const next = of.offsets.slice();
  for (let c = 0; c + 1 < offsets.length; c++)
    for (let e = offsets[c]!; e < offsets[c + 1]!; e++) transposed[next[product[e]!]!++] = weights[e]!;

  const sum = new Float64Array(products);
  const isMet = new Uint8Array(products);
  const starts = new Int32Array(products + 1);
  const found: { product: number[]; similarity: number[] } = { product: [], similarity: [] };
  for (let p = 0; p < products; p++) {
    const met: number[] = [];
    for (let f = of.offsets[p]!; f < of.offsets[p + 1]!; f++) {
      const c = of.customer[f]!;
      const own = transposed[f]!;
      for (let e = offsets[c]!; e < offsets[c + 1]!; e++) {
        const q = product[e]!;
        if (isMet[q] === 0) met.push(q);
        isMet[q] = 1;
        sum[q]! += own * weights[e]!;
      }
    }
    const others = Int32Array.from(met.filter((q) => q !== p && sum[q]! > 0)).sort();
    for (const at of top(
      Float64Array.from(others, (q) => sum[q]!),
      options.k,
    )) {
      const q = others[at]!;
      found.product.push(q);
      found.similarity.push(sum[q]!);
    }
    for (const q of met) {
      sum[q] = 0;
      isMet[q] = 0;
    }
    starts[p + 1] = found.product.length;
  }
  return {
    offsets: starts,
    product: Int32Array.from(found.product),
    similarity: Float32Array.from(found.similarity),
  };
}

function weigh({ offsets, product }: Bought, products: number, { weighting, k1, b }: ItemItemOptions): Float64Array {
  const owners = new Float64Array(products);
  for (const p of product) owners[p]!++;
  const mean = product.length / Math.max(1, products);
  const rarity = (c: number) => Math.log(products) - Math.log1p(offsets[c + 1]! - offsets[c]!);
  const weights = new Float64Array(product.length);
  for (let c = 0; c + 1 < offsets.length; c++) {
    const own = weighting === 'cosine' ? 1 : rarity(c);
    for (let e = offsets[c]!; e < offsets[c + 1]!; e++) {
      weights[e] = weighting === 'bm25' ? (own * (k1 + 1)) / (k1 * (1 - b + (b * owners[product[e]!]!) / mean) + 1) : own;
    }
  }
  if (weighting === 'bm25') return weights;
  const squares = new Float64Array(products);
  product.forEach((p, e) => {
    squares[p]! += weights[e]! ** 2;
  });
  return weights.map((weight, e) => (weight === 0 ? 0 : weight / Math.sqrt(squares[product[e]!]!)));
}

/**
 * Scores: Σ weight of what the customer had × its similarity.
 * @param popularity order of products that score the same, such as all those without a neighbour in the history.
 */
export function neighbourScorer({ offsets, product, similarity }: Neighbours, popularity?: Float32Array): Scorer {
  const products = offsets.length - 1;
  const ties = tieBreaker(popularity ?? new Float32Array(products));
  return {
    products,
    score(histories, from, to, out) {
      for (let c = from; c < to; c++) {
        const row = (c - from) * products;
        out.set(ties, row);
        for (let h = histories.offsets[c]!; h < histories.offsets[c + 1]!; h++) {
          const weight = histories.weight[h]!;
          const p = histories.product[h]!;
          for (let e = offsets[p]!; e < offsets[p + 1]!; e++) out[row + product[e]!]! += weight * similarity[e]!;
        }
      }
    },
  };
}

/** The same with each product that is bought again as its own nearest neighbour, as near as its next. */
export function withSelf({ offsets, product, similarity }: Neighbours, isRepeat: Uint8Array): Neighbours {
  const starts = new Int32Array(offsets.length);
  const products: number[] = [];
  const similarities: number[] = [];
  for (let p = 0; p + 1 < offsets.length; p++) {
    const row = similarity.subarray(offsets[p]!, offsets[p + 1]!);
    if (isRepeat[p] === 1 && row.length > 0) {
      products.push(p);
      similarities.push(row.reduce((most, value) => Math.max(most, value), 0));
    }
    products.push(...product.subarray(offsets[p]!, offsets[p + 1]!));
    similarities.push(...row);
    starts[p + 1] = products.length;
  }
  return { offsets: starts, product: Int32Array.from(products), similarity: Float32Array.from(similarities) };
}
