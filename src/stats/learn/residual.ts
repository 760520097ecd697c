import { cholesky, solveCholesky } from '../clv/matrix.ts';
import { chiSquareUpper } from '../distribution.ts';
import { checkClasses } from './features.ts';

export interface ResidualTest {
  statistic: number;
  df: number;
  p: number;
  /** Rows in the bins. */
  n: number;
}

/**
 * Whether a feature in bins tells something of the classes beyond the chances stated: the score test of adding it to the model that stated them
 * (Rao 1948), without the correction for what that model has learned from the same rows, which makes it the more careful. Null where fewer
 * than two bins are left, or the chances leave nothing open.
 * @param chances rows × classes, row-major, that add up to 1 in a row.
 * @param codes bin of each row; rows of −1 are passed over.
 * @throws RangeError for what is no class, and for lengths that differ.
 */
export function residualTest(chances: ArrayLike<number>, y: ArrayLike<number>, classes: number, codes: Int32Array): ResidualTest | null {
  const n = codes.length;
  checkClasses(y, n, classes);
  if (chances.length !== n * classes) throw new RangeError(`chances: expected ${n} × ${classes} numbers, found ${chances.length}`);
  const free = classes - 1;
  const bins = new Map<number, { residual: Float64Array; variance: Float64Array; n: number }>();
  for (let i = 0; i < n; i++) {
    if (codes[i]! < 0) continue;
    let bin = bins.get(codes[i]!);
    if (!bin) {
      bin = { residual: new Float64Array(free), variance: new Float64Array(free * free), n: 0 };
      bins.set(codes[i]!, bin);
    }
    bin.n++;
    for (let a = 0; a < free; a++) {
      const pa = chances[i * classes + a]!;
      bin.residual[a]! += (y[i] === a ? 1 : 0) - pa;
      for (let b = 0; b < free; b++) bin.variance[a * free + b]! += (a === b ? pa : 0) - pa * chances[i * classes + b]!;
    }
  }
  let [statistic, used, rows] = [0, 0, 0];
  for (const { residual, variance, n: size } of bins.values()) {
    const factor = cholesky(variance, free);
    if (!factor) continue;
    const solved = solveCholesky(factor, residual);
    for (let a = 0; a < free; a++) statistic += residual[a]! * solved[a]!;
    used++;
    rows += size;
  }
  if (used < 2) return null;
  const df = (used - 1) * free;
  return { statistic, df, p: chiSquareUpper(statistic, df), n: rows };
}
