import type { Relation } from '#contract/analysis.ts';
import { coded, codedLike } from '#stats/learn/coded.ts';
import { type Multinomial, multinomial, multinomialChances } from '#stats/learn/multinomial.ts';
import { residualTest } from '#stats/learn/residual.ts';
import { benjaminiHochberg } from '#stats/multiple.ts';
import { type Feature, features } from './feature.ts';
import type { Customers } from './input.ts';

/** Customers of the training that a bin needs to get points of its own. */
export const leastInBin = 30;
/** λ of the ridge: a bin without much behind it gets few points. */
export const ridge = 1;
/** A tested feature is taken in below this adjusted p. */
export const alpha = 0.05;
/** Points in one unit of log-odds. */
const unit = 1000;

export interface Scorecard {
  /** Tested features with their adjusted p; those at most at the limit are in. */
  tested: { feature: Feature; p: number | null; isIn: boolean }[];
  fit: Multinomial;
  /** Points of each class. */
  intercept: Int32Array;
  /** A feature each: bins × classes. */
  points: Int32Array[];
  /** Customers of the training in each bin. */
  counts: Int32Array[];
  /** Mean later value of each segment in the training. */
  values: [number, number, number];
  /** Least scores of the segments mid and high: as many of the training are above them as became so. */
  midFrom: number;
  highFrom: number;
}

const given = (customers: Customers, chosen: readonly Feature[]) => chosen.map(({ id }) => ({ name: id, values: customers.bins[id]! }));

/**
 * Multinomial logistic regression of the segment on features in bins, its weights rounded to whole points: recency, frequency and value, and of
 * the first order what the residuals of these call for.
 */
export function learn(training: Customers, segment: Uint8Array): Scorecard {
  const core = features.filter(({ isTested }) => !isTested);
  const few = coded(given(training, core), { least: leastInBin });
  const first = multinomial(few, segment, 3, { ridge });
  const tested = testedOn(training, segment, multinomialChances(first, few));
  const taken = tested.filter(({ isIn }) => isIn).map(({ feature }) => feature);
  const rows = taken.length > 0 ? coded(given(training, [...core, ...taken]), { least: leastInBin }) : few;
  const fit = taken.length > 0 ? multinomial(rows, segment, 3, { ridge }) : first;
  const counts = rows.bins.map((bins, j) => {
    const made = new Int32Array(bins.length);
    for (const code of rows.codes[j]!) if (code >= 0) made[code]!++;
    return made;
  });
  const values = [0, 1, 2].map((k) => {
    let [sum, n] = [0, 0];
    segment.forEach((one, i) => {
      if (one !== k) return;
      sum += training.laterValue[i]!;
      n++;
    });
    return Math.round((100 * sum) / n) / 100;
  }) as [number, number, number];
  const whole = (weights: Float64Array) => Int32Array.from(weights, (weight) => Math.round(unit * weight));
  const made: Scorecard = {
    tested,
    fit,
    intercept: whole(fit.intercepts),
    points: fit.weights.map(whole),
    counts,
    values,
    midFrom: 0,
    highFrom: 0,
  };
  const { score } = scored(made, training);
  const wanted = (k: number) => segment.reduce((count, one) => count + (one >= k ? 1 : 0), 0);
  return { ...made, midFrom: thresholdOf(score, wanted(1)), highFrom: thresholdOf(score, wanted(2)) };
}

function testedOn(training: Customers, segment: Uint8Array, chances: Float64Array): Scorecard['tested'] {
  const candidates = features.filter(({ isTested }) => isTested);
  const { codes } = coded(given(training, candidates), { least: leastInBin });
  const adjusted = benjaminiHochberg(codes.map((own) => residualTest(chances, segment, 3, own)?.p ?? null));
  return candidates.map((feature, j) => ({ feature, p: adjusted[j]!, isIn: (adjusted[j] ?? 1) <= alpha }));
}

/** A value between two scores such that the number of scores above it is nearest to what is wanted. */
export function thresholdOf(scores: Float64Array, wanted: number): number {
  const ascending = Float64Array.from(scores).sort();
  const n = ascending.length;
  // Numbers of scores above a gap, around the wanted one.
  let above = n - wanted;
  while (above < n && above > 0 && ascending[above] === ascending[above - 1]) above++;
  let below = n - wanted;
  while (below > 0 && below < n && ascending[below] === ascending[below - 1]) below--;
  const at = above - (n - wanted) <= n - wanted - below ? above : below;
  if (at === n) return ascending[n - 1]! + 1;
  return at === 0 ? ascending[0]! - 1 : ascending[at - 1]! / 2 + ascending[at]! / 2;
}

/** Chances of the segments (customers × three), and the score: the later value that they amount to. As `segments.sql` has it. */
export function scored(
  { fit, intercept, points, values }: Scorecard,
  customers: Customers,
): { chances: Float64Array; score: Float64Array } {
  const { codes } = codedLike(fit, given(customers, features));
  const { n } = customers;
  const chances = new Float64Array(3 * n);
  const score = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let [low, mid, high] = [intercept[0]!, intercept[1]!, intercept[2]!];
    for (let j = 0; j < codes.length; j++) {
      const code = codes[j]![i]!;
      if (code < 0) continue;
      low += points[j]![3 * code]!;
      mid += points[j]![3 * code + 1]!;
      high += points[j]![3 * code + 2]!;
    }
    const midOdds = Math.exp((mid - low) / unit);
    const highOdds = Math.exp((high - low) / unit);
    const total = 1 + midOdds + highOdds;
    chances.set([1 / total, midOdds / total, highOdds / total], 3 * i);
    score[i] = (values[0] + values[1] * midOdds + values[2] * highOdds) / total;
  }
  return { chances, score };
}

/** Segment by score: 0 low, 1 mid, 2 high. */
export function segmentsByScore({ midFrom, highFrom }: Pick<Scorecard, 'midFrom' | 'highFrom'>, score: Float64Array): Uint8Array {
  return Uint8Array.from(score, (value) => (value >= highFrom ? 2 : value >= midFrom ? 1 : 0));
}

/** The scorecard as tables for SQL; without one, the same tables without rows. */
export function relationsOf(card: Scorecard | null): { points: Relation; rule: Relation } {
  const lines: { feature: string; bin: string; at: ArrayLike<number> }[] = [];
  if (card) {
    lines.push({ feature: 'intercept', bin: 'all', at: card.intercept });
    card.fit.bins.forEach((bins, j) => {
      bins.forEach((bin, b) => {
        lines.push({ feature: card.fit.names[j]!, bin, at: card.points[j]!.subarray(3 * b, 3 * b + 3) });
      });
    });
  }
  const rule = (pick: (card: Scorecard) => number) => Float64Array.from(card ? [pick(card)] : []);
  return {
    points: {
      feature: lines.map(({ feature }) => feature),
      bin: lines.map(({ bin }) => bin),
      low: Int32Array.from(lines, ({ at }) => at[0]!),
      mid: Int32Array.from(lines, ({ at }) => at[1]!),
      high: Int32Array.from(lines, ({ at }) => at[2]!),
    },
    rule: {
      low_value: rule(({ values }) => values[0]),
      mid_value: rule(({ values }) => values[1]),
      high_value: rule(({ values }) => values[2]),
      mid_from: rule(({ midFrom }) => midFrom),
      high_from: rule(({ highFrom }) => highFrom),
    },
  };
}
