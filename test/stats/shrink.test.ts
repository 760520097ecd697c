import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { random } from '#stats/random.ts';
import { shrinkMeans, shrinkRates } from '#stats/shrink.ts';

describe('rates: intervals hold the true rate, and shrunk rates are nearer to it than raw ones', () => {
  const cases = [
    { groups: 200, a: 5, b: 45, n: [5, 300], low: 0.93, high: 0.97 },
    { groups: 30, a: 5, b: 45, n: [5, 300], low: 0.92, high: 0.97 },
    { groups: 10, a: 5, b: 45, n: [20, 200], low: 0.9, high: 0.98 },
    { groups: 26, a: 10, b: 90, n: [50, 2000], low: 0.92, high: 0.97 },
    // Groups that hardly differ: too careful rather than too bold.
    { groups: 8, a: 50, b: 450, n: [20, 400], low: 0.92, high: 1 },
  ] as const;
  for (const { groups, a, b, n, low, high } of cases) {
    test(`${groups} groups of beta(${a}, ${b})`, () => {
      let [inside, all, raw, shrunk] = [0, 0, 0, 0];
      for (let seed = 0; seed < 60; seed++) {
        const r = random(seed, 'rates');
        const truth = Array.from({ length: groups }, () => {
          const x = r.gamma(a);
          return x / (x + r.gamma(b));
        });
        const data = truth.map((rate) => {
          const size = n[0] + r.integer(n[1] - n[0] + 1);
          return { n: size, successes: r.binomial(size, rate) };
        });
        shrinkRates(data)!.groups.forEach((group, i) => {
          all++;
          if (group.low <= truth[i]! && truth[i]! <= group.high) inside++;
          raw += (group.raw! - truth[i]!) ** 2;
          shrunk += (group.value - truth[i]!) ** 2;
        });
      }
      expect(inside / all).toBeGreaterThan(low);
      expect(inside / all).toBeLessThanOrEqual(high);
      expect(shrunk).toBeLessThan(0.85 * raw);
    });
  }
});

test('the prior of many groups is found again', () => {
  const r = random(2, 'prior');
  const data = Array.from({ length: 1500 }, () => {
    const x = r.gamma(4);
    return { n: 100, successes: r.binomial(100, x / (x + r.gamma(36))) };
  });
  const found = shrinkRates(data)!;
  expect(found.mean).toBeCloseTo(0.1, 2);
  expect(found.alpha + found.beta).toBeGreaterThan(32);
  expect(found.alpha + found.beta).toBeLessThan(50);
  expect(found.p).toBeLessThan(1e-10);
});

test('a product with one return in one sale does not top the list', () => {
  const many = Array.from({ length: 40 }, (_, i) => ({ n: 200, successes: 10 + (i % 20) }));
  const found = shrinkRates([...many, { n: 1, successes: 1 }])!;
  expect(found.groups.at(-1)!.raw).toBe(1);
  expect(found.groups.at(-1)!.value).toBeLessThan(found.groups[19]!.value);
});

test('no, one, equal, all and none', () => {
  expect(shrinkRates([])).toBeNull();
  expect(shrinkRates([{ successes: 0, n: 0 }])).toBeNull();
  expect(() => shrinkRates([{ successes: 2, n: 1 }])).toThrow('successes: expected at most n (1), found 2');
  for (const data of [
    [[0, 50]],
    [
      [0, 50],
      [0, 9],
    ],
    [
      [50, 50],
      [9, 9],
    ],
    [
      [5, 50],
      [0, 0],
    ],
    [
      [1, 10],
      [1, 10],
      [1, 10],
    ],
  ] as [number, number][][]) {
    const found = shrinkRates(data.map(([successes, n]) => ({ successes, n })))!;
    for (const group of found.groups) {
      expect(0 <= group.low && group.low < group.value && group.value < group.high && group.high <= 1).toBe(true);
    }
    expect(found.p).toBeGreaterThan(0.05);
  }
});

test('the order of groups does not matter; more successes never lower a group', () => {
  const group = fc.integer({ min: 1, max: 300 }).chain((n) => fc.record({ n: fc.constant(n), successes: fc.nat(n) }));
  fc.assert(
    fc.property(fc.array(group, { minLength: 2, maxLength: 12 }), (groups) => {
      const found = shrinkRates(groups)!.groups;
      const turned = shrinkRates([...groups].reverse())!.groups.reverse();
      found.forEach((one, i) => {
        expect(one.value).toBeCloseTo(turned[i]!.value, 8);
        expect(one.low <= one.value && one.value <= one.high).toBe(true);
        groups.forEach((other, j) => {
          if (other.n === groups[i]!.n && other.successes > groups[i]!.successes) expect(found[j]!.value).toBeGreaterThan(one.value);
        });
      });
    }),
    { numRuns: 40 },
  );
});

test('DerSimonian–Laird on 13 BCG vaccine trials, as published (Viechtbauer 2010)', () => {
  const trials = [
    [4, 119, 11, 128],
    [6, 300, 29, 274],
    [3, 228, 11, 209],
    [62, 13536, 248, 12619],
    [33, 5036, 47, 5761],
    [180, 1361, 372, 1079],
    [8, 2537, 10, 619],
    [505, 87886, 499, 87892],
    [29, 7470, 45, 7232],
    [17, 1699, 65, 1600],
    [186, 50448, 141, 27197],
    [5, 2493, 3, 2338],
    [27, 16886, 29, 17825],
  ] as [number, number, number, number][];
  const values = trials.map(([a, b, c, d]) => Math.log(a / (a + b) / (c / (c + d))));
  const errors = trials.map(([a, b, c, d]) => Math.sqrt(1 / a - 1 / (a + b) + 1 / c - 1 / (c + d)));
  const found = shrinkMeans(values, errors)!;
  expect(found.tau2).toBeCloseTo(0.3088, 4);
  expect(found.mean).toBeCloseTo(-0.7141, 4);
  expect(found.meanSe).toBeCloseTo(0.1787, 4);
  expect(found.q).toBeCloseTo(152.233, 3);
});

test('means: coverage of at least 93%, nearer to the truth than raw', () => {
  for (const [groups, tau] of [
    [5, 1],
    [10, 1],
    [10, 0.2],
    [30, 0.5],
    [26, 3],
  ] as const) {
    let [inside, all, raw, shrunk] = [0, 0, 0, 0];
    for (let seed = 0; seed < 200; seed++) {
      const r = random(seed, 'means');
      const truth = Array.from({ length: groups }, () => 2 + tau * r.normal());
      const errors = truth.map(() => 0.3 + 1.5 * r.uniform());
      const values = truth.map((value, i) => value + errors[i]! * r.normal());
      shrinkMeans(values, errors)!.groups.forEach((group, i) => {
        all++;
        if (group.low <= truth[i]! && truth[i]! <= group.high) inside++;
        raw += (values[i]! - truth[i]!) ** 2;
        shrunk += (group.value - truth[i]!) ** 2;
      });
    }
    expect(inside / all, `${groups} groups, tau ${tau}`).toBeGreaterThan(0.93);
    expect(shrunk).toBeLessThan(0.9 * raw);
  }
});

test('means: none, one, equal, broken', () => {
  expect(shrinkMeans([], [])).toBeNull();
  expect(shrinkMeans([3], [1])!.groups[0]).toMatchObject({ raw: 3, value: 3, weight: 1 });
  expect(shrinkMeans([2, 2, 2, 2], [1, 1, 1, 1])).toMatchObject({ mean: 2, tau2: 0, q: 0, p: 1 });
  expect(() => shrinkMeans([1], [0])).toThrow('errors[0]: expected a positive number, found 0');
});
