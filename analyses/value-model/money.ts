import type { Formatter } from '#contract/format.ts';
import { betaParts } from '#stats/beta.ts';
import type { Measured } from './accuracy.ts';
import type { Method } from './holdout.ts';
import type { Calibration, SpendRows } from './input.ts';
import { type SpendModel, spendModel } from './spend.ts';

/**
 * Value of the holdout over what was expected of it, with purchases and spend from before the cut-off. The interval is that of a ratio
 * of sums over histories.
 */
export function valueBias(calibration: Calibration, spendRows: SpendRows, method: Method, format: Formatter): Measured {
  const { x, m, weight, laterValue } = calibration;
  const spend = spendModel(spendRows, { value: 0, purchases: 0 }, format);
  const expected = x.map((value, i) => weight[i]! * method.predicted[i]! * (spend.base(value) + spend.own(value) * m[i]!));
  const [came, hoped] = [laterValue.reduce((a, b) => a + b, 0), expected.reduce((a, b) => a + b, 0)];
  if (!(hoped > 0)) return null;
  const value = came / hoped;
  let squares = 0;
  for (let i = 0; i < x.length; i++) squares += (laterValue[i]! - value * expected[i]!) ** 2;
  const half = (1.959963984540054 * Math.sqrt(squares)) / hoped;
  return { value, low: Math.max(0, value - half), high: value + half };
}

/** Repeat buyers by mean value, observed and as the spend model has it. */
export interface SpendBin {
  from: number;
  to: number;
  observed: number;
  expected: number;
}

/** Share of repeat buyers by mean value in equal bins up to the 99th percentile; what lies above is in no bin. */
export function spendBins({ x, m, weight }: SpendRows, { parameters }: SpendModel, most = 30): SpendBin[] {
  const kept = Array.from(x, (_, i) => i).filter((i) => m[i]! > 0);
  const n = kept.reduce((sum, i) => sum + weight[i]!, 0);
  if (n < 2 * leastBuyers) return [];
  const sorted = kept.toSorted((i, j) => m[i]! - m[j]!);
  let below = 0;
  const top =
    m[
      sorted.find((i) => {
        below += weight[i]!;
        return below >= drawnShare * n;
      })!
    ]!;
  const count = Math.max(8, Math.min(most, Math.round(Math.sqrt(n) / 2)));
  const width = niceWidth(top / count);
  const bins = Array.from({ length: Math.ceil(top / width) }, (_, k) => ({
    from: k * width,
    to: (k + 1) * width,
    observed: 0,
    expected: 0,
  }));
  const byX = new Map<number, number>();
  for (const i of kept) {
    const bin = bins[Math.floor(m[i]! / width)];
    if (bin) bin.observed += weight[i]! / n;
    byX.set(x[i]!, (byX.get(x[i]!) ?? 0) + weight[i]!);
  }
  const { p, q, v } = parameters;
  for (const [frequency, customers] of byX) {
    const below = (value: number) => {
      const total = frequency * value;
      return betaParts(total / (v + total), p * frequency, q, v / (v + total)).lower;
    };
    for (const bin of bins) bin.expected += (customers / n) * (below(bin.to) - below(bin.from));
  }
  return bins;
}

const leastBuyers = 30;
const drawnShare = 0.99;

function niceWidth(width: number): number {
  const power = 10 ** Math.floor(Math.log10(width));
  return power * ([1, 2, 2.5, 5, 10].find((step) => step * power >= width) ?? 10);
}

/** Mean value of repeat purchases by frequency, with its interval over customers. */
export function spendByFrequency({ x, m, weight }: SpendRows, starts: readonly number[] = [1, 2, 3, 4, 6, 9, 13]) {
  const classes = starts.map((from, k) => ({ from, to: starts[k + 1] ?? Number.POSITIVE_INFINITY, n: 0, sum: 0, squares: 0 }));
  for (let i = 0; i < x.length; i++) {
    const one = classes.findLast(({ from }) => x[i]! >= from);
    if (!one || !(m[i]! > 0)) continue;
    one.n += weight[i]!;
    one.sum += weight[i]! * m[i]!;
    one.squares += weight[i]! * m[i]! ** 2;
  }
  return classes
    .filter(({ n }) => n >= leastBuyers)
    .map(({ from, to, n, sum, squares }) => {
      const mean = sum / n;
      const half = 1.959963984540054 * Math.sqrt(Math.max(0, squares - sum * mean) / (n - 1) / n);
      return { from, to, customers: n, mean, low: Math.max(0, mean - half), high: mean + half };
    });
}
