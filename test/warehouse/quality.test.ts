import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDuckDB } from '#warehouse/duckdb.ts';
import type { Engine } from '#warehouse/engine.ts';
import { materialize } from '#warehouse/materialize.ts';
import type { ModelTest } from '#warehouse/model.ts';
import { testModels } from '#warehouse/quality.ts';
import { model, moment, scratch, snapshotOf } from './models.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openDuckDB({ threads: 1 });
});
afterAll(() => engine.close());

const users = model('stg_users', "select id as user_id from {{source 'users'}}", ['user_id int64']);
const orders = (tests: ModelTest[]) =>
  model('stg_orders', "select * from {{source 'orders'}}", ['order_id int64', 'user_id int64', 'status'], { tests });
const good = "select * from (values (1, 7, 'Complete'), (2, 8, 'Shipped')) as o(order_id, user_id, status)";
const bad = "select * from (values (1, 7, 'Complete'), (1, 9, 'Lost'), (2, null, null), (3, 9, 'Shipped')) as o(order_id, user_id, status)";
const raw = (rows: string) => ({ orders: rows, users: 'select * from (values (7), (8)) as u(id)' });

const stop = { severity: 'stop' } as const;
const everything: ModelTest[] = [
  { kind: 'unique', columns: ['order_id'], ...stop },
  { kind: 'not_null', columns: ['user_id'], ...stop },
  { kind: 'relationships', column: 'user_id', to: 'stg_users', field: 'user_id', severity: 'warn' },
  { kind: 'accepted_values', column: 'status', values: ['Complete', 'Shipped'], ...stop },
  {
    kind: 'reconciliation',
    name: 'as many users as ids',
    sql: "select 1 as x from {{ref 'stg_orders'}} having count(*) <> count(user_id)",
    ...stop,
  },
];

async function quality(rows: string, tests: ModelTest[], folder = join(scratch(), 'cache'), need = ['stg_orders', 'stg_users']) {
  const models = [users, orders(tests)];
  const snapshot = await snapshotOf(engine, join(folder, '..', 'raw'), raw(rows));
  const { keys } = await materialize({ engine, models, snapshot, folder, need, ...moment });
  const decisions: string[] = [];
  const done = await testModels({ engine, models, keys, folder, ...moment, log: ({ decision }) => decisions.push(decision) });
  return { ...done, decisions };
}

test('good rows pass', async () => {
  const { results, skipped } = await quality(good, everything);
  expect(results.map(({ test, failed, passed }) => [test, failed, passed])).toEqual(everything.map(({ kind }) => [kind, 0, true]));
  expect(skipped).toEqual([]);
});

test('each failure is counted, with the keys of its rows', async () => {
  const { results } = await quality(bad, everything);
  expect(
    results.map(({ test, column, against, severity, rows, failed, sample }) => [test, column, against, severity, rows, failed, sample]),
  ).toEqual([
    ['unique', 'order_id', '', 'stop', 4, 1, ['1']],
    ['not_null', 'user_id', '', 'stop', 4, 1, ['2']],
    ['relationships', 'user_id', 'stg_users.user_id', 'warn', 4, 2, ['1', '3']],
    ['accepted_values', 'status', 'Complete, Shipped', 'stop', 4, 1, ['1']],
    ['reconciliation', 'as many users as ids', '', 'stop', 0, 1, []],
  ]);
});

test('a unique test on two columns takes them together', async () => {
  const { results } = await quality(bad, [{ kind: 'unique', columns: ['order_id', 'user_id'], ...stop }]);
  expect(results).toMatchObject([{ column: 'order_id, user_id', failed: 0 }]);
});

test('what was tested is not tested again, until rows or tests change', async () => {
  const folder = join(scratch(), 'cache');
  expect((await quality(good, everything, folder)).decisions).toEqual(['tested']);
  const again = await quality(good, everything, folder);
  expect(again.decisions).toEqual(['reused']);
  expect(again.results).toHaveLength(5);
  expect((await quality(good, everything.slice(1), folder)).decisions).toEqual(['tested']);
  expect((await quality(bad, everything, folder)).decisions).toEqual(['tested']);
});

test('a test against a model that was not made is skipped by name', async () => {
  const { results, skipped } = await quality(good, everything, undefined, ['stg_orders']);
  expect(results).toHaveLength(4);
  expect(skipped).toEqual([{ model: 'stg_orders', test: 'relationships user_id', missing: 'stg_users' }]);
});

test('a failing reconciliation query names its model', async () => {
  const broken: ModelTest = { kind: 'reconciliation', name: 'broken', sql: "select missing from {{ref 'stg_orders'}}", ...stop };
  await expect(quality(good, [broken])).rejects.toThrow(/^tests of stg_orders, line \d+: Binder Error.*missing/);
});
