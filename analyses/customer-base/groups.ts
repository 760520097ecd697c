import { normalTwoSided, studentQuantile } from '#stats/distribution.ts';
import { benjaminiHochberg } from '#stats/multiple.ts';
import { compareProportions, proportion } from '#stats/proportion.ts';
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
  /** Sign-ups whose 90 days have closed, and those who placed their first order within them. */
  members: number;
  started: number;
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
  /** Share of sign-ups that order within 90 days. */
  first: Judged | null;
  /** Share of first-time buyers who order again within 90 days. */
  repeat: Judged | null;
  /** Net revenue of a first-time buyer in 180 days. */
  early: Judged | null;
}

export type Measure = 'first' | 'repeat' | 'early';

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
  const all = [...sources, ...ages, ...genders]
    .flatMap(({ first, repeat, early }) => [first, repeat, early])
    .filter((test) => test !== null);
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
  const firsts = rateTests(list.map(({ members, started }) => ({ n: members, successes: started })));
  const repeats = rateTests(list.map(({ observed, repeated }) => ({ n: observed, successes: repeated })));
  const early = earlyTests(list);
  return list.map((row, i) => ({
    ...row,
    name: dimension === 'gender' ? (genderNames[row.value] ?? row.value) : row.value,
    first: firsts[i]!,
    repeat: repeats[i]!,
    early: early[i]!,
  }));
}

const sums = [
  'customers',
  'buyers',
  'orders',
  'net_revenue',
  'members',
  'started',
  'observed',
  'repeated',
  'valued',
  'early_net',
  'early_square',
] as const;

function pooled(rows: readonly GroupRow[], dimension: Dimension): GroupRow[] {
  const ordered = rows.toSorted((a, b) => b.customers - a.customers || (a.value < b.value ? -1 : 1));
  const small = ordered.filter(({ customers }) => customers < minGroup);
  if (small.length < 2) return ordered;
  const rest = Object.fromEntries(sums.map((key) => [key, total(small, (row) => row[key])]));
  return [...ordered.filter(({ customers }) => customers >= minGroup), { dimension, value: 'Others', ...rest } as GroupRow];
}

function rateTests(list: readonly { n: number; successes: number }[]): (Judged | null)[] {
  const n = total(list, (row) => row.n);
  const successes = total(list, (row) => row.successes);
  const tests = list.map((row) =>
    row.n < minGroup || n - row.n < minGroup ? null : compareProportions({ successes: successes - row.successes, n: n - row.n }, row),
  );
  const adjusted = benjaminiHochberg(tests.map((test) => test?.p ?? null));
  return list.map((row, i) => {
    const [test, own] = [tests[i], proportion(row.successes, row.n)];
    if (!test || !own) return null;
    const rest = (successes - row.successes) / (n - row.n);
    return { ...own, ...verdict(test.difference, rest, adjusted[i] ?? 1) };
  });
}

/** Called where the difference is beyond chance and large enough to matter. */
function verdict(difference: number, rest: number, p: number): Pick<Judged, 'difference' | 'p' | 'isCalled'> {
  return { difference, p, isCalled: p < falseDiscovery && Math.abs(difference) >= groupFloor * Math.abs(rest) };
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
    if (!test || !own) return null;
    const half = studentQuantile(0.975, row.valued - 1) * Math.sqrt(own.variance);
    const judgement = verdict(test.difference, test.rest, adjusted[i] ?? 1);
    return { value: own.mean, low: own.mean - half, high: own.mean + half, n: row.valued, ...judgement };
  });
}

/** Average over all values of a dimension of each measure; null without any. */
export function overall(list: readonly GroupRow[]): Record<Measure, number | null> {
  const rate = (top: (row: GroupRow) => number, bottom: (row: GroupRow) => number) => ratio(total(list, top), total(list, bottom));
  return {
    first: rate(
      (row) => row.started,
      (row) => row.members,
    ),
    repeat: rate(
      (row) => row.repeated,
      (row) => row.observed,
    ),
    early: rate(
      (row) => row.early_net,
      (row) => row.valued,
    ),
  };
}
