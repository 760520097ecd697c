import { DOUBLE, type DuckDBConnection, DuckDBDataChunk, type DuckDBType, INTEGER, VARCHAR } from '@duckdb/node-api';
import type { Relation } from '#contract/analysis.ts';
import { identifier } from './engine.ts';

/** Rows of one data chunk, DuckDB's own vector size. */
const chunkRows = 2048;

/**
 * Writes the columns of an analysis as a new table, in their order.
 * @throws RangeError naming the column, for columns of different lengths and for numbers that are not finite.
 */
export async function insertRelation(connection: DuckDBConnection, table: string, relation: Relation): Promise<void> {
  const columns = Object.entries(relation);
  const rows = rowsOf(table, relation);
  const types = columns.map(([, values]) => typeOf(values));
  const declared = columns.map(([name], i) => `${identifier(name)} ${types[i]}`).join(', ');
  await connection.run(`create or replace table ${identifier(table)} (${declared})`);
  const appender = await connection.createAppender(table);
  for (let start = 0; start < rows; start += chunkRows) {
    const end = Math.min(start + chunkRows, rows);
    const chunk = DuckDBDataChunk.create(types, end - start);
    columns.forEach(([, values], i) => {
      const vector = chunk.getColumnVector(i);
      for (let row = start; row < end; row++) vector.setItem(row - start, values[row]!);
      vector.flush();
    });
    appender.appendDataChunk(chunk);
  }
  appender.closeSync();
}

/** The number of rows. */
function rowsOf(name: string, relation: Relation): number {
  const columns = Object.entries(relation);
  if (columns.length === 0) throw new RangeError(`${name}: a relation without columns`);
  const rows = columns[0]![1].length;
  for (const [column, values] of columns) {
    if (values.length !== rows) throw new RangeError(`${name}.${column}: ${values.length} rows, where ${columns[0]![0]} has ${rows}`);
    if (values instanceof Float64Array && !values.every(Number.isFinite)) {
      throw new RangeError(`${name}.${column}: a number is not finite; leave the row out, or say what stands for it`);
    }
  }
  return rows;
}

function typeOf(values: Relation[string]): DuckDBType {
  if (values instanceof Float64Array) return DOUBLE;
  return values instanceof Int32Array ? INTEGER : VARCHAR;
}
