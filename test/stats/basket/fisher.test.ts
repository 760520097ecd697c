import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fisherAbove, logFisherAbove } from '#stats/basket/fisher.ts';

describe('logFisherAbove', () => {
  // Hypergeometric upper tails, summed with 40 digits.
  it.each([
    [3, 4, 4, 8, -1.415281897993143],
    [188, 656, 383, 20675, -419.9282100753594],
    [5, 5, 5, 106000, -53.06838578173131],
    [12, 40, 30, 100, -0.5348977276801433],
    [590, 20000, 30000, 1000000, -0.4033760496991605],
    [5000, 20000, 30000, 1000000, -7105.033927712238],
    [700000, 800000, 850000, 1000000, -8831.367048723054],
  ])('%i of %i and %i in %i', (both, a, b, n, log) => {
    expect(Math.abs(logFisherAbove(both, a, b, n) / log - 1)).toBeLessThan(1e-9);
  });

  it('is Fisher’s lady tasting tea', () => {
    expect(fisherAbove(3, 4, 4, 8)).toBeCloseTo(17 / 70, 14);
    expect(fisherAbove(4, 4, 4, 8)).toBeCloseTo(1 / 70, 14);
    expect(fisherAbove(0, 4, 4, 8)).toBe(1);
  });

  it.each([
    [5, 4, 6, 10],
    [1, 8, 8, 10],
    [0, 0, 11, 10],
    [1.5, 4, 4, 8],
    [-1, 4, 4, 8],
  ])('refuses %d of %d and %d in %d', (both, a, b, n) => {
    expect(() => logFisherAbove(both, a, b, n)).toThrow(RangeError);
  });

  it('falls as more is shared, and does not care which set is which', () => {
    const count = fc.integer({ min: 0, max: 60 });
    fc.assert(
      fc.property(count, count, count, (a, b, more) => {
        const n = Math.max(a, b) + more;
        let before = 0;
        for (let both = Math.max(0, a + b - n); both <= Math.min(a, b); both++) {
          const log = logFisherAbove(both, a, b, n);
          expect(log).toBeLessThanOrEqual(before + 1e-12);
          expect(logFisherAbove(both, b, a, n)).toBeCloseTo(log, 9);
          before = log;
        }
      }),
    );
  });
});
