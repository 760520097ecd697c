import type { Holdout } from './holdout.ts';
import type { Scorer } from './scorer.ts';
import { top } from './top.ts';

/** How well lists foretold a window: one value per customer asked about, in the holdout's order. */
export interface Evaluation {
  /** Share of what the customer bought that stood in the first 20. */
  recall: Float64Array;
  /** Discounted gain of the first 10 over the best possible. */
  ndcg: Float64Array;
  /** Of products that had been bought before the window: NaN for customers who bought none of them. */
  recallWarm: Float64Array;
  /** Of products that nobody had bought before: NaN for customers who bought none of them. */
  recallCold: Float64Array;
  /** Share of the catalogue that stood in some customer's first 20. */
  coverage: number;
  /** Mean surprise of what stood in the first 20: −log2 of the share of customers who had bought it, in bits. */
  novelty: number;
}

export const recallAt = 20;
export const ndcgAt = 10;

const blockCells = 8_000_000;

/** Runs over all customers' lists: full ranking of the catalogue, what is excluded left out. */
function lists(
  scorer: Scorer,
  holdout: Pick<Holdout, 'customers' | 'histories' | 'excluded'>,
  k: number,
  use: (list: Int32Array, i: number) => void,
) {
  const n = scorer.products;
  if (n === 0) return;
  const block = Math.max(1, Math.min(512, Math.floor(blockCells / n)));
  const scores = new Float32Array(block * n);
  const { excluded, histories } = holdout;
  for (let from = 0; from < holdout.customers.length; from += block) {
    const to = Math.min(from + block, holdout.customers.length);
    scorer.score(histories, from, to, scores);
    for (let i = from; i < to; i++) {
      const row = (i - from) * n;
      for (let e = excluded.offsets[i]!; e < excluded.offsets[i + 1]!; e++) scores[row + excluded.product[e]!] = Number.NEGATIVE_INFINITY;
      use(top(scores, k, row, n), i);
    }
  }
}

/** Full ranking over the whole catalogue (no sampled negatives): Recall@20, NDCG@10, coverage and novelty. */
export function evaluate(scorer: Scorer, holdout: Holdout): Evaluation {
  const n = holdout.customers.length;
  const result = {
    recall: new Float64Array(n),
    ndcg: new Float64Array(n),
    recallWarm: new Float64Array(n),
    recallCold: new Float64Array(n),
  };
  const isShown = new Uint8Array(holdout.products);
  let surprise = 0;
  let shown = 0;
  const { truth, isNew, buyers, known } = holdout;
  lists(scorer, holdout, recallAt, (list, i) => {
    const wanted = truth.product.subarray(truth.offsets[i]!, truth.offsets[i + 1]!);
    const isWanted = new Set(wanted);
    let hits = 0;
    let newHits = 0;
    let gain = 0;
    list.forEach((p, rank) => {
      isShown[p] = 1;
      surprise -= Math.log2((buyers[p]! + 1) / (known + 1));
      shown++;
      if (!isWanted.has(p)) return;
      hits++;
      newHits += isNew[p]!;
      if (rank < ndcgAt) gain += discount(rank);
    });
    const newWanted = wanted.reduce((sum, p) => sum + isNew[p]!, 0);
    result.recall[i] = hits / wanted.length;
    result.ndcg[i] = gain / bestGain(wanted.length);
    result.recallCold[i] = newWanted === 0 ? Number.NaN : newHits / newWanted;
    result.recallWarm[i] = wanted.length === newWanted ? Number.NaN : (hits - newHits) / (wanted.length - newWanted);
  });
  const coverage = holdout.products === 0 ? 0 : isShown.reduce((sum, value) => sum + value, 0) / holdout.products;
  return { ...result, coverage, novelty: shown === 0 ? 0 : surprise / shown };
}

const discount = (rank: number) => 1 / Math.log2(rank + 2);

function bestGain(wanted: number): number {
  let sum = 0;
  for (let rank = 0; rank < Math.min(wanted, ndcgAt); rank++) sum += discount(rank);
  return sum;
}
