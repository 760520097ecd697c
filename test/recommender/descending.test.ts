import fc from 'fast-check';
import { expect, it } from 'vitest';
import { descending } from '#recommender/descending.ts';

it('gives positions as a stable sort would, without what may not be recommended', () => {
  const score = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.constant(Number.NEGATIVE_INFINITY));
  fc.assert(
    fc.property(fc.array(score, { maxLength: 40 }), fc.nat(5), (scores, before) => {
      const row = Float32Array.from([...Array.from({ length: before }, () => 9), ...scores]);
      const next = descending(row, before, scores.length);
      const expected = scores.map((_, p) => p).filter((p) => scores[p]! > Number.NEGATIVE_INFINITY);
      expected.sort((a, b) => scores[b]! - scores[a]! || a - b);
      expect(Array.from(expected, () => next())).toEqual(expected);
      expect(next()).toBe(-1);
    }),
  );
});
