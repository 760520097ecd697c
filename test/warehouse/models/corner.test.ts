import { expect, test } from 'vitest';
import { corner, later, saoPaulo, utc } from './corner.ts';
import { addRaw, build, engineOf, type Moment, rows, values } from './shop.ts';

const shopAt = async (moment: Moment) => {
  const engine = await engineOf();
  await addRaw(engine, corner);
  await build(engine, moment);
  return engine;
};

test('weeks: cancelled, returned and repeated orders, over ISO week 53', async () => {
  const engine = await shopAt(utc);
  const columns =
    'week, is_complete, orders, cancelled_orders, units, gross_amount, refund_amount, net_revenue, net_cost, margin, active_customers, new_customers, returning_customers, repeat_orders, returned_units, signups, sessions, purchase_sessions, list_amount';
  expect(await values(engine, `select ${columns} from kpi_weekly order by week`)).toEqual([
    ['2020-12-21', true, 1, 1, 2, 30, 0, 30, 12, 18, 1, 1, 0, 0, 0, 1, 1, 1, 30],
    ['2020-12-28', true, 3, 0, 3, 38, 0, 38, 16, 22, 1, 1, 0, 2, 0, 1, 3, 0, 40],
    ['2021-01-04', true, 1, 0, 1, 10, 10, 0, 0, 0, 1, 0, 1, 1, 1, 0, 1, 0, 10],
  ]);
  const shares =
    'aov, round(margin_share, 6) as margin_share, round(repeat_order_share, 6) as repeat_share, return_share, cancellation_rate, conversion, discount_share';
  expect(await values(engine, `select ${shares} from kpi_weekly order by week`)).toEqual([
    [30, 0.6, 0, 0, 0.5, 1, 0],
    [38 / 3, 0.578947, 0.666667, 0, 0, 0, 0.05],
    [10, null, 1, 1, 0, 0, 0],
  ]);
});

test.each([
  [
    utc,
    [
      ['2020-12-01', false, 2, 48, 0, 2, 2],
      ['2021-01-01', false, 3, 30, 10, 2, 0],
    ],
  ],
  [
    saoPaulo,
    [
      ['2020-12-01', false, 4, 68, 0, 2, 2],
      ['2021-01-01', false, 2, 30, 10, 1, 0],
    ],
  ],
])('months follow the timezone: %o', async (moment, expected) => {
  const engine = await shopAt(moment);
  const columns = 'month, is_complete, orders, gross_amount, refund_amount, active_customers, new_customers';
  expect(await values(engine, `select ${columns} from kpi_monthly order by month`)).toEqual(expected);
});

test('the wall sets back statuses, times and events', async () => {
  const engine = await shopAt(utc);
  expect(await values(engine, 'select order_id, status, shipped_at, delivered_at, returned_at from stg_orders order by order_id')).toEqual([
    ['100', 'Cancelled', null, null, null],
    ['101', 'Complete', '2020-12-24T10:00:00Z', '2020-12-27T09:00:00Z', null],
    ['102', 'Shipped', '2021-01-02T23:29:59Z', null, null],
    ['103', 'Processing', null, null, null],
    ['104', 'Processing', null, null, null],
    ['105', 'Complete', '2021-01-05T08:00:00Z', '2021-01-08T08:00:00Z', null],
    ['107', 'Processing', null, null, null],
  ]);
  expect(
    await values(engine, "select order_item_id, status, returned_at from stg_order_items where status <> 'Processing' order by 1"),
  ).toEqual([
    ['1000', 'Cancelled', null],
    ['1001', 'Complete', null],
    ['1002', 'Returned', '2021-01-05T12:00:00Z'],
    ['1003', 'Shipped', null],
    ['1006', 'Complete', null],
  ]);
  expect(await values(engine, "select events, reached_purchase from sessions where session_id = 's4'")).toEqual([[1, false]]);
});

test('an order of the last evening counts where its day has not ended', async () => {
  const engine = await shopAt(saoPaulo);
  expect(
    await values(engine, "select order_id, order_date, status, order_number from user_orders where order_id in ('103', '106') order by 1"),
  ).toEqual([
    ['103', '2020-12-31', 'Processing', 2],
    ['106', '2021-01-10', 'Processing', 3],
  ]);
  expect(
    await values(
      engine,
      "select session_date, hour, weekday, reached_purchase from sessions where session_id in ('s2', 's4') order by session_id",
    ),
  ).toEqual([
    ['2020-12-31', 20, 4, false],
    ['2021-01-10', 20, 7, true],
  ]);
  expect(await values(engine, "select signup_date from customer_metrics where customer_id = '4'")).toEqual([['2021-01-10']]);
});

test('order numbers: a cancelled order has none, two of the same second go by id, one without items is no sale', async () => {
  const engine = await shopAt(utc);
  const sql =
    'select order_id, is_sale, order_number, customer_type, items, gross_amount, refund_amount, net_amount, cost_amount from user_orders order by 1';
  expect(await values(engine, sql)).toEqual([
    ['100', false, null, 'new', 0, 0, 0, 0, 0],
    ['101', true, 1, 'new', 2, 30, 10, 20, 8],
    ['102', true, 1, 'new', 1, 18, 0, 18, 8],
    ['103', true, 2, 'returning', 1, 10, 0, 10, 4],
    ['104', true, 3, 'returning', 1, 10, 0, 10, 4],
    ['105', true, 2, 'returning', 1, 10, 0, 10, 4],
    ['107', false, null, 'returning', 0, 0, 0, 0, 0],
  ]);
});

test('customers, with one who never ordered', async () => {
  const engine = await shopAt(utc);
  const sql = `select customer_id, country, city, events, sessions, orders, cancelled_orders, items, returned_items, gross_amount, refund_amount, net_revenue,
    margin, products, categories, first_order_date, last_order_date, first_order_month, recency_days, days_to_first_order, average_order_value,
    first_category, last_event_date from customer_metrics order by customer_id`;
  expect(await values(engine, sql)).toEqual([
    [
      '1',
      'Spain',
      'Madrid',
      5,
      2,
      2,
      1,
      3,
      1,
      40,
      10,
      30,
      18,
      2,
      2,
      '2020-12-23',
      '2021-01-04',
      '2020-12-01',
      6,
      3,
      20,
      'Tops',
      '2021-01-10',
    ],
    [
      '2',
      'Brazil',
      'Unknown',
      4,
      1,
      3,
      0,
      3,
      0,
      38,
      0,
      38,
      22,
      2,
      2,
      '2020-12-31',
      '2021-01-01',
      '2020-12-01',
      9,
      9,
      38 / 3,
      'Tops',
      '2020-12-29',
    ],
    ['3', 'United States', 'Austin', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, null, null, null, null, null, null, null, null],
  ]);
});

test('products, with one that is viewed and never bought', async () => {
  const engine = await shopAt(utc);
  const sql = `select product_id, name, brand, list_price, views, carts, view_sessions, purchase_sessions, units, orders, gross_amount, refund_amount,
    net_revenue, profit, units_delivered, units_returned, return_rate, first_sale_date, last_sale_date, units_13w, net_revenue_13w, units_prior_13w,
    stock_units, stock_cost, stock_age_days from product_performance order by product_id`;
  expect(await values(engine, sql)).toEqual([
    ['10', 'Shirt', 'Acme', 20, 3, 2, 3, 1, 2, 2, 38, 0, 38, 22, 1, 0, 0, '2020-12-23', '2020-12-31', 2, 38, 0, 2, 16.5, 30],
    [
      '11',
      'Unnamed product 11',
      'No brand',
      10,
      1,
      1,
      1,
      0,
      4,
      4,
      40,
      10,
      30,
      18,
      2,
      1,
      0.5,
      '2020-12-23',
      '2021-01-04',
      4,
      30,
      0,
      0,
      0,
      null,
    ],
    ['12', 'Hat', 'Acme', 30, 3, 1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, null, null, null, 0, 0, 0, 0, 0, null],
  ]);
});

test('cross-sell: no rate before views have matured, then the measured share of those that were bought', async () => {
  const columns = 'customer_id, product_id, views, price, conversion_rate, expected_revenue';
  const young = await shopAt(utc);
  expect(await values(young, `select ${columns} from cross_sell_candidates order by 1, 2`)).toEqual([
    ['1', '12', 1, 30, null, null],
    ['2', '12', 2, 30, null, null],
  ]);
  const ripe = await shopAt(later);
  expect(await values(ripe, `select ${columns} from cross_sell_candidates order by 1, 2`)).toEqual([
    ['1', '12', 1, 30, 0.5, 15],
    ['2', '12', 2, 30, 0.5, 15],
  ]);
});

test('refunds fall on the day of the return', async () => {
  const engine = await shopAt(later);
  const sql = 'select date, refund_amount, returned_units from sales_daily where refund_amount > 0 order by date';
  expect(await values(engine, sql)).toEqual([
    ['2021-01-05', 10, 1],
    ['2021-01-12', 10, 1],
  ]);
  expect(await values(engine, "select net_revenue, orders from kpi_weekly where week = '2021-02-08'")).toEqual([[0, 0]]);
});

test('days are without gaps from the first order to as-of', async () => {
  const engine = await shopAt(utc);
  expect(await values(engine, 'select count(*) as days, min(date) as first, max(date) as last from sales_daily')).toEqual([
    [21, '2020-12-21', '2021-01-10'],
  ]);
});

test('sessions by hour, with a bounce and one that lasts more than a day', async () => {
  const engine = await shopAt(utc);
  const sql =
    'select date, hour, source, is_identified, sessions, events, product_sessions, cart_sessions, cancel_sessions, purchase_sessions, bounces from website_sessions order by 1, 2';
  expect(await values(engine, sql)).toEqual([
    ['2020-12-23', 9, 'Email', true, 1, 4, 1, 1, 0, 1, 0],
    ['2020-12-29', 10, 'Adwords', true, 1, 4, 1, 1, 0, 0, 0],
    ['2020-12-31', 23, 'Adwords', false, 1, 1, 1, 0, 0, 0, 1],
    ['2021-01-02', 12, 'Email', false, 1, 3, 1, 1, 1, 0, 0],
    ['2021-01-10', 23, 'Email', true, 1, 1, 1, 0, 0, 0, 1],
  ]);
  expect(
    await values(engine, "select product_id, duration_seconds from sessions where session_id in ('s1', 's3') order by session_id"),
  ).toEqual([
    ['10', 88_200],
    ['12', 180],
  ]);
});

test('cohorts, months, regions, deliveries and stock', async () => {
  const engine = await shopAt(utc);
  expect(await values(engine, 'select * from cohort_retention order by 1, 2')).toEqual([
    ['2020-12-01', 0, 2, 2, 2, 48, true],
    ['2020-12-01', 1, 2, 2, 3, 30, false],
  ]);
  expect(await values(engine, 'select * from customer_months order by 1, 2')).toEqual([
    ['2020-12-01', 'new', 2, 2, 48, 0, 48],
    ['2021-01-01', 'existing', 2, 3, 30, 10, 20],
  ]);
  expect(
    await values(
      engine,
      'select country, city, latitude, customers, buyers, orders, units, net_revenue, net_revenue_13w from regional_performance order by 1',
    ),
  ).toEqual([
    ['Brazil', 'Unknown', -23.5, 1, 1, 3, 3, 38, 38],
    ['Spain', 'Madrid', 40.4, 1, 1, 2, 3, 30, 30],
    ['United States', 'Austin', 30.3, 1, 0, 0, 0, 0, 0],
  ]);
  expect(
    await values(engine, 'select distribution_center, order_week, stage, days, items from delivery_times order by 1, 2, 3, 4'),
  ).toEqual([
    ['Houston', '2020-12-21', 'ship', 1, 1],
    ['Houston', '2020-12-21', 'total', 3, 1],
    ['Houston', '2020-12-21', 'transit', 2, 1],
    ['Houston', '2020-12-28', 'ship', 1, 1],
    ['Savannah', '2020-12-21', 'ship', 1, 1],
    ['Savannah', '2020-12-21', 'total', 3, 1],
    ['Savannah', '2020-12-21', 'transit', 2, 1],
    ['Savannah', '2021-01-04', 'ship', 1, 1],
    ['Savannah', '2021-01-04', 'total', 4, 1],
    ['Savannah', '2021-01-04', 'transit', 3, 1],
  ]);
  expect(await values(engine, 'select category, age_band, age_from, stock_units, stock_cost from inventory_age order by age_from')).toEqual(
    [
      ['Tops', '0–30', 0, 1, 8.5],
      ['Tops', '31–90', 31, 1, 8],
    ],
  );
});

test('breakdown: an order counts under each of its categories', async () => {
  const engine = await shopAt(utc);
  const sql =
    "select week, value, orders, customers, units, gross_amount, refund_amount, net_revenue, net_cost, list_amount from sales_weekly_breakdown where dimension = 'category' order by 1, 2";
  expect(await values(engine, sql)).toEqual([
    ['2020-12-21', 'Socks', 1, 1, 1, 10, 0, 10, 4, 10],
    ['2020-12-21', 'Tops', 1, 1, 1, 20, 0, 20, 8, 20],
    ['2020-12-28', 'Socks', 2, 1, 2, 20, 0, 20, 8, 20],
    ['2020-12-28', 'Tops', 1, 1, 1, 18, 0, 18, 8, 20],
    ['2021-01-04', 'Socks', 1, 1, 1, 10, 10, 0, 0, 10],
  ]);
});

test('what was left out is counted', async () => {
  const engine = await shopAt(utc);
  const found = await rows(engine, 'select table_name, reason, excluded_rows, past_wall from data_exclusions');
  const counted = Object.fromEntries(found.map((row) => [`${row.table_name}.${row.reason}`, row.excluded_rows]));
  expect(counted).toEqual({
    'users.signed_up_after_as_of': 1,
    'users.unknown_city': 1,
    'users.country_renamed': 2,
    'orders.ordered_after_as_of': 1,
    'orders.returned_after_as_of': 1,
    'orders.status_set_back': 1,
    'orders.cancelled_order': 1,
    'orders.order_without_items': 1,
    'order_items.item_ordered_after_as_of': 1,
    'events.event_after_as_of': 1,
    'events.anonymous_event': 4,
    'inventory_items.received_after_as_of': 1,
    'inventory_items.sold_after_as_of': 1,
    'products.product_without_name': 1,
    'products.product_without_brand': 1,
  });
  expect(found.filter((row) => row.past_wall).length).toBe(8);
});

test('orders without a customer are sales, and nobody’s', async () => {
  const engine = await engineOf();
  const isNobodys = (id: unknown) => id === 103 || id === 104;
  await addRaw(engine, { ...corner, orders: corner.orders!.map((row) => (isNobodys(row[0]) ? row.with(1, null) : row)) });
  await build(engine, utc);
  const columns = 'orders, gross_amount, active_customers, new_customers, repeat_orders';
  expect(await values(engine, `select ${columns} from kpi_weekly where week = '2020-12-28'`)).toEqual([[3, 38, 1, 1, 0]]);
  expect(
    await values(
      engine,
      "select order_id, order_number, customer_type from user_orders where order_id in ('102', '103', '104') order by 1",
    ),
  ).toEqual([
    ['102', 1, 'new'],
    ['103', null, 'unknown'],
    ['104', null, 'unknown'],
  ]);
  expect(await values(engine, 'select sum(orders), sum(gross_amount) from cohort_retention')).toEqual([[3, 58]]);
  expect(
    await values(engine, "select customer_type, orders, active_customers from customer_months where month = '2021-01-01' order by 1"),
  ).toEqual([
    ['existing', 1, 1],
    ['unknown', 2, 0],
  ]);
});
