import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Random, random } from '#source/random.ts';

const n = 100_000;

function moments(next: () => number): { mean: number; variance: number } {
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < n; i++) {
    const value = next();
    sum += value;
    squares += value * value;
  }
  return { mean: sum / n, variance: squares / n - (sum / n) ** 2 };
}

const laws: [name: string, next: (draw: Random) => number, mean: number, variance: number][] = [
  ['uniform', (d) => d.uniform(), 1 / 2, 1 / 12],
  ['integer(10)', (d) => d.integer(10), 4.5, 8.25],
  ['normal', (d) => d.normal(), 0, 1],
  ['exponential(2)', (d) => d.exponential(2), 0.5, 0.25],
  ['gamma(0.3, 2)', (d) => d.gamma(0.3, 2), 0.15, 0.075],
  ['gamma(6, 0.5)', (d) => d.gamma(6, 0.5), 12, 24],
  ['beta(0.8, 2.2)', (d) => d.beta(0.8, 2.2), 0.8 / 3, (0.8 * 2.2) / (9 * 4)],
  ['poisson(1.7)', (d) => d.poisson(1.7), 1.7, 1.7],
  ['poisson(40)', (d) => d.poisson(40), 40, 40],
  ['categorical', (d) => d.categorical([1, 0, 3]), 1.5, 0.75],
];

describe('random', () => {
  it.each(laws)('%s has its mean and variance', (name, next, mean, variance) => {
    const draw = random(7, name);
    const found = moments(() => next(draw));
    expect(Math.abs(found.mean - mean)).toBeLessThan(5 * Math.sqrt(variance / n));
    expect(found.variance / variance).toBeGreaterThan(0.94);
    expect(found.variance / variance).toBeLessThan(1.06);
  });

  it('repeats for the same seed and stream, and differs for another of either', () => {
    const take = (seed: number, stream?: string) => {
      const draw = random(seed, stream);
      return Array.from({ length: 4 }, () => draw.uniform());
    };
    expect(take(1, 'a')).toEqual(take(1, 'a'));
    expect(take(1, 'a')).not.toEqual(take(2, 'a'));
    expect(take(1, 'a')).not.toEqual(take(1, 'b'));
    expect(take(1.5)).not.toEqual(take(1));
  });

  it('draws a large Poisson as a sum', () => {
    const draw = random(3);
    const mean = 12_000;
    const found = Array.from({ length: 200 }, () => draw.poisson(mean)).reduce((sum, value) => sum + value, 0) / 200;
    expect(Math.abs(found - mean)).toBeLessThan(5 * Math.sqrt(mean / 200));
    expect(draw.poisson(0)).toBe(0);
  });

  it('stays in bounds for any seed', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), fc.string(), fc.integer({ min: 1, max: 50 }), (seed, stream, size) => {
        const draw = random(seed, stream);
        for (let i = 0; i < 20; i++) {
          const u = draw.uniform();
          expect(u >= 0 && u < 1).toBe(true);
          const k = draw.integer(size);
          expect(Number.isInteger(k) && k >= 0 && k < size).toBe(true);
          expect(draw.gamma(0.2)).toBeGreaterThanOrEqual(0);
          expect(draw.categorical(new Float64Array(size).fill(1))).toBeLessThan(size);
        }
      }),
      { numRuns: 50 },
    );
  });
});
