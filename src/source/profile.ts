import { type Duck, literal } from './duck.ts';
import { keptColumns, type TableFormat } from './format.ts';

/** Counts of a snapshot's table, from its Parquet footer. */
export interface Profile {
  rows: number;
  /** Missing values by column, in the order of the file. */
  nulls: Record<string, number>;
}

/** @throws Error when the file's columns are not the format's kept columns: a fault of the source's code, not of its data */
export async function profileTable(duck: Duck, table: TableFormat, path: string): Promise<Profile> {
  const file = literal(path);
  const [total] = await duck.rows(`select num_rows from parquet_file_metadata(${file})`);
  const stats = await duck.rows(
    `select path_in_schema as name, sum(stats_null_count) as nulls from parquet_metadata(${file}) group by path_in_schema, column_id order by column_id`,
  );
  const columns = await duck.rows(`describe select * from ${file}`);
  const names = columns.map(({ column_name }) => String(column_name));
  const expected = keptColumns(table).map(({ name }) => name);
  if (names.join() !== expected.join()) throw new Error(`snapshot of ${table.name}: columns ${names.join()} instead of ${expected.join()}`);
  const nulls = new Map(stats.map((row) => [String(row.name), Number(row.nulls)]));
  return {
    rows: Number(total!.num_rows),
    nulls: Object.fromEntries(names.map((name) => [name, nulls.get(name) ?? 0])),
  };
}
