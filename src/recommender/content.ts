import { random } from '#stats/random.ts';
import type { Multiply } from './backend.ts';
import type { Content } from './tower.ts';

/** One vector a product of length 1 (or 0, for a product without content), row-major: their dot product is the cosine. */
export interface ContentVectors {
  dimensions: number;
  values: Float32Array;
}

const oversampling = 10;
const rounds = 3;

/**
 * Content without training: the features (and text vectors of a model, each of length 1) in as few dimensions as keep most of them, by
 * truncated singular value decomposition (Halko, Martinsson & Tropp 2011, algorithm 4.4), then to length 1.
 */
export function contentSpace(content: Content, dimensions: number, seed: number, multiply: Multiply): ContentVectors {
  const { products: n, features } = content;
  const text = content.text ? rowsToUnit(content.text.values, n, content.text.width) : null;
  const width = content.text?.width ?? 0;
  const columns = features.feature.reduce((most, f) => Math.max(most, f + 1), 0);
  const k = Math.min(dimensions + oversampling, n, columns + width);
  const draw = random(seed, 'recommender/content');
  // Ω and all that follows stands as (columns + width) × k on the features' side, n × k on the products'.
  let side = Float32Array.from({ length: (columns + width) * k }, () => draw.normal());
  let q = new Float32Array(n * k);
  for (let round = 0; round < rounds; round++) {
    q = orthonormal(down(side), n, k);
    side = up(q);
    if (round + 1 < rounds) side = orthonormal(side, columns + width, k);
  }
  // Rows of Q·(QᵀX) have the same dot products as rows of Q·L with L·Lᵀ = (QᵀX)(QᵀX)ᵀ; its leading eigenvectors come first.
  const turned = multiply(q, leading(side, columns + width, k, Math.min(dimensions, k)), n, k, Math.min(dimensions, k));
  return { dimensions: Math.min(dimensions, k), values: rowsToUnit(turned, n, Math.min(dimensions, k)) };

  function down(from: Float32Array): Float32Array {
    const out = text ? multiply(text, from.subarray(columns * k), n, width, k).slice() : new Float32Array(n * k);
    for (let p = 0; p < n; p++) {
      for (let e = features.offsets[p]!; e < features.offsets[p + 1]!; e++) {
        const w = features.weight[e]!;
        const at = features.feature[e]! * k;
        for (let i = 0; i < k; i++) out[p * k + i]! += w * from[at + i]!;
      }
    }
    return out;
  }

  function up(from: Float32Array): Float32Array<ArrayBuffer> {
    const out = new Float32Array((columns + width) * k);
    for (let p = 0; p < n; p++) {
      for (let e = features.offsets[p]!; e < features.offsets[p + 1]!; e++) {
        const w = features.weight[e]!;
        const at = features.feature[e]! * k;
        for (let i = 0; i < k; i++) out[at + i]! += w * from[p * k + i]!;
      }
    }
    if (text) {
      const across = new Float32Array(width * n);
      for (let p = 0; p < n; p++) for (let i = 0; i < width; i++) across[i * n + p] = text[p * width + i]!;
      out.set(multiply(across, from, width, n, k), columns * k);
    }
    return out;
  }
}

/** Columns of a (rows × k) made orthonormal, twice Gram–Schmidt; a column that depends on those before it becomes 0. */
function orthonormal(a: Float32Array, rows: number, k: number): Float32Array<ArrayBuffer> {
  const columns = Array.from({ length: k }, (_, c) => Float64Array.from({ length: rows }, (_, r) => a[r * k + c]!));
  columns.forEach((column, c) => {
    const before = Math.sqrt(dot(column, column));
    for (let twice = 0; twice < 2; twice++) {
      for (let other = 0; other < c; other++) {
        const along = dot(column, columns[other]!);
        for (let r = 0; r < rows; r++) column[r]! -= along * columns[other]![r]!;
      }
    }
    const length = Math.sqrt(dot(column, column));
    const scale = length > 1e-6 * before ? 1 / length : 0;
    for (let r = 0; r < rows; r++) column[r]! *= scale;
  });
  const out = new Float32Array(rows * k);
  columns.forEach((column, c) => {
    for (let r = 0; r < rows; r++) out[r * k + c] = column[r]!;
  });
  return out;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** k × dimensions: the leading eigenvectors of BᵀB (B: rows × k), each times the root of its eigenvalue; by Jacobi's rotations. */
function leading(b: Float32Array, rows: number, k: number, dimensions: number): Float32Array {
  const a = new Float64Array(k * k);
  for (let r = 0; r < rows; r++) {
    for (let i = 0; i < k; i++) {
      const value = b[r * k + i]!;
      if (value === 0) continue;
      for (let j = 0; j < k; j++) a[i * k + j]! += value * b[r * k + j]!;
    }
  }
  const v = new Float64Array(k * k);
  for (let i = 0; i < k; i++) v[i * k + i] = 1;
  for (let sweep = 0; sweep < 30; sweep++) {
    let off = 0;
    for (let i = 0; i < k; i++) for (let j = i + 1; j < k; j++) off += a[i * k + j]! ** 2;
    const size = a.reduce((sum, value) => sum + value * value, 0);
    if (off <= 1e-22 * size) break;
    for (let p = 0; p < k; p++) for (let q = p + 1; q < k; q++) rotate(a, v, k, p, q);
  }
  const order = Array.from({ length: k }, (_, i) => i).sort((x, y) => a[y * k + y]! - a[x * k + x]! || x - y);
  const out = new Float32Array(k * dimensions);
  for (let c = 0; c < dimensions; c++) {
    const column = order[c]!;
    const scale = Math.sqrt(Math.max(0, a[column * k + column]!));
    for (let i = 0; i < k; i++) out[i * dimensions + c] = v[i * k + column]! * scale;
  }
  return out;
}

function rotate(a: Float64Array, v: Float64Array, k: number, p: number, q: number): void {
  const apq = a[p * k + q]!;
  if (apq === 0) return;
  const theta = (a[q * k + q]! - a[p * k + p]!) / (2 * apq);
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  for (let i = 0; i < k; i++) {
    const x = a[i * k + p]!;
    const y = a[i * k + q]!;
    a[i * k + p] = c * x - s * y;
    a[i * k + q] = s * x + c * y;
  }
  for (let i = 0; i < k; i++) {
    const x = a[p * k + i]!;
    const y = a[q * k + i]!;
    a[p * k + i] = c * x - s * y;
    a[q * k + i] = s * x + c * y;
    const left = v[i * k + p]!;
    const right = v[i * k + q]!;
    v[i * k + p] = c * left - s * right;
    v[i * k + q] = s * left + c * right;
  }
}

/** Rows to length 1; rows of 0 stay. */
export function rowsToUnit(a: Float32Array, rows: number, width: number): Float32Array {
  const out = new Float32Array(a.length);
  for (let r = 0; r < rows; r++) {
    let sum = 0;
    for (let i = r * width; i < (r + 1) * width; i++) sum += a[i]! * a[i]!;
    const scale = sum > 1e-20 ? 1 / Math.sqrt(sum) : 0;
    for (let i = r * width; i < (r + 1) * width; i++) out[i] = a[i]! * scale;
  }
  return out;
}
