import { describe, expect, test } from 'vitest';
import { defaultItemItem, itemItem, neighbourScorer, type Weighting, withSelf } from '#recommender/item-item.ts';
import { top } from '#recommender/top.ts';
import { dense, matrixOf, rows } from './tiny.ts';

const none = [0, 0, 0, 0, 0];

describe('similarities are those of implicit 0.7', () => {
  test.each<[Weighting, number[][]]>([
    [
      'cosine',
      [
        [0, 0.75, 0.57735, 0.57735, 0],
        [0.75, 0, 0.57735, 0.288675, 0],
        [0.57735, 0.57735, 0, 0.333333, 0],
        [0.57735, 0.288675, 0.333333, 0, 0],
        none,
      ],
    ],
    [
      'tfidf',
      [
        [0, 0.713949, 0.25892, 0.160422, 0],
        [0.713949, 0, 0.656464, 0.065176, 0],
        [0.25892, 0.656464, 0, 0.085571, 0],
        [0.160422, 0.065176, 0.085571, 0, 0],
        none,
      ],
    ],
    [
      'bm25',
      [
        [0, 0.26099, 0.082325, 0.082325, 0],
        [0.26099, 0, 0.256877, 0.041163, 0],
        [0.082325, 0.256877, 0, 0.047006, 0],
        [0.082325, 0.041163, 0.047006, 0, 0],
        none,
      ],
    ],
  ])('%s', (weighting, expected) => {
    const found = dense(5, itemItem(matrixOf(rows), 5, { ...defaultItemItem, weighting }));
    found.forEach((row, i) => {
      row.forEach((value, j) => {
        expect(value).toBeCloseTo(expected[i]![j]!, 5);
      });
    });
  });
});

test('keeps the k nearest, the first of equals, never itself', () => {
  const found = itemItem(matrixOf(rows), 5, { ...defaultItemItem, weighting: 'cosine', k: 1 });
  expect([...found.offsets]).toEqual([0, 1, 2, 3, 4, 4]);
  expect([...found.product]).toEqual([1, 0, 0, 0]);
});

test('scores are sums over the history', () => {
  const scorer = neighbourScorer(itemItem(matrixOf(rows), 5, { ...defaultItemItem, weighting: 'cosine' }));
  const out = new Float32Array(10).fill(9);
  scorer.score({ offsets: Int32Array.of(0, 2, 2), product: Int32Array.of(0, 3), weight: Float32Array.of(1, 0.5) }, 0, 2, out);
  expect([...out].map((value) => Math.round(value * 1e5) / 1e5)).toEqual([0.28868, 0.89434, 0.74402, 0.57735, 0, 0, 0, 0, 0, 0]);
});

test('what has no neighbour in the history comes last, by popularity', () => {
  const scorer = neighbourScorer(
    itemItem(matrixOf(rows), 5, { ...defaultItemItem, weighting: 'cosine', k: 1 }),
    Float32Array.of(4, 4, 3, 9, 10),
  );
  const out = new Float32Array(5);
  scorer.score({ offsets: Int32Array.of(0, 1), product: Int32Array.of(1), weight: Float32Array.of(1) }, 0, 1, out);
  expect([...top(out, 5)]).toEqual([0, 4, 3, 1, 2]);
});

test('a product that is bought again is its own neighbour', () => {
  const found = withSelf(itemItem(matrixOf(rows), 5, { ...defaultItemItem, weighting: 'cosine' }), Uint8Array.of(0, 1, 0, 0, 1));
  expect(dense(5, found)[1]).toEqual([0.75, 0.75, 0.57735, 0.288675, 0]);
  expect(dense(5, found)[4]).toEqual(none);
});

test('no customers, no products', () => {
  expect(itemItem(matrixOf([]), 3).product).toHaveLength(0);
  expect([...itemItem(matrixOf([]), 0).offsets]).toEqual([0]);
});
