import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Complaint, LookbookError } from '#contract/error.ts';
import { convertTable, type Input, writeEmpty } from './convert.ts';
import { type DataFile, discover, type TableFiles } from './discover.ts';
import { openDuck } from './duck.ts';
import type { ShopFormat } from './format.ts';
import { hashFile, hashText } from './hash.ts';
import { inflate } from './inflate.ts';
import type { Source, SourceFile, Written } from './source.ts';

/** A part of the fingerprint: raise it when the same files would make another snapshot. */
const readerVersion = 1;

interface Hashed {
  tables: TableFiles[];
  files: SourceFile[];
  /** Size and time of change by path, to notice a file that changes between hashing and reading. */
  stamps: Map<string, string>;
}

/** A shop's tables as files in a folder: Parquet, CSV or CSV.gz. */
export function filesSource({ data, format }: { data: string; format: ShopFormat }): Source {
  let hashed: Promise<Hashed> | undefined;
  const hash = () => {
    hashed ??= hashTables(data, format);
    return hashed;
  };
  return {
    id: 'files',
    format,
    describe: () => `${format.name} files in ${data}`,
    async fingerprint() {
      const { tables, files } = await hash();
      const bySource = new Map(files.map(({ name, sha256 }) => [name, sha256]));
      const parts = tables.map(({ table, kind, files }) => [table.name, kind, ...files.map(({ name }) => bySource.get(name))]);
      return hashText(JSON.stringify([readerVersion, format, parts]));
    },
    async write(folder) {
      const { tables, files, stamps } = await hash();
      const written = await writeTables(folder, format, tables);
      const changed = [...(await stampAll(tables))].find(([path, stamp]) => stamps.get(path) !== stamp);
      if (changed) {
        const what = 'the file changed while it was being read';
        throw new LookbookError('source', { what, where: changed[0], mend: 'run again when the export is finished' });
      }
      return { ...written, files };
    },
  };
}

async function hashTables(data: string, format: ShopFormat): Promise<Hashed> {
  const tables = await discover(data, format);
  const stamps = await stampAll(tables);
  const files: SourceFile[] = [];
  for (const { name, path } of tables.flatMap(({ files }) => files)) files.push({ name, ...(await hashFile(path)) });
  return { tables, files, stamps };
}

async function stampAll(tables: TableFiles[]): Promise<Map<string, string>> {
  const paths = tables.flatMap(({ files }) => files.map(({ path }) => path));
  return new Map(
    await Promise.all(
      paths.map(async (path) => {
        const { size, mtimeMs } = await stat(path);
        return [path, `${size} ${mtimeMs}`] as const;
      }),
    ),
  );
}

async function writeTables(folder: string, format: ShopFormat, tables: TableFiles[]): Promise<Omit<Written, 'files'>> {
  const scratch = join(folder, 'scratch');
  await mkdir(scratch);
  const open = () => openDuck(join(scratch, 'spill'));
  let duck = await open();
  const inputs = new Map(tables.map((one) => [one.table.name, unpack(one, scratch)]));
  const written: Omit<Written, 'files'> = { tables: {}, warnings: [] };
  const complaints: Complaint[] = [];
  for (const table of format.tables) {
    const target = join(folder, `${table.name}.parquet`);
    const input = inputs.get(table.name);
    try {
      if (input) {
        const { warnings, ...columns } = await convertTable(duck, await input, target);
        written.tables[table.name] = columns;
        written.warnings.push(...warnings);
      } else {
        await writeEmpty(duck, table, target);
        written.tables[table.name] = { present: false, absent: [], leftOut: [], ignored: [] };
      }
    } catch (error) {
      if (!(error instanceof LookbookError)) throw error;
      complaints.push(...error.complaints);
      // A damaged file can break a database for good.
      await duck[Symbol.asyncDispose]();
      duck = await open();
    }
  }
  await duck[Symbol.asyncDispose]();
  if (complaints.length > 0) throw new LookbookError('source', complaints);
  await rm(scratch, { recursive: true });
  return written;
}

/** Unpacking starts at once for all tables, so that it runs beside the conversion of those before. */
function unpack({ table, kind, files }: TableFiles, scratch: string): Promise<Input> {
  const plain = async (file: DataFile) => (kind === 'csv.gz' ? inflate(file, join(scratch, `${file.name}.csv`)) : file);
  const input = Promise.all(files.map(plain)).then(
    (ready): Input => ({ table, kind: kind === 'parquet' ? 'parquet' : 'csv', files: ready }),
  );
  // Awaited later, in the order of the tables; until then a failure is not unhandled.
  input.catch(() => {});
  return input;
}
