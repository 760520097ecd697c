import type { Backend, Multiply } from './backend.ts';
import { type Bought, buyers } from './interactions.ts';
import type { Neighbours } from './item-item.ts';
import type { Scorer } from './scorer.ts';
import { top } from './top.ts';

export interface EaseOptions {
  /** Ridge: pulls all weights towards 0. */
  lambda: number;
  /** Products at most: the inverse takes products² × 8 bytes and products³ multiplications. Beyond it, those with the most customers. */
  limit: number;
}

export const defaultEase: EaseOptions = { lambda: 300, limit: 5000 };

/** Weights between the products that fitted in. */
export interface Ease {
  products: number;
  /** Positions of the products fitted, ascending: all of them, or the `limit` with the most customers. */
  fitted: Int32Array;
  /** fitted × fitted, row-major: what having bought the row's product says for the column's; 0 on the diagonal. */
  weights: Float32Array;
}

/**
 * EASE^R (Steck 2019, 'Embarrassingly Shallow Autoencoders for Sparse Data'): ridge regression of each product on all others, in closed
 * form from P = (XᵀX + λI)⁻¹ as −P_ij / P_jj.
 */
export function ease(matrix: Bought, products: number, backend: Backend, options: EaseOptions = defaultEase): Ease {
  const { lambda, limit } = options;
  if (!(lambda > 0)) throw new RangeError(`lambda: expected a positive number, found ${lambda}`);
  const of = buyers(matrix, products);
  const size = (p: number) => of.offsets[p + 1]! - of.offsets[p]!;
  const fitted = Int32Array.from({ length: products }, (_, p) => p)
    .filter((p) => size(p) > 0)
    .sort((a, b) => size(b) - size(a) || a - b)
    .slice(0, limit)
    .sort();
  const n = fitted.length;
  const at = new Int32Array(products).fill(-1);
  fitted.forEach((p, i) => {
    at[p] = i;
  });
  const gram = new Float32Array(n * n);
  for (let i = 0; i < n; i++) {
    const p = fitted[i]!;
    for (let f = of.offsets[p]!; f < of.offsets[p + 1]!; f++) {
      const c = of.customer[f]!;
      for (let e = matrix.offsets[c]!; e < matrix.offsets[c + 1]!; e++) {
        const j = at[matrix.product[e]!]!;
        if (j >= 0) gram[i * n + j]!++;
      }
    }
    gram[i * n + i]! += lambda;
  }
  invert(gram, n, backend.multiply);
  const diagonal = Float32Array.from({ length: n }, (_, i) => gram[i * n + i]!);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) gram[i * n + j] = i === j ? 0 : -gram[i * n + j]! / diagonal[j]!;
  return { products, fitted, weights: gram };
}

/**
 * Inverse of a symmetric positive definite matrix (n × n, row-major) in place: Gauss–Jordan by blocks without pivoting, the blocks on the
 * diagonal in double precision.
 */
export function invert(a: Float32Array, n: number, multiply: Multiply, block = 256): void {
  for (let from = 0; from < n; from += block) {
    const b = Math.min(block, n - from);
    const pivot = invertSmall(cut(a, n, from, b, from, b), b);
    const column = cut(a, n, 0, n, from, b);
    const row = multiply(pivot, cut(a, n, from, b, 0, n), b, b, n).slice();
    // Rows and columns of the pivot are set apart, so that one product updates the rest.
    column.fill(0, from * b, (from + b) * b);
    const change = multiply(column, row, n, b, n);
    for (let i = 0; i < a.length; i++) a[i]! -= change[i]!;
    const right = multiply(column, pivot, n, b, b);
    for (let i = 0; i < n; i++) {
      const isPivot = i >= from && i < from + b;
      for (let j = 0; j < b; j++) a[i * n + from + j] = isPivot ? pivot[(i - from) * b + j]! : -right[i * b + j]!;
      if (!isPivot) continue;
      for (let j = 0; j < n; j++) if (j < from || j >= from + b) a[i * n + j] = row[(i - from) * n + j]!;
    }
  }
}

function cut(a: Float32Array, n: number, fromRow: number, rows: number, fromColumn: number, columns: number): Float32Array {
  const out = new Float32Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    const start = (fromRow + i) * n + fromColumn;
    out.set(a.subarray(start, start + columns), i * columns);
  }
  return out;
}

function invertSmall(a: Float32Array, n: number): Float32Array {
  const x = Float64Array.from(a);
  for (let k = 0; k < n; k++) {
    const pivot = x[k * n + k]!;
    if (!(pivot > 0)) throw new RangeError(`expected a positive definite matrix, found a pivot of ${pivot}`);
    for (let j = 0; j < n; j++) x[k * n + j]! /= pivot;
    x[k * n + k] = 1 / pivot;
    for (let i = 0; i < n; i++) {
      if (i === k) continue;
      const scale = x[i * n + k]!;
      x[i * n + k] = 0;
      for (let j = 0; j < n; j++) x[i * n + j]! -= scale * x[k * n + j]!;
    }
  }
  return Float32Array.from(x);
}

/** Scores: Σ weight of what the customer had × weights to the product; products that weren't fitted score 0. */
export function easeScorer({ products, fitted, weights }: Ease): Scorer {
  const n = fitted.length;
  const at = new Int32Array(products).fill(-1);
  fitted.forEach((p, i) => {
    at[p] = i;
  });
  const sums = new Float64Array(n);
  return {
    products,
    score(histories, from, to, out) {
      out.fill(0, 0, (to - from) * products);
      for (let c = from; c < to; c++) {
        sums.fill(0);
        for (let h = histories.offsets[c]!; h < histories.offsets[c + 1]!; h++) {
          const i = at[histories.product[h]!]!;
          if (i < 0) continue;
          const weight = histories.weight[h]!;
          for (let j = 0; j < n; j++) sums[j]! += weight * weights[i * n + j]!;
        }
        const row = (c - from) * products;
        for (let j = 0; j < n; j++) out[row + fitted[j]!] = sums[j]!;
      }
    },
  };
}

/** The `k` strongest weights of each product, of either sign, in the form of a neighbourhood: small enough to be stored and served. */
export function easeNeighbours({ products, fitted, weights }: Ease, k: number): Neighbours {
  const n = fitted.length;
  const offsets = new Int32Array(products + 1);
  const product: number[] = [];
  const similarity: number[] = [];
  const at = new Int32Array(products).fill(-1);
  fitted.forEach((p, i) => {
    at[p] = i;
  });
  for (let p = 0; p < products; p++) {
    const i = at[p]!;
    if (i >= 0) {
      const row = weights.subarray(i * n, (i + 1) * n);
      for (const j of top(row.map(Math.abs), k)) {
        if (row[j] === 0) continue;
        product.push(fitted[j]!);
        similarity.push(row[j]!);
      }
    }
    offsets[p + 1] = product.length;
  }
  return { offsets, product: Int32Array.from(product), similarity: Float32Array.from(similarity) };
}
