import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Engine, literal } from './engine.ts';

/** A Parquet file named by its content. */
export interface Exported {
  file: string;
  sha256: string;
  bytes: number;
}

/** Level 1 is smaller than level 3 on these tables, and quicker. */
export const parquet = 'format parquet, compression zstd, compression_level 1, row_group_size 122880';

/**
 * Writes a query's rows, in its order, as `<sha256>.parquet`; whatever the size, they never pass through JavaScript.
 * @param folder must exist.
 * @throws QueryError
 */
export async function exportQuery(engine: Engine, sql: string, folder: string, label: string): Promise<Exported> {
  const partial = join(folder, `${createHash('sha256').update(label).digest('hex')}.tmp-${process.pid}`);
  try {
    await engine.run(`copy (${sql}\n) to ${literal(partial)} (${parquet})`, label);
    const { size } = await stat(partial);
    const sha256 = await hashFile(partial);
    const file = `${sha256}.parquet`;
    await rename(partial, join(folder, file));
    return { file, sha256, bytes: size };
  } finally {
    await rm(partial, { force: true });
  }
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(piece as Buffer);
  return hash.digest('hex');
}
