/** Purchase histories, one row a customer (or, with `weight`, one row a group of identical customers). */
export interface Histories {
  /** Repeat purchases: whole numbers, the first purchase not counted. */
  x: ArrayLike<number>;
  /** Time from the first to the last purchase, 0 where x is 0. */
  tx: ArrayLike<number>;
  /** Time from the first purchase to the end of observation, in the same unit. */
  T: ArrayLike<number>;
  /** Customers a row stands for; 1 each when left out. */
  weight?: ArrayLike<number>;
}

/** Unique (x, t_x, T), ordered by x, within one x by first appearance. */
export interface Compressed {
  x: Float64Array;
  tx: Float64Array;
  T: Float64Array;
  /** Customers each unique row stands for. */
  weight: Float64Array;
  /** For each input row its unique row. */
  row: Uint32Array;
  /** Sum of the weights. */
  customers: number;
  /** The different x, ascending. */
  frequencies: Float64Array;
  /** Where in the rows each of `frequencies` begins, and at the end the number of rows. */
  offsets: Uint32Array;
}

/**
 * Refuses what no purchase history can be.
 * @throws RangeError that names the argument and the row: lengths that differ, values that are not finite, x not whole or negative,
 * t_x below 0 or above T, t_x above 0 without a repeat purchase, weights that are not positive.
 */
export function checkHistories(histories: Histories): void {
  const { x, tx, T, weight } = histories;
  const n = x.length;
  if (tx.length !== n) throw new RangeError(`tx: expected ${n} values as in x, found ${tx.length}`);
  if (T.length !== n) throw new RangeError(`T: expected ${n} values as in x, found ${T.length}`);
  if (weight && weight.length !== n) throw new RangeError(`weight: expected ${n} values as in x, found ${weight.length}`);
  for (let i = 0; i < n; i++) {
    const xi = x[i]!;
    const txi = tx[i]!;
    const Ti = T[i]!;
    if (!(xi >= 0 && Math.floor(xi) === xi && xi < Number.MAX_SAFE_INTEGER)) {
      throw new RangeError(`x: expected a whole number of at least 0, found ${xi} in row ${i}`);
    }
    if (!(Ti >= 0 && Ti < Number.POSITIVE_INFINITY))
      throw new RangeError(`T: expected a finite number of at least 0, found ${Ti} in row ${i}`);
    if (!(txi >= 0)) throw new RangeError(`tx: expected a number of at least 0, found ${txi} in row ${i}`);
    if (txi > Ti) throw new RangeError(`tx: expected at most T = ${Ti}, found ${txi} in row ${i}`);
    if (xi === 0 && txi > 0) throw new RangeError(`tx: expected 0 where x is 0, found ${txi} in row ${i}`);
    if (weight && !(weight[i]! > 0 && weight[i]! < Number.POSITIVE_INFINITY)) {
      throw new RangeError(`weight: expected a positive number, found ${weight[i]} in row ${i}`);
    }
  }
}

/** One customer's history. @throws RangeError as `checkHistories`, for row 0. */
export function checkHistory(x: number, tx: number, T: number): void {
  const isFine = x >= 0 && Math.floor(x) === x && tx >= 0 && tx <= T && T < Number.POSITIVE_INFINITY && (x > 0 || tx === 0);
  if (!isFine || x >= Number.MAX_SAFE_INTEGER) checkHistories({ x: [x], tx: [tx], T: [T] });
}

/** @throws RangeError unless `t` is finite and at least 0. */
export function checkTime(t: number): void {
  if (!(t >= 0 && t < Number.POSITIVE_INFINITY)) throw new RangeError(`t: expected a finite number of at least 0, found ${t}`);
}

/** @throws RangeError that names the first of `names` that isn't a positive, finite number. */
export function checkPositive<Name extends string>(parameters: Readonly<Record<Name, number>>, names: readonly Name[]): void {
  for (const name of names) {
    const value = parameters[name];
    if (!(value > 0 && value < Number.POSITIVE_INFINITY))
      throw new RangeError(`${name}: expected a positive, finite number, found ${value}`);
  }
}

/**
 * Collapses identical (x, t_x, T) to unique rows with weights, by open addressing in typed arrays. Likelihoods and scores of unique
 * rows serve all customers: `scores[row[i]]` is customer i's.
 * @throws RangeError as `checkHistories`.
 */
export function compress(histories: Histories): Compressed {
  checkHistories(histories);
  const { x, tx, T, weight } = histories;
  const n = x.length;
  const keys = new Float64Array(3);
  const words = new Uint32Array(keys.buffer);
  const row = new Uint32Array(n);
  let capacity = 1024;
  let slots = new Int32Array(capacity).fill(-1);
  let room = Math.min(Math.max(n, 1), 4096);
  let ux = new Float64Array(room);
  let utx = new Float64Array(room);
  let uT = new Float64Array(room);
  let uw = new Float64Array(room);
  let hashes = new Uint32Array(room);
  let unique = 0;
  let customers = 0;
  for (let i = 0; i < n; i++) {
    const xi = x[i]!;
    const txi = tx[i]! + 0;
    const Ti = T[i]! + 0;
    keys[0] = xi;
    keys[1] = txi;
    keys[2] = Ti;
    let hash = Math.imul(words[0]! ^ words[1]!, 0x9e3779b1);
    hash = Math.imul((hash ^ (hash >>> 15)) + words[2]!, 0x85ebca6b) ^ words[3]!;
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35) + words[4]!;
    hash = Math.imul(hash ^ (hash >>> 16), 0x27d4eb2f) ^ words[5]!;
    hash = Math.imul(hash ^ (hash >>> 15), 0x9e3779b1);
    hash = (hash ^ (hash >>> 16)) >>> 0;
    const w = weight ? weight[i]! : 1;
    customers += w;
    let slot = hash & (capacity - 1);
    let at = slots[slot]!;
    while (at >= 0 && !(ux[at] === xi && utx[at] === txi && uT[at] === Ti)) {
      slot = (slot + 1) & (capacity - 1);
      at = slots[slot]!;
    }
    if (at >= 0) {
      uw[at]! += w;
      row[i] = at;
      continue;
    }
    if (unique === room) {
      room = Math.min(n, room * 2);
      ux = grown(ux, room);
      utx = grown(utx, room);
      uT = grown(uT, room);
      uw = grown(uw, room);
      const more = new Uint32Array(room);
      more.set(hashes);
      hashes = more;
    }
    ux[unique] = xi;
    utx[unique] = txi;
    uT[unique] = Ti;
    uw[unique] = w;
    hashes[unique] = hash;
    slots[slot] = unique;
    row[i] = unique++;
    if (unique * 2 > capacity) {
      capacity *= 4;
      slots = new Int32Array(capacity).fill(-1);
      for (let j = 0; j < unique; j++) {
        let free = hashes[j]! & (capacity - 1);
        while (slots[free]! >= 0) free = (free + 1) & (capacity - 1);
        slots[free] = j;
      }
    }
  }
  return ordered(ux.subarray(0, unique), utx, uT, uw, row, customers);
}

/** Counting sort by x. */
function ordered(
  x: Float64Array,
  tx: Float64Array,
  T: Float64Array,
  weight: Float64Array,
  row: Uint32Array,
  customers: number,
): Compressed {
  const n = x.length;
  const counts = new Map<number, number>();
  for (let i = 0; i < n; i++) counts.set(x[i]!, (counts.get(x[i]!) ?? 0) + 1);
  const frequencies = Float64Array.from(counts.keys()).sort();
  const offsets = new Uint32Array(frequencies.length + 1);
  const next = new Map<number, number>();
  for (let f = 0; f < frequencies.length; f++) {
    next.set(frequencies[f]!, offsets[f]!);
    offsets[f + 1] = offsets[f]! + counts.get(frequencies[f]!)!;
  }
  const place = new Uint32Array(n);
  const out = { x: new Float64Array(n), tx: new Float64Array(n), T: new Float64Array(n), weight: new Float64Array(n) };
  for (let i = 0; i < n; i++) {
    const to = next.get(x[i]!)!;
    next.set(x[i]!, to + 1);
    place[i] = to;
    out.x[to] = x[i]!;
    out.tx[to] = tx[i]!;
    out.T[to] = T[i]!;
    out.weight[to] = weight[i]!;
  }
  for (let i = 0; i < row.length; i++) row[i] = place[row[i]!]!;
  return { ...out, row, customers, frequencies, offsets };
}

function grown(values: Float64Array<ArrayBuffer>, length: number): Float64Array<ArrayBuffer> {
  const more = new Float64Array(length);
  more.set(values);
  return more;
}

/**
 * At most about `most` unique rows that stand for all, taken at equal steps of cumulated weight over the rows in order of x, each
 * weighing the same: for finding a start, never for the fit itself. The input itself where it is small enough.
 */
export function thin(rows: Compressed, most: number): Compressed {
  const n = rows.x.length;
  if (n <= most) return rows;
  const step = rows.customers / most;
  const taken: number[] = [];
  const weights: number[] = [];
  let cumulated = 0;
  let next = step / 2;
  for (let i = 0; i < n; i++) {
    cumulated += rows.weight[i]!;
    if (cumulated < next) continue;
    const times = 1 + Math.floor((cumulated - next) / step);
    taken.push(i);
    weights.push(times * step);
    next += times * step;
  }
  const pick = (values: Float64Array) => Float64Array.from(taken, (i) => values[i]!);
  const row = Uint32Array.from(taken, (_, i) => i);
  return ordered(
    pick(rows.x),
    pick(rows.tx),
    pick(rows.T),
    Float64Array.from(weights),
    row,
    weights.reduce((a, b) => a + b, 0),
  );
}
