import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Random, random } from '#stats/random.ts';
import { type ExpectedRangeOptions, expectedRange } from '#stats/seasonal.ts';

type Process = (r: Random, n: number, period: number) => number[];
const series = (n: number, at: (i: number) => number) => Array.from({ length: n }, (_, i) => at(i));
const walk = (r: Random, n: number, step: number) => {
  let level = 1000;
  return series(n, () => {
    level += step * r.normal();
    return level;
  });
};
const processes: Record<string, Process> = {
  'white noise': (r, n) => series(n, () => 100 + 10 * r.normal()),
  'relative noise': (r, n) => series(n, () => 1000 * Math.exp(0.3 * r.normal())),
  'random walk': (r, n) => walk(r, n, 10),
  'noisy walk': (r, n) => walk(r, n, 3).map((level) => level + 10 * r.normal()),
  seasonal: (r, n, period) => series(n, (i) => 1000 * Math.exp(0.3 * Math.sin((2 * Math.PI * i) / period) + 0.06 * r.normal())),
  growing: (r, n) => series(n, (i) => 200 * Math.exp(0.01 * i + 0.08 * r.normal())),
  'growing and seasonal': (r, n, period) => {
    const angle = (2 * Math.PI) / period;
    return series(n, (i) => 200 * Math.exp(0.005 * i + 0.25 * Math.cos(angle * i) + 0.1 * Math.cos(2 * angle * i) + 0.08 * r.normal()));
  },
  'small counts': (r, n) => series(n, () => r.poisson(3)),
};

const shapes: { name: string; period: 52 | 12 | 7 | null; n: number; repeats: number }[] = [
  { name: 'five years of weeks', period: 52, n: 260, repeats: 10 },
  { name: 'a year of weeks', period: null, n: 60, repeats: 50 },
  { name: 'half a year of days', period: 7, n: 180, repeats: 12 },
  { name: 'six years of months', period: 12, n: 72, repeats: 30 },
];

describe('share of points inside their range is within 4 points of the level', () => {
  for (const { name, period, n, repeats } of shapes) {
    for (const [process, make] of Object.entries(processes)) {
      test(`${process}, ${name}`, () => {
        for (const level of [0.8, 0.95]) {
          let [inside, all] = [0, 0];
          for (let seed = 0; seed < repeats; seed++) {
            const values = make(random(seed, process), n, period === 52 ? 365.25 / 7 : (period ?? 52));
            const { low, high } = expectedRange(values, { period, level });
            values.forEach((value, i) => {
              if (low[i] === null) return;
              all++;
              if (value >= low[i]! && value <= high[i]!) inside++;
            });
          }
          expect(Math.abs(inside / all - level), `${inside} of ${all} at ${level}`).toBeLessThan(0.04);
        }
      });
    }
  }
});

test('a season known for two years narrows the range and is named', () => {
  const values = processes.seasonal!(random(3, 'season'), 260, 365.25 / 7);
  const seasonal = expectedRange(values, { period: 52 });
  const plain = expectedRange(values, { period: null });
  expect(seasonal.method).toContain('with season');
  expect(seasonal.sigma!).toBeLessThan(0.9 * plain.sigma!);
  expect(expectedRange(processes['white noise']!(random(3, 'none'), 260, 52), { period: 52 }).method).not.toContain('season');
});

test('a shift is called at once, and taken in soon after', () => {
  const r = random(8, 'shift');
  const values = series(80, (i) => (i < 60 ? 100 : 160) + 5 * r.normal());
  const { low, high, expected } = expectedRange(values);
  expect(values[60]!).toBeGreaterThan(high[60]!);
  expect(Math.abs(expected[79]! - 160)).toBeLessThan(15);
  expect(values[79]!).toBeGreaterThan(low[79]!);
});

test('short, constant, zero, missing and broken series', () => {
  const short = expectedRange([1, 2, 3, 4, 5, 6, 7]);
  expect(short).toMatchObject({ next: null, sigma: null, tested: 0, method: 'no range: history is too short' });
  expect(short.expected).toEqual(new Array(7).fill(null));
  expect(expectedRange([]).expected).toEqual([]);
  const flat = expectedRange(new Array(30).fill(5), { period: 12 });
  expect(flat.next!.expected).toBeCloseTo(5, 6);
  expect(flat.next!.high - flat.next!.low).toBeLessThan(1e-5);
  const none = expectedRange(new Array(30).fill(0));
  expect(none.next!.low).toBe(0);
  expect(none.next!.expected).toBeCloseTo(0, 6);
  expect(expectedRange([null, 5, null, 6, 5, 7, 6, 5, null, 6, 5, 7]).expected.filter((value) => value !== null)).toHaveLength(1);
  expect(() => expectedRange([1, Number.NaN])).toThrow('values[1]: expected a finite number or null, found NaN');
  expect(() => expectedRange([], { minHistory: 1 })).toThrow('minHistory');
});

test('never NaN, low ≤ expected ≤ high, at least 0 where no value is negative, and no peeking', () => {
  const value = fc.option(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 1e6 }), fc.double({ min: 0, max: 1e9, noNaN: true })));
  const options = fc.record({ period: fc.constantFrom(52, 12, 7, null), level: fc.constantFrom(0.8, 0.95) });
  fc.assert(
    fc.property(fc.array(value, { maxLength: 60 }), options, fc.nat(60), (values, option, cut) => {
      const whole = expectedRange(values, option as ExpectedRangeOptions);
      whole.expected.forEach((expected, i) => {
        if (expected === null) return;
        expect([expected, whole.low[i], whole.high[i]].every(Number.isFinite)).toBe(true);
        expect(0 <= whole.low[i]! && whole.low[i]! <= expected && expected <= whole.high[i]!).toBe(true);
      });
      const part = expectedRange(values.slice(0, cut), option as ExpectedRangeOptions);
      expect(part.high).toEqual(whole.high.slice(0, cut));
      if (cut < values.length) expect(part.next?.low ?? null).toBe(whole.low[cut]);
    }),
    { numRuns: 60 },
  );
});
