import { normalCdf, normalQuantile, studentQuantile } from '../distribution.ts';
import { checkCount } from '../estimate.ts';
import { noncentralT } from './noncentral.ts';

export interface Design {
  /** Chance of a call where nothing differs, two-sided. */
  alpha?: number;
  /** Chance of a call where the difference is there. */
  power?: number;
  /** Customers in arm b for each in arm a. */
  ratio?: number;
}

/** Customers in each arm. */
export interface Arms {
  a: number;
  b: number;
}

const designOf = ({ alpha = 0.05, power = 0.8, ratio = 1 }: Design) => {
  if (!(alpha > 0 && alpha < 1)) throw new RangeError(`alpha: expected a number strictly between 0 and 1, found ${alpha}`);
  if (!(power > alpha && power < 1)) throw new RangeError(`power: expected a number between alpha (${alpha}) and 1, found ${power}`);
  if (!(ratio > 0 && ratio < Number.POSITIVE_INFINITY)) throw new RangeError(`ratio: expected a positive number, found ${ratio}`);
  return { alpha, power, ratio };
};

function checkShare(name: string, share: number): void {
  if (!(share >= 0 && share <= 1)) throw new RangeError(`${name}: expected a share from 0 to 1, found ${share}`);
}

function checkArms({ a, b }: Arms, least: number): void {
  checkCount('a', a, least);
  checkCount('b', b, least);
}

const armsOf = (a: number, ratio: number): Arms => ({ a: Math.ceil(a - 1e-9), b: Math.ceil(Math.ceil(a - 1e-9) * ratio - 1e-9) });

/**
 * Customers it takes to see a share change from one to the other by the pooled z test (Fleiss, Levin & Paik 2003, eq. 4.14, without
 * continuity correction).
 * @param from, to shares in arms a and b, 0 to 1.
 * @throws RangeError when the shares are equal or outside 0 to 1.
 */
export function sizeForShares(from: number, to: number, design: Design = {}): Arms {
  checkShare('from', from);
  checkShare('to', to);
  const { alpha, power, ratio } = designOf(design);
  if (from === to) throw new RangeError(`to: expected a share other than ${from}`);
  const pooled = (from + ratio * to) / (1 + ratio);
  const none = normalQuantile(1 - alpha / 2) * Math.sqrt((1 + 1 / ratio) * pooled * (1 - pooled));
  const some = normalQuantile(power) * Math.sqrt(from * (1 - from) + (to * (1 - to)) / ratio);
  return armsOf(((none + some) / (to - from)) ** 2, ratio);
}

/** Chance that the two-sided pooled z test calls these shares different, at these sizes. @throws RangeError for shares outside 0 to 1. */
export function powerForShares(from: number, to: number, arms: Arms, alpha = 0.05): number {
  checkShare('from', from);
  checkShare('to', to);
  checkArms(arms, 1);
  designOf({ alpha, power: (1 + alpha) / 2 });
  const pooled = (arms.a * from + arms.b * to) / (arms.a + arms.b);
  const none = normalQuantile(1 - alpha / 2) * Math.sqrt(pooled * (1 - pooled) * (1 / arms.a + 1 / arms.b));
  const some = Math.sqrt((from * (1 - from)) / arms.a + (to * (1 - to)) / arms.b);
  const gap = Math.abs(to - from);
  if (some === 0) return gap > none ? 1 : 0;
  return normalCdf((gap - none) / some) + normalCdf((-gap - none) / some);
}

/**
 * The smallest rise of a share that these arms see with the given power.
 * @returns the rise in points (0.01 is one percentage point), or null where even a share of 1 isn't seen.
 */
export function detectableShare(from: number, arms: Arms, design: Omit<Design, 'ratio'> = {}): number | null {
  checkShare('from', from);
  checkArms(arms, 1);
  const { alpha, power } = designOf(design);
  return leastGap((gap) => powerForShares(from, Math.min(1, from + gap), arms, alpha) >= power, 1 - from);
}

/**
 * Chance that the two-sided t test calls a difference of means, exact for normal values of one standard deviation (noncentral t).
 * @param difference, sd in the unit of the values.
 */
export function powerForMeans(difference: number, sd: number, arms: Arms, alpha = 0.05): number {
  if (!Number.isFinite(difference)) throw new RangeError(`difference: expected a finite number, found ${difference}`);
  if (!(sd > 0)) throw new RangeError(`sd: expected a positive number, found ${sd}`);
  checkArms(arms, 2);
  designOf({ alpha, power: (1 + alpha) / 2 });
  const df = arms.a + arms.b - 2;
  const shift = Math.abs(difference) / (sd * Math.sqrt(1 / arms.a + 1 / arms.b));
  const limit = studentQuantile(1 - alpha / 2, df);
  return 1 - noncentralT(limit, df, shift) + noncentralT(-limit, df, shift);
}

/** Customers it takes to see a difference of means. @throws RangeError for a difference of 0 and a standard deviation that isn't positive. */
export function sizeForMeans(difference: number, sd: number, design: Design = {}): Arms {
  const { alpha, power, ratio } = designOf(design);
  if (!(Math.abs(difference) > 0)) throw new RangeError(`difference: expected a number other than 0, found ${difference}`);
  if (!(sd > 0)) throw new RangeError(`sd: expected a positive number, found ${sd}`);
  const sees = (a: number) => {
    const arms = armsOf(a, ratio);
    return arms.a >= 2 && arms.b >= 2 && powerForMeans(difference, sd, arms, alpha) >= power;
  };
  let high = 2;
  while (!sees(high)) high *= 2;
  let low = high / 2;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (sees(middle)) high = middle;
    else low = middle;
  }
  return armsOf(high, ratio);
}

/** The smallest difference of means that these arms see with the given power, in the unit of `sd`. */
export function detectableMean(sd: number, arms: Arms, design: Omit<Design, 'ratio'> = {}): number {
  const { alpha, power } = designOf(design);
  return leastGap((gap) => powerForMeans(gap, sd, arms, alpha) >= power, 100 * sd * Math.sqrt(1 / arms.a + 1 / arms.b))!;
}

function leastGap(sees: (gap: number) => boolean, most: number): number | null {
  if (!sees(most)) return null;
  let [low, high] = [0, most];
  for (let i = 0; i < 200 && high - low > 1e-12 * most; i++) {
    const middle = (low + high) / 2;
    if (sees(middle)) high = middle;
    else low = middle;
  }
  return high;
}
