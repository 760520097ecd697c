import { rowsToUnit } from '#recommender/content.ts';
import type { Index } from '#recommender/index.ts';

/** A product on the map. */
export interface Place {
  product: number;
  x: number;
  y: number;
}

/** Products drawn at most: those of the most customers. */
const drawn = 400;
const rounds = 60;

/**
 * The best-selling products' served vectors in two dimensions: the two leading principal components of the vectors of length 1, by power
 * iteration from fixed starts, each turned so that its largest entry is positive.
 * @returns no place for fewer than three products, or vectors that don't differ.
 */
export function placesOf({ towers, content, catalogue }: Index, sellers: readonly number[]): { places: Place[]; mapped: number } {
  const chosen = sellers.slice(0, drawn);
  const d = towers?.dimensions ?? content.dimensions;
  const unit = towers ? rowsToUnit(towers.output, catalogue.ids.length, d) : content.values;
  const n = chosen.length;
  if (n < 3 || d < 2) return { places: [], mapped: 0 };
  const centred = new Float64Array(n * d);
  for (let i = 0; i < d; i++) {
    const mean = chosen.reduce((sum, p) => sum + unit[p * d + i]!, 0) / n;
    chosen.forEach((p, r) => {
      centred[r * d + i] = unit[p * d + i]! - mean;
    });
  }
  const whole = centred.reduce((sum, value) => sum + value * value, 0);
  if (!(whole > 1e-12)) return { places: [], mapped: 0 };
  const first = leading(centred, n, d, []);
  const second = leading(centred, n, d, [first]);
  const along = (axis: Float64Array, r: number) => axis.reduce((sum, value, i) => sum + value * centred[r * d + i]!, 0);
  const places = chosen.map((product, r) => ({ product, x: along(first, r), y: along(second, r) }));
  return { places, mapped: places.reduce((sum, { x, y }) => sum + x * x + y * y, 0) / whole };
}

/** Leading right singular vector of rows × d, at right angles to those found before. */
function leading(rows: Float64Array, n: number, d: number, before: readonly Float64Array[]): Float64Array {
  let axis = Float64Array.from({ length: d }, (_, i) => Math.sin(i + 1 + before.length));
  for (let round = 0; round < rounds; round++) {
    for (const other of before) {
      const dot = other.reduce((sum, value, i) => sum + value * axis[i]!, 0);
      axis = axis.map((value, i) => value - dot * other[i]!);
    }
    const length = Math.sqrt(axis.reduce((sum, value) => sum + value * value, 0)) || 1;
    axis = axis.map((value) => value / length);
    if (round === rounds - 1) break;
    const next = new Float64Array(d);
    for (let r = 0; r < n; r++) {
      let dot = 0;
      for (let i = 0; i < d; i++) dot += rows[r * d + i]! * axis[i]!;
      for (let i = 0; i < d; i++) next[i]! += dot * rows[r * d + i]!;
    }
    axis = next;
  }
  const largest = axis.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0);
  return largest < 0 ? axis.map((value) => -value) : axis;
}
