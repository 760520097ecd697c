import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compress, concentration, gini, lorenz, topShare } from '#stats/concentration.ts';
import { random } from '#stats/random.ts';

test('by hand', () => {
  expect(gini(compress([1, 2, 3, 4]))).toBeCloseTo(0.25, 14);
  expect(gini(compress([0, 0, 0, 1]))).toBeCloseTo(0.75, 14);
  expect(gini(compress([5, 5, 5]))).toBe(0);
  expect(topShare(compress([1, 2, 3, 4]), 0.25)).toBeCloseTo(0.4, 14);
  expect(topShare(compress([1, 2, 3, 4]), 0.375)).toBeCloseTo(0.55, 14);
  expect(lorenz(compress([1, 3]), 2)).toEqual([
    { units: 0, held: 0 },
    { units: 0.5, held: 0.25 },
    { units: 1, held: 1 },
  ]);
});

test('counts stand for repeated values; negatives count as 0 and are told', () => {
  const listed = compress([3, 1, 3, 3, -2, 0]);
  expect([...listed.values]).toEqual([0, 1, 3]);
  expect([...listed.counts]).toEqual([2, 1, 3]);
  expect(listed.negative).toBe(1);
  expect(compress([-2, 0, 1, 3], [1, 1, 1, 3])).toEqual(listed);
});

test('empty, single, all zero, broken', () => {
  expect(gini(compress([]))).toBeNull();
  expect(topShare(compress([0, 0]), 0.5)).toBeNull();
  expect(lorenz(compress([]))).toBeNull();
  expect(concentration(compress([4]), { seed: 1 })).toBeNull();
  expect(concentration(compress([]), { seed: 1 })).toBeNull();
  expect(() => compress([1, Number.NaN])).toThrow('values[1]: expected a finite number, found NaN');
  expect(() => topShare(compress([1]), 2)).toThrow('part');
});

test('Gini is the mean difference, in bounds, free of scale and order; the top holds at least its part', () => {
  const amounts = fc.array(fc.double({ min: 0, max: 1e4, noNaN: true }), { minLength: 2, maxLength: 40 });
  fc.assert(
    fc.property(
      amounts,
      fc.double({ min: 0.1, max: 100, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (values, scale, part) => {
        const data = compress(values);
        const g = gini(data);
        const total = values.reduce((a, b) => a + b, 0);
        if (g === null || total < 1e-6) return;
        const differences = values.flatMap((a) => values.map((b) => Math.abs(a - b))).reduce((a, b) => a + b, 0);
        expect(g).toBeCloseTo(differences / (2 * values.length * total), 9);
        expect(g <= 1 - 1 / values.length + 1e-12).toBe(true);
        expect(gini(compress(values.map((value) => value * scale).reverse()))).toBeCloseTo(g, 9);
        expect(topShare(data, part)!).toBeGreaterThanOrEqual(part - 1e-12);
        const curve = lorenz(data, 10)!;
        curve.forEach((point, i) => {
          if (i > 0) expect(point.held).toBeGreaterThanOrEqual(curve[i - 1]!.held - 1e-12);
        });
      },
    ),
  );
});

test('seeded; the interval holds the known Gini of an exponential, 1/2, by single draws and by binomials alike', () => {
  let inside = 0;
  for (let i = 0; i < 150; i++) {
    const r = random(i, 'exponential');
    const found = concentration(compress(Array.from({ length: 400 }, () => r.gamma(1))), { seed: i, resamples: 200 })!.gini;
    if (found.low <= 0.5 && found.high >= 0.5) inside++;
  }
  expect(inside / 150).toBeGreaterThan(0.89);
  const r = random(2, 'counts');
  const values = Array.from({ length: 4000 }, () => r.poisson(1.2));
  const few = compress(values);
  expect(concentration(few, { seed: 3 })).toEqual(concentration(few, { seed: 3 }));
  const many = compress(values.map((value, i) => value + i * 1e-9));
  const [a, b] = [concentration(few, { seed: 3 })!.gini, concentration(many, { seed: 3 })!.gini];
  expect(a.high - a.low).toBeCloseTo(b.high - b.low, 2.5);
});

test('100,000 customers are quick', () => {
  const r = random(1, 'many');
  const data = compress(Array.from({ length: 100_000 }, () => Math.round(Math.exp(4 + r.normal()) * 100) / 100));
  const start = performance.now();
  expect(concentration(data, { seed: 1 })!.gini.value).toBeCloseTo(0.5205, 2);
  expect(performance.now() - start).toBeLessThan(5000);
});
