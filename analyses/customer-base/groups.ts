import { normalTwoSided, studentQuantile } from '#stats/distribution.ts';
import { benjaminiHochberg } from '#stats/multiple.ts';
import { compareProportions, proportion } from '#stats/proportion.ts';
import { type Shrunk, shrinkMeans, shrinkRates } from '#stats/shrink.ts';
import { ratio, total } from '../shared/change.ts';

export type Dimension = 'source' | 'age' | 'gender';

/** Customers of a value of a dimension, as the query gives them. */
export interface GroupRow {
  dimension: Dimension;
  value: string;
  customers: number;
  buyers: number;
  orders: number;
  net_revenue: number;
  /** First-time buyers whose 90 days have closed, and those who ordered again within them. */
  observed: number;
  repeated: number;
  /** First-time buyers whose 180 days have closed; their net revenue within them, and the sum of its squares. */
  valued: number;
  early_net: number;
  early_square: number;
}

/** An average with its standard error, 95% interval and the comparison with all others. */
export interface Judged {
  /** As observed. */
  value: number;
  low: number;
  high: number;
  /** Drawn to the mean of the groups. */
  shrunk: Shrunk;
  n: number;
  /** Group minus the rest. */
  difference: number;
  /** BH-adjusted over the groups of its dimension. */
  p: number;
  isCalled: boolean;
}

export interface Group extends GroupRow {
  /** Printed name. */
  name: string;
  repeat: Judged | null;
  early: Judged | null;
}

export interface Groups {
  sources: Group[];
  ages: Group[];
  genders: Group[];
  tested: number;
  called: number;
}

/** Windows from the first order, in days. */
export const valueDays = 180;
/** Groups of fewer first-time buyers are pooled. */
export const minGroup = 30;
export const falseDiscovery = 0.05;
/** A group is called from a tenth of the rest's value on. */
export const groupFloor = 0.1;

const ageOrder = ['Under 25', '25–34', '35–44', '45–54', '55–64', '65 and over', 'Not stated'];
const genderNames: Record<string, string> = { F: 'Women', M: 'Men' };

export function groups(rows: readonly GroupRow[]): Groups {
  const sources = judged(rows, 'source');
  const ages = judged(rows, 'age').toSorted((a, b) => place(a.value) - place(b.value) || (a.value < b.value ? -1 : 1));
  const genders = judged(rows, 'gender');
  const all = [...sources, ...ages, ...genders].flatMap(({ repeat, early }) => [repeat, early]).filter((test) => test !== null);
  return { sources, ages, genders, tested: all.length, called: all.filter(({ isCalled }) => isCalled).length };
}

function place(value: string): number {
  const at = ageOrder.indexOf(value);
  return at < 0 ? ageOrder.length : at;
}

/** Values of one dimension with small ones pooled, largest first, each judged against the others. */
function judged(rows: readonly GroupRow[], dimension: Dimension): Group[] {
  const list = pooled(
    rows.filter((row) => row.dimension === dimension),
    dimension,
  );
  const repeats = repeatTests(list);
  const early = earlyTests(list);
  return list.map((row, i) => ({
    ...row,
    name: dimension === 'gender' ? (genderNames[row.value] ?? row.value) : row.value,
    repeat: repeats[i]!,
    early: early[i]!,
  }));
}

const sums = ['customers', 'buyers', 'orders', 'net_revenue', 'observed', 'repeated', 'valued', 'early_net', 'early_square'] as const;

function pooled(rows: readonly GroupRow[], dimension: Dimension): GroupRow[] {
  const ordered = rows.toSorted((a, b) => b.customers - a.customers || (a.value < b.value ? -1 : 1));
  const small = ordered.filter(({ customers }) => customers < minGroup);
  if (small.length < 2) return ordered;
  const rest = Object.fromEntries(sums.map((key) => [key, total(small, (row) => row[key])]));
  return [...ordered.filter(({ customers }) => customers >= minGroup), { dimension, value: 'Others', ...rest } as GroupRow];
}

function repeatTests(list: readonly GroupRow[]): (Judged | null)[] {
  const n = total(list, (row) => row.observed);
  const successes = total(list, (row) => row.repeated);
  const shrunk = shrinkRates(list.map((row) => ({ successes: row.repeated, n: row.observed })));
  const tests = list.map((row) =>
    row.observed < minGroup || n - row.observed < minGroup
      ? null
      : compareProportions({ successes: successes - row.repeated, n: n - row.observed }, { successes: row.repeated, n: row.observed }),
  );
  const adjusted = benjaminiHochberg(tests.map((test) => test?.p ?? null));
  return list.map((row, i) => {
    const [test, drawn, own] = [tests[i], shrunk?.groups[i], proportion(row.repeated, row.observed)];
    if (!test || !drawn || !own) return null;
    const rest = (successes - row.repeated) / (n - row.observed);
    const p = adjusted[i] ?? 1;
    const isCalled = p < falseDiscovery && Math.abs(test.difference) >= groupFloor * rest;
    return { ...own, shrunk: drawn, difference: test.difference, p, isCalled };
  });
}

interface Sample {
  n: number;
  sum: number;
  square: number;
}

/** Mean and its squared standard error from sums. */
function meanOf({ n, sum, square }: Sample): { mean: number; variance: number } {
  const mean = sum / n;
  return { mean, variance: Math.max(0, (square - n * mean * mean) / (n - 1)) / n };
}

function earlyTests(list: readonly GroupRow[]): (Judged | null)[] {
  const all: Sample = { n: total(list, (r) => r.valued), sum: total(list, (r) => r.early_net), square: total(list, (r) => r.early_square) };
  const samples = list.map((row) => {
    if (row.valued < minGroup) return null;
    const own = meanOf({ n: row.valued, sum: row.early_net, square: row.early_square });
    return own.variance > 0 ? own : null;
  });
  const known = samples.filter((sample) => sample !== null);
  const shrunk = shrinkMeans(
    known.map(({ mean }) => mean),
    known.map(({ variance }) => Math.sqrt(variance)),
  );
  const tests = list.map((row, i) => {
    const own = samples[i];
    const left = { n: all.n - row.valued, sum: all.sum - row.early_net, square: all.square - row.early_square };
    if (!own || left.n < minGroup) return null;
    const rest = meanOf(left);
    const difference = own.mean - rest.mean;
    return { difference, rest: rest.mean, p: normalTwoSided(difference / Math.sqrt(own.variance + rest.variance)) };
  });
  const adjusted = benjaminiHochberg(tests.map((test) => test?.p ?? null));
  return list.map((row, i) => {
    const [test, own] = [tests[i], samples[i]];
    if (!test || !own || !shrunk) return null;
    const drawn = shrunk.groups[known.indexOf(own)]!;
    const half = studentQuantile(0.975, row.valued - 1) * Math.sqrt(own.variance);
    const p = adjusted[i] ?? 1;
    const isCalled = p < falseDiscovery && Math.abs(test.difference) >= groupFloor * Math.abs(test.rest);
    return {
      value: own.mean,
      low: own.mean - half,
      high: own.mean + half,
      shrunk: drawn,
      n: row.valued,
      difference: test.difference,
      p,
      isCalled,
    };
  });
}

/** Average over all values of a dimension of what was measured for each; null without any. */
export function overall(list: readonly GroupRow[]): { repeat: number | null; early: number | null } {
  return {
    repeat: ratio(
      total(list, (row) => row.repeated),
      total(list, (row) => row.observed),
    ),
    early: ratio(
      total(list, (row) => row.early_net),
      total(list, (row) => row.valued),
    ),
  };
}
