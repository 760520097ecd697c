import { type Multiply, transpose } from './backend.ts';
import type { Weighted } from './taste.ts';

/** Gives every product a score for each of some customers. */
export interface Scorer {
  products: number;
  /**
   * Scores of customers `from` to before `to` into `out`, (to − from) × products, row-major. Higher is better; scores of different
   * customers don't compare.
   */
  score(histories: Weighted, from: number, to: number, out: Float32Array): void;
}

/**
 * Vectors to score by. A product a customer had counts by its `input` vector, one that is offered by its `output` vector:
 * score = (constant + Σ weight·input / √Σ weight) · output + bias.
 */
export interface Vectors {
  dimensions: number;
  products: number;
  /** Products × dimensions. */
  input: Float32Array;
  /** Products × dimensions. */
  output: Float32Array;
  /** Of each product. */
  bias: Float32Array;
  /** What each customer's vector starts from. */
  constant: Float32Array;
}

/** Vectors of customers: constant + Σ weight·input / √Σ weight, (to − from) × dimensions. */
function customerVectors({ dimensions: d, input, constant }: Vectors, { offsets, product, weight }: Weighted, from: number, to: number) {
  const out = new Float32Array((to - from) * d);
  for (let c = from; c < to; c++) {
    const row = (c - from) * d;
    let sum = 0;
    for (let e = offsets[c]!; e < offsets[c + 1]!; e++) sum += weight[e]!;
    const scale = sum > 0 ? 1 / Math.sqrt(sum) : 0;
    for (let i = 0; i < d; i++) out[row + i] = constant[i]!;
    for (let e = offsets[c]!; e < offsets[c + 1]!; e++) {
      const w = weight[e]! * scale;
      const at = product[e]! * d;
      for (let i = 0; i < d; i++) out[row + i]! += w * input[at + i]!;
    }
  }
  return out;
}

/**
 * Exact scores of the whole catalogue.
 * @param multiply for many customers at a time; null for one at a time, in typed arrays.
 */
export function vectorScorer(vectors: Vectors, multiply: Multiply | null): Scorer {
  const { products, dimensions: d, output, bias } = vectors;
  if (multiply === null) {
    return {
      products,
      score(histories, from, to, out) {
        const customers = customerVectors(vectors, histories, from, to);
        for (let c = 0; c < to - from; c++) {
          for (let p = 0; p < products; p++) {
            let dot = bias[p]!;
            for (let i = 0; i < d; i++) dot += customers[c * d + i]! * output[p * d + i]!;
            out[c * products + p] = dot;
          }
        }
      },
    };
  }
  const across = transpose(output, products, d);
  return {
    products,
    score(histories, from, to, out) {
      const scores = multiply(customerVectors(vectors, histories, from, to), across, to - from, d, products);
      for (let i = 0; i < scores.length; i += products) for (let p = 0; p < products; p++) out[i + p] = scores[i + p]! + bias[p]!;
    },
  };
}

/** Popularity made so small that it only orders what is otherwise equal: at most a millionth. */
export function tieBreaker(popularity: Float32Array): Float32Array {
  const most = popularity.reduce((top, value) => Math.max(top, value), 0);
  return popularity.map((value) => (most === 0 ? 0 : (1e-6 * value) / most));
}

/**
 * Vectors by which likeness alone is scored: what resembles most what the customer had; what resembles it equally by popularity.
 */
export function likeness(dimensions: number, values: Float32Array, popularity: Float32Array): Vectors {
  const products = popularity.length;
  return { dimensions, products, input: values, output: values, bias: tieBreaker(popularity), constant: new Float32Array(dimensions) };
}

/** Two scorers in one: each customer's scores of both brought to mean 0 and deviation 1, then (1 − share) × first + share × second. */
export function blendScorer(first: Scorer, second: Scorer, share: number): Scorer {
  const { products } = first;
  let other = new Float32Array();
  return {
    products,
    score(histories, from, to, out) {
      const size = (to - from) * products;
      if (other.length < size) other = new Float32Array(size);
      first.score(histories, from, to, out);
      second.score(histories, from, to, other);
      for (let row = 0; row < size; row += products) {
        const a = standard(out, row, products);
        const b = standard(other, row, products);
        const shift = -(1 - share) * a.mean * a.scale - share * b.mean * b.scale;
        const byFirst = (1 - share) * a.scale;
        const bySecond = share * b.scale;
        for (let i = row; i < row + products; i++) out[i] = byFirst * out[i]! + bySecond * other[i]! + shift;
      }
    },
  };
}

/** Mean of values, and 1 / their deviation (0 where they are all alike). */
export function standard(values: Float32Array, from: number, count: number): { mean: number; scale: number } {
  let sum = 0;
  let squares = 0;
  for (let i = from; i < from + count; i++) {
    sum += values[i]!;
    squares += values[i]! * values[i]!;
  }
  const mean = sum / count;
  const variance = squares / count - mean * mean;
  return { mean, scale: variance > 1e-12 * (squares / count) ? 1 / Math.sqrt(variance) : 0 };
}
