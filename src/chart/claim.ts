import type { Row } from '#contract/row.ts';
import { number } from './options.ts';

/** The rows with the largest and smallest known value; null where no value is known. Equal values: the first. */
export function extremes(rows: Row[], column: string): { most: Row; least: Row } | null {
  let most: Row | null = null;
  let least: Row | null = null;
  for (const row of rows) {
    const value = number(row, column);
    if (value === null) continue;
    if (most === null || value > number(most, column)!) most = row;
    if (least === null || value < number(least, column)!) least = row;
  }
  return most && least ? { most, least } : null;
}

/** Sum of the known values. */
export function total(rows: Row[], column: string): number {
  return rows.reduce((sum, row) => sum + (number(row, column) ?? 0), 0);
}

/** Share of the whole that the n largest carry, 0 to 1; null where the whole is not positive. */
export function topShare(rows: Row[], column: string, n: number): number | null {
  const whole = total(rows, column);
  if (whole <= 0) return null;
  const sorted = rows.map((row) => number(row, column) ?? 0).sort((a, b) => b - a);
  return sorted.slice(0, n).reduce((sum, value) => sum + value, 0) / whole;
}

/** The last row with a known value, and the one before it. */
export function latest(rows: Row[], column: string): { last: Row; before: Row | null } | null {
  const known = rows.filter((row) => number(row, column) !== null);
  const last = known.at(-1);
  return last ? { last, before: known.at(-2) ?? null } : null;
}

/** How many rows satisfy a flag column. */
export function flagCount(rows: Row[], column: string): number {
  return rows.filter((row) => Boolean(row[column])).length;
}
