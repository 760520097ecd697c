import { type Histories, type Kind, kinds } from '#recommender/interactions.ts';
import { type Engine, literal } from '#warehouse/engine.ts';
import { addId, emptyIndex, type IdIndex, rowOf, sizeOf } from './id-index.ts';
import { type Places, placeFinder } from './places.ts';

/** All customers of a run, with or without a history, by row; in shared memory, about 30 bytes a customer and 9 an entry of a history. */
export interface Residents {
  count: number;
  ids: IdIndex;
  /** Position in the index, −1 for who isn't in it. */
  inIndex: Int32Array;
  /** Number of the place where each lives. */
  place: Int32Array;
  /** Histories of those whom the index doesn't hold, by row. */
  histories: Histories;
}

const rowsAPage = 65_536;

/**
 * Those whom the index holds, and what the exports `recommendations/customers` and `recommendations/histories` know besides.
 * @param files of these exports; null where a run has none.
 * @throws QueryError for a file that isn't Parquet or lacks a column; RangeError for an id that stands there twice.
 */
export async function readResidents(
  engine: Engine,
  files: { customers: string | null; histories: string | null },
  held: readonly string[],
  products: IdIndex,
  places: Places,
): Promise<Residents> {
  const listed = files.customers === null ? null : await sizes(engine, files.customers);
  const room = held.length + (listed?.count ?? 0);
  const residents: Residents = {
    count: 0,
    ids: emptyIndex(room, sizeOf(held) + (listed?.bytes ?? 0)),
    inIndex: new Int32Array(new SharedArrayBuffer(4 * room)).fill(-1),
    place: new Int32Array(new SharedArrayBuffer(4 * room)),
    histories: { offsets: new Int32Array(1), product: new Int32Array(), day: new Int32Array(), kind: new Uint8Array() },
  };
  if (files.customers !== null && listed) await settle(engine, files.customers, listed.count, residents, places);
  held.forEach((id, position) => {
    const known = rowOf(residents.ids, id);
    const row = known < 0 ? residents.count++ : known;
    if (known < 0) addId(residents.ids, row, id);
    residents.inIndex[row] = position;
  });
  if (files.histories !== null) residents.histories = await readHistories(engine, files.histories, residents, products);
  return residents;
}

async function sizes(engine: Engine, file: string): Promise<{ count: number; bytes: number }> {
  const found = await engine.columns(
    `select count(*) as rows, coalesce(sum(strlen(customer_id)), 0)::bigint as bytes from read_parquet(${literal(file)}) order by 1`,
    'customers',
  );
  return { count: found.rows![0] as number, bytes: found.bytes![0] as number };
}

async function settle(engine: Engine, file: string, count: number, residents: Residents, places: Places): Promise<void> {
  const find = placeFinder(places);
  for (let at = 0; at < count; at += rowsAPage) {
    const page = await engine.columns(
      `select customer_id, country::varchar as country, region::varchar as region from read_parquet(${literal(file)}, file_row_number = true)
      where file_row_number between ${at} and ${at + rowsAPage - 1} order by file_row_number`,
      'customers',
    );
    (page.customer_id as string[]).forEach((id, i) => {
      const row = residents.count++;
      addId(residents.ids, row, id);
      residents.place[row] = find({ country: page.country![i] as string | null, region: page.region![i] as string | null });
    });
  }
}

/** Rows of one customer stand together, by day; those of a customer or product that nobody knows are left out. */
async function readHistories(engine: Engine, file: string, { ids, count, inIndex }: Residents, products: IdIndex): Promise<Histories> {
  const from = `read_parquet(${literal(file)}, file_row_number = true)`;
  const total = (await engine.columns(`select count(*) as rows from ${from} order by 1`, 'histories')).rows![0] as number;
  const shared = (bytes: number) => new SharedArrayBuffer(bytes);
  const owner = new Int32Array(total).fill(-1);
  const raw = { product: new Int32Array(total), day: new Int32Array(total), kind: new Uint8Array(total) };
  const offsets = new Int32Array(shared(4 * (count + 1)));
  for (let at = 0; at < total; at += rowsAPage) {
    const page = await engine.columns(
      `select customer_id, product_id, date_diff('day', date '1970-01-01', day::date)::integer as day, kind::varchar as kind
      from ${from} where file_row_number between ${at} and ${at + rowsAPage - 1} order by file_row_number`,
      'histories',
    );
    (page.customer_id as string[]).forEach((id, i) => {
      const row = rowOf(ids, id);
      const product = rowOf(products, page.product_id![i] as string);
      if (row < 0 || product < 0 || inIndex[row]! >= 0) return;
      owner[at + i] = row;
      offsets[row + 1]!++;
      raw.product[at + i] = product;
      raw.day[at + i] = page.day![i] as number;
      raw.kind[at + i] = kinds.indexOf(page.kind![i] as Kind);
    });
  }
  for (let row = 0; row < count; row++) offsets[row + 1]! += offsets[row]!;
  const kept = offsets[count]!;
  const histories: Histories = {
    offsets,
    product: new Int32Array(shared(4 * kept)),
    day: new Int32Array(shared(4 * kept)),
    kind: new Uint8Array(shared(kept)),
  };
  const next = offsets.slice();
  owner.forEach((row, i) => {
    if (row < 0) return;
    const at = next[row]!++;
    histories.product[at] = raw.product[i]!;
    histories.day[at] = raw.day[i]!;
    histories.kind[at] = raw.kind[i]!;
  });
  return histories;
}

/** Whether anything is known of what a customer did. @param held histories of the index. */
export function hasHistory({ inIndex, histories }: Residents, row: number, held: Pick<Histories, 'offsets'>): boolean {
  const position = inIndex[row]!;
  const [{ offsets }, at] = position >= 0 ? [held, position] : [histories, row];
  return at + 1 < offsets.length && offsets[at + 1]! > offsets[at]!;
}
