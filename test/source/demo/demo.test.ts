import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LookbookError } from '#contract/error.ts';
import { type DemoOptions, writeDemo } from '#source/demo/demo.ts';
import { tables, workshop } from './workshop.ts';

const small: DemoOptions = { customers: 400, seed: 5, end: '2026-11-15', years: 1 };

async function digests(folder: string): Promise<Record<string, string>> {
  const files = [...tables.map((table) => `${table}.parquet`), 'truth.json'];
  return Object.fromEntries(
    await Promise.all(
      files.map(
        async (file) =>
          [
            file,
            createHash('sha256')
              .update(await readFile(join(folder, file)))
              .digest('hex'),
          ] as const,
      ),
    ),
  );
}

async function digestsOf(options: DemoOptions, threads?: number): Promise<Record<string, string>> {
  const folder = await mkdtemp(join(tmpdir(), 'demo-'));
  try {
    if (threads === undefined) {
      await writeDemo(options, folder);
    } else {
      const instance = await DuckDBInstance.create(':memory:', { threads: String(threads) });
      const connection = await instance.connect();
      await writeDemo(options, folder, connection);
      const after = await connection.runAndReadAll("select current_setting('threads'), (select count(*) from duckdb_tables())");
      expect(after.getRowsJS()[0]?.map(Number)).toEqual([threads, 0]);
      connection.closeSync();
      instance.closeSync();
    }
    return await digests(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe('writeDemo', () => {
  it('writes the same bytes for the same options, on any number of threads, and others for another seed', async () => {
    const first = await digestsOf(small);
    expect(await digestsOf(small)).toEqual(first);
    expect(await digestsOf(small, 2)).toEqual(first);
    const other = await digestsOf({ ...small, seed: 6 });
    for (const file of ['users', 'orders', 'order_items', 'events', 'products', 'inventory_items']) {
      expect(other[`${file}.parquet`]).not.toBe(first[`${file}.parquet`]);
    }
  });

  it('has the columns and types of the snapshot', async () => {
    await using shop = await workshop(small);
    const found = await shop.rows(
      `${tables.map((table) => `select '${table}' as t, column_name, column_type from (describe ${table})`).join(' union all ')} order by 1, 2`,
    );
    const columns: Record<string, string> = {
      distribution_centers: 'id BIGINT, latitude DOUBLE, longitude DOUBLE, name VARCHAR',
      events:
        'browser VARCHAR, created_at TIMESTAMP, event_type VARCHAR, id BIGINT, sequence_number BIGINT, session_id VARCHAR, traffic_source VARCHAR, uri VARCHAR, user_id BIGINT',
      inventory_items:
        'cost DOUBLE, created_at TIMESTAMP, id BIGINT, product_distribution_center_id BIGINT, product_id BIGINT, sold_at TIMESTAMP',
      order_items:
        'created_at TIMESTAMP, delivered_at TIMESTAMP, id BIGINT, inventory_item_id BIGINT, order_id BIGINT, product_id BIGINT, returned_at TIMESTAMP, sale_price DOUBLE, shipped_at TIMESTAMP, status VARCHAR, user_id BIGINT',
      orders:
        'created_at TIMESTAMP, delivered_at TIMESTAMP, gender VARCHAR, num_of_item BIGINT, order_id BIGINT, returned_at TIMESTAMP, shipped_at TIMESTAMP, status VARCHAR, user_id BIGINT',
      products:
        'brand VARCHAR, category VARCHAR, cost DOUBLE, department VARCHAR, distribution_center_id BIGINT, id BIGINT, name VARCHAR, retail_price DOUBLE, sku VARCHAR',
      users:
        'age BIGINT, city VARCHAR, country VARCHAR, created_at TIMESTAMP, gender VARCHAR, id BIGINT, latitude DOUBLE, longitude DOUBLE, state VARCHAR, traffic_source VARCHAR',
    };
    for (const table of tables) {
      const listed = found.filter(([name]) => name === table).map(([, column, type]) => `${column} ${type}`);
      expect(listed.join(', '), table).toBe(columns[table]);
    }
    expect(JSON.parse(await readFile(join(shop.folder, 'truth.json'), 'utf8'))).toEqual(JSON.parse(JSON.stringify(shop.truth)));
  });

  it.each([
    { what: 'no customers', options: { customers: 0 } },
    { what: 'one customer', options: { customers: 1 } },
    { what: 'a shop of three weeks', options: { customers: 60, years: 3 / 52 } },
    { what: 'an end amid a week', options: { customers: 60, end: '2026-02-26' } },
  ])('writes $what', async ({ options }) => {
    await using shop = await workshop({ ...small, ...options });
    expect(shop.counts.users).toBe(options.customers);
    expect(shop.counts.products).toBe(600);
    expect(shop.counts.distribution_centers).toBe(10);
    for (const table of tables) expect(await shop.number(`select count(*) from ${table}`), table).toBe(shop.counts[table]);
  });

  it('keeps every moment before the end, whatever the options', async () => {
    const day = fc
      .date({ min: new Date('2015-01-01'), max: new Date('2034-12-31'), noInvalidDate: true })
      .map((date) => date.toISOString().slice(0, 10));
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 40 }),
        fc.integer(),
        day,
        fc.double({ min: 0.02, max: 4, noNaN: true }),
        async (customers, seed, end, years) => {
          await using shop = await workshop({ customers, seed, end, years });
          const late = await shop.rows(`select max(m) < timestamp '${end}' + interval 1 day from (
          select max(created_at) as m from events union all select max(greatest(created_at, shipped_at, delivered_at, returned_at)) from order_items
          union all select max(created_at) from users union all select max(greatest(created_at, sold_at)) from inventory_items)`);
          expect(late[0]?.[0] === null || late[0]?.[0] === 'true').toBe(true);
        },
      ),
      { numRuns: 12, seed: 1 },
    );
  });

  it.each([
    { where: 'customers', options: { customers: -1 } },
    { where: 'customers', options: { customers: 1.5 } },
    { where: 'seed', options: { seed: Number.NaN } },
    { where: 'end', options: { end: '2026-02-30' } },
    { where: 'end', options: { end: 'today' } },
    { where: 'years', options: { years: 0 } },
    { where: 'years', options: { years: 100 } },
  ])('refuses $options', async ({ where, options }) => {
    const failure = await writeDemo({ ...small, ...options }, '.').catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(LookbookError);
    expect((failure as LookbookError).kind).toBe('usage');
    expect((failure as LookbookError).message).toContain(where);
  });
});
