import { studentTwoSided } from '../distribution.ts';
import { checkCount, checkFinite, type Estimate } from '../estimate.ts';
import { proportion } from '../proportion.ts';
import { random } from '../random.ts';

export interface AaCheck {
  /** Share of splits that were called different though nothing differs, with its interval; `n` splits. */
  called: Estimate;
  alpha: number;
  /** Largest distance of the p-values' distribution from a uniform one, and its p (Kolmogorov). */
  distance: number;
  uniformP: number;
  /** False where the test calls too often or too rarely on these customers, so that its p can't be trusted. */
  isSound: boolean;
}

/**
 * A/A check: customers are split at random again and again, and each split tested by Welch's t on this outcome. As many must be called as
 * alpha says; heavy-tailed spending with few buyers breaks that.
 * @param outcomes one a customer: money, or 0 and 1.
 * @returns null below 4 customers, and where all outcomes are the same.
 * @throws RangeError when an outcome isn't finite.
 */
export function aaCheck(
  outcomes: ArrayLike<number>,
  options: { seed: number; splits?: number; alpha?: number; share?: number },
): AaCheck | null {
  const { seed, alpha = 0.05, share = 0.5 } = options;
  const splits = checkCount('splits', options.splits ?? 400, 20);
  checkFinite('outcomes', outcomes);
  const n = outcomes.length;
  const size = Math.round(share * n);
  if (n < 4 || size < 2 || n - size < 2) return null;
  let middle = 0;
  for (let i = 0; i < n; i++) middle += outcomes[i]! / n;
  const values = Float64Array.from(outcomes, (value) => value - middle);
  const [total, squares] = sumsOf(values, n);
  if (!(squares > 1e-24 * (middle * middle + 1) * n)) return null;
  const source = random(seed, 'a/a');
  const p: number[] = [];
  for (let s = 0; s < splits; s++) {
    // The first `size` of a partial shuffle are arm b.
    for (let i = 0; i < size; i++) {
      const j = i + source.integer(n - i);
      [values[i], values[j]] = [values[j]!, values[i]!];
    }
    const [b, bb] = sumsOf(values, size);
    p.push(welch(size, b, bb, n - size, total - b, squares - bb));
  }
  const called = proportion(p.filter((one) => one <= alpha).length, splits)!;
  p.sort((x, y) => x - y);
  const distance = p.reduce((most, one, i) => Math.max(most, (i + 1) / splits - one, one - i / splits), 0);
  const uniformP = kolmogorov(distance, splits);
  return { called, alpha, distance, uniformP, isSound: called.low <= alpha && alpha <= called.high };
}

function sumsOf(values: Float64Array, n: number): [total: number, squares: number] {
  let [total, squares] = [0, 0];
  for (let i = 0; i < n; i++) {
    total += values[i]!;
    squares += values[i]! * values[i]!;
  }
  return [total, squares];
}

function welch(n: number, total: number, squares: number, m: number, otherTotal: number, otherSquares: number): number {
  const v = Math.max(0, squares - (total * total) / n) / (n - 1) / n;
  const w = Math.max(0, otherSquares - (otherTotal * otherTotal) / m) / (m - 1) / m;
  if (v + w === 0) return total / n === otherTotal / m ? 1 : 0;
  const df = (v + w) ** 2 / (v ** 2 / (n - 1) + w ** 2 / (m - 1));
  return studentTwoSided((total / n - otherTotal / m) / Math.sqrt(v + w), df);
}

/** P(D ≥ distance) for n uniform values, asymptotic with Stephens' correction (1970). */
function kolmogorov(distance: number, n: number): number {
  const x = distance * (Math.sqrt(n) + 0.12 + 0.11 / Math.sqrt(n));
  if (x < 0.3) return 1;
  let total = 0;
  for (let j = 1; j <= 100; j++) total += (j % 2 === 1 ? 2 : -2) * Math.exp(-2 * j * j * x * x);
  return Math.min(1, Math.max(0, total));
}
