import type { Estimate } from '#stats/estimate.ts';
import { codedLike } from '#stats/learn/coded.ts';
import { moments } from '#stats/mean.ts';
import { proportion } from '#stats/proportion.ts';
import type { Learned } from './study.ts';

/** A bin of the scorecard. */
export interface Bin {
  feature: string;
  bin: string;
  /** Customers of the training. */
  taught: number;
  /** Log-odds of high against low that it adds. */
  logOdds: number;
  /** Share of the judged customers of the bin who became high; null for fewer than thirty. */
  came: Estimate | null;
}

const leastShown = 30;

function codesOf({ card, judging }: Learned) {
  return codedLike(
    card.fit,
    card.fit.names.map((name) => ({ name, values: judging.bins[name]! })),
  ).codes;
}

const oddsOf = (points: Int32Array, bin: number) => (points[3 * bin + 2]! - points[3 * bin]!) / 1000;

/** How much each feature moves the odds among the judged customers: its standard deviation over the sum of all. The largest first. */
export function spreadOf(learned: Learned): { id: string; share: number }[] {
  const { card } = learned;
  const spreads = codesOf(learned).map((codes, j) => {
    const added = Float64Array.from(codes, (code) => (code < 0 ? 0 : oddsOf(card.points[j]!, code)));
    return Math.sqrt(moments(added).variance ?? 0);
  });
  const all = spreads.reduce((sum, one) => sum + one, 0);
  return card.fit.names
    .map((id, j) => ({ id, share: all > 0 ? spreads[j]! / all : 0 }))
    .sort((a, b) => b.share - a.share || (a.id < b.id ? -1 : 1));
}

/** Every bin of the scorecard, those that move the odds most first. */
export function binsOf(learned: Learned): Bin[] {
  const { card, judging } = learned;
  const codes = codesOf(learned);
  return card.fit.bins
    .flatMap((bins, j) =>
      bins.map((bin, b): Bin => {
        let [n, high] = [0, 0];
        codes[j]!.forEach((code, i) => {
          if (code !== b) return;
          n++;
          if (judging.segment[i] === 2) high++;
        });
        return {
          ...{ feature: card.fit.names[j]!, bin, taught: card.counts[j]![b]!, logOdds: oddsOf(card.points[j]!, b) },
          came: n < leastShown ? null : proportion(high, n),
        };
      }),
    )
    .sort((a, b) => Math.abs(b.logOdds) - Math.abs(a.logOdds) || (a.feature + a.bin < b.feature + b.bin ? -1 : 1));
}
