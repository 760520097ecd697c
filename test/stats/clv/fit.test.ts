import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type LogLikelihood, maximise } from '#stats/clv/fit.ts';
import { cholesky, eigen, solveCholesky } from '#stats/clv/matrix.ts';

/** n counts from Poisson(θ) of mean m, times n² of N(µ, 1). */
const simple: LogLikelihood = (theta, gradient, hessian) => {
  const [rate, centre] = [theta[0]!, theta[1]!];
  gradient?.set([(20 * 3.5) / rate - 20, 10 * (1.25 - centre)]);
  hessian?.set([(-20 * 3.5) / (rate * rate), 0, 0, -10]);
  return 20 * (3.5 * Math.log(rate) - rate) - 5 * (centre - 1.25) ** 2;
};

test.each([true, false])('finds a maximum known in closed form (Hessian given: %s)', (hasHessian) => {
  const found = maximise({
    names: ['rate', 'centre'],
    real: ['centre'],
    logLikelihood: simple,
    hasHessian,
    starts: [
      [0.01, 50],
      [900, -7],
    ],
    customers: 20,
  });
  expect(found.parameters.rate).toBeCloseTo(3.5, 5);
  expect(found.parameters.centre).toBeCloseTo(1.25, 5);
  expect(found.standardErrors.rate).toBeCloseTo(Math.sqrt(3.5 / 20), 5);
  expect(found.standardErrors.centre).toBeCloseTo(Math.sqrt(0.1), 5);
  expect(found.correlations![0]![1]).toBeCloseTo(0, 5);
  expect(found.aic).toBeCloseTo(4 - 2 * found.logLikelihood, 10);
  expect(found.bic).toBeCloseTo(2 * Math.log(20) - 2 * found.logLikelihood, 10);
  expect(found.degenerate).toEqual([]);
  expect(found.converged).toBe(true);
});

test('a prior pulls on the working scale and is left out of the log-likelihood', () => {
  const found = maximise({
    names: ['rate', 'centre'],
    real: ['centre'],
    logLikelihood: simple,
    hasHessian: true,
    starts: [[1, 0]],
    customers: 20,
    prior: { centre: [1, 0], sd: [Number.POSITIVE_INFINITY, 1] },
  });
  expect(found.parameters.centre).toBeCloseTo((10 * 1.25) / 11, 5);
  expect(found.parameters.rate).toBeCloseTo(3.5, 5);
  expect(found.logLikelihood).toBeCloseTo(simple(Float64Array.of(3.5, 12.5 / 11)), 6);
});

test('a hard, curved likelihood (Rosenbrock) is climbed by BFGS alone', () => {
  const rosenbrock: LogLikelihood = (theta, gradient) => {
    const [a, b] = [theta[0]!, theta[1]!];
    gradient?.set([2 * (1 - a) + 400 * a * (b - a * a), -200 * (b - a * a)]);
    return -((1 - a) ** 2) - 100 * (b - a * a) ** 2;
  };
  const found = maximise({ names: ['a', 'b'], real: ['a', 'b'], logLikelihood: rosenbrock, starts: [[-1.2, 1]], customers: 1 });
  expect(found.parameters.a).toBeCloseTo(1, 5);
  expect(found.parameters.b).toBeCloseTo(1, 5);
});

test('a maximum at 0 or infinity is a border, and the rest keeps its error', () => {
  const falling: LogLikelihood = (theta, gradient) => {
    gradient?.set([-7, 10 * (1 - theta[1]!)]);
    return -7 * theta[0]! - 5 * (theta[1]! - 1) ** 2;
  };
  const found = maximise({ names: ['gone', 'kept'], logLikelihood: falling, starts: [[1, 3]], customers: 9 });
  expect(found.degenerate.map((one) => one.kind)).toContain('border');
  expect(found.parameters.gone).toBeLessThan(1e-5);
  expect(found.standardErrors.gone).toBeNull();
  expect(found.standardErrors.kept).toBeCloseTo(Math.sqrt(0.1), 4);
});

test('a likelihood of the ratio alone is singular and names both', () => {
  const ratio: LogLikelihood = (theta, gradient) => {
    const d = Math.log(theta[0]! / theta[1]!) - 1;
    gradient?.set([(-10 * d) / theta[0]!, (10 * d) / theta[1]!]);
    return -5 * d * d;
  };
  const found = maximise({ names: ['r', 'alpha'], logLikelihood: ratio, starts: [[1, 1]], customers: 9 });
  expect(found.degenerate).toContainEqual({ kind: 'singular', parameters: ['r', 'alpha'] });
  expect(found.covariance).toBeNull();
  expect(found.standardErrors).toEqual({ r: null, alpha: null });
});

test('a nearly flat ridge and the parameters it leaves open are named', () => {
  const ridge: LogLikelihood = (theta, gradient) => {
    const [u, v] = [Math.log(theta[0]!), Math.log(theta[1]!)];
    const [along, across] = [u + v, u - v];
    gradient?.set([(-0.02 * along - 100 * across) / theta[0]!, (-0.02 * along + 100 * across) / theta[1]!]);
    return -0.01 * along ** 2 - 50 * across ** 2;
  };
  const found = maximise({ names: ['a', 'b'], logLikelihood: ridge, starts: [[3, 2]], customers: 9 });
  expect(found.degenerate.map((one) => one.kind)).toEqual(['uncertain', 'uncertain', 'ridge']);
  expect(found.degenerate[2]).toMatchObject({ parameters: ['a', 'b'] });
});

test('starts that are refused are skipped; all refused is an error', () => {
  const picky: LogLikelihood = (theta, gradient) => {
    gradient?.set([2 * (5 - theta[0]!)]);
    return theta[0]! > 3 ? -((theta[0]! - 5) ** 2) : Number.NaN;
  };
  expect(maximise({ names: ['a'], logLikelihood: picky, starts: [[1], [4]], customers: 1 }).starts[0]).toBeNull();
  expect(() => maximise({ names: ['a'], logLikelihood: picky, starts: [[1]], customers: 1 })).toThrow(RangeError);
});

test('the better of two maxima wins', () => {
  const two: LogLikelihood = (theta, gradient) => {
    const u = theta[0]!;
    gradient?.set([-4 * u ** 3 + 8 * u + 0.5]);
    return -(u ** 4) + 4 * u * u + 0.5 * u;
  };
  expect(maximise({ names: ['u'], real: ['u'], logLikelihood: two, starts: [[-2], [2]], customers: 1 }).parameters.u).toBeGreaterThan(1);
});

test('eigenvectors and Cholesky factors give the matrix back', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 16, maxLength: 16 }), (list) => {
      const m = new Float64Array(16);
      for (let i = 0; i < 4; i++)
        for (let j = 0; j < 4; j++) for (let e = 0; e < 4; e++) m[i * 4 + j]! += list[i * 4 + e]! * list[j * 4 + e]!;
      for (let i = 0; i < 4; i++) m[i * 5]! += 0.5;
      const { values, vectors } = eigen(m, 4);
      const factor = cholesky(m, 4)!;
      const b = Float64Array.of(1, -2, 3, 0.5);
      const x = solveCholesky(factor, b);
      for (let i = 0; i < 4; i++) {
        let product = 0;
        for (let j = 0; j < 4; j++) {
          let again = 0;
          for (let e = 0; e < 4; e++) again += values[e]! * vectors[i * 4 + e]! * vectors[j * 4 + e]!;
          expect(again).toBeCloseTo(m[i * 4 + j]!, 9);
          product += m[i * 4 + j]! * x[j]!;
        }
        expect(product).toBeCloseTo(b[i]!, 8);
      }
    }),
  );
  expect(cholesky(Float64Array.of(1, 2, 2, 1), 2)).toBeNull();
});
