import { expect, test } from 'vitest';
import { compress } from '#stats/clv/compress.ts';
import { fitNbd, nbd, nbdLikelihood, nbdLog } from '#stats/clv/nbd.ts';
import { random } from '#stats/random.ts';
import { absent, cdnowExact } from './cdnow.ts';
import { checkDerivatives } from './gradient.ts';

// Γ(r+x)/Γ(r) α^r (α+T)^−(r+x) at 25 digits.
test.each([
  [0.3848, 12.07, 3, 30, -11.45883110942359],
  [1e-5, 1e6, 2, 10, -39.14395658094878],
  [2, 0.001, 200000, 1e-6, 3622584.910889763],
  [50, 500, 0, 1e7, -495.1768775643085],
])('log-likelihood of r %d, alpha %d at x %d, T %d', (r, alpha, x, T, expected) => {
  expect(Math.abs(nbdLog({ r, alpha }, x, T) - expected)).toBeLessThan(2e-12 * Math.abs(expected));
});

test('gradient and Hessian are those of the likelihood', () => {
  const rows = compress({ x: [0, 0, 3, 1, 80], tx: [0, 0, 2, 1, 9], T: [5, 9, 9, 20, 10] });
  checkDerivatives(nbdLikelihood(rows), [0.4, 6]);
  checkDerivatives(nbdLikelihood(rows), [3, 0.5]);
});

test.skipIf(absent !== '')(`CDNOW as BTYDplus fits it${absent}`, () => {
  const data = cdnowExact();
  const found = fitNbd(data);
  expect(found.parameters.r).toBeCloseTo(0.384766, 4);
  expect(found.parameters.alpha).toBeCloseTo(12.072014, 2);
  expect(found.logLikelihood).toBeCloseTo(-9763.657615, 5);
  const expected = data.x.map((x, i) => nbd.expected(found.parameters, x, data.tx[i]!, data.T[i]!, 39));
  expect(expected.reduce((a, b) => a + b, 0) / 2929.82).toBeCloseTo(1, 4);
  expect(expected.reduce((sum, e, i) => sum + Math.abs(e - data.later[i]!), 0) / 2357).toBeCloseTo(1.04102, 3);
});

test('known parameters come back; chances add up to the expectation', () => {
  const stream = random(31, 'nbd');
  const T = Float64Array.from({ length: 20_000 }, () => 20 + 30 * stream.uniform());
  const x = T.map((t) => stream.poisson((stream.gamma(0.7) / 9) * t));
  const found = fitNbd({ x, tx: x.map((xi, i) => (xi > 0 ? T[i]! : 0)), T });
  expect(Math.abs(found.parameters.r - 0.7)).toBeLessThan(4 * found.standardErrors.r!);
  expect(Math.abs(found.parameters.alpha - 9)).toBeLessThan(4 * found.standardErrors.alpha!);
  let mean = 0;
  for (let n = 0; n < 500; n++) mean += n * nbd.count(found.parameters, 2, 5, 20, 30, n);
  expect(mean).toBeCloseTo(nbd.expected(found.parameters, 2, 5, 20, 30), 8);
  expect(1 - nbd.count(found.parameters, 2, 5, 20, 30, 0)).toBeCloseTo(nbd.any(found.parameters, 2, 5, 20, 30), 12);
});

test('rates that do not differ between customers make a degenerate fit', () => {
  const x = Float64Array.from({ length: 100 }, () => 4);
  const found = fitNbd({ x, tx: x, T: x.map(() => 10) });
  expect(found.degenerate.length).toBeGreaterThan(0);
  expect(found.parameters.r / found.parameters.alpha).toBeCloseTo(0.4, 3);
});

test('what can not be fitted is named', () => {
  expect(() => fitNbd({ x: [0], tx: [0], T: [3] })).toThrow(/^x: NBD/);
  expect(() => nbd.alive({ r: 1, alpha: 1 }, 1, 2, 1)).toThrow(/^tx: /);
  expect(() => nbd.expected({ r: 1, alpha: Number.NaN }, 1, 1, 1, 1)).toThrow(/^alpha: /);
});
