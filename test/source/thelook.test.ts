import { existsSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Duck, literal, openDuck } from '#source/duck.ts';
import { filesSource } from '#source/files.ts';
import { lastOrderDayOnOrBefore, type Snapshot, takeSnapshot } from '#source/snapshot.ts';
import { thelook } from '#source/thelook.ts';
import { scratch } from '../scratch.ts';

const data = resolve(import.meta.dirname, '../../../shared/data/thelook');
const reason = existsSync(data) ? '' : ' (skipped: the export is not beside the project, in ../shared/data/thelook)';

describe.skipIf(reason !== '')(`theLook's export${reason}`, () => {
  let snapshot: Snapshot;
  let duck: Duck;
  beforeAll(async () => {
    snapshot = await takeSnapshot(filesSource({ data, format: thelook }), scratch(), () => {});
    duck = await openDuck();
  });
  afterAll(async () => {
    await duck[Symbol.asyncDispose]();
    rmSync(snapshot.folder, { recursive: true });
  });
  const one = async (table: string, select: string) =>
    (await duck.rows(`select ${select} from ${literal(snapshot.tables[table]!.file)}`))[0];

  test('has all rows', () => {
    const rows = Object.fromEntries(Object.entries(snapshot.tables).map(([name, table]) => [name, table.rows]));
    expect(rows).toEqual({
      users: 100_000,
      products: 29_120,
      orders: 124_684,
      order_items: 181_040,
      events: 2_425_537,
      inventory_items: 489_137,
      distribution_centers: 10,
    });
    expect(snapshot.capabilities).toEqual(['orders', 'products', 'events', 'costs', 'geography', 'inventory', 'deliveries', 'returns']);
    expect(snapshot.warnings).toEqual([]);
    expect(snapshot.lastOrderAt).toBe('2026-08-22T05:59:03.000Z');
  });

  test('keeps the traps for staging to see', async () => {
    expect(await one('users', "count(*) filter (city = 'null') as nulls, count(distinct gender) as genders")).toEqual({
      nulls: 984n,
      genders: 2n,
    });
    expect(await one('products', 'count(*) - count(name) as unnamed, count(*) - count(brand) as unbranded')).toEqual({
      unnamed: 2n,
      unbranded: 24n,
    });
    const future = (column: string) => `count(*) filter (${column} > timestamp '2026-08-22 06:00:00') as ${column}`;
    const stages = ['shipped_at', 'delivered_at', 'returned_at'];
    expect(await one('orders', stages.map(future).join())).toEqual({ shipped_at: 1484n, delivered_at: 1449n, returned_at: 491n });
    expect(await one('events', future('created_at'))).toEqual({ created_at: 1952n });
    expect(await one('order_items', 'cast(round(sum(cast(sale_price as decimal(18, 2)))) as integer) as gross')).toEqual({
      gross: 10_803_612,
    });
  });

  test('has no personal column', async () => {
    const personal = new Set(
      thelook.tables.flatMap(({ columns }) => columns.filter(({ use }) => use === 'personal').map(({ name }) => name)),
    );
    for (const { file } of Object.values(snapshot.tables)) {
      const names = (await duck.rows(`select name from parquet_schema(${literal(file)})`)).map(({ name }) => String(name));
      expect(names.filter((name) => personal.has(name))).toEqual([]);
    }
    expect(await one('users', 'count(*) filter (latitude <> round(latitude, 1) or longitude <> round(longitude, 1)) as exact')).toEqual({
      exact: 0n,
    });
  });

  test('counts missing values as DuckDB does', async () => {
    for (const [name, { columns }] of Object.entries(snapshot.tables)) {
      const counted = await one(name, columns.map((column) => `count(*) - count("${column.name}") as "${column.name}"`).join());
      expect(Object.fromEntries(columns.map((column) => [column.name, BigInt(column.nulls)]))).toEqual(counted);
    }
  });

  test('ends on the day it was made', async () => {
    expect(await lastOrderDayOnOrBefore(snapshot, '2026-11-30', 'UTC')).toBe('2026-08-22');
    expect(await lastOrderDayOnOrBefore(snapshot, '2026-08-16', 'America/New_York')).toBe('2026-08-16');
  });
});
