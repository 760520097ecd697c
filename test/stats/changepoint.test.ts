import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { changepoints } from '#stats/changepoint.ts';
import { type Random, random } from '#stats/random.ts';

const series = (n: number, at: (i: number) => number) => Array.from({ length: n }, (_, i) => at(i));
const autoregression = (r: Random, n: number, carry: number) => {
  let x = r.normal();
  return series(n, () => {
    x = carry * x + Math.sqrt(1 - carry * carry) * r.normal();
    return x;
  });
};
const walk = (r: Random, n: number, step: number, noise: number) => {
  let level = 0;
  return series(n, () => {
    level += step * r.normal();
    return level + noise * r.normal();
  });
};

describe('series without a change rarely have one: at most one in ten, one in twenty over all', () => {
  const processes: Record<string, (r: Random, n: number) => number[]> = {
    'white noise': (r, n) => series(n, () => r.normal()),
    trend: (r, n) => series(n, (i) => 0.1 * i + r.normal()),
    growth: (r, n) => series(n, (i) => Math.exp(0.01 * i) * (1 + 0.08 * r.normal())),
    'autoregression .3': (r, n) => autoregression(r, n, 0.3),
    'autoregression .6': (r, n) => autoregression(r, n, 0.6),
    'autoregression .9': (r, n) => autoregression(r, n, 0.9),
    'random walk': (r, n) => walk(r, n, 1, 0),
    'noisy walk': (r, n) => walk(r, n, 0.3, 1),
    counts: (r, n) => series(n, () => r.poisson(4)),
    'heavy tails': (r, n) => series(n, () => r.normal() / Math.sqrt(r.gamma(1.5) / 1.5)),
  };
  const called: number[] = [];
  for (const [name, make] of Object.entries(processes)) {
    test(name, () => {
      let any = 0;
      for (let seed = 0; seed < 50; seed++) {
        const found = changepoints(make(random(seed, name), seed % 2 === 0 ? 60 : 110), { seed, simulations: 99 })!;
        if (found.changes.length > 0) any++;
      }
      called.push(any / 50);
      expect(any / 50).toBeLessThanOrEqual(0.12);
    });
  }
  test('all', () => {
    expect(called).toHaveLength(10);
    expect(called.reduce((a, b) => a + b) / 10).toBeLessThan(0.065);
  });
  test('a yearly season', () => {
    let any = 0;
    for (let seed = 0; seed < 25; seed++) {
      const r = random(seed, 'season');
      const values = series(130, (i) => 100 + 30 * Math.cos((2 * Math.PI * 7 * i) / 365.25) + 10 * r.normal());
      const found = changepoints(values, { seed, period: 52, simulations: 99 })!;
      expect(found.harmonics).toBeGreaterThan(0);
      if (found.changes.length > 0) any++;
    }
    expect(any).toBeLessThanOrEqual(3);
  });
});

test('a step is found, its place and size inside their intervals about as often as they say', () => {
  let [found, place, size] = [0, 0, 0];
  for (let seed = 0; seed < 60; seed++) {
    const r = random(seed, 'step');
    const noise = autoregression(r, 110, 0.4);
    const { changes } = changepoints(
      series(110, (i) => 100 + (i >= 66 ? 3 : 0) + noise[i]!),
      { seed, simulations: 99 },
    )!;
    if (changes.length !== 1) continue;
    found++;
    if (changes[0]!.from <= 66 && 66 <= changes[0]!.to) place++;
    if (changes[0]!.step.low <= 3 && 3 <= changes[0]!.step.high) size++;
  }
  expect(found).toBeGreaterThan(36);
  expect(place / found).toBeGreaterThan(0.9);
  expect(size / found).toBeGreaterThan(0.82);
});

test('two steps on a trend with a season, each where it was put', () => {
  const r = random(2, 'two');
  const values = series(180, (i) => {
    const steps = (i >= 70 ? 40 : 0) - (i >= 140 ? 35 : 0);
    return 200 + 0.4 * i + 25 * Math.sin((2 * Math.PI * 7 * i) / 365.25) + steps + 8 * r.normal();
  });
  const { changes, slope, tested } = changepoints(values, { seed: 1, period: 52 })!;
  expect(changes).toHaveLength(2);
  [70, 140].forEach((at, i) => {
    expect(Math.abs(changes[i]!.index - at)).toBeLessThanOrEqual(1);
    expect(changes[i]!.from <= at && at <= changes[i]!.to).toBe(true);
  });
  expect(changes[0]!.step.value).toBeCloseTo(40, -1);
  expect(changes[1]!.step.value).toBeCloseTo(-35, -1);
  expect(Math.abs(slope - 0.4)).toBeLessThan(0.25);
  expect(tested).toBe(3);
});

test('without a trend to confuse it with, a smaller step is seen; noise that falls with weight is no step', () => {
  let [withTrend, without] = [0, 0];
  for (let seed = 0; seed < 20; seed++) {
    const r = random(seed, 'small');
    const values = series(60, (i) => (i >= 30 ? 1.6 : 0) + r.normal());
    if (changepoints(values, { seed, simulations: 99 })!.changes.length > 0) withTrend++;
    if (changepoints(values, { seed, simulations: 99, trend: false })!.changes.length > 0) without++;
  }
  expect(without).toBeGreaterThan(withTrend + 3);
  let any = 0;
  for (let seed = 0; seed < 30; seed++) {
    const r = random(seed, 'weights');
    const weights = series(100, (i) => 2 + i * i);
    const values = weights.map((weight) => 50 + (40 * r.normal()) / Math.sqrt(weight));
    if (changepoints(values, { seed, weights, trend: false, simulations: 99 })!.changes.length > 0) any++;
  }
  expect(any).toBeLessThanOrEqual(4);
});

test('short, constant, missing and broken series', () => {
  expect(
    changepoints(
      series(15, (i) => i % 3),
      { seed: 1 },
    ),
  ).toBeNull();
  expect(changepoints([], { seed: 1 })).toBeNull();
  expect(changepoints(new Array(40).fill(5), { seed: 1 })).toMatchObject({ changes: [], tested: 0 });
  for (const trend of [0.1, -3])
    expect(
      changepoints(
        series(50, (i) => 7 + trend * i),
        { seed: 1 },
      )!.changes,
    ).toEqual([]);
  expect(
    changepoints(
      series(40, (i) => (i < 20 ? 2 : 9)),
      { seed: 1 },
    )!.changes.map(({ index }) => index),
  ).toEqual([20]);
  const r = random(4, 'gaps');
  const values: (number | null)[] = series(80, (i) => (i >= 40 ? 10 : 0) + r.normal());
  values.splice(20, 2, null, null);
  const found = changepoints([null, null, null, ...values, null], { seed: 1 })!;
  expect(found.changes.map(({ index }) => index)).toEqual([43]);
  const weights = [0, 0, 0, ...values.map((value) => (value === null ? 0 : 5)), 0];
  expect(changepoints([null, null, null, ...values, null], { seed: 1, weights })!.changes.map(({ index }) => index)).toEqual([43]);
  expect(() => changepoints([1, Number.NaN], { seed: 1 })).toThrow('values[1]: expected a finite number or null, found NaN');
  expect(() =>
    changepoints(
      series(20, (i) => i),
      { seed: 1, weights: [1] },
    ),
  ).toThrow('weights: expected 20, one a value, found 1');
  expect(() =>
    changepoints(
      series(20, (i) => i),
      { seed: 1, weights: new Array(20).fill(0) },
    ),
  ).toThrow('weights[0]: expected a positive');
  expect(() => changepoints([], { seed: 1, spacing: 1 })).toThrow('spacing');
});

test('moving and stretching the values moves and stretches what is found', () => {
  fc.assert(
    fc.property(fc.nat(1000), fc.integer({ min: -500, max: 500 }), fc.constantFrom(0.25, 8), (seed, shift, stretch) => {
      const r = random(seed, 'stretch');
      const values = series(40, (i) => (i >= 25 ? 6 : 0) + r.normal());
      const plain = changepoints(values, { seed: 1, simulations: 19, alpha: 0.06 })!;
      const moved = changepoints(
        values.map((value) => value * stretch + shift),
        { seed: 1, simulations: 19, alpha: 0.06 },
      )!;
      expect(moved.changes.map(({ index }) => index)).toEqual(plain.changes.map(({ index }) => index));
      plain.changes.forEach((change, i) => {
        expect(change.from <= change.index && change.index <= change.to).toBe(true);
        expect(moved.changes[i]!.step.value / stretch).toBeCloseTo(change.step.value, 6);
      });
    }),
    { numRuns: 25 },
  );
});
