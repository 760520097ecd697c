/**
 * The k best of a row of scores, best first; equal ones by position. −Infinity and NaN never count, so there may be fewer than k.
 * @param from where the row starts; @param count its length.
 */
export function top(scores: ArrayLike<number>, k: number, from = 0, count = scores.length - from): Int32Array {
  const best = new Int32Array(Math.max(0, Math.min(k, count)));
  const values = new Float64Array(best.length);
  let held = 0;
  let least = Number.NEGATIVE_INFINITY;
  if (best.length === 0) return best;
  for (let i = 0; i < count; i++) {
    const value = scores[from + i]!;
    if (!(value > least)) continue;
    let at = held < best.length ? held++ : best.length - 1;
    for (; at > 0 && values[at - 1]! < value; at--) {
      values[at] = values[at - 1]!;
      best[at] = best[at - 1]!;
    }
    values[at] = value;
    best[at] = i;
    if (held === best.length) least = values[held - 1]!;
  }
  return best.subarray(0, held);
}
