import { availableParallelism } from 'node:os';

/** A database in memory, for reading and writing files. */
export interface Duck extends AsyncDisposable {
  run(sql: string): Promise<void>;
  rows(sql: string): Promise<Record<string, unknown>[]>;
}

/**
 * @param spill folder for what does not fit in memory; it need not exist
 * @returns a database in UTC that never looks for extensions, and that writes the same bytes on each machine: with one thread DuckDB cuts
 *   row groups elsewhere than with two or more, so it always has two.
 */
export async function openDuck(spill?: string): Promise<Duck> {
  // Loaded here, since a run in which nothing has changed needs no database.
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    threads: String(Math.max(2, availableParallelism())),
    ...(spill ? { temp_directory: spill } : {}),
  });
  const connection = await instance.connect();
  await connection.run("set TimeZone = 'UTC'");
  return {
    async run(sql) {
      await connection.run(sql);
    },
    async rows(sql) {
      return (await connection.runAndReadAll(sql)).getRowObjectsJS();
    },
    async [Symbol.asyncDispose]() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

/** SQL string literal. */
export function literal(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

/** SQL identifier. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Literal of a file's path, safe from DuckDB's wildcards. */
export function pathLiteral(path: string): string {
  return literal(path.replace(/[[*?]/g, '[$&]'));
}

/** Options of COPY for a snapshot's tables; version 2 pages are a third faster to write and a tenth smaller. */
export const parquetOptions = '(format parquet, compression zstd, compression_level 1, parquet_version v2)';
