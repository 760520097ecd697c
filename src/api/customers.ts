import { type Engine, literal } from '#warehouse/engine.ts';
import { type Coded, code, emptyCoded } from './coded.ts';
import { addId, emptyIndex, type IdIndex } from './id-index.ts';

const counts = ['x', 't_x_days', 't_days'] as const;
const measures = [
  'm',
  'total_value',
  'p_alive',
  'purchases_90',
  'p_purchase_90',
  'purchases_365',
  'value_365',
  'value_low',
  'value_high',
] as const;
const words = ['segment', 'country', 'region', 'source', 'first_category'] as const;
const dates = ['first_order_date', 'last_order_date'] as const;

export type Count = (typeof counts)[number];
export type Measure = (typeof measures)[number];
export type Word = (typeof words)[number];
export type DateColumn = (typeof dates)[number];

/**
 * The export `customer-value/customers` in typed columns, ordered by customer id, all in shared memory: one copy serves every thread.
 * About 140 bytes a customer, so 140 MB a million, and while it is read one page of rows and DuckDB's buffers more.
 */
export interface Customers {
  count: number;
  ids: IdIndex;
  /** Days since 1970-01-01. */
  dates: Record<DateColumn, Int32Array>;
  counts: Record<Count, Int32Array>;
  /** NaN where the export has NULL: m where x is 0. Amounts in the shop's currency. */
  measures: Record<Measure, Float64Array>;
  words: Record<Word, Coded>;
  /** Rows by time since the first purchase, the newest customer first; equal ones by id. */
  byAge: Uint32Array;
}

const rowsAPage = 65_536;

/**
 * Reads the export once, page by page.
 * @throws QueryError for a file that isn't Parquet or lacks a column; RangeError for an id that stands there twice.
 */
export async function readCustomers(engine: Engine, file: string): Promise<Customers> {
  const from = `read_parquet(${literal(file)}, file_row_number = true)`;
  const sizes = await engine.columns(
    `select count(*) as rows, coalesce(sum(strlen(customer_id)), 0)::bigint as bytes from ${from} order by 1`,
    'customers',
  );
  const count = sizes.rows?.[0] as number;
  const customers: Customers = {
    count,
    ids: emptyIndex(count, sizes.bytes?.[0] as number),
    dates: each(dates, () => new Int32Array(new SharedArrayBuffer(4 * count))),
    counts: each(counts, () => new Int32Array(new SharedArrayBuffer(4 * count))),
    measures: each(measures, () => new Float64Array(new SharedArrayBuffer(8 * count))),
    words: each(words, () => emptyCoded(count)),
    byAge: new Uint32Array(new SharedArrayBuffer(4 * count)),
  };
  const codes = each(words, () => new Map<string, number>());
  for (let at = 0; at < count; at += rowsAPage) {
    const page = await engine.columns(
      `select customer_id, ${dates.map((name) => `date_diff('day', date '1970-01-01', ${name}::date)::integer as ${name}`).join(', ')},
        ${counts.map((name) => `${name}::integer as ${name}`).join(', ')}, ${measures.map((name) => `${name}::double as ${name}`).join(', ')},
        ${words.map((name) => `${name}::varchar as ${name}`).join(', ')}
      from ${from} where file_row_number between ${at} and ${at + rowsAPage - 1} order by file_row_number`,
      'customers',
    );
    const ids = page.customer_id as string[];
    for (let i = 0; i < ids.length; i++) addId(customers.ids, at + i, ids[i]!);
    for (const name of dates) customers.dates[name].set(page[name] as number[], at);
    for (const name of counts) customers.counts[name].set(page[name] as number[], at);
    for (const name of measures)
      customers.measures[name].set(
        (page[name] as (number | null)[]).map((value) => value ?? Number.NaN),
        at,
      );
    for (const name of words) code(page[name] as (string | null)[], at, customers.words[name], codes[name]);
  }
  byAge(customers.counts.t_days, customers.byAge);
  return customers;
}

function each<const Name extends string, T>(names: readonly Name[], make: () => T): Record<Name, T> {
  return Object.fromEntries(names.map((name) => [name, make()])) as Record<Name, T>;
}

/** Counting sort, stable. @throws RangeError for a negative age. */
function byAge(ages: Int32Array, into: Uint32Array): void {
  let oldest = 0;
  for (let i = 0; i < ages.length; i++) {
    if (ages[i]! < 0) throw new RangeError(`t_days: expected at least 0, found ${ages[i]}`);
    if (ages[i]! > oldest) oldest = ages[i]!;
  }
  const next = new Uint32Array(oldest + 2);
  for (let i = 0; i < ages.length; i++) next[ages[i]! + 1]!++;
  for (let age = 1; age < next.length; age++) next[age]! += next[age - 1]!;
  for (let i = 0; i < ages.length; i++) into[next[ages[i]!]!++] = i;
}

/** How many customers first bought fewer than `days` days before the as-of day: that many lead `byAge`. */
export function newerThan({ byAge: rows, counts: { t_days: ages } }: Customers, days: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ages[rows[middle]!]! < days) low = middle + 1;
    else high = middle;
  }
  return low;
}
