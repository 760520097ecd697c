import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { alwaysValid } from '#stats/experiment/always.ts';
import { simulatePeeking } from '#stats/experiment/peeking.ts';
import { crossingChances, lookLimits } from '#stats/experiment/sequential.ts';
import { random } from '#stats/random.ts';

describe('false calls of repeated tests at 5% (Armitage, McPherson & Rowe 1969, table 2)', () => {
  const cases: [looks: number, share: number][] = [
    [1, 0.05],
    [2, 0.083],
    [3, 0.107],
    [4, 0.126],
    [5, 0.142],
    [10, 0.193],
    [20, 0.248],
    [50, 0.32],
  ];
  for (const [looks, share] of cases) {
    test(`${looks} looks`, () => {
      expect(crossingChances(lookLimits(looks, 'naive')).at(-1)).toBeCloseTo(share, 3);
    });
  }
});

test('limits of Pocock and O’Brien–Fleming (Jennison & Turnbull 2000, tables 2.1 and 2.3)', () => {
  const cases: [looks: number, pocock: number, obrien: number][] = [
    [2, 2.178, 1.977],
    [3, 2.289, 2.004],
    [4, 2.361, 2.024],
    [5, 2.413, 2.04],
    [10, 2.555, 2.087],
  ];
  for (const [looks, pocock, obrien] of cases) {
    expect(lookLimits(looks, 'pocock').limits[0]).toBeCloseTo(pocock, 3);
    const { limits, information } = lookLimits(looks, "o'brien-fleming");
    expect(limits.at(-1)).toBeCloseTo(obrien, 3);
    expect(limits[0]! * Math.sqrt(information[0]!)).toBeCloseTo(obrien, 3);
  }
  // Power of one look is the z test's.
  expect(crossingChances({ limits: [1.959964], information: [1] }, 2.801585).at(-1)).toBeCloseTo(0.8, 4);
});

test('peeking: naive looks call far too often, planned limits and the mixture test do not', () => {
  const even = simulatePeeking({ seed: 1, a: 0.1, b: 0.1, perLook: 400, looks: 10, hoped: 0.02, trials: 800 });
  expect(even.once.called.value).toBeLessThan(0.075);
  expect(Math.abs(even.naive.called.value - 0.193)).toBeLessThan(0.045);
  expect(even.planned.called.value).toBeLessThan(0.075);
  expect(even.always.called.value).toBeLessThan(0.05);
  const better = simulatePeeking({ seed: 1, a: 0.1, b: 0.13, perLook: 400, looks: 10, hoped: 0.02, trials: 300 });
  expect(better.planned.called.value).toBeGreaterThan(0.9);
  expect(better.planned.looks).toBeLessThan(0.75);
  expect(better.always.called.value).toBeGreaterThan(0.7);
  expect(simulatePeeking({ seed: 1, a: 0.1, b: 0.13, perLook: 400, looks: 10, hoped: 0.02, trials: 300 })).toEqual(better);
});

test('the mixture test looked at after every few customers still holds', () => {
  let called = 0;
  for (let seed = 0; seed < 300; seed++) {
    const r = random(seed, 'often');
    let [a, b] = [0, 0];
    const looks = Array.from({ length: 100 }, (_, k) => {
      a += r.binomial(50, 0.12);
      b += r.binomial(50, 0.12);
      return { a: { successes: a, n: 50 * (k + 1) }, b: { successes: b, n: 50 * (k + 1) } };
    });
    if (alwaysValid(looks, { hoped: 0.03 }).at(-1)!.p <= 0.05) called++;
  }
  expect(called / 300).toBeLessThanOrEqual(0.05);
});

test('a look by hand; p never rises; p ≤ alpha where the interval leaves 0 out', () => {
  const [look] = alwaysValid([{ a: { successes: 99, n: 1000 }, b: { successes: 149, n: 1000 } }], { hoped: 0.02 });
  const v = ((100 / 1002) * (902 / 1002) + (150 / 1002) * (852 / 1002)) / 1000;
  const ratio = Math.sqrt(v / (v + 0.0004)) * Math.exp((0.05 ** 2 * 0.0004) / (2 * v * (v + 0.0004)));
  expect(look!.p).toBeCloseTo(1 / ratio, 10);
  const arms = fc.array(fc.tuple(fc.nat(40), fc.nat(40)), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(arms, (steps) => {
      let [a, b] = [0, 0];
      const looks = steps.map(([x, y], k) => {
        a += x;
        b += y;
        return { a: { successes: a, n: 40 * (k + 1) }, b: { successes: b, n: 40 * (k + 1) } };
      });
      let before = 1;
      for (const { p, low, high, difference } of alwaysValid(looks, { hoped: 0.05 })) {
        expect(p).toBeLessThanOrEqual(before);
        expect(low <= difference && difference <= high).toBe(true);
        if (low > 1e-9 || high < -1e-9) expect(p).toBeLessThanOrEqual(0.05 + 1e-12);
        before = p;
      }
    }),
  );
});

test('nonsense is named', () => {
  const arm = (successes: number, n: number) => ({ successes, n });
  expect(() => crossingChances({ limits: [2], information: [0.5, 1] })).toThrow('limits: expected 2, one a look, found 1');
  expect(() => crossingChances({ limits: [2, 2], information: [0.5, 0.5] })).toThrow('information[1]: expected more than 0.5');
  expect(() => crossingChances({ limits: [0], information: [1] })).toThrow('limits[0]');
  expect(() => lookLimits(0, 'pocock')).toThrow('looks');
  expect(() => alwaysValid([], { hoped: 0 })).toThrow('hoped: expected a positive number, found 0');
  expect(() => alwaysValid([{ a: arm(3, 2), b: arm(0, 1) }], { hoped: 0.1 })).toThrow(
    'looks[0].a.successes: expected at most n (2), found 3',
  );
  const falling = [
    { a: arm(1, 5), b: arm(1, 5) },
    { a: arm(1, 4), b: arm(1, 5) },
  ];
  expect(() => alwaysValid(falling, { hoped: 0.1 })).toThrow('looks[1].a.n: expected a whole number of at least 5, found 4');
  expect(alwaysValid([{ a: arm(0, 0), b: arm(0, 0) }], { hoped: 0.1 })).toEqual([{ difference: 0, low: -1, high: 1, p: 1 }]);
});
