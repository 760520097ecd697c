import { describe, expect, test } from 'vitest';
import { bgNbd, fitBgNbd } from '#stats/clv/bg-nbd.ts';
import { compress } from '#stats/clv/compress.ts';
import { drawSpend, fitGammaGamma } from '#stats/clv/gamma-gamma.ts';
import { parameterPoints } from '#stats/clv/interval.ts';
import { fitParetoNbd, paretoNbd } from '#stats/clv/pareto-nbd.ts';
import { weeks } from '#stats/clv/unit.ts';
import { valueBands } from '#stats/clv/value-band.ts';
import { random } from '#stats/random.ts';
import { simulate } from './simulate.ts';

const truth = { r: 0.6, alpha: 8, a: 0.8, b: 3 };
const money = { p: 6.25, q: 3.74, v: 15.44 };

/** A shop with its histories, and what each customer spent in the 52 weeks after. */
function shop(n: number, seed: number) {
  const stream = random(seed, 'bands');
  const data = simulate(truth, n, stream, { from: 10, to: 60, holdout: 52, step: 1 / 7 });
  const spent = new Float64Array(n);
  const m = Float64Array.from(data.x, (x, i) => {
    const nu = stream.gamma(money.q) / money.v;
    const seen = x > 0 ? stream.gamma(money.p * x) / nu / x : 0;
    if (data.later[i]! > 0) spent[i] = stream.gamma(money.p * data.later[i]!) / nu;
    return seen;
  });
  return { ...data, m, spent };
}

function classOf(x: number): string {
  return x < 3 ? `${x}` : x < 7 ? '3 to 6' : '7 and more';
}

/** Share of customers inside their interval, by frequency and in all. */
function coverage(seeds: number[], n: number, isFitted: boolean): Record<string, number> {
  const inside = new Map<string, { n: number; hits: number }>();
  for (const seed of seeds) {
    const data = shop(n, seed);
    const rows = compress(data);
    const fitted = fitBgNbd(rows);
    const spend = fitGammaGamma(data);
    const bands = valueBands(
      isFitted
        ? {
            ...{ model: { law: bgNbd, parameters: fitted.parameters, unit: 'week' }, fitted, horizon: weeks(52) },
            ...{ spend: spend.parameters, spendFitted: spend, usual: spend.cohortMean },
          }
        : { model: { law: bgNbd, parameters: truth, unit: 'week' }, horizon: weeks(52), spend: money, usual: 35 },
      rows,
    );
    const v = isFitted ? spend.parameters.v : money.v;
    for (let i = 0; i < n; i++) {
      const scale = v + data.x[i]! * data.m[i]!;
      const isInside = data.spent[i]! >= bands.low[rows.row[i]!]! * scale && data.spent[i]! <= bands.high[rows.row[i]!]! * scale;
      for (const key of ['all', classOf(data.x[i]!)]) {
        const one = inside.get(key) ?? { n: 0, hits: 0 };
        one.n++;
        if (isInside) one.hits++;
        inside.set(key, one);
      }
    }
  }
  return Object.fromEntries([...inside].map(([key, one]) => [key, one.hits / one.n]));
}

describe('95% of customers spend what their interval says', () => {
  test('with parameters known, by frequency', () => {
    for (const [key, share] of Object.entries(coverage([1], 40_000, false))) {
      expect(share, key).toBeGreaterThan(0.94);
      expect(share, key).toBeLessThan(0.965);
    }
  });

  test('with parameters estimated from a few customers, by frequency', () => {
    for (const [key, share] of Object.entries(coverage([1, 2, 3, 4, 5, 6, 7, 8], 600, true))) {
      expect(share, key).toBeGreaterThan(0.9);
      expect(share, key).toBeLessThan(0.97);
    }
  });
});

test('quantiles are those of simulated futures', () => {
  const history = { x: 4, tx: 20, T: 26 };
  const rows = compress({ x: [history.x], tx: [history.tx], T: [history.T] });
  const model = { law: bgNbd, parameters: truth, unit: 'week' } as const;
  const { low, high } = valueBands({ model, horizon: weeks(52), spend: money, usual: 35, level: 0.8 }, rows);
  const stream = random(4, 'quantiles');
  const m = 40;
  const drawn = Float64Array.from({ length: 40_000 }, () =>
    drawSpend(money, history.x, m, bgNbd.draw(truth, history.x, history.tx, history.T, 52, stream), stream),
  ).sort();
  const scale = money.v + history.x * m;
  const below = (value: number) => drawn.filter((one) => one <= value).length / drawn.length;
  // P(none) is over a tenth: from nought to the 80% quantile.
  expect(low[0]).toBe(0);
  expect(below(high[0]! * scale)).toBeCloseTo(0.8, 2);
});

test('an interval widens with the uncertainty of the parameters, and says when it is left out', () => {
  const data = shop(400, 3);
  const rows = compress(data);
  const fitted = fitParetoNbd(rows);
  const spend = fitGammaGamma(data);
  const model = { law: paretoNbd, parameters: fitted.parameters, unit: 'week' } as const;
  const request = { model, horizon: weeks(52), spend: spend.parameters, usual: spend.cohortMean };
  const known = valueBands(request, rows);
  const estimated = valueBands({ ...request, fitted, spendFitted: spend }, rows);
  const width = ({ low, high }: typeof known) => high.reduce((sum, value, i) => sum + value - low[i]!, 0);
  expect(width(estimated)).toBeGreaterThan(width(known));
  expect(estimated.hasParameterUncertainty).toBe(true);
  expect(known.hasParameterUncertainty).toBe(false);
  const singular = valueBands({ ...request, fitted: { ...fitted, covariance: null }, spendFitted: spend }, rows);
  expect(singular.hasParameterUncertainty).toBe(false);
  expect([...singular.low, ...singular.high].every((value) => Number.isFinite(value) && value >= 0)).toBe(true);
});

test('who is all but certain to buy nothing is promised nothing', () => {
  const rows = compress({ x: [9], tx: [5], T: [400] });
  const model = { law: bgNbd, parameters: truth, unit: 'week' } as const;
  const { low, high } = valueBands({ model, horizon: weeks(52), spend: money, usual: 35 }, rows);
  expect([low[0], high[0]]).toEqual([0, 0]);
});

test('a level that is none is refused', () => {
  const model = { law: bgNbd, parameters: truth, unit: 'week' } as const;
  const rows = compress({ x: [0], tx: [0], T: [4] });
  expect(() => valueBands({ model, horizon: weeks(52), spend: money, usual: 35, level: 1 }, rows)).toThrow(/^level: /);
});

test('points of the parameters have the mean and the covariance of the fit', () => {
  const fitted = fitBgNbd(shop(3000, 5));
  const { draws, hasUncertainty } = parameterPoints(fitted);
  expect(hasUncertainty).toBe(true);
  expect(draws).toHaveLength(8);
  const log = (i: number) =>
    draws.map((draw) => Math.log(draw[fitted.names[i] as 'r']) - Math.log(fitted.parameters[fitted.names[i] as 'r']));
  for (let i = 0; i < 4; i++) {
    expect(log(i).reduce((a, b) => a + b, 0)).toBeCloseTo(0, 10);
    for (let j = 0; j < 4; j++) {
      const covariance = log(i).reduce((sum, value, d) => sum + value * log(j)[d]!, 0) / 8;
      expect(covariance).toBeCloseTo(fitted.covariance![i * 4 + j]!, 10);
    }
  }
});
