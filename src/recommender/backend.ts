import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import util from 'node:util';
import type * as Core from '@tensorflow/tfjs-core';

export type BackendName = 'tensorflow' | 'wasm' | 'cpu';

/** Row-major product: a (m × k) by b (k × n) into a new array (m × n). */
export type Multiply = (a: Float32Array, b: Float32Array, m: number, k: number, n: number) => Float32Array;

/** What multiplies matrices, and what it is called in the manifest. */
export interface Backend {
  name: BackendName;
  /** Version of TensorFlow.js. */
  version: string;
  multiply: Multiply;
  /** Why each backend before this one couldn't be used. */
  refused: string[];
}

type TensorFlow = Pick<typeof Core, 'tensor2d' | 'matMul' | 'version_core'>;

/** Gives the library with its backend ready, or throws. */
export type Loader = () => Promise<TensorFlow>;

/** In production mode it prints no advice. */
async function quiet(): Promise<typeof Core> {
  const tf = await import('@tensorflow/tfjs-core');
  tf.enableProdMode();
  return tf;
}

const loaders: Record<BackendName, Loader> = {
  tensorflow: async () => {
    // tfjs-node 4.22 calls what Node 23 removed; the fix is merged there and not released.
    const old = util as unknown as Record<string, unknown>;
    old.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
    const name = '@tensorflow/tfjs-node';
    const { default: tf } = (await import(name)) as { default: TensorFlow };
    return tf;
  },
  wasm: async () => {
    const tf = await quiet();
    const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
    const main = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
    setWasmPaths(`${join(dirname(main), '../wasm-out')}/`);
    const restore = handlers();
    try {
      if (!(await tf.setBackend('wasm'))) throw new Error('the WebAssembly backend did not start');
      await tf.ready();
    } finally {
      restore();
    }
    return tf;
  },
  cpu: async () => {
    const tf = await quiet();
    await import('@tensorflow/tfjs-backend-cpu');
    if (!(await tf.setBackend('cpu'))) throw new Error('the JavaScript backend did not start');
    return tf;
  },
};

/** Takes away the handlers that are set between call and answer: Emscripten's would turn every failure of the process into its own. */
function handlers(): () => void {
  const events = ['uncaughtException', 'unhandledRejection'] as const;
  const before = events.map((event) => new Set<unknown>(process.listeners(event as 'uncaughtException')));
  return () => {
    events.forEach((event, i) => {
      for (const listener of process.listeners(event as 'uncaughtException')) if (!before[i]!.has(listener)) process.off(event, listener);
    });
  };
}

/**
 * The first backend that passes a step of training: tfjs-node where the user has installed it and it works, WebAssembly with SIMD, plain
 * JavaScript. None of them breaks a run: at the worst the products are made here.
 * @param names which to try, in this order.
 */
export async function openBackend(
  names: readonly BackendName[] = ['tensorflow', 'wasm', 'cpu'],
  load: Record<BackendName, Loader> = loaders,
): Promise<Backend> {
  const refused: string[] = [];
  for (const name of names) {
    try {
      const tf = await load[name]();
      const multiply = multiplyOf(tf);
      probe(multiply);
      return { name, version: tf.version_core, multiply, refused };
    } catch (error) {
      refused.push(`${name}: ${(error instanceof Error ? error.message : String(error)).split('\n')[0]}`);
    }
  }
  return { name: 'cpu', version: 'none', multiply: multiplyPlain, refused };
}

function multiplyOf(tf: TensorFlow): Multiply {
  return (a, b, m, k, n) => {
    if (m === 0 || n === 0 || k === 0) return new Float32Array(m * n);
    const left = tf.tensor2d(a, [m, k]);
    const right = tf.tensor2d(b, [k, n]);
    const product = tf.matMul(left, right);
    const values = product.dataSync<'float32'>();
    left.dispose();
    right.dispose();
    product.dispose();
    return values;
  };
}

/** Row-major product in typed arrays: for one customer, and where no backend starts. */
export const multiplyPlain: Multiply = (a, b, m, k, n) => {
  const out = new Float32Array(m * n);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < k; j++) {
      const scale = a[i * k + j]!;
      if (scale === 0) continue;
      const row = i * n;
      const from = j * n;
      for (let c = 0; c < n; c++) out[row + c]! += scale * b[from + c]!;
    }
  }
  return out;
};

/** One step down a least-squares slope must come out as in typed arrays. */
function probe(multiply: Multiply): void {
  const step = (by: Multiply) => {
    const x = Float32Array.from({ length: 12 }, (_, i) => Math.fround(Math.sin(i)));
    const weights = Float32Array.from({ length: 8 }, (_, i) => Math.fround(Math.cos(i)));
    const errors = by(x, weights, 3, 4, 2).map((value) => value - 1);
    const gradient = by(transpose(x, 3, 4), errors, 4, 3, 2);
    return weights.map((value, i) => value - 0.1 * gradient[i]!);
  };
  const expected = step(multiplyPlain);
  const found = step(multiply);
  if (found.length !== expected.length || !found.every((value, i) => Math.abs(value - expected[i]!) < 1e-4)) {
    throw new Error('a step of training gave a wrong answer');
  }
}

/** a (m × n), row-major, as n × m. */
export function transpose(a: Float32Array, m: number, n: number): Float32Array {
  const out = new Float32Array(a.length);
  for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) out[j * m + i] = a[i * n + j]!;
  return out;
}
