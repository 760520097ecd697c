/** Columns cut into at most 255 bins each, row-major, so that one row's bins lie together. */
export interface Binned {
  /** Position of the bin among all bins of all columns. */
  cells: Uint16Array;
  /** Where the bins of each column begin, and at the end their number. */
  starts: Int32Array;
  rows: number;
  columns: number;
}

/**
 * Upper edges of a column's bins but the last, ascending: halfway between neighbouring values, one bin a value where there are few, bins of
 * nearly equal counts otherwise. A constant column has none.
 */
export function edgesOf(column: ArrayLike<number>, most: number): Float64Array {
  const ascending = Float64Array.from(column).sort();
  const values: number[] = [];
  const counts: number[] = [];
  for (const value of ascending) {
    if (value !== values.at(-1)) {
      values.push(value);
      counts.push(0);
    }
    counts[counts.length - 1]!++;
  }
  const edges: number[] = [];
  let [inBin, left, bins] = [0, ascending.length, most];
  for (let v = 0; v < values.length - 1 && edges.length < most - 1; v++) {
    inBin += counts[v]!;
    const isFull = values.length <= most || inBin >= left / bins;
    if (!isFull) continue;
    const middle = values[v]! / 2 + values[v + 1]! / 2;
    edges.push(middle >= values[v]! && middle < values[v + 1]! ? middle : values[v]!);
    left -= inBin;
    inBin = 0;
    bins--;
  }
  return Float64Array.from(edges);
}

/** First edge that is at least `value`: the number of its bin. */
function binOf(edges: Float64Array, value: number): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value <= edges[middle]!) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** @throws RangeError for more bins than fit: over 257 columns of 255 bins. */
export function binned(columns: readonly ArrayLike<number>[], edges: readonly Float64Array[]): Binned {
  const f = columns.length;
  const n = columns[0]?.length ?? 0;
  const starts = new Int32Array(f + 1);
  for (let j = 0; j < f; j++) starts[j + 1] = starts[j]! + edges[j]!.length + 1;
  if (starts[f]! > 65_536)
    throw new RangeError(`features: expected at most 65536 bins in all, found ${starts[f]}; give fewer columns or bins`);
  const cells = new Uint16Array(n * f);
  columns.forEach((column, j) => {
    const own = edges[j]!;
    for (let i = 0; i < n; i++) cells[i * f + j] = starts[j]! + binOf(own, column[i]!);
  });
  return { cells, starts, rows: n, columns: f };
}

/**
 * Adds the slopes, curvatures and counts of rows to a histogram: three numbers a bin, in this order.
 * @param order rows, of which those from `from` to `to` are meant.
 */
export function addToHistogram(
  histogram: Float64Array,
  { cells, columns }: Binned,
  order: Int32Array,
  from: number,
  to: number,
  slope: Float64Array,
  curvature: Float64Array,
): void {
  for (let e = from; e < to; e++) {
    const row = order[e]!;
    const g = slope[row]!;
    const h = curvature[row]!;
    const end = (row + 1) * columns;
    for (let c = row * columns; c < end; c++) {
      const at = 3 * cells[c]!;
      histogram[at]! += g;
      histogram[at + 1]! += h;
      histogram[at + 2]! += 1;
    }
  }
}
