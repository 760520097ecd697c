import fc from 'fast-check';
import { expect, test } from 'vitest';
import { categoryNumbers, categoryShare, makeList } from '#recommender/list.ts';
import { plainName, variantGroups } from '#recommender/variant.ts';
import { catalogueOf } from './catalogue.ts';

test.each([
  ['Red Mug', 'mug'],
  ["Men's Dark Navy T-Shirt XL", 'men t shirt'],
  ['Gold Silver Plum', 'gold silver plum'],
  ['Set of 6 candles', 'set of candles'],
  ['Levi 501 jeans', 'levi 501 jeans'],
])('%s without colour and size', (name, expected) => {
  expect(plainName(name)).toBe(expected);
});

test('variants share brand, category and the plain name', () => {
  const groups = variantGroups(
    catalogueOf([
      ['Red mug', 'Kitchen', 'Acme'],
      ['Blue mug', 'Kitchen', 'Acme'],
      ['Blue mug', 'Kitchen', 'Other'],
      ['Blue mug', 'Gifts', 'Acme'],
      ['', null, null],
      ['', null, null],
    ]),
  );
  expect([...groups]).toEqual([0, 0, 1, 2, 3, 4]);
});

const free = { variants: Int32Array.of(0, 1, 2, 3, 4, 5), categories: new Int32Array(6).fill(-1) };
const scores = Float32Array.of(6, 5, 4, 3, 2, 1);

test.each<[string, number, Partial<typeof free>, number[]]>([
  ['best first', 3, {}, [0, 1, 2]],
  ['one of a group', 3, { variants: Int32Array.of(0, 0, 0, 1, 2, 3) }, [0, 3, 4]],
  [`a share of ${categoryShare} of one category`, 4, { categories: Int32Array.of(0, 0, 0, 0, 1, 1) }, [0, 1, 4, 5]],
  ['products without a category are free', 4, { categories: Int32Array.of(0, 0, 0, -1, -1, -1) }, [0, 1, 3, 4]],
  ['no other category: filled up again, in order', 4, { categories: Int32Array.of(0, 0, 0, 0, 0, 1) }, [0, 1, 2, 5]],
  ['a group is never filled up', 4, { variants: new Int32Array(6) }, [0]],
  ['more than there are', 9, {}, [0, 1, 2, 3, 4, 5]],
])('%s', (_, k, rules, expected) => {
  expect([...makeList(scores, k, { ...free, ...rules })]).toEqual(expected);
});

test('looks as deep as it must', () => {
  const variants = Int32Array.from({ length: 1000 }, (_, p) => (p < 900 ? 0 : p));
  const descending = Float32Array.from({ length: 1000 }, (_, p) => -p);
  expect([...makeList(descending, 3, { variants, categories: new Int32Array(1000).fill(-1) })]).toEqual([0, 900, 901]);
});

test('any list: no group twice, order of scores, nothing excluded', () => {
  const product = fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 4 }), fc.integer({ min: -1, max: 2 }));
  fc.assert(
    fc.property(fc.array(product, { minLength: 1, maxLength: 40 }), fc.integer({ min: 1, max: 10 }), (products, k) => {
      const values = Float32Array.from(products, ([score]) => (score === 0 ? Number.NEGATIVE_INFINITY : score));
      const rules = {
        variants: Int32Array.from(products, ([, group]) => group),
        categories: Int32Array.from(products, ([, , category]) => category),
      };
      const list = [...makeList(values, k, rules)];
      expect(new Set(list.map((p) => rules.variants[p])).size).toBe(list.length);
      expect(list.every((p) => Number.isFinite(values[p]))).toBe(true);
      expect(list.every((p, i) => i === 0 || values[list[i - 1]!]! >= values[p]!)).toBe(true);
      const groups = new Set(products.flatMap(([score, group]) => (score === 0 ? [] : [group])));
      expect(list.length).toBe(Math.min(k, groups.size));
    }),
  );
});

test('categories are numbered by first appearance', () => {
  expect([...categoryNumbers(['b', null, 'a', 'b'])]).toEqual([0, -1, 1, 0]);
});
