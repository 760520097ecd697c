import { describe, expect, test } from 'vitest';
import { fitParetoNbdCovariates, paretoNbdFor } from '#stats/clv/pareto-covariates.ts';
import { fitParetoNbd, paretoNbdLog } from '#stats/clv/pareto-nbd.ts';
import { random } from '#stats/random.ts';

const truth = { r: 0.8, alpha: 10, s: 0.7, beta: 25, purchase: [0.5, -0.3], dropout: [-0.6] };

function simulate(customers: number, isContinuous: boolean, seed: number) {
  const stream = random(seed, 'covariates');
  const [x, tx, T] = [new Float64Array(customers), new Float64Array(customers), new Float64Array(customers)];
  const purchase: number[][] = [];
  const dropout: number[][] = [];
  const exponential = (rate: number) => -Math.log1p(-stream.uniform()) / rate;
  for (let i = 0; i < customers; i++) {
    const first = stream.uniform() < 0.4 ? 1 : 0;
    purchase.push([first, isContinuous ? stream.normal() : stream.integer(3)]);
    dropout.push([first]);
    T[i] = Math.round(7 * (40 + 40 * stream.uniform())) / 7;
    const own = paretoNbdFor(truth, purchase[i]!, dropout[i]!);
    const rate = stream.gamma(own.r) / own.alpha;
    const end = Math.min(T[i]!, exponential(stream.gamma(own.s) / own.beta));
    for (let t = exponential(rate); t < end; t += exponential(rate)) {
      x[i]!++;
      tx[i] = Math.min(T[i]!, Math.ceil(t * 7) / 7);
    }
  }
  return {
    histories: { x, tx, T },
    covariates: { purchase: { names: ['channel', 'age'], values: purchase }, dropout: { names: ['channel'], values: dropout } },
  };
}

describe.each([
  ['few profiles', false, 20_000],
  ['a profile each', true, 6_000],
] as const)('%s', (_, isContinuous, customers) => {
  const { histories, covariates } = simulate(customers, isContinuous, 3);
  const found = fitParetoNbdCovariates(histories, covariates);

  test('known coefficients come back, in standard errors', () => {
    expect(found.degenerate).toEqual([]);
    const expected = { r: 0.8, alpha: 10, s: 0.7, beta: 25, 'purchase.channel': 0.5, 'purchase.age': -0.3, 'dropout.channel': -0.6 };
    for (const [name, value] of Object.entries(expected)) {
      expect(Math.abs(found.parameters[name]! - value) / found.standardErrors[name]!, name).toBeLessThan(3.5);
    }
  });

  test('the log-likelihood is the sum over customers with their own parameters, and a maximum of it', () => {
    const sum = (model: typeof found.model) => {
      let total = 0;
      for (let i = 0; i < customers; i++) {
        const own = paretoNbdFor(model, covariates.purchase.values[i]!, covariates.dropout.values[i]!);
        total += paretoNbdLog(own, histories.x[i]!, histories.tx[i]!, histories.T[i]!);
      }
      return total;
    };
    const top = sum(found.model);
    expect(top).toBeCloseTo(found.logLikelihood, 5);
    for (const share of [0.99, 1.01]) {
      expect(sum({ ...found.model, purchase: found.model.purchase.map((c) => c * share) })).toBeLessThan(top);
      expect(sum({ ...found.model, dropout: found.model.dropout.map((c) => c * share) })).toBeLessThan(top);
    }
  });

  test('better than without covariates by far more than chance would', () => {
    expect(2 * (found.logLikelihood - fitParetoNbd(histories).logLikelihood)).toBeGreaterThan(100);
  });
});

test('without covariates it is the plain model', () => {
  const { histories } = simulate(800, false, 9);
  const plain = fitParetoNbd(histories);
  const none = fitParetoNbdCovariates(histories, {});
  expect(none.logLikelihood).toBeCloseTo(plain.logLikelihood, 7);
  expect(none.parameters.beta).toBeCloseTo(plain.parameters.beta, 3);
  expect(none.names).toEqual(['r', 'alpha', 's', 'beta']);
});

test('a characteristic on another scale changes its coefficient and nothing else', () => {
  const { histories, covariates } = simulate(1500, true, 4);
  const one = { names: ['age'], values: covariates.purchase.values.map(([, age]) => [age!]) };
  const scaled = { names: ['age'], values: one.values.map(([age]) => [age! * 10]) };
  const a = fitParetoNbdCovariates(histories, { purchase: one });
  const b = fitParetoNbdCovariates(histories, { purchase: scaled });
  expect(b.logLikelihood).toBeCloseTo(a.logLikelihood, 6);
  expect(b.parameters['purchase.age']! * 10).toBeCloseTo(a.parameters['purchase.age']!, 4);
});

test('a constant characteristic makes the fit singular, and it says so', () => {
  const { histories } = simulate(800, false, 9);
  const found = fitParetoNbdCovariates(histories, { purchase: { names: ['one'], values: Array.from(histories.x, () => [1]) } });
  expect(found.degenerate.map(({ kind }) => kind)).toContain('singular');
});

test('customer parameters: e^coefficient times the rate', () => {
  const own = paretoNbdFor(truth, [1, 2], [1]);
  expect(own.r / own.alpha).toBeCloseTo((0.8 / 10) * Math.exp(0.5 - 0.6), 12);
  expect(own.s / own.beta).toBeCloseTo((0.7 / 25) * Math.exp(-0.6), 12);
});

test('errors name what is wrong', () => {
  const histories = { x: [1, 0], tx: [2, 0], T: [5, 6] };
  const with_ =
    (values: number[][], names = ['a']) =>
    () =>
      fitParetoNbdCovariates(histories, { dropout: { names, values } });
  expect(with_([[1]])).toThrow(/^dropout: expected values of 2 customers, found 1/);
  expect(with_([[1], [Number.NaN]])).toThrow(/^dropout: expected finite values, found NaN of a in row 1/);
  expect(with_([[1], [1, 2]])).toThrow(/^dropout: expected 1 values, found 2 in row 1/);
  expect(
    with_(
      [
        [1, 2],
        [1, 2],
      ],
      ['a', 'a'],
    ),
  ).toThrow(/names that differ/);
  expect(() => paretoNbdFor(truth, [1], [1])).toThrow(/^purchase: expected 2 values, found 1/);
});
