import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { LookbookError } from '#contract/error.ts';
import type { DataFile } from './discover.ts';
import { unreadable } from './layout.ts';

/**
 * Unpacks a gzip file and checks its length and checksum: DuckDB's own reader takes a file that was cut short for a whole one, and reads
 * on one thread only.
 *
 * @throws LookbookError 'source' when it is not gzip, is cut short or damaged; the file system's error when there is no room
 */
export async function inflate(file: DataFile, path: string): Promise<DataFile> {
  const block = 1 << 20;
  try {
    await pipeline(
      createReadStream(file.path, { highWaterMark: block }),
      createGunzip({ chunkSize: block }),
      createWriteStream(path, { highWaterMark: 4 * block }),
    );
    return { name: file.name, path };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (!code?.startsWith('Z_')) throw error;
    const what = message.includes('header') ? 'this is not a gzip file' : 'this gzip file is cut short or damaged';
    throw new LookbookError('source', unreadable(file, what, 'a whole gzip file, as its name says'));
  }
}
