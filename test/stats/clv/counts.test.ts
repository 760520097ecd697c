import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bgBb } from '#stats/clv/bg-bb.ts';
import { bgNbd } from '#stats/clv/bg-nbd.ts';
import type { Law } from '#stats/clv/law.ts';
import { mbgNbd } from '#stats/clv/mbg-nbd.ts';
import { nbd } from '#stats/clv/nbd.ts';
import { paretoNbd } from '#stats/clv/pareto-nbd.ts';

const positive = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const history = fc
  .record({ x: fc.integer({ min: 0, max: 60 }), T: positive(0.2, 200), part: positive(0, 1) })
  .map(({ x, T, part }) => ({ x, T, tx: x === 0 ? 0 : part * T }));

const laws: [string, Law<never>, Record<string, fc.Arbitrary<number>>, number][] = [
  ['BG/NBD', bgNbd as Law<never>, { r: positive(0.05, 5), alpha: positive(0.5, 60), a: positive(0.05, 5), b: positive(0.05, 9) }, 1e-9],
  ['MBG/NBD', mbgNbd as Law<never>, { r: positive(0.05, 5), alpha: positive(0.5, 60), a: positive(0.05, 5), b: positive(0.05, 9) }, 1e-9],
  ['NBD', nbd as Law<never>, { r: positive(0.05, 5), alpha: positive(0.5, 60) }, 1e-9],
  // By quadrature: near enough for any quantile that is printed.
  [
    'Pareto/NBD',
    paretoNbd as Law<never>,
    { r: positive(0.05, 5), alpha: positive(0.5, 60), s: positive(0.05, 4), beta: positive(1, 90) },
    1e-3,
  ],
];

describe.each(laws)('%s', (_, law, parameters, close) => {
  test('all counts at once are the counts one by one', () => {
    fc.assert(
      fc.property(fc.record(parameters), history, positive(0.1, 60), (p, { x, tx, T }, t) => {
        const out: number[] = [];
        const n = law.counts(p as never, x, tx, T, t, out);
        let sum = 0;
        for (let k = 0; k < n; k++) {
          expect(Math.abs(out[k]! - law.count(p as never, x, tx, T, t, k))).toBeLessThan(close);
          sum += out[k]!;
        }
        expect(sum).toBeGreaterThan(1 - 1e-4);
        expect(sum).toBeLessThan(1 + 1e-9);
      }),
      { numRuns: 150, seed: 5 },
    );
  });

  test('no time ahead brings no purchase', () => {
    const out: number[] = [];
    const p = { r: 0.3, alpha: 5, a: 0.8, b: 2, s: 0.6, beta: 12 };
    expect(law.counts(p as never, 2, 3, 9, 0, out)).toBe(1);
    expect(out[0]).toBe(1);
  });
});

test('a rate so high that no purchase at all underflows', () => {
  const out: number[] = [];
  const n = nbd.counts({ r: 4000, alpha: 10 }, 0, 0, 0, 10, out);
  const mean = out.slice(0, n).reduce((sum, p, k) => sum + k * p, 0);
  expect(mean).toBeCloseTo(4000, 2);
});

test('BG/BB counts opportunities', () => {
  const p = { alpha: 1.2, beta: 0.75, gamma: 0.66, delta: 2.78 };
  const out: number[] = [];
  expect(bgBb.counts(p, 3, 5, 6, 4, out)).toBe(5);
  expect(out.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 10);
});
