import { expect, test } from 'vitest';
import { bootstrap, bootstrapMean, bootstrapQuantile, bootstrapRatio } from '#stats/bootstrap.ts';
import { mean } from '#stats/mean.ts';
import { random } from '#stats/random.ts';
import { ratio } from '#stats/ratio.ts';

const options = { seed: 1, label: 'test' };

test('seed and label fix the interval', () => {
  const values = [3, 1, 4, 1, 5, 9, 2, 6];
  expect(bootstrapMean(values, options)).toEqual(bootstrapMean(values, options));
  expect(bootstrapMean(values, options)).not.toEqual(bootstrapMean(values, { ...options, label: 'other' }));
});

test('agrees with theory where theory holds', () => {
  const r = random(2, 'data');
  const values = Array.from({ length: 400 }, () => 50 + 10 * r.normal());
  const sizes = values.map(() => 1 + r.poisson(2));
  for (const method of ['bca', 'percentile'] as const) {
    const found = bootstrapMean(values, { ...options, method, resamples: 4000 })!;
    const theory = mean(values)!;
    expect((found.high - found.low) / (theory.high - theory.low)).toBeCloseTo(1, 1);
    expect(found.value).toBeCloseTo(theory.value, 10);
  }
  const found = bootstrapRatio(values, sizes, { ...options, resamples: 4000 })!;
  const theory = ratio(values, sizes)!;
  expect((found.high - found.low) / (theory.high - theory.low)).toBeCloseTo(1, 1);
});

test('BCa covers the mean of a skewed variate better than percentiles', () => {
  const covered = { bca: 0, percentile: 0 };
  for (let i = 0; i < 400; i++) {
    const r = random(i, 'skew');
    const values = Array.from({ length: 25 }, () => r.gamma(0.5));
    for (const method of ['bca', 'percentile'] as const) {
      const found = bootstrapMean(values, { seed: i, label: 'skew', method, resamples: 300 })!;
      if (found.low <= 0.5 && found.high >= 0.5) covered[method]++;
    }
  }
  expect(covered.bca).toBeGreaterThanOrEqual(covered.percentile);
  expect(covered.bca / 400).toBeGreaterThan(0.87);
});

test('coverage of the median', () => {
  let covered = 0;
  for (let i = 0; i < 300; i++) {
    const r = random(i, 'median');
    const found = bootstrapQuantile(Array.from({ length: 40 }, r.normal), 0.5, { seed: i, label: 'median', resamples: 300 })!;
    if (found.low <= 0 && found.high >= 0) covered++;
  }
  expect(covered / 300).toBeGreaterThan(0.91);
});

test('empty, single, constant, without a value', () => {
  expect(bootstrapMean([], options)).toBeNull();
  expect(bootstrapMean([1], options)).toBeNull();
  expect(bootstrapMean([2, 2, 2], options)).toEqual({ value: 2, low: 2, high: 2, n: 3 });
  expect(bootstrapRatio([1, 2], [0, 0], options)).toBeNull();
  expect(bootstrap(5, () => null, options)).toBeNull();
  expect(bootstrapQuantile([], 0.5, options)).toBeNull();
  expect(() => bootstrapMean([1, 2], { ...options, resamples: 3 })).toThrow('resamples');
});
