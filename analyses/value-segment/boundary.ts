import { quantile } from '#stats/mean.ts';

export const segments = ['low', 'mid', 'high'] as const;

/** Where segments of later value begin, in money. */
export interface Boundaries {
  /**
   * `nothing`: at least a third brought nothing, and all of these are low; the others are halved. `thirds`: all are cut in three.
   */
  rule: 'nothing' | 'thirds';
  /** A value above it is mid or high; with `nothing` 0. */
  low: number;
  /** A value of at least it is high. */
  high: number;
}

/** Boundaries from outcomes; null without two different values above the low. */
export function boundariesOf(values: Float64Array): Boundaries | null {
  const positive = values.filter((value) => value > 0);
  const rule = 3 * (values.length - positive.length) >= values.length ? 'nothing' : 'thirds';
  const low = rule === 'nothing' ? 0 : quantile(values, 1 / 3)!;
  const above = values.filter((value) => value > low);
  const high = quantile(above, 0.5);
  if (high === null || !above.some((value) => value < high)) return null;
  return { rule, low, high: rule === 'nothing' ? high : Math.max(high, quantile(values, 2 / 3)!) };
}

/** Position of the segment of each value: 0 low, 1 mid, 2 high. */
export function segmentsOf(values: Float64Array, { low, high }: Boundaries): Uint8Array {
  return Uint8Array.from(values, (value) => (value <= low ? 0 : value < high ? 1 : 2));
}
