import { DOUBLE, type DuckDBConnection, DuckDBDataChunk, INTEGER, VARCHAR } from '@duckdb/node-api';

/** A column to load; whole numbers as INTEGER, others as DOUBLE. */
export type Column = Int32Array | Uint8Array | Float64Array | string[];

const chunkRows = 2048;

/** Creates a temporary table from columns of equal length, in their order, without NULLs. */
export async function load(connection: DuckDBConnection, table: string, columns: Record<string, Column>): Promise<void> {
  const names = Object.keys(columns);
  const values = Object.values(columns);
  const types = values.map((column) => (column instanceof Float64Array ? DOUBLE : Array.isArray(column) ? VARCHAR : INTEGER));
  await connection.run(`create or replace temp table ${table} (${names.map((name, i) => `"${name}" ${types[i]}`).join(', ')})`);
  const appender = await connection.createAppender(table);
  const count = values[0]?.length ?? 0;
  for (let from = 0; from < count; from += chunkRows) {
    const rows = Math.min(chunkRows, count - from);
    const chunk = DuckDBDataChunk.create(types, rows);
    values.forEach((column, i) => {
      const vector = chunk.getColumnVector(i);
      for (let row = 0; row < rows; row++) vector.setItem(row, column[from + row]!);
      vector.flush();
    });
    appender.appendDataChunk(chunk);
  }
  appender.closeSync();
}

/** Writes a query's rows as zstd Parquet; the query must end in a total order. */
export async function writeParquet(connection: DuckDBConnection, query: string, file: string): Promise<void> {
  await connection.run(`copy (${query}) to '${file.replaceAll("'", "''")}' (format parquet, compression zstd, row_group_size 122880)`);
}
