import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mase } from '#stats/forecast/accuracy.ts';
import { forecast } from '#stats/forecast/forecast.ts';
import { chanceOfTarget, widened } from '#stats/forecast/futures.ts';
import { random } from '#stats/random.ts';
import { passengers } from './passengers.ts';

test('airline passengers: better than the damped Holt–Winters of .623, and than seasonal naive', () => {
  const test = passengers.slice(132);
  const found = forecast(passengers.slice(0, 132), { seed: 1, period: 12, horizon: 12 })!;
  expect(found.method).toBe('seasonal exponential smoothing');
  expect(found.records.map(({ name }) => name)).toEqual([
    'seasonal naive',
    'drift',
    'exponential smoothing',
    'seasonal exponential smoothing',
  ]);
  const medians = found.steps.map(({ value }) => value);
  expect(mase(passengers.slice(0, 132), test, medians, 12)!).toBeLessThan(0.55);
  expect(found.steps.filter(({ low95, high95 }, h) => low95 <= test[h]! && test[h]! <= high95).length).toBeGreaterThanOrEqual(11);
  expect(found.total.low95).toBeLessThan(test.reduce((a, b) => a + b));
  expect(found.total.high95).toBeGreaterThan(test.reduce((a, b) => a + b));
  expect(found.records[3]!.mase!).toBeLessThan(found.records[0]!.mase!);
  const twoYears = forecast(passengers.slice(0, 120), { seed: 1, period: 12, horizon: 12 })!;
  expect(
    mase(
      passengers.slice(0, 120),
      passengers.slice(120, 132),
      twoYears.steps.map(({ value }) => value),
      12,
    )!,
  ).toBeLessThan(1.1);
});

test('three years of weeks with a season: found, and far better than the baseline', () => {
  const r = random(5, 'weeks');
  const level = (i: number) => 500 * Math.exp(0.003 * i + 0.3 * Math.cos((2 * Math.PI * 7 * i) / 365.25));
  const values = Array.from({ length: 156 }, (_, i) => level(i) * Math.exp(0.06 * r.normal()));
  const found = forecast(values, { seed: 1, period: 52 })!;
  expect(found.words).toMatch(/season of \d+ harmonics, on logarithms/);
  const [baseline, , plain, seasonal] = found.records;
  expect(seasonal!.mase!).toBeLessThan(0.6 * baseline!.mase!);
  expect(seasonal!.mase!).toBeLessThan(plain!.mase!);
  found.steps.forEach(({ value }, h) => {
    expect(Math.abs(value / level(156 + h) - 1)).toBeLessThan(0.08);
  });
});

test('a short series is judged by fewer steps; under six known values there is no forecast', () => {
  const short = forecast([12, 15, 11, 14, 13, 12, 16, 14, 13, 15], { seed: 1, period: 52 })!;
  expect(short.judged).toEqual({ horizon: 1, origins: 2 });
  expect(short.records[0]!.name).toBe('naive');
  expect(short.steps).toHaveLength(13);
  const six = forecast([12, 15, 11, 14, 13, 12], { seed: 1, period: 52 })!;
  expect(six.judged.origins).toBe(0);
  expect(six.method).toBe('naive');
  expect(six.records.every(({ mase, n }) => mase === null && n === 0)).toBe(true);
  expect(forecast([1, 2, 3, 4, 5], { seed: 1, period: 52 })).toBeNull();
  expect(forecast([null, null, 5], { seed: 1, period: null })).toBeNull();
  expect(forecast([], { seed: 1, period: 7 })).toBeNull();
});

test('the same seed gives the same bytes; what comes before the first value is no history', () => {
  const values = passengers.slice(0, 48);
  const one = forecast(values, { seed: 3, period: null, paths: 300 })!;
  expect(forecast(values, { seed: 3, period: null, paths: 300 })!.paths).toEqual(one.paths);
  expect(forecast([null, null, ...values], { seed: 3, period: null, paths: 300 })!.paths).toEqual(one.paths);
  expect(forecast(values, { seed: 4, period: null, paths: 300 })!.paths).not.toEqual(one.paths);
});

test('intervals that held too little are widened, and it is said', () => {
  // Growth that keeps getting faster: every forecast falls short.
  const r = random(1, 'faster');
  const values = Array.from({ length: 90 }, (_, i) => 100 * Math.exp((i / 45) ** 4 / 8 + 0.02 * r.normal()));
  const found = forecast(values, { seed: 1, period: null })!;
  const record = found.records.find(({ name }) => name === found.method)!;
  expect(found.widening > 1).toBe(record.covered95! < 0.95 - 1.64 * Math.sqrt((0.95 * 0.05) / (2 * found.judged.origins)));
  const futures = { paths: Float64Array.of(8, 10, 20, 6, 10, 20, 10, 12, 20), horizon: 3 };
  expect([...widened(futures, 2).paths]).toEqual([8, 10, 20, 4.5, 10, 20, 12, 14, 20].map((value) => expect.closeTo(value, 12)));
  expect(widened(futures, 1)).toBe(futures);
  expect([...widened({ paths: Float64Array.of(0, 2, 10), horizon: 1 }, 3).paths]).toEqual([0, 2, 26]);
});

test('chance of a target', () => {
  const futures = { paths: Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8), horizon: 2 };
  expect(chanceOfTarget(futures, 7).value).toBe(0.75);
  expect(chanceOfTarget(futures, 7, { from: 2, to: 2 }).value).toBe(0.25);
  expect(chanceOfTarget(futures, 10, { from: 1, to: 2 }, 7).value).toBe(1);
  expect(chanceOfTarget(futures, 16).value).toBe(0);
  expect(() => chanceOfTarget(futures, 7, { from: 2, to: 3 })).toThrow('to: expected at most the horizon (2), found 3');
  expect(() => chanceOfTarget(futures, Number.NaN)).toThrow('target');
});

test('nonsense is named', () => {
  expect(() => forecast([1, 2, Number.NaN, 4, 5, 6], { seed: 1, period: null })).toThrow(
    'values[2]: expected a finite number or null, found NaN',
  );
  expect(() => forecast([1, 2], { seed: 1, period: null, horizon: 0 })).toThrow('horizon');
  expect(() => forecast([1, 2], { seed: 1, period: 12, horizon: 40 })).toThrow('horizon: expected at most');
});

test('never NaN, bounds in order, at least 0 where no value is negative', () => {
  const value = fc.option(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 1e6 }), fc.double({ min: 0, max: 1e9, noNaN: true })), {
    freq: 8,
  });
  fc.assert(
    fc.property(fc.array(value, { maxLength: 40 }), fc.constantFrom(52, 12, 7, 4, null), (values, period) => {
      const found = forecast(values, { seed: 1, period, horizon: 4, paths: 100, origins: 3 });
      if (!found) return;
      for (const { low95, low80, value: middle, high80, high95 } of [...found.steps, found.total]) {
        expect([low95, high95].every(Number.isFinite)).toBe(true);
        expect(0 <= low95 && low95 <= low80 && low80 <= middle && middle <= high80 && high80 <= high95).toBe(true);
      }
    }),
    { numRuns: 40 },
  );
});
