import type { Estimate } from '#stats/estimate.ts';
import { type AucTest, auc, compareAuc } from '#stats/learn/auc.ts';
import { type Confusion, confusion } from '#stats/learn/confusion.ts';
import { compareKappa, kappa } from '#stats/learn/kappa.ts';
import { capturedAmount } from '#stats/learn/lift.ts';
import type { Ranking } from './rival.ts';

export type MethodId = 'scorecard' | 'trees' | 'purchase-model' | 'recency' | 'majority';

/** How a way of telling segments beforehand fared on what came. */
export interface Judged {
  id: MethodId;
  name: string;
  confusion: Confusion;
  /** That of two customers, one high and one not, the high one is ranked higher; null for the majority. */
  aucHigh: Estimate | null;
  /** The same for whether any value came. */
  aucAny: Estimate | null;
  /** Agreement beyond chance; null for the majority. */
  kappa: Estimate | null;
  /** Part of the value that came which the tenth ranked highest brought; null for the majority, or where no value came. */
  topTenth: number | null;
  /** The scorecard less this method. */
  gain: { auc: AucTest; kappa: { difference: number; low: number; high: number; p: number } } | null;
}

interface Came {
  segment: Uint8Array;
  value: Float64Array;
}

/**
 * Judges rankings on what came. The scorecard has its own segments; every other ranking fills them with as many customers as the scorecard
 * does, so that only who they are differs.
 */
export function judge(
  card: { score: Float64Array; said: Uint8Array },
  rivals: readonly { id: MethodId; ranking: Ranking | null }[],
  came: Came,
): Judged[] {
  const isHigh = came.segment.map((segment) => (segment === 2 ? 1 : 0));
  const isAny = came.segment.map((segment) => (segment >= 1 ? 1 : 0));
  const sizes = [0, 1, 2].map((k) => card.said.reduce((count, one) => count + (one === k ? 1 : 0), 0));
  const judged = (id: MethodId, name: string, score: Float64Array, said: Uint8Array): Judged => {
    const table = confusion(came.segment, said, 3);
    const test = id === 'scorecard' ? null : compareAuc(score, card.score, isHigh);
    const agreement = id === 'scorecard' ? null : compareKappa(came.segment, said, card.said, 3);
    return {
      ...{ id, name, confusion: table, aucHigh: auc(score, isHigh), aucAny: auc(score, isAny), kappa: kappa(table.counts) },
      topTenth: capturedAmount(score, came.value, 0.1),
      gain: test && agreement ? { auc: test, kappa: agreement } : null,
    };
  };
  const most = [0, 1, 2].reduce((best, k) => (count(came.segment, k) > count(came.segment, best) ? k : best), 0);
  return [
    judged('scorecard', 'Scorecard', card.score, card.said),
    ...rivals.flatMap(({ id, ranking }) => (ranking ? [judged(id, ranking.name, ranking.score, filled(ranking.score, sizes))] : [])),
    {
      ...{
        id: 'majority',
        name: 'Always the most frequent',
        confusion: confusion(came.segment, new Uint8Array(came.segment.length).fill(most), 3),
      },
      ...{ aucHigh: null, aucAny: null, kappa: null, topTenth: null, gain: null },
    },
  ];
}

const count = (segment: Uint8Array, k: number) => segment.reduce((sum, one) => sum + (one === k ? 1 : 0), 0);

/** Segments of these sizes by score; equal scores go by the order of the customers. */
function filled(score: Float64Array, sizes: readonly number[]): Uint8Array {
  const order = Array.from(score, (_, i) => i).sort((a, b) => score[b]! - score[a]! || a - b);
  const said = new Uint8Array(score.length);
  order.forEach((i, place) => {
    said[i] = place < sizes[2]! ? 2 : place < sizes[2]! + sizes[1]! ? 1 : 0;
  });
  return said;
}
