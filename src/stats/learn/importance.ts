import { checkCount, checkSameLength } from '../estimate.ts';
import { random } from '../random.ts';
import { checkFeatures, type Features } from './features.ts';

export interface Importance {
  name: string;
  /** Mean fall of the measure when the column is shuffled; near 0 for a column that the model can do without. */
  fall: number;
  /** Least and highest fall over the repeats. */
  low: number;
  high: number;
}

/**
 * How much a model needs each column: the fall of a measure (higher is better: AUC, or minus the log loss) when the column is shuffled among
 * the rows (Breiman 2001). An association, and shared between columns that say the same. The largest fall first.
 * @param measure of the rows as given; the columns are the model's input.
 * @throws RangeError as `checkFeatures`.
 */
export function permutationImportance(
  features: Features,
  measure: (features: Features) => number,
  { seed, repeats = 5 }: { seed: number; repeats?: number },
): Importance[] {
  checkFeatures(features);
  checkCount('repeats', repeats, 1);
  const whole = measure(features);
  const falls = features.columns.map((column, j) => {
    const source = random(seed, `shuffle ${features.names[j]}`);
    return Array.from({ length: repeats }, () => {
      const shuffled = Float64Array.from(column);
      for (let i = shuffled.length - 1; i > 0; i--) {
        const other = source.integer(i + 1);
        [shuffled[i], shuffled[other]] = [shuffled[other]!, shuffled[i]!];
      }
      return whole - measure({ names: features.names, columns: features.columns.map((one, k) => (k === j ? shuffled : one)) });
    });
  });
  return falls
    .map((own, j) => ({
      name: features.names[j]!,
      fall: own.reduce((a, b) => a + b, 0) / repeats,
      low: Math.min(...own),
      high: Math.max(...own),
    }))
    .sort((a, b) => b.fall - a.fall || (a.name < b.name ? -1 : 1));
}

/**
 * Partial dependence: the mean prediction of all rows when each has this value in the column (Friedman 2001). What the model says of rows that
 * may not exist, not what a change would do.
 * @throws RangeError as `checkFeatures`, and for a name that no column has.
 */
export function partialDependence(
  features: Features,
  predict: (features: Features) => ArrayLike<number>,
  name: string,
  values: readonly number[],
): { value: number; mean: number }[] {
  const n = checkFeatures(features);
  const at = features.names.indexOf(name);
  if (at < 0) throw new RangeError(`name: expected one of ${features.names.join(', ')}, found ${name}`);
  return values.map((value) => {
    const constant = new Float64Array(n).fill(value);
    const said = predict({ names: features.names, columns: features.columns.map((one, j) => (j === at ? constant : one)) });
    checkSameLength('predictions and rows', said, constant);
    let total = 0;
    for (let i = 0; i < n; i++) total += said[i]!;
    return { value, mean: n > 0 ? total / n : 0 };
  });
}
