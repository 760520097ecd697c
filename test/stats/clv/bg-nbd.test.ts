import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { betaGeometricLikelihood } from '#stats/clv/beta-geometric.ts';
import { bgNbd, bgNbdLog, fitBgNbd } from '#stats/clv/bg-nbd.ts';
import { compress } from '#stats/clv/compress.ts';
import { random } from '#stats/random.ts';
import { absent, cdnowExact, cdnowSummary } from './cdnow.ts';
import { checkDerivatives } from './gradient.ts';
import { simulate } from './simulate.ts';

/** The published estimates for CDNOW (Fader, Hardie & Lee 2005, table 3). */
const published = { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 };
const total = (p: typeof published, data: { x: number[]; tx: number[]; T: number[] }) =>
  data.x.reduce((sum, x, i) => sum + bgNbdLog(p, x, data.tx[i]!, data.T[i]!), 0);

describe('at published parameters', () => {
  // R package BTYD 2.4.3, to 40 digits from the closed form.
  test.each([
    [26, 30.86, 31, 0.9689156497],
    [2, 30.43, 38.86, 0.7265785701],
    [0, 0, 38.86, 1],
    [0, 0, 1e6, 1],
  ])('P(alive) at (%d, %d, %d)', (x, tx, T, expected) => {
    expect(bgNbd.alive(published, x, tx, T)).toBeCloseTo(expected, 9);
  });

  test.each([
    [0, 0, 38.86, 0.195098052],
    [2, 30.43, 38.86, 1.226028175],
  ])('purchases expected in 39 weeks at (%d, %d, %d)', (x, tx, T, expected) => {
    expect(bgNbd.expected(published, x, tx, T, 39) / expected).toBeCloseTo(1, 8);
  });

  // The definition of the likelihood at 25 digits.
  test.each([
    [published, 0, 0, 1e9, -4.674951741646785],
    [published, 100000, 3, 1e9, 850931.8478806345],
    [published, 5000, 1e-9, 1e-9, 30153.38748804204],
    [{ r: 1e-4, alpha: 1e5, a: 1e-5, b: 1e5 }, 3, 200, 200, -43.06181380056483],
    [{ r: 500, alpha: 0.001, a: 300, b: 0.01 }, 12, 4, 4000, -4141.512826296951],
    [published, 0, 0, 0, 0],
  ])('log-likelihood %j at (%d, %d, %d)', (p, x, tx, T, expected) => {
    expect(Math.abs(bgNbdLog(p, x, tx, T) - expected)).toBeLessThanOrEqual(1e-12 * Math.abs(expected) + 1e-13);
  });
});

test('gradient and Hessian are those of the likelihood', () => {
  const positive = (min: number, max: number) => fc.double({ min: Math.log(min), max: Math.log(max), noNaN: true }).map(Math.exp);
  const history = fc.tuple(
    fc.integer({ min: 0, max: 200 }),
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.double({ min: 0.1, max: 300, noNaN: true }),
  );
  fc.assert(
    fc.property(
      fc.array(history, { minLength: 1, maxLength: 12 }),
      positive(0.05, 5),
      positive(0.5, 50),
      positive(0.05, 5),
      positive(0.1, 10),
      (list, ...theta) => {
        const rows = compress({
          x: list.map(([x]) => x),
          tx: list.map(([x, share, T]) => (x > 0 ? share * T : 0)),
          T: list.map(([, , T]) => T),
        });
        for (const k of [0, 1] as const) checkDerivatives(betaGeometricLikelihood(rows, k), theta);
        const [r, alpha, a, b] = theta as [number, number, number, number];
        const one = list.reduce((sum, [x, share, T]) => sum + bgNbdLog({ r, alpha, a, b }, x, x > 0 ? share * T : 0, T), 0);
        const all = betaGeometricLikelihood(rows, 0)(Float64Array.from(theta));
        expect(Math.abs(one - all)).toBeLessThan(1e-11 * (1 + Math.abs(all)) * list.length);
      },
    ),
    { numRuns: 60 },
  );
});

describe.skipIf(absent !== '')(`CDNOW${absent}`, () => {
  test('the published fit', () => {
    const found = fitBgNbd(cdnowSummary());
    expect(found.logLikelihood).toBeCloseTo(-9582.4256, 3);
    expect(found.parameters.r).toBeCloseTo(0.2426, 3);
    expect(Math.abs(found.parameters.alpha - 4.414)).toBeLessThan(0.01);
    expect(Math.abs(found.parameters.a - 0.793)).toBeLessThan(0.01);
    expect(Math.abs(found.parameters.b - 2.426)).toBeLessThan(0.01);
    expect(found.standardErrors.r).toBeCloseTo(0.01256, 4);
    expect(found.degenerate).toEqual([]);
    for (const start of found.starts) expect(start).toBeCloseTo(found.logLikelihood, 5);
  });

  test('the log-likelihood off the maximum', () => {
    expect(total(published, cdnowSummary())).toBeCloseTo(-9582.426831182365, 6);
    expect(total(published, cdnowExact())).toBeCloseTo(-9582.43047801, 6);
    expect(total({ r: 0.5, alpha: 6, a: 1.2, b: 3.3 }, cdnowExact())).toBeCloseTo(-9783.44428562, 6);
  });

  test('39 weeks of holdout, in total and by frequency', () => {
    const data = cdnowExact();
    const p = fitBgNbd(data).parameters;
    const expected = data.x.map((x, i) => bgNbd.expected(p, x, data.tx[i]!, data.T[i]!, 39));
    const sum = (list: number[]) => list.reduce((a, b) => a + b, 0);
    expect(sum(expected) / 1653.394).toBeCloseTo(1, 3);
    expect(sum(data.later)).toBe(1882);
    expect(sum(data.x.map((x, i) => bgNbd.alive(p, x, data.tx[i]!, data.T[i]!))) / 2357).toBeCloseTo(0.8134143, 3);
    expect(sum(expected.map((e, i) => Math.abs(e - data.later[i]!))) / 2357).toBeCloseTo(0.785454, 3);
    expect(Math.sqrt(sum(expected.map((e, i) => (e - data.later[i]!) ** 2)) / 2357)).toBeCloseTo(1.607982, 3);
    const means = [0.225451, 0.523176, 1.04417, 1.520293, 2.163875, 2.653832, 3.503991, 6.157072];
    for (const [frequency, mean] of means.entries()) {
      const among = data.x.flatMap((x, i) =>
        Math.min(7, x) === frequency ? [bgNbd.expected(published, x, data.tx[i]!, data.T[i]!, 39)] : [],
      );
      expect(sum(among) / among.length).toBeCloseTo(mean, 4);
    }
  });

  test('the histogram of repeat purchases', () => {
    const { T } = cdnowExact();
    const expected = [1406.4998, 460.8076, 192.7094, 101.3067, 59.9361, 38.1786, 25.5897, 71.3478];
    const found = expected.map((_, n) => T.reduce((sum, t) => sum + bgNbd.countNew(published, t, n), 0));
    // BTYD's last bar ends at the greatest frequency seen, 29.
    for (let n = 8; n <= 29; n++) found[7]! += T.reduce((sum, t) => sum + bgNbd.countNew(published, t, n), 0);
    for (const [n, value] of expected.entries()) expect(Math.abs(found[n]! - value)).toBeLessThan(1e-4);
  });
});

describe('fits', () => {
  test('known parameters come back within their errors', () => {
    const found = fitBgNbd(simulate(published, 50_000, random(11, 'recovery')));
    expect(found.degenerate).toEqual([]);
    for (const name of ['r', 'alpha', 'a', 'b'] as const) {
      expect(Math.abs(found.parameters[name] - published[name])).toBeLessThan(4 * found.standardErrors[name]!);
      expect(found.standardErrors[name]! / published[name]).toBeLessThan(0.1);
    }
  });

  test('the time unit changes α alone', () => {
    const data = simulate(published, 3000, random(12, 'unit'));
    const week = fitBgNbd(data);
    const day = fitBgNbd({ x: data.x, tx: data.tx.map((t) => 7 * t), T: data.T.map((t) => 7 * t) });
    expect(day.parameters.alpha / week.parameters.alpha).toBeCloseTo(7, 4);
    for (const name of ['r', 'a', 'b'] as const) expect(day.parameters[name] / week.parameters[name]).toBeCloseTo(1, 4);
  });

  test('weights stand for customers', () => {
    const data = simulate(published, 500, random(13, 'weight'), { step: 1 });
    const twice = fitBgNbd({ ...data, weight: data.x.map(() => 2) });
    const once = fitBgNbd(data);
    expect(twice.logLikelihood).toBeCloseTo(2 * once.logLikelihood, 6);
    expect(twice.customers).toBe(1000);
    expect(once.standardErrors.r! / twice.standardErrors.r!).toBeCloseTo(Math.SQRT2, 3);
  });

  test('customers who never leave make a fit that says it is degenerate', () => {
    const stream = random(14, 'loyal');
    const T = Float64Array.from({ length: 800 }, () => 40);
    const x = T.map(() => 1 + stream.poisson((stream.gamma(3) / 3) * 8));
    const found = fitBgNbd({ x, tx: T.map(() => 40), T });
    expect(found.degenerate.length).toBeGreaterThan(0);
    expect(Object.values(found.parameters).every(Number.isFinite)).toBe(true);
    expect(Number.isFinite(bgNbd.expected(found.parameters, 3, 40, 40, 52))).toBe(true);
  });

  test('one customer is fitted, and called degenerate', () => {
    const found = fitBgNbd({ x: [2], tx: [10], T: [30] });
    expect(found.degenerate.length).toBeGreaterThan(0);
    expect(Number.isFinite(found.logLikelihood)).toBe(true);
    expect(Number.isFinite(bgNbd.expected(found.parameters, 2, 10, 30, 52))).toBe(true);
  });

  test('a prior tames it', () => {
    const found = fitBgNbd({ x: [2], tx: [10], T: [30] }, { prior: { centre: [0.5, 10, 0.8, 2.5], sd: 0.5 } });
    expect(found.degenerate).toEqual([]);
    expect(found.parameters.a).toBeGreaterThan(0.3);
  });

  test('what can not be fitted is named', () => {
    expect(() => fitBgNbd({ x: [], tx: [], T: [] })).toThrow(/^x: expected at least one customer/);
    expect(() => fitBgNbd({ x: [0, 0], tx: [0, 0], T: [3, 9] })).toThrow(/^x: BG\/NBD can't be fitted where no customer bought again/);
    expect(() => fitBgNbd({ x: [1, 0], tx: [0, 0], T: [0, 0] })).toThrow(/^T: /);
    expect(() => fitBgNbd({ x: [1], tx: [5], T: [4] })).toThrow(/^tx: .* in row 0/);
    expect(() => bgNbd.alive({ ...published, a: -1 }, 1, 1, 2)).toThrow(/^a: /);
    expect(() => bgNbd.expected(published, 1, 3, 2, 5)).toThrow(/^tx: /);
    expect(() => bgNbd.expected(published, 1, 1, 2, Number.NaN)).toThrow(/^t: /);
  });
});

test('a customer seen for no time yet is like a new one', () => {
  expect(bgNbd.expected(published, 0, 0, 0, 39)).toBe(bgNbd.expectedNew(published, 39));
  expect(bgNbd.count(published, 0, 0, 0, 39, 2)).toBe(bgNbd.countNew(published, 39, 2));
});

test('always finite, chances within 0 and 1', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 1e6 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 1e9, noNaN: true }),
      fc.double({ min: 0, max: 1e5, noNaN: true }),
      (x, share, T, t) => {
        const tx = x > 0 ? share * T : 0;
        for (const chance of [
          bgNbd.alive(published, x, tx, T),
          bgNbd.any(published, x, tx, T, t),
          bgNbd.count(published, x, tx, T, t, 3),
        ]) {
          expect(chance).toBeGreaterThanOrEqual(0);
          expect(chance).toBeLessThanOrEqual(1);
        }
        expect(Number.isFinite(bgNbd.expected(published, x, tx, T, t))).toBe(true);
      },
    ),
  );
});
