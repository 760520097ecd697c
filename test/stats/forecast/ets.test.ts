import { describe, expect, test } from 'vitest';
import { ets, etsFits } from '#stats/forecast/ets.ts';
import { bandOf, bandsOf, sumsOf } from '#stats/forecast/futures.ts';
import { type Random, random } from '#stats/random.ts';
import { passengers } from './passengers.ts';

test('likelihoods are those of statsmodels 0.15 (ETSModel, initial states by least squares)', () => {
  const [best] = etsFits(Float64Array.from(passengers.slice(0, 132)), 12);
  expect(best).toMatchObject({ words: 'exponential smoothing of level and trend, season, on logarithms' });
  expect(best!.smoothing).toEqual({ level: 0.8, slope: 0, damping: 1, season: 0 });
  expect(best!.logLikelihood).toBeCloseTo(-466.512357, 5);
  const onValues = etsFits(Float64Array.from(passengers.slice(0, 60)), null).find(
    ({ words }) => words === 'exponential smoothing of level, on values',
  );
  expect(onValues!.logLikelihood).toBeCloseTo(-255.676, 4);
  // 3 parameters: weight, initial level, variance.
  expect(onValues!.aicc).toBeCloseTo(2 * 255.676 + 6 + 24 / 56, 3);
});

test('Akaike weights add up to one, best first', () => {
  const fits = etsFits(Float64Array.from(passengers), 12);
  expect(fits.reduce((total, { weight }) => total + weight, 0)).toBeCloseTo(1, 12);
  expect(fits.map(({ aicc }) => aicc)).toEqual(fits.map(({ aicc }) => aicc).toSorted((a, b) => a - b));
  expect(etsFits(Float64Array.of(1, 2, 3), null)).toEqual([]);
});

test('fits up to several ends at once are those of each end alone', () => {
  const values = Float64Array.from(passengers);
  const method = ets(12, 'ets');
  const together = method.fit(values, [60, 97, 144]);
  [60, 97, 144].forEach((end, i) => {
    const [alone] = method.fit(values.subarray(0, end), [end]);
    const future = (one: typeof alone) =>
      bandsOf({ paths: one!.simulate(4, 400, random(1, 'same')), horizon: 4 }).map(({ value }) => value);
    expect(together[i]!.words).toBe(alone!.words);
    future(together[i]!).forEach((value, h) => {
      expect(value / future(alone!)[h]!).toBeCloseTo(1, 2);
    });
  });
});

test('a line goes on as a line, a constant as a constant', () => {
  const at = (values: number[]) => {
    const [fitted] = ets(null, 'ets').fit(Float64Array.from(values), [values.length]);
    return bandsOf({ paths: fitted!.simulate(5, 200, random(1, 'line')), horizon: 5 });
  };
  at(Array.from({ length: 30 }, (_, i) => 10 + 2 * i)).forEach(({ value, low95, high95 }, h) => {
    expect(value).toBeCloseTo(70 + 2 * h, 3);
    expect(high95 - low95).toBeLessThan(0.01);
  });
  for (const { value } of at(new Array(12).fill(7))) expect(value).toBeCloseTo(7, 6);
  for (const { low95 } of at(new Array(12).fill(0))) expect(low95).toBe(0);
});

const series = (n: number, at: (i: number) => number) => Array.from({ length: n }, (_, i) => at(i));
const walk = (r: Random, n: number, step: number, noise: number) => {
  let level = 1000;
  return series(n, () => {
    level += step * r.normal();
    return level + noise * r.normal();
  });
};
const processes: Record<string, (r: Random, n: number) => number[]> = {
  'white noise': (r, n) => series(n, () => 100 + 10 * r.normal()),
  'random walk': (r, n) => walk(r, n, 10, 0),
  'noisy walk': (r, n) => walk(r, n, 3, 10),
  autoregression: (r, n) => {
    let x = 0;
    return series(n, () => {
      x = 0.6 * x + 16 * r.normal();
      return 1000 + x;
    });
  },
  growth: (r, n) => series(n, (i) => 200 * Math.exp(0.01 * i + 0.08 * r.normal())),
  counts: (r, n) => series(n, () => r.poisson(3)),
};

describe('intervals hold what they say, of each step and of the sum over 13', () => {
  const horizon = 13;
  const cover = (make: (r: Random, n: number) => number[], label: string, n: number, repeats: number, period: 52 | null) => {
    const counts = { steps80: 0, steps95: 0, sum80: 0, sum95: 0 };
    for (let seed = 0; seed < repeats; seed++) {
      const values = Float64Array.from(make(random(seed, label), n + horizon));
      const [fitted] = ets(period, 'ets').fit(values.subarray(0, n), [n]);
      const futures = { paths: fitted!.simulate(horizon, 500, random(seed, 'futures')), horizon };
      bandsOf(futures).forEach(({ low80, high80, low95, high95 }, h) => {
        const actual = values[n + h]!;
        if (low80 <= actual && actual <= high80) counts.steps80 += 1 / horizon / repeats;
        if (low95 <= actual && actual <= high95) counts.steps95 += 1 / horizon / repeats;
      });
      const total = values.subarray(n).reduce((a, b) => a + b, 0);
      const band = bandOf(sumsOf(futures));
      if (band.low80 <= total && total <= band.high80) counts.sum80 += 1 / repeats;
      if (band.low95 <= total && total <= band.high95) counts.sum95 += 1 / repeats;
    }
    return counts;
  };
  const near = ({ steps80, steps95, sum80, sum95 }: ReturnType<typeof cover>, slack: number) => {
    expect(Math.abs(steps80 - 0.8), `80%: ${steps80}`).toBeLessThan(slack + 0.03);
    expect(Math.abs(steps95 - 0.95), `95%: ${steps95}`).toBeLessThan(slack);
    // Sums may be held for more uncertain than they are, where a level may have moved and hasn't; not for less.
    expect(sum80, `sum, 80%: ${sum80}`).toBeGreaterThan(0.72 - slack);
    expect(sum95, `sum, 95%: ${sum95}`).toBeGreaterThan(0.92 - slack);
  };
  for (const [name, make] of Object.entries(processes)) {
    test(`${name}, 20 and 80 points`, () => {
      near(cover(make, name, 20, 60, null), 0.07);
      near(cover(make, name, 80, 60, null), 0.07);
    });
  }
  test('growth with a yearly season, three years of weeks', () => {
    const angle = (2 * Math.PI * 7) / 365.25;
    const make = (r: Random, n: number) => {
      let level = 0;
      return series(n, (i) => {
        level += 0.01 * r.normal();
        return 200 * Math.exp(level + 0.004 * i + 0.25 * Math.cos(angle * i) + 0.1 * Math.cos(2 * angle * i) + 0.08 * r.normal());
      });
    };
    near(cover(make, 'season', 156, 16, 52), 0.08);
  });
});
