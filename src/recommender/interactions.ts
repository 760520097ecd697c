import { type Catalogue, positions } from './catalogue.ts';

/** What a customer did with a product, weakest first. */
export const kinds = ['view', 'cart', 'purchase'] as const;

export type Kind = (typeof kinds)[number];

export const purchase = kinds.indexOf('purchase');

/** Rows as they come from a query: row i of each column is one event. */
export interface InteractionRows {
  customer: ArrayLike<string>;
  product: ArrayLike<string>;
  /** Days since 1970-01-01. */
  day: ArrayLike<number>;
  kind: ArrayLike<string>;
}

/**
 * What customers did, one entry per customer, product and day (of several the strongest kind), ordered by customer, day and product:
 * customer c's entries stand at `offsets[c]` to `offsets[c + 1]`.
 */
export interface Histories {
  /** Customers + 1. */
  offsets: Int32Array;
  /** Position in the catalogue. */
  product: Int32Array;
  /** Days since 1970-01-01, ascending within a customer. */
  day: Int32Array;
  /** Position in `kinds`. */
  kind: Uint8Array;
}

export interface Interactions {
  /** Customer ids, ascending. */
  customers: readonly string[];
  /** Number of products of the catalogue. */
  products: number;
  histories: Histories;
  /** Rows left out because their product isn't in the catalogue. */
  unknown: number;
}

/** 'YYYY-MM-DD' as days since 1970-01-01. @throws RangeError for anything else. */
export function dayNumber(date: string): number {
  const day = Date.parse(`${date}T00:00:00Z`) / 86_400_000;
  if (!Number.isInteger(day)) throw new RangeError(`date: expected 'YYYY-MM-DD', found ${JSON.stringify(date)}`);
  return day;
}

/**
 * The rows as histories; the order of the rows doesn't matter.
 * @throws RangeError for columns of different lengths, a day that is no whole number, or an unknown kind.
 */
export function interactions(rows: InteractionRows, catalogue: Catalogue): Interactions {
  const n = rows.customer.length;
  for (const name of ['product', 'day', 'kind'] as const) {
    if (rows[name].length !== n) throw new RangeError(`${name}: expected ${n} rows as customer, found ${rows[name].length}`);
  }
  const productAt = positions(catalogue.ids);
  const known: number[] = [];
  for (let i = 0; i < n; i++) {
    if (!Number.isInteger(rows.day[i])) throw new RangeError(`day: expected a whole number, found ${rows.day[i]} in row ${i}`);
    if (!kinds.includes(rows.kind[i] as Kind))
      throw new RangeError(`kind: expected ${kinds.join(', ')}, found ${rows.kind[i]} in row ${i}`);
    if (productAt.has(rows.product[i]!)) known.push(i);
  }
  const customers = [...new Set(known.map((i) => rows.customer[i]!))].sort();
  const customerAt = positions(customers);
  const customer = Int32Array.from(known, (i) => customerAt.get(rows.customer[i]!)!);
  const product = Int32Array.from(known, (i) => productAt.get(rows.product[i]!)!);
  const day = Int32Array.from(known, (i) => rows.day[i]!);
  const kind = Uint8Array.from(known, (i) => kinds.indexOf(rows.kind[i] as Kind));
  const histories = order(customers.length, { customer, product, day, kind });
  return { customers, products: catalogue.ids.length, histories, unknown: n - known.length };
}

interface Entries {
  customer: Int32Array;
  product: Int32Array;
  day: Int32Array;
  kind: Uint8Array;
}

/** Histories of `customers` customers from entries in any order. */
export function order(customers: number, { customer, product, day, kind }: Entries): Histories {
  const rank = Int32Array.from(customer, (_, i) => i).sort(
    (a, b) => customer[a]! - customer[b]! || day[a]! - day[b]! || product[a]! - product[b]! || kind[b]! - kind[a]!,
  );
  const isFirst = (i: number, k: number) => {
    const before = rank[k - 1];
    return before === undefined || customer[before] !== customer[i] || day[before] !== day[i] || product[before] !== product[i];
  };
  const kept = rank.filter(isFirst);
  const offsets = new Int32Array(customers + 1);
  for (const i of kept) offsets[customer[i]! + 1]!++;
  for (let c = 0; c < customers; c++) offsets[c + 1]! += offsets[c]!;
  return {
    offsets,
    product: kept.map((i) => product[i]!),
    day: kept.map((i) => day[i]!),
    kind: Uint8Array.from(kept, (i) => kind[i]!),
  };
}

/** Entries of days from `from` to before `to`, all customers kept in place (some may have none). */
export function between(histories: Histories, from: number, to: number): Histories {
  const { offsets, product, day, kind } = histories;
  const kept: number[] = [];
  const starts = new Int32Array(offsets.length);
  for (let c = 0; c + 1 < offsets.length; c++) {
    for (let e = offsets[c]!; e < offsets[c + 1]!; e++) if (day[e]! >= from && day[e]! < to) kept.push(e);
    starts[c + 1] = kept.length;
  }
  return {
    offsets: starts,
    product: Int32Array.from(kept, (e) => product[e]!),
    day: Int32Array.from(kept, (e) => day[e]!),
    kind: Uint8Array.from(kept, (e) => kind[e]!),
  };
}

/** The histories of some customers, in the order given. */
export function pick(histories: Histories, customers: ArrayLike<number>): Histories {
  const { offsets, product, day, kind } = histories;
  const kept: number[] = [];
  const starts = new Int32Array(customers.length + 1);
  for (let i = 0; i < customers.length; i++) {
    const c = customers[i]!;
    for (let e = offsets[c]!; e < offsets[c + 1]!; e++) kept.push(e);
    starts[i + 1] = kept.length;
  }
  return {
    offsets: starts,
    product: Int32Array.from(kept, (e) => product[e]!),
    day: Int32Array.from(kept, (e) => day[e]!),
    kind: Uint8Array.from(kept, (e) => kind[e]!),
  };
}

/** Products a customer bought, each once, as a compressed matrix of customers × products. */
export interface Bought {
  offsets: Int32Array;
  /** Ascending within a customer. */
  product: Int32Array;
}

export function bought(histories: Histories): Bought {
  const { offsets, product, kind } = histories;
  const starts = new Int32Array(offsets.length);
  const all: number[] = [];
  for (let c = 0; c + 1 < offsets.length; c++) {
    const own = new Set<number>();
    for (let e = offsets[c]!; e < offsets[c + 1]!; e++) if (kind[e] === purchase) own.add(product[e]!);
    for (const p of Int32Array.from(own).sort()) all.push(p);
    starts[c + 1] = all.length;
  }
  return { offsets: starts, product: Int32Array.from(all) };
}

/** The same matrix the other way round: for each product its customers, ascending. */
export function buyers({ offsets, product }: Bought, products: number): { offsets: Int32Array; customer: Int32Array } {
  const starts = new Int32Array(products + 1);
  for (const p of product) starts[p + 1]!++;
  for (let p = 0; p < products; p++) starts[p + 1]! += starts[p]!;
  const next = starts.slice();
  const customer = new Int32Array(product.length);
  for (let c = 0; c + 1 < offsets.length; c++) {
    for (let e = offsets[c]!; e < offsets[c + 1]!; e++) customer[next[product[e]!]!++] = c;
  }
  return { offsets: starts, customer };
}
