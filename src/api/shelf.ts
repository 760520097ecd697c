import { emptyListed, type Listed } from './listed.ts';

/** Lists made ahead, in shared memory: one thread puts them there, another takes them. About 130 bytes a row. */
export interface Shelf extends Listed {
  /** Places of a list; the lists are those for k of this size, with nothing left out. */
  k: number;
  /** Of each row its list's length plus one, or 0 where none has been made. */
  state: Uint8Array;
}

export function emptyShelf(rows: number, k: number): Shelf {
  const room = rows * k;
  return {
    k,
    product: new Int32Array(new SharedArrayBuffer(4 * room)),
    score: new Float32Array(new SharedArrayBuffer(4 * room)),
    because: new Int32Array(new SharedArrayBuffer(4 * room)),
    why: new Uint8Array(new SharedArrayBuffer(room)),
    state: new Uint8Array(new SharedArrayBuffer(rows)),
  };
}

export function put({ k, product, score, because, why, state }: Shelf, row: number, list: Listed): void {
  const at = row * k;
  product.set(list.product, at);
  score.set(list.score, at);
  because.set(list.because, at);
  why.set(list.why, at);
  // Last, and in order: who sees it sees the list.
  Atomics.store(state, row, list.product.length + 1);
}

/**
 * The list of a row for so many products without those left out; null where it has to be made. A list without some products is the one
 * made ahead as long as it is full and holds none of them: who isn't in it has no part in what is.
 */
export function take(shelf: Shelf, row: number, k: number, exclude: readonly number[]): Listed | null {
  const length = Atomics.load(shelf.state, row) - 1;
  if (length < 0 || k !== shelf.k || (exclude.length > 0 && length < k)) return null;
  const list = emptyListed(length);
  const at = row * shelf.k;
  for (const name of ['product', 'score', 'because', 'why'] as const) list[name].set(shelf[name].subarray(at, at + length));
  return exclude.some((product) => list.product.includes(product)) ? null : list;
}
