import fc from 'fast-check';
import { expect, test } from 'vitest';
import { softmaxLoss } from '#recommender/softmax.ts';

const none = { masked: () => [] };

test('by hand: two rows, three columns', () => {
  const { loss, gradient } = softmaxLoss(Float32Array.of(0, 0, 0, Math.log(2), 0, 0), 2, 3, new Float64Array(3), {
    answer: Int32Array.of(1, 0),
    ...none,
  });
  expect(loss).toBeCloseTo(Math.log(3) + Math.log(2), 6);
  [1 / 3, -2 / 3, 1 / 3, -1 / 2, 1 / 4, 1 / 4].forEach((value, i) => {
    expect(gradient[i]).toBeCloseTo(value, 6);
  });
});

test('a masked column takes no part, however large; the answer is never masked', () => {
  const { loss, gradient } = softmaxLoss(Float32Array.of(0, 1e4, 0), 1, 3, new Float64Array(3), {
    answer: Int32Array.of(0),
    masked: () => [0, 1],
  });
  expect(loss).toBeCloseTo(Math.log(2), 6);
  expect([...gradient]).toEqual([-0.5, 0, 0.5]);
});

test('the gradient is the slope of the loss', () => {
  const logits = fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 12, maxLength: 12 });
  fc.assert(
    fc.property(logits, fc.nat({ max: 11 }), (values, at) => {
      const labels = { answer: Int32Array.of(0, 3, 1), masked: (r: number) => [r + 1] };
      const shift = Float64Array.of(0.5, -1, 0, 2);
      const lossAt = (change: number) =>
        softmaxLoss(
          Float32Array.from(values, (value, i) => (i === at ? value + change : value)),
          3,
          4,
          shift,
          labels,
        ).loss;
      const { gradient } = softmaxLoss(Float32Array.from(values), 3, 4, shift, labels);
      expect(gradient[at]).toBeCloseTo((lossAt(1e-2) - lossAt(-1e-2)) / 2e-2, 3);
    }),
  );
});
