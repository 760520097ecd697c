import { readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { prune } from '#warehouse/cache.ts';
import { openDuckDB } from '#warehouse/duckdb.ts';
import type { Engine } from '#warehouse/engine.ts';
import { type Decision, type Materialized, type MaterializeOptions, materialize, modelKeys } from '#warehouse/materialize.ts';
import type { Model } from '#warehouse/model.ts';
import { model, moment, scratch, snapshotOf } from './models.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openDuckDB({ threads: 2 });
});
afterAll(() => engine.close());

const orders = 'select * from (values (3, 7, 1.5), (1, 7, 10.0), (2, 8, 2.25)) as o(order_id, user_id, amount)';
const users = "select * from (values (7, 'Spain'), (8, 'France')) as u(user_id, country)";
const models: Model[] = [
  model('stg_orders', "select order_id, user_id, amount::decimal(18, 2) as amount from {{source 'orders'}}", [
    'order_id int64',
    'user_id int64',
    'amount numeric',
  ]),
  model('stg_users', "select user_id, country from {{source 'users'}}", ['user_id int64', 'country']),
  model('spend', "select user_id, sum(amount) as amount\nfrom {{ref 'stg_orders'}}\ngroup by user_id", ['user_id int64', 'amount numeric']),
  model(
    'by_country',
    "select country, sum(amount) as amount from {{ref 'spend'}} join {{ref 'stg_users'}} using (user_id) group by country",
    ['country', 'amount numeric'],
  ),
  model('as_of_day', 'select {{as_of}} as day', ['day date']),
];

async function run(
  options: Partial<MaterializeOptions> & { folder: string; raw?: Record<string, string> },
): Promise<Materialized & { why: Record<string, string> }> {
  const { raw = { orders, users }, ...rest } = options;
  const snapshot = await snapshotOf(rest.engine ?? engine, join(options.folder, '..', 'raw'), raw);
  const decisions: Decision[] = [];
  const done = await materialize({ engine, models, snapshot, ...moment, log: (decision) => decisions.push(decision), ...rest });
  return { ...done, why: Object.fromEntries(decisions.map(({ model, why }) => [model, why]).sort()) };
}

const edited = (name: string, from: string, to: string) =>
  models.map((m) => (m.name === name ? { ...m, sql: m.sql.replace(from, to) } : m));

test('a first run builds what is wanted, and no more', async () => {
  const folder = join(scratch(), 'cache');
  const { built, reused, why, keys } = await run({ folder, need: ['by_country'] });
  expect(built).toEqual(['spend', 'by_country']);
  expect(reused).toEqual([]);
  expect(why).toEqual({ spend: 'first run', by_country: 'first run' });
  expect(Object.keys(keys)).toEqual(['stg_orders', 'stg_users', 'spend', 'by_country']);
  expect(await engine.columns('select country, amount from by_country order by country')).toEqual({
    country: ['France', 'Spain'],
    amount: [2.25, 11.5],
  });
});

test('nothing changed: all is reused and still readable', async () => {
  const folder = join(scratch(), 'cache');
  const first = await run({ folder });
  const other = await openDuckDB({ threads: 1 });
  const second = await run({ folder, engine: other });
  expect(second.built).toEqual([]);
  expect(second.reused.sort()).toEqual(['as_of_day', 'by_country', 'spend']);
  expect(second.keys).toEqual(first.keys);
  expect(new Set(Object.values(second.why))).toEqual(new Set(['nothing changed']));
  expect(await other.columns('select user_id, amount from spend order by user_id')).toEqual({ user_id: [7, 8], amount: [11.5, 2.25] });
  other.close();
});

test.each<[string, Partial<MaterializeOptions> & { raw?: Record<string, string> }, Record<string, string>]>([
  [
    'an edited mart',
    { models: edited('by_country', 'sum(amount)', 'max(amount)') },
    { by_country: 'sql changed', spend: 'nothing changed', as_of_day: 'nothing changed' },
  ],
  [
    'an edited staging view',
    { models: edited('stg_orders', 'amount::', '2 * amount::') },
    { spend: 'model changed (stg_orders)', by_country: 'model changed (stg_orders)', as_of_day: 'nothing changed' },
  ],
  [
    'another input',
    { raw: { orders, users: users.replace('France', 'Italy') } },
    { spend: 'nothing changed', by_country: 'input changed (users)', as_of_day: 'nothing changed' },
  ],
  [
    'two inputs',
    { raw: { orders: orders.replace('10.0', '11.0'), users: users.replace('France', 'Italy') } },
    { spend: 'input changed (orders)', by_country: 'input changed (orders), input changed (users)', as_of_day: 'nothing changed' },
  ],
  ['another day', { asOf: '2026-08-15' }, { spend: 'nothing changed', by_country: 'nothing changed', as_of_day: 'as-of changed' }],
])('%s rebuilds only what depends on it', async (_, change, expected) => {
  const folder = join(scratch(), 'cache');
  await run({ folder });
  const { built, why } = await run({ folder, ...change });
  expect(why).toEqual(Object.fromEntries(Object.entries(expected).sort()));
  expect(built.sort()).toEqual(
    Object.keys(expected)
      .filter((name) => expected[name] !== 'nothing changed')
      .sort(),
  );
});

test('another engine version rebuilds everything, and going back finds the old files', async () => {
  const folder = join(scratch(), 'cache');
  await run({ folder });
  const newer = { ...engine, version: 'v9' };
  expect(new Set(Object.values((await run({ folder, engine: newer })).why))).toEqual(new Set(['engine changed']));
  const back = await run({ folder });
  expect(back.built).toEqual([]);
  expect(new Set(Object.values(back.why))).toEqual(new Set(['found from an earlier run']));
});

const file = (folder: string, name: string) => join(folder, readdirSync(folder).find((entry) => entry.startsWith(`${name}-`))!);

test.each<[string, (path: string) => void]>([
  ['cut short', (path) => truncateSync(path, statSync(path).size - 20)],
  ['empty', (path) => truncateSync(path, 0)],
  [
    'with one byte flipped',
    (path) => {
      const bytes = readFileSync(path);
      bytes[20]! ^= 1;
      writeFileSync(path, bytes);
    },
  ],
])('a file that is %s is made again', async (_, damage) => {
  const folder = join(scratch(), 'cache');
  await run({ folder });
  const before = readFileSync(file(folder, 'spend'));
  damage(file(folder, 'spend'));
  const { built, why } = await run({ folder });
  expect(built).toEqual(['spend']);
  expect(why).toMatchObject({ spend: 'its file is damaged', by_country: 'nothing changed' });
  expect(readFileSync(file(folder, 'spend')).equals(before)).toBe(true);
});

test('without an index, files are not trusted', async () => {
  const folder = join(scratch(), 'cache');
  await run({ folder });
  writeFileSync(join(folder, 'index.json'), '{ torn');
  expect((await run({ folder })).built.sort()).toEqual(['as_of_day', 'by_country', 'spend']);
});

test('bytes depend neither on threads, nor on the folder', async () => {
  const wide = [
    model(
      'wide',
      "select hash(i)::varchar as id, i % 7 as bucket, (i * 1.37)::decimal(18, 2) as amount, ['a', 'bb', null][i % 3 + 1] as word from range(300000) as r(i)",
      ['id', 'bucket int64', 'amount numeric', 'word'],
    ),
    model(
      'grouped',
      "select bucket, word, count(*) as n, sum(amount) as amount from {{ref 'wide'}} group by bucket, word",
      ['bucket int64', 'word', 'n int64', 'amount numeric'],
      { key: ['bucket', 'word'] },
    ),
  ];
  const bytes = async (threads: number) => {
    const folder = join(scratch(), `cache-${threads}`);
    const one = await openDuckDB({ threads });
    await materialize({ engine: one, models: wide, snapshot: {}, folder, ...moment });
    one.close();
    return ['wide', 'grouped'].map((name) => readFileSync(file(folder, name)));
  };
  const [a, b] = [await bytes(1), await bytes(2)];
  expect(a.map((content, i) => content.equals(b[i]!))).toEqual([true, true]);
});

test('a model that fails is named with its line, leaves no file, and keeps what was made', async () => {
  const folder = join(scratch(), 'cache');
  await expect(run({ folder, models: edited('by_country', 'join', '\njoin elsewhere.') })).rejects.toThrow(/^by_country, line 2: /);
  expect(readdirSync(folder).filter((name) => name.includes('tmp') || name.startsWith('by_country'))).toEqual([]);
  const { built, reused } = await run({ folder });
  expect(built).toEqual(['by_country']);
  expect(reused.sort()).toEqual(['as_of_day', 'spend']);
});

test('an unknown model and a missing raw table are named', async () => {
  const folder = join(scratch(), 'cache');
  await expect(run({ folder, need: ['nowhere'] })).rejects.toThrow("there is no model 'nowhere'");
  await expect(run({ folder, raw: { orders } })).rejects.toThrow("stg_users: the snapshot has no table 'users'");
});

test('pruning keeps what the newest runs used', async () => {
  const folder = join(scratch(), 'cache');
  await run({ folder });
  await run({ folder, asOf: '2026-08-15' });
  await run({ folder, asOf: '2026-08-14' });
  writeFileSync(join(folder, 'spend-0123456789abcdef.parquet.tmp-1'), '');
  writeFileSync(join(folder, 'notes.txt'), 'mine');
  const count = () => readdirSync(folder).filter((name) => name.startsWith('as_of_day-')).length;
  expect(count()).toBe(3);
  const removed = await prune(folder, 2);
  expect(removed.map((name) => name.split('-')[0])).toEqual(['as_of_day', 'spend']);
  expect(count()).toBe(2);
  expect(readdirSync(folder)).toContain('notes.txt');
  expect((await run({ folder, asOf: '2026-08-14' })).built).toEqual([]);
});

test('keys are known before anything is made', async () => {
  const folder = join(scratch(), 'cache');
  const snapshot = await snapshotOf(engine, join(folder, '..', 'raw'), { orders, users });
  const { keys } = await run({ folder, need: ['by_country'] });
  expect(modelKeys({ models, snapshot, need: ['by_country'], ...moment })).toEqual(keys);
  expect(modelKeys({ models, snapshot, need: ['spend'], ...moment })).toEqual({ stg_orders: keys.stg_orders, spend: keys.spend });
  expect(modelKeys({ models, snapshot, need: ['spend'], ...moment }, 'v9').spend).not.toBe(keys.spend);
});
