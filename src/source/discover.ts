import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type Complaint, LookbookError } from '#contract/error.ts';
import { nearest } from '#contract/nearest.ts';
import type { ShopFormat, TableFormat } from './format.ts';

export type FileKind = 'parquet' | 'csv' | 'csv.gz';

export interface DataFile {
  name: string;
  path: string;
}

/** The file, or the shards in the order of their names, that hold a table. */
export interface TableFiles {
  table: TableFormat;
  kind: FileKind;
  files: DataFile[];
}

/**
 * Finds each table of a format in a folder: `name.parquet`, `name.csv` or `name.csv.gz`, whole or in numbered shards
 * (`name-000000000000.csv.gz`, `name_0.parquet`).
 *
 * @returns the tables that are there, in the format's order
 * @throws LookbookError 'source' with everything that is wrong: no such folder, no or no required table, two candidates for a table
 */
export async function discover(folder: string, format: ShopFormat): Promise<TableFiles[]> {
  const names = await list(folder, format);
  const complaints: Complaint[] = [];
  const tables: TableFiles[] = [];
  const taken = new Set<string>();
  for (const table of format.tables) {
    const matches = names.flatMap((name) => match(name, table.name) ?? []);
    for (const { name } of matches) taken.add(name);
    const kind = matches[0]?.kind;
    if (kind === undefined) continue;
    const isOneKind = matches.every((one) => one.kind === kind && one.isShard === matches[0]?.isShard);
    const isOneFile = matches[0]?.isShard || matches.length === 1;
    if (isOneKind && isOneFile) {
      tables.push({ table, kind, files: matches.map(({ name }) => ({ name, path: join(folder, name) })) });
    } else {
      complaints.push({
        what: `more than one file could be the table ${table.name}`,
        where: folder,
        expected: 'one file, or numbered shards of one kind',
        found: some(matches.map(({ name }) => name)),
        mend: 'keep the one that counts and move the others out of the folder',
      });
    }
  }
  const rest = names.filter((name) => !taken.has(name));
  if (taken.size === 0) throw new LookbookError('source', noTable(folder, format, names));
  const missing = format.tables.filter((table) => table.required && !names.some((name) => match(name, table.name)));
  complaints.push(...missing.map((table) => missingTable(folder, table, rest)));
  for (const { files } of tables) for (const file of files) complaints.push(...(await checkFile(file)));
  if (complaints.length > 0) throw new LookbookError('source', complaints);
  return tables;
}

async function list(folder: string, format: ShopFormat): Promise<string[]> {
  const mend = `give the folder that holds ${format.name}'s tables as Parquet, CSV or CSV.gz`;
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const what =
      code === 'ENOENT'
        ? 'the data folder is not there'
        : code === 'ENOTDIR'
          ? 'this is a file, not a folder'
          : `the folder can't be read (${code})`;
    throw new LookbookError('source', { what, where: folder, expected: `a folder with ${format.name}'s tables`, mend });
  }
}

function match(name: string, table: string): { name: string; kind: FileKind; isShard: boolean } | undefined {
  const parts = name.toLowerCase().match(/^([a-z_]+?)((?:[-_.]?[0-9][0-9-]*)?)\.(parquet|csv\.gz|csv)$/);
  if (parts?.[1] !== table) return undefined;
  return { name, kind: parts[3] as FileKind, isShard: parts[2] !== '' };
}

function noTable(folder: string, format: ShopFormat, names: string[]): Complaint {
  return {
    what: `no table of ${format.name} in this folder`,
    where: folder,
    expected: `${some(format.tables.filter(({ required }) => required).map(({ name }) => name))}, each as .parquet, .csv or .csv.gz`,
    found: names.length === 0 ? 'an empty folder' : some(names),
    mend: `name each file after its table, or give the folder that holds ${format.name}'s export`,
  };
}

function missingTable(folder: string, table: TableFormat, rest: string[]): Complaint {
  const stems = rest.map((name) => ({ name, stem: name.replace(/[-_.]?[0-9-]*(\.[a-z]+)*$/i, '') }));
  const like = nearest(
    table.name,
    stems.map(({ stem }) => stem),
  );
  const file = stems.find(({ stem }) => stem === like)?.name;
  return {
    what: `the table ${table.name} is missing`,
    where: folder,
    expected: `${table.name}.parquet, ${table.name}.csv or ${table.name}.csv.gz`,
    ...(rest.length > 0 ? { found: some(rest) } : {}),
    mend: file ? `is it ${file}? Then rename that file after its table` : 'export this table too',
  };
}

async function checkFile({ name, path }: DataFile): Promise<Complaint[]> {
  const { size, isFile } = await stat(path).then(
    (found) => ({ size: found.size, isFile: found.isFile() }),
    () => ({ size: 0, isFile: false }),
  );
  if (isFile && size > 0) return [];
  const what = isFile ? 'the file is empty (0 bytes)' : 'this is not a file that can be read';
  return [{ what, where: basename(name), expected: 'a file with a header and rows', mend: 'export it again' }];
}

/** At most six names, then how many more. */
export function some(names: string[]): string {
  const shown = names.slice(0, 6);
  return names.length > shown.length ? `${shown.join(', ')} and ${names.length - shown.length} more` : shown.join(', ');
}
