import * as aq from 'arquero';
import type { Context, Result } from '#contract/analysis.ts';
import { formatter } from '#contract/format.ts';
import { type Random, random } from '#stats/random.ts';
import { addDays } from '../../analyses/shared/day.ts';
import analysis from '../../analyses/value-model/analysis.ts';
import { shop } from './sales-fixture.ts';

/** What a customer bought: days from the shop's first day, ascending, and net values. */
export interface Buyer {
  days: number[];
  values: number[];
}

const asOf = '2026-08-16';

export function modelContext(changes: Partial<Context['shop']> = {}): Context {
  const own = { ...shop, ...changes };
  return { shop: own, asOf, week: '2026-08-10', seed: 1, params: { discountPerYear: 0.15 }, format: formatter(own) };
}

type Group = Record<string, number | string | boolean>;

function grouped(rows: Group[], keys: string[], sums: Record<string, (rows: Group[]) => number>): Group[] {
  const groups = Map.groupBy(rows, (row) => keys.map((key) => row[key]).join('|'));
  const made = [...groups.values()].map((list) => ({
    ...Object.fromEntries(keys.map((key) => [key, list[0]![key]!])),
    ...Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, sum(list)])),
  }));
  return made.sort((a, b) => {
    for (const key of keys) if (a[key] !== b[key]) return Number(a[key]) - Number(b[key]) || (String(a[key]) < String(b[key]) ? -1 : 1);
    return 0;
  });
}

const total = (key: string) => (rows: Group[]) => rows.reduce((sum, row) => sum + Number(row[key]), 0);
const mean = (key: string) => (rows: Group[]) => total(key)(rows) / rows.length;
const count = (rows: Group[]) => rows.length;

function table(rows: Group[]) {
  return aq.from(rows.length > 0 ? rows : []);
}

/**
 * The inputs of the analysis, as its queries make them of a shop without returns.
 * @param last the as-of date, in days from the shop's first day; the holdout is a third of it, at most 182 days.
 */
export function tablesOf(buyers: Buyer[], last: number) {
  const holdout = Math.min(182, Math.floor(last / 3));
  const cutoff = last - holdout;
  const history = ({ days, values }: Buyer, end: number) => {
    const seen = days.filter((day) => day <= end);
    const repeat = values.slice(1, seen.length);
    const value = repeat.reduce((a, b) => a + b, 0);
    return {
      ...{ x: seen.length - 1, t_x_days: seen.at(-1)! - seen[0]!, t_days: end - seen[0]! },
      ...{ total_value: value + (values[0] ?? 0), m: repeat.length > 0 ? value / repeat.length : 0 },
    };
  };
  const spend = (end: number) =>
    grouped(
      buyers
        .filter(({ days }) => days[0]! <= end)
        .map((buyer) => history(buyer, end))
        .filter(({ x }) => x > 0)
        .map((row) => ({ ...row, is_positive: row.m > 0, class: row.m > 0 ? Math.floor(100 * Math.log(row.m)) : 0 })),
      ['x', 'is_positive', 'class'],
      { customers: count, m: mean('m') },
    );
  const known = holdout > 0 ? buyers.filter(({ days }) => days[0]! <= cutoff) : [];
  const calibration = known.map((buyer) => ({
    ...history(buyer, cutoff),
    recent: buyer.days.slice(1).filter((day) => day <= cutoff && day > cutoff - holdout).length,
    later: buyer.days.filter((day) => day > cutoff).length,
    ...{ cutoff_date: addDays(asOf, -holdout), holdout_days: holdout },
    later_value: buyer.values.reduce((sum, value, i) => sum + (buyer.days[i]! > cutoff ? value : 0), 0),
  }));
  const repeats = known.flatMap(({ days }) => days.slice(1).map((day) => ({ day: day - cutoff })));
  return {
    histories: table(
      grouped(
        buyers.map((buyer) => history(buyer, last)),
        ['x', 't_x_days', 't_days'],
        { customers: count, total_value: total('total_value') },
      ),
    ),
    spend: table(spend(last)),
    calibration: table(
      grouped(calibration, ['x', 't_x_days', 't_days', 'recent', 'later', 'cutoff_date', 'holdout_days'], {
        ...{ customers: count, m: mean('m'), later_value: total('later_value') },
      }),
    ),
    spendCalibration: table(holdout > 0 ? spend(cutoff) : []),
    days: table(grouped(repeats, ['day'], { purchases: count })),
  };
}

/** Customers of a BG/NBD and Gamma-Gamma shop, days rounded up, won evenly over its days. */
export function simulated(
  n: number,
  last: number,
  truth: { r: number; alpha: number; a: number; b: number },
  seed: number,
  most = Number.POSITIVE_INFINITY,
): Buyer[] {
  const stream: Random = random(seed, 'value-model fixture');
  return Array.from({ length: n }, () => {
    const first = stream.integer(last + 1);
    const rate = stream.gamma(truth.r) / truth.alpha / 7;
    const leave = stream.gamma(truth.a);
    const p = leave / (leave + stream.gamma(truth.b));
    const days = [first];
    let time = first;
    while (days.length < most) {
      time -= Math.log(1 - stream.uniform()) / rate;
      if (!(time <= last)) break;
      const day = Math.ceil(time);
      if (day > days.at(-1)!) days.push(day);
      if (stream.uniform() < p) break;
    }
    const nu = stream.gamma(5) / 60;
    return { days, values: days.map(() => Math.round((100 * stream.gamma(4)) / nu) / 100) };
  });
}

export function run(buyers: Buyer[], last: number, changes: Partial<Context['shop']> = {}): Result {
  return analysis.run(tablesOf(buyers, last), modelContext(changes)) as Result;
}
