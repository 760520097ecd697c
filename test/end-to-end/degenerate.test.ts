import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { PublishedData } from '#run/publish.ts';
import { type RawRow, type RawShop, tinyShop, writeShop } from '../source/fixture.ts';
import { claimsOf } from './claims.ts';
import { type Ending, report } from './command.ts';
import { projectCopy, reportsOf, workplace } from './project.ts';
import { filesBelow, readJson } from './tree.ts';

const root = projectCopy();
let all: string[];

beforeAll(async () => {
  all = (await reportsOf(root)).map(({ id }) => id);
});

interface Made extends Ending {
  folder: string;
  data: PublishedData;
  pages: string;
}

/** All reports of a shop, without prints. */
async function made(shop: RawShop, ...args: string[]): Promise<Made> {
  const cwd = workplace({});
  const data = await writeShop(shop, 'parquet');
  const ending = await report([...all, '--shop', 'thelook', '--data', data, '--format', 'html,json', ...args], { root, cwd });
  expect(ending.stderr).not.toMatch(/defect|Error:|\bat .*\.ts:/);
  expect(ending.code).toBe(0);
  const site = join(cwd, 'output/site');
  const run = filesBelow(site).find((name) => name.endsWith('manifest.json')) as string;
  const folder = join(site, run, '..');
  const pages = all.map((id) => readFileSync(join(folder, `${id}.html`), 'utf8')).join('\n');
  return { ...ending, folder, data: readJson<PublishedData>(folder, 'report.json'), pages };
}

const some = (rows: RawRow[] | undefined, keep: (row: RawRow) => boolean) => (rows ?? []).filter(keep);
const never = { shipped_at: null, delivered_at: null, returned_at: null };
const without = (shop: RawShop, ...tables: string[]) =>
  Object.fromEntries(Object.entries(shop).filter(([name]) => !tables.includes(name))) as RawShop;

/** What a customer did, and nothing else. */
function customer(shop: RawShop, id: number): RawShop {
  const own = (row: RawRow) => row.user_id === id;
  const { users, orders, order_items, events } = shop;
  return {
    ...shop,
    users: some(users, (row) => row.id === id),
    orders: some(orders, own),
    order_items: some(order_items, own),
    events: some(events, own),
  };
}

function cancelled(shop: RawShop): RawShop {
  const none = (rows: RawRow[] | undefined) => (rows ?? []).map((row) => ({ ...row, ...never, status: 'Cancelled' }));
  return { ...shop, orders: none(shop.orders), order_items: none(shop.order_items) };
}

function oneOrder(shop: RawShop): RawShop {
  const one = (row: RawRow) => row.order_id === 1;
  return { ...shop, orders: some(shop.orders, one), order_items: some(shop.order_items, one) };
}

function late(shop: RawShop, orders: number[]): RawShop {
  const moved = (rows: RawRow[] | undefined) =>
    (rows ?? []).map((row) =>
      orders.includes(row.order_id as number) ? { ...row, ...never, status: 'Processing', created_at: '2031-01-01 00:00:00' } : row,
    );
  return { ...shop, orders: moved(shop.orders), order_items: moved(shop.order_items) };
}

/** Weeks 2026-06-01 to 2026-06-21, whole. */
function threeWeeks(shop: RawShop): RawShop {
  const early = (row: RawRow) => Number(row.order_id) <= 8;
  return { ...shop, orders: some(shop.orders, early), order_items: some(shop.order_items, early) };
}

const shops: [string, RawShop, string][] = [
  ['three weeks', threeWeeks(tinyShop()), '2026-06-21'],
  ['one customer', customer(tinyShop(), 1), '2026-06-28'],
  ['one order', oneOrder(customer(tinyShop(), 1)), '2026-06-01'],
  ['all orders cancelled', cancelled(tinyShop()), '2026-06-28'],
  ['an order in the future', late(tinyShop(), [10]), '2026-06-21'],
  [
    'products and customers that nobody bought or is',
    { ...tinyShop(), order_items: tinyShop().order_items!.map((row) => ({ ...row, product_id: 77 })) },
    '2026-06-28',
  ],
];

describe('a shop of', () => {
  test.each(shops)('%s has its reports, without a hole', async (_, shop, asOf) => {
    const { data, pages, stdout } = await made(shop);
    expect(data.run.asOf).toBe(asOf);
    expect(data.quality.failed).toBe(0);
    expect(data.reports.map(({ id }) => id).sort()).toEqual(all);
    for (const { headline, lede } of data.reports) for (const text of [headline, lede]) expectSentence(text);
    for (const [id, result] of Object.entries(data.analyses))
      for (const [place, text] of claimsOf(result)) expectSentence(text, `${id}.${place}`);
    expect(textOf(pages)).not.toMatch(/\b(NaN|undefined|Infinity)\b|\[object/);
    expect(stdout).toContain('start page: output/site/index.html');
  });
});

describe('a shop without', () => {
  test.each([['events, stock and centres', ['events', 'inventory_items', 'distribution_centers'], 'website-performance']])(
    '%s says what is missing and reports the rest',
    async (_, tables, unavailable) => {
      const { data, folder } = await made(without(tinyShop(), ...tables));
      expect(Object.keys(data.analyses)).not.toContain(unavailable);
      const page = readFileSync(join(folder, 'website.html'), 'utf8');
      expect(textOf(page)).toMatch(/events/);
      const sales = data.reports.find(({ id }) => id === 'sales');
      expect(sales?.headline).toMatch(/revenue/i);
    },
  );

  test.each([
    ['orders', { ...tinyShop(), orders: [], order_items: [] }, /orders\.parquet: the shop has no orders yet[\s\S]*to mend: /],
    ['an order before today', late(tinyShop(), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]), /every order lies in the future[\s\S]*to mend: /],
    ['customers', { ...tinyShop(), users: [] }, /users\.parquet: [\s\S]*to mend: /],
  ])('%s is told so, and nothing is published', async (_, shop, message) => {
    const cwd = workplace({});
    const data = await writeShop(shop, 'parquet');
    const ending = await report(['data', '--shop', 'thelook', '--data', data, '--format', 'html,json'], { root, cwd });
    expect(ending).toMatchObject({ code: 3, stdout: '' });
    expect(ending.stderr).toMatch(message);
    expect(filesBelow(join(cwd, 'output/site'))).toEqual([]);
  });
});

/** No sign of a value that is none; in what is read first, no plural of one. */
function expectSentence(text: string, where = ''): void {
  expect(text, `${where}: ${text}`).not.toMatch(/NaN|undefined|Infinity|∞|\[object/);
  expect(text.trim(), where).not.toBe('');
  if (where !== '' && !where.endsWith('.claim')) return;
  const plural = /(?<![\d.,$])(?<!of )\b1 (?:days|weeks|rows|sessions|orders|customers|groups|tables|products|items|tests|units)\b/;
  expect(text, `${where}: ${text}`).not.toMatch(plural);
}

function textOf(html: string): string {
  return html.replace(/<style[\s\S]*?<\/style>|<pre[\s\S]*?<\/pre>|<code[\s\S]*?<\/code>/g, ' ').replace(/<[^>]*>/g, ' ');
}
