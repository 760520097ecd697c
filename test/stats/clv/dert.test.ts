import { expect, test } from 'vitest';
import { bgBb } from '#stats/clv/bg-bb.ts';
import { bgBbResidual, paretoNbdResidual } from '#stats/clv/dert.ts';
import { paretoNbd } from '#stats/clv/pareto-nbd.ts';
import { discountIn, perWeek, perYear, weeks } from '#stats/clv/unit.ts';
import { discountedByPeriod, discountedPurchases } from '#stats/clv/value.ts';

const cdnow = { parameters: { r: 0.5534, alpha: 10.5802, s: 0.6061, beta: 11.6562 }, unit: 'week' } as const;
/** A continuous rate as the effective one that has it. */
const continuous = (delta: number) => perWeek(Math.expm1(delta));

test('against the printed formula with U(s, s, z) at 50 digits (mpmath)', () => {
  expect(paretoNbdResidual(cdnow, 2, 30.43, 38.86, continuous(0.0027))).toBeCloseTo(6.4825623649403, 10);
  expect(paretoNbdResidual(cdnow, 26, 30.86, 31, continuous(0.0027))).toBeCloseTo(86.030375615363, 9);
  const atOne = { parameters: { r: 0.55, alpha: 10.6, s: 1, beta: 11.7 }, unit: 'week' } as const;
  expect(paretoNbdResidual(atOne, 3, 20, 30, continuous(0.01))).toBeCloseTo(2.4004032843929, 10);
  const fast = { parameters: { r: 1.3, alpha: 5, s: 2.5, beta: 40 }, unit: 'week' } as const;
  expect(paretoNbdResidual(fast, 0, 0, 0, continuous(0.1))).toBeCloseTo(1.6836407445783, 11);
});

test('times expected spend: value of a CDNOW customer at .0027 a week (BTYD; mpmath)', () => {
  const [p, q, v, x, m] = [6.25, 3.74, 15.44, 2, 22.35];
  const spend = (p * (v + x * m)) / (p * x + q - 1);
  expect(paretoNbdResidual(cdnow, x, 30.43, 38.86, continuous(0.0027)) * spend).toBeCloseTo(159.8840636, 6);
});

test('twelve months of 4.345 weeks at 1% a month, times expected spend (mpmath)', () => {
  const [p, q, v] = [6.25, 3.74, 15.44];
  const cases: [number, number, number, number, number][] = [
    [2, 30.43, 38.86, 22.35, 43.088439],
    [1, 1.71, 38.86, 11.77, 3.8816845],
    [0, 0, 38.86, 0, 4.5257398],
    [7, 29.43, 38.86, 73.74, 318.4867],
  ];
  for (const [x, tx, T, m, value] of cases) {
    const purchases = discountedByPeriod((t) => paretoNbd.expected(cdnow.parameters, x, tx, T, t), weeks(4.345), 12, 0.01);
    expect((purchases * p * (v + x * m)) / (p * x + q - 1) / value).toBeCloseTo(1, 6);
  }
});

test('is the limit of discounted purchases over a horizon', () => {
  const rate = discountIn(perYear(0.5), 'week');
  const whole = paretoNbdResidual(cdnow, 4, 20, 39, rate);
  let sum = 0;
  const at = (t: number) => paretoNbd.expected(cdnow.parameters, 4, 20, 39, t);
  const v = Math.exp(-Math.log1p(rate.rate) / 20);
  for (let k = 0; k < 60_000; k++) sum += (at((k + 1) / 20) - at(k / 20)) * v ** (k + 0.5);
  expect(whole).toBeCloseTo(sum, 5);
  expect(discountedPurchases(at, weeks(400), rate)).toBeLessThan(whole);
});

test('without discount finite only where people leave fast enough', () => {
  const fast = { parameters: { r: 1.3, alpha: 5, s: 2.5, beta: 40 }, unit: 'week' } as const;
  const undiscounted = paretoNbdResidual(fast, 3, 10, 20, perWeek(0));
  expect(undiscounted).toBeCloseTo(paretoNbd.expected(fast.parameters, 3, 10, 20, 1e9), 6);
  expect(paretoNbdResidual(fast, 3, 10, 20, perWeek(1e-10))).toBeCloseTo(undiscounted, 5);
  expect(() => paretoNbdResidual(cdnow, 3, 10, 20, perWeek(0))).toThrow(/no finite sum/);
  expect(() => paretoNbdResidual(cdnow, 3, 10, 20, perWeek(-0.1))).toThrow(/at least 0/);
});

test('refuses a discount in another unit, in types and at run time', () => {
  // @ts-expect-error a weekly model is not discounted per year
  expect(() => paretoNbdResidual(cdnow, 2, 30.43, 38.86, perYear(0.15))).toThrow(/expected a discount per week, found one per year/);
});

test('BG/BB against eq. 14 at 50 digits, and against its own sum', () => {
  const donors = { parameters: { alpha: 1.204, beta: 0.75, gamma: 0.657, delta: 2.783 }, unit: 'year' } as const;
  expect(bgBbResidual(donors, 6, 6, 6, perYear(0.1))).toBeCloseTo(5.9086783195554, 11);
  expect(bgBbResidual(donors, 0, 0, 6, perYear(0.1))).toBeCloseTo(0.11464699618176, 12);
  const slow = { parameters: { alpha: 2, beta: 5, gamma: 1, delta: 9 }, unit: 'year' } as const;
  expect(bgBbResidual(slow, 1, 3, 10, perYear(0.001))).toBeCloseTo(3.7157007075266, 10);
  let sum = 0;
  const at = (n: number) => bgBb.expected(donors.parameters, 3, 5, 6, n);
  for (let j = 1; j < 400; j++) sum += (at(j) - at(j - 1)) / 1.1 ** j;
  expect(bgBbResidual(donors, 3, 5, 6, perYear(0.1))).toBeCloseTo(sum, 10);
  const leaving = { parameters: { alpha: 2, beta: 5, gamma: 2.5, delta: 9 }, unit: 'year' } as const;
  expect(bgBbResidual(leaving, 1, 3, 10, perYear(0))).toBeCloseTo(bgBbResidual(leaving, 1, 3, 10, perYear(1e-9)), 5);
  expect(() => bgBbResidual(donors, 1, 3, 10, perYear(0))).toThrow(/gamma is at most 1/);
});
