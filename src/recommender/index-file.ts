import { createHash } from 'node:crypto';
import { LookbookError } from '#contract/error.ts';

/** Why bytes can't be read as an index. */
export type Damage = 'not-an-index' | 'version' | 'truncated' | 'checksum' | 'contents';

/** Bytes that are no index, or no longer the one that was written. */
export class DamagedIndexError extends LookbookError {
  readonly damage: Damage;

  constructor(damage: Damage, found: string) {
    super('source', {
      what: 'the recommendation index cannot be read',
      expected: `${magic} version ${version}, whole and unchanged`,
      found,
      mend: 'run the recommendations report again: it trains and stores a new index',
    });
    this.name = 'DamagedIndexError';
    this.damage = damage;
  }
}

const magic = 'LKBKREC';
const version = 1;

const arrays = { f32: Float32Array, f64: Float64Array, i32: Int32Array, u8: Uint8Array } as const;

type TypeName = keyof typeof arrays;

export type Section = Float32Array | Float64Array | Int32Array | Uint8Array;

/** Anything JSON, and arrays of numbers by name. */
export interface Contents {
  head: unknown;
  sections: Record<string, Section>;
}

interface Directory {
  head: unknown;
  sections: { name: string; type: TypeName; from: number; length: number }[];
  bytes: number;
}

const fixed = 48;

/**
 * One file: magic (7 bytes), version (1), SHA-256 of all that follows (32), length of the directory (4, little-endian), 4 bytes of 0; the
 * directory as JSON; the arrays, each at a multiple of 8 bytes, little-endian. The same contents give the same bytes.
 */
export function pack({ head, sections }: Contents): Uint8Array {
  const entries = Object.entries(sections);
  let from = 0;
  const directory: Directory = { head, sections: [], bytes: 0 };
  for (const [name, values] of entries) {
    directory.sections.push({ name, type: typeOf(values), from, length: values.length });
    from = padded(from + values.byteLength);
  }
  directory.bytes = from;
  const text = new TextEncoder().encode(JSON.stringify(directory));
  const start = padded(fixed + text.length);
  const bytes = new Uint8Array(start + from);
  bytes.set(new TextEncoder().encode(magic));
  bytes[magic.length] = version;
  new DataView(bytes.buffer).setUint32(40, text.length, true);
  bytes.set(text, fixed);
  entries.forEach(([, values], i) => {
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), start + directory.sections[i]!.from);
  });
  bytes.set(digest(bytes), 8);
  return bytes;
}

/** @throws DamagedIndexError naming what is wrong. */
export function unpack(given: Uint8Array): Contents {
  if (given.length < fixed || new TextDecoder().decode(given.subarray(0, magic.length)) !== magic) {
    throw new DamagedIndexError('not-an-index', `${given.length} bytes that start otherwise`);
  }
  if (given[magic.length] !== version) throw new DamagedIndexError('version', `version ${given[magic.length]}`);
  // Arrays must lie at multiples of 8 in their buffer.
  const bytes = given.byteOffset % 8 === 0 ? given : given.slice();
  const size = new DataView(bytes.buffer, bytes.byteOffset).getUint32(40, true);
  const start = padded(fixed + size);
  if (start > bytes.length) throw new DamagedIndexError('truncated', `${bytes.length} bytes of at least ${start}`);
  const isWhole = digest(bytes).every((value, i) => value === bytes[8 + i]);
  const directory = isWhole || bytes.length < start ? directoryOf(bytes, size) : null;
  if (directory && bytes.length !== start + directory.bytes) {
    throw new DamagedIndexError('truncated', `${bytes.length} bytes of ${start + directory.bytes}`);
  }
  if (!directory) throw new DamagedIndexError('checksum', 'bytes that differ from those written');
  const sections = directory.sections.map(({ name, type, from, length }): [string, Section] => [
    name,
    new arrays[type](bytes.buffer as ArrayBuffer, bytes.byteOffset + start + from, length),
  ]);
  return { head: directory.head, sections: Object.fromEntries(sections) };
}

function directoryOf(bytes: Uint8Array, size: number): Directory {
  return JSON.parse(new TextDecoder().decode(bytes.subarray(fixed, fixed + size))) as Directory;
}

function digest(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes.subarray(40)).digest();
}

function padded(length: number): number {
  return Math.ceil(length / 8) * 8;
}

function typeOf(values: Section): TypeName {
  for (const name of Object.keys(arrays) as TypeName[]) if (values instanceof arrays[name]) return name;
  throw new TypeError('expected an array of numbers');
}
