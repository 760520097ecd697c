import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { noncentralT } from '#stats/experiment/noncentral.ts';
import { detectableMean, detectableShare, powerForMeans, powerForShares, sizeForMeans, sizeForShares } from '#stats/experiment/power.ts';

describe('shares (Fleiss, computed beside)', () => {
  const cases: { from: number; to: number; a: number; b: number; power?: number; ratio?: number }[] = [
    { from: 0.1, to: 0.12, a: 3841, b: 3841 },
    { from: 0.05, to: 0.06, a: 8158, b: 8158 },
    { from: 0.3, to: 0.25, power: 0.9, a: 1674, b: 1674 },
    { from: 0.1, to: 0.12, ratio: 3, a: 2600, b: 7800 },
    { from: 0.05, to: 0.06, ratio: 0.25, a: 19963, b: 4991 },
  ];
  for (const { from, to, a, b, ...design } of cases) {
    test(`${from} to ${to}, ${JSON.stringify(design)}`, () => {
      expect(sizeForShares(from, to, design)).toEqual({ a, b });
      expect(powerForShares(from, to, { a, b })).toBeCloseTo(design.power ?? 0.8, 3);
      if (to > from) expect(detectableShare(from, { a, b }, { power: design.power ?? 0.8 })!).toBeCloseTo(to - from, 4);
    });
  }
});

test('means as in statsmodels 0.15 (TTestIndPower)', () => {
  expect(sizeForMeans(0.5, 1)).toEqual({ a: 64, b: 64 });
  expect(sizeForMeans(-4, 20, { power: 0.9 })).toEqual({ a: 527, b: 527 });
  expect(powerForMeans(0.5, 1, { a: 20, b: 20 })).toBeCloseTo(0.3379390289250411, 9);
  expect(powerForMeans(0.3, 1, { a: 50, b: 150 })).toBeCloseTo(0.44766319435184215, 9);
  expect(powerForMeans(0, 1, { a: 20, b: 20 })).toBeCloseTo(0.05, 9);
  expect(powerForMeans(detectableMean(3, { a: 64, b: 64 }), 3, { a: 64, b: 64 })).toBeCloseTo(0.8, 6);
});

test('noncentral t as in scipy 1.16', () => {
  const cases: [t: number, df: number, noncentrality: number, p: number][] = [
    [2, 10, 1, 1 - 0.19238843746962478],
    [-2, 10, 1, 0.003302485766631467],
    [2.5, 38, 1.58, 0.8074997233957875],
    [1, 5, 0, 0.8183912661754386],
    [3, 100, -1, 0.9999533369547529],
    [2, 126, 2.828, 0.20455570698984693],
  ];
  for (const [t, df, noncentrality, p] of cases) expect(noncentralT(t, df, noncentrality)).toBeCloseTo(p, 10);
  expect(noncentralT(36, 50, 35.01)).toBeCloseTo(noncentralT(36, 50, 34.99), 2);
});

test('nonsense is named', () => {
  expect(() => sizeForShares(0.1, 0.1)).toThrow('to: expected a share other than 0.1');
  expect(() => sizeForShares(0.1, 1.2)).toThrow('to: expected a share from 0 to 1, found 1.2');
  expect(() => sizeForShares(0.1, 0.2, { power: 0.01 })).toThrow('power: expected a number between alpha (0.05) and 1');
  expect(() => sizeForMeans(0, 1)).toThrow('difference');
  expect(() => powerForMeans(1, 0, { a: 5, b: 5 })).toThrow('sd: expected a positive number, found 0');
  expect(() => powerForShares(0.1, 0.2, { a: 0, b: 5 })).toThrow('a: expected a whole number of at least 1');
  expect(() => noncentralT(1, 0, 1)).toThrow('noncentralT');
  expect(detectableShare(0.1, { a: 2, b: 2 })).toBeNull();
});

test('more customers and larger differences are never harder to see', () => {
  const share = fc.double({ min: 0.01, max: 0.5, noNaN: true });
  fc.assert(
    fc.property(share, fc.double({ min: 0.005, max: 0.4, noNaN: true }), fc.integer({ min: 20, max: 5000 }), (from, rise, n) => {
      const power = powerForShares(from, from + rise, { a: n, b: n });
      expect(power).toBeGreaterThanOrEqual(0);
      expect(powerForShares(from, from + rise, { a: 2 * n, b: 2 * n })).toBeGreaterThanOrEqual(power - 1e-9);
      const size = sizeForShares(from, from + rise);
      expect(powerForShares(from, from + rise, size)).toBeGreaterThan(0.799);
      expect(sizeForShares(from, from + rise, { power: 0.9 }).a).toBeGreaterThanOrEqual(size.a);
    }),
  );
});
