/** Texts as UTF-8, one after the other, shared between threads as they are. */
export interface Texts {
  bytes: Uint8Array;
  /** Where each begins, and at the end the number of bytes. */
  starts: Uint32Array;
}

/** Ids with a hash table over them: about 20 bytes an id. */
export interface IdIndex extends Texts {
  /** Open addressing: row + 1, or 0 where free. A power of two. */
  slots: Uint32Array;
}

/** Room for `count` ids of `size` bytes in all. */
export function emptyIndex(count: number, size: number): IdIndex {
  const capacity = 2 ** Math.max(4, Math.ceil(Math.log2(count * 1.5 + 1)));
  return {
    bytes: new Uint8Array(new SharedArrayBuffer(size)),
    starts: new Uint32Array(new SharedArrayBuffer(4 * (count + 1))),
    slots: new Uint32Array(new SharedArrayBuffer(4 * capacity)),
  };
}

/**
 * Puts the id of the next row; rows come in order.
 * @throws RangeError for an id that is there already, or beyond the room.
 */
export function addId(index: IdIndex, row: number, id: string): void {
  const { bytes, starts, slots } = index;
  const word = Buffer.from(id, 'utf8');
  const start = starts[row]!;
  if (row + 1 >= starts.length || start + word.length > bytes.length) throw new RangeError('more ids than there is room for');
  const slot = find(index, word);
  if (slots[slot] !== 0) throw new RangeError('an id stands there twice');
  bytes.set(word, start);
  starts[row + 1] = start + word.length;
  slots[slot] = row + 1;
}

/** The row of an id, or -1. */
export function rowOf(index: IdIndex, id: string): number {
  return index.slots[find(index, Buffer.from(id, 'utf8'))]! - 1;
}

/** Ids of a list, row by row. @throws RangeError for one that stands there twice. */
export function indexOf(ids: readonly string[]): IdIndex {
  const index = emptyIndex(ids.length, sizeOf(ids));
  for (let row = 0; row < ids.length; row++) addId(index, row, ids[row]!);
  return index;
}

/** Texts of a list; the same may stand there twice. */
export function textsOf(list: readonly string[]): Texts {
  const texts: Texts = {
    bytes: new Uint8Array(new SharedArrayBuffer(sizeOf(list))),
    starts: new Uint32Array(new SharedArrayBuffer(4 * (list.length + 1))),
  };
  for (let row = 0; row < list.length; row++) {
    const word = Buffer.from(list[row]!, 'utf8');
    texts.bytes.set(word, texts.starts[row]!);
    texts.starts[row + 1] = texts.starts[row]! + word.length;
  }
  return texts;
}

/** Bytes of texts as UTF-8. */
export function sizeOf(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}

/** The id, or any other text, of a row. */
export function idOf({ bytes, starts }: Texts, row: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8', starts[row]!, starts[row + 1]!);
}

/** The slot that holds the word, or the free one where it would go. */
function find({ bytes, starts, slots }: IdIndex, word: Uint8Array): number {
  const mask = slots.length - 1;
  for (let slot = hashOf(word) & mask; ; slot = (slot + 1) & mask) {
    const row = slots[slot]! - 1;
    if (row < 0 || isAt(bytes, starts[row]!, starts[row + 1]!, word)) return slot;
  }
}

function isAt(bytes: Uint8Array, start: number, end: number, word: Uint8Array): boolean {
  if (end - start !== word.length) return false;
  for (let i = 0; i < word.length; i++) if (bytes[start + i] !== word[i]) return false;
  return true;
}

/** FNV-1a with Murmur's finish: the low bits serve as slot. */
function hashOf(word: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < word.length; i++) hash = Math.imul(hash ^ word[i]!, 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
