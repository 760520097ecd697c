import { normalQuantile } from '#stats/distribution.ts';
import { defaultLevel } from '#stats/estimate.ts';
import { ratio, total } from '../shared/change.ts';

/** Customers who were new a year ago, by whether today's scores would have put them into the top tenth, and by repeat purchases then. */
export interface YearAgoRow {
  is_top: boolean;
  /** 0, 1, or 2 for two and more. */
  repeats: number;
  customers: number;
  buyers: number;
  later_value: number;
  /** As today's parameters see the history of then, undiscounted. */
  expected: number;
  /** In multiples of the usual purchase. */
  later_mean: number;
  later_square: number;
  usual: number;
}

export interface Class {
  customers: number;
  /** Customers who bought in the year. */
  buyers: number;
  /** Money a customer in the year that followed. */
  came: { value: number; low: number; high: number };
  expected: number;
}

type Ratio = { value: number; low: number; high: number };

/** What such a list would have been worth a year ago. */
export interface YearAgo {
  all: Class;
  top: Class;
  others: Class;
  /** What one of the top tenth brought, in multiples of one of the others. */
  lift: Ratio;
  /** What came over what was expected. */
  bias: Ratio;
}

/** Fewer new customers a year ago, or fewer of them who bought, judge nothing. */
export const leastYearAgo = { customers: 200, buyers: 30 } as const;

const z = normalQuantile(1 - (1 - defaultLevel) / 2);

/** Null where too few were new a year ago, or none of the others has brought anything. */
export function yearAgo(rows: readonly YearAgoRow[]): YearAgo | null {
  const all = classOf(rows);
  const top = classOf(rows.filter((row) => row.is_top));
  const others = classOf(rows.filter((row) => !row.is_top));
  if (!all || !top || !others) return null;
  if (all.customers < leastYearAgo.customers || all.buyers < leastYearAgo.buyers) return null;
  const lift = quotient(top.came, others.came);
  const bias = quotient(all.came, { value: all.expected, low: all.expected, high: all.expected });
  return lift && bias && { all, top, others, lift, bias };
}

function classOf(rows: readonly YearAgoRow[]): Class | null {
  const n = total(rows, (row) => row.customers);
  const came = ratio(
    total(rows, (row) => row.later_value),
    n,
  );
  const expected = ratio(
    total(rows, (row) => row.expected),
    n,
  );
  if (came === null || expected === null || n < 2) return null;
  const usual = rows[0]!.usual;
  const mean = total(rows, (row) => row.customers * row.later_mean) / n;
  const variance = Math.max(0, total(rows, (row) => row.customers * row.later_square) / n - mean ** 2) / (n - 1);
  const half = z * usual * Math.sqrt(variance);
  return { customers: n, buyers: total(rows, (row) => row.buyers), came: { value: came, low: came - half, high: came + half }, expected };
}

/** Ratio of two independent means, its interval on the log scale. */
function quotient(a: Ratio, b: Ratio): Ratio | null {
  if (!(a.value > 0 && b.value > 0)) return null;
  const relative = ({ value, high }: Ratio) => (high - value) / value;
  const half = Math.hypot(relative(a), relative(b));
  const value = a.value / b.value;
  return { value, low: value * Math.exp(-half), high: value * Math.exp(half) };
}
