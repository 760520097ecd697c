import { describe, expect, test } from 'vitest';
import { fitMbgNbd, mbgNbd, mbgNbdLog } from '#stats/clv/mbg-nbd.ts';
import { random } from '#stats/random.ts';
import { absent, cdnowSummary } from './cdnow.ts';
import { simulate } from './simulate.ts';

const published = { r: 0.525, alpha: 6.183, a: 0.891, b: 1.614 };

// PyMC-Marketing's tests, BTYDplus (mbgcnbd, k = 1) and the definition at 25 digits.
test.each([
  [{ r: 0.25, alpha: 4, a: 0.8, b: 2.5 }, 0, 0, 40, -0.41792826204498],
  [{ r: 0.25, alpha: 4, a: 0.8, b: 2.5 }, 200, 38, 40, 100.7869097609912],
  [{ r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 }, 100000, 3, 1e9, 850931.8478627049],
  [{ r: 20, alpha: 1e-3, a: 50, b: 0.2 }, 2000, 0.5, 1000, 14329.11378053248],
  [{ r: 0.5, alpha: 6, a: 1e-6, b: 2 }, 0, 0, 0, 0],
])('log-likelihood %j at (%d, %d, %d)', (p, x, tx, T, expected) => {
  expect(Math.abs(mbgNbdLog(p, x, tx, T) - expected)).toBeLessThanOrEqual(2e-12 * Math.abs(expected) + 1e-13);
});

test.each([
  [10, 35, 39, 0.8308977883],
  [0, 0, 39, 0.3893476487],
])('P(alive) at (%d, %d, %d)', (x, tx, T, expected) => {
  expect(mbgNbd.alive(published, x, tx, T)).toBeCloseTo(expected, 9);
});

test('expected purchases of a new customer add up from their chances', () => {
  let mean = 0;
  let sum = 0;
  for (let n = 0; n < 400; n++) {
    const chance = mbgNbd.countNew(published, 52, n);
    sum += chance;
    mean += n * chance;
  }
  expect(sum).toBeCloseTo(1, 10);
  expect(mean).toBeCloseTo(mbgNbd.expectedNew(published, 52), 8);
  // b/(a−1) [1 − (α/(α+t))^r ₂F₁(r, b+1; a+b; t/(α+t))], Batislam et al. (2007), at 25 digits.
  expect(mbgNbd.expectedNew(published, 52)).toBeCloseTo(1.41972375771275, 9);
});

test.skipIf(absent !== '')(`the fit of CDNOW that BTYDplus prints${absent}`, () => {
  const found = fitMbgNbd(cdnowSummary());
  expect(Math.abs(found.logLikelihood - -9582.1357)).toBeLessThan(0.01);
  expect(Math.abs(found.parameters.r - 0.5248436)).toBeLessThan(5e-4);
  expect(Math.abs(found.parameters.alpha - 6.1830928)).toBeLessThan(5e-4);
  expect(Math.abs(found.parameters.a - 0.8913878)).toBeLessThan(5e-4);
  expect(Math.abs(found.parameters.b - 1.6140483)).toBeLessThan(5e-4);
  expect(found.degenerate).toEqual([]);
});

describe('fits', () => {
  test('known parameters come back within their errors', () => {
    const truth = { r: 0.8, alpha: 6, a: 0.9, b: 1.6 };
    const found = fitMbgNbd(simulate({ ...truth, first: 1 }, 30_000, random(21, 'recovery')));
    for (const name of ['r', 'alpha', 'a', 'b'] as const) {
      expect(Math.abs(found.parameters[name] - truth[name])).toBeLessThan(4 * found.standardErrors[name]!);
    }
  });

  test('what can not be fitted is named', () => {
    expect(() => fitMbgNbd({ x: [0], tx: [0], T: [3] })).toThrow(/^x: MBG\/NBD/);
    expect(() => mbgNbd.any(published, 1, Number.NaN, 2, 1)).toThrow(/^tx: /);
    expect(() => mbgNbd.expectedNew({ ...published, r: 0 }, 2)).toThrow(/^r: /);
  });
});
