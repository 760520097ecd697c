import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDuckDB } from '#warehouse/duckdb.ts';
import { type Engine, QueryError } from '#warehouse/engine.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openDuckDB({ threads: 1 });
});
afterAll(() => engine.close());

const value = async (sql: string) => (await engine.columns(`select ${sql} as x`)).x![0];

test.each([
  ['1::tinyint', 1],
  ['-3::integer', -3],
  ['9007199254740991::bigint', 9007199254740991],
  ['-9007199254740991::bigint', -9007199254740991],
  ['-1::bigint', -1],
  ['sum(2)', 2],
  ['12.34::decimal(4,2)', 12.34],
  ['-12.345::decimal(9,3)', -12.345],
  ['-7.25::decimal(18,2)', -7.25],
  ['10803612.05::decimal(38,2)', 10803612.05],
  ['-0.01::decimal(38,2)', -0.01],
  ['10803612.123456789::decimal(38,9)', 10803612.123456789],
  ['1.5::float', 1.5],
  ['0.1::double', 0.1],
  ["'a'", 'a'],
  ["''", ''],
  ["'twelve chars'", 'twelve chars'],
  ["'thirteen char'", 'thirteen char'],
  ["'ünïcødé'", 'ünïcødé'],
  ["'Größe 日本語 и другие'", 'Größe 日本語 и другие'],
  ["'a'::enum('a', 'b')", 'a'],
  ['true', true],
  ['false', false],
  ["date '2026-08-16'", '2026-08-16'],
  ["date '1969-07-20'", '1969-07-20'],
  ["timestamp '2026-08-16 09:30:00'", '2026-08-16T09:30:00Z'],
  ["timestamp '2026-08-16 09:30:00.25'", '2026-08-16T09:30:00.250Z'],
  ["timestamp '1969-12-31 23:59:59.999'", '1969-12-31T23:59:59.999Z'],
  ["timestamptz '2020-01-01 00:00:00+02'", '2019-12-31T22:00:00Z'],
  ['null', null],
  ['null::varchar', null],
  ['null::timestamp', null],
])('%s arrives as %j', async (sql, expected) => {
  expect(await value(sql)).toBe(expected);
});

test.each(['9007199254740992::bigint', '9007199254740993::hugeint', '90071992547409930.5::decimal(38,2)'])(
  '%s is refused since it would lose digits',
  async (sql) => {
    await expect(value(sql)).rejects.toThrow(/query, column x: .* is beyond 2\^53/);
  },
);

test('a type without a JS form is refused by name', async () => {
  await expect(engine.columns('select [1] as pair', 'baskets')).rejects.toThrow('baskets, column pair: type INTEGER[] has no JS form');
});

test('rows of several chunks keep their order and their nulls', async () => {
  const table = await engine.table('select i, case when i % 3 = 0 then null else i::varchar end as s from range(10000) as r(i) order by i');
  expect(table.numRows()).toBe(10_000);
  const i = table.array('i') as number[];
  const s = table.array('s') as (string | null)[];
  expect(i.every((n, at) => n === at)).toBe(true);
  expect(s.every((text, at) => text === (at % 3 === 0 ? null : String(at)))).toBe(true);
});

test('no rows give empty columns', async () => {
  expect(await engine.columns('select 1 as a, 2 as b where false')).toEqual({ a: [], b: [] });
});

test('strings go through unchanged', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.string({ unit: 'grapheme', maxLength: 20 }), { minLength: 1, maxLength: 50 }), async (strings) => {
      const safe = strings.map((s) => s.replaceAll('\0', ''));
      const rows = safe.map((s, at) => `(${at}, '${s.replaceAll("'", "''")}')`).join(', ');
      const { s } = await engine.columns(`select s from (values ${rows}) as v(n, s) order by n`);
      expect(s).toEqual(safe);
    }),
    { numRuns: 50 },
  );
});

test('decimals are the nearest doubles', async () => {
  await fc.assert(
    fc.asyncProperty(fc.bigInt({ min: -(10n ** 17n), max: 10n ** 17n }), fc.constantFrom(0, 2, 9), async (unscaled, scale) => {
      const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0');
      const cut = digits.length - scale;
      const text = `${unscaled < 0n ? '-' : ''}${digits.slice(0, cut)}${scale ? `.${digits.slice(cut)}` : ''}`;
      fc.pre(Math.abs(Number(text)) < Number.MAX_SAFE_INTEGER);
      for (const width of [18, 38]) expect(await value(`'${text}'::decimal(${width},${scale})`)).toBe(Number(text) + 0);
    }),
    { numRuns: 50 },
  );
});

test('an error names the query and quotes the line', async () => {
  const failure = await engine.columns('select i,\n  missing as y\nfrom range(2) as r(i)', 'kpi_weekly').catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(QueryError);
  expect(failure).toMatchObject({ label: 'kpi_weekly', line: 2 });
  expect(String(failure)).toMatch(/kpi_weekly, line 2: Binder Error: .*missing.*\n(.*\n)* {2}missing as y$/);
});

test('an error while rows are made names the query', async () => {
  await expect(engine.run("select cast(s as integer) from (values ('x')) as v(s)", 'stg_orders')).rejects.toThrow(
    /^stg_orders.*: Conversion Error/,
  );
});

test('overlapping calls share tables, not sessions', async () => {
  await engine.run('create table shared as select 1 as one');
  const answers = await Promise.all([1, 2, 3].map((n) => engine.columns(`select one + ${n} as x from shared`)));
  expect(answers.map(({ x }) => x![0])).toEqual([2, 3, 4]);
});

test('timestamps are UTC whatever the process says', async () => {
  expect(await value("current_setting('TimeZone')")).toBe('UTC');
});

test('closing ends what is under way', async () => {
  const other = await openDuckDB({ threads: 1 });
  await other.run('create table t as select i from range(100000) as r(i)');
  const endless = other.columns('select count(*) from t as a, t as b, t as c where a.i + b.i = c.i * 3.5', 'endless');
  const failure = expect(endless).rejects.toThrow(/endless.*INTERRUPT/);
  await new Promise((wake) => setTimeout(wake, 50));
  other.close();
  await failure;
});
