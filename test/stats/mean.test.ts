import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareMeans, mean, median, moments, quantile, quantileEstimate, sum } from '#stats/mean.ts';
import { random } from '#stats/random.ts';

const number = fc.double({ min: -1e6, max: 1e6, noNaN: true });
const numbers = fc.array(number, { minLength: 2, maxLength: 60 });

test('NIST StRD univariate: NumAcc1 to NumAcc4', () => {
  const alternating = (base: number, n: number) => [base + 0.2, ...Array.from({ length: n }, (_, i) => base + (i % 2 ? 0.3 : 0.1))];
  const cases: [number[], number, number, number][] = [
    [[10000001, 10000003, 10000002], 10000002, 1, 15],
    [alternating(1, 1000), 1.2, 0.1, 14],
    [alternating(1000000, 1000), 1000000.2, 0.1, 8],
    [alternating(10000000, 1000), 10000000.2, 0.1, 7],
  ];
  for (const [values, centre, deviation, digits] of cases) {
    const found = moments(values);
    expect(Math.abs(found.mean! - centre) / centre).toBeLessThan(1e-15);
    expect(Math.sqrt(found.variance!)).toBeCloseTo(deviation, digits);
  }
});

test('sums keep what plain addition loses, in any order', () => {
  expect(sum([1, 1e100, 1, -1e100])).toBe(2);
  expect(sum(new Array(10).fill(0.1))).toBe(1);
  fc.assert(
    fc.property(numbers, fc.integer(), (values, seed) => {
      expect(sum(random(seed).shuffle(values))).toBeCloseTo(sum(values), 8);
    }),
  );
});

test('Welch, against 30 digits', () => {
  const found = compareMeans([12, 15, 11, 19, 14], [21, 17, 25, 18, 30, 22])!;
  expect(found.difference).toBeCloseTo(7.966666666666667, 12);
  expect(found.t).toBeCloseTo(3.31720557430381, 12);
  expect(found.df).toBeCloseTo(8.59335677069547, 11);
  expect(found.p).toBeCloseTo(0.00957343338157233, 13);
});

test('median limits sit at the published ranks', () => {
  const ranks = (n: number) => {
    const found = quantileEstimate(
      Array.from({ length: n }, (_, i) => i + 1),
      0.5,
    );
    return found && [found.low, found.high];
  };
  expect(ranks(5)).toBeNull();
  expect(ranks(6)).toEqual([1, 6]);
  expect(ranks(10)).toEqual([2, 9]);
  expect(ranks(20)).toEqual([6, 15]);
  expect(ranks(100)).toEqual([40, 61]);
});

test('quantiles of type 7', () => {
  expect(quantile([4, 1, 3, 2], 0.25)).toBe(1.75);
  expect(median([3, 1, 2])).toBe(2);
  expect(median([])).toBeNull();
  expect(quantile([7], 0.9)).toBe(7);
});

test('empty, single, constant and broken inputs', () => {
  expect(mean([])).toBeNull();
  expect(mean([3])).toBeNull();
  expect(mean([3, 3, 3])).toEqual({ value: 3, low: 3, high: 3, n: 3 });
  expect(compareMeans([1], [1, 2])).toBeNull();
  expect(compareMeans([1, 1], [1, 1])).toMatchObject({ t: 0, p: 1 });
  expect(compareMeans([1, 1], [2, 2])).toMatchObject({ t: Number.POSITIVE_INFINITY, p: 0 });
  expect(() => mean([1, Number.NaN])).toThrow('values[1]: expected a finite number, found NaN');
  expect(() => quantile([1], 2)).toThrow('q: expected a number from 0 to 1, found 2');
});

test('intervals hold the value, follow shifts, and are wider at a higher level', () => {
  fc.assert(
    fc.property(numbers, number, (values, shift) => {
      const plain = mean(values)!;
      const moved = mean(values.map((value) => value + shift))!;
      expect(plain.low <= plain.value && plain.value <= plain.high).toBe(true);
      expect(moved.high - moved.low).toBeCloseTo(plain.high - plain.low, 5);
      expect(mean(values, 0.99)!.low).toBeLessThanOrEqual(plain.low);
    }),
  );
});

test('coverage of the mean and of the median at 95%', () => {
  const r = random(4, 'coverage');
  let [means, medians] = [0, 0];
  for (let i = 0; i < 2000; i++) {
    const values = Array.from({ length: 15 }, r.normal);
    const m = mean(values)!;
    const q = quantileEstimate(values, 0.5)!;
    if (m.low <= 0 && m.high >= 0) means++;
    if (q.low <= 0 && q.high >= 0) medians++;
  }
  expect(means / 2000).toBeCloseTo(0.95, 1.5);
  expect(medians / 2000).toBeGreaterThan(0.94);
});
