import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mean } from '#stats/mean.ts';
import { random } from '#stats/random.ts';
import { fieller, ratio } from '#stats/ratio.ts';

test('a constant denominator gives the interval of the mean', () => {
  const values = [12, 15, 11, 19, 14];
  const fours = [4, 4, 4, 4, 4];
  const plain = mean(values)!;
  for (const found of [ratio(values, fours)!, fieller(values, fours)!]) {
    expect(found.value).toBeCloseTo(plain.value / 4, 12);
    expect(found.low).toBeCloseTo(plain.low / 4, 12);
    expect(found.high).toBeCloseTo(plain.high / 4, 12);
  }
});

test('no unit, no denominator, unbounded', () => {
  expect(ratio([], [])).toBeNull();
  expect(ratio([1], [1])).toBeNull();
  expect(ratio([1, 2], [0, 0])).toBeNull();
  expect(fieller([1, 2, 3], [1, -1, 0.1])).toBeNull();
  expect(() => ratio([1], [1, 2])).toThrow('same length');
});

test('scaling either side scales the interval', () => {
  const positive = fc.double({ min: 0.5, max: 100, noNaN: true });
  fc.assert(
    fc.property(fc.array(fc.tuple(positive, positive), { minLength: 3, maxLength: 40 }), positive, (pairs, scale) => {
      const tops = pairs.map(([top]) => top);
      const bottoms = pairs.map(([, bottom]) => bottom);
      const plain = ratio(tops, bottoms)!;
      const scaled = ratio(
        tops.map((top) => top * scale),
        bottoms,
      )!;
      expect(scaled.low).toBeCloseTo(plain.low * scale, 6);
      expect(plain.low <= plain.value && plain.value <= plain.high).toBe(true);
    }),
  );
});

test('coverage of AOV over customers at 95%', () => {
  const r = random(9, 'aov');
  let [delta, exact] = [0, 0];
  const repeats = 1000;
  for (let i = 0; i < repeats; i++) {
    const orders = Array.from({ length: 80 }, () => 1 + r.poisson(0.8));
    const sales = orders.map((n) => Array.from({ length: n }, () => 20 * r.gamma(2)).reduce((a, b) => a + b, 0));
    const one = ratio(sales, orders)!;
    const two = fieller(sales, orders)!;
    if (one.low <= 40 && one.high >= 40) delta++;
    if (two.low <= 40 && two.high >= 40) exact++;
  }
  expect(delta / repeats).toBeGreaterThan(0.92);
  expect(exact / repeats).toBeGreaterThan(0.92);
  expect(exact / repeats).toBeLessThan(0.98);
});
