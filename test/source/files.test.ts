import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { type Complaint, LookbookError } from '#contract/error.ts';
import { type Duck, literal, openDuck } from '#source/duck.ts';
import { filesSource } from '#source/files.ts';
import { type Snapshot, takeSnapshot } from '#source/snapshot.ts';
import { thelook } from '#source/thelook.ts';
import { scratch } from '../scratch.ts';
import { csvOf, hostileNames, type Kind, personalMark, type RawShop, tinyShop, writeShop } from './fixture.ts';

const duck: Duck = await openDuck();
afterAll(() => duck[Symbol.asyncDispose]());

const kinds: Kind[] = ['parquet', 'csv', 'csv.gz'];

function snap(data: string, out = scratch(), log: (line: string) => void = () => {}): Promise<Snapshot> {
  return takeSnapshot(filesSource({ data, format: thelook }), out, log);
}

function rowsOf(snapshot: Snapshot, table: string, columns = '*'): Promise<Record<string, unknown>[]> {
  return duck.rows(`select ${columns} from ${literal(snapshot.tables[table]!.file)}`);
}

async function complaintsOf(data: string): Promise<Complaint[]> {
  const error = await snap(data).then(
    () => undefined,
    (thrown) => thrown,
  );
  expect(error).toBeInstanceOf(LookbookError);
  expect(error.exitCode).toBe(3);
  expect(error.message).not.toContain(personalMark);
  expect(error.message).not.toMatch(/LINE 1:|Candidate|read_csv|ignore_errors/);
  return error.complaints;
}

/** The tiny shop as CSV, with some files' text changed or put in. */
async function withText(
  changes: Record<string, string | Buffer | ((text: string) => string)>,
  shop: RawShop = tinyShop(),
): Promise<string> {
  const folder = await writeShop(shop, 'csv');
  for (const [name, change] of Object.entries(changes)) {
    const path = join(folder, name);
    writeFileSync(path, typeof change === 'function' ? change(readFileSync(path, 'utf8')) : change);
  }
  return folder;
}

function without(table: string): RawShop {
  const shop = tinyShop();
  delete shop[table];
  return shop;
}

function withoutColumn(table: string, column: string): RawShop {
  const shop = tinyShop();
  shop[table] = shop[table]!.map(({ [column]: _, ...row }) => row);
  return shop;
}

function changed(table: string, change: (rows: RawShop[string]) => RawShop[string]): RawShop {
  const shop = tinyShop();
  return { ...shop, [table]: change(shop[table]!) };
}

test.each(kinds)('reads the tiny shop from %s', async (kind) => {
  const snapshot = await snap(await writeShop(tinyShop(), kind));
  const rows = Object.fromEntries(Object.entries(snapshot.tables).map(([name, table]) => [name, table.rows]));
  expect(rows).toEqual({ users: 6, products: 5, orders: 10, order_items: 12, events: 9, inventory_items: 4, distribution_centers: 2 });
  expect(snapshot.capabilities).toEqual(['orders', 'products', 'events', 'costs', 'geography', 'inventory', 'deliveries', 'returns']);
  expect(snapshot.missing).toEqual({});
  expect(snapshot.warnings).toEqual([]);
  expect([snapshot.firstOrderAt, snapshot.lastOrderAt]).toEqual(['2026-06-01T08:00:00.000Z', '2026-06-28T21:59:59.500Z']);
  expect(await rowsOf(snapshot, 'products', 'name, brand, cost, retail_price')).toEqual(
    tinyShop().products!.map(({ name, brand, cost, retail_price }) => ({ name, brand, cost, retail_price })),
  );
  expect((await rowsOf(snapshot, 'products', 'name')).map(({ name }) => name)).toEqual(hostileNames);
});

test('Parquet, CSV and CSV.gz give the same rows', async () => {
  const snapshots = await Promise.all(kinds.map(async (kind) => snap(await writeShop(tinyShop(), kind))));
  const all = await Promise.all(snapshots.map((one) => Promise.all(thelook.tables.map(({ name }) => rowsOf(one, name)))));
  expect(all[1]).toEqual(all[0]);
  expect(all[2]).toEqual(all[0]);
});

test.each(kinds)('leaves personal columns behind (%s)', async (kind) => {
  const snapshot = await snap(await writeShop(tinyShop(), kind));
  const personal = thelook.tables.flatMap(({ columns }) => columns.filter(({ use }) => use === 'personal').map(({ name }) => name));
  expect(personal).toEqual(
    expect.arrayContaining(['first_name', 'last_name', 'email', 'street_address', 'postal_code', 'ip_address', 'user_geom']),
  );
  for (const { file, columns } of Object.values(snapshot.tables)) {
    const schema = await duck.rows(`select name from parquet_schema(${literal(file)})`);
    expect(schema.map(({ name }) => name).filter((name) => personal.includes(String(name)))).toEqual([]);
    expect(columns.map(({ name }) => name).filter((name) => personal.includes(name))).toEqual([]);
    expect(readFileSync(file).includes(personalMark)).toBe(false);
  }
  expect(readFileSync(join(snapshot.folder, 'snapshot.json'), 'utf8')).not.toContain(personalMark);
  expect(snapshot.tables.users!.leftOut).toEqual(['first_name', 'last_name', 'email', 'street_address', 'postal_code']);
});

test('rounds where a customer lives to a tenth of a degree', async () => {
  const snapshot = await snap(await writeShop(tinyShop(), 'csv'));
  const rows = await rowsOf(snapshot, 'users', 'latitude, longitude');
  expect(rows.slice(0, 5)).toEqual([
    { latitude: 40.4, longitude: -3.7 },
    { latitude: 41.4, longitude: 2.2 },
    { latitude: 30.3, longitude: -97.7 },
    { latitude: -23.6, longitude: -46.6 },
    { latitude: null, longitude: null },
  ]);
});

test("keeps gender text, the city 'null' and both spellings of Spain", async () => {
  const snapshot = await snap(await writeShop(tinyShop(), 'csv.gz'));
  const rows = await rowsOf(snapshot, 'users', 'gender, city, country');
  expect(rows.map(({ gender }) => gender)).toEqual(['F', 'M', 'F', 'F', 'F', 'F']);
  expect(rows.map(({ city }) => city)).toEqual(['Madrid', 'null', 'Austin', 'São Paulo', null, "L'Haÿ-les-Roses"]);
  expect(rows.slice(0, 2).map(({ country }) => country)).toEqual(['Spain', 'España']);
});

test('reads gender as text where all values are F', async () => {
  const snapshot = await snap(
    await writeShop(
      changed('users', (rows) => rows.map((row) => ({ ...row, gender: 'F', city: '01234' }))),
      'csv',
    ),
  );
  expect((await rowsOf(snapshot, 'users', 'gender, city'))[0]).toEqual({ gender: 'F', city: '01234' });
});

test('keeps times in the future, and NULL where there is none', async () => {
  const snapshot = await snap(await writeShop(tinyShop(), 'csv'));
  expect(snapshot.tables.events!.lastAt).toBe('2026-07-20T07:00:00.000Z');
  const [row] = await rowsOf(
    snapshot,
    'orders',
    'count(shipped_at) as shipped, count(delivered_at) as delivered, count(returned_at) as returned',
  );
  expect(row).toEqual({ shipped: 8n, delivered: 6n, returned: 2n });
});

test.each([
  ['2026-08-22 06:00:00 UTC', '2026-08-22T06:00:00.000000'],
  ['2026-08-22 06:00:00.123456 UTC', '2026-08-22T06:00:00.123456'],
  ['2026-08-22 06:00:00.123456+00:00', '2026-08-22T06:00:00.123456'],
  ['2026-08-22 06:00:00+00', '2026-08-22T06:00:00.000000'],
  ['2026-08-22T06:00:00Z', '2026-08-22T06:00:00.000000'],
  ['2026-08-22T06:00:00.5Z', '2026-08-22T06:00:00.500000'],
  ['2026-08-22 06:00:00', '2026-08-22T06:00:00.000000'],
  ['2026-08-22 08:00:00+02:00', '2026-08-22T06:00:00.000000'],
  ['2026-08-22 01:30:00-04:30', '2026-08-22T06:00:00.000000'],
  ['2026-08-22', '2026-08-22T00:00:00.000000'],
])('reads the time %s', async (text, expected) => {
  const folder = await withText({ 'orders.csv': (csv) => csv.replace('2026-06-01 08:00:00 UTC', text) });
  const rows = await rowsOf(await snap(folder), 'orders', "strftime(created_at, '%Y-%m-%dT%H:%M:%S.%f') as at");
  expect(rows[0]).toEqual({ at: expected });
});

test("reads pandas' whole numbers with a fraction of zero", async () => {
  const events = changed('events', (rows) => rows.map((row) => ({ ...row, user_id: row.user_id ? `${row.user_id}.0` : null })));
  const snapshot = await snap(await writeShop(events, 'csv'));
  expect((await rowsOf(snapshot, 'events', 'user_id')).slice(3, 7).map(({ user_id }) => user_id)).toEqual([1n, null, null, 2n]);
});

test('takes other types of Parquet that hold the same values', async () => {
  const folder = await writeShop(tinyShop(), 'parquet');
  await duck.run(`copy (select * replace (
      cast(user_id as double) as user_id, cast(sequence_number as integer) as sequence_number, created_at at time zone 'UTC' as created_at,
      cast(browser as enum('Firefox')) as browser)
    from ${literal(join(folder, 'events.parquet'))}) to ${literal(join(folder, 'events-0.parquet'))} (format parquet)`);
  await duck.run(`copy (from ${literal(join(folder, 'events-0.parquet'))}) to ${literal(join(folder, 'events.parquet'))} (format parquet)`);
  writeFileSync(join(folder, 'events-0.parquet'), '');
  const changedEvents = await complaintsOf(folder);
  expect(changedEvents[0]?.what).toBe('more than one file could be the table events');
  rmSync(join(folder, 'events-0.parquet'));
  const reference = await snap(await writeShop(tinyShop(), 'csv'));
  expect(await rowsOf(await snap(folder), 'events')).toEqual(await rowsOf(reference, 'events'));
});

test.each([
  [';', '\ufeff'],
  ['\t', ''],
  [',', '\ufeff'],
])('reads CSV with separator %j and byte order mark %j', async (separator, mark) => {
  const csv = `id${separator}name${separator}latitude\n1${separator}"Memphis${separator} TN"${separator}35.1\n`;
  const snapshot = await snap(await withText({ 'distribution_centers.csv': mark + csv }));
  expect(await rowsOf(snapshot, 'distribution_centers')).toEqual([
    { id: 1n, name: `Memphis${separator} TN`, latitude: 35.1, longitude: null },
  ]);
});

test('reads CSV with Windows line ends and upper-case names', async () => {
  const snapshot = await snap(await withText({ 'distribution_centers.csv': '"ID","Name"\r\n1,"Memphis"\r\n2,"A\r\nB"\r\n' }));
  expect((await rowsOf(snapshot, 'distribution_centers', 'name')).map(({ name }) => name)).toEqual(['Memphis', 'A\r\nB']);
});

test.each([
  ['parquet', 'orders_0.parquet', 'orders_1.parquet'] as const,
  ['csv.gz', 'orders-000000000000.csv.gz', 'orders-000000000001.csv.gz'] as const,
])('reads shards of %s in the order of their names', async (kind, first, second) => {
  const { orders, ...rest } = tinyShop();
  const folder = await writeShop({ ...rest, orders: orders!.slice(6) }, kind);
  renameSync(join(folder, `orders.${kind}`), join(folder, second));
  const other = await writeShop({ orders: orders!.slice(0, 6) }, kind);
  renameSync(join(other, `orders.${kind}`), join(folder, first));
  const snapshot = await snap(folder);
  expect((await rowsOf(snapshot, 'orders', 'order_id')).map(({ order_id }) => Number(order_id))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect(snapshot.files.filter(({ name }) => name.startsWith('orders')).map(({ name }) => name)).toEqual([first, second]);
});

test('reads from a folder whose name has wildcards and quotes', async () => {
  for (const kind of kinds) {
    const snapshot = await snap(await writeShop(tinyShop(), kind, join(scratch(), "it's [1]* {x}?")), join(scratch(), "o'ut [2]*?"));
    expect(snapshot.tables.orders!.rows).toBe(10);
  }
});

test.each([
  ['events', 'events', 'there is no table events'],
  ['inventory_items', 'inventory', 'there is no table inventory_items'],
] as const)('goes without the table %s', async (table, capability, reason) => {
  const snapshot = await snap(await writeShop(without(table), 'csv'));
  expect(snapshot.capabilities).not.toContain(capability);
  expect(snapshot.missing).toEqual({ [capability]: reason });
  expect(snapshot.tables[table]).toMatchObject({ rows: 0, present: false });
  const columns = await duck.rows(`describe select * from ${literal(snapshot.tables[table]!.file)}`);
  expect(columns.find(({ column_name }) => column_name === 'created_at')).toMatchObject({ column_type: 'TIMESTAMP' });
});

test.each([
  ['products', 'cost', 'DOUBLE', 'costs'],
  ['orders', 'delivered_at', 'TIMESTAMP', 'deliveries'],
  ['orders', 'returned_at', 'TIMESTAMP', 'returns'],
  ['users', 'country', 'VARCHAR', 'geography'],
] as const)('goes without the column %s.%s', async (table, column, type, capability) => {
  for (const kind of ['csv', 'parquet'] as const) {
    const snapshot = await snap(await writeShop(withoutColumn(table, column), kind));
    expect(snapshot.missing).toEqual({ [capability]: `the table ${table} has no column ${column}` });
    const found = snapshot.tables[table]!.columns.find(({ name }) => name === column);
    expect(found).toEqual({ name: column, type, present: false, nulls: snapshot.tables[table]!.rows });
    const [described] = await duck.rows(
      `select column_type as type from (describe from ${literal(snapshot.tables[table]!.file)}) where column_name = '${column}'`,
    );
    expect(described).toEqual({ type });
  }
});

test('says when a column is there but empty, and when an optional table has no rows', async () => {
  const shop = changed('products', (rows) => rows.map((row) => ({ ...row, cost: null })));
  const snapshot = await snap(await writeShop({ ...shop, events: [] }, 'csv'));
  expect(snapshot.missing).toEqual({
    costs: 'the column cost of the table products has no values',
    events: 'the table events has no rows',
  });
  expect(snapshot.warnings).toEqual(['events.csv: the table has no rows']);
});

test('ignores unknown columns, and lists them', async () => {
  const lines: string[] = [];
  const folder = await writeShop(
    changed('orders', (rows) => rows.map((row) => ({ ...row, coupon: 'X', note: 'y' }))),
    'parquet',
  );
  const snapshot = await snap(folder, scratch(), (line) => lines.push(line));
  expect(snapshot.tables.orders!.ignored).toEqual(['coupon', 'note']);
  expect(snapshot.warnings).toEqual(['orders: unknown columns are ignored: coupon, note']);
  expect(lines.at(-1)).toContain('unknown columns are ignored: coupon, note');
});

test('warns of missing values where one is expected', async () => {
  const shop = changed('order_items', (rows) => rows.map((row, i) => (i < 3 ? { ...row, sale_price: null } : row)));
  expect((await snap(await writeShop(shop, 'csv'))).warnings).toEqual(['order_items.csv: 3 of 12 rows have no sale_price']);
});

test.each<[string, () => Promise<string>, Partial<Complaint>[]]>([
  ['a folder that is not there', async () => '/nowhere/at/all', [{ what: 'the data folder is not there', where: '/nowhere/at/all' }]],
  ['a file as folder', async () => join(await writeShop(tinyShop(), 'csv'), 'orders.csv'), [{ what: 'this is a file, not a folder' }]],
  ['an empty folder', async () => scratch(), [{ what: 'no table of theLook in this folder', found: 'an empty folder' }]],
  [
    'two missing tables, one misnamed',
    async () => withText({ 'order-item.csv': 'id\n1\n' }, { users: tinyShop().users!, products: tinyShop().products! }),
    [
      { what: 'the table orders is missing', found: 'order-item.csv', mend: 'export this table too' },
      { what: 'the table order_items is missing', mend: 'is it order-item.csv? Then rename that file after its table' },
    ],
  ],
  [
    'a missing column with another name',
    async () => withText({ 'order_items.csv': (csv) => csv.replace('sale_price', 'price') }),
    [
      {
        what: 'the column sale_price is missing',
        where: 'order_items.csv',
        expected: 'sale_price, a number such as 19.99',
        found: 'unknown to the table order_items: price',
        mend: 'is it price? Then rename that column to sale_price',
      },
    ],
  ],
  [
    'columns missing in two tables',
    async () => writeShop({ ...withoutColumn('orders', 'status'), events: withoutColumn('events', 'session_id').events! }, 'parquet'),
    [
      { what: 'the column status is missing', where: 'orders.parquet' },
      { what: 'the column session_id is missing', where: 'events.parquet' },
    ],
  ],
  [
    'a CSV without a header',
    async () => withText({ 'users.csv': (csv) => csv.slice(csv.indexOf('\n') + 1) }),
    [{ what: 'the first line does not name the columns', where: 'users.csv' }],
  ],
  [
    'a bad price after a value with line breaks',
    async () => withText({ 'products.csv': (csv) => csv.replace('45.99', 'forty,six'.replace(',', ' ')) }),
    [
      {
        what: 'a value is not a number such as 19.99',
        where: 'products.csv, column retail_price, line 6',
        expected: 'a number such as 19.99',
        found: '"forty six"',
      },
    ],
  ],
  [
    'bad values in several columns and tables',
    async () =>
      withText({
        'orders.csv': (csv) => csv.replaceAll(/2026-06-(\d\d) 08:00:00 UTC/g, '6/$1/2026 8:00').replace('\n10,1,', '\n10.5,1,'),
        'events.csv': (csv) => csv.replace('2026-06-01 07:52:00 UTC', 'infinity'),
      }),
    [
      { what: 'a value is not a whole number such as 1204', where: 'orders.csv, column order_id, line 11', found: '"10.5"' },
      { where: 'orders.csv, column created_at, line 2', found: '"6/01/2026 8:00"' },
      { what: '4 of 10 values are not a time such as 2026-08-22 06:00:00 UTC', where: 'orders.csv, column shipped_at, line 2' },
      { what: '2 of 10 values are not a time such as 2026-08-22 06:00:00 UTC', where: 'orders.csv, column delivered_at, line 2' },
      { where: 'events.csv, column created_at, line 3', found: 'text of the form "aaaaaaaa"' },
    ],
  ],
  [
    'a bad value of a customer, by its form only',
    async () => withText({ 'users.csv': (csv) => csv.replace(',23,', `,${personalMark} Street 12,`) }),
    [{ where: 'users.csv, column age, line 4', found: 'text of the form "aaaaaaa aaaaaa 99"' }],
  ],
  [
    'a line with fewer values, another with more',
    async () => withText({ 'distribution_centers.csv': 'id,name,latitude\n1,A,2\n2,B\n3,C,4,5\n4,D\n' }),
    [
      { what: '2 lines with fewer values than the header has names', where: 'distribution_centers.csv, line 3', expected: '3 values' },
      { what: 'a line with more values than the header has names', where: 'distribution_centers.csv, line 4', expected: '3 values' },
    ],
  ],
  [
    'a quote that is not closed',
    async () => withText({ 'distribution_centers.csv': 'id,name\n1,A\n2,"B\n3,C\n' }),
    [{ what: 'a line with a double quote that is not closed, or is closed within a value', where: 'distribution_centers.csv, line 3' }],
  ],
  [
    'text in Latin-1',
    async () => withText({ 'distribution_centers.csv': Buffer.from('id,name\n1,Caf\xe9\n', 'latin1') }),
    [{ what: 'a line with text that is not UTF-8', where: 'distribution_centers.csv, line 2' }],
  ],
  [
    'UTF-16',
    async () => withText({ 'distribution_centers.csv': Buffer.from('\ufeffid,name\n1,A\n', 'utf16le') }),
    [{ what: 'this file is UTF-16', where: 'distribution_centers.csv', expected: 'UTF-8' }],
  ],
  [
    'a shop without orders',
    async () => writeShop({ ...tinyShop(), orders: [], order_items: [] }, 'csv'),
    [
      { what: 'the shop has no orders yet: there is nothing to report on', where: 'orders.csv' },
      { what: 'the table order_items has no rows', where: 'order_items.csv' },
    ],
  ],
  ['a file of no bytes', async () => withText({ 'users.csv': '' }), [{ what: 'the file is empty (0 bytes)', where: 'users.csv' }]],
  [
    'doubled and missing keys',
    async () =>
      writeShop(
        changed('orders', (rows) => [...rows, rows[2]!, rows[2]!, { ...rows[3]!, order_id: null }]),
        'parquet',
      ),
    [
      { what: '1 of 13 rows have no order_id', where: 'orders.parquet, column order_id' },
      { what: '2 of 13 rows repeat a order_id of an earlier row', where: 'orders.parquet, column order_id', found: '3, 3 times' },
    ],
  ],
  [
    'Parquet and CSV of one table',
    async () => writeShop({ orders: tinyShop().orders! }, 'parquet', await writeShop(tinyShop(), 'csv')),
    [{ what: 'more than one file could be the table orders', found: 'orders.csv, orders.parquet' }],
  ],
  [
    'a Parquet file cut short',
    async () => {
      const folder = await writeShop(tinyShop(), 'parquet');
      const path = join(folder, 'orders.parquet');
      writeFileSync(path, readFileSync(path).subarray(0, 700));
      return folder;
    },
    [{ what: 'this is not a whole Parquet file', where: 'orders.parquet' }],
  ],
  [
    'a Parquet file with damaged pages',
    async () => {
      const folder = await writeShop(tinyShop(), 'parquet');
      const path = join(folder, 'orders.parquet');
      writeFileSync(path, readFileSync(path).fill(0xff, 4, 300));
      return folder;
    },
    [{ what: 'the file is damaged: its rows can not be read', where: 'orders.parquet' }],
  ],
  [
    'CSV named as gzip',
    async () => withText({ 'events.csv.gz': csvOf('events', tinyShop().events!) }, without('events')),
    [{ what: 'this is not a gzip file', where: 'events.csv.gz' }],
  ],
  [
    'gzip cut short',
    async () => withText({ 'events.csv.gz': gzipSync(csvOf('events', tinyShop().events!)).subarray(0, 200) }, without('events')),
    [{ what: 'this gzip file is cut short or damaged', where: 'events.csv.gz' }],
  ],
  [
    'shards with other columns',
    async () =>
      withText(
        { 'events-0.csv': 'id,session_id,created_at,event_type\n1,a,2026-01-01,home\n', 'events-1.csv': 'id,session_id\n' },
        without('events'),
      ),
    [
      {
        what: 'this part of the table has other columns than the first part',
        where: 'events-1.csv',
        expected: 'the columns and types of events-0.csv',
      },
    ],
  ],
])('%s', async (_, make, expected) => {
  const complaints = await complaintsOf(await make());
  expect(complaints).toMatchObject(expected);
  expect(complaints).toHaveLength(expected.length);
  for (const complaint of complaints) expect(complaint.mend).toBeTruthy();
});

test('names a Parquet column of the wrong type', async () => {
  const folder = await writeShop(tinyShop(), 'parquet');
  const other = await writeShop({}, 'parquet');
  const change = (table: string, replace: string) =>
    duck.run(
      `copy (select * replace (${replace}) from ${literal(join(folder, `${table}.parquet`))}) to ${literal(join(other, `${table}.parquet`))} (format parquet)`,
    );
  for (const table of ['products', 'order_items']) await change(table, 'id as id');
  await change('users', "gender = 'F' as gender");
  await change('orders', 'true as created_at, [user_id] as user_id');
  expect(await complaintsOf(other)).toMatchObject([
    { what: 'the column gender has the wrong type', where: 'users.parquet', expected: 'VARCHAR (text)', found: 'BOOLEAN' },
    { what: 'the column user_id has the wrong type', where: 'orders.parquet', found: 'BIGINT[]' },
    { what: 'the column created_at has the wrong type', where: 'orders.parquet', found: 'BOOLEAN' },
  ]);
});
