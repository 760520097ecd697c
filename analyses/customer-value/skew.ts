import { normalTwoSided } from '#stats/distribution.ts';
import { gammaParts } from '#stats/gamma.ts';

/** Moments of many customers' expected value about its mean. */
export interface Shape {
  variance: number;
  /** Third central moment. */
  third: number;
}

/** A part of a whole: number, mean, and means of squares and cubes. */
export interface Raw {
  n: number;
  mean: number;
  square: number;
  cube: number;
}

/** Shape of several parts about a mean each of its own. */
export function pooledShape(parts: readonly Raw[]): Shape {
  let [n, variance, third] = [0, 0, 0];
  for (const { n: size, mean, square, cube } of parts) {
    n += size;
    variance += size * Math.max(0, square - mean ** 2);
    third += size * (cube - 3 * mean * square + 2 * mean ** 3);
  }
  const known = n - parts.length;
  return known > 0 ? { variance: variance / known, third: third / n } : { variance: 0, third: 0 };
}

const nearlyEven = 1e-4;

/**
 * Two-sided chance of a standardised distance `z` of a mean with so much skewness, by Pearson's type III (the shifted gamma distribution
 * of those three moments). A few large values make a mean of many small ones skew: the normal then calls low means too often where the
 * error is taken from the group itself, and high ones where it is taken from all.
 */
export function skewTwoSided(z: number, skewness: number): number {
  if (Math.abs(skewness) < nearlyEven) return normalTwoSided(z);
  const shape = 4 / skewness ** 2;
  const x = shape + Math.sign(skewness) * z * Math.sqrt(shape);
  if (x <= 0) return 0;
  const { p, q } = gammaParts(shape, x);
  return Math.min(1, 2 * Math.min(p, q));
}
