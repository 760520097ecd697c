import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { between, bought, buyers, dayNumber, interactions, kinds, pick } from '#recommender/interactions.ts';
import { weigh } from '#recommender/taste.ts';
import { catalogueOf } from './catalogue.ts';

const catalogue = catalogueOf([['a'], ['b'], ['c']]);
const columns = (rows: [string, string, number, string][]) => ({
  customer: rows.map(([customer]) => customer),
  product: rows.map(([, product]) => product),
  day: rows.map(([, , day]) => day),
  kind: rows.map(([, , , kind]) => kind),
});
const rows: [string, string, number, string][] = [
  ['u2', 'p1', 5, 'purchase'],
  ['u1', 'p0', 3, 'view'],
  ['u1', 'p0', 3, 'purchase'],
  ['u1', 'p2', 1, 'view'],
  ['u1', 'gone', 1, 'view'],
  ['u2', 'p1', 9, 'cart'],
  ['u2', 'p0', 5, 'purchase'],
];
const data = interactions(columns(rows), catalogue);

test('one entry a customer, product and day, the strongest; products outside the catalogue are counted', () => {
  expect(data).toMatchObject({ customers: ['u1', 'u2'], products: 3, unknown: 1 });
  expect([...data.histories.offsets]).toEqual([0, 2, 5]);
  expect([...data.histories.product]).toEqual([2, 0, 0, 1, 1]);
  expect([...data.histories.day]).toEqual([1, 3, 5, 5, 9]);
  expect(Array.from(data.histories.kind, (kind) => kinds[kind])).toEqual(['view', 'purchase', 'purchase', 'purchase', 'cart']);
});

test('the order of the rows does not matter', () => {
  fc.assert(
    fc.property(fc.shuffledSubarray(rows, { minLength: rows.length }), (shuffled) => {
      expect(interactions(columns(shuffled), catalogue)).toEqual(data);
    }),
  );
});

test('parts: by time, by customer, by purchase', () => {
  expect([...between(data.histories, 3, 6).offsets]).toEqual([0, 1, 3]);
  expect([...pick(data.histories, [1, 0]).product]).toEqual([0, 1, 1, 2, 0]);
  const matrix = bought(data.histories);
  expect([...matrix.offsets]).toEqual([0, 1, 3]);
  expect([...matrix.product]).toEqual([0, 0, 1]);
  expect(buyers(matrix, 3)).toEqual({ offsets: Int32Array.of(0, 2, 3, 3), customer: Int32Array.of(0, 1, 1) });
});

test('weights halve with age; of several the strongest counts', () => {
  const found = weigh(data.histories, { kinds: [0.2, 0.5, 1], halfLife: 4 }, 9);
  expect([...found.product]).toEqual([0, 2, 0, 1]);
  expect([...found.weight].map((value) => Math.round(value * 1e4) / 1e4)).toEqual([0.3536, 0.05, 0.5, 0.5]);
});

test('no rows', () => {
  const empty = interactions(columns([]), catalogue);
  expect(empty.customers).toEqual([]);
  expect([...empty.histories.offsets]).toEqual([0]);
});

describe('rows that are none', () => {
  test.each([
    ['a day that is no whole number', [['u', 'p0', 1.5, 'view']], 'day: expected a whole number, found 1.5 in row 0'],
    ['an unknown kind', [['u', 'p0', 1, 'wish']], 'kind: expected view, cart, purchase, found wish in row 0'],
  ] as [string, [string, string, number, string][], string][])('%s', (_, wrong, message) => {
    expect(() => interactions(columns(wrong), catalogue)).toThrow(message);
  });
  test('columns of different lengths', () => {
    expect(() => interactions({ ...columns(rows), day: [1] }, catalogue)).toThrow('day: expected 7 rows as customer, found 1');
  });
});

test.each([
  ['1970-01-01', 0],
  ['2026-08-22', 20687],
])('%s is day %i', (date, day) => {
  expect(dayNumber(date)).toBe(day);
});

test('a date that is none', () => {
  expect(() => dayNumber('2026-8-22')).toThrow('date: expected');
});
