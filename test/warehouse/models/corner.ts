import type { Moment, Raw } from './shop.ts';

export const utc: Moment = { wall: '2021-01-11 00:00:00', asOf: '2021-01-10', week: '2021-01-04', timezone: 'UTC' };
/** UTC−3 all year in 2021. */
export const saoPaulo: Moment = { wall: '2021-01-11 03:00:00', asOf: '2021-01-10', week: '2021-01-04', timezone: 'America/Sao_Paulo' };
export const later: Moment = { wall: '2021-02-15 00:00:00', asOf: '2021-02-14', week: '2021-02-08', timezone: 'UTC' };

/**
 * A shop of corner cases around the turn of the year 2020 (ISO week 53): a first order that is cancelled (100), an item that comes
 * back in a later week (1002), two orders in the same second (103, 104), an order that is returned (105) or placed (106) after the
 * wall, one without items (107), one of midnight that another timezone puts into the year before (103), a customer without
 * orders (3) and one who signs up after the wall (4), a product without name and brand (11), and one that is viewed and never bought (12).
 */
export const corner: Raw = {
  users: [
    [1, '2020-12-20 08:00:00', 'España', 'Madrid', 'Madrid', 40.4, -3.7, 'F', 30, 'Search'],
    [2, '2020-12-22 08:00:00', 'Brasil', 'São Paulo', 'null', -23.5, -46.6, 'M', 40, 'Email'],
    [3, '2020-12-28 08:00:00', 'United States', 'Texas', 'Austin', 30.3, -97.7, 'F', 50, 'Search'],
    [4, '2021-01-11 01:00:00', 'United States', 'Texas', 'Austin', 30.2, -97.8, 'M', 60, 'Search'],
  ],
  products: [
    [10, 'Shirt', 'Acme', 'Tops', 'Men', 19.999, 8, 1],
    [11, null, null, 'Socks', 'Women', 10, 4, 2],
    [12, 'Hat', 'Acme', 'Hats', 'Men', 30, 12, 1],
  ],
  distribution_centers: [
    [1, 'Houston', 29.8, -95.4],
    [2, 'Savannah', 32, -81.1],
  ],
  orders: [
    [100, 1, 'Cancelled', '2020-12-21 10:00:00', null, null, null],
    [101, 1, 'Complete', '2020-12-23 10:00:00', '2020-12-24 10:00:00', '2020-12-27 09:00:00', null],
    [102, 2, 'Shipped', '2020-12-31 23:30:00', '2021-01-02 23:29:59', null, null],
    [104, 2, 'Processing', '2021-01-01 01:30:00', null, null, null],
    [103, 2, 'Processing', '2021-01-01 01:30:00', null, null, null],
    [105, 1, 'Returned', '2021-01-04 08:00:00', '2021-01-05 08:00:00', '2021-01-08 08:00:00', '2021-01-12 08:00:00'],
    [106, 1, 'Complete', '2021-01-11 00:30:00', '2021-01-12 00:30:00', '2021-01-14 00:30:00', null],
    [107, 2, 'Processing', '2021-01-08 12:00:00', null, null, null],
  ],
  order_items: [
    [1000, 100, 10, 'Cancelled', 20, null, null, null],
    [1001, 101, 10, 'Complete', 20, '2020-12-24 10:00:00', '2020-12-27 09:00:00', null],
    [1002, 101, 11, 'Returned', 10, '2020-12-24 10:00:00', '2020-12-27 09:00:00', '2021-01-05 12:00:00'],
    [1003, 102, 10, 'Shipped', 18, '2021-01-02 23:29:59', null, null],
    [1004, 103, 11, 'Processing', 10, null, null, null],
    [1005, 104, 11, 'Processing', 10, null, null, null],
    [1006, 105, 11, 'Returned', 10, '2021-01-05 08:00:00', '2021-01-08 08:00:00', '2021-01-12 08:00:00'],
    [1007, 106, 10, 'Complete', 20, '2021-01-12 00:30:00', '2021-01-14 00:30:00', null],
  ],
  events: [
    [1, 1, 's1', 1, '2020-12-23 09:00:00', 'home', '/home', 'Email', 'Chrome'],
    [2, 1, 's1', 2, '2020-12-23 09:05:00', 'product', '/product/10', 'Email', 'Chrome'],
    [3, 1, 's1', 3, '2020-12-23 09:10:00', 'cart', '/cart', 'Email', 'Chrome'],
    [4, 1, 's1', 4, '2020-12-24 09:30:00', 'purchase', '/purchase', 'Email', 'Chrome'],
    [5, null, 's2', 1, '2020-12-31 23:50:00', 'product', '/product/10', 'Adwords', 'Safari'],
    [6, 2, 's3', 1, '2020-12-29 10:00:00', 'product', '/product/12', 'Adwords', 'Safari'],
    [7, 2, 's3', 2, '2020-12-29 10:01:00', 'product', '/product/12', 'Adwords', 'Safari'],
    [8, 2, 's3', 3, '2020-12-29 10:02:00', 'product', '/product/10', 'Adwords', 'Safari'],
    [9, 2, 's3', 4, '2020-12-29 10:03:00', 'cart', '/cart', 'Adwords', 'Safari'],
    [10, 1, 's4', 1, '2021-01-10 23:59:00', 'product', '/product/12', 'Email', 'Chrome'],
    [11, 1, 's4', 2, '2021-01-11 00:05:00', 'purchase', '/purchase', 'Email', 'Chrome'],
    [12, null, 's5', 1, '2021-01-02 12:00:00', 'product', '/product/11', 'Email', 'Chrome'],
    [13, null, 's5', 2, '2021-01-02 12:01:00', 'cart', '/cart', 'Email', 'Chrome'],
    [14, null, 's5', 3, '2021-01-02 12:02:00', 'cancel', '/cancel', 'Email', 'Chrome'],
  ],
  inventory_items: [
    [1, 10, '2020-12-01 12:00:00', null, 8],
    [2, 10, '2020-12-21 12:00:00', '2021-01-12 12:00:00', 8.5],
    [3, 11, '2020-12-01 12:00:00', '2020-12-23 12:00:00', 4],
    [4, 11, '2021-01-12 12:00:00', null, 4],
  ],
};
