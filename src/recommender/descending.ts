/** Gives positions by descending score, equal ones by position, one at a time; then -1. A heap: as deep as is asked, no deeper. */
export function descending(scores: Float32Array, from: number, count: number): () => number {
  const heap = new Int32Array(count);
  let size = 0;
  for (let p = 0; p < count; p++) if (scores[from + p]! > Number.NEGATIVE_INFINITY) heap[size++] = p;
  const isBefore = (a: number, b: number) => {
    const [x, y] = [scores[from + a]!, scores[from + b]!];
    return x > y || (x === y && a < b);
  };
  const sink = (start: number) => {
    const p = heap[start]!;
    let at = start;
    for (let child = 2 * at + 1; child < size; child = 2 * at + 1) {
      if (child + 1 < size && isBefore(heap[child + 1]!, heap[child]!)) child++;
      if (!isBefore(heap[child]!, p)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = p;
  };
  for (let at = (size >> 1) - 1; at >= 0; at--) sink(at);
  return () => {
    if (size === 0) return -1;
    const best = heap[0]!;
    heap[0] = heap[--size]!;
    if (size > 0) sink(0);
    return best;
  };
}
