import type { Cell } from '../../src/contract/row.ts';

/** Instants around the wall: as-of is Sunday 4 January 2026 in Berlin, whose week began in 2025. */
export const moment = { wall: '2026-01-04 23:00:00', asOf: '2026-01-04', week: '2025-12-29', timezone: 'Europe/Berlin' };
/** The same rows cut elsewhere, at another day: the as-of week is not complete. */
export const otherMoment = { wall: '2025-12-31 03:00:00', asOf: '2025-12-30', week: '2025-12-22', timezone: 'America/Sao_Paulo' };

type Rows = Record<string, Cell>[];

const rows = (columns: string, ...lines: Cell[][]): Rows =>
  lines.map((line) => Object.fromEntries(columns.split(' ').map((name, i) => [name, line[i] ?? null])));

/** '2026-01-03 10:00' as ISO 8601 UTC. */
const at = (text: string | null) => (text ? `${text.replace(' ', 'T')}:00Z` : null);

const users = rows(
  'id age gender state city country latitude longitude traffic_source created_at',
  [1, 30, 'F', 'Bayern', 'München', 'Deutschland', 48.1, 11.6, 'Search', at('2024-01-31 10:00')],
  [2, 41, 'M', 'Madrid', 'Madrid', 'España', 40.4, -3.7, 'Organic', at('2024-02-29 23:30')],
  [3, null, 'F', 'São Paulo', 'null', 'Brasil', null, null, 'Email', at('2024-12-30 00:00')],
  [4, 19, null, null, '', null, -33.9, 151.2, null, at('2025-03-30 01:30')],
  [5, 70, 'M', 'California', "O'Fallon", 'United States', 34.1, -118.2, 'Search', at('2025-10-26 00:30')],
  [6, 55, 'F', 'California', "O'Fallon", 'United States', 34.3, -118.4, 'Display', at('2025-12-28 22:59')],
  [7, 33, 'F', 'Bayern', 'München', 'Germany', 48.2, 11.5, 'Facebook', at('2025-12-31 23:30')],
  [8, 28, 'M', 'Paris', 'Paris', 'France', 48.9, 2.3, 'Search', at('2026-01-04 22:59')],
  [9, 28, 'M', 'Paris', 'Paris', 'France', 48.9, 2.3, 'Search', at('2026-01-04 23:00')],
  [10, 44, 'F', 'null', 'null', 'null', 51.5, -0.1, 'Organic', at('2025-06-15 12:00')],
);

const products = rows(
  'id cost category name brand retail_price department sku distribution_center_id',
  [1, 5.005, 'Jeans', 'Blue "slim" jeans', 'Levi', 20.015, 'Women', 'A1', 1],
  [2, 8, 'Jeans', null, null, 19.99, 'Men', 'A2', 2],
  [3, null, 'Socks', '<b>socks</b>', 'null', 3.335, 'Men', 'A3', 1],
  [4, 100, 'Coats', 'Coat; {{x}}', "L'Élan", 250, null, 'A4', null],
  [5, 1, '', 'Never seen', ' ', 9.5, 'Women', 'A5', 9],
  [6, 0.0083, 'Socks', "It's ünïque", 'Zéta', 0.02, 'Women', 'A6', 2],
);

const orders = rows(
  'order_id user_id status gender created_at shipped_at delivered_at returned_at num_of_item',
  // A customer of many orders: a first one cancelled, two at the same instant, one a year before the as-of week.
  [1, 1, 'Cancelled', 'F', at('2024-02-01 10:00'), null, null, null, 1],
  [2, 1, 'Complete', 'F', at('2024-02-29 22:59'), at('2024-03-02 08:00'), at('2024-03-05 07:59'), null, 2],
  [3, 1, 'Returned', 'F', at('2024-12-31 23:30'), at('2025-01-02 10:00'), at('2025-01-05 10:00'), at('2025-01-20 09:00'), 2],
  [4, 1, 'Shipped', 'F', at('2025-12-30 12:00'), at('2026-01-02 12:00'), null, null, 1],
  [5, 1, 'Complete', 'F', at('2025-12-30 12:00'), at('2025-12-31 12:00'), at('2026-01-03 11:59'), null, 1],
  // What the wall sets back: returned, delivered and shipped after it.
  [6, 2, 'Returned', 'M', at('2025-12-20 10:00'), at('2025-12-21 10:00'), at('2025-12-28 10:00'), at('2026-01-06 10:00'), 1],
  [7, 2, 'Returned', 'M', at('2025-12-29 10:00'), at('2026-01-01 10:00'), at('2026-01-05 10:00'), at('2026-01-06 10:00'), 1],
  [8, 2, 'Complete', 'M', at('2026-01-02 10:00'), at('2026-01-04 22:59'), at('2026-01-06 10:00'), null, 1],
  [9, 2, 'Shipped', 'M', at('2026-01-04 10:00'), at('2026-01-04 23:00'), null, null, 1],
  [10, 2, 'Processing', 'M', at('2026-01-04 22:59'), null, null, null, 1],
  [11, 2, 'Complete', 'M', at('2026-01-04 23:00'), at('2026-01-05 10:00'), at('2026-01-06 10:00'), null, 1],
  // Missing times: returned without a date, complete without shipping, shipped without a date.
  [12, 3, 'Returned', 'F', at('2025-01-05 23:30'), null, null, null, 1],
  [13, 3, 'Complete', 'F', at('2025-03-30 00:30'), null, at('2025-04-03 00:00'), null, 1],
  [14, 3, 'Shipped', 'F', at('2025-03-30 01:30'), null, null, null, 1],
  // Delivered before it was shipped; the hour that Berlin has twice; a customer whom no table knows.
  [15, 4, 'Complete', null, at('2025-10-26 00:30'), at('2025-10-29 10:00'), at('2025-10-28 10:00'), null, 1],
  [16, 4, 'Complete', null, at('2025-10-26 01:30'), at('2025-10-27 00:30'), at('2025-10-30 01:31'), null, 3],
  [17, 99, 'Complete', 'M', at('2025-07-01 00:00'), at('2025-07-02 00:00'), at('2025-07-03 00:00'), null, 1],
  // Only cancelled; no items; another status; sold a day before the wall and back on it.
  [18, 5, 'Cancelled', 'M', at('2025-12-29 00:00'), null, null, null, 2],
  [19, 6, 'Processing', 'F', at('2025-12-28 23:00'), null, null, null, 0],
  [20, 7, 'Returned', 'F', at('2026-01-01 00:00'), at('2026-01-01 12:00'), at('2026-01-02 12:00'), at('2026-01-04 22:59'), 2],
  [21, 10, 'Complete', 'F', at('2025-09-28 22:00'), at('2025-09-30 10:00'), at('2025-10-02 10:00'), null, 1],
  [22, 10, 'Returned', 'F', at('2025-06-29 22:00'), at('2025-06-30 10:00'), at('2025-07-02 10:00'), at('2025-07-09 10:00'), 1],
);

const orderOf = new Map(orders.map((order) => [order.order_id, order]));
const items = (...lines: [id: number, order: number, product: number, price: number | null, status?: string][]): Rows =>
  lines.map(([id, order_id, product_id, sale_price, status]) => {
    const order = orderOf.get(order_id) ?? {};
    const { user_id = 77, created_at = at('2025-05-05 05:05'), shipped_at = null, delivered_at = null, returned_at = null } = order;
    const own = status ?? order.status ?? 'Complete';
    return {
      id,
      order_id,
      user_id,
      product_id,
      inventory_item_id: id,
      status: own,
      created_at,
      shipped_at,
      delivered_at,
      returned_at,
      sale_price,
    };
  });

const orderItems = items(
  ...([
    [1, 1, 1, 20.015],
    [2, 2, 1, 18.005],
    [3, 2, 3, 3.335],
    [4, 3, 1, 20.015],
    [5, 3, 2, 19.99, 'Complete'],
    [6, 4, 4, 250],
    [7, 5, 4, 250],
    [8, 6, 1, 0.125],
    [9, 7, 2, 0.375],
    [10, 8, 3, 3.335],
    [11, 9, 6, 0.02],
    [12, 10, 2, 19.99],
    [13, 11, 2, 19.99],
    [14, 12, 3, 3.335],
    [15, 13, 1, 20.015],
    [16, 14, 1, 20.015],
    [17, 15, 2, 1.005],
    [18, 16, 2, 2.675],
    [19, 16, 2, 2.675],
    [20, 16, 1, 1.115],
    [21, 17, 4, 199.999],
    [22, 18, 1, 20.015],
    [23, 18, 42, 5],
    [24, 20, 3, 3.335],
    [25, 20, 4, 250, 'Cancelled'],
    [26, 21, 42, 12.5],
    [27, 22, 2, 19.99],
    [28, 500, 2, 19.99],
  ] as [number, number, number, number | null, string?][]),
);

const event = (
  id: number,
  user: number | null,
  session: string,
  n: number | null,
  when: string,
  type: string,
  uri: string,
  source: string | null,
  browser: string | null,
) => ({
  ...{ id, user_id: user, session_id: session, sequence_number: n, created_at: at(when), event_type: type },
  ...{ uri, traffic_source: source, browser },
});

/** Visits to sock pages in autumn, enough of them for a conversion rate of their own, none of the others. */
const regulars = Array.from({ length: 36 }, (_, i) => {
  const day = `2025-09-${String(1 + (i % 28)).padStart(2, '0')}`;
  return event(
    1000 + i,
    1 + (i % 6),
    `r-${i}`,
    1,
    `${day} ${String(i % 24).padStart(2, '0')}:15`,
    'product',
    `/product/${i % 2 ? 3 : 6}`,
    'Email',
    'Safari',
  );
});

const events: Rows = [
  event(1, 1, 's-1', 1, '2024-02-29 22:00', 'home', '/home', 'Email', 'Chrome'),
  event(2, 1, 's-1', 2, '2024-02-29 22:10', 'department', '/department/women/category/jeans/brand/levi', 'Email', 'Chrome'),
  event(3, 1, 's-1', 3, '2024-02-29 22:20', 'product', '/product/1', 'Email', 'Chrome'),
  event(4, 1, 's-1', 4, '2024-02-29 22:30', 'cart', '/cart', 'Email', 'Chrome'),
  event(5, 1, 's-1', 5, '2024-02-29 22:59', 'purchase', '/purchase', 'Email', 'Chrome'),
  event(6, null, 's-2', 1, '2025-12-28 22:59', 'department', '/department/men', 'Adwords', 'Firefox'),
  event(7, null, 's-2', 2, '2025-12-28 23:01', 'product', '/product/2', 'Adwords', 'Firefox'),
  event(8, null, 's-2', 3, '2025-12-28 23:05', 'cart', '/cart', 'Adwords', 'Firefox'),
  event(9, null, 's-3', 1, '2026-01-01 00:00', 'product', '/product/4?ref=9', 'YouTube', 'IE'),
  event(10, null, 's-3', 2, '2026-01-01 00:01', 'cart', '/cart', 'YouTube', 'IE'),
  event(11, null, 's-3', 3, '2026-01-01 00:02', 'cancel', '/cancel', 'YouTube', 'IE'),
  event(12, 2, 's-4', 1, '2026-01-03 10:00', 'product', '/product/4', null, null),
  event(13, 2, 's-4', 2, '2026-01-03 10:05', 'product', '/product/3', null, null),
  event(14, 2, 's-4', 2, '2026-01-03 10:05', 'product', '/product/1', null, null),
  event(15, 2, 's-5', 1, '2026-01-04 22:58', 'product', '/product/5', 'Facebook', 'Chrome'),
  event(16, 2, 's-5', 2, '2026-01-04 23:00', 'cart', '/cart', 'Facebook', 'Chrome'),
  event(17, 3, 's-6', 1, '2026-01-05 10:00', 'product', '/product/5', 'Facebook', 'Chrome'),
  event(18, 3, 's-7', null, '2025-03-30 00:59', 'product', '/product/none', 'Organic', 'Other'),
  event(19, 3, 's-7', null, '2025-03-30 01:00', 'product', '/product/1', 'Organic', 'Other'),
  event(20, 3, 's-7', null, '2025-03-31 05:00', 'purchase', '/purchase', 'Organic', 'Other'),
  event(21, 4, 's-8', 1, '2025-10-26 00:10', 'product', '/product/2', 'Email', 'Safari'),
  event(22, 4, 's-8', 2, '2025-10-26 01:20', 'purchase', '/purchase', 'Email', 'Safari'),
  event(23, 10, 's-9', 1, '2025-06-29 21:00', 'product', '/product/2', 'Email', 'Safari'),
  event(24, 10, 's-10', 1, '2025-09-01 21:00', 'product', '/product/2', 'Email', 'Safari'),
  event(25, 6, 's-11', 1, '2025-12-07 23:00', 'product', '/product/4', 'Email', 'Safari'),
  ...regulars,
];

const inventory = rows(
  'id product_id created_at sold_at cost product_distribution_center_id',
  [1, 1, at('2025-12-05 23:00'), null, 5.005, 1],
  [2, 1, at('2025-12-05 22:59'), null, 5.005, 1],
  [3, 2, at('2025-10-06 22:00'), at('2026-01-05 10:00'), 8, 2],
  [4, 2, at('2025-07-08 10:00'), at('2025-08-01 10:00'), 8, 2],
  [5, 3, at('2024-01-01 00:00'), null, null, 1],
  [6, 4, at('2025-01-04 12:00'), null, 100, null],
  [7, 6, at('2025-07-08 22:00'), null, 0.0083, 2],
  [8, 42, at('2025-11-01 00:00'), null, 4, 1],
  [9, 1, at('2026-01-04 23:00'), null, 5.005, 1],
);

const centers = rows('id name latitude longitude', [1, 'Memphis TN', 35.1, -90], [2, ' ', null, null]);

/** Raw tables of a shop in theLook's form, so small that each row has its reason. */
export const fixture: Record<string, Rows> = {
  ...{ users, products, orders, order_items: orderItems, events, inventory_items: inventory, distribution_centers: centers },
};

/** The same tables without a row: a shop on its first day. */
export const emptyFixture: Record<string, Rows> = Object.fromEntries(Object.keys(fixture).map((name) => [name, []]));
