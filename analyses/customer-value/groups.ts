import { benjaminiHochberg } from '#stats/multiple.ts';
import { shrinkMeans } from '#stats/shrink.ts';
import { ratio, total } from '../shared/change.ts';
import { pooledShape, skewTwoSided } from './skew.ts';

export const dimensions = ['source', 'country', 'region', 'category'] as const;
export type Dimension = (typeof dimensions)[number];

/** Customers won in the last year by a value of a dimension. */
export interface GroupRow {
  dimension: Dimension;
  value: string;
  /** Country of a region; empty otherwise. */
  within_value: string;
  customers: number;
  repeaters: number;
  total_value: number;
  value_365: number;
  /** What is expected of a customer beyond those of the same age: mean, and means of squares and cubes, in multiples of the usual purchase. */
  beyond_mean: number;
  beyond_square: number;
  beyond_cube: number;
}

/** Expected value of a customer at the age that customers have on average. */
export interface Judged {
  /** Drawn to the mean of all groups as far as chance explains their spread. */
  value: number;
  low: number;
  high: number;
  /** Group less the rest, as observed. */
  difference: number;
  /** BH-adjusted over the groups of its dimension. */
  p: number;
  isCalled: boolean;
}

export interface Group extends GroupRow {
  name: string;
  /** Null for a group too small to be judged. */
  judged: Judged | null;
}

export interface Groups {
  byDimension: Record<Dimension, Group[]>;
  /** Expected value of a customer of the year; null without any. */
  mean: number | null;
  customers: number;
  tested: number;
  called: number;
}

/** Groups of fewer customers are pooled, and not judged. */
export const minGroup = 100;
export const falseDiscovery = 0.05;
/** A group is called from a tenth of the mean on. */
export const groupFloor = 0.1;

export function groups(rows: readonly GroupRow[], usual: number): Groups {
  const one = rows.filter(({ dimension }) => dimension === 'source');
  const customers = total(one, (row) => row.customers);
  const mean = ratio(
    total(one, (row) => row.value_365),
    customers,
  );
  const of = (dimension: Dimension) => judged(named(rows, dimension), usual, mean ?? 0);
  const byDimension = { source: of('source'), country: of('country'), region: of('region'), category: of('category') };
  const all = Object.values(byDimension).flatMap((list) => list.flatMap((group) => group.judged ?? []));
  return { byDimension, mean, customers, tested: all.length, called: all.filter(({ isCalled }) => isCalled).length };
}

type Named = GroupRow & { name: string };

/** Values of a dimension, the largest first, small ones pooled; a region whose name occurs in two countries carries its country. */
function named(rows: readonly GroupRow[], dimension: Dimension): Named[] {
  const own = rows.filter((row) => row.dimension === dimension);
  const times = Map.groupBy(own, ({ value }) => value);
  const list = own
    .map((row) => ({ ...row, name: times.get(row.value)!.length > 1 ? `${row.value}, ${row.within_value}` : row.value }))
    .sort((a, b) => b.customers - a.customers || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  const small = list.filter(({ customers }) => customers < minGroup);
  if (small.length < 2) return list;
  const n = total(small, (row) => row.customers);
  const mean = (of: (row: GroupRow) => number) => total(small, (row) => row.customers * of(row)) / n;
  const rest: Named = {
    ...{ dimension, value: '', within_value: '', name: 'Others', customers: n },
    repeaters: total(small, (row) => row.repeaters),
    total_value: total(small, (row) => row.total_value),
    value_365: total(small, (row) => row.value_365),
    beyond_mean: mean((row) => row.beyond_mean),
    beyond_square: mean((row) => row.beyond_square),
    beyond_cube: mean((row) => row.beyond_cube),
  };
  return [...list.filter(({ customers }) => customers >= minGroup), rest];
}

/**
 * Each group of a size against all others. The scatter is that of all groups together: a group of few large values has a small mean and a
 * small scatter of its own, and would be called too often by it.
 */
function judged(list: readonly Named[], usual: number, mean: number): Group[] {
  const all = total(list, (row) => row.customers);
  const sum = total(list, (row) => row.customers * row.beyond_mean);
  const { variance, third } = pooledShape(
    list.map((row) => ({ n: row.customers, mean: row.beyond_mean, square: row.beyond_square, cube: row.beyond_cube })),
  );
  const tests = list.map((row) => {
    const [n, others] = [row.customers, all - row.customers];
    // The pool of small groups is no group of its own.
    if (row.value === '' || n < minGroup || others < minGroup || !(variance > 0)) return null;
    const difference = row.beyond_mean - (sum - n * row.beyond_mean) / others;
    const error = Math.sqrt(variance * (1 / n + 1 / others));
    const skewness = (third * (1 / n ** 2 - 1 / others ** 2)) / error ** 3;
    return { mean: row.beyond_mean, error: Math.sqrt(variance / n), difference, p: skewTwoSided(difference / error, skewness) };
  });
  const known = tests.filter((test) => test !== null);
  const shrunk = shrinkMeans(
    known.map((test) => test.mean),
    known.map((test) => test.error),
  );
  const adjusted = benjaminiHochberg(tests.map((test) => test?.p ?? null));
  const money = (beyond: number) => mean + beyond * usual;
  let at = 0;
  return list.map((row, i): Group => {
    const test = tests[i];
    const drawn = test ? shrunk?.groups[at++] : undefined;
    if (!test || !drawn) return { ...row, judged: null };
    const p = adjusted[i] ?? 1;
    const difference = test.difference * usual;
    const [low, high] = [Math.max(0, money(drawn.low)), money(drawn.high)];
    const isApart = difference > 0 ? low > mean : high < mean;
    return {
      ...row,
      judged: {
        ...{ value: money(drawn.value), low, high, difference, p },
        isCalled: isApart && p < falseDiscovery && Math.abs(difference) >= groupFloor * mean,
      },
    };
  });
}
