import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  drawSpend,
  expectedSpend,
  fitGammaGamma,
  gammaGammaLikelihood,
  gammaGammaLog,
  modelSpend,
  spendCorrelation,
} from '#stats/clv/gamma-gamma.ts';
import { random } from '#stats/random.ts';
import { absent, cdnowMoney } from './cdnow.ts';
import { checkDerivatives } from './gradient.ts';

const published = { p: 6.25, q: 3.74, v: 15.44 };

// Fader & Hardie (2013), eq. (1a), at 25 digits.
test.each([
  [published, 2, 22.35, -3.551316759731705],
  [published, 100000, 35, -3.994409523729307],
  [{ p: 1e-3, q: 1.01, v: 1e-6 }, 1, 1e9, -62.51516895643097],
  [{ p: 200, q: 0.5, v: 1e4 }, 50, 0.01, -99026.73757493202],
  [published, 1, 1e-6, -83.5527349898497],
])('log-density %j at x %d, m %d', (parameters, x, m, expected) => {
  expect(Math.abs(gammaGammaLog(parameters, x, m) - expected)).toBeLessThan(1e-9 + 1e-12 * Math.abs(expected));
});

test('gradient and Hessian are those of the likelihood', () => {
  const positive = (min: number, max: number) => fc.double({ min: Math.log(min), max: Math.log(max), noNaN: true }).map(Math.exp);
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 1, max: 60 }), positive(0.5, 500)), { minLength: 1, maxLength: 12 }),
      positive(0.3, 20),
      positive(0.5, 12),
      positive(0.5, 100),
      (list, ...theta) => {
        const x = list.map(([xi]) => xi);
        const m = list.map(([, mi]) => mi);
        const f = gammaGammaLikelihood(x, m);
        checkDerivatives(f, theta);
        const [p, q, v] = theta as [number, number, number];
        expect(f(Float64Array.from(theta))).toBeCloseTo(
          x.reduce((sum, xi, i) => sum + gammaGammaLog({ p, q, v }, xi, m[i]!), 0),
          6,
        );
      },
    ),
    { numRuns: 60 },
  );
});

describe.skipIf(absent !== '')(`CDNOW${absent}`, () => {
  test('the published fit', () => {
    const found = fitGammaGamma(cdnowMoney());
    expect(found.n).toBe(946);
    expect(Math.abs(found.logLikelihood - -4055.918)).toBeLessThan(0.01);
    expect(Math.abs(found.parameters.p - 6.25)).toBeLessThan(0.01);
    expect(Math.abs(found.parameters.q - 3.74)).toBeLessThan(0.01);
    expect(Math.abs(found.parameters.v - 15.44)).toBeLessThan(0.02);
    expect(found.standardErrors.p).toBeCloseTo(1.19, 2);
    expect(found.standardErrors.q).toBeCloseTo(0.29, 2);
    expect(found.standardErrors.v).toBeCloseTo(4.16, 1);
    expect(found.degenerate).toEqual([]);
    expect(found.mean).toEqual({ rule: 'model' });
    expect(found.correlation.isCorrelated).toBe(false);
    expect(found.correlation.pearson).toBeCloseTo(0.1138, 3);
    expect(Math.round(found.cohortMean)).toBe(35);
  });

  test('the log-likelihood at published parameters', () => {
    const { x, m } = cdnowMoney();
    const total = x.reduce((sum, xi, i) => (xi > 0 ? sum + gammaGammaLog(published, xi, m[i]!) : sum), 0);
    expect(total).toBeCloseTo(-4055.924712730166, 6);
  });
});

function spenders(truth: typeof published, n: number, seed: number) {
  const stream = random(seed, 'spend');
  const x = Array.from({ length: n }, () => 1 + stream.poisson(3));
  return { x, m: x.map((xi) => stream.gamma(truth.p * xi) / (stream.gamma(truth.q) / truth.v) / xi) };
}

describe('fits', () => {
  test('known parameters come back within their errors', () => {
    const found = fitGammaGamma(spenders(published, 20_000, 41));
    for (const name of ['p', 'q', 'v'] as const) {
      expect(Math.abs(found.parameters[name] - published[name])).toBeLessThan(4 * found.standardErrors[name]!);
    }
  });

  test('an infinite mean is replaced by own and cohort mean, and said', () => {
    const found = fitGammaGamma(spenders({ p: 3, q: 0.8, v: 20 }, 4000, 42));
    expect(found.parameters.q).toBeLessThan(1);
    expect(found.modelMean).toBeNull();
    expect(found.mean).toEqual({ rule: 'shrunk', because: 'infinite-mean' });
    expect(expectedSpend(found, 0, Number.NaN)).toBe(found.cohortMean);
    const own = expectedSpend(found, 3, 10);
    expect(own).toBeGreaterThan(10);
    expect(own).toBeLessThan(found.cohortMean);
    expect(() => modelSpend(found.parameters, 0, 0)).toThrow(/^q: /);
  });

  test('equal spend is degenerate, and what is expected is that spend', () => {
    const found = fitGammaGamma({ x: [1, 2, 3, 1, 2], m: [20, 20, 20, 20, 20] });
    expect(found.degenerate.length).toBeGreaterThan(0);
    expect(expectedSpend(found, 2, 20)).toBeCloseTo(20, 1);
    expect(found.correlation).toMatchObject({ pearson: null, isCorrelated: false });
  });

  test('one buyer is fitted, and called degenerate', () => {
    const found = fitGammaGamma({ x: [3], m: [25] });
    expect(found.degenerate.length).toBeGreaterThan(0);
    expect(Number.isFinite(expectedSpend(found, 3, 25))).toBe(true);
    expect(Number.isFinite(expectedSpend(found, 0, 0))).toBe(true);
  });

  test('customers without a repeat purchase are passed over, zero and negative means are an error or left out', () => {
    const { x, m } = spenders(published, 200, 43);
    const found = fitGammaGamma({ x: [...x, 0, 0], m: [...m, 0, Number.NaN] });
    expect(found.n).toBe(200);
    expect(() => fitGammaGamma({ x: [1, 2], m: [3, 0] })).toThrow(/^m: .*found 0 in row 1/);
    expect(() => fitGammaGamma({ x: [1, 2], m: [3, -4] }, {})).toThrow(/^m: .*found -4 in row 1/);
    expect(fitGammaGamma({ x: [...x, 2], m: [...m, -4] }, { notPositive: 'leave-out' })).toMatchObject({ n: 200, leftOut: 1 });
    expect(() => fitGammaGamma({ x: [1], m: [Number.NaN] })).toThrow(/^m: .*NaN in row 0/);
    expect(() => fitGammaGamma({ x: [-1], m: [2] })).toThrow(/^x: .*-1 in row 0/);
    expect(() => fitGammaGamma({ x: [0], m: [0] })).toThrow(/^x: .*repeat buyers/);
    expect(() => fitGammaGamma({ x: [1], m: [] })).toThrow(/^m: expected 1 values/);
  });
});

// p(v + mx)/(px + q − 1), eq. (5).
test.each([
  [2, 22.35, 24.6637139107612],
  [1, 11.77, 18.916852057842],
  [0, 0, 35.2189781021898],
  [7, 73.74, 71.4696708969671],
])('expected spend after %d purchases of %d', (x, m, expected) => {
  expect(modelSpend(published, x, m)).toBeCloseTo(expected, 10);
});

test('frequency that goes with spend is noticed', () => {
  const stream = random(44, 'correlated');
  const x = Array.from({ length: 300 }, () => 1 + stream.poisson(3));
  expect(
    spendCorrelation(
      x,
      x.map((xi) => 10 * xi + 5 * stream.normal()),
    ).isCorrelated,
  ).toBe(true);
  expect(
    spendCorrelation(
      x,
      x.map(() => 50 + 5 * stream.normal()),
    ).isCorrelated,
  ).toBe(false);
});

test('draws of spend have the expected mean', () => {
  const stream = random(45, 'draws');
  let sum = 0;
  for (let i = 0; i < 20_000; i++) sum += drawSpend(published, 4, 40, 3, stream);
  expect(sum / 20_000 / 3 / modelSpend(published, 4, 40)).toBeCloseTo(1, 1);
  expect(drawSpend(published, 4, 40, 0, stream)).toBe(0);
});

test('a weight stands for as many customers', () => {
  const x = [1, 2, 3, 1, 5, 2, 4];
  const m = [20, 35, 28, 41, 33, 25, 30];
  const weight = [3, 1, 2, 4, 1, 2, 1];
  const each = weight.flatMap((w, i) => Array.from({ length: w }, () => i));
  const once = fitGammaGamma({ x, m, weight });
  const repeated = fitGammaGamma({ x: each.map((i) => x[i]!), m: each.map((i) => m[i]!) });
  expect(once.n).toBe(14);
  expect(once.logLikelihood).toBeCloseTo(repeated.logLikelihood, 8);
  expect(once.cohortMean).toBeCloseTo(repeated.cohortMean, 10);
  expect(once.correlation.pearson).toBeCloseTo(repeated.correlation.pearson!, 10);
  expect(once.correlation.low).toBeCloseTo(repeated.correlation.low!, 10);
  expect(() => fitGammaGamma({ x, m, weight: [0, 1, 1, 1, 1, 1, 1] })).toThrow(/^weight: .* in row 0/);
});
