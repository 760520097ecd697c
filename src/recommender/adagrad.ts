/**
 * Adagrad over rows of a matrix, of which a step touches few (Duchi, Hazan & Singer 2011). `add` a gradient to rows, then `step`: only
 * touched rows move, and their gradients are forgotten.
 */
export interface SparseAdagrad {
  /** Gradients of all rows, row-major; write only to rows that are `touch`ed. */
  gradient: Float32Array;
  touch(row: number): void;
  /** Rows touched since the last step, in the order of the first touch. */
  touched(): Int32Array;
  step(): void;
}

/**
 * @param values rows × width, row-major, changed in place.
 * @param rate step size.
 * @param decay pulls touched rows towards zero (L2).
 */
export function sparseAdagrad(values: Float32Array, width: number, rate: number, decay = 0): SparseAdagrad {
  const rows = width === 0 ? 0 : values.length / width;
  const gradient = new Float32Array(values.length);
  const squares = new Float32Array(values.length).fill(0.1);
  const isTouched = new Uint8Array(rows);
  const order = new Int32Array(rows);
  let count = 0;
  return {
    gradient,
    touch(row) {
      if (isTouched[row] === 1) return;
      isTouched[row] = 1;
      order[count++] = row;
    },
    touched: () => order.subarray(0, count),
    step() {
      for (let t = 0; t < count; t++) {
        const row = order[t]!;
        isTouched[row] = 0;
        const end = (row + 1) * width;
        for (let i = row * width; i < end; i++) {
          const g = gradient[i]! + decay * values[i]!;
          const sum = squares[i]! + g * g;
          squares[i] = sum;
          if (g !== 0) values[i]! -= (rate * g) / Math.sqrt(sum);
          gradient[i] = 0;
        }
      }
      count = 0;
    },
  };
}
