import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDuckDB } from '#warehouse/duckdb.ts';
import type { Engine } from '#warehouse/engine.ts';
import { renderSql } from '#warehouse/render.ts';
import analysis from '../../analyses/recommendations/analysis.ts';
import { asOf, today } from './recommendations-fixture.ts';

const moment = { wall: '2026-08-17 00:00:00', asOf, week: '2026-08-10', timezone: 'UTC' };
const folder = resolve(import.meta.dirname, '../../analyses/recommendations');
let engine: Engine;

/** Rows of a query of the analysis. */
async function rowsOf(file: string, params: Record<string, number> = {}): Promise<Record<string, unknown>[]> {
  const sql = renderSql(readFileSync(join(folder, file), 'utf8'), {
    ...{ dialect: 'duckdb', ...moment, label: file, params: { ...analysis.params, ...params } },
    ref: (name) => `"${name}"`,
    relation: (from, name) => `"${from}:${name}"`,
    source: (table) => table,
  });
  const columns = await engine.columns(sql, file);
  const length = Object.values(columns)[0]?.length ?? 0;
  return Array.from({ length }, (_, i) => Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, values[i]])));
}

beforeAll(async () => {
  engine = await openDuckDB();
  await engine.run(`
    create table stg_products as select * from (values ('a'), ('b'), ('c'), ('d'), ('e')) as t(product_id);
  `);
  // u buys a, and returns b; v's c is cancelled; w's d is old; nobody's and a vanished product's rows are there too.
  await engine.run(`
    create table order_items_enriched as
    select customer_id, product_id, cast(day as date) as order_date, is_sale, is_returned, 1 as quantity,
      cast(case when is_sale then 12.5 else 0 end as decimal(18, 2)) as gross_amount, country, region
    from (values
      ('u', 'a', '2026-08-10', true, false, 'France', 'Bretagne'), ('u', 'a', '2026-08-10', true, false, 'France', 'Bretagne'),
      ('u', 'b', '2026-08-01', true, true, 'France', 'Bretagne'), ('v', 'c', '2026-08-02', false, false, 'Chile', 'Maule'),
      ('v', 'a', '2026-07-20', true, false, 'Chile', 'Maule'), ('w', 'd', '2024-01-05', true, false, 'France', 'Alsace'),
      ('w', 'gone', '2026-08-05', true, false, 'France', 'Alsace'), (null, 'a', '2026-08-03', true, false, 'France', 'Alsace')
    ) as t(customer_id, product_id, day, is_sale, is_returned, country, region)`);
  // Of u the view of a belongs to its purchase, that of c stands alone; v carted c; w's view is older than a year.
  await engine.run(`
    create table event_product_views as
    select customer_id, product_id, cast(seen as timestamp) as viewed_at, cast(seen as timestamp) as last_viewed_at, carted
    from (values
      ('u', 'a', '2026-08-09 10:00', true), ('u', 'c', '2026-08-09 11:00', false), ('u', 'c', '2026-08-09 12:00', true),
      ('u', 'a', '2026-03-01 10:00', false), ('v', 'c', '2026-08-02 10:00', true), ('w', 'd', '2025-08-10 10:00', false),
      (null, 'e', '2026-08-09 10:00', true)
    ) as t(customer_id, product_id, seen, carted)`);
  await engine.run(`
    create table stg_inventory as
    select product_id, cast(received_at as timestamp) as received_at, cast(sold_at as timestamp) as sold_at
    from (values ('a', '2026-01-01', null), ('b', '2026-02-01', '2026-08-01')) as t(product_id, received_at, sold_at)`);
  await engine.run(`
    create table product_performance as
    select product_id, 'Name ' || product_id as name, 'Acme' as brand, 'Things' as category, 'All' as department,
      cast(price as decimal(18, 2)) as list_price, units, stock_units, cast(last as date) as last_sale_date, cast(first as date) as first_sale_date
    from (values
      ('a', 10, 3, 1, '2026-08-10', '2026-07-20'), ('b', 20, 1, 0, '2026-08-01', '2026-08-01'), ('c', 30, 0, 0, null, null),
      ('d', null, 1, 0, '2024-01-05', '2024-01-05'), ('e', 50, 0, 0, null, null)
    ) as t(product_id, price, units, stock_units, last, first)`);
  await engine.run(
    `create table customer_metrics as select * from (values ('v', 'Chile', 'Maule'), ('u', 'France', 'Bretagne'), ('x', 'France', 'Alsace')) as t(customer_id, country, region)`,
  );
  await engine.run(`create table "recommendations:offered" as select * from (values ('a'), ('c'), ('e')) as t(product_id)`);
});

afterAll(() => engine.close());

const did = (customer_id: string, product_id: string, date: string, strength: number) => ({
  ...{ customer_id, product_id, day: Date.parse(`${date}T00:00:00Z`) / 86_400_000, strength },
});
const all = [
  did('u', 'a', '2026-03-01', 0),
  did('u', 'c', '2026-08-09', 1),
  did('u', 'a', '2026-08-10', 2),
  did('v', 'a', '2026-07-20', 2),
  did('v', 'c', '2026-08-02', 1),
  did('w', 'd', '2024-01-05', 2),
];

describe('interactions', () => {
  test('a row a customer, product and day; the view that led to a purchase belongs to it', async () => {
    expect(await rowsOf('interactions.sql')).toEqual(all);
  });

  test('of more customers than the bound some are read, and the others stand in the histories', async () => {
    expect(await rowsOf('histories.sql')).toEqual([]);
    const [read, kept] = [await rowsOf('interactions.sql', { customers: 2 }), await rowsOf('histories.sql', { customers: 2 })];
    expect(read).toEqual(all.filter(({ customer_id }) => customer_id !== 'w'));
    expect(kept).toEqual([{ customer_id: 'w', product_id: 'd', day: '2024-01-05', kind: 'purchase' }]);
  });
});

test('the catalogue: offered while in stock, or else sold or viewed within half a year', async () => {
  const rows = await rowsOf('catalogue.sql');
  expect(rows.map(({ product_id, is_offered }) => [product_id, is_offered])).toEqual([
    ['a', true],
    ['b', false],
    ['c', true],
    ['d', false],
    ['e', true],
  ]);
  expect(rows.map(({ price }) => price)).toEqual([10, 20, 30, 12.5, 50]);
  expect(rows.map(({ customers }) => customers)).toEqual([2, 0, 0, 1, 0]);
  const seen = ['2026-01-01', '2026-02-01', '2026-08-02', '2024-01-05', '2026-08-09'];
  expect(rows.map(({ first_day }) => first_day)).toEqual(seen.map((date) => Date.parse(`${date}T00:00:00Z`) / 86_400_000));
  expect(rows.every(({ first_day }) => Number(first_day) <= today)).toBe(true);
});

test('what is popular in each region, each country and the shop, of what is offered', async () => {
  const row = (country: string | null, region: string | null, customers: number) => ({
    country,
    region,
    place: 1,
    product_id: 'a',
    customers,
  });
  expect(await rowsOf('popular.sql')).toEqual([
    row(null, null, 2),
    row('Chile', null, 1),
    row('Chile', 'Maule', 1),
    row('France', null, 1),
    row('France', 'Bretagne', 1),
  ]);
});

test('everybody’s region, with or without a history', async () => {
  expect(await rowsOf('customers.sql')).toEqual([
    { customer_id: 'u', country: 'France', region: 'Bretagne' },
    { customer_id: 'v', country: 'Chile', region: 'Maule' },
    { customer_id: 'x', country: 'France', region: 'Alsace' },
  ]);
});
