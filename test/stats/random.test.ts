import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mean, moments } from '#stats/mean.ts';
import { random } from '#stats/random.ts';

const draws = (n: number, draw: () => number) => Array.from({ length: n }, draw);

test('a seed and label fix the stream; another label is another stream', () => {
  const stream = (seed: number, label: string) => {
    const r = random(seed, label);
    return draws(5, r.bits);
  };
  expect(stream(1, 'a')).toEqual(stream(1, 'a'));
  expect(stream(1, 'a')).not.toEqual(stream(1, 'b'));
  expect(stream(1, 'a')).not.toEqual(stream(2, 'a'));
});

test('the stream never changes between versions, or reports would', () => {
  const r = random(7, 'golden');
  expect([r.bits(), r.bits(), r.integer(1000), r.uniform(), r.normal()]).toMatchInlineSnapshot(`
    [
      215918479,
      2827582544,
      642,
      0.8377810500648388,
      1.262330940265398,
    ]
  `);
});

test('moments of each draw', () => {
  const r = random(3, 'moments');
  const n = 40_000;
  const cases: [string, () => number, number, number][] = [
    ['uniform', r.uniform, 1 / 2, 1 / 12],
    ['normal', r.normal, 0, 1],
    ['integer', () => r.integer(10), 4.5, 99 / 12],
    ['large integer', () => r.integer(3e9) / 3e9, 1 / 2, 1 / 12],
    ['gamma 0.3', () => r.gamma(0.3), 0.3, 0.3],
    ['gamma 4', () => r.gamma(4), 4, 4],
    ['poisson 0.4', () => r.poisson(0.4), 0.4, 0.4],
    ['poisson 75', () => r.poisson(75), 75, 75],
    ['binomial 8', () => r.binomial(8, 0.3), 2.4, 1.68],
    ['binomial 1000', () => r.binomial(1000, 0.7), 700, 210],
  ];
  for (const [name, draw, centre, variance] of cases) {
    const found = moments(draws(n, draw));
    expect(Math.abs(found.mean! - centre), name).toBeLessThan(4 * Math.sqrt(variance / n));
    expect(found.variance! / variance, name).toBeGreaterThan(0.94);
    expect(found.variance! / variance, name).toBeLessThan(1.06);
  }
});

test('each of a few numbers comes up alike', () => {
  const r = random(11, 'dice');
  const counts = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < 60_000; i++) counts[r.integer(6)]!++;
  const chi = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
  expect(chi).toBeLessThan(20.5);
});

test('shuffle keeps its items, leaves the input, and moves each evenly', () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), fc.integer(), (items, seed) => {
      const copy = [...items];
      const shuffled = random(seed).shuffle(items);
      expect(items).toEqual(copy);
      expect([...shuffled].sort()).toEqual(copy.sort());
    }),
  );
  const r = random(5, 'places');
  expect(mean(draws(6000, () => r.shuffle([0, 1, 2, 3]).indexOf(0)))!.value).toBeCloseTo(1.5, 1);
});

test('out of range is named', () => {
  const r = random(1);
  expect(() => r.integer(0)).toThrow('random.integer: expected a whole number from 1 to 2^32, found 0');
  expect(() => r.gamma(0)).toThrow(RangeError);
  expect(() => r.poisson(-1)).toThrow(RangeError);
  expect(() => r.binomial(3, 1.1)).toThrow(RangeError);
});
