import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { type DemoOptions, type DemoTruth, demoDefaults, writeDemo } from '#source/demo/demo.ts';

export const tables = ['distribution_centers', 'events', 'inventory_items', 'order_items', 'orders', 'products', 'users'];

/** A demo shop in a temporary folder, with its tables as views; `rows` reads BIGINT and DOUBLE as numbers, moments as text. */
export interface Workshop extends AsyncDisposable {
  folder: string;
  truth: DemoTruth;
  counts: Record<string, number>;
  rows(query: string): Promise<(number | string | null)[][]>;
  /** The only number of a one-row, one-column query. */
  number(query: string): Promise<number>;
}

export async function workshop(options: Partial<DemoOptions> = {}): Promise<Workshop> {
  const folder = await mkdtemp(join(tmpdir(), 'demo-'));
  const instance = await DuckDBInstance.create(':memory:', { autoinstall_known_extensions: 'false', autoload_known_extensions: 'false' });
  const connection = await instance.connect();
  const { truth, tables: written } = await writeDemo({ ...demoDefaults, ...options }, folder, connection);
  for (const table of tables) await connection.run(`create view ${table} as select * from '${folder}/${table}.parquet'`);
  const rows: Workshop['rows'] = async (query) => {
    const result = (await connection.runAndReadAll(query)).getRowsJS();
    return result.map((row) =>
      row.map((cell) => (typeof cell === 'bigint' ? Number(cell) : cell === null || typeof cell === 'number' ? cell : String(cell))),
    );
  };
  return {
    folder,
    truth,
    counts: Object.fromEntries(Object.entries(written).map(([name, table]) => [name, table.rows])),
    rows,
    number: async (query) => Number((await rows(query))[0]?.[0]),
    async [Symbol.asyncDispose]() {
      connection.closeSync();
      instance.closeSync();
      await rm(folder, { recursive: true });
    },
  };
}
