import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chanceOfCount, chanceOfPurchase, drawPurchases, expectedPurchases, purchasesIfAlive } from '#stats/clv/buyer.ts';
import { random } from '#stats/random.ts';

// ∫ of the beta density × [1 − (1 + p t/rate)^−shape]/p over logit p, by adaptive quadrature at 25 digits.
test.each([
  [0.243, 4.414, 0.793, 2.426, 39, 1.19672319332082],
  [2.243, 43.274, 0.793, 4.426, 39, 1.68739930580531],
  [0.5, 4, 1, 2, 10, 0.83914011291378],
  [0.5, 4, 1.0000001, 2, 10, 0.839140091484711],
  [0.3, 2, 0.2, 0.3, 20, 1.61335282012787],
  [0.3, 2, 0.2, 0.3, 2000, 59.5359496465511],
  [0.3, 2, 0.4, 0.6, 1e6, 1050.02827447537],
  [50, 5, 0.5, 3, 20, 42.1184029545576],
  [1000, 100, 0.8, 2.5, 10, 13.9266932331156],
  [500.25, 3, 0.8, 502, 5, 542.592063262046],
  [0.25, 4, 1e-4, 3, 50, 3.12466141709175],
  [0.25, 4, 5, 1e5, 50, 3.12378004398738],
  [1e5, 2000, 0.8, 1e5, 52, 2573.37424297856],
  [3, 1, 7, 2, 0.001, 0.00299533954792809],
  [0.243, 4.414, 3.5, 20, 520, 4.03526767288637],
  [8, 2, 0.3, 0.2, 60, 25.8926252359015],
  [0.1, 0.01, 0.5, 0.5, 1, 1.65424553322446],
  [20, 10, 1.5, 0.7, 400, 2.33881217451354],
  [0.01, 1, 0.9, 1, 10, 0.0435726174487964],
])('expected purchases of shape %d, rate %d, a %d, b %d to %d', (shape, rate, a, b, t, expected) => {
  expect(purchasesIfAlive(shape, rate, a, b, t) / expected).toBeCloseTo(1, 9);
});

// Fader, Hardie & Lee (2005), eq. (8), summed term by term at 25 digits.
test.each([
  [0.243, 4.414, 0.793, 2.426, 39, 0, 0.573786352096009],
  [0.243, 4.414, 0.793, 2.426, 39, 1, 0.199395280835911],
  [0.243, 4.414, 0.793, 2.426, 39, 5, 0.017965493866579],
  [2.243, 43.274, 0.793, 4.426, 39, 3, 0.111275035247432],
  [0.3, 2, 0.2, 0.3, 2000, 40, 0.0017017507791953],
  [30, 2, 0.01, 3, 0.01, 3, 0.00052290024730851],
])('P(n purchases) of shape %d, rate %d, a %d, b %d to %d, n = %d', (shape, rate, a, b, t, n, expected) => {
  expect(chanceOfCount({ alive: 1, shape, rate, a, b }, n, t) / expected).toBeCloseTo(1, 10);
});

const buyer = fc.record({
  alive: fc.double({ min: 1e-6, max: 1, noNaN: true }),
  shape: fc.double({ min: 0.05, max: 8, noNaN: true }),
  rate: fc.double({ min: 0.5, max: 60, noNaN: true }),
  a: fc.double({ min: 0.05, max: 6, noNaN: true }),
  b: fc.double({ min: 0.05, max: 20, noNaN: true }),
});
const time = fc.double({ min: 1e-9, max: 30, noNaN: true });

describe('whatever the buyer', () => {
  test('chances add up to 1 and their mean is the expectation', () => {
    fc.assert(
      fc.property(buyer, time, (one, t) => {
        let sum = 0;
        let mean = 0;
        let n = 0;
        for (; n < 4000 && (n < 5 || sum < 1 - 1e-13); n++) {
          const chance = chanceOfCount(one, n, t);
          expect(chance).toBeGreaterThanOrEqual(0);
          sum += chance;
          mean += n * chance;
        }
        expect(sum).toBeCloseTo(1, 9);
        expect(1 - chanceOfCount(one, 0, t)).toBeCloseTo(chanceOfPurchase(one, t), 12);
        if (n < 4000) expect(mean).toBeCloseTo(expectedPurchases(one, t), 5);
      }),
      { numRuns: 60 },
    );
  });

  test('expectations start at 0, grow with time, and exceed the chance of any', () => {
    fc.assert(
      fc.property(buyer, time, fc.double({ min: 0.01, max: 500, noNaN: true }), (one, t, more) => {
        const now = expectedPurchases(one, t);
        const later = expectedPurchases(one, t + more);
        expect(expectedPurchases(one, 0)).toBe(0);
        expect(later).toBeGreaterThanOrEqual(now * (1 - 1e-9));
        expect(now).toBeGreaterThanOrEqual(chanceOfPurchase(one, t) * (1 - 1e-9));
        expect(now).toBeLessThanOrEqual(((one.alive * one.shape * t) / one.rate) * (1 + 1e-9));
      }),
    );
  });
});

test('draws follow the chances', () => {
  const one = { alive: 0.7, shape: 2.2, rate: 14, a: 0.8, b: 4.4 };
  const stream = random(5, 'draws');
  const counts = new Float64Array(6);
  const n = 40_000;
  for (let i = 0; i < n; i++) counts[Math.min(5, drawPurchases(one, 20, stream))]! += 1;
  for (let k = 0; k < 5; k++) {
    const p = chanceOfCount(one, k, 20);
    expect(Math.abs(counts[k]! / n - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / n));
  }
});

test('refuses times and counts that are none', () => {
  const one = { alive: 1, shape: 1, rate: 1, a: 1, b: 1 };
  expect(() => expectedPurchases(one, -1)).toThrow(/^t: /);
  expect(() => chanceOfPurchase(one, Number.NaN)).toThrow(/^t: /);
  expect(() => chanceOfCount(one, 1.5, 1)).toThrow(/^n: /);
});
