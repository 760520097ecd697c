import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** JSON with sorted keys: the same value gives the same text. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, v: unknown) =>
    v !== null && typeof v === 'object' && !Array.isArray(v)
      ? Object.fromEntries(Object.entries(v).sort(([a], [b]) => (a < b ? -1 : 1)))
      : v,
  );
}

/** SHA-256 in hex of text, bytes, or the canonical JSON of anything else. */
export function sha256(value: unknown): string {
  const hash = createHash('sha256');
  return hash.update(typeof value === 'string' || value instanceof Uint8Array ? value : canonical(value)).digest('hex');
}

export function sha256File(file: string): string {
  return sha256(readFileSync(file));
}
