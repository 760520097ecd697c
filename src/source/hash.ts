import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';

const blockSize = 1 << 22;

/** SHA-256 of a text, in hex. */
export function hashText(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** SHA-256 and size of a file, read in blocks. @throws the file system's error */
export async function hashFile(path: string): Promise<{ sha256: string; bytes: number }> {
  await using file = await open(path);
  const hash = createHash('sha256');
  const block = Buffer.allocUnsafe(blockSize);
  let bytes = 0;
  for (;;) {
    const { bytesRead } = await file.read(block, 0, blockSize);
    if (bytesRead === 0) return { sha256: hash.digest('hex'), bytes };
    hash.update(block.subarray(0, bytesRead));
    bytes += bytesRead;
  }
}
