import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { identifier, literal, openDuck } from '#source/duck.ts';
import { sqlType } from '#source/format.ts';
import { thelook } from '#source/thelook.ts';
import { scratch } from '../scratch.ts';

type Value = string | number | null;
export type RawRow = Record<string, Value>;
export type RawShop = Record<string, RawRow[]>;
export type Kind = 'parquet' | 'csv' | 'csv.gz';

/** Stands in each personal value of the tiny shop, so that a test can search for it. */
export const personalMark = 'Zyxwvut';

/** Names that would break a page, a query, a template or a spreadsheet. */
export const hostileNames = [
  `A "quoted", comma'd name`,
  'Two\nlines and a\r\nthird',
  '<script>alert(1)</script>',
  '{{constructor.constructor}} {{x}}',
  '=HYPERLINK("https://example.org","x")',
];

/**
 * A shop in theLook's form that a person can check by hand: 6 users (one without orders), 5 products with hostile names, 10 orders
 * (4 Complete, 2 Shipped, 1 Processing, 1 Cancelled, 2 Returned) with 12 items, 9 events in 3 sessions, 4 inventory items (2 sold), 2 centres.
 * Orders lie between Monday 2026-06-01 and Sunday 2026-06-28.
 */
export function tinyShop(): RawShop {
  const orders: RawRow[] = [
    order(1, 1, 'Complete', '2026-06-01 08:00:00', { shipped: '2026-06-02 08:00:00', delivered: '2026-06-04 08:00:00' }),
    order(2, 2, 'Complete', '2026-06-03 09:30:00', { shipped: '2026-06-04 10:00:00', delivered: '2026-06-07 10:00:00' }),
    order(3, 1, 'Returned', '2026-06-08 23:30:00', {
      shipped: '2026-06-09 08:00:00',
      delivered: '2026-06-11 08:00:00',
      returned: '2026-06-15 12:00:00',
    }),
    order(4, 3, 'Cancelled', '2026-06-10 12:00:00', {}),
    order(5, 4, 'Shipped', '2026-06-14 22:30:00', { shipped: '2026-06-16 08:00:00' }),
    order(6, 5, 'Complete', '2026-06-15 07:00:00', { shipped: '2026-06-16 07:00:00', delivered: '2026-06-18 07:00:00' }),
    order(7, 2, 'Processing', '2026-06-20 07:00:00', {}),
    order(8, 3, 'Returned', '2026-06-21 12:00:00', {
      shipped: '2026-06-22 07:00:00',
      delivered: '2026-06-23 07:00:00',
      returned: '2026-06-26 07:00:00',
    }),
    order(9, 4, 'Complete', '2026-06-22 01:00:00', { shipped: '2026-06-23 01:00:00', delivered: '2026-06-25 01:00:00' }),
    order(10, 1, 'Shipped', '2026-06-28 21:59:59.500', { shipped: '2026-06-30 08:00:00' }),
  ];
  const products = hostileNames.map((name, i) => ({
    id: i + 1,
    cost: [5, 10.25, 20, 3.5, 40][i]!,
    category: ['Jeans', 'Jeans', 'Tops & Tees', 'Socks', 'Outerwear & Coats'][i]!,
    name,
    brand: ['Acme', null, 'Bünde', 'Acme', 'Núñez'][i]!,
    retail_price: [10, 20.5, 45.99, 7, 89.9][i]!,
    department: i % 2 ? 'Men' : 'Women',
    sku: `SKU${i}`,
    distribution_center_id: (i % 2) + 1,
  }));
  const bought: [number, number][] = [
    [1, 1],
    [1, 2],
    [2, 3],
    [3, 1],
    [4, 5],
    [5, 4],
    [6, 3],
    [6, 5],
    [7, 2],
    [8, 4],
    [9, 1],
    [10, 5],
  ];
  const items = bought.map(([orderId, productId], i): RawRow => {
    const of = orders[orderId - 1]!;
    const { status, created_at, shipped_at, delivered_at, returned_at, user_id } = of as Record<string, Value>;
    return {
      id: i + 1,
      order_id: orderId,
      user_id: user_id!,
      product_id: productId,
      inventory_item_id: i + 100,
      status: status!,
      created_at: created_at!,
      shipped_at: shipped_at!,
      delivered_at: delivered_at!,
      returned_at: returned_at!,
      sale_price: products[productId - 1]!.retail_price,
    };
  });
  return {
    users: [
      user(1, 'F', 'Spain', 'Madrid', 40.41678, -3.70379),
      user(2, 'M', 'España', 'null', 41.38506, 2.1734),
      user(3, 'F', 'United States', 'Austin', 30.26715, -97.74306),
      user(4, 'F', 'Brasil', 'São Paulo', -23.55052, -46.63331),
      user(5, 'F', 'Japan', null, null, null),
      user(6, 'F', 'France', "L'Haÿ-les-Roses", 48.77, 2.34),
    ],
    products,
    orders,
    order_items: items,
    events: [
      event(1, 1, 'a', 1, '2026-06-01 07:50:00', 'home', '/home'),
      event(2, 1, 'a', 2, '2026-06-01 07:52:00', 'product', '/product/1'),
      event(3, 1, 'a', 3, '2026-06-01 07:55:00', 'cart', '/cart'),
      event(4, 1, 'a', 4, '2026-06-01 08:00:00', 'purchase', '/purchase'),
      event(5, null, 'b', 1, '2026-06-09 10:00:00', 'department', '/department/men/category/socks/brand/acme'),
      event(6, null, 'b', 2, '2026-06-09 10:01:00', 'product', '/product/4'),
      event(7, 2, 'c', 1, '2026-06-20 06:50:00', 'product', '/product/2'),
      event(8, 2, 'c', 2, '2026-06-20 06:55:00', 'cart', '/cart'),
      event(9, 2, 'c', 3, '2026-07-20 07:00:00', 'purchase', '/purchase'),
    ],
    inventory_items: [1, 2, 3, 4].map((id) => ({
      id,
      product_id: id,
      created_at: `2026-05-0${id} 00:00:00`,
      sold_at: id < 3 ? '2026-06-01 08:00:00' : null,
      cost: products[id - 1]!.cost,
      product_category: products[id - 1]!.category,
      product_name: products[id - 1]!.name,
      product_brand: products[id - 1]!.brand,
      product_retail_price: products[id - 1]!.retail_price,
      product_department: products[id - 1]!.department,
      product_sku: products[id - 1]!.sku,
      product_distribution_center_id: 1,
    })),
    distribution_centers: [
      { id: 1, name: 'Memphis TN', latitude: 35.1174, longitude: -89.9711 },
      { id: 2, name: 'Chicago IL', latitude: 41.8369, longitude: -87.6847 },
    ],
  };
}

function order(
  id: number,
  user: number,
  status: string,
  at: string,
  then: { shipped?: string; delivered?: string; returned?: string },
): RawRow {
  return {
    order_id: id,
    user_id: user,
    status,
    gender: user === 2 ? 'M' : 'F',
    created_at: at,
    returned_at: then.returned ?? null,
    shipped_at: then.shipped ?? null,
    delivered_at: then.delivered ?? null,
    num_of_item: id === 1 || id === 6 ? 2 : 1,
  };
}

function user(id: number, gender: string, country: string, city: string | null, latitude: number | null, longitude: number | null): RawRow {
  return {
    id,
    first_name: `${personalMark} ${id}`,
    last_name: personalMark,
    email: `${personalMark}@example.org`,
    age: 20 + id,
    gender,
    state: 'State',
    street_address: `${id} ${personalMark} Street, Apt. 4`,
    postal_code: `0${id}234`,
    city,
    country,
    latitude,
    longitude,
    traffic_source: 'Search',
    created_at: `2026-05-1${id} 10:00:00`,
  };
}

function event(id: number, userId: number | null, session: string, sequence: number, at: string, type: string, uri: string): RawRow {
  return {
    id,
    user_id: userId,
    sequence_number: sequence,
    session_id: `00000000-0000-4000-8000-00000000000${session}`,
    created_at: at,
    ip_address: `${personalMark}.1.2.3`,
    city: 'Madrid',
    state: 'Madrid',
    postal_code: '01234',
    browser: 'Firefox',
    traffic_source: 'Email',
    uri,
    event_type: type,
  };
}

/**
 * Writes a shop's tables into a folder, as theLook's export does: all columns, types of BigQuery in Parquet, times with ' UTC' in CSV.
 *
 * @param shop rows by table; a table that is absent gets no file, one without rows a file with a header
 * @returns the folder
 */
export async function writeShop(shop: RawShop, kind: Kind, folder = scratch()): Promise<string> {
  mkdirSync(folder, { recursive: true });
  for (const [table, rows] of Object.entries(shop)) {
    if (kind === 'parquet') await writeParquet(table, rows, join(folder, `${table}.parquet`));
    else if (kind === 'csv') writeFileSync(join(folder, `${table}.csv`), csvOf(table, rows));
    else writeFileSync(join(folder, `${table}.csv.gz`), gzipSync(csvOf(table, rows)));
  }
  return folder;
}

/** Rows of a table as CSV; times get BigQuery's ' UTC'. */
export function csvOf(table: string, rows: RawRow[]): string {
  const names = columnNames(table, rows);
  const field = (name: string, value: Value | undefined) => {
    const text = value === null || value === undefined ? '' : typeOf(table, name) === 'timestamp' ? `${value} UTC` : String(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [names.join(','), ...rows.map((row) => names.map((name) => field(name, row[name])).join(','))].join('\n').concat('\n');
}

async function writeParquet(table: string, rows: RawRow[], path: string): Promise<void> {
  await using duck = await openDuck();
  const names = columnNames(table, rows);
  const value = (cell: Value | undefined) => (cell === null || cell === undefined ? 'null' : literal(String(cell)));
  const typed = names.map((name, i) => `cast(c${i} as ${sqlType[typeOf(table, name)]}) as ${identifier(name)}`);
  const list = rows.map((row) => `(${names.map((name) => value(row[name])).join(', ')})`);
  const values = list.length > 0 ? list.join(', ') : `(${names.map(() => 'null').join(', ')})`;
  const from = `(values ${values}) as t(${names.map((_, i) => `c${i}`).join(', ')})`;
  await duck.run(
    `copy (select ${typed.join(', ')} from ${from} ${rows.length > 0 ? '' : 'where false'}) to ${literal(path)} (format parquet)`,
  );
}

function columnNames(table: string, rows: RawRow[]): string[] {
  const known = thelook.tables.find(({ name }) => name === table)?.columns.map(({ name }) => name) ?? [];
  return rows[0] ? Object.keys(rows[0]) : known;
}

function typeOf(table: string, column: string) {
  const format = thelook.tables.find(({ name }) => name === table);
  return format?.columns.find(({ name }) => name === column)?.type ?? 'string';
}
