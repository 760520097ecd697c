import type { Tensor } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Loader, multiplyPlain, openBackend, transpose } from '#recommender/backend.ts';

const absent: Loader = async () => {
  throw new Error('not installed\nand more');
};

test("leaves the process's handlers of failures as they were", async () => {
  const count = () => ['uncaughtException', 'unhandledRejection'].map((event) => process.listenerCount(event));
  const before = count();
  await openBackend(['wasm']);
  expect(count()).toEqual(before);
});

test('WebAssembly runs where tfjs-node is absent, and multiplies', async () => {
  const backend = await openBackend(['wasm']);
  expect(backend).toMatchObject({ name: 'wasm', version: '4.22.0', refused: [] });
  expect([...backend.multiply(Float32Array.of(1, 2, 3, 4), Float32Array.of(5, 6, 7, 8), 2, 2, 2)]).toEqual([19, 22, 43, 50]);
  expect(backend.multiply(new Float32Array(), new Float32Array(), 0, 3, 2)).toHaveLength(0);
});

test('plain JavaScript of TensorFlow.js', async () => {
  const backend = await openBackend(['cpu']);
  expect(backend.name).toBe('cpu');
  expect([...backend.multiply(Float32Array.of(1, 2), Float32Array.of(3, 4), 1, 2, 1)]).toEqual([11]);
});

test('a backend that is absent, or wrong, is passed over and named', async () => {
  const wrong: Loader = async () => {
    const tf = await import('@tensorflow/tfjs-core');
    await import('@tensorflow/tfjs-backend-cpu');
    await tf.setBackend('cpu');
    const matMul = (a: Tensor, b: Tensor) => tf.mul(tf.matMul(a, b), 2);
    return { ...tf, matMul: matMul as typeof tf.matMul };
  };
  const backend = await openBackend(['tensorflow', 'wasm', 'cpu'], { tensorflow: absent, wasm: wrong, cpu: absent });
  expect(backend.refused).toEqual(['tensorflow: not installed', 'wasm: a step of training gave a wrong answer', 'cpu: not installed']);
  expect(backend).toMatchObject({ name: 'cpu', version: 'none', multiply: multiplyPlain });
});

test('backends agree', async () => {
  const { multiply } = await openBackend(['wasm']);
  const size = fc.integer({ min: 1, max: 9 });
  fc.assert(
    fc.property(size, size, size, (m, k, n) => {
      const a = Float32Array.from({ length: m * k }, (_, i) => Math.sin(i));
      const b = Float32Array.from({ length: k * n }, (_, i) => Math.cos(i));
      const plain = multiplyPlain(a, b, m, k, n);
      multiply(a, b, m, k, n).forEach((value, i) => {
        expect(value).toBeCloseTo(plain[i]!, 5);
      });
      expect(transpose(transpose(a, m, k), k, m)).toEqual(a);
    }),
  );
});
