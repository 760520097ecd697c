import type { ColumnFormat, ColumnNeed, ColumnType, ColumnUse, ShopFormat, TableFormat } from './format.ts';

const column =
  (type: ColumnType) =>
  (name: string, need: ColumnNeed = 'optional', use: ColumnUse = 'copied'): ColumnFormat => ({ name, type, use, need });
const int = column('int64');
const float = column('float64');
const text = column('string');
const time = column('timestamp');
const personal = (name: string): ColumnFormat => text(name, 'optional', 'personal');
const unused = (make: typeof text, name: string): ColumnFormat => make(name, 'optional', 'unused');
const table = (name: string, required: boolean, key: string, columns: ColumnFormat[]): TableFormat => ({ name, required, key, columns });

/** theLook eCommerce as `bigquery-public-data.thelook_ecommerce`, its exports, and its generator write it. */
export const thelook: ShopFormat = {
  id: 'thelook',
  name: 'theLook',
  tables: [
    table('users', true, 'id', [
      int('id', 'filled'),
      personal('first_name'),
      personal('last_name'),
      personal('email'),
      int('age'),
      text('gender'),
      text('state'),
      personal('street_address'),
      personal('postal_code'),
      text('city'),
      text('country'),
      float('latitude', 'optional', 'rounded'),
      float('longitude', 'optional', 'rounded'),
      text('traffic_source'),
      time('created_at', 'filled'),
      personal('user_geom'),
    ]),
    table('products', true, 'id', [
      int('id', 'filled'),
      float('cost'),
      text('category', 'filled'),
      text('name'),
      text('brand'),
      float('retail_price', 'filled'),
      text('department'),
      text('sku'),
      int('distribution_center_id'),
    ]),
    table('orders', true, 'order_id', [
      int('order_id', 'filled'),
      int('user_id', 'filled'),
      text('status', 'filled'),
      text('gender'),
      time('created_at', 'filled'),
      time('returned_at'),
      time('shipped_at'),
      time('delivered_at'),
      int('num_of_item'),
    ]),
    table('order_items', true, 'id', [
      int('id', 'filled'),
      int('order_id', 'filled'),
      int('user_id', 'filled'),
      int('product_id', 'filled'),
      int('inventory_item_id'),
      text('status', 'filled'),
      time('created_at'),
      time('shipped_at'),
      time('delivered_at'),
      time('returned_at'),
      float('sale_price', 'filled'),
    ]),
    table('events', false, 'id', [
      int('id', 'filled'),
      int('user_id'),
      int('sequence_number'),
      text('session_id', 'filled'),
      time('created_at', 'filled'),
      personal('ip_address'),
      unused(text, 'city'),
      unused(text, 'state'),
      personal('postal_code'),
      text('browser'),
      text('traffic_source'),
      text('uri'),
      text('event_type', 'filled'),
    ]),
    table('inventory_items', false, 'id', [
      int('id', 'filled'),
      int('product_id', 'filled'),
      time('created_at', 'filled'),
      time('sold_at', 'named'),
      float('cost'),
      unused(text, 'product_category'),
      unused(text, 'product_name'),
      unused(text, 'product_brand'),
      unused(float, 'product_retail_price'),
      unused(text, 'product_department'),
      unused(text, 'product_sku'),
      int('product_distribution_center_id'),
    ]),
    table('distribution_centers', false, 'id', [
      int('id', 'filled'),
      text('name', 'filled'),
      float('latitude'),
      float('longitude'),
      unused(text, 'distribution_center_geom'),
    ]),
  ],
  unlocks: [
    { capability: 'orders', tables: ['orders', 'order_items'] },
    { capability: 'products', tables: ['products'] },
    { capability: 'events', tables: ['events'] },
    { capability: 'costs', tables: ['products'], column: 'cost' },
    { capability: 'geography', tables: ['users'], column: 'country' },
    { capability: 'inventory', tables: ['inventory_items'] },
    { capability: 'deliveries', tables: ['orders'], column: 'delivered_at' },
    { capability: 'returns', tables: ['orders'], column: 'returned_at' },
  ],
};
