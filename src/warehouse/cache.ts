import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** What a model's rows depended on when it was last made. */
const entryShape = z.object({
  key: z.string(),
  /** SHA-256 of the template, and of the SQL as rendered. */
  template: z.string(),
  sql: z.string(),
  moment: z.object({ wall: z.string(), asOf: z.string(), week: z.string(), timezone: z.string() }),
  engine: z.string(),
  /** Keys of the models, and fingerprints of the raw tables, that it reads. */
  refs: z.record(z.string(), z.string()),
  sources: z.record(z.string(), z.string()),
});
const indexShape = z.object({
  models: z.record(z.string(), entryShape),
  files: z.record(z.string(), z.object({ bytes: z.number(), sha256: z.string() })),
  /** Keys of each model, the last used first. */
  used: z.record(z.string(), z.array(z.string())),
});
export type Entry = z.infer<typeof entryShape>;
export type Index = z.infer<typeof indexShape>;

/** File of a table with a content key. */
export function fileOf(model: string, key: string): string {
  return `${model}-${key.slice(0, 16)}.parquet`;
}

/** The folder's index; an empty one where there is none or it cannot be read, since all of it can be made again. */
export async function readIndex(folder: string): Promise<Index> {
  try {
    return indexShape.parse(JSON.parse(await readFile(join(folder, 'index.json'), 'utf8')));
  } catch {
    return { models: {}, files: {}, used: {} };
  }
}

/** Written beside its place and renamed. */
export async function writeIndex(folder: string, index: Index): Promise<void> {
  await replaceFile(join(folder, 'index.json'), JSON.stringify(index));
}

export async function replaceFile(path: string, text: string): Promise<void> {
  const partial = `${path}.tmp-${process.pid}`;
  await writeFile(partial, text);
  await rename(partial, path);
}

/** Remembers what a model was made of. */
export function noteBuilt(index: Index, model: string, entry: Entry): void {
  index.models[model] = entry;
  use(index, model, entry.key);
}

/** Remembers that a file beside the tables, `<name>-<key>.…`, was used. */
export async function noteUsed(folder: string, name: string, key: string): Promise<void> {
  const index = await readIndex(folder);
  use(index, name, key);
  await writeIndex(folder, index);
}

function use(index: Index, name: string, key: string): void {
  index.used[name] = [key, ...(index.used[name] ?? []).filter((other) => other !== key)];
}

/**
 * Removes what no recent run used: of each model the `keepNewest` keys used last stay, and so do their files; leftovers of runs that
 * died go.
 * @returns names of the files removed.
 */
export async function prune(folder: string, keepNewest: number): Promise<string[]> {
  const index = await readIndex(folder);
  for (const [model, keys] of Object.entries(index.used)) index.used[model] = keys.slice(0, keepNewest);
  const kept = new Set(Object.entries(index.used).flatMap(([model, keys]) => keys.map((key) => stem(model, key))));
  const removed: string[] = [];
  for (const file of await readdir(folder)) {
    const made = /^(\w+-[0-9a-f]{16})\.(parquet|[a-z]+\.json)(\.tmp-\d+)?$/.exec(file);
    if (!made || (kept.has(made[1]!) && !made[3])) continue;
    await rm(join(folder, file), { force: true });
    delete index.files[file];
    removed.push(file);
  }
  await writeIndex(folder, index);
  return removed.sort();
}

function stem(model: string, key: string): string {
  return fileOf(model, key).replace(/\.parquet$/, '');
}
