/** Which column is each row's answer, and which don't count against it. */
export interface Labels {
  /** Column of each row's answer. */
  answer: Int32Array;
  /** Other columns that would be no mistake in this row. */
  masked(row: number): Iterable<number>;
}

/**
 * Sum over rows of −ln softmax(logits + shift) at the answer, and its gradient by the logits, rows × columns: masked columns take no part.
 * @param logits rows × columns, row-major.
 * @param shift added to each column.
 */
export function softmaxLoss(
  logits: Float32Array,
  rows: number,
  columns: number,
  shift: Float64Array,
  { answer, masked }: Labels,
): { loss: number; gradient: Float32Array } {
  const gradient = new Float32Array(rows * columns);
  let loss = 0;
  for (let r = 0; r < rows; r++) {
    const row = r * columns;
    const label = row + answer[r]!;
    for (let j = 0; j < columns; j++) gradient[row + j] = logits[row + j]! + shift[j]!;
    const own = gradient[label]!;
    for (const j of masked(r)) gradient[row + j] = Number.NEGATIVE_INFINITY;
    gradient[label] = own;
    let top = own;
    for (let j = row; j < row + columns; j++) if (gradient[j]! > top) top = gradient[j]!;
    let total = 0;
    for (let j = row; j < row + columns; j++) {
      const value = Math.exp(gradient[j]! - top);
      gradient[j] = value;
      total += value;
    }
    const inverse = 1 / total;
    for (let j = row; j < row + columns; j++) gradient[j]! *= inverse;
    gradient[label]! -= 1;
    loss += top + Math.log(total) - own;
  }
  return { loss, gradient };
}
