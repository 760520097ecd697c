import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Workshop, workshop } from './workshop.ts';

let shop: Workshop;
beforeAll(async () => {
  shop = await workshop({ customers: 3000 });
});
afterAll(() => shop[Symbol.asyncDispose]());

const orphans: [child: string, column: string, parent: string, key: string][] = [
  ['orders', 'user_id', 'users', 'id'],
  ['order_items', 'order_id', 'orders', 'order_id'],
  ['order_items', 'user_id', 'users', 'id'],
  ['order_items', 'product_id', 'products', 'id'],
  ['order_items', 'inventory_item_id', 'inventory_items', 'id'],
  ['inventory_items', 'product_id', 'products', 'id'],
  ['products', 'distribution_center_id', 'distribution_centers', 'id'],
  ['events', 'user_id', 'users', 'id'],
];

/** Each counts rows that must not be. */
const never: [what: string, query: string][] = [
  [
    'an item whose order is another customer’s',
    'select count(*) from order_items join orders using (order_id) where order_items.user_id <> orders.user_id',
  ],
  [
    'an order whose count of items is wrong',
    'select count(*) from orders as o where num_of_item <> (select count(*) from order_items as i where i.order_id = o.order_id)',
  ],
  [
    'an item that took another product’s piece',
    'select count(*) from order_items as i join inventory_items as v on v.id = i.inventory_item_id where v.product_id <> i.product_id',
  ],
  [
    'a piece sold twice',
    "select count(*) from (select inventory_item_id from order_items where status <> 'Cancelled' group by 1 having count(*) > 1)",
  ],
  [
    'a sold piece without a sale',
    "select (select count(*) from inventory_items where sold_at is not null) - (select count(*) from order_items where status <> 'Cancelled')",
  ],
  ['a piece that arrived after its sale', 'select count(*) from inventory_items where sold_at < created_at'],
  ['an order before the sign-up', 'select count(*) from orders as o join users as u on u.id = o.user_id where o.created_at < u.created_at'],
  [
    'a known customer’s event before the sign-up',
    'select count(*) from events as e join users as u on u.id = e.user_id where e.created_at < u.created_at',
  ],
  [
    'a price above the list price',
    'select count(*) from order_items as i join products as p on p.id = i.product_id where i.sale_price > p.retail_price + 0.005',
  ],
  ['a price of nothing', 'select count(*) from order_items where sale_price < 0.01'],
  ['a cost above the price', 'select count(*) from products where cost >= retail_price'],
  [
    'a status that its moments deny',
    `select count(*) from (select status, shipped_at, delivered_at, returned_at from order_items union all select status, shipped_at, delivered_at, returned_at from orders)
     where (status in ('Cancelled', 'Processing')) <> (shipped_at is null) or (status in ('Complete', 'Returned')) <> (delivered_at is not null)
       or (status = 'Returned') <> (returned_at is not null) or delivered_at < shipped_at or returned_at < delivered_at`,
  ],
  [
    'an order returned in part only',
    "select count(*) from (select o.status, bool_and(i.status = 'Returned') as whole from orders as o join order_items as i using (order_id) group by o.order_id, o.status) where (status = 'Returned') <> whole",
  ],
  [
    'a session of two users, sources or browsers',
    'select count(*) from (select session_id from events group by 1 having count(distinct coalesce(user_id, 0)) > 1 or count(distinct traffic_source) > 1 or count(distinct browser) > 1)',
  ],
  [
    'a session out of sequence',
    'select count(*) from (select sequence_number = row_number() over w and created_at >= coalesce(lag(created_at) over w, created_at) as ok from events window w as (partition by session_id order by id)) where not ok',
  ],
  [
    'an address that its kind denies',
    "select count(*) from events where uri not similar to '/' || event_type || case event_type when 'product' then '/[0-9]+' when 'department' then '/(women|men)/category/.+/brand/.+' else '' end",
  ],
  [
    'a product page without its product',
    "select count(*) from events as e where event_type = 'product' and not exists (select 1 from products as p where e.uri = '/product/' || p.id)",
  ],
  [
    'an order without its purchase session',
    `select count(*) from orders as o where not exists (select 1 from events as e where e.event_type = 'purchase' and e.user_id = o.user_id and e.created_at = o.created_at)`,
  ],
  [
    'an order item not seen in its purchase session',
    `select count(*) from order_items as i where not exists (
       select 1 from events as p join events as v using (session_id)
       where p.event_type = 'purchase' and p.user_id = i.user_id and p.created_at = i.created_at and v.uri = '/product/' || i.product_id)`,
  ],
];

describe('the demo shop', () => {
  it.each(orphans)('joins %s.%s to %s', async (child, column, parent, key) => {
    expect(
      await shop.number(
        `select count(*) from ${child} as c where c.${column} is not null and not exists (select 1 from ${parent} as p where p.${key} = c.${column})`,
      ),
    ).toBe(0);
  });

  it.each(['events', 'inventory_items', 'order_items', 'products', 'users', 'distribution_centers'])(
    'numbers %s from 1 in the order of the file',
    async (table) => {
      expect(await shop.number(`select count(*) from (select id, row_number() over () as place from ${table}) where id <> place`)).toBe(0);
    },
  );

  it.each(never)('has never %s', async (_, query) => {
    expect(await shop.number(query)).toBe(0);
  });

  it('has one purchase for each order, in fewer sessions than there are', async () => {
    const purchases = await shop.number("select count(*) from events where event_type = 'purchase'");
    expect(purchases).toBe(shop.counts.orders);
    expect(await shop.number('select count(distinct session_id) from events')).toBe(shop.truth.traffic.sessions);
    expect(purchases).toBeLessThan(shop.truth.traffic.sessions);
  });

  it('names each product once, and no personal column', async () => {
    expect(await shop.number('select count(distinct name) from products')).toBe(600);
    expect(await shop.number('select count(distinct category) from products')).toBe(14);
  });
});
