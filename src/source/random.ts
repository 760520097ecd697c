/** A seeded stream of draws. The same seed and stream name give the same draws on each machine; no clock, no global state. */
export interface Random {
  /** Uniform on [0, 1), 53 bits. */
  uniform(): number;
  /** A whole number in 0 … n − 1. */
  integer(n: number): number;
  /** Standard normal. */
  normal(): number;
  /** Exponential with the given rate (mean 1 / rate). */
  exponential(rate?: number): number;
  /** Gamma with the given shape and rate (mean shape / rate). */
  gamma(shape: number, rate?: number): number;
  /** Beta(a, b), on (0, 1). */
  beta(a: number, b: number): number;
  /** Poisson count. Takes time proportional to the mean. */
  poisson(mean: number): number;
  /** An index, drawn in proportion to non-negative weights. */
  categorical(weights: ArrayLike<number>): number;
}

/** Longest mean whose exp(−mean) is still far from underflow; a larger mean is drawn as a sum. */
const poissonPart = 500;

/**
 * sfc32 (Doty-Humphrey, PractRand), seeded by hashing seed and stream name; gamma after Marsaglia and Tsang (2000), Poisson after Knuth.
 * @param seed any finite number; its 64 bits are hashed.
 * @param stream name of an independent stream, so that a new draw in one place moves no other.
 */
export function random(seed: number, stream = ''): Random {
  let [a, b, c] = state(seed, stream);
  let counter = 1;

  function next(): number {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return sum;
  }
  const uniform = () => ((next() >>> 5) * 67_108_864 + (next() >>> 6)) / 9_007_199_254_740_992;
  const exponential = (rate = 1) => -Math.log(1 - uniform()) / rate;
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());

  function gamma(shape: number, rate = 1): number {
    if (shape < 1) return gamma(shape + 1, rate) * (1 - uniform()) ** (1 / shape);
    const d = shape - 1 / 3;
    const s = 1 / Math.sqrt(9 * d);
    for (;;) {
      const x = normal();
      const v = (1 + s * x) ** 3;
      if (v > 0 && Math.log(1 - uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return (d * v) / rate;
    }
  }

  function beta(alpha: number, bravo: number): number {
    const x = gamma(alpha);
    return x / (x + gamma(bravo));
  }

  function poisson(mean: number): number {
    if (!(mean > 0)) return 0;
    if (mean > poissonPart) return poisson(poissonPart) + poisson(mean - poissonPart);
    const limit = Math.exp(-mean);
    let count = 0;
    for (let product = 1 - uniform(); product > limit; product *= 1 - uniform()) count++;
    return count;
  }

  function categorical(weights: ArrayLike<number>): number {
    let total = 0;
    for (let i = 0; i < weights.length; i++) total += weights[i]!;
    let left = uniform() * total;
    for (let i = 0; i < weights.length - 1; i++) {
      left -= weights[i]!;
      if (left < 0) return i;
    }
    return weights.length - 1;
  }

  for (let i = 0; i < 16; i++) next();
  return { uniform, integer: (n) => Math.floor(uniform() * n), normal, exponential, gamma, beta, poisson, categorical };
}

/** Three words from FNV-1a over seed and name, each finished with murmur3's mixer. */
function state(seed: number, stream: string): [number, number, number] {
  const bytes = new Uint8Array(new Float64Array([seed]).buffer);
  const name = new TextEncoder().encode(stream);
  const word = (salt: number) => {
    let hash = 0x811c9dc5 ^ salt;
    for (const part of [bytes, name]) for (const byte of part) hash = Math.imul(hash ^ byte, 0x01000193);
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    return hash ^ (hash >>> 16);
  };
  return [word(0x243f6a88), word(0x85a308d3), word(0x13198a2e)];
}
