import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cents, centsThatAdd, change, ratio, total } from '../../../analyses/shared/change.ts';

it.each([
  [110, 100, 0.1],
  [50, 100, -0.5],
  [10, 0, null],
  [10, -5, null],
  [10, null, null],
  [null, 10, null],
  [undefined, undefined, null],
])('change from %s to %s', (now, before, expected) => {
  const value = change(now, before);
  if (expected === null) expect(value).toBeNull();
  else expect(value).toBeCloseTo(expected, 12);
});

it('has no ratio over zero or the unknown', () => {
  expect([ratio(1, 2), ratio(1, 0), ratio(null, 2), ratio(1, undefined)]).toEqual([0.5, null, null, null]);
  expect(total([{ a: 1 }, { a: null }], ({ a }) => a)).toBe(1);
  expect(Object.is(cents(-0.001), 0)).toBe(true);
});

it('rounds parts so that they add up to the cent', () => {
  expect(centsThatAdd([1 / 3, 1 / 3, 1 / 3], 1)).toEqual([0.34, 0.33, 0.33]);
  expect(centsThatAdd([], 0)).toEqual([]);
  fc.assert(
    fc.property(fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 12 }), (parts) => {
      const whole = parts.reduce((sum, part) => sum + part, 0);
      const rounded = centsThatAdd(parts, whole);
      expect(Math.round(rounded.reduce((sum, part) => sum + part, 0) * 100)).toBe(Math.round(cents(whole) * 100));
    }),
  );
});
