import { checkCount } from '../estimate.ts';

/** Items that stand together in `count` baskets; codes ascending. */
export interface Itemset {
  items: number[];
  count: number;
}

export interface ItemsetOptions {
  /** Least share of baskets, in (0, 1]: an itemset is frequent if its share is at least this. */
  support: number;
  /** Longest itemset looked for; what is longer is left out, not refused. @default no limit */
  maxLength?: number;
  /** Frequent itemsets at which the search gives up. @default 500,000 */
  limit?: number;
}

const defaultLimit = 500_000;

/** More itemsets are frequent than the caller allows: the support is too low for these baskets. */
export class TooManyItemsets extends RangeError {
  readonly limit: number;
  readonly support: number;

  constructor(limit: number, support: number) {
    super(`more than ${limit} itemsets have a support of ${support} or more: raise the support, or set maxLength`);
    this.name = 'TooManyItemsets';
    this.limit = limit;
    this.support = support;
  }
}

/**
 * Least number of baskets whose share of `size` is at least `support`; at least 1.
 * @throws RangeError for a support outside (0, 1], or a size that is no whole number.
 */
export function leastCount(support: number, size: number): number {
  if (!(support > 0 && support <= 1)) throw new RangeError(`support: expected a number above 0 and at most 1, found ${support}`);
  checkCount('size', size);
  let count = Math.max(1, Math.floor(support * size) - 1);
  while (count / size < support) count++;
  return count;
}

/** The thresholds, filled in and checked. @throws RangeError for one out of bounds. */
export function checkOptions({ support, maxLength = Number.MAX_SAFE_INTEGER, limit = defaultLimit }: ItemsetOptions, size: number) {
  checkCount('maxLength', maxLength, 1);
  checkCount('limit', limit, 1);
  // Checked even where there is no basket to count.
  return { support, least: leastCount(support, Math.max(1, size)), maxLength, limit };
}

/** Shorter first, then by codes. */
export function compareItemsets(a: Itemset, b: Itemset): number {
  if (a.items.length !== b.items.length) return a.items.length - b.items.length;
  for (let i = 0; i < a.items.length; i++) if (a.items[i] !== b.items[i]) return a.items[i]! - b.items[i]!;
  return 0;
}
