import { expect, test } from 'vitest';
import { characterGrams, hashText, words } from '#recommender/text.ts';

test.each<[string, string[]]>([
  ["Men's  Café-Shirt (XL)", ['men', 's', 'cafe', 'shirt', 'xl']],
  ['ＷＩＤＥ ½', ['wide', '1', '2']],
  ['', []],
  ['—!', []],
  ['日本 语', ['日本', '语']],
])('words of %s', (text, expected) => {
  expect(words(text)).toEqual(expected);
});

test('character n-grams mark the ends of a word', () => {
  expect(characterGrams('mug')).toEqual(['<mu', 'mug', 'ug>', '<mug', 'mug>', '<mug>']);
  expect(characterGrams('a')).toEqual(['<a>']);
  expect(characterGrams('😀b')).toEqual(['<😀b', '😀b>', '<😀b>']);
});

test('the hash is fixed and spreads', () => {
  expect(hashText('')).toBe(hashText(''));
  expect(hashText('w mug')).toBe(4159949020);
  const found = new Set(Array.from({ length: 10_000 }, (_, i) => hashText(`word ${i}`) % 2 ** 18));
  expect(found.size).toBeGreaterThan(9_700);
});
