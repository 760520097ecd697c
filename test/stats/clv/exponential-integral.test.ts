import { expect, test } from 'vitest';
import { scaledExponentialIntegral } from '#stats/clv/exponential-integral.ts';

test('e^z E_s(z) against mpmath at 40 digits', () => {
  const cases: [number, number, number][] = [
    [0, 0.5, 2.0],
    [0.001, 1e-12, 973309671697.6682],
    [0.3, 0.05, 9.639003398466928],
    [0.5, 0.999, 0.7584937547398526],
    [0.6061, 0.0001, 82.277757498212],
    [0.6061, 0.5, 1.2104827316248346],
    [0.99999999, 0.05, 2.5944303886301907],
    [1, 1e-12, 27.05380545105507],
    [1, 0.5, 0.9229106324837305],
    [1, 1, 0.5963473623231941],
    [1.4, 0.05, 1.5341240590828276],
    [1.5, 0.999, 0.4845294780297745],
    [2, 0.05, 0.8702784825119694],
    [3.3, 0.5, 0.33188877809611683],
    [10, 0.999, 0.098939842589943],
    [49, 0.0001, 0.02083328900718856],
    [60, 0.05, 0.016934554009504468],
    [1000, 1e-12, 0.001001001001001],
    [0.6061, 1.5, 0.5181261144073893],
    [1, 10, 0.09156333393978808],
    [3.3, 1000, 0.0009967141152633738],
  ];
  for (const [s, z, value] of cases) expect(scaledExponentialIntegral(s, z) / value, `${s} ${z}`).toBeCloseTo(1, 12);
});

test('continuous through whole s and through the change of method', () => {
  for (const z of [1e-9, 0.02, 0.7, 0.9999999999]) {
    for (const s of [1, 2, 3]) {
      const middle = scaledExponentialIntegral(s, z);
      expect(scaledExponentialIntegral(s + 1e-12, z) / middle).toBeCloseTo(1, 10);
      expect(scaledExponentialIntegral(s - 1e-12, z) / middle).toBeCloseTo(1, 10);
    }
  }
  for (const s of [0.2, 0.6, 1, 2.4, 30]) {
    expect(scaledExponentialIntegral(s, 1 - 1e-14) / scaledExponentialIntegral(s, 1)).toBeCloseTo(1, 12);
  }
});

test('names what it cannot take', () => {
  expect(() => scaledExponentialIntegral(-0.1, 1)).toThrow(RangeError);
  expect(() => scaledExponentialIntegral(1, 0)).toThrow(/z > 0/);
  expect(() => scaledExponentialIntegral(Number.NaN, 1)).toThrow(RangeError);
});
