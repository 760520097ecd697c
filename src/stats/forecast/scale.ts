/** A scale on which errors may be of one size: values, their square roots (counts), their logarithms (relative errors). */
export interface Scale {
  name: 'values' | 'square roots' | 'logarithms';
  /** True where every known value can be put on the scale. */
  admits(values: ArrayLike<number>): boolean;
  forth(value: number): number;
  back(x: number): number;
  /** Logarithm of the slope of `forth`, by which likelihoods on different scales compare. */
  logSlope(value: number): number;
}

const every = (values: ArrayLike<number>, holds: (value: number) => boolean) => {
  for (let i = 0; i < values.length; i++) if (!Number.isNaN(values[i]) && !holds(values[i]!)) return false;
  return true;
};

/** Anscombe's 3/8 (Anscombe 1948) steadies the scatter of counts; NaN marks a missing value throughout. */
export const scales: readonly Scale[] = [
  { name: 'values', admits: () => true, forth: (y) => y, back: (x) => x, logSlope: () => 0 },
  {
    name: 'square roots',
    admits: (values) => every(values, (y) => y >= 0),
    forth: (y) => Math.sqrt(y + 0.375),
    back: (x) => Math.max(0, x) ** 2 - 0.375,
    logSlope: (y) => -Math.log(2 * Math.sqrt(y + 0.375)),
  },
  {
    name: 'logarithms',
    admits: (values) => every(values, (y) => y > 0),
    forth: Math.log,
    back: (x) => Math.exp(Math.min(x, 700)),
    logSlope: (y) => -Math.log(y),
  },
];
