import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareRates, poissonRate } from '#stats/rate.ts';

test('exact Poisson limits of Garwood 1936, as tabulated', () => {
  const cases: [number, number, number][] = [
    [0, 0, 3.689],
    [1, 0.0253, 5.572],
    [5, 1.623, 11.668],
    [10, 4.795, 18.39],
    [100, 81.36, 121.63],
  ];
  for (const [count, low, high] of cases) {
    const found = poissonRate(count)!;
    expect(found.low).toBeCloseTo(low, count < 100 ? 3 : 2);
    expect(found.high).toBeCloseTo(high, count < 100 ? 3 : 2);
  }
  expect(poissonRate(10, 5)!.high).toBeCloseTo(18.39 / 5, 3);
});

test('two counts given their sum, against binomial sums at 34 digits', () => {
  const cases: [number, number, number, number, number, number, number][] = [
    [15, 19_025, 41, 28_010, 1.006107130076412, 3.6108186579511568, 0.04749031218660368],
    // 11 cases in 800 against 21 in 3011 (breast cancer and fluoroscopy); the limits printed in R's manual of poisson.test.
    [21, 3011, 11, 800, 0.8584264033916397, 4.277265943654075, 0.11201731957539932],
  ];
  for (const [countA, exposureA, countB, exposureB, low, high, p] of cases) {
    const found = compareRates({ count: countA, exposure: exposureA }, { count: countB, exposure: exposureB })!;
    expect(found.ratio).toBeCloseTo(countB / exposureB / (countA / exposureA), 12);
    expect(found.low).toBeCloseTo(low, 11);
    expect(found.high).toBeCloseTo(high, 11);
    expect(found.p).toBeCloseTo(p, 12);
  }
});

test('zeros and nonsense', () => {
  expect(poissonRate(3, 0)).toBeNull();
  expect(compareRates({ count: 0, exposure: 1 }, { count: 0, exposure: 1 })).toBeNull();
  expect(compareRates({ count: 0, exposure: 1 }, { count: 5, exposure: 1 })).toMatchObject({
    ratio: null,
    high: Number.POSITIVE_INFINITY,
    p: expect.closeTo(0.0625, 12),
  });
  expect(compareRates({ count: 5, exposure: 1 }, { count: 0, exposure: 1 })).toMatchObject({
    ratio: 0,
    low: 0,
    p: expect.closeTo(0.0625, 12),
  });
  expect(() => poissonRate(-1)).toThrow('count');
  expect(() => poissonRate(1, Number.NaN)).toThrow('exposure');
});

test('p below the rest of the level exactly when the interval leaves out 1; scale of exposure does not matter', () => {
  const events = fc.record({ count: fc.integer({ min: 1, max: 300 }), exposure: fc.double({ min: 0.5, max: 50, noNaN: true }) });
  fc.assert(
    fc.property(events, events, (a, b) => {
      const found = compareRates(a, b)!;
      expect(found.low).toBeLessThan(found.ratio!);
      expect(found.high).toBeGreaterThan(found.ratio!);
      if (Math.abs(found.p - 0.05) > 1e-9) expect(found.p < 0.05).toBe(found.low > 1 || found.high < 1);
      const scaled = compareRates({ ...a, exposure: a.exposure * 7 }, { ...b, exposure: b.exposure * 7 })!;
      expect(scaled.p).toBeCloseTo(found.p, 9);
    }),
  );
});
