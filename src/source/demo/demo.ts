import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { baskets } from './baskets.ts';
import { calendar } from './calendar.ts';
import { catalogue } from './catalogue.ts';
import { clicks } from './clicks.ts';
import { customers } from './customers.ts';
import { fulfil } from './fulfilment.ts';
import { checkOptions, type DemoOptions } from './options.ts';
import { plant } from './planted.ts';
import { purchases } from './purchases.ts';
import { shelves } from './shelf.ts';
import { stock } from './stock.ts';
import { writeTables } from './tables.ts';
import { sessions } from './traffic.ts';
import { type DemoTruth, truth } from './truth.ts';

export { type DemoOptions, demoDefaults } from './options.ts';
export type { DemoTruth } from './truth.ts';

/**
 * Simulates a shop with theLook's seven raw tables and writes them as zstd Parquet into a folder that exists, with truth.json beside them.
 * The same options give the same bytes. Timestamps are naive UTC, prices USD; ids start at 1.
 * @param connection a DuckDB connection to write with; one in memory is opened and closed when absent. Its instance runs on one thread meanwhile.
 * @throws LookbookError (usage) when an option is out of bounds.
 */
export async function writeDemo(
  options: DemoOptions,
  folder: string,
  connection?: DuckDBConnection,
): Promise<{ tables: Record<string, { file: string; rows: number }>; truth: DemoTruth }> {
  const full = checkOptions(options);
  const { seed } = full;
  const time = calendar(full.end, full.years);
  const products = catalogue(seed, time);
  const planted = plant(products, time);
  const shelf = shelves(products, planted, time);
  const people = customers(full.customers, seed, time, planted);
  const orders = purchases(people, seed, time, planted);
  const items = baskets(orders, people, shelf, planted, seed);
  const progress = fulfil(orders, items, people, products, planted, time, seed);
  const pieces = stock(orders, items, products, time, seed);
  const visits = sessions(orders, items, people, time, planted, seed);
  const events = clicks(visits, orders, items, people, shelf, time, seed);
  const facts = truth(full, time, products, planted, { sessions: visits.count, orders: orders.count });

  const shop = {
    calendar: time,
    products,
    customers: people,
    purchases: orders,
    items,
    progress,
    stock: pieces,
    sessions: visits,
    clicks: events,
  };
  const tables = connection ? await writeTables(connection, shop, folder) : await withOwn((own) => writeTables(own, shop, folder));
  await writeFile(join(folder, 'truth.json'), `${JSON.stringify(facts, null, 2)}\n`);
  return { tables, truth: facts };
}

async function withOwn<T>(use: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
  const instance = await DuckDBInstance.create(':memory:', { autoinstall_known_extensions: 'false', autoload_known_extensions: 'false' });
  const connection = await instance.connect();
  try {
    return await use(connection);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
