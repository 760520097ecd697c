import { type Multiply, transpose } from './backend.ts';
import type { Features } from './features.ts';

/** Vectors of a text model of another's making, one per product: products × width, row-major. */
export interface TextVectors {
  width: number;
  values: Float32Array;
}

/** What is known of the products besides their ids. */
export interface Content {
  products: number;
  features: Features;
  text: TextVectors | null;
}

/** What content becomes in the tower: learned. */
export interface ContentWeights {
  dimensions: number;
  /** Features × dimensions. */
  features: Float32Array;
  /** Width of the text vectors × dimensions; empty without them. */
  text: Float32Array;
}

/** The part of each product's vector that comes from its content, products × dimensions: features summed, text vectors projected. */
export function contentVectors({ products, features, text }: Content, weights: ContentWeights, multiply: Multiply): Float32Array {
  const d = weights.dimensions;
  const out =
    text && text.width > 0 ? multiply(text.values, weights.text, products, text.width, d).slice() : new Float32Array(products * d);
  const { offsets, feature, weight } = features;
  const table = weights.features;
  for (let p = 0; p < products; p++) {
    const row = p * d;
    const end = offsets[p + 1]!;
    let e = offsets[p]!;
    // Four at a time: half the time, as the sum is read and written less often.
    for (; e + 3 < end; e += 4) {
      const [a, b, c, f] = [feature[e]! * d, feature[e + 1]! * d, feature[e + 2]! * d, feature[e + 3]! * d];
      const [wa, wb, wc, wf] = [weight[e]!, weight[e + 1]!, weight[e + 2]!, weight[e + 3]!];
      for (let i = 0; i < d; i++) out[row + i]! += wa * table[a + i]! + wb * table[b + i]! + wc * table[c + i]! + wf * table[f + i]!;
    }
    for (; e < end; e++) {
      const from = feature[e]! * d;
      const w = weight[e]!;
      for (let i = 0; i < d; i++) out[row + i]! += w * table[from + i]!;
    }
  }
  return out;
}

/**
 * Hands the gradient of content vectors down to the weights.
 * @param rows products with a gradient.
 * @param gradient products × dimensions.
 * @param touch called for each row of the features' gradient before it is added to.
 */
export function contentGradient(
  { features, text }: Content,
  dimensions: number,
  rows: Int32Array,
  gradient: Float32Array,
  into: { features: Float32Array; touch: (feature: number) => void; text: Float32Array },
  multiply: Multiply,
): void {
  const d = dimensions;
  const { offsets, feature, weight } = features;
  const table = into.features;
  for (const p of rows) {
    const row = p * d;
    for (let e = offsets[p]!; e < offsets[p + 1]!; e++) {
      const f = feature[e]!;
      const w = weight[e]!;
      into.touch(f);
      const to = f * d;
      for (let i = 0; i < d; i++) table[to + i]! += w * gradient[row + i]!;
    }
  }
  if (!text || text.width === 0 || rows.length === 0) return;
  const own = new Float32Array(rows.length * text.width);
  const up = new Float32Array(rows.length * d);
  rows.forEach((p, r) => {
    own.set(text.values.subarray(p * text.width, (p + 1) * text.width), r * text.width);
    up.set(gradient.subarray(p * d, (p + 1) * d), r * d);
  });
  const product = multiply(transpose(own, rows.length, text.width), up, text.width, rows.length, d);
  for (let i = 0; i < product.length; i++) into.text[i]! += product[i]!;
}
