/** Measured columns by name, one value a row each. */
export interface Features {
  names: readonly string[];
  columns: readonly ArrayLike<number>[];
}

/**
 * @returns the number of rows.
 * @throws RangeError that names the column: names and columns of different number, columns of different length, a value that isn't finite.
 */
export function checkFeatures({ names, columns }: Features): number {
  if (names.length !== columns.length)
    throw new RangeError(`features: expected a name for each column, found ${names.length} for ${columns.length}`);
  const n = columns[0]?.length ?? 0;
  columns.forEach((column, j) => {
    if (column.length !== n) throw new RangeError(`${names[j]}: expected ${n} values as in ${names[0]}, found ${column.length}`);
    for (let i = 0; i < n; i++) {
      if (!Number.isFinite(column[i])) throw new RangeError(`${names[j]}[${i}]: expected a finite number, found ${column[i]}`);
    }
  });
  return n;
}

/** @throws RangeError unless `y` holds `n` whole numbers from 0 to `classes` − 1. */
export function checkClasses(y: ArrayLike<number>, n: number, classes = 2): void {
  if (y.length !== n) throw new RangeError(`y: expected ${n} values, one a row, found ${y.length}`);
  for (let i = 0; i < n; i++) {
    const value = y[i]!;
    if (!(value >= 0 && value < classes && Math.floor(value) === value)) {
      throw new RangeError(`y[${i}]: expected a class from 0 to ${classes - 1}, found ${value}`);
    }
  }
}

/** @throws RangeError as `checkClasses`, and where a class has no row: nothing can be learned of it. */
export function checkAllClasses(y: ArrayLike<number>, n: number, classes = 2): void {
  checkClasses(y, n, classes);
  const counts = new Float64Array(classes);
  for (let i = 0; i < n; i++) counts[y[i]!]!++;
  const missing = counts.indexOf(0);
  if (missing >= 0) throw new RangeError(`y: expected rows of every class to learn from, found none of class ${missing}`);
}

/** @throws RangeError unless there are `n` positive, finite weights. */
export function checkWeights(weight: ArrayLike<number> | undefined, n: number): void {
  if (!weight) return;
  if (weight.length !== n) throw new RangeError(`weight: expected ${n} values, one a row, found ${weight.length}`);
  for (let i = 0; i < n; i++) {
    if (!(weight[i]! > 0 && weight[i]! < Number.POSITIVE_INFINITY)) {
      throw new RangeError(`weight[${i}]: expected a positive, finite number, found ${weight[i]}`);
    }
  }
}

/** @throws RangeError unless `ridge` is finite and at least 0. */
export function checkRidge(ridge: number): void {
  if (!(ridge >= 0 && ridge < Number.POSITIVE_INFINITY))
    throw new RangeError(`ridge: expected a finite number of at least 0, found ${ridge}`);
}
