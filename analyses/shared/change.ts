/** a / b, or null where it has no meaning (b zero or unknown). */
export function ratio(a: number | null | undefined, b: number | null | undefined): number | null {
  if (a === null || a === undefined || b === null || b === undefined || b === 0) return null;
  const value = a / b;
  return Number.isFinite(value) ? value : null;
}

/** Relative change from `before` to `now`; null where `before` is not above zero. */
export function change(now: number | null | undefined, before: number | null | undefined): number | null {
  if (now === null || now === undefined || before === null || before === undefined || !(before > 0)) return null;
  return ratio(now - before, before);
}

/** Sum of one number per row; unknown values count as zero. */
export function total<T>(rows: readonly T[], value: (row: T) => number | null): number {
  return rows.reduce((sum, row) => sum + (value(row) ?? 0), 0);
}

/** Parts of a sum of money to the cent: what rounding leaves over goes to the largest part, so that they still add up to the cent. */
export function centsThatAdd(parts: readonly number[], whole: number): number[] {
  const rounded = parts.map(cents);
  const largest = parts.reduce((best, part, i) => (Math.abs(part) > Math.abs(parts[best]!) ? i : best), 0);
  const left = cents(whole) - rounded.reduce((sum, part) => sum + part, 0);
  if (rounded.length > 0) rounded[largest] = cents(rounded[largest]! + left);
  return rounded;
}

/** A sum of money without the dust of binary fractions: to the cent. */
export function cents(value: number): number {
  return Math.round(value * 100) / 100 || 0;
}
