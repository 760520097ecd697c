import { open } from 'node:fs/promises';
import { LookbookError } from '#contract/error.ts';
import type { DataFile } from './discover.ts';
import { type Duck, identifier, literal, pathLiteral } from './duck.ts';
import type { TableFormat } from './format.ts';

/** A column of a file: `ref` is how SQL names it in `scan`. */
export interface SourceColumn {
  name: string;
  /** DuckDB's type; VARCHAR for all of a CSV file. */
  type: string;
  ref: string;
}

export interface Layout {
  kind: 'csv' | 'parquet';
  columns: SourceColumn[];
  delimiter: string;
}

const delimiters = [',', ';', '\t', '|'];
const headerLimit = 1 << 20;

/** @returns the columns of a Parquet file. @throws LookbookError 'source' when it is not one, or is cut short */
export async function parquetLayout(duck: Duck, file: DataFile): Promise<Layout> {
  try {
    const columns = await duck.rows(`describe select * from ${scanParquet([file])}`);
    return {
      kind: 'parquet',
      delimiter: '',
      columns: columns.map((column) => ({
        name: String(column.column_name),
        type: String(column.column_type),
        ref: identifier(String(column.column_name)),
      })),
    };
  } catch {
    throw new LookbookError('source', unreadable(file, 'this is not a whole Parquet file', 'a Parquet file that ends in its footer'));
  }
}

/** @returns the columns of a CSV file by its first line, split at the delimiter under which it names the most columns of the table. */
export async function csvLayout(file: DataFile, table: TableFormat): Promise<Layout> {
  const line = await firstLine(file);
  const known = new Set(table.columns.map(({ name }) => name));
  const splits = delimiters.map((delimiter) => {
    const names = splitRecord(line, delimiter);
    return { delimiter, names, hits: names.filter((name) => known.has(name.toLowerCase())).length };
  });
  const best = splits.reduce((a, b) => (b.hits > a.hits ? b : a));
  return {
    kind: 'csv',
    delimiter: best.delimiter,
    columns: best.names.map((name, i) => ({ name, type: 'VARCHAR', ref: `c${i}` })),
  };
}

/** SQL of the rows of files that share a layout, in the files' order. */
export function scan(layout: Layout, files: DataFile[], options = ''): string {
  if (layout.kind === 'parquet') return scanParquet(files);
  const columns = layout.columns.map(({ ref }) => `${ref}: 'VARCHAR'`).join(', ');
  return `read_csv([${paths(files)}], auto_detect = false, header = true, delim = ${literal(layout.delimiter)}, quote = '"', escape = '"',
    nullstr = '', columns = {${columns}}${options})`;
}

function scanParquet(files: DataFile[]): string {
  return `read_parquet([${paths(files)}], binary_as_string = true, hive_partitioning = false)`;
}

function paths(files: DataFile[]): string {
  return files.map(({ path }) => pathLiteral(path)).join(', ');
}

/** Fields of one CSV record, trimmed. */
function splitRecord(record: string, delimiter: string): string[] {
  const fields: string[] = [];
  let field = '';
  let isQuoted = false;
  for (let i = 0; i < record.length; i++) {
    const char = record[i]!;
    if (char === '"' && isQuoted && record[i + 1] === '"') {
      field += '"';
      i++;
    } else if (char === '"') {
      isQuoted = !isQuoted;
    } else if (char === delimiter && !isQuoted) {
      fields.push(field.trim());
      field = '';
    } else {
      field += char;
    }
  }
  return [...fields, field.trim()];
}

async function firstLine(file: DataFile): Promise<string> {
  await using handle = await open(file.path);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(headerLimit), 0, headerLimit, 0);
  const bytes = buffer.subarray(0, bytesRead);
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    throw new LookbookError('source', unreadable(file, 'this file is UTF-16', 'UTF-8'));
  }
  const text = bytes.toString('utf8').replace(/^\ufeff/, '');
  let isQuoted = false;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '"') isQuoted = !isQuoted;
    if (!isQuoted && (text[i] === '\n' || text[i] === '\r')) return text.slice(0, i);
  }
  if (bytesRead < headerLimit && !isQuoted) return text;
  throw new LookbookError('source', unreadable(file, 'the first line does not end', 'a header line with the names of the columns'));
}

/** Complaint about a file that can't be read. */
export function unreadable(file: DataFile, what: string, expected: string) {
  return { what, where: file.name, expected, mend: 'export this table again, or copy the file again if it was cut short' };
}
