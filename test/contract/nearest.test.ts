import { expect, test } from 'vitest';
import { editDistance, nearest } from '#contract/nearest.ts';

test.each([
  ['', '', 0],
  ['abc', '', 3],
  ['kitten', 'sitting', 3],
  ['orders', 'order', 1],
  ['orders', 'odrers', 1],
])('distance of %j and %j is %i', (a, b, distance) => {
  expect(editDistance(a, b)).toBe(distance);
  expect(editDistance(b, a)).toBe(distance);
});

test.each([
  ['sale_price', ['SalePrice', 'price'], 'SalePrice'],
  ['sale_price', ['price', 'quantity'], 'price'],
  ['created_at', ['createdat_utc', 'status'], 'createdat_utc'],
  ['order_id', ['ordr_id', 'user'], 'ordr_id'],
  ['orders', ['shipments', 'clients'], undefined],
  ['orders', [], undefined],
])('%s among %j: %s', (wanted, names, found) => {
  expect(nearest(wanted, names)).toBe(found);
});
