import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { logistic, logisticChances } from '#stats/learn/logistic.ts';

// Spector & Mazzeo (1980), as in Greene, Econometric Analysis, table 21.1: GPA, TUCE, PSI, grade improved.
const spector = [
  [2.66, 20, 0, 0], [2.89, 22, 0, 0], [3.28, 24, 0, 0], [2.92, 12, 0, 0], [4, 21, 0, 1], [2.86, 17, 0, 0], [2.76, 17, 0, 0], [2.87, 21, 0, 0],
  [3.03, 25, 0, 0], [3.92, 29, 0, 1], [2.63, 20, 0, 0], [3.32, 23, 0, 0], [3.57, 23, 0, 0], [3.26, 25, 0, 1], [3.53, 26, 0, 0], [2.74, 19, 0, 0],
  [2.75, 25, 0, 0], [2.83, 19, 0, 0], [3.12, 23, 1, 0], [3.16, 25, 1, 1], [2.06, 22, 1, 0], [3.62, 28, 1, 1], [2.89, 14, 1, 0], [3.51, 26, 1, 0],
  [3.54, 24, 1, 1], [2.83, 27, 1, 1], [3.39, 17, 1, 1], [2.67, 24, 1, 0], [3.65, 21, 1, 1], [4, 23, 1, 1], [3.1, 21, 1, 0], [2.39, 19, 1, 1],
]; // biome-ignore format: a table
const features = { names: ['gpa', 'tuce', 'psi'], columns: [0, 1, 2].map((j) => spector.map((row) => row[j]!)) };
const y = spector.map((row) => row[3]!);

describe('logistic', () => {
  it('gives the published fit of Spector & Mazzeo', () => {
    const fit = logistic(features, y);
    [-13.0213468581, 2.8261125949, 0.0951576613, 2.3786876551].forEach((expected, j) => {
      expect(j === 0 ? fit.intercept : fit.coefficients[j - 1]).toBeCloseTo(expected, 8);
    });
    [4.9313242136, 1.2629410756, 0.1415542057, 1.0645642545].forEach((expected, j) => {
      expect(fit.standardErrors[j]).toBeCloseTo(expected, 7);
    });
    expect(fit.logLikelihood).toBeCloseTo(-12.889634222131415, 10);
    expect(fit.nullLogLikelihood).toBeCloseTo(-20.591729696634204, 10);
    expect(fit.isSeparated).toBe(false);
  });

  it('gives the ridge of scikit-learn with C = 1/2', () => {
    const fit = logistic(features, y, { ridge: 2 });
    expect(fit.intercept).toBeCloseTo(-6.8316834982, 6);
    [0.8183745898, 0.1437101277, 0.8206732013].forEach((expected, j) => {
      expect(fit.coefficients[j]).toBeCloseTo(expected, 7);
    });
  });

  it('takes a weight for so many rows', () => {
    const weight = spector.map((_, i) => 1 + (i % 3));
    const repeated = spector.flatMap((row, i) => Array.from({ length: weight[i]! }, () => row));
    const long = logistic(
      { names: features.names, columns: [0, 1, 2].map((j) => repeated.map((row) => row[j]!)) },
      repeated.map((row) => row[3]!),
    );
    const short = logistic(features, y, { weight });
    expect(short.intercept).toBeCloseTo(long.intercept, 8);
    expect(short.logLikelihood).toBeCloseTo(long.logLikelihood, 8);
    expect(short.standardErrors[2]).toBeCloseTo(long.standardErrors[2]!, 8);
  });

  it('states as many of class 1 as there are', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ x: fc.double({ min: -3, max: 3, noNaN: true }), y: fc.integer({ min: 0, max: 1 }) }), {
          minLength: 5,
          maxLength: 60,
        }),
        (rows) => {
          const classes = rows.map((row) => row.y);
          fc.pre(classes.includes(0) && classes.includes(1));
          const one = { names: ['x'], columns: [rows.map((row) => row.x)] };
          const fit = logistic(one, classes, { ridge: 0.5 });
          const chances = logisticChances(fit, one);
          expect(chances.reduce((sum, p) => sum + p, 0)).toBeCloseTo(
            classes.reduce((sum, c) => sum + c, 0),
            5,
          );
        },
      ),
      { numRuns: 100 },
    );
  });

  it('does not mind the units or the origin of a column', () => {
    const moved = {
      names: features.names,
      columns: features.columns.map((column, j) => (j === 0 ? column.map((value) => 1e6 + 1000 * value) : column)),
    };
    const fit = logistic(moved, y);
    expect(fit.coefficients[0]! * 1000).toBeCloseTo(2.8261125949, 6);
    expect(fit.logLikelihood).toBeCloseTo(-12.889634222131415, 8);
  });

  const separated = { names: ['x'], columns: [[1, 2, 3, 10, 11, 12]] };
  it.each([
    ['a value that is missing', { names: ['x'], columns: [[1, Number.NaN, 3]] }, [0, 1, 0], {}, 'x[1]: expected a finite number'],
    ['one class only', { names: ['x'], columns: [[1, 2, 3]] }, [1, 1, 1], {}, 'found none of class 0'],
    ['another class', { names: ['x'], columns: [[1, 2, 3]] }, [0, 1, 2], {}, 'y[2]: expected a class from 0 to 1'],
    [
      'a constant column',
      {
        names: ['x', 'flag'],
        columns: [
          [1, 2, 3, 2],
          [1, 1, 1, 1],
        ],
      },
      [0, 1, 0, 1],
      {},
      'flag: a constant column',
    ],
    [
      'columns that say the same',
      {
        names: ['x', 'twice'],
        columns: [
          [1, 2, 3, 2],
          [2, 4, 6, 4],
        ],
      },
      [0, 1, 0, 1],
      {},
      'collinear',
    ],
    ['classes apart', separated, [0, 0, 0, 1, 1, 1], {}, 'separate the classes'],
    ['classes that touch in one value', { names: ['x'], columns: [[1, 2, 3, 3, 4, 5]] }, [0, 0, 0, 1, 1, 1], {}, 'separate the classes'],
    [
      'a rare flag that only one class has',
      { names: ['flag'], columns: [Array.from({ length: 400 }, (_, i) => (i < 3 ? 1 : 0))] },
      Array.from({ length: 400 }, (_, i) => (i < 3 || i % 2 === 0 ? 1 : 0)),
      {},
      'separate the classes',
    ],
    ['a negative ridge', separated, [0, 1, 0, 1, 0, 1], { ridge: -1 }, 'ridge: expected'],
    ['a weight of nought', separated, [0, 1, 0, 1, 0, 1], { weight: [1, 1, 0, 1, 1, 1] }, 'weight[2]'],
    ['columns of different length', { names: ['x', 'z'], columns: [[1, 2], [1]] }, [0, 1], {}, 'z: expected 2 values as in x'],
  ])('refuses %s by name', (_, columns, classes, options, words) => {
    expect(() => logistic(columns, classes, options)).toThrow(RangeError);
    expect(() => logistic(columns, classes, options)).toThrow(words);
  });

  it('fits separable classes with a ridge, and says so', () => {
    const fit = logistic(separated, [0, 0, 0, 1, 1, 1], { ridge: 0.01 });
    expect(fit.isSeparated).toBe(true);
    expect(Number.isFinite(fit.coefficients[0])).toBe(true);
  });

  it('gives a constant column nothing under a ridge', () => {
    const fit = logistic(
      {
        names: ['x', 'flag'],
        columns: [
          [1, 2, 3, 2],
          [1, 1, 1, 1],
        ],
      },
      [0, 1, 1, 0],
      { ridge: 1 },
    );
    expect(fit.coefficients[1]).toBe(0);
  });
});
