import { z } from 'zod';
import { Problem } from './problem.ts';

/** Where the next page of a list begins, and of which list. */
export interface Cursor {
  /** First letters of the manifest's hash: another run has another list. */
  manifest: string;
  within: number;
  horizon: number;
  offset: number;
}

const cursorShape = z.tuple([z.string().regex(/^[0-9a-f]{16}$/), z.int().positive(), z.int().positive(), z.int().positive()]);

export function encodeCursor({ manifest, within, horizon, offset }: Cursor): string {
  return Buffer.from(JSON.stringify([manifest.slice(0, 16), within, horizon, offset])).toString('base64url');
}

/**
 * The offset a cursor stands for.
 * @throws Problem: invalid-parameter for one that isn't a cursor or is of another list, cursor-expired for one of another run.
 */
export function offsetOf(text: string, list: Omit<Cursor, 'offset'>): number {
  const wrong = (detail: string) => new Problem('invalid-parameter', '', { errors: [{ in: 'query', name: 'cursor', detail }] });
  const cursor = cursorShape.safeParse(parsed(text));
  if (!cursor.success) throw wrong('not a cursor: send next_cursor of the page before as it was');
  const [manifest, within, horizon, offset] = cursor.data;
  if (manifest !== list.manifest.slice(0, 16)) throw new Problem('cursor-expired', '');
  if (within !== list.within || horizon !== list.horizon) throw wrong('of another list: send the same parameters as for the page before');
  return offset;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
}
