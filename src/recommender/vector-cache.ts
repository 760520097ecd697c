import { createHash } from 'node:crypto';
import { appendFile, mkdir, readFile, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import type { VectorCache } from './embeddings.ts';

const keyBytes = 32;
const checkBytes = 8;

/**
 * Vectors in a folder, one file a model: records of key (32 bytes), width (4), numbers (4 each) and the start of their SHA-256 (8),
 * appended. A record that was cut off or damaged ends what is read; the next addition overwrites it.
 */
export function vectorCache(folder: string, model: string): VectorCache {
  const file = join(folder, `${createHash('sha256').update(model).digest('hex').slice(0, 32)}.vectors`);
  let isMended = false;
  return {
    async read() {
      return (await recordsOf(file)).vectors;
    },
    async add(entries) {
      if (!isMended) {
        await mkdir(folder, { recursive: true });
        const { bytes, sound } = await recordsOf(file);
        if (sound < bytes) await truncate(file, sound);
        isMended = true;
      }
      await appendFile(file, Buffer.concat(entries.map(([key, vector]) => recordOf(key, vector))));
    },
  };
}

async function recordsOf(file: string): Promise<{ vectors: Map<string, Float32Array>; bytes: number; sound: number }> {
  const content = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  });
  const vectors = new Map<string, Float32Array>();
  let sound = 0;
  while (sound + keyBytes + 4 + checkBytes <= content.length) {
    const width = content.readUInt32LE(sound + keyBytes);
    const end = sound + keyBytes + 4 + width * 4 + checkBytes;
    if (end > content.length) break;
    const body = content.subarray(sound, end - checkBytes);
    if (!check(body).equals(content.subarray(end - checkBytes, end))) break;
    const vector = Float32Array.from({ length: width }, (_, i) => body.readFloatLE(keyBytes + 4 + i * 4));
    vectors.set(body.subarray(0, keyBytes).toString('hex'), vector);
    sound = end;
  }
  return { vectors, bytes: content.length, sound };
}

function recordOf(key: string, vector: Float32Array): Buffer {
  const body = Buffer.alloc(keyBytes + 4 + vector.length * 4);
  body.write(key, 'hex');
  body.writeUInt32LE(vector.length, keyBytes);
  vector.forEach((value, i) => {
    body.writeFloatLE(value, keyBytes + 4 + i * 4);
  });
  return Buffer.concat([body, check(body)]);
}

function check(body: Buffer): Buffer {
  return createHash('sha256').update(body).digest().subarray(0, checkBytes);
}
