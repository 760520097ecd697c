import { mkdirSync } from 'node:fs';
import { cpus } from 'node:os';
import { type DuckDBConnection, DuckDBInstance, version } from '@duckdb/node-api';
import * as aq from 'arquero';
import { type Columns, type Engine, QueryError } from './engine.ts';
import { insertRelation } from './relation.ts';
import { readColumns } from './values.ts';

export interface DuckDBOptions {
  /** @default 2, or fewer on a machine with fewer cores. */
  threads?: number;
  /** For instance '1500MB'; beyond it DuckDB spills to `folder`. @default '1500MB' */
  memory?: string;
  /** Where DuckDB spills; made if absent. Without it, a query beyond the memory limit fails. */
  folder?: string;
}

/** Part of every cache key. */
export const duckdbVersion = version();

/**
 * An in-memory DuckDB behind the engine interface. Row order follows the SQL, and no extension is fetched.
 * @throws Error when DuckDB refuses an option.
 */
export async function openDuckDB({ threads = Math.min(2, cpus().length), memory = '1500MB', folder }: DuckDBOptions = {}): Promise<Engine> {
  if (folder) mkdirSync(folder, { recursive: true });
  const instance = await DuckDBInstance.create(':memory:', {
    threads: String(threads),
    memory_limit: memory,
    temp_directory: folder ?? '',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    preserve_insertion_order: 'true',
    default_null_order: 'nulls_last',
  });
  const idle: DuckDBConnection[] = [];
  const busy = new Set<DuckDBConnection>();
  const connect = async () => {
    const connection = await instance.connect();
    await connection.run("set TimeZone = 'UTC'");
    return connection;
  };
  const withConnection = async <T>(label: string, sql: string, use: (connection: DuckDBConnection) => Promise<T>): Promise<T> => {
    const connection = idle.pop() ?? (await connect());
    busy.add(connection);
    try {
      return await use(connection);
    } catch (error) {
      throw error instanceof QueryError || error instanceof RangeError ? error : new QueryError(label, sql, error);
    } finally {
      busy.delete(connection);
      idle.push(connection);
    }
  };
  const columns = (sql: string, label = 'query'): Promise<Columns> =>
    withConnection(label, sql, async (connection) => readColumns(await connection.run(sql), label));
  return {
    kind: 'duckdb',
    version: duckdbVersion,
    run: (sql, label = 'statement') =>
      withConnection(label, sql, async (connection) => {
        await connection.run(sql);
      }),
    columns,
    insert: (table, relation) => withConnection(table, '', (connection) => insertRelation(connection, table, relation)),
    table: async (sql, label = 'query') => aq.table(await columns(sql, label)),
    close: () => {
      for (const connection of busy) connection.interrupt();
      for (const connection of idle) connection.closeSync();
      instance.closeSync();
    },
  };
}
