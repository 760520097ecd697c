import { expect, test } from 'vitest';
import { openDuckDB } from '#warehouse/duckdb.ts';
import { testModels } from '#warehouse/quality.ts';
import { scratch } from '../models.ts';
import { corner, later, saoPaulo, utc } from './corner.ts';
import { addRaw, build, engineOf, type Moment, type Raw, values } from './shop.ts';

const types: Record<string, string> = {
  string: 'VARCHAR',
  int64: 'BIGINT',
  float64: 'DOUBLE',
  numeric: 'DECIMAL(18,2)',
  bool: 'BOOLEAN',
  date: 'DATE',
  timestamp: 'TIMESTAMP',
};

const customer = corner.users![0]!;
const order = corner.orders![1]!;
const degenerate: [string, Raw][] = [
  ['an empty shop', {}],
  ['one customer', { users: [customer] }],
  ['one order', { users: [customer], orders: [order], order_items: [corner.order_items![1]!], products: [corner.products![0]!] }],
  ['orders without a customer', { ...corner, orders: corner.orders!.map((row, i) => (i % 2 === 0 ? row.with(1, null) : row)) }],
  ['one order of nobody, of no product', { orders: [order], order_items: [corner.order_items![1]!] }],
  [
    'all orders cancelled',
    {
      ...corner,
      orders: corner.orders!.map((row) => row.with(2, 'Cancelled')),
      order_items: corner.order_items!.map((row) => row.with(3, 'Cancelled')),
    },
  ],
  ['no events', { ...corner, events: [] }],
  ['no distribution centres, no stock', { ...corner, distribution_centers: [], inventory_items: [] }],
  [
    'nothing before the wall',
    { ...corner, orders: [], order_items: [], events: corner.events!.slice(10, 11), users: corner.users!.slice(3) },
  ],
  [
    'no sequence numbers, no costs',
    { ...corner, events: corner.events!.map((row) => row.with(3, null)), products: corner.products!.map((row) => row.with(6, null)) },
  ],
];

const failures = async (raw: Raw, moment: Moment) => {
  const engine = await engineOf();
  await addRaw(engine, raw);
  const models = await build(engine, moment);
  const keys = Object.fromEntries(models.map(({ name }) => [name, name.padEnd(16)]));
  const { results, skipped } = await testModels({ engine, models, keys, folder: scratch(), ...moment });
  expect(skipped).toEqual([]);
  return results.filter(({ passed }) => !passed).map(({ model, test, column, severity }) => `${severity} ${model} ${test} ${column}`);
};

test.each([utc, saoPaulo, later])('data tests pass on the corner cases: $timezone, $asOf', async (moment) => {
  expect(await failures(corner, moment)).toEqual([]);
});

test.each(degenerate)('no data test stops %s', async (_, raw) => {
  expect((await failures(raw, utc)).filter((failure) => failure.startsWith('stop'))).toEqual([]);
});

test('without products and customers sums that need them are warned of; nothing refers to an empty table', async () => {
  const [, raw] = degenerate.find(([name]) => name.startsWith('one order of nobody'))!;
  expect((await failures(raw, utc)).toSorted()).toEqual([
    'warn customer_metrics reconciliation revenue_equals_days',
    'warn order_items_enriched not_null cost_amount',
    'warn product_performance reconciliation units_equal_days',
  ]);
});

test('a negative price is warned of', async () => {
  const items = corner.order_items!.map((row, i) => (i === 1 ? row.with(4, -20) : row));
  expect(await failures({ ...corner, order_items: items }, utc)).toContain('warn stg_order_items reconciliation prices_are_not_negative');
});

test('an unknown status stops', async () => {
  const orders = corner.orders!.map((row, i) => (i === 1 ? row.with(2, 'Lost') : row));
  expect(await failures({ ...corner, orders }, utc)).toContain('stop stg_orders accepted_values status');
});

test('every model has exactly the columns and types that are described', async () => {
  const engine = await engineOf();
  await addRaw(engine, corner);
  for (const { name, columns } of await build(engine, saoPaulo)) {
    const described = columns.map((column) => [column.name, types[column.type]]);
    expect([name, await values(engine, `select column_name, column_type from (describe ${name})`)]).toEqual([name, described]);
  }
});

test('content is the same with one thread and with four', async () => {
  const contents: string[][] = [];
  for (const threads of [1, 4]) {
    const engine = await openDuckDB({ threads });
    await addRaw(engine, corner);
    const models = await build(engine, utc);
    const hashes = models.map(
      async ({ name }) =>
        `${name} ${(await engine.columns(`select coalesce(bit_xor(hash(t)), 0)::varchar as content from ${name} as t`)).content![0]}`,
    );
    contents.push(await Promise.all(hashes));
    engine.close();
  }
  expect(contents[1]).toEqual(contents[0]);
});
