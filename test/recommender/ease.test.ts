import fc from 'fast-check';
import { expect, test } from 'vitest';
import { multiplyPlain, openBackend } from '#recommender/backend.ts';
import { defaultEase, ease, easeNeighbours, easeScorer, invert } from '#recommender/ease.ts';
import { neighbourScorer } from '#recommender/item-item.ts';
import { dense, matrixOf, rows } from './tiny.ts';

const backend = await openBackend();

/** NumPy: P = inv(XᵀX + 2I), −P / diag(P) by columns. */
const expected = [
  [0, 0.428571, 0.196581, 0.315315, 0],
  [0.390244, 0, 0.222222, -0.018018, 0],
  [0.186992, 0.232143, 0, 0.081081, 0],
  [0.284553, -0.017857, 0.076923, 0, 0],
  [0, 0, 0, 0, 0],
];

test('weights are those of NumPy', () => {
  const found = dense(5, easeNeighbours(ease(matrixOf(rows), 5, backend, { lambda: 2, limit: 10 }), 5));
  found.forEach((row, i) => {
    row.forEach((value, j) => {
      expect(value).toBeCloseTo(expected[i]![j]!, 5);
    });
  });
});

test('all weights kept, the neighbourhood scores as the matrix', () => {
  const fitted = ease(matrixOf(rows), 5, backend, { lambda: 2, limit: 10 });
  const history = { offsets: Int32Array.of(0, 2), product: Int32Array.of(0, 2), weight: Float32Array.of(1, 0.5) };
  const one = new Float32Array(5);
  const other = new Float32Array(5);
  easeScorer(fitted).score(history, 0, 1, one);
  neighbourScorer(easeNeighbours(fitted, 5)).score(history, 0, 1, other);
  one.forEach((value, p) => {
    expect(value).toBeCloseTo(other[p]!, 6);
  });
  expect(one[1]).toBeCloseTo(expected[0]![1]! + 0.5 * expected[2]![1]!, 5);
});

test('beyond the limit the products with the most customers are fitted, the rest score 0', () => {
  const fitted = ease(matrixOf(rows), 5, backend, { lambda: 2, limit: 3 });
  expect([...fitted.fitted]).toEqual([0, 1, 2]);
  const out = new Float32Array(5).fill(9);
  easeScorer(fitted).score({ offsets: Int32Array.of(0, 2), product: Int32Array.of(0, 3), weight: Float32Array.of(1, 1) }, 0, 1, out);
  expect([out[3], out[4]]).toEqual([0, 0]);
  expect(out[1]).toBeGreaterThan(0);
});

test('blocks of any size give the inverse', () => {
  const matrix = fc
    .integer({ min: 1, max: 12 })
    .chain((n) => fc.tuple(fc.constant(n), fc.array(fc.float({ min: -1, max: 1, noNaN: true }), { minLength: n * n, maxLength: n * n })));
  fc.assert(
    fc.property(matrix, fc.integer({ min: 1, max: 13 }), ([n, values], block) => {
      const root = Float32Array.from(values);
      const a = new Float32Array(n * n);
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) {
          for (let k = 0; k < n; k++) a[i * n + j]! += root[i * n + k]! * root[j * n + k]!;
          if (i === j) a[i * n + j]! += 1;
        }
      }
      const inverse = a.slice();
      invert(inverse, n, multiplyPlain, block);
      multiplyPlain(a, inverse, n, n, n).forEach((value, at) => {
        expect(value).toBeCloseTo(Math.floor(at / n) === at % n ? 1 : 0, 3);
      });
    }),
  );
});

test('refuses a ridge that is none', () => {
  expect(() => ease(matrixOf(rows), 5, backend, { ...defaultEase, lambda: 0 })).toThrow('lambda: expected a positive number, found 0');
});

test('nobody bought anything', () => {
  const fitted = ease(matrixOf([[0, 0]]), 2, backend);
  expect(fitted.fitted).toHaveLength(0);
  const out = new Float32Array(2).fill(1);
  easeScorer(fitted).score({ offsets: Int32Array.of(0, 1), product: Int32Array.of(0), weight: Float32Array.of(1) }, 0, 1, out);
  expect([...out]).toEqual([0, 0]);
});
