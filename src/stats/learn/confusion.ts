import { checkLevel, defaultLevel, type Estimate } from '../estimate.ts';
import { proportion } from '../proportion.ts';
import { checkClasses } from './features.ts';

export interface ClassMeasures {
  /** Rows of this class, and rows said to be of it. */
  actual: number;
  predicted: number;
  /** Of the rows said to be of this class, the share that is; null where none is said to be. */
  precision: Estimate | null;
  /** Of the rows of this class, the share that is said to be; null where there is none. */
  recall: Estimate | null;
  /** Harmonic mean of both; null where either is. */
  f1: number | null;
}

export interface Confusion {
  /** Rows by what is so (outer) and what is said (inner). */
  counts: number[][];
  n: number;
  /** Share said rightly; null without rows. */
  accuracy: Estimate | null;
  /** Of always saying the most frequent class; null without rows. */
  majority: number | null;
  classes: ClassMeasures[];
}

/**
 * What is so against what is said, with precision and recall of each class and Wilson's intervals.
 * @throws RangeError for arrays of different length, or what is no class from 0 to `classes` − 1.
 */
export function confusion(actual: ArrayLike<number>, predicted: ArrayLike<number>, classes: number, level = defaultLevel): Confusion {
  checkClasses(actual, actual.length, classes);
  checkClasses(predicted, actual.length, classes);
  checkLevel(level);
  const n = actual.length;
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let i = 0; i < n; i++) counts[actual[i]!]![predicted[i]!]!++;
  const rowSums = counts.map((row) => row.reduce((sum, count) => sum + count, 0));
  const right = counts.reduce((sum, row, a) => sum + row[a]!, 0);
  return {
    ...{ counts, n, accuracy: proportion(right, n, level), majority: n > 0 ? Math.max(...rowSums) / n : null },
    classes: counts.map((row, a) => {
      const said = counts.reduce((sum, other) => sum + other[a]!, 0);
      const precision = proportion(row[a]!, said, level);
      const recall = proportion(row[a]!, rowSums[a]!, level);
      const both = said + rowSums[a]!;
      return { actual: rowSums[a]!, predicted: said, precision, recall, f1: precision && recall && both > 0 ? (2 * row[a]!) / both : null };
    }),
  };
}
