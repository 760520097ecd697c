import { type Complaint, LookbookError } from '#contract/error.ts';
import { example, fittingValue, foundValue } from './cast.ts';
import type { Mapped } from './convert.ts';
import type { DataFile } from './discover.ts';
import { type Duck, openDuck } from './duck.ts';
import { isPersonal, type TableFormat } from './format.ts';
import { type Layout, scan, unreadable } from './layout.ts';
import { walkRecords } from './records.ts';

/** A table that could not be converted. */
export interface Failure {
  table: TableFormat;
  layout: Layout;
  files: DataFile[];
  mapped: Mapped[];
}

interface Bad {
  mapped: Mapped;
  file: DataFile;
  bad: number;
  rows: number;
}

/**
 * Finds out why a table could not be read, file by file: lines that don't fit the header, values that don't fit their type, or a file that
 * is damaged.
 *
 * @param error DuckDB's own error, whose text is not shown: it quotes rows
 */
export async function diagnose(failure: Failure, error: Error): Promise<Error> {
  if (/no space left|disk quota/i.test(error.message)) return error;
  const complaints: Complaint[] = [];
  for (const file of failure.files) {
    // A damaged file can break a database for good: each file gets its own.
    await using duck = await openDuck();
    try {
      complaints.push(...(await badValues(duck, failure, file)));
    } catch (fault) {
      complaints.push(...(failure.layout.kind === 'csv' ? await badLines(failure, file, String(fault)) : [damaged(file)]));
    }
  }
  return complaints.length > 0 ? new LookbookError('source', complaints) : error;
}

async function badValues(duck: Duck, { table, layout, files, mapped }: Failure, file: DataFile): Promise<Complaint[]> {
  const typed = mapped.filter(({ source }) => source);
  const counts = typed.map((one, i) => `count(*) filter (${isBad(one)}) as bad${i}`);
  const [row] = await duck.rows(`select count(*) as total, ${counts.join(', ')} from ${scan(layout, [file])}`);
  const bads = typed.map((one, i): Bad => ({ mapped: one, file, bad: Number(row![`bad${i}`]), rows: Number(row!.total) }));
  const complaints: Complaint[] = [];
  for (const bad of bads) if (bad.bad > 0) complaints.push(await firstBad(duck, { table, layout, files, mapped }, bad));
  return complaints;
}

function isBad({ column, source }: Mapped): string {
  const { ref, type } = source!;
  return `${foundValue(ref, type)} is not null and ${fittingValue(column.type, ref, type)} is null`;
}

async function firstBad(duck: Duck, { table, layout }: Failure, { mapped, file, bad, rows }: Bad): Promise<Complaint> {
  const { column, source } = mapped;
  const numbered = `(select *, row_number() over () as row_number_ from ${scan(layout, [file])})`;
  const [first] = await duck.rows(
    `select row_number_ as row, cast(${source!.ref} as varchar) as text from ${numbered} where ${isBad(mapped)} order by row_number_ limit 1`,
  );
  const row = Number(first!.row);
  const text = String(first!.text);
  return {
    what: bad === 1 ? `a value is not ${example[column.type]}` : `${bad} of ${rows} values are not ${example[column.type]}`,
    where: `${file.name}, column ${source!.name}, ${layout.kind === 'csv' ? `line ${await lineOf(file, layout, row)}` : `row ${row}`}`,
    expected: example[column.type],
    found: isPersonal(table) ? `text of the form ${quote(mask(text))}` : quote(text),
    mend:
      bad === 1
        ? 'correct this value, or leave it empty'
        : 'correct these values, or leave them empty; was the file saved by a spreadsheet?',
  };
}

// A value in quotes may hold line breaks, so that the n-th row need not be on the n-th line.
async function lineOf(file: DataFile, layout: Layout, row: number): Promise<number> {
  let record = 0;
  let found = row + 1;
  await walkRecords(file.path, layout.delimiter, ({ line }) => {
    found = line;
    return record++ === row;
  });
  return found;
}

async function badLines({ layout }: Failure, file: DataFile, fault: string): Promise<Complaint[]> {
  const line = fault.match(/CSV Error on Line: (\d+)/)?.[1];
  const where = line ? `${file.name}, line ${line}` : file.name;
  if (/not utf-8/i.test(fault))
    return [{ what: 'a line with text that is not UTF-8', where, expected: 'UTF-8', mend: 'save the file as UTF-8' }];
  const found = await brokenLines(file, layout);
  const complaints = lineRules.flatMap(({ kind, what, expected, mend }): Complaint[] => {
    const { lines, first } = found[kind];
    if (lines === 0) return [];
    const count = lines === 1 ? 'a line with' : `${lines} lines with`;
    return [
      { what: `${count} ${what}`, where: `${file.name}, line ${first}`, expected: expected ?? `${layout.columns.length} values`, mend },
    ];
  });
  return complaints.length > 0 ? complaints : [{ ...damaged(file), where }];
}

type LineFault = 'short' | 'long' | 'quote';

const lineRules: { kind: LineFault; what: string; expected?: string; mend: string }[] = [
  { kind: 'short', what: 'fewer values than the header has names', mend: 'was the file cut short? Export it again' },
  {
    kind: 'long',
    what: 'more values than the header has names',
    mend: 'put values that hold the separator in double quotes, or export it again',
  },
  {
    kind: 'quote',
    what: 'a double quote that is not closed, or is closed within a value',
    expected: 'values that hold quotes, separators or line breaks in double quotes, quotes within doubled',
    mend: 'export the table again; was the file cut short?',
  },
];

async function brokenLines(file: DataFile, layout: Layout): Promise<Record<LineFault, { lines: number; first: number }>> {
  const found = { short: { lines: 0, first: 0 }, long: { lines: 0, first: 0 }, quote: { lines: 0, first: 0 } };
  const width = layout.columns.length;
  await walkRecords(file.path, layout.delimiter, ({ line, fields, isBroken }) => {
    const kind = isBroken ? 'quote' : fields < width ? 'short' : fields > width ? 'long' : undefined;
    if (!kind) return false;
    if (found[kind].lines++ === 0) found[kind].first = line;
    return false;
  });
  return found;
}

function damaged(file: DataFile): Complaint {
  return unreadable(file, 'the file is damaged: its rows can not be read', 'a file that can be read to its end');
}

function quote(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}

function mask(text: string): string {
  return text.replace(/\p{L}/gu, 'a').replace(/\p{N}/gu, '9');
}
