import { describe, expect, test } from 'vitest';
import { checkCatalogue } from '#recommender/catalogue.ts';
import { featureCount, featuresOf, vocabularyOf } from '#recommender/features.ts';
import { catalogueOf } from './catalogue.ts';

const catalogue = catalogueOf([
  ['Red mug', 'Kitchen', 'Acme', 4],
  ['Blue mug', 'Kitchen', 'Acme', 8],
  ['Wool scarf', 'Clothes', null, 20],
  ['Silk scarf', 'Clothes', 'Weft'],
  ['', null, null, 0],
]);
const vocabulary = vocabularyOf(catalogue);
const features = featuresOf(vocabulary, catalogue);
const row = (p: number) =>
  Array.from(
    features.feature.subarray(features.offsets[p]!, features.offsets[p + 1]!),
    (f, e) => [f, features.weight[features.offsets[p]! + e]!] as const,
  );

test('keeps what two products share: words and n-grams of mug and scarf, category, brand', () => {
  // mug: 1 word and 6 n-grams; scarf: 1 word and 12; Kitchen, Clothes, Acme.
  expect(vocabulary.bucket).toHaveLength(7 + 13 + 3);
  expect(featureCount(vocabulary)).toBe(23 + vocabulary.prices.length);
});

test('text has length 1, brand 0.5, category 0.7', () => {
  const length = (p: number) => row(p).reduce((sum, [f, w]) => sum + (f < 23 ? w * w : 0), 0);
  expect(length(0)).toBeCloseTo(1 + 0.25 + 0.49, 5);
  expect(length(2)).toBeCloseTo(1 + 0.49, 5);
  expect(length(4)).toBe(0);
});

test('a price lies between its nearest knots', () => {
  const prices = (p: number) => row(p).filter(([f]) => f >= 23);
  for (const p of [0, 1, 2, 4]) expect(prices(p).reduce((sum, [, w]) => sum + w, 0)).toBeCloseTo(0.4, 6);
  expect(prices(3)).toEqual([]);
  const all = prices(1).reduce((sum, [f, w]) => sum + w * vocabulary.prices[f - 23]!, 0);
  expect(all).toBeCloseTo(0.4 * Math.log(9), 5);
});

test('the same product later has the same features; one with new words only has none of them', () => {
  const later = catalogueOf([
    ['Red mug', 'Kitchen', 'Acme', 4],
    ['Qwz', null, null, 400],
  ]);
  const found = featuresOf(vocabulary, later);
  expect([...found.feature.subarray(0, found.offsets[1])]).toEqual(row(0).map(([f]) => f));
  expect([...found.feature.subarray(found.offsets[1])]).toEqual([featureCount(vocabulary) - 1]);
});

test('nothing to learn from', () => {
  const empty = catalogueOf([]);
  expect(featureCount(vocabularyOf(empty))).toBe(0);
  const one = catalogueOf([['Lamp']]);
  expect(featuresOf(vocabularyOf(one), one).feature).toHaveLength(0);
});

describe('a catalogue that is none', () => {
  test.each([
    ['columns of different lengths', { names: ['a'] }, 'expected 5 names as ids, found 1'],
    ['an id twice', { ids: ['a', 'b', 'c', 'd', 'a'] }, 'expected each id once, found "a" twice'],
    ['a negative price', { prices: Float64Array.of(1, 2, -3, 4, 5) }, 'expected prices of at least 0, found -3 for "p2"'],
  ])('%s', (_, change, message) => {
    expect(() => checkCatalogue({ ...catalogue, ...change })).toThrow(message);
  });
});
