import { expect, test } from 'vitest';
import { bgNbd } from '#stats/clv/bg-nbd.ts';
import { compress } from '#stats/clv/compress.ts';
import { modelSpend } from '#stats/clv/gamma-gamma.ts';
import { paretoNbd } from '#stats/clv/pareto-nbd.ts';
import { days, discountIn, durationIn, perWeek, perYear, weeks } from '#stats/clv/unit.ts';
import { customerValue, discountedByPeriod, discountedPurchases, discountedScores, score } from '#stats/clv/value.ts';

const purchase = { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 };
const spend = { p: 6.25, q: 3.74, v: 15.44 };
const model = { law: bgNbd, parameters: purchase, unit: 'week' } as const;
const fitted = { parameters: spend, mean: { rule: 'model' }, cohortMean: 35 } as const;
const yearly = discountIn(perYear(0.15), 'week');

// By adaptive quadrature of the closed form at 25 digits.
test('discounted purchases over a horizon', () => {
  const one = (t: number) => bgNbd.expected(purchase, 2, 30.43, 38.86, t);
  expect(discountedPurchases(one, weeks(52), yearly)).toBeCloseTo(1.46223597400073, 9);
  const fresh = (t: number) => bgNbd.expectedNew(purchase, t);
  expect(discountedPurchases(fresh, weeks(520), yearly) / 3.36936970699924).toBeCloseTo(1, 7);
  expect(discountedPurchases(one, weeks(52), perWeek(0))).toBe(one(52));
  expect(discountedPurchases(one, weeks(0), yearly)).toBe(0);
});

test('by period, as spreadsheets do it (Pareto/NBD, Gamma-Gamma, 12 months of 4.345 weeks at 1%)', () => {
  const p = { r: 0.5534, alpha: 10.5802, s: 0.6061, beta: 11.6562 };
  const rows = [
    [2, 30.43, 22.35, 43.088439],
    [1, 1.71, 11.77, 3.8816845],
    [0, 0, 0, 4.5257398],
    [7, 29.43, 73.74, 318.4867],
  ] as const;
  for (const [x, tx, m, expected] of rows) {
    const purchases = discountedByPeriod((t) => paretoNbd.expected(p, x, tx, 38.86, t), weeks(4.345), 12, 0.01);
    expect((purchases * modelSpend(spend, x, m)) / expected).toBeCloseTo(1, 6);
  }
});

test('weekly data discounted per week or by the converted year give the same, days are refused', () => {
  const rows = compress({ x: [2], tx: [30.43], T: [38.86] });
  const scores = discountedScores(model, rows, weeks(52), yearly);
  expect(scores[0]).toBeCloseTo(1.46223597400073, 9);
  const daily = { law: bgNbd, parameters: { ...purchase, alpha: 7 * purchase.alpha }, unit: 'day' } as const;
  const inDays = compress({ x: [2], tx: [7 * 30.43], T: [7 * 38.86] });
  expect(discountedScores(daily, inDays, durationIn(weeks(52), 'day'), discountIn(perYear(0.15), 'day'))[0]).toBeCloseTo(
    1.46223597400073,
    9,
  );
  // @ts-expect-error days in a weekly model
  expect(() => discountedScores(model, rows, days(364), yearly)).toThrow(/^horizon: .*convert with durationIn/);
  // @ts-expect-error a yearly rate in a weekly model
  expect(() => discountedScores(model, rows, weeks(52), perYear(0.15))).toThrow(/^discount: .*convert with discountIn/);
});

test('scores of unique rows', () => {
  const rows = compress({ x: [2, 0, 2], tx: [30.43, 0, 30.43], T: [38.86, 38.86, 38.86] });
  const { alive, expected, any } = score(model, rows, weeks(39));
  expect(alive[rows.row[0]!]).toBeCloseTo(0.7265785701, 9);
  expect(expected[rows.row[2]!]).toBeCloseTo(1.226028175, 8);
  expect(expected[rows.row[1]!]).toBeCloseTo(0.195098052, 8);
  expect(any[rows.row[1]!]).toBeLessThan(expected[rows.row[1]!]!);
});

test('value is discounted purchases times expected spend', () => {
  const values = customerValue(model, fitted, { x: [2, 0], tx: [30.43, 0], T: [38.86, 38.86], m: [22.35, Number.NaN] }, weeks(52), yearly);
  expect(values[0]).toBeCloseTo(1.46223597400073 * modelSpend(spend, 2, 22.35), 7);
  expect(Number.isFinite(values[1])).toBe(true);
  const bad = { x: [0, 2], tx: [0, 30.43], T: [38.86, 38.86], m: [0, -1] };
  expect(() => customerValue(model, fitted, bad, weeks(52), yearly)).toThrow(/^m: .*-1 in row 1/);
  expect(() => customerValue(model, fitted, { ...bad, m: [1] }, weeks(52), yearly)).toThrow(/^m: expected 2 values/);
  expect(() => discountedByPeriod((t) => t, weeks(1), 1.5, 0.01)).toThrow(/^periods: /);
});
