import fc from 'fast-check';
import { expect, test } from 'vitest';
import { scaling, yeoJohnson, yeoJohnsonLambda } from '#stats/cluster/scaling.ts';

test('Yeo–Johnson as in scipy 1.16', () => {
  const cases: [value: number, lambda: number, x: number][] = [
    [-1.5, 0.3, -2.20462424],
    [0, 0.3, 0],
    [0.5, 0.3, 0.43115645],
    [3, 0.3, 1.71905522],
    [-1.5, 2, -0.91629073],
    [3, 2, 7.5],
    [-1.5, 0, -2.625],
    [3, 0, 1.38629436],
  ];
  for (const [value, lambda, x] of cases) expect(yeoJohnson(value, lambda)).toBeCloseTo(x, 7);
  expect(yeoJohnsonLambda([0, 1, 2, 3, 5, 8, 13, 40, 100, -2])).toBeCloseTo(0.198102, 4);
});

test('scaled values have mean 0 and deviation 1, and come back', () => {
  const value = fc.double({ min: 0, max: 1e6, noNaN: true });
  fc.assert(
    fc.property(fc.array(value, { minLength: 3, maxLength: 40 }), fc.constantFrom('as it is', 'logarithm', 'power'), (values, shape) => {
      const { forth, back } = scaling(values, shape);
      const scaled = values.map(forth);
      expect(scaled.every(Number.isFinite)).toBe(true);
      const mean = scaled.reduce((a, b) => a + b, 0) / scaled.length;
      expect(Math.abs(mean)).toBeLessThan(1e-6);
      for (const one of values) if (shape !== 'power') expect(Math.abs(back(forth(one)) - one)).toBeLessThan(1e-6 * (1 + one));
    }),
  );
});

test('skew goes; a constant becomes 0; nonsense is named', () => {
  const values = Array.from({ length: 99 }, (_, i) => Math.exp((i - 49) / 12));
  const { forth, back, lambda } = scaling(values);
  expect(lambda).toBeLessThan(0.2);
  expect(forth(1)).toBeCloseTo(-forth(values[98]!) / 2 - forth(values[0]!) / 2, 0);
  expect(back(forth(7))).toBeCloseTo(7, 6);
  expect(scaling([4, 4, 4]).forth(4)).toBe(0);
  expect(scaling([]).forth(0)).toBe(0);
  expect(() => scaling([1, -1], 'logarithm')).toThrow('values[1]: expected more than −1');
  expect(() => scaling([Number.NaN])).toThrow('values[0]');
});
