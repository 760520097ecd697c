import type { Artifact } from '#contract/analysis.ts';
import type { Estimate } from '#stats/estimate.ts';
import type { Study } from './study.ts';
import { dayText } from './words.ts';

/** What the index holds and how far it can be trusted, for those who serve it. */
export function cardOf({ asOf, appraisal, backend, textModel, isStopped, contentAhead, input, index }: Study): Artifact {
  const window = (one: typeof appraisal.test) =>
    one && { first: dayText(one.from), last: dayText(one.to - 1), customers: one.customers, unknown: one.unknown };
  const estimate = (one: Estimate | null): Artifact => one && { value: one.value, low: one.low, high: one.high, n: one.n };
  return {
    as_of: asOf,
    served: index.served,
    verdict: appraisal.verdict,
    chosen: isStopped ? null : (appraisal.plan?.chosen ?? null),
    baseline: appraisal.plan?.baseline ?? null,
    stopped_early: isStopped,
    content_ahead: contentAhead,
    backend: `${backend.name} ${backend.version}`,
    text_model: textModel,
    products: input.products.length,
    offered: input.isOffered.reduce((sum, value) => sum + value, 0),
    customers: input.data.customers.length,
    validation: window(appraisal.validation),
    test: window(appraisal.test),
    results: appraisal.results.map(({ id, recall, ndcg, gain, coverage, novelty }) => ({
      ...{ recommender: id, recall_at_20: estimate(recall), ndcg_at_10: estimate(ndcg), gain: estimate(gain), coverage, novelty },
    })),
  };
}
