import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { Manifest } from '#run/manifest.ts';
import type { PublishedData } from '#run/publish.ts';
import { openDuck } from '#source/duck.ts';
import { report } from './command.ts';
import { configure, folder, projectCopy, reportsOf, workplace } from './project.ts';
import { filesBelow, hashesBelow, readJson } from './tree.ts';

const asOf = '2026-06-14';
const wall = '2026-06-15 04:00:00';
const timezone = 'America/New_York';
const root = projectCopy();
let all: string[];
let now: string;
let then: string;

/** A report for an earlier day, made of all rows, and one made of the rows as they were when that day ended. */
beforeAll(async () => {
  all = (await reportsOf(root)).map(({ id }) => id);
  const cwd = workplace({ demo: { customers: 900 } });
  await report(['data', '--format', 'html,json', '--quiet'], { root, cwd });
  const [fingerprint] = filesBelow(join(cwd, 'output/snapshots')).map((name) => name.split('/')[0]);
  const full = join(cwd, 'output/snapshots', fingerprint as string);
  const past = folder();
  await truncate(full, past);
  configure(cwd, { timezone });
  const make = async (data: string, out: string) => {
    const ending = await report(
      [...all, '--shop', 'thelook', '--data', data, '--as-of', asOf, '--out', out, '--format', 'html,json', '--quiet'],
      { root, cwd },
    );
    expect(ending).toMatchObject({ code: 0, stderr: '' });
    return join(cwd, out, 'site/thelook', asOf);
  };
  now = await make(full, 'now');
  then = await make(past, 'then');
});

test('the rows after the wall were there, and are gone', () => {
  const rows = (place: string) => readJson<Manifest>(place, 'manifest.json').inputs.source.rows;
  for (const table of ['users', 'orders', 'order_items', 'events', 'inventory_items']) {
    expect(rows(then)[table]).toBeGreaterThan(100);
    expect(rows(now)[table]).toBeGreaterThan(rows(then)[table] as number);
  }
});

test('every result is the same', () => {
  const [a, b] = [now, then].map((place) => readJson<PublishedData>(place, 'report.json')) as [PublishedData, PublishedData];
  expect(Object.keys(a.analyses).length).toBeGreaterThan(0);
  for (const id of Object.keys(b.analyses)) expect(a.analyses[id], id).toEqual(b.analyses[id]);
  expect(a.quality).toEqual(b.quality);
  expect(a.reports.map(({ headline, lede }) => [headline, lede])).toEqual(b.reports.map(({ headline, lede }) => [headline, lede]));
});

test('every page and table is the same, but for the key of its inputs', () => {
  const [a, b] = [now, then].map((place) => {
    const { 'manifest.json': _, 'report.json': __, ...files } = hashesBelow(place);
    return files;
  });
  expect(Object.keys(a as object)).toEqual(Object.keys(b as object));
  const differing = Object.keys(a as object).filter((name) => a?.[name] !== b?.[name]);
  expect(all.map((id) => `${id}.html`)).toEqual(expect.arrayContaining(differing));
  for (const id of all) expect(page(now, id)).toBe(page(then, id));
});

/** A page without the hash of its inputs, which names the snapshot. */
function page(place: string, id: string): string {
  const { reports } = readJson<PublishedData>(place, 'report.json');
  const { key } = reports.find((one) => one.id === id) as PublishedData['reports'][number];
  const html = readFileSync(join(place, `${id}.html`), 'utf8');
  return html.replaceAll(new RegExp(`${key.slice(0, 8)}[0-9a-f]*`, 'g'), '…');
}

/** Copies raw tables as they were before the wall: later rows are absent, later times empty, and statuses those of that day. */
async function truncate(from: string, to: string): Promise<void> {
  mkdirSync(to, { recursive: true });
  await using duck = await openDuck();
  const at = `timestamp '${wall}'`;
  const status = `case
    when status = 'Cancelled' then status
    when returned_at < ${at} then 'Returned'
    when delivered_at < ${at} then 'Complete'
    when shipped_at < ${at} then 'Shipped'
    else 'Processing' end`;
  const undone = ['shipped_at', 'delivered_at', 'returned_at']
    .map((time) => `case when ${time} < ${at} then ${time} end as ${time}`)
    .join(', ');
  const placed = `order_id in (select order_id from '${from}/orders.parquet' where created_at < ${at})`;
  const queries: Record<string, string> = {
    users: `select * from '${from}/users.parquet' where created_at < ${at}`,
    orders: `select * replace (${status} as status, ${undone}) from '${from}/orders.parquet' where created_at < ${at}`,
    order_items: `select * replace (${status} as status, ${undone}) from '${from}/order_items.parquet' where ${placed}`,
    events: `select * from '${from}/events.parquet' where created_at < ${at}`,
    inventory_items: `select * replace (case when sold_at < ${at} then sold_at end as sold_at) from '${from}/inventory_items.parquet' where created_at < ${at}`,
    products: `select * from '${from}/products.parquet'`,
    distribution_centers: `select * from '${from}/distribution_centers.parquet'`,
  };
  for (const [table, query] of Object.entries(queries)) await duck.run(`copy (${query}) to '${to}/${table}.parquet' (format parquet)`);
}
