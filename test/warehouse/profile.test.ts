import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { prune } from '#warehouse/cache.ts';
import { catalogTables } from '#warehouse/catalog.ts';
import { openDuckDB } from '#warehouse/duckdb.ts';
import type { Engine } from '#warehouse/engine.ts';
import { materialize } from '#warehouse/materialize.ts';
import type { Model } from '#warehouse/model.ts';
import { profileTables } from '#warehouse/profile.ts';
import { testModels } from '#warehouse/quality.ts';
import { model, moment, scratch, snapshotOf } from './models.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openDuckDB({ threads: 1 });
});
afterAll(() => engine.close());

const customers = `select * from (values
  ('a', 'Paris', 30, timestamp '2026-01-01 10:00:00', 48.9, true),
  ('b', 'null', -1, timestamp '2026-08-17 00:00:00', -3.5, false),
  ('c', '', null, timestamp '2026-08-16 23:59:59', null, null),
  ('d', null, 40, null, 2.0, true)) as c(customer_id, city, age, created_at, latitude, known)`;
const models: Model[] = [
  model(
    'stg_customers',
    "select * from {{source 'customers'}}",
    ['customer_id', 'city', 'age int64', 'created_at timestamp', 'latitude float64', 'known bool'],
    {
      entity: 'customer',
      tests: [{ kind: 'unique', columns: ['customer_id'], severity: 'stop' }],
    },
  ),
  model('stg_orders', "select * from {{source 'orders'}}", ['order_id int64', 'customer_id', 'amount numeric', 'ordered_on date'], {
    tests: [{ kind: 'relationships', column: 'customer_id', to: 'stg_customers', field: 'customer_id', severity: 'warn' }],
  }),
  model(
    'data_exclusions',
    "select 'orders' as table_name, 'late' as reason, 2 as excluded_rows",
    ['table_name', 'reason', 'excluded_rows int64'],
    { key: ['table_name', 'reason'] },
  ),
];
const orders = `select * from (values (1, 'a', 9.5, date '2026-08-01'), (2, 'x', 0.25, date '2026-08-16'), (3, null, 1.0, null))
  as o(order_id, customer_id, amount, ordered_on)`;

async function made(folder: string, need = models.map(({ name }) => name)) {
  const snapshot = await snapshotOf(engine, join(folder, '..', 'raw'), {
    customers,
    orders: `select order_id, customer_id, amount::decimal(18, 2) as amount, ordered_on from (${orders})`,
  });
  const { keys } = await materialize({ engine, models, snapshot, folder, need, ...moment });
  const { results: tests } = await testModels({ engine, models, keys, folder, ...moment });
  const profile = await profileTables({ engine, models, keys, folder, wall: moment.wall });
  return { keys, tests, profile };
}

test('counts nulls, few values, ranges and odd values of each column', async () => {
  const { profile } = await made(join(scratch(), 'cache'));
  const of = (table: string, column: string) => profile.find((p) => p.table === table && p.column === column);
  const none = { negative: 0, future: 0, empty: 0, literalNull: 0 };
  const stg_customers = { table: 'stg_customers', rows: 4 };
  expect(of('stg_customers', 'city')).toEqual({
    ...stg_customers,
    column: 'city',
    type: 'text',
    nulls: 1,
    distinct: 3,
    min: null,
    max: null,
    ...none,
    empty: 1,
    literalNull: 1,
  });
  expect(of('stg_customers', 'age')).toEqual({
    ...stg_customers,
    column: 'age',
    type: 'number',
    nulls: 1,
    distinct: null,
    min: -1,
    max: 40,
    ...none,
    negative: 1,
  });
  expect(of('stg_customers', 'created_at')).toEqual({
    ...{ ...stg_customers, column: 'created_at', type: 'time', nulls: 1, distinct: null, ...none },
    ...{ min: '2026-01-01T10:00:00Z', max: '2026-08-17T00:00:00Z', future: 1 },
  });
  expect(of('stg_customers', 'latitude')).toMatchObject({ min: -3.5, negative: 0 });
  expect(of('stg_customers', 'known')).toMatchObject({ type: 'flag', distinct: 2, nulls: 1 });
  expect(of('stg_orders', 'order_id')).toMatchObject({ distinct: 3, min: 1, max: 3 });
  expect(of('stg_orders', 'ordered_on')).toMatchObject({ min: '2026-08-01', max: '2026-08-16' });
});

test('a profile is kept by content, through pruning too', async () => {
  const folder = join(scratch(), 'cache');
  const first = await made(folder);
  const file = () => readdirSync(folder).filter((name) => name.endsWith('.profile.json'));
  const [before] = file();
  await prune(folder, 1);
  expect(file()).toEqual([before]);
  expect((await made(folder)).profile).toEqual(first.profile);
  expect(file()).toEqual([before]);
});

test('the catalogue describes what was made', async () => {
  const folder = join(scratch(), 'cache');
  const catalog = await catalogTables({ engine, models, ...(await made(folder)) });
  expect(catalog.models.objects()).toMatchObject([
    {
      model: 'stg_customers',
      layer: 'staging',
      entity: 'customer',
      key: 'customer_id',
      rows: 4,
      latest: '2026-08-17T00:00:00Z',
      tests: 1,
      sources: 'customers',
    },
    { model: 'stg_orders', rows: 3, latest: '2026-08-16', sources: 'orders' },
    { model: 'data_exclusions', layer: 'marts', rows: 1, latest: null, sources: '' },
  ]);
  expect(catalog.relationships.objects()).toEqual([
    {
      from_model: 'stg_orders',
      from_column: 'customer_id',
      to_model: 'stg_customers',
      to_column: 'customer_id',
      cardinality: 'many to one',
      rows: 2,
      orphans: 1,
    },
  ]);
  expect(catalog.columns.objects().filter((column) => 'refers_to' in column && column.refers_to)).toEqual([
    {
      model: 'stg_orders',
      position: 2,
      column: 'customer_id',
      type: 'string',
      description: 'customer_id',
      is_key: false,
      refers_to: 'stg_customers.customer_id',
    },
  ]);
  expect(catalog.tests.objects()).toMatchObject([
    { model: 'stg_customers', test: 'unique', column: 'customer_id', rows: 4, failed: 0, passed: true },
    { model: 'stg_orders', test: 'relationships', failed: 1, passed: false },
  ]);
  expect(catalog.profile.objects()[0]).toMatchObject({ table: 'stg_customers', column: 'customer_id', distinct: 4, literal_null: 0 });
  expect(catalog.exclusions.objects()).toEqual([{ table_name: 'orders', reason: 'late', excluded_rows: 2 }]);
});

test('without the mart there are no exclusions, with the same columns', async () => {
  const folder = join(scratch(), 'cache');
  const { exclusions } = await catalogTables({ engine, models, ...(await made(folder, ['stg_orders'])) });
  expect([exclusions.numRows(), exclusions.columnNames()]).toEqual([0, ['table_name', 'reason', 'excluded_rows']]);
});
