import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { LookbookError } from '#contract/error.ts';
import type { Capability } from '#contract/shop.ts';
import { emptyTable } from './convert.ts';
import { type Duck, literal, openDuck } from './duck.ts';
import { keptColumns, type ShopFormat, sqlType, type TableFormat } from './format.ts';
import { hashFile, hashText } from './hash.ts';
import { profileTable } from './profile.ts';
import type { Source, SourceFile, Written, WrittenTable } from './source.ts';

/** Raise it when snapshot.json or the tables change their form. */
const snapshotVersion = 2;

export interface SnapshotColumn {
  name: string;
  /** DuckDB's type. */
  type: string;
  /** False: the source lacks it, and it is NULL throughout. */
  present: boolean;
  nulls: number;
}

export interface SnapshotTable {
  /** Absolute path of the Parquet file. */
  file: string;
  bytes: number;
  /** Of the Parquet file: a table that stays as it was keeps it, whatever becomes of the others. */
  sha256: string;
  rows: number;
  /** First and last created_at, ISO 8601 in UTC; null without such a column or value. Times in the future are kept. */
  firstAt: string | null;
  lastAt: string | null;
  /** False: the source lacks this table, and it is empty. */
  present: boolean;
  columns: SnapshotColumn[];
  /** Columns of the source that were left behind: personal, or of no use to a model. */
  leftOut: string[];
  /** Columns of the source that the format does not know. */
  ignored: string[];
}

/** The raw tables of a shop as Parquet files, without personal columns. */
export interface Snapshot {
  /** SHA-256 in hex: same fingerprint, same rows. */
  fingerprint: string;
  source: Source['id'];
  /** Key of the shop's format: `thelook`. */
  format: string;
  folder: string;
  tables: Record<string, SnapshotTable>;
  capabilities: Capability[];
  /** Why a capability is missing: 'there is no table events'. */
  missing: Partial<Record<Capability, string>>;
  /** First and last orders.created_at, ISO 8601 in UTC; the last may lie in the future (`lastOrderDayOnOrBefore`). */
  firstOrderAt: string | null;
  lastOrderAt: string | null;
  /** Files of the source; none for the demo. */
  files: SourceFile[];
  warnings: string[];
  /** Whether an earlier run had written it. */
  reused: boolean;
}

type Stored = Omit<Snapshot, 'folder' | 'reused'> & { version: number };

/**
 * Takes a snapshot into `<outDir>/<fingerprint>/`, or finds the one that is there. It is written beside its place and renamed, so that a run
 * that dies leaves none; one whose files are missing or have another size is written anew.
 *
 * @throws LookbookError 'source' when the input is wrong or the folder can't be written
 */
export async function takeSnapshot(source: Source, outDir: string, log: (line: string) => void): Promise<Snapshot> {
  const fingerprint = hashText(`${snapshotVersion} ${source.id} ${await source.fingerprint()}`);
  const folder = join(outDir, fingerprint);
  const found = await readSnapshot(folder);
  if (found) {
    log(`snapshot ${short(fingerprint)}: unchanged, read again (${sumOf(found)})`);
    return found;
  }
  const snapshot = await guardWrites(outDir, () => write(source, outDir, fingerprint));
  log(
    `snapshot ${short(fingerprint)}: ${snapshot.reused ? 'written by another run' : `written from ${source.describe()}`} (${sumOf(snapshot)})`,
  );
  for (const warning of snapshot.warnings) log(`snapshot ${short(fingerprint)}: ${warning}`);
  return snapshot;
}

/** @returns the snapshot in a folder; undefined where there is none, or it is not whole */
export async function readSnapshot(folder: string): Promise<Snapshot | undefined> {
  try {
    const { version, ...stored } = JSON.parse(await readFile(join(folder, 'snapshot.json'), 'utf8')) as Stored;
    if (version !== snapshotVersion || stored.fingerprint !== basename(folder)) return undefined;
    for (const table of Object.values(stored.tables)) {
      table.file = join(folder, table.file);
      if ((await stat(table.file)).size !== table.bytes) return undefined;
    }
    return { ...stored, folder, reused: true };
  } catch {
    return undefined;
  }
}

/**
 * The last day with an order, on or before a day: orders dated in the future must not move the report.
 *
 * @param today 'YYYY-MM-DD' in the timezone
 * @param timezone IANA name, in which days are cut
 * @returns 'YYYY-MM-DD', or null when all orders are later
 */
export async function lastOrderDayOnOrBefore(snapshot: Snapshot, today: string, timezone: string): Promise<string | null> {
  await using duck = await openDuck();
  const [row] = await duck.rows(
    `with days as (
      select cast((created_at at time zone 'UTC') at time zone ${literal(timezone)} as date) as day from ${literal(snapshot.tables.orders!.file)}
    )
    select strftime(max(day), '%Y-%m-%d') as day from days where day <= cast(${literal(today)} as date)`,
  );
  return row?.day == null ? null : String(row.day);
}

async function write(source: Source, outDir: string, fingerprint: string): Promise<Snapshot> {
  await mkdir(outDir, { recursive: true });
  await sweep(outDir);
  const folder = join(outDir, fingerprint);
  const partial = await mkdtemp(join(outDir, `partial-${process.pid}-`));
  try {
    const written = await source.write(partial);
    const stored = await describe(source, fingerprint, partial, written);
    await writeFile(join(partial, 'snapshot.json'), `${JSON.stringify(stored, null, 2)}\n`);
    await chmod(partial, 0o755);
    const isFirst = await publish(partial, folder);
    const snapshot = await readSnapshot(folder);
    if (!snapshot) throw new Error(`the snapshot was lost as it was written: ${folder}`);
    return { ...snapshot, reused: !isFirst };
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

/** @returns false when another run has published the same snapshot meanwhile */
async function publish(partial: string, folder: string): Promise<boolean> {
  if (await readSnapshot(folder)) return false;
  await rm(folder, { recursive: true, force: true });
  try {
    await rename(partial, folder);
    return true;
  } catch (error) {
    if (await readSnapshot(folder)) return false;
    throw error;
  }
}

/** Removes what killed runs have left. */
async function sweep(outDir: string): Promise<void> {
  for (const name of await readdir(outDir)) {
    const pid = Number(name.match(/^partial-(\d+)-/)?.[1]);
    if (pid && !isAlive(pid)) await rm(join(outDir, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function describe(source: Source, fingerprint: string, folder: string, { tables, files, warnings }: Written): Promise<Stored> {
  await using duck = await openDuck();
  const described: Record<string, SnapshotTable> = {};
  for (const table of source.format.tables) {
    const one = await describeTable(duck, table, folder, tables[table.name]!);
    if (table.required && one.rows === 0) throw new LookbookError('source', emptyTable(table, source.describe()));
    described[table.name] = one;
  }
  const { capabilities, missing } = unlocked(source.format, described);
  const { firstAt, lastAt } = described.orders!;
  return {
    version: snapshotVersion,
    fingerprint,
    source: source.id,
    format: source.format.id,
    tables: described,
    capabilities,
    missing,
    firstOrderAt: firstAt,
    lastOrderAt: lastAt,
    files,
    warnings: [...warnings, ...ignoredWarnings(described)],
  };
}

async function describeTable(duck: Duck, table: TableFormat, folder: string, written: WrittenTable): Promise<SnapshotTable> {
  const file = `${table.name}.parquet`;
  const path = join(folder, file);
  const { rows, nulls } = await profileTable(duck, table, path);
  const [span] = table.columns.some(({ name }) => name === 'created_at')
    ? await duck.rows(`select ${iso('min(created_at)')} as first, ${iso('max(created_at)')} as last from ${literal(path)}`)
    : [];
  const { present, absent, leftOut, ignored } = written;
  return {
    file,
    ...(await hashFile(path)),
    rows,
    firstAt: (span?.first as string | null | undefined) ?? null,
    lastAt: (span?.last as string | null | undefined) ?? null,
    present,
    columns: keptColumns(table).map(({ name, type }) => ({
      name,
      type: sqlType[type],
      present: present && !absent.includes(name),
      nulls: nulls[name] ?? 0,
    })),
    leftOut,
    ignored,
  };
}

function iso(value: string): string {
  return `strftime(${value}, '%Y-%m-%dT%H:%M:%S.%gZ')`;
}

function unlocked(format: ShopFormat, tables: Record<string, SnapshotTable>): Pick<Snapshot, 'capabilities' | 'missing'> {
  const capabilities: Capability[] = [];
  const missing: Snapshot['missing'] = {};
  for (const { capability, tables: needed, column } of format.unlocks) {
    const reason = needed.map((name) => lack(name, tables[name]!, column)).find((found) => found !== undefined);
    if (reason === undefined) capabilities.push(capability);
    else missing[capability] = reason;
  }
  return { capabilities, missing };
}

function lack(name: string, table: SnapshotTable, column: string | undefined): string | undefined {
  if (!table.present) return `there is no table ${name}`;
  if (table.rows === 0) return `the table ${name} has no rows`;
  if (column === undefined) return undefined;
  const found = table.columns.find((one) => one.name === column);
  if (!found?.present) return `the table ${name} has no column ${column}`;
  return found.nulls === table.rows ? `the column ${column} of the table ${name} has no values` : undefined;
}

function ignoredWarnings(tables: Record<string, SnapshotTable>): string[] {
  return Object.entries(tables)
    .filter(([, { ignored }]) => ignored.length > 0)
    .map(([name, { ignored }]) => `${name}: unknown columns are ignored: ${ignored.join(', ')}`);
}

/** Names the folder when the disk is full or can't be written. */
async function guardWrites<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof LookbookError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    const isFull = code === 'ENOSPC' || code === 'EDQUOT' || /no space left|disk quota/i.test(message);
    const isClosed = ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST'].includes(code ?? '');
    if (!isFull && !isClosed) throw error;
    const what = isFull ? 'the disk is full: the snapshot could not be written' : `the snapshot can't be written here (${code})`;
    const mend = isFull ? 'free some space, or give another output folder' : 'give an output folder that you may write to';
    throw new LookbookError('source', { what, where: folder, mend }, { cause: error });
  }
}

function sumOf({ tables }: Pick<Snapshot, 'tables'>): string {
  const all = Object.values(tables);
  return `${all.filter(({ present }) => present).length} tables, ${all.reduce((sum, { rows }) => sum + rows, 0)} rows`;
}

function short(fingerprint: string): string {
  return fingerprint.slice(0, 12);
}
