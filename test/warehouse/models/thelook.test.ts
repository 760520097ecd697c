import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDuckDB } from '#warehouse/duckdb.ts';
import type { Engine } from '#warehouse/engine.ts';
import { build, rawTables, rows, values } from './shop.ts';

const thelook = new URL('../../../../shared/data/thelook/', import.meta.url);
const absent = existsSync(thelook) ? '' : ' (../shared/data/thelook is absent)';

/** Totals of theLook's export, all of its rows, against numbers that were measured on the raw tables apart from the models. */
describe.skipIf(absent)(`theLook${absent}`, () => {
  let engine: Engine;

  beforeAll(async () => {
    engine = await openDuckDB();
    for (const name of rawTables) await engine.run(`create view raw_${name} as select * from '${thelook.pathname}${name}.parquet'`);
    await build(engine, { wall: '2026-09-01 00:00:00', asOf: '2026-08-31', week: '2026-08-24', timezone: 'UTC' });
  });
  afterAll(() => engine?.close());

  test('orders by status', async () => {
    expect(
      await values(
        engine,
        'select status, round(100 * count(*) / sum(count(*)) over (), 2) as share from user_orders group by status order by status',
      ),
    ).toEqual([
      ['Cancelled', 15.05],
      ['Complete', 25.08],
      ['Processing', 20.09],
      ['Returned', 10.13],
      ['Shipped', 29.65],
    ]);
  });

  test('gross sales with cancelled orders, and what sales come to', async () => {
    const [found] = await rows(engine, 'select round(sum(unit_price)) as amount, count(*) as items from stg_order_items');
    expect(found).toEqual({ amount: 10_803_612, items: 181_040 });
    const [sales] = await rows(
      engine,
      "select sum(gross_amount) as models, (select sum(round(sale_price, 2)::decimal(18, 2)) from raw_order_items where status <> 'Cancelled') as raw from order_items_enriched",
    );
    expect(sales!.models).toBe(sales!.raw);
  });

  test('orders per customer', async () => {
    const sql = 'select orders + cancelled_orders as placed, count(*) as customers from customer_metrics group by placed order by placed';
    expect(await values(engine, sql)).toEqual([
      [0, 20_103],
      [1, 50_060],
      [2, 19_898],
      [3, 4_928],
      [4, 5_011],
    ]);
  });

  test('sessions, product views and purchases that outnumber sales', async () => {
    const sql =
      'select count(*) as sessions, sum(events) as events, count(product_id) as viewing, count(*) filter (where reached_purchase) as purchases from sessions';
    const [found] = await rows(engine, sql);
    expect(found).toEqual({ sessions: 681_040, events: 2_425_537, viewing: 681_040, purchases: 181_040 });
    const [long] = await rows(engine, 'select count(*) as sessions from sessions where duration_seconds > 86400');
    expect(long!.sessions).toBe(75_217);
    const [sold] = await rows(engine, 'select count(*) as items from order_items_enriched where is_sale');
    expect(Number(sold!.items)).toBeLessThan(181_040);
  });

  test('names, places and countries are cleaned', async () => {
    expect(await values(engine, 'select count(*) as cities from stg_customers where city is null')).toEqual([[984]]);
    expect(
      await values(
        engine,
        "select country, count(*) as n from stg_customers where country in ('España', 'Spain', 'Brasil', 'Brazil') group by 1 order by 1",
      ),
    ).toEqual([
      ['Brazil', 14_618],
      ['Spain', 4_024],
    ]);
    expect(
      await values(
        engine,
        "select count(*) filter (where name like 'Unnamed product %') as names, count(*) filter (where brand = 'No brand') as brands from stg_products",
      ),
    ).toEqual([[2, 24]]);
  });

  test('weekly net revenue equals a computation over the raw rows in TypeScript', async () => {
    const items = await engine.columns(
      `select strftime(orders.created_at, '%Y-%m-%d') as ordered, strftime(items.returned_at, '%Y-%m-%d') as returned, items.status, items.sale_price as price
       from raw_order_items as items join raw_orders as orders using (order_id) order by items.id`,
    );
    const cents = new Map<string, number>();
    const add = (day: string, amount: number) => cents.set(monday(day), (cents.get(monday(day)) ?? 0) + amount);
    items.status!.forEach((status, i) => {
      if (status === 'Cancelled') return;
      const amount = Math.round(Number(items.price![i]) * 100);
      add(String(items.ordered![i]), amount);
      if (status === 'Returned') add(String(items.returned![i] ?? items.ordered![i]), -amount);
    });
    const weeks = await rows(engine, 'select week, net_revenue from kpi_weekly where orders > 0 or refund_amount > 0 order by week');
    expect(weeks.map(({ week, net_revenue }) => [week, Math.round(Number(net_revenue) * 100)])).toEqual(
      [...cents].toSorted(([a], [b]) => (a < b ? -1 : 1)),
    );
  });

  test('purchase histories equal a computation over the raw rows in TypeScript', async () => {
    const items = await engine.columns(
      `select orders.user_id as customer, datediff('day', date '2000-01-01', orders.created_at::date) as day, items.sale_price as price
       from raw_order_items as items join raw_orders as orders using (order_id)
       where items.status not in ('Cancelled', 'Returned') order by items.id`,
    );
    const asOf = Math.round((Date.parse('2026-08-31') - Date.parse('2000-01-01')) / 86_400_000);
    const days = new Map<number, Map<number, number>>();
    items.customer!.forEach((customer, i) => {
      const own = days.get(Number(customer)) ?? new Map<number, number>();
      const day = Number(items.day![i]);
      own.set(day, (own.get(day) ?? 0) + Math.round(Number(items.price![i]) * 100));
      days.set(Number(customer), own);
    });
    const expected = [...days]
      .toSorted(([a], [b]) => a - b)
      .map(([customer, own]) => {
        const bought = [...own.keys()].toSorted((a, b) => a - b);
        const [first, last] = [bought[0]!, bought.at(-1)!];
        const total = [...own.values()].reduce((sum, cents) => sum + cents, 0);
        return [customer, bought.length - 1, last - first, asOf - first, own.get(first)!, total];
      });
    const found = await engine.columns(
      `select customer_id::bigint as customer, x, t_x_days, t_days, (first_value * 100)::bigint as first, (total_value * 100)::bigint as total
       from customer_value_base order by customer`,
    );
    const columns = Object.values(found);
    expect(columns[0]!.map((_, i) => columns.map((column) => column[i]))).toEqual(expected);
  });
});

function monday(day: string): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 6) % 7));
  return date.toISOString().slice(0, 10);
}
