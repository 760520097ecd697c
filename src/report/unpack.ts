import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { brotliDecompress, createBrotliDecompress } from 'node:zlib';

const require = createRequire(import.meta.url);
const inflate = promisify(brotliDecompress);

/** The browser that the lockfile pins, unpacked. */
export interface Pinned {
  executable: string;
  /** Folder with NSS, for machines that lack it. */
  libraries: string;
  /** Folder with a fontconfig file and a fallback font, for machines without any. */
  fonts: string;
}

/**
 * Unpacks the browser inside `@sparticuz/chromium` once per version, beside its place and renamed, so that a run that dies or two runs
 * at once leave nothing half done.
 */
export async function unpackBrowser(base = join(tmpdir(), `lookbook-browser-${process.getuid?.() ?? 'user'}`)): Promise<Pinned> {
  const packed = packageFolder('@sparticuz/chromium');
  const { version } = JSON.parse(await readFile(join(packed, 'package.json'), 'utf8')) as { version: string };
  const place = join(ownFolder(base), version);
  if (!existsSync(place)) {
    const beside = `${place}.${randomUUID()}`;
    mkdirSync(beside, { recursive: true, mode: 0o700 });
    await Promise.all([
      pipeline(
        createReadStream(join(packed, 'bin/chromium.br')),
        createBrotliDecompress({ chunkSize: 2 ** 21 }),
        createWriteStream(join(beside, 'chromium'), { mode: 0o700 }),
      ),
      untar(join(packed, 'bin/al2023.tar.br'), join(beside, 'libraries')),
      untar(join(packed, 'bin/fonts.tar.br'), join(beside, 'fonts')),
    ]);
    writeFileSync(
      join(beside, 'fonts/fonts.conf'),
      `<fontconfig><dir>${place}/fonts/fonts</dir><cachedir>${place}/fonts/cache</cachedir></fontconfig>`,
    );
    try {
      renameSync(beside, place);
    } catch (error) {
      rmSync(beside, { recursive: true, force: true });
      if (!existsSync(place)) throw error;
    }
  }
  return { executable: join(place, 'chromium'), libraries: join(place, 'libraries/lib'), fonts: join(place, 'fonts') };
}

/** A folder that belongs to this user alone: a browser from another's folder must not be run. */
function ownFolder(base: string): string {
  mkdirSync(base, { recursive: true, mode: 0o700 });
  const owner = statSync(base).uid;
  if (process.getuid && owner !== process.getuid()) throw new Error(`${base} belongs to another user`);
  return base;
}

function packageFolder(name: string): string {
  let folder = dirname(require.resolve(name));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}

/** Regular files of a Brotli-packed ustar archive. */
async function untar(archive: string, into: string): Promise<void> {
  const block = 512;
  const bytes = await inflate(await readFile(archive));
  for (let at = 0; at + block <= bytes.length && bytes[at] !== 0; ) {
    const text = (from: number, length: number) => bytes.toString('utf8', at + from, at + from + length).replace(/\0.*$/s, '');
    const name = [text(345, 155), text(0, 100)].filter(Boolean).join('/');
    const size = Number.parseInt(text(124, 12).trim() || '0', 8);
    const kind = text(156, 1);
    if (!name.split('/').includes('..') && (kind === '' || kind === '0')) {
      mkdirSync(dirname(join(into, name)), { recursive: true });
      writeFileSync(join(into, name), bytes.subarray(at + block, at + block + size), { mode: 0o700 });
    }
    at += block + Math.ceil(size / block) * block;
  }
}
