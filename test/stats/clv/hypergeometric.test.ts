import fc from 'fast-check';
import { expect, test } from 'vitest';
import { logHypergeometric } from '#stats/clv/hypergeometric.ts';

test('ln 2F1 against mpmath at 40 digits', () => {
  const cases: [number, number, number, number, number][] = [
    [1.5, 2, 3, 0.5, 0.6632679579207226],
    [0.243, 2.426, 2.219, 0.9, 0.6666138494182039],
    [26.5, 1.6, 27.5, 0.999, 7.725353974293213],
    [500, 600, 501.5, 0.7, 720.3841573090641],
    [1000, 3, 1001, 0.99999, 29.230839587333357],
    [2, 3, 4, 0.999999999, 21.82187811544992],
    [3, 4, 1.5, 0.99, 26.67220186001783],
    [0.01, 0.02, 0.03, 0.999999, 0.08812983308504306],
    [5, 0.5, 8, -100000, -5.489992153288123],
    [300, 2, 301, -50, -7.857094299127119],
    [60, 40, 1.2, 0.5, 116.05095829725265],
    [2, 3, 1, 0.9999, 37.93990710768429],
  ];
  for (const [a, b, c, z, log] of cases) {
    expect(Math.abs(logHypergeometric(a, b, c, z) - log), `${a} ${b} ${c} ${z}`).toBeLessThan(2e-12 * Math.max(1, Math.abs(log)));
  }
});

test('elementary cases: powers, logarithm, arcsine', () => {
  expect(logHypergeometric(2.5, 4, 4, -3)).toBeCloseTo(-2.5 * Math.log(4), 13);
  expect(Math.exp(logHypergeometric(1, 1, 2, 0.5))).toBeCloseTo(2 * Math.log(2), 13);
  expect(Math.exp(logHypergeometric(1, 1, 2, -1))).toBeCloseTo(Math.log(2), 13);
  expect(Math.exp(logHypergeometric(0.5, 0.5, 1.5, 0.25))).toBeCloseTo(Math.asin(0.5) / 0.5, 13);
  expect(logHypergeometric(3, 4, 5, 0)).toBe(0);
});

test('symmetric in a and b, and keeps the contiguous relation in c', () => {
  const parameter = fc.double({ min: 0.01, max: 60, noNaN: true });
  const z = fc.double({ min: 1e-6, max: 0.9999, noNaN: true });
  fc.assert(
    fc.property(parameter, parameter, parameter, z, (a, b, more, at) => {
      const c = Math.max(a, b) + more + 1;
      const f = (shift: number) => logHypergeometric(a, b, c + shift, at);
      const top = f(0);
      expect(logHypergeometric(b, a, c, at)).toBeCloseTo(top, 10);
      const terms = [
        c * (c - 1) * (at - 1) * Math.exp(f(-1) - top),
        c * (c - 1 - (2 * c - a - b - 1) * at),
        (c - a) * (c - b) * at * Math.exp(f(1) - top),
      ];
      const size = terms.reduce((sum, term) => sum + Math.abs(term), 0);
      expect(Math.abs(terms[0]! + terms[1]! + terms[2]!) / size).toBeLessThan(1e-11);
    }),
    { numRuns: 200, seed: 5 },
  );
});

test('names what it cannot take', () => {
  expect(() => logHypergeometric(1, 2, 3, 1)).toThrow(/z < 1/);
  expect(() => logHypergeometric(0, 2, 3, 0.5)).toThrow(RangeError);
  expect(() => logHypergeometric(1, Number.NaN, 3, 0.5)).toThrow(RangeError);
  expect(() => logHypergeometric(4, 5, 1, -2)).toThrow(/c above a or b/);
});
