import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Items } from './baskets.ts';
import type { Calendar } from './calendar.ts';
import type { Product } from './catalogue.ts';
import { categories, departments } from './categories.ts';
import { centres } from './centres.ts';
import { type Clicks, eventTypes } from './clicks.ts';
import { load, writeParquet } from './columns.ts';
import { type Customers, sources } from './customers.ts';
import { never, type Progress, statuses } from './fulfilment.ts';
import { countries, places } from './places.ts';
import type { Purchases } from './purchases.ts';
import type { Stock } from './stock.ts';
import { browsers, channels, type Sessions } from './traffic.ts';

/** Everything drawn for one shop, in columns. */
export interface DemoShop {
  calendar: Calendar;
  products: Product[];
  customers: Customers;
  purchases: Purchases;
  items: Items;
  progress: { orders: Progress; items: Progress };
  stock: Stock;
  sessions: Sessions;
  clicks: Clicks;
}

const sequence = (count: number) => Int32Array.from({ length: count }, (_, i) => i);

/** Writes the seven tables into a folder, on one thread, so that the bytes depend on the shop alone; leaves no table behind. */
export async function writeTables(
  connection: DuckDBConnection,
  shop: DemoShop,
  folder: string,
): Promise<Record<string, { file: string; rows: number }>> {
  const threads = (await connection.runAndReadAll("select current_setting('threads')")).getRows()[0]?.[0];
  const tables: Record<string, { file: string; rows: number }> = {};
  await connection.run('set threads = 1');
  try {
    await loadLookups(connection, shop);
    for (const [name, { columns, query }] of Object.entries(definitions(shop))) {
      const file = join(folder, `${name}.parquet`);
      await load(connection, 'demo_rows', columns);
      await writeParquet(connection, query, file);
      tables[name] = { file, rows: Object.values(columns)[0]?.length ?? 0 };
    }
  } finally {
    for (const table of ['demo_rows', 'demo_products', 'demo_places', 'demo_words'])
      await connection.run(`drop table if exists temp.${table}`);
    await connection.run(`set threads = ${Number(threads)}`);
  }
  return tables;
}

/** Words by kind and number, places and products: what the numbers in `demo_rows` stand for. */
async function loadLookups(connection: DuckDBConnection, { products }: DemoShop): Promise<void> {
  const kinds: Record<string, readonly string[]> = {
    status: statuses,
    source: sources.map(({ name }) => name),
    channel: channels.map(({ name }) => name),
    browser: browsers.map(({ name }) => name),
    type: eventTypes,
  };
  const words = Object.entries(kinds).flatMap(([kind, list]) => list.map((word, code) => ({ kind, code, word })));
  await load(connection, 'demo_words', {
    kind: words.map(({ kind }) => kind),
    code: Int32Array.from(words, ({ code }) => code),
    word: words.map(({ word }) => word),
  });
  await load(connection, 'demo_places', {
    code: sequence(places.length),
    city: places.map(({ city }) => city),
    state: places.map(({ state }) => state),
    country: places.map(({ country }) => countries[country]!.name),
  });
  const slug = (text: string) => text.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  await load(connection, 'demo_products', {
    code: sequence(products.length),
    name: products.map(({ name }) => name),
    brand: products.map(({ brand }) => brand),
    category: products.map(({ category }) => categories[category]!.name),
    department: products.map(({ department }) => departments[department]!),
    list: Float64Array.from(products, ({ list }) => list),
    cost: Float64Array.from(products, ({ cost }) => cost),
    sku: products.map(({ sku }) => sku),
    centre: Int32Array.from(products, ({ centre }) => centre + 1),
    page: products.map(
      ({ department, category, brand }) =>
        `/department/${slug(departments[department]!)}/category/${slug(categories[category]!.name)}/brand/${slug(brand)}`,
    ),
  });
}

/** For each raw table the columns to load as `demo_rows`, and the query that gives it theLook's names and types. */
function definitions(shop: DemoShop): Record<string, { columns: Parameters<typeof load>[2]; query: string }> {
  const { calendar, customers, purchases, items, progress, stock, sessions, clicks, products } = shop;
  const moment = (column: string) => `make_timestamp((${calendar.origin} + ${column}::bigint) * 1000000)`;
  const maybe = (column: string) => `case when ${column} <> ${never} then ${moment(column)} end`;
  const word = (kind: string, column: string) => `join demo_words as ${kind}s on ${kind}s.kind = '${kind}' and ${kind}s.code = r.${column}`;
  const ofSession = (column: Int32Array) => clicks.session.map((session) => column[session]!);

  return {
    distribution_centers: {
      columns: {
        id: sequence(centres.length),
        name: centres.map(({ name }) => name),
        latitude: Float64Array.from(centres, ({ latitude }) => latitude),
        longitude: Float64Array.from(centres, ({ longitude }) => longitude),
      },
      query: 'select id::bigint + 1 as id, name, latitude, longitude from demo_rows order by id',
    },
    products: {
      columns: { code: sequence(products.length) },
      query: `select code::bigint + 1 as id, cost, category, name, brand, list as retail_price, department, sku, centre::bigint as distribution_center_id
        from demo_products order by id`,
    },
    users: {
      columns: {
        code: sequence(customers.count),
        age: customers.age,
        gender: customers.gender,
        place: customers.place,
        source: customers.source,
        latitude: customers.latitude,
        longitude: customers.longitude,
        signup: customers.signup,
      },
      query: `select r.code::bigint + 1 as id, r.age::bigint as age, case r.gender when 0 then 'F' else 'M' end as gender, p.state, p.city, p.country,
          r.latitude, r.longitude, sources.word as traffic_source, ${moment('r.signup')} as created_at
        from demo_rows as r join demo_places as p on p.code = r.place ${word('source', 'source')} order by id`,
    },
    orders: {
      columns: {
        code: sequence(purchases.count),
        customer: purchases.customer,
        moment: purchases.at,
        ...rename(progress.orders),
        gender: purchases.customer.map((customer) => customers.gender[customer]!),
        items: purchases.customer.map((_, i) => items.first[i + 1]! - items.first[i]!),
      },
      query: `select r.code::bigint + 1 as order_id, r.customer::bigint + 1 as user_id, statuss.word as status,
          case r.gender when 0 then 'F' else 'M' end as gender, ${moment('r.moment')} as created_at, ${maybe('r.returned')} as returned_at,
          ${maybe('r.shipped')} as shipped_at, ${maybe('r.delivered')} as delivered_at, r.items::bigint as num_of_item
        from demo_rows as r ${word('status', 'status')} order by order_id`,
    },
    order_items: {
      columns: {
        code: sequence(items.count),
        order_index: items.order,
        customer: items.order.map((order) => purchases.customer[order]!),
        product: items.product,
        piece: stock.ofItem,
        moment: items.order.map((order) => purchases.at[order]!),
        ...rename(progress.items),
        price: items.price,
      },
      query: `select r.code::bigint + 1 as id, r.order_index::bigint + 1 as order_id, r.customer::bigint + 1 as user_id,
          r.product::bigint + 1 as product_id, r.piece::bigint as inventory_item_id, statuss.word as status, ${moment('r.moment')} as created_at,
          ${maybe('r.shipped')} as shipped_at, ${maybe('r.delivered')} as delivered_at, ${maybe('r.returned')} as returned_at, r.price as sale_price
        from demo_rows as r ${word('status', 'status')} order by id`,
    },
    inventory_items: {
      columns: { code: sequence(stock.count), product: stock.product, arrived: stock.arrived, sold: stock.sold },
      query: `select r.code::bigint + 1 as id, r.product::bigint + 1 as product_id, ${moment('r.arrived')} as created_at, ${maybe('r.sold')} as sold_at,
          p.cost, p.centre::bigint as product_distribution_center_id
        from demo_rows as r join demo_products as p on p.code = r.product order by id`,
    },
    events: {
      columns: {
        code: sequence(clicks.count),
        session: clicks.session,
        sequence: clicks.sequence,
        type: clicks.type,
        moment: clicks.at,
        product: clicks.product,
        customer: clicks.session.map((session) => (sessions.isAnonymous[session] === 1 ? -1 : sessions.customer[session]!)),
        channel: ofSession(sessions.channel),
        browser: ofSession(sessions.browser),
      },
      query: `select r.code::bigint + 1 as id, case when r.customer >= 0 then r.customer::bigint + 1 end as user_id, r.sequence::bigint as sequence_number,
          printf('s%09d', r.session + 1) as session_id, ${moment('r.moment')} as created_at, browsers.word as browser,
          channels.word as traffic_source,
          case types.word when 'product' then '/product/' || (r.product + 1) when 'department' then pages.page else '/' || types.word end as uri,
          types.word as event_type
        from demo_rows as r left join demo_products as pages on pages.code = r.product
          ${word('browser', 'browser')} ${word('channel', 'channel')} ${word('type', 'type')}
        order by id`,
    },
  };
}

function rename({ status, shipped, delivered, returned }: Progress): Record<string, Int32Array> {
  return { status, shipped, delivered, returned };
}
