import fc from 'fast-check';
import { expect, test } from 'vitest';
import { top } from '#recommender/top.ts';

test.each<[string, number[], number, number[]]>([
  ['best first', [1, 3, 2], 2, [1, 2]],
  ['equals by position', [2, 5, 5, 2], 3, [1, 2, 0]],
  ['what is excluded never counts', [Number.NEGATIVE_INFINITY, Number.NaN, 0], 3, [2]],
  ['more than there are', [1], 5, [0]],
  ['none asked for', [1, 2], 0, []],
  ['no scores', [], 3, []],
])('%s', (_, scores, k, expected) => {
  expect([...top(scores, k)]).toEqual(expected);
});

test('reads its own row only', () => {
  expect([...top([9, 9, 1, 2, 9], 1, 2, 2)]).toEqual([1]);
});

test('is the head of a stable sort', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -3, max: 3 })), fc.nat({ max: 20 }), (scores, k) => {
      const sorted = scores.map((_, i) => i).sort((a, b) => scores[b]! - scores[a]! || a - b);
      expect([...top(scores, k)]).toEqual(sorted.slice(0, k));
    }),
  );
});
