import type { Bought } from '#recommender/interactions.ts';

/** Six customers and five products, of which nobody bought the last; the expected numbers beside its uses come from NumPy and implicit. */
export const rows = [
  [1, 1, 0, 0, 0],
  [1, 1, 1, 0, 0],
  [0, 1, 1, 0, 0],
  [1, 0, 1, 1, 0],
  [0, 0, 0, 1, 0],
  [1, 1, 0, 1, 0],
];

export function matrixOf(dense: number[][]): Bought {
  const parts = dense.map((row) => row.flatMap((value, p) => (value === 1 ? [p] : [])));
  let sum = 0;
  return { offsets: Int32Array.from([0, ...parts.map((part) => (sum += part.length))]), product: Int32Array.from(parts.flat()) };
}

/** Neighbours or weights as a dense matrix, to six digits. */
export function dense(
  size: number,
  { offsets, product, similarity }: { offsets: Int32Array; product: Int32Array; similarity: Float32Array },
): number[][] {
  return Array.from({ length: size }, (_, p) => {
    const row = new Array<number>(size).fill(0);
    for (let e = offsets[p]!; e < offsets[p + 1]!; e++) row[product[e]!] = Math.round(similarity[e]! * 1e6) / 1e6;
    return row;
  });
}
