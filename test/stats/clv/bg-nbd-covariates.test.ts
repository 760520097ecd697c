import { expect, test } from 'vitest';
import { bgNbd, bgNbdLog, fitBgNbd } from '#stats/clv/bg-nbd.ts';
import { bgNbdFor, fitBgNbdCovariates } from '#stats/clv/bg-nbd-covariates.ts';
import { random } from '#stats/random.ts';
import { simulate } from './simulate.ts';

// CLVTools 0.12.1, bgnbd_staticcov_LL_ind and bgnbd_staticcov_CET; checked at 40 digits.
const model = { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426, purchase: [0.4, 0.7], dropoutA: [0.2, -0.3], dropoutB: [0.2, -0.3] };

test.each([
  [[0, 0], 2, 30.43, 38.86, -9.45860630707, 1.226028175],
  [[1, 0], 1, 1.71, 38.86, -4.28471145614, 0.163300288],
  [[0, 1], 0, 0, 38.86, -0.712003725283, 0.2051068755],
  [[1, 1], 7, 29.43, 38.86, -21.5532439002, 3.493019873],
  [[0.5, -1], 4, 20, 52, -15.1576432974, 0.3941787069],
])('customer with %j at (%d, %d, %d)', (z, x, tx, T, log, expected) => {
  const own = bgNbdFor(model, z, z);
  expect(bgNbdLog(own, x, tx, T)).toBeCloseTo(log, 9);
  expect(bgNbd.expected(own, x, tx, T, 39) / expected).toBeCloseTo(1, 8);
});

const truth = { r: 0.8, alpha: 8, a: 0.9, b: 2 };

function shop(n: number, seed: number) {
  const stream = random(seed, 'covariates');
  const values: number[][] = [];
  const out = { x: [] as number[], tx: [] as number[], T: [] as number[] };
  for (let g = 0; g < 4; g++) {
    const z = [g % 2, g >> 1];
    const own = { r: truth.r, alpha: truth.alpha * Math.exp(-0.5 * z[0]! + 0.3 * z[1]!), a: truth.a * Math.exp(0.6 * z[1]!), b: truth.b };
    const part = simulate(own, n / 4, stream, { from: 40, to: 60 });
    for (let i = 0; i < n / 4; i++) {
      values.push(z);
      out.x.push(part.x[i]!);
      out.tx.push(part.tx[i]!);
      out.T.push(part.T[i]!);
    }
  }
  return { histories: out, covariates: { names: ['sale', 'mobile'], values } };
}

test('known coefficients come back within their errors', () => {
  const { histories, covariates } = shop(24_000, 51);
  const found = fitBgNbdCovariates(histories, { purchase: covariates, dropout: covariates, dropoutCoefficients: 'separate' });
  const expected = {
    r: 0.8,
    alpha: 8,
    a: 0.9,
    b: 2,
    'purchase.sale': 0.5,
    'purchase.mobile': -0.3,
    'dropoutA.sale': 0,
    'dropoutA.mobile': 0.6,
    'dropoutB.sale': 0,
    'dropoutB.mobile': 0,
  };
  for (const [name, value] of Object.entries(expected)) {
    expect(Math.abs(found.parameters[name]! - value), name).toBeLessThan(4 * found.standardErrors[name]!);
  }
  expect(found.model.purchase).toEqual([found.parameters['purchase.sale'], found.parameters['purchase.mobile']]);
  const plain = fitBgNbd(histories);
  expect(found.logLikelihood).toBeGreaterThan(plain.logLikelihood + 50);
});

test('a fit without characteristics is the plain fit', () => {
  const { histories, covariates } = shop(800, 52);
  const none = fitBgNbdCovariates(histories, {});
  const plain = fitBgNbd(histories);
  expect(none.logLikelihood).toBeCloseTo(plain.logLikelihood, 7);
  const shared = fitBgNbdCovariates(histories, { purchase: covariates, dropout: covariates });
  expect(shared.names).toEqual(['r', 'alpha', 'a', 'b', 'purchase.sale', 'purchase.mobile', 'dropout.sale', 'dropout.mobile']);
  expect(shared.logLikelihood).toBeGreaterThan(plain.logLikelihood);
});

test('gradient and Hessian lead to the same place from everywhere', () => {
  const { histories, covariates } = shop(800, 53);
  const starts = [
    [0.3, 3, 0.8, 2.4, 0, 0, 0, 0],
    [2, 30, 0.3, 3, 1, -1, 0.5, -0.5],
  ];
  const found = fitBgNbdCovariates(histories, { purchase: covariates, dropout: covariates }, { starts });
  expect(found.starts[0]).toBeCloseTo(found.starts[1]!, 5);
  expect(found.converged).toBe(true);
});

test('a constant characteristic is singular', () => {
  const { histories } = shop(400, 54);
  const constant = { names: ['one'], values: histories.x.map(() => [1]) };
  const found = fitBgNbdCovariates(histories, { purchase: constant });
  expect(found.degenerate).toContainEqual({ kind: 'singular', parameters: ['alpha', 'purchase.one'] });
});

test('what is missing is named', () => {
  const histories = { x: [1, 0], tx: [3, 0], T: [9, 9] };
  expect(() => fitBgNbdCovariates(histories, { purchase: { names: ['z'], values: [[1]] } })).toThrow(/^purchase: expected values of 2/);
  expect(() => fitBgNbdCovariates(histories, { dropout: { names: ['z'], values: [[1], [Number.NaN]] } })).toThrow(
    /^dropout: .*NaN of z in row 1/,
  );
  expect(() =>
    fitBgNbdCovariates(histories, {
      dropout: {
        names: ['z', 'z'],
        values: [
          [1, 1],
          [1, 1],
        ],
      },
    }),
  ).toThrow(/names that differ/);
  expect(() => bgNbdFor(model, [1], [1, 1])).toThrow(/^purchase: expected 2 values/);
});
