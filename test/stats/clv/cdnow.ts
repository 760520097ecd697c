import { existsSync, readFileSync } from 'node:fs';

const folder = new URL('../../../../shared/data/cdnow/', import.meta.url);
const names = ['cdnow_customers_summary.csv', 'cdnow_customers_summary_with_transactions.csv', 'CDNOW_sample.txt'];

/** Why tests on CDNOW are skipped; empty where its files are there. */
export const absent = names.every((name) => existsSync(new URL(name, folder))) ? '' : ' (skipped: ../shared/data/cdnow is absent)';

const table = (name: string) =>
  readFileSync(new URL(name, folder), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(',').map(Number));

/** 2,357 customers in weeks, t_x and T rounded to 2 decimals. */
export function cdnowSummary() {
  const rows = table(names[0]!);
  return { x: rows.map((row) => row[1]!), tx: rows.map((row) => row[2]!), T: rows.map((row) => row[3]!) };
}

/** The same with the mean value of repeat purchases, rounded to cents. */
export function cdnowMoney() {
  const rows = table(names[1]!);
  return { x: rows.map((row) => row[1]!), tx: rows.map((row) => row[2]!), T: rows.map((row) => row[3]!), m: rows.map((row) => row[4]!) };
}

/** Exact sevenths of weeks from the transactions, calibration to 30 September 1997, and purchases in the 39 weeks after. */
export function cdnowExact() {
  const days = new Map<string, Set<number>>();
  for (const line of readFileSync(new URL(names[2]!, folder), 'utf8').trim().split('\n')) {
    const [, customer, date] = line.trim().split(/\s+/) as [string, string, string];
    const day = Date.UTC(+date.slice(0, 4), +date.slice(4, 6) - 1, +date.slice(6)) / 86_400_000;
    const set = days.get(customer) ?? new Set<number>();
    days.set(customer, set.add(day));
  }
  const end = Date.UTC(1997, 8, 30) / 86_400_000;
  const out = { x: [] as number[], tx: [] as number[], T: [] as number[], later: [] as number[] };
  for (const set of days.values()) {
    const all = [...set].sort((a, b) => a - b);
    const seen = all.filter((day) => day <= end);
    out.x.push(seen.length - 1);
    out.tx.push((seen.at(-1)! - all[0]!) / 7);
    out.T.push((end - all[0]!) / 7);
    out.later.push(all.filter((day) => day > end && day <= end + 39 * 7).length);
  }
  return out;
}
