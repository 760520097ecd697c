import { checkCount } from '../estimate.ts';
import { logGamma } from '../gamma.ts';

/**
 * ln of the chance that at least `both` of n draws lie in two marked sets of a and b if the sets are independent: Fisher's exact test,
 * one-sided (Fisher 1935), as arules' `fishersExactTest`. In logarithms, so that no count is too large and no chance too small.
 * @throws RangeError unless whole numbers with both ≤ a, b ≤ n and a + b − both ≤ n.
 */
export function logFisherAbove(both: number, a: number, b: number, n: number): number {
  for (const [name, value] of Object.entries({ both, a, b, n })) checkCount(name, value);
  const least = Math.max(0, a + b - n);
  if (both > Math.min(a, b) || Math.max(a, b) > n || both < least) {
    throw new RangeError(`both: expected ${least} to ${Math.min(a, b)} for sets of ${a} and ${b} of ${n}, found ${both}`);
  }
  if (both === least) return 0;
  const mean = (a * b) / n;
  return both > mean ? upper(both, a, b, n) : Math.log1p(-Math.exp(lower(both - 1, a, b, n)));
}

/** The same as a probability; 0 where it is smaller than the least double. */
export function fisherAbove(both: number, a: number, b: number, n: number): number {
  return Math.exp(logFisherAbove(both, a, b, n));
}

const logChoose = (n: number, k: number): number => logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);

const logTerm = (x: number, a: number, b: number, n: number): number => logChoose(a, x) + logChoose(n - a, b - x) - logChoose(n, b);

function upper(from: number, a: number, b: number, n: number): number {
  let [term, sum] = [1, 1];
  for (let x = from; x < Math.min(a, b); x++) {
    term *= ((a - x) * (b - x)) / ((x + 1) * (n - a - b + x + 1));
    sum += term;
    if (term < sum * 1e-17) break;
  }
  return Math.min(0, logTerm(from, a, b, n) + Math.log(sum));
}

function lower(from: number, a: number, b: number, n: number): number {
  let [term, sum] = [1, 1];
  for (let x = from; x > Math.max(0, a + b - n); x--) {
    term *= (x * (n - a - b + x)) / ((a - x + 1) * (b - x + 1));
    sum += term;
    if (term < sum * 1e-17) break;
  }
  return Math.min(0, logTerm(from, a, b, n) + Math.log(sum));
}
