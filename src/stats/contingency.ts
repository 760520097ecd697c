import { chiSquareUpper } from './distribution.ts';
import { checkFinite } from './estimate.ts';
import { sum } from './mean.ts';

/** Pearson's test that rows of counts share one distribution over columns. Null where a side has fewer than two non-empty lines. */
export function chiSquareTest(
  counts: readonly (readonly number[])[],
): { statistic: number; df: number; p: number; n: number; cramersV: number } | null {
  const width = counts[0]?.length ?? 0;
  if (counts.some((row) => row.length !== width)) throw new RangeError('counts: expected rows of the same length');
  for (const row of counts) {
    checkFinite('counts', row);
    if (row.some((count) => count < 0)) throw new RangeError('counts: expected numbers of at least 0');
  }
  const rows = counts.map((row) => sum(row));
  const columns = Array.from({ length: width }, (_, j) => sum(counts.map((row) => row[j]!)));
  const n = sum(rows);
  const r = rows.filter((total) => total > 0).length;
  const c = columns.filter((total) => total > 0).length;
  if (r < 2 || c < 2) return null;
  let statistic = 0;
  counts.forEach((row, i) => {
    row.forEach((count, j) => {
      const expected = (rows[i]! * columns[j]!) / n;
      if (expected > 0) statistic += (count - expected) ** 2 / expected;
    });
  });
  const df = (r - 1) * (c - 1);
  return { statistic, df, p: chiSquareUpper(statistic, df), n, cramersV: Math.sqrt(statistic / (n * Math.min(r - 1, c - 1))) };
}
