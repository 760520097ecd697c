import { expect, test } from 'vitest';
import { mase, naiveScale } from '#stats/forecast/accuracy.ts';
import { passengers } from './passengers.ts';

test('seasonal naive on the airline passengers: 1.571 on 1960, 2.494 on 1959–60', () => {
  const repeated = (from: number, steps: number) => Array.from({ length: steps }, (_, h) => passengers[from - 12 + (h % 12)]!);
  expect(mase(passengers.slice(0, 132), passengers.slice(132), repeated(132, 12), 12)).toBeCloseTo(1.5709, 4);
  expect(mase(passengers.slice(0, 120), passengers.slice(120), repeated(120, 24), 12)).toBeCloseTo(2.4935, 4);
});

test('missing values are left out; no change gives no scale', () => {
  expect(naiveScale([1, 3, Number.NaN, 4, 8], 1)).toBe(3);
  expect(naiveScale([5, 5, 5], 1)).toBeNull();
  expect(naiveScale([5], 1)).toBeNull();
  expect(mase([1, 2, 3], [4, Number.NaN], [6, 1], 1)).toBe(2);
  expect(mase([1, 2, 3], [], [], 1)).toBeNull();
});
