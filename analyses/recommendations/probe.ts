import type { Appraisal, AppraiseOptions, Candidate, Offer, Result, Window } from '#recommender/appraise.ts';
import type { Backend } from '#recommender/backend.ts';
import { contentSpace } from '#recommender/content.ts';
import { type Evaluation, evaluate } from '#recommender/evaluate.ts';
import { fitFilter } from '#recommender/filters.ts';
import { type Holdout, holdout } from '#recommender/holdout.ts';
import { between, type Interactions } from '#recommender/interactions.ts';
import { neighbourScorer } from '#recommender/item-item.ts';
import { popularity, popularityScorer, recently, repeatScorer } from '#recommender/popularity.ts';
import { repeatProducts } from '#recommender/repeat.ts';
import { likeness, type Scorer, vectorScorer } from '#recommender/scorer.ts';
import { train } from '#recommender/train.ts';
import { bootstrapMean } from '#stats/bootstrap.ts';

/** What a recommender must be able to add to Recall@20 over popularity for its training to be worth the while. */
export const leastGain = 0.005;

/** Candidates that cost little: of the towers one pass. */
const cheap = ['popular', 'recent', 'again', 'content', 'item-item', 'embedding'] as const satisfies Candidate[];

const personal = ['content', 'item-item', 'embedding'] as const;

/**
 * A look at the validation window before anything dear is trained. Where not even the upper end of the 95% interval of what the cheap
 * personal candidates add to the better popularity reaches `leastGain`, the dear ones are left untrained, and the cheap ones are judged on the
 * test window as `appraise` judges: the decision never sees the test window.
 * @returns null where the dear candidates have a chance, or too few customers to tell.
 */
export async function probe(data: Interactions, offer: Offer, options: AppraiseOptions, backend: Backend): Promise<Appraisal | null> {
  const { day } = data.histories;
  if (day.length === 0) return null;
  const first = day.reduce((least, value) => Math.min(least, value));
  const end = day.reduce((most, value) => Math.max(most, value)) + 1;
  const window = Math.min(options.window, Math.floor((end - first) / 4));
  if (window < 1) return null;
  const space = contentSpace(offer.content, options.contentDimensions, options.seed, backend.multiply);
  const judge = async (from: number) => {
    const before = between(data.histories, Number.NEGATIVE_INFINITY, from);
    const { isRepeat } = repeatProducts(before, data.products, options.repeat);
    const taste = options.training.taste;
    const asked = holdout(data, from, from + window, { taste, repeats: isRepeat, limit: options.customers });
    const all = popularity(before, data.products, Number.NEGATIVE_INFINITY, from);
    const recent = recently(before, data.products, from, options.recent);
    if (asked.customers.length < options.leastCustomers) return { asked, found: null };
    const input = { histories: before, now: from, content: offer.content, vocabulary: offer.vocabulary, seed: options.seed };
    const { towers } = await train(input, { ...options.training, epochs: 1 }, backend);
    const near = fitFilter('item-item', before, isRepeat, data.products, options, backend);
    const scorers: Record<(typeof cheap)[number], Scorer> = {
      popular: popularityScorer(all),
      recent: popularityScorer(recent),
      again: repeatScorer(all),
      content: vectorScorer(likeness(space.dimensions, space.values, recent), backend.multiply),
      'item-item': neighbourScorer(near, recent),
      embedding: vectorScorer(towers, backend.multiply),
    };
    return { asked, found: Object.fromEntries(cheap.map((id) => [id, evaluate(scorers[id], asked)])) as Found };
  };
  const early = await judge(end - 2 * window);
  if (!early.found) return null;
  const { found } = early;
  const baseline = mean(found.recent.recall) > mean(found.popular.recall) ? 'recent' : 'popular';
  const reach = personal.map((id) => gainOf(found[id], found[baseline], id, options.seed)?.high ?? Number.POSITIVE_INFINITY);
  if (reach.some((high) => high >= leastGain)) return null;
  const late = await judge(end - window);
  if (!late.found) return null;
  const { found: judged } = late;
  return {
    verdict: 'within-noise',
    served: 'content',
    plan: { chosen: 'embedding', baseline, partner: 'item-item', share: 0, passes: 1, epochs: [] },
    validation: windowOf(early.asked, window),
    test: windowOf(late.asked, window),
    results: cheap.map((id) => resultOf(id, judged[id], judged[baseline], late.asked, options.seed)),
    easeProducts: 0,
  };
}

type Found = Record<(typeof cheap)[number], Evaluation>;

function windowOf({ from, customers, unknown }: Holdout, window: number): Window {
  return { from, to: from + window, customers: customers.length, unknown };
}

function gainOf({ recall }: Evaluation, base: Evaluation, id: string, seed: number) {
  return bootstrapMean(
    recall.map((value, i) => value - base.recall[i]!),
    { seed, label: `recommender/${id}/gain` },
  );
}

function resultOf(id: Candidate, found: Evaluation, base: Evaluation, { histories }: Holdout, seed: number): Result {
  const estimate = (label: string, values: Float64Array, keep: (i: number) => boolean = () => true) =>
    bootstrapMean(
      values.filter((value, i) => !Number.isNaN(value) && keep(i)),
      { seed, label: `recommender/${id}/${label}` },
    );
  const size = (i: number) => histories.offsets[i + 1]! - histories.offsets[i]!;
  return {
    id,
    recall: estimate('recall', found.recall),
    ndcg: estimate('ndcg', found.ndcg),
    warmProducts: estimate('warm', found.recallWarm),
    coldProducts: estimate('cold', found.recallCold),
    fewProducts: estimate('few', found.recall, (i) => size(i) <= 2),
    manyProducts: estimate('many', found.recall, (i) => size(i) > 2),
    coverage: found.coverage,
    novelty: found.novelty,
    gain: gainOf(found, base, id, seed),
  };
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
