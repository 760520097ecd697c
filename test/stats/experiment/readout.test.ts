import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bayesReadout, chanceAbove, credible, expectation } from '#stats/experiment/bayes.ts';
import { breakEvenUplift, profitOf } from '#stats/experiment/profit.ts';
import { readTrial, shareRatio } from '#stats/experiment/readout.ts';
import { random } from '#stats/random.ts';

const control = { successes: 120, n: 1000 };
const treated = { successes: 150, n: 1000 };

test('beta posteriors: chance and losses as by scipy’s quadrature, the difference as by four million draws', () => {
  const found = bayesReadout(control, treated);
  expect(found.chance).toBeCloseTo(0.9750678368121433, 9);
  expect(found.lossOfB).toBeCloseTo(0.00014417785511197786, 9);
  expect(found.lossOfA).toBeCloseTo(0.03008429761559088, 9);
  expect(found.difference.value).toBeCloseTo(151 / 1002 - 121 / 1002, 12);
  expect(found.difference.low).toBeCloseTo(0.00002, 3);
  expect(found.difference.high).toBeCloseTo(0.05991, 3);
  expect(chanceAbove({ alpha: 3, beta: 4 }, { alpha: 2, beta: 5 })).toBeCloseTo(8 / 11, 9);
  expect(chanceAbove({ alpha: 3, beta: 2 }, { alpha: 0.5, beta: 0.5 })).toBeCloseTo(0.5703125, 7);
  expect(chanceAbove({ alpha: 1, beta: 1 }, { alpha: 1, beta: 1 })).toBeCloseTo(0.5, 12);
  expect(expectation({ alpha: 2, beta: 6 }, (x) => x)).toBeCloseTo(0.25, 9);
  expect(credible({ alpha: 1, beta: 1 })).toEqual({ low: expect.closeTo(0.025, 12), high: expect.closeTo(0.975, 12) });
});

test('swapping arms mirrors; chance and losses hold together', () => {
  const arm = fc.integer({ min: 1, max: 400 }).chain((n) => fc.record({ n: fc.constant(n), successes: fc.nat(n) }));
  fc.assert(
    fc.property(arm, arm, (a, b) => {
      const there = bayesReadout(a, b);
      const back = bayesReadout(b, a);
      expect(there.chance + back.chance).toBeCloseTo(1, 6);
      expect(there.lossOfA).toBeCloseTo(back.lossOfB, 6);
      // E max(X, 0) − E max(−X, 0) = E X.
      expect(there.lossOfA - there.lossOfB).toBeCloseTo(there.difference.value, 6);
      expect(there.difference.low).toBeLessThan(there.difference.value);
      expect(there.difference.value).toBeLessThan(there.difference.high);
    }),
    { numRuns: 25 },
  );
});

test('profit by hand; break-even', () => {
  const economics = { margin: 30, discount: 3, cost: 0.2 };
  const found = profitOf(control, treated, economics)!;
  // .15 × 27 − .2 − .12 × 30
  expect(found.perCustomer.value).toBeCloseTo(0.25, 12);
  expect(found.breakEven).toBeCloseTo(3.8 / 27 - 0.12, 12);
  // The chance by draws from the posteriors.
  const r = random(1, 'profit');
  const beta = (a: number, b: number) => {
    const x = r.gamma(a);
    return x / (x + r.gamma(b));
  };
  let gains = 0;
  for (let i = 0; i < 40_000; i++) if (beta(151, 851) * 27 - 0.2 > beta(121, 881) * 30) gains++;
  expect(Math.abs(found.chance - gains / 40_000)).toBeLessThan(0.01);
  expect(breakEvenUplift(0.2, { margin: 5, discount: 5, cost: 0 })).toBeNull();
  expect(breakEvenUplift(0.2, { margin: 5, discount: 0, cost: 0 })).toBe(0);
  expect(profitOf({ successes: 0, n: 0 }, treated, economics)).toBeNull();
  expect(() => profitOf(control, treated, { margin: 1, discount: -1, cost: 0 })).toThrow(
    'discount: expected a finite number of at least 0',
  );
});

test('the interval of profit holds the truth about as often as it says', () => {
  const economics = { margin: 40, discount: 5, cost: 0.3 };
  let inside = 0;
  for (let seed = 0; seed < 400; seed++) {
    const r = random(seed, 'cover');
    const a = { n: 150, successes: r.binomial(150, 0.08) };
    const b = { n: 150, successes: r.binomial(150, 0.11) };
    const { low, high } = profitOf(a, b, economics)!.perCustomer;
    const truth = 0.11 * 35 - 0.3 - 0.08 * 40;
    if (low <= truth && truth <= high) inside++;
  }
  expect(inside / 400).toBeGreaterThan(0.92);
  expect(inside / 400).toBeLessThan(0.98);
});

test('everything a trial says: z of 120 and 150 in 1000, Welch’s t of scipy, Katz’s ratio', () => {
  const found = readTrial(control, treated, { economics: { margin: 30, discount: 3, cost: 0.2 } })!;
  expect(found.shares.z).toBeCloseTo(1.963, 4);
  expect(found.money).toBeNull();
  expect(found.profit!.perCustomer.value).toBeCloseTo(0.25, 12);
  expect(found.ratio!.value).toBeCloseTo(1.25, 12);
  expect(found.ratio!.low).toBeCloseTo(1.25 * Math.exp(-1.959964 * Math.sqrt(1 / 120 + 1 / 150 - 0.002)), 6);
  const money = readTrial({ successes: 5, n: 5, profits: [1, 2, 3, 4, 5] }, { successes: 6, n: 6, profits: [2, 4, 6, 8, 10, 12] })!.money!;
  expect(money.t).toBeCloseTo(2.3763541031440183, 10);
  expect(money.p).toBeCloseTo(0.04928433820673053, 10);
  expect(readTrial({ successes: 0, n: 0 }, treated)).toBeNull();
  expect(shareRatio({ successes: 0, n: 5 }, treated)).toBeNull();
  expect(() => readTrial(control, { ...treated, profits: [1] })).toThrow('treated.profits: expected 1000, one a customer, found 1');
});
