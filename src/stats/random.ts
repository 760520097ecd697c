/** A stream of random numbers, fixed by its seed and label. */
export interface Random {
  /** 32 random bits as an unsigned integer. */
  bits(): number;
  /** Uniform in [0, 1), 53 bits. */
  uniform(): number;
  /** Standard normal, by Marsaglia's polar method. */
  normal(): number;
  /** Uniform whole number in [0, below). @throws RangeError unless 1 ≤ below ≤ 2³². */
  integer(below: number): number;
  /** A shuffled copy (Fisher–Yates). */
  shuffle<T>(items: readonly T[]): T[];
  /** Gamma with `shape` > 0 and scale 1 (Marsaglia & Tsang 2000). */
  gamma(shape: number): number;
  /** Number of events where `mean` are expected. */
  poisson(mean: number): number;
  /** Successes in `n` trials of probability `p`. */
  binomial(n: number, p: number): number;
}

const two32 = 2 ** 32;

/** 128 bits from a text (cyrb128, a MurmurHash3-like mix). */
function hash(text: string): [number, number, number, number] {
  let a = 1779033703;
  let b = 3144134277;
  let c = 1013904242;
  let d = 2773480762;
  for (let i = 0; i < text.length; i++) {
    const k = text.charCodeAt(i);
    a = b ^ Math.imul(a ^ k, 597399067);
    b = c ^ Math.imul(b ^ k, 2869860233);
    c = d ^ Math.imul(c ^ k, 951274213);
    d = a ^ Math.imul(d ^ k, 2716044179);
  }
  a = Math.imul(c ^ (a >>> 18), 597399067);
  b = Math.imul(d ^ (b >>> 22), 2869860233);
  c = Math.imul(a ^ (c >>> 17), 951274213);
  d = Math.imul(b ^ (d >>> 19), 2716044179);
  a ^= b ^ c ^ d;
  return [a >>> 0, (b ^ a) >>> 0, (c ^ a) >>> 0, (d ^ a) >>> 0];
}

/**
 * A generator of its own for each (seed, label): adding a use under a new label leaves the other streams as they were.
 * sfc32 (Doty-Humphrey, PractRand), 128 bits of state.
 */
export function random(seed: number | string, label = ''): Random {
  let [a, b, c, counter] = hash(`${seed}\u0000${label}`);
  const bits = () => {
    const t = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return t >>> 0;
  };
  for (let i = 0; i < 15; i++) bits();

  const uniform = () => ((bits() >>> 5) * 67108864 + (bits() >>> 6)) / 9007199254740992;
  const positive = () => 1 - uniform();

  let spare: number | null = null;
  const normal = () => {
    if (spare !== null) {
      const value = spare;
      spare = null;
      return value;
    }
    for (;;) {
      const x = 2 * uniform() - 1;
      const y = 2 * uniform() - 1;
      const s = x * x + y * y;
      if (s >= 1 || s === 0) continue;
      const scale = Math.sqrt((-2 * Math.log(s)) / s);
      spare = y * scale;
      return x * scale;
    }
  };

  const integer = (below: number) => {
    if (!Number.isInteger(below) || below < 1 || below > two32) {
      throw new RangeError(`random.integer: expected a whole number from 1 to 2^32, found ${below}`);
    }
    // Lemire 2019; products are exact up to 2^21, above it a plain rejection.
    const isSmall = below <= 2 ** 21;
    for (;;) {
      const x = bits();
      if (!isSmall) {
        if (x < two32 - (two32 % below)) return x % below;
        continue;
      }
      const product = x * below;
      const high = Math.floor(product / two32);
      const low = product - high * two32;
      if (low >= below || low >= two32 % below) return high;
    }
  };

  const shuffle = <T>(items: readonly T[]) => {
    const copy = [...items];
    for (let i = copy.length - 1; i > 0; i--) {
      const j = integer(i + 1);
      [copy[i], copy[j]] = [copy[j] as T, copy[i] as T];
    }
    return copy;
  };

  const gamma = (shape: number): number => {
    if (!(shape > 0)) throw new RangeError(`random.gamma: expected a positive shape, found ${shape}`);
    if (shape < 1) return gamma(shape + 1) * positive() ** (1 / shape);
    const d = shape - 1 / 3;
    const k = 1 / Math.sqrt(9 * d);
    for (;;) {
      const x = normal();
      const v = (1 + k * x) ** 3;
      if (v > 0 && Math.log(positive()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
    }
  };

  // Below 10 by multiplying uniforms; above, split at the arrival of the m-th event (Ahrens & Dieter 1974).
  const poisson = (mean: number): number => {
    if (!(mean >= 0 && mean < Number.MAX_SAFE_INTEGER))
      throw new RangeError(`random.poisson: expected a mean of at least 0, found ${mean}`);
    let count = 0;
    let rest = mean;
    while (rest >= 10) {
      const m = Math.floor((7 * rest) / 8);
      const arrival = gamma(m);
      if (arrival >= rest) return count + binomial(m - 1, rest / arrival);
      count += m;
      rest -= arrival;
    }
    const stop = Math.exp(-rest);
    for (let product = positive(); product > stop; product *= positive()) count++;
    return count;
  };

  // Small n·p by waiting times; above, split at the median order statistic, a beta variate (Relles 1972).
  const binomial = (n: number, p: number): number => {
    if (!(Number.isSafeInteger(n) && n >= 0 && p >= 0 && p <= 1)) {
      throw new RangeError(`random.binomial: expected n of at least 0 and p from 0 to 1, found ${n} and ${p}`);
    }
    let count = 0;
    let trials = n;
    let chance = p;
    for (;;) {
      if (trials === 0 || chance <= 0) return count;
      if (chance >= 1) return count + trials;
      if (chance > 0.5) return count + trials - binomial(trials, 1 - chance);
      if (trials * chance < 12) {
        const log = Math.log1p(-chance);
        let at = 0;
        for (;;) {
          at += Math.floor(Math.log(positive()) / log) + 1;
          if (at > trials) return count;
          count++;
        }
      }
      const i = 1 + Math.floor(trials / 2);
      const x = gamma(i);
      const y = x / (x + gamma(trials + 1 - i));
      if (y <= chance) {
        count += i;
        trials -= i;
        chance = (chance - y) / (1 - y);
      } else {
        trials = i - 1;
        chance /= y;
      }
    }
  };

  return { bits, uniform, normal, integer, shuffle, gamma, poisson, binomial };
}
