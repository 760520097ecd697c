import { expect, test } from 'vitest';
import { chiSquareTest } from '#stats/contingency.ts';

test('chi-square of a 2 × 2 table is the square of z', () => {
  const found = chiSquareTest([
    [120, 880],
    [150, 850],
  ])!;
  expect(found.statistic).toBeCloseTo(3.853565, 5);
  expect(found.p).toBeCloseTo(0.04964, 5);
  expect(chiSquareTest([[1, 2]])).toBeNull();
  expect(chiSquareTest([])).toBeNull();
  expect(() => chiSquareTest([[1], [1, 2]])).toThrow('same length');
});
