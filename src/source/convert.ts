import { isDeepStrictEqual } from 'node:util';
import { type Complaint, LookbookError } from '#contract/error.ts';
import { nearest } from '#contract/nearest.ts';
import { example, isReadable, strictValue } from './cast.ts';
import { diagnose } from './diagnose.ts';
import { type DataFile, some } from './discover.ts';
import { type Duck, identifier, literal, parquetOptions } from './duck.ts';
import { type ColumnFormat, keptColumns, sqlType, type TableFormat } from './format.ts';
import { csvLayout, type Layout, parquetLayout, type SourceColumn, scan } from './layout.ts';
import { profileTable } from './profile.ts';
import type { WrittenTable } from './source.ts';

/** A table's files, ready to read (unpacked). */
export interface Input {
  table: TableFormat;
  kind: 'csv' | 'parquet';
  files: DataFile[];
}

/** A kept column and where it comes from; without `source` the input lacks it. */
export interface Mapped {
  column: ColumnFormat;
  source: SourceColumn | undefined;
}

/**
 * Writes the kept columns of a table as Parquet, in the rows' order, each value checked against its type, the key against gaps and doubles.
 *
 * @returns what became of the columns, and warnings about values that are missing where one is expected
 * @throws LookbookError 'source' with all complaints about this table
 */
export async function convertTable(duck: Duck, input: Input, target: string): Promise<WrittenTable & { warnings: string[] }> {
  const { table, files } = input;
  const layout = await commonLayout(duck, input);
  const mapped = mapColumns(input, layout);
  const columns = mapped.map(({ column, source }) => {
    const value = source ? strictValue(column, source.ref, source.type) : 'null';
    return `cast(${value} as ${sqlType[column.type]}) as ${identifier(column.name)}`;
  });
  try {
    await duck.run(`copy (select ${columns.join(', ')} from ${scan(layout, files)}) to ${literal(target)} ${parquetOptions}`);
  } catch (error) {
    throw await diagnose({ table, layout, files, mapped }, error as Error);
  }
  const warnings = await checkTable(duck, input, target);
  const known = new Map(table.columns.map((column) => [column.name, column]));
  const names = layout.columns.map(({ name }) => name);
  const formatOf = (name: string) => known.get(name.toLowerCase());
  const isLeftOut = (name: string) => formatOf(name)?.use === 'personal' || formatOf(name)?.use === 'unused';
  return {
    present: true,
    absent: mapped.filter(({ source }) => !source).map(({ column }) => column.name),
    leftOut: names.filter(isLeftOut),
    ignored: names.filter((name) => !formatOf(name)),
    warnings,
  };
}

/** Writes a table without rows. */
export async function writeEmpty(duck: Duck, table: TableFormat, target: string): Promise<void> {
  const columns = keptColumns(table).map(({ name, type }) => `cast(null as ${sqlType[type]}) as ${identifier(name)}`);
  await duck.run(`copy (select ${columns.join(', ')} where false) to ${literal(target)} ${parquetOptions}`);
}

async function commonLayout(duck: Duck, { table, kind, files }: Input): Promise<Layout> {
  const layouts: Layout[] = [];
  for (const file of files) layouts.push(kind === 'csv' ? await csvLayout(file, table) : await parquetLayout(duck, file));
  const first = layouts[0]!;
  const odd = layouts.findIndex((layout) => !isDeepStrictEqual(layout, first));
  if (odd < 0) return first;
  throw new LookbookError('source', {
    what: 'this part of the table has other columns than the first part',
    where: files[odd]!.name,
    expected: `the columns and types of ${files[0]!.name}`,
    mend: 'export all parts of the table at once, and keep no part of an older export',
  });
}

function mapColumns({ table, files }: Input, layout: Layout): Mapped[] {
  const where = files[0]!.name;
  const complaints: Complaint[] = [];
  const known = new Set(table.columns.map(({ name }) => name));
  const isKnown = ({ name }: SourceColumn) => known.has(name.toLowerCase());
  if (!hasNames(table, layout)) {
    const expected = `names such as ${some(keptColumns(table).map(({ name }) => name))}`;
    throw new LookbookError('source', { what: 'the first line does not name the columns', where, expected, mend: 'export with a header' });
  }
  const unknown = layout.columns.filter((column) => !isKnown(column)).map(({ name }) => name);
  const mapped = keptColumns(table).map((column): Mapped => {
    const [source, second] = layout.columns.filter(({ name }) => name.toLowerCase() === column.name);
    if (!source && column.need !== 'optional') complaints.push(missingColumn(table, column, where, unknown));
    if (second) complaints.push({ what: `two columns are named ${column.name}`, where, expected: 'one', mend: 'keep the right one' });
    if (source && !isReadable(column.type, source.type)) complaints.push(wrongType(column, source, where));
    return { column, source };
  });
  if (complaints.length > 0) throw new LookbookError('source', complaints);
  return mapped;
}

// Without a header the first line is a row, perhaps a person's, and must not be quoted.
function hasNames(table: TableFormat, layout: Layout): boolean {
  const names = new Set(layout.columns.map(({ name }) => name.toLowerCase()));
  const known = table.columns.filter(({ name }) => names.has(name)).length;
  return layout.kind === 'parquet' || names.has(table.key) || 2 * known >= names.size;
}

function missingColumn(table: TableFormat, column: ColumnFormat, where: string, unknown: string[]): Complaint {
  const like = nearest(column.name, unknown);
  return {
    what: `the column ${column.name} is missing`,
    where,
    expected: `${column.name}, ${example[column.type]}`,
    ...(unknown.length > 0 ? { found: `unknown to the table ${table.name}: ${some(unknown)}` } : {}),
    mend: like ? `is it ${like}? Then rename that column to ${column.name}` : 'export the table with this column',
  };
}

function wrongType(column: ColumnFormat, source: SourceColumn, where: string): Complaint {
  return {
    what: `the column ${column.name} has the wrong type`,
    where,
    expected: `${sqlType[column.type]} (${example[column.type]})`,
    found: source.type.length > 60 ? `${source.type.slice(0, 60)}…` : source.type,
    mend:
      source.type === 'BOOLEAN'
        ? 'read the CSV with this column as text when making Parquet (F and M are no truth values)'
        : 'export it with that type',
  };
}

async function checkTable(duck: Duck, { table, files }: Input, target: string): Promise<string[]> {
  const { rows, nulls } = await profileTable(duck, table, target);
  const where = files.length > 1 ? `${files[0]!.name} and ${files.length - 1} more` : files[0]!.name;
  if (rows === 0) {
    if (!table.required) return [`${where}: the table has no rows`];
    throw new LookbookError('source', emptyTable(table, where));
  }
  const complaints: Complaint[] = [];
  const missing = nulls[table.key] ?? 0;
  const key = identifier(table.key);
  if (missing > 0) {
    complaints.push({
      what: `${missing} of ${rows} rows have no ${table.key}`,
      where: `${where}, column ${table.key}`,
      expected: 'a value in each row',
      mend: 'remove those rows, or export the table again',
    });
  }
  const [count] = await duck.rows(`select count(${key}) - count(distinct ${key}) as doubles from ${literal(target)}`);
  const doubles = Number(count!.doubles);
  if (doubles > 0) {
    const [one] = await duck.rows(
      `select ${key} as key, count(*) as times from ${literal(target)} where ${key} is not null group by ${key} having count(*) > 1 order by ${key} limit 1`,
    );
    complaints.push({
      what: `${doubles} of ${rows} rows repeat a ${table.key} of an earlier row`,
      where: `${where}, column ${table.key}`,
      expected: 'each value once',
      found: `${one!.key}, ${one!.times} times`,
      mend: 'keep one row of each, or export the table again (are two exports in one folder?)',
    });
  }
  if (complaints.length > 0) throw new LookbookError('source', complaints);
  return keptColumns(table)
    .filter(({ name, need }) => need === 'filled' && (nulls[name] ?? 0) > 0)
    .map(({ name }) => `${where}: ${nulls[name]} of ${rows} rows have no ${name}`);
}

/** Complaint about a required table without rows. */
export function emptyTable(table: TableFormat, where: string): Complaint {
  const isShopEmpty = table.name === 'orders';
  return {
    what: isShopEmpty ? 'the shop has no orders yet: there is nothing to report on' : `the table ${table.name} has no rows`,
    where,
    expected: 'at least one row',
    found: 'no rows',
    mend: isShopEmpty ? 'export again once there is an order, with its items, its customer and its products' : 'export the table again',
  };
}
