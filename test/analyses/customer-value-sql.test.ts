import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filesSource } from '#source/files.ts';
import { takeSnapshot } from '#source/snapshot.ts';
import { thelook } from '#source/thelook.ts';
import { openDuckDB } from '#warehouse/duckdb.ts';
import type { Columns, Engine } from '#warehouse/engine.ts';
import { materialize } from '#warehouse/materialize.ts';
import { loadModels } from '#warehouse/model.ts';
import { renderSql } from '#warehouse/render.ts';
import analysis from '../../analyses/customer-value/analysis.ts';

const moment = { wall: '2026-08-17 00:00:00', asOf: '2026-08-16', week: '2026-08-10', timezone: 'UTC' };
const folder = resolve(import.meta.dirname, '../../analyses/customer-value');
const relation = 'value-model:scores';

/** Rows of a query of the analysis. */
async function rowsOf(engine: Engine, file: string, params: Record<string, number> = {}): Promise<Record<string, unknown>[]> {
  const sql = renderSql(readFileSync(join(folder, file), 'utf8'), {
    ...{ dialect: 'duckdb', ...moment, label: file, params: { ...analysis.params, ...params } },
    ref: (name) => `"${name}"`,
    relation: (from, name) => `"${from}:${name}"`,
    source: (table) => table,
  });
  const columns: Columns = await engine.columns(sql, file);
  const length = Object.values(columns)[0]?.length ?? 0;
  return Array.from({ length }, (_, i) => Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, values[i]])));
}

/** Scores that a test can work out by heart: value is (x + 1) × (10 + m/2). */
async function scores(engine: Engine): Promise<void> {
  await engine.run(`
    create or replace table "${relation}" as
    select
      cast(x as integer) as x, cast(t_x_days as integer) as t_x_days, cast(t_days as integer) as t_days,
      case when x = 0 then 0.4 else 0.8 end as p_alive, 0.25 as purchases_90, 0.2 as p_purchase_90, 1.0 + x as purchases_365,
      1.0 + x as discounted_365, 10.0 as spend_base, 0.5 as spend_own, 0.5 as low_365, 2.0 as high_365, 20.0 as scale_base, 1.0 as scale_own
    from (select distinct x, t_x_days, t_days from customer_value_base)`);
  await engine.run(`create or replace table "value-segment:segments" as select 'a' as customer_id, 'high' as segment`);
}

describe('queries of customer value, on five customers', () => {
  let engine: Engine;

  beforeAll(async () => {
    engine = await openDuckDB();
    await engine.run(`
      create table purchase_days as
      select customer_id, cast(day as date) as order_date, cast(amount as decimal(18, 2)) as net_amount, 1 as orders
      from (values
        ('a', '2026-08-01', 100), ('a', '2026-08-10', 40), ('b', '2026-05-19', 60), ('c', '2026-05-18', 60),
        ('d', '2025-07-01', 50), ('d', '2025-08-01', 30), ('d', '2026-01-01', 70), ('e', '2025-08-16', 80)
      ) as t(customer_id, day, amount)`);
    const base = (await loadModels('thelook')).find(({ name }) => name === 'customer_value_base')!;
    const sql = renderSql(base.sql, { dialect: 'duckdb', ...moment, ref: (name) => `"${name}"`, source: (name) => name });
    await engine.run(`create table customer_value_base as ${sql}`);
    await engine.run(`
      create table customer_metrics as
      select * from (values
        ('a', 'France', 'Bretagne', 'Search', 'Jeans'), ('b', 'France', 'Bretagne', 'Email', 'Jeans'), ('c', 'Chile', 'Maule', 'Search', 'Hats'),
        ('d', 'Chile', 'Maule', 'Search', null), ('e', 'Chile', 'Maule', 'Search', 'Hats')
      ) as t(customer_id, country, region, source, first_category)`);
    await scores(engine);
  });

  afterAll(() => engine.close());

  it('new means fewer than ninety days since the first purchase', async () => {
    const [old, fresh] = await rowsOf(engine, 'totals.sql');
    // a: 2 × (10 + 20) = 60, b: 10; the 19th of May is 89 days before the 16th of August, the 18th is 90.
    expect(fresh).toMatchObject({ is_new: true, customers: 2, scored: 2, repeaters: 1, total_value: 200, value_365: 70 });
    // c: 10, d: 3 × (10 + 25) = 105, e: 10. A usual purchase: 490 over 8.
    expect(old).toMatchObject({ is_new: false, customers: 3, value_365: 125, usual: 61.25 });
    expect(fresh!.single_moment).toBeCloseTo((60 * 30 + 10 * 10) / 2 / 61.25 ** 2, 6);
    expect(fresh!.pair_moment).toBeCloseTo((2 * (60 ** 2 + 10 ** 2)) / 2 / 61.25 ** 2, 6);
  });

  it('lists by expected value, ties by id, with the interval of each', async () => {
    const list = await rowsOf(engine, 'list.sql');
    expect(list.map(({ customer_id, value_365, value_low, value_high }) => [customer_id, value_365, value_low, value_high])).toEqual([
      ['a', 60, 30, 120],
      ['b', 10, 10, 40],
    ]);
    expect(list[0]).toMatchObject({ recency_days: 6, country: 'France', source: 'Search', first_category: 'Jeans', first_value: 100 });
    expect(await rowsOf(engine, 'list.sql', { top: 1 })).toHaveLength(1);
  });

  it('compares groups with those who came in the same thirty days, and adds up in each dimension', async () => {
    const groups = await rowsOf(engine, 'groups.sql');
    for (const dimension of ['source', 'country', 'region', 'category']) {
      const own = groups.filter((row) => row.dimension === dimension);
      expect(own.reduce((sum, row) => sum + Number(row.customers), 0)).toBe(3);
      expect(own.reduce((sum, row) => sum + Number(row.value_365), 0)).toBe(80);
      expect(own.reduce((sum, row) => sum + Number(row.customers) * Number(row.beyond_mean), 0)).toBeCloseTo(0, 5);
    }
  });

  it('parts customers by value if active and by activity', async () => {
    // If active: d 105/0.8 = 131.25, a 75, the others 25. One of five is the highest fifth. d last bought 227 days ago.
    const rows = await rowsOf(engine, 'actions.sql');
    expect(rows.map(({ is_high, is_active, customers, potential }) => [is_high, is_active, customers, potential])).toEqual([
      [true, true, 1, 131.25],
      [false, true, 1, 75],
      [false, false, 3, 75],
    ]);
    await engine.run(`update "${relation}" set p_alive = 1`);
    const all = await rowsOf(engine, 'actions.sql');
    expect(all.map(({ is_active }) => is_active)).toEqual([true, true]);
    await scores(engine);
  });

  it('finds who was new a year ago, as known then, and what came since', async () => {
    const rows = await rowsOf(engine, 'year_ago.sql');
    // d: first purchase 411 days ago, 46 days before the day a year ago; one repeat of 30 then, 70 since. e: that very day; nothing since.
    expect(
      rows.map(({ is_top, repeats, customers, later_value, expected }) => [is_top, repeats, customers, later_value, expected]),
    ).toEqual([
      [true, 1, 1, 70, 50],
      [false, 0, 1, 0, 10],
    ]);
  });

  it('exports every customer, with scores unknown where there are none', async () => {
    await engine.run(`delete from "${relation}" where x = 2`);
    const customers = await rowsOf(engine, 'customers.sql');
    expect(customers.map(({ customer_id, value_365, is_new, segment }) => [customer_id, value_365, is_new, segment])).toEqual([
      ['a', 60, true, 'high'],
      ['b', 10, true, null],
      ['c', 10, false, null],
      ['d', null, false, null],
      ['e', 10, false, null],
    ]);
    expect(Object.keys(customers[0]!)).toEqual(
      'customer_id first_order_date last_order_date x t_x_days t_days recency_days m total_value p_alive purchases_90 p_purchase_90 purchases_365 value_365 value_low value_high is_new segment country region source first_category'.split(
        ' ',
      ),
    );
    await scores(engine);
  });

  it('has rows of the same shape in an empty shop', async () => {
    await engine.run('delete from customer_value_base');
    await engine.run('delete from purchase_days');
    for (const file of ['totals.sql', 'list.sql', 'steps.sql', 'groups.sql', 'weeks.sql', 'actions.sql', 'year_ago.sql', 'customers.sql']) {
      expect(await rowsOf(engine, file), file).toEqual([]);
    }
  });
});

const data = resolve(import.meta.dirname, '../../../shared/data/thelook');
const reason = existsSync(data) ? '' : ' (skipped: ../shared/data/thelook is not there)';

describe.skipIf(reason)(`customer value of theLook${reason}`, () => {
  const at = mkdtempSync(join(tmpdir(), 'lookbook-value-'));
  let engine: Engine;

  beforeAll(async () => {
    const snapshot = await takeSnapshot(filesSource({ data, format: thelook }), at, () => {});
    engine = await openDuckDB();
    const raw = Object.entries(snapshot.tables).map(([name, { file }]) => [name, { path: file, fingerprint: name }] as const);
    await materialize({
      ...moment,
      engine,
      folder: join(at, 'models'),
      models: await loadModels('thelook'),
      need: ['customer_value_base'],
      snapshot: Object.fromEntries(raw),
    });
    await scores(engine);
    await engine.run(`
      create view own as
      with items as (
        select
          o.user_id, o.order_id, o.created_at::date as day, round(i.sale_price, 2) as price,
          coalesce(i.returned_at, o.created_at) < timestamp '${moment.wall}' and o.status = 'Returned' as is_back
        from '${data}/orders.parquet' as o join '${data}/order_items.parquet' as i using (order_id)
        where o.status <> 'Cancelled' and o.created_at < timestamp '${moment.wall}'
      ),
      purchases as (
        select user_id, order_id, day, sum(case when is_back then 0 else price end) as net
        from items group by all having count(*) filter (not is_back) > 0
      ),
      days as (select user_id, day, sum(net) as net from purchases group by all),
      firsts as (select *, min(day) over (partition by user_id) as first_day from days)
      select
        user_id, first_day, count(*) - 1 as x, sum(net) as total,
        coalesce(avg(net) filter (day > first_day), 0) as m
      from firsts group by all`);
  });

  afterAll(() => {
    engine.close();
    rmSync(at, { recursive: true, force: true });
  });

  it('has as many new customers, and as much money, as plain SQL on the raw files says', async () => {
    const totals = await rowsOf(engine, 'totals.sql');
    const own = await engine.columns(`
      select
        first_day > date '2026-08-16' - 90 as is_new, count(*) as customers, count(*) filter (x > 0) as repeaters, sum(total) as total,
        sum(round((1 + x) * (10 + m / 2), 2)) as value
      from own group by all order by 1`);
    for (const [i, row] of totals.entries()) {
      expect(row).toMatchObject({ is_new: own.is_new![i], customers: Number(own.customers![i]), repeaters: Number(own.repeaters![i]) });
      expect(Number(row.total_value)).toBeCloseTo(Number(own.total![i]), 1);
      expect(Number(row.value_365) / Number(own.value![i])).toBeCloseTo(1, 5);
    }
    expect(totals).toHaveLength(2);
  });

  it('has parts that add up to the whole', async () => {
    const [totals, steps, actions] = await Promise.all(['totals.sql', 'steps.sql', 'actions.sql'].map((file) => rowsOf(engine, file)));
    const sum = (rows: Record<string, unknown>[], key: string) => rows.reduce((all, row) => all + Number(row[key]), 0);
    expect(sum(steps!, 'customers')).toBe(totals![1]!.customers);
    expect(sum(actions!, 'customers')).toBe(sum(totals!, 'customers'));
    expect(sum(steps!, 'value_365')).toBeCloseTo(Number(totals![1]!.value_365), 2);
    expect(sum(actions!, 'value_365')).toBeCloseTo(sum(totals!, 'value_365'), 2);
  });
});
