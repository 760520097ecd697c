import { describe, expect, test } from 'vitest';
import { bgNbd, fitBgNbd } from '#stats/clv/bg-nbd.ts';
import { fitGammaGamma } from '#stats/clv/gamma-gamma.ts';
import { customerIntervals, drawParameters, shortest, totalInterval } from '#stats/clv/interval.ts';
import { discountIn, perYear, weeks } from '#stats/clv/unit.ts';
import { random } from '#stats/random.ts';
import { simulate } from './simulate.ts';

const truth = { r: 0.6, alpha: 8, a: 0.8, b: 3 };
const money = { p: 6.25, q: 3.74, v: 15.44 };

/** A shop with its histories, mean spend, and what each customer bought and spent in the 39 weeks after. */
function shop(n: number, seed: number) {
  const stream = random(seed, 'shop');
  const data = simulate(truth, n, stream, { holdout: 39 });
  const spent = new Float64Array(n);
  const m = Float64Array.from(data.x, (x, i) => {
    const nu = stream.gamma(money.q) / money.v;
    const seen = x > 0 ? stream.gamma(money.p * x) / nu / x : 0;
    if (data.later[i]! > 0) spent[i] = stream.gamma(money.p * data.later[i]!) / nu;
    return seen;
  });
  return { customers: { x: data.x, tx: data.tx, T: data.T, m }, later: data.later, spent };
}

function forecast(customers: ReturnType<typeof shop>['customers'], seed: number, draws = 300) {
  const fitted = fitBgNbd(customers);
  const model = { law: bgNbd, parameters: fitted.parameters, unit: 'week' } as const;
  return { model, fitted, spend: fitGammaGamma(customers), horizon: weeks(39), draws, seed };
}

describe('95% intervals hold what comes', () => {
  test('for each customer', () => {
    let purchases = 0;
    let value = 0;
    let n = 0;
    for (let round = 0; round < 6; round++) {
      const { customers, later, spent } = shop(500, 100 + round);
      const intervals = customerIntervals(forecast(customers, round), customers);
      for (const [i, one] of intervals.entries()) {
        n++;
        if (later[i]! >= one.purchases.low && later[i]! <= one.purchases.high) purchases++;
        if (spent[i]! >= one.value!.low && spent[i]! <= one.value!.high) value++;
      }
    }
    expect(purchases / n).toBeGreaterThan(0.9);
    expect(purchases / n).toBeLessThan(0.97);
    expect(value / n).toBeGreaterThan(0.9);
    expect(value / n).toBeLessThan(0.97);
  });

  test('for cohort totals', () => {
    const rounds = 100;
    let purchases = 0;
    let value = 0;
    for (let round = 0; round < rounds; round++) {
      const { customers, later, spent } = shop(300, 1000 + round);
      const total = totalInterval(forecast(customers, round, 200), customers);
      const sum = (list: Float64Array) => list.reduce((a, b) => a + b, 0);
      if (sum(later) >= total.purchases.low && sum(later) <= total.purchases.high) purchases++;
      if (sum(spent) >= total.value!.low && sum(spent) <= total.value!.high) value++;
    }
    // 0.90 to 0.97, and two standard errors of a share over so few rounds.
    for (const share of [purchases / rounds, value / rounds]) {
      expect(share).toBeGreaterThan(0.9 - 2 * Math.sqrt((0.9 * 0.1) / rounds));
      expect(share).toBeLessThan(0.97 + 2 * Math.sqrt((0.97 * 0.03) / rounds));
    }
  });
});

test('a seed fixes the intervals, whoever else is asked for', () => {
  const { customers } = shop(300, 7);
  const request = { ...forecast(customers, 1, 100), discount: discountIn(perYear(0.15), 'week') };
  const all = customerIntervals(request, customers);
  const some = [250, 3, 40];
  const pick = (values: Float64Array) => some.map((i) => values[i]!);
  const few = customerIntervals(request, { x: pick(customers.x), tx: pick(customers.tx), T: pick(customers.T), m: pick(customers.m) });
  expect(few).toEqual(some.map((i) => all[i]));
  expect(customerIntervals({ ...request, seed: 2 }, customers)).not.toEqual(all);
  const total = totalInterval(request, customers);
  expect(total).toEqual(totalInterval(request, customers));
  expect(total.purchases.expected).toBeCloseTo(
    all.reduce((sum, one) => sum + one.purchases.expected, 0),
    8,
  );
  expect(total.value!.expected).toBeCloseTo(
    all.reduce((sum, one) => sum + one.value!.expected, 0),
    6,
  );
  expect(total.hasParameterUncertainty).toBe(true);
});

test('discounting lowers values and leaves purchases', () => {
  const { customers } = shop(300, 8);
  const request = forecast(customers, 1, 100);
  const plain = totalInterval(request, customers);
  const discounted = totalInterval({ ...request, discount: discountIn(perYear(0.15), 'week') }, customers);
  expect(discounted.purchases).toEqual(plain.purchases);
  expect(discounted.value!.expected).toBeLessThan(plain.value!.expected);
  expect(discounted.value!.expected).toBeGreaterThan(0.85 * plain.value!.expected);
});

test('a sample of a large cohort gives the interval of all of it', () => {
  const { customers } = shop(4800, 9);
  const request = forecast(customers, 1, 100);
  const total = totalInterval(request, customers);
  const width = total.purchases.high - total.purchases.low;
  expect(total.purchases.low).toBeLessThan(total.purchases.expected);
  expect(total.purchases.high).toBeGreaterThan(total.purchases.expected);
  const quarter = Array.from({ length: 4 }, (_, part) => {
    const pick = (values: Float64Array) => values.subarray(part * 1200, (part + 1) * 1200);
    return totalInterval(request, { x: pick(customers.x), tx: pick(customers.tx), T: pick(customers.T), m: pick(customers.m) });
  });
  // Parameters move the quarters together, chance apart: between the root of the sum of squares and the sum.
  const widths = quarter.map((one) => one.purchases.high - one.purchases.low);
  expect(width).toBeGreaterThan(0.8 * Math.hypot(...widths));
  expect(width).toBeLessThan(1.2 * widths.reduce((a, b) => a + b, 0));
});

test('a weight stands for as many customers', () => {
  const { customers } = shop(200, 10);
  const request = forecast(customers, 1, 100);
  const twice = totalInterval(request, { ...customers, weight: customers.x.map(() => 2) });
  const once = totalInterval(request, customers);
  expect(twice.customers).toBe(400);
  expect(twice.purchases.expected).toBeCloseTo(2 * once.purchases.expected, 8);
});

test('parameters are drawn from the normal of their logarithms', () => {
  const fitted = fitBgNbd(simulate(truth, 4000, random(11, 'parameters')));
  const { draws, hasUncertainty } = drawParameters(fitted, 4000, random(1, 'draws'));
  expect(hasUncertainty).toBe(true);
  for (const [i, name] of (['r', 'alpha', 'a', 'b'] as const).entries()) {
    const logs = draws.map((draw) => Math.log(draw[name]));
    const mean = logs.reduce((a, b) => a + b, 0) / logs.length;
    const sd = Math.sqrt(logs.reduce((a, b) => a + (b - mean) ** 2, 0) / logs.length);
    expect(Math.abs(mean - Math.log(fitted.parameters[name]))).toBeLessThan(0.1 * sd);
    expect(sd / Math.sqrt(fitted.covariance![i * 5]!)).toBeCloseTo(1, 1);
  }
});

test('a singular fit says that its intervals hold chance alone', () => {
  const { customers } = shop(300, 12);
  const request = forecast(customers, 1, 60);
  const total = totalInterval({ ...request, fitted: { ...request.fitted, covariance: null } }, customers);
  expect(total.hasParameterUncertainty).toBe(false);
  const each = customerIntervals({ ...request, fitted: { ...request.fitted, covariance: null } }, customers);
  expect(each.every((one) => !one.hasParameterUncertainty)).toBe(true);
  expect(customerIntervals(request, customers)[0]!.hasParameterUncertainty).toBe(true);
  expect(total.purchases.high).toBeGreaterThan(total.purchases.expected);
});

test('the shortest interval', () => {
  expect(shortest(Float64Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 7), 0.8)).toEqual({ low: 0, high: 0 });
  expect(shortest(Float64Array.of(1, 5, 6, 7, 20), 0.5)).toEqual({ low: 5, high: 7 });
  expect(shortest(Float64Array.of(3), 0.95)).toEqual({ low: 3, high: 3 });
});

test('what can not be is named', () => {
  const { customers } = shop(100, 13);
  const request = forecast(customers, 1, 50);
  expect(() => customerIntervals({ ...request, level: 1 }, customers)).toThrow(/^level: /);
  expect(() => totalInterval({ ...request, draws: 5 }, customers)).toThrow(/^draws: /);
  expect(() => customerIntervals(request, { x: [1], tx: [1], T: [2], m: [Number.NaN] })).toThrow(/^m: .*NaN in row 0/);
  expect(() => customerIntervals(request, { x: [1], tx: [3], T: [2], m: [1] })).toThrow(/^tx: .* in row 0/);
});
