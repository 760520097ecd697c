import { bootstrapMean } from '#stats/bootstrap.ts';
import type { Estimate } from '#stats/estimate.ts';
import type { Backend } from './backend.ts';
import { contentSpace } from './content.ts';
import { defaultEase, type EaseOptions } from './ease.ts';
import { type Evaluation, evaluate } from './evaluate.ts';
import type { Vocabulary } from './features.ts';
import { fitFilters } from './filters.ts';
import { type Holdout, holdout } from './holdout.ts';
import { between, type Histories, type Interactions } from './interactions.ts';
import { defaultItemItem, type ItemItemOptions, neighbourScorer } from './item-item.ts';
import { popularity, popularityScorer, recently, repeatScorer } from './popularity.ts';
import { defaultRepeatRule, type RepeatRule, repeatProducts } from './repeat.ts';
import { blendScorer, likeness, type Scorer, vectorScorer } from './scorer.ts';
import type { Content } from './tower.ts';
import { defaultTraining, type Epoch, type Towers, type TrainOptions, train } from './train.ts';

export interface AppraiseOptions {
  seed: number;
  /** Days of each window, test and validation; shorter where the data are: a quarter of their span at most. */
  window: number;
  /** Days that recent popularity looks back. */
  recent: number;
  /** Customers asked about in a window at most. */
  customers: number;
  /** Customers asked about below which nothing is concluded. */
  leastCustomers: number;
  /** Shares of the collaborative filter tried in a blend. */
  shares: readonly number[];
  /** Neighbours kept of EASE^R. */
  easeNeighbours: number;
  /** Dimensions of content vectors. */
  contentDimensions: number;
  training: TrainOptions;
  itemItem: ItemItemOptions;
  ease: EaseOptions;
  repeat: RepeatRule;
}

export const defaultAppraisal: Omit<AppraiseOptions, 'seed'> = {
  window: 56,
  recent: 28,
  customers: 3000,
  leastCustomers: 50,
  shares: [0.05, 0.1, 0.25, 0.5],
  easeNeighbours: 200,
  contentDimensions: 64,
  training: defaultTraining,
  itemItem: defaultItemItem,
  ease: defaultEase,
  repeat: defaultRepeatRule,
};

/** Popularity, and what may be served. */
export const candidates = ['popular', 'recent', 'again', 'content', 'item-item', 'ease', 'embedding', 'blend'] as const;

export type Candidate = (typeof candidates)[number];

/** Of these one is chosen. */
const personal = ['embedding', 'blend', 'item-item', 'ease'] as const;

export type Personal = (typeof personal)[number];

/** What the validation window decided, before the test window was looked at. */
export interface Plan {
  /** The personal recommender of the best recall. */
  chosen: Personal;
  /** The better of the two popularities: what must be beaten. */
  baseline: 'popular' | 'recent';
  /** The better of the two collaborative filters: the other part of the blend. */
  partner: 'item-item' | 'ease';
  /** Its share in the blend. */
  share: number;
  /** Passes of training after which validation was best. */
  passes: number;
  /** Each pass of the training that validation stopped. */
  epochs: Epoch[];
}

/** One candidate on the test window. Means over customers with bootstrap intervals; null without customers. */
export interface Result {
  id: Candidate;
  recall: Estimate | null;
  ndcg: Estimate | null;
  /** Recall@20 over products that had been bought before, and over products that hadn't. */
  warmProducts: Estimate | null;
  coldProducts: Estimate | null;
  /** Recall@20 of customers with at most two products in their history, and with more. */
  fewProducts: Estimate | null;
  manyProducts: Estimate | null;
  coverage: number;
  novelty: number;
  /** Recall@20 minus the baseline's, paired by customer. */
  gain: Estimate | null;
}

export interface Window {
  /** First day, and the day after the last; days since 1970-01-01. */
  from: number;
  to: number;
  /** Customers asked about. */
  customers: number;
  /** Customers who bought without a history before it. */
  unknown: number;
}

export type Verdict = 'beats-popularity' | 'within-noise' | 'too-little-data';

export interface Appraisal {
  verdict: Verdict;
  /** What is to be served: the chosen one if it beats popularity beyond noise, else likeness of content. */
  served: Personal | 'content';
  /** Null with too little data. */
  plan: Plan | null;
  validation: Window | null;
  test: Window | null;
  /** In the order of `candidates`; empty with too little data. */
  results: Result[];
  /** Products EASE^R was fitted to: where the catalogue is larger than its limit, those with the most customers. */
  easeProducts: number;
}

/** Products and what is known of them. */
export interface Offer {
  content: Content;
  vocabulary: Vocabulary;
}

/**
 * Splits by global time into fit, validation and test. All choices (passes, partner, share, candidate, baseline) are made on validation;
 * then everything is fitted anew up to the test window and judged there once. A candidate beats popularity beyond noise when the 95%
 * interval of the paired difference in Recall@20 lies above 0.
 * @param say told what is being done.
 */
export async function appraise(
  data: Interactions,
  offer: Offer,
  options: AppraiseOptions,
  backend: Backend,
  say: (what: string) => void = () => {},
): Promise<Appraisal> {
  const nothing: Appraisal = {
    verdict: 'too-little-data',
    served: 'content',
    plan: null,
    validation: null,
    test: null,
    results: [],
    easeProducts: 0,
  };
  const { day } = data.histories;
  if (day.length === 0) return nothing;
  const first = day.reduce((least, value) => Math.min(least, value));
  const end = day.reduce((most, value) => Math.max(most, value)) + 1;
  const window = Math.min(options.window, Math.floor((end - first) / 4));
  if (window < 1) return nothing;
  const early = at(data, end - 2 * window, end - window, options);
  const late = at(data, end - window, end, options);
  const windows = { validation: early.window, test: late.window };
  if (early.holdout.customers.length < options.leastCustomers || late.holdout.customers.length < options.leastCustomers) {
    return { ...nothing, ...windows };
  }
  say('validation');
  const plan = await planOf(early, offer, options, backend);
  say('test');
  const filters = fitFilters(late.before, late.isRepeat, data.products, options, backend);
  const { towers } = await trainUpTo(late, offer, { ...options, training: { ...options.training, epochs: plan.passes } }, backend);
  const space = contentSpace(offer.content, options.contentDimensions, options.seed, backend.multiply);
  const embedding = vectorScorer(towers, backend.multiply);
  const scorers: Record<Candidate, Scorer> = {
    popular: popularityScorer(late.popular),
    recent: popularityScorer(late.recent),
    again: repeatScorer(late.popular),
    content: vectorScorer(likeness(space.dimensions, space.values, late.recent), backend.multiply),
    'item-item': neighbourScorer(filters['item-item'], late.recent),
    ease: neighbourScorer(filters.ease, late.recent),
    embedding,
    blend: blendScorer(embedding, neighbourScorer(filters[plan.partner], late.recent), plan.share),
  };
  const evaluations = candidates.map((id) => ({ id, found: evaluate(scorers[id], late.holdout) }));
  const base = evaluations.find(({ id }) => id === plan.baseline)!.found;
  const results = evaluations.map(({ id, found }) => resultOf(id, found, base, late.holdout, options.seed));
  const gain = results.find(({ id }) => id === plan.chosen)!.gain;
  const verdict: Verdict = gain !== null && gain.low > 0 ? 'beats-popularity' : 'within-noise';
  return {
    verdict,
    served: verdict === 'beats-popularity' ? plan.chosen : 'content',
    plan,
    ...windows,
    results,
    easeProducts: Math.min(options.ease.limit, data.products),
  };
}

interface Moment {
  before: Histories;
  isRepeat: Uint8Array;
  holdout: Holdout;
  window: Window;
  products: number;
  /** Of the products before the window: at any time, and lately. */
  popular: Float32Array;
  recent: Float32Array;
}

function at(data: Interactions, from: number, to: number, options: AppraiseOptions): Moment {
  const before = between(data.histories, Number.NEGATIVE_INFINITY, from);
  const { isRepeat } = repeatProducts(before, data.products, options.repeat);
  const asked = holdout(data, from, to, { taste: options.training.taste, repeats: isRepeat, limit: options.customers });
  const window = { from, to, customers: asked.customers.length, unknown: asked.unknown };
  const popular = popularity(before, data.products, Number.NEGATIVE_INFINITY, from);
  const recent = recently(before, data.products, from, options.recent);
  return { before, isRepeat, holdout: asked, window, products: data.products, popular, recent };
}

function trainUpTo(
  { before, holdout }: Moment,
  { content, vocabulary }: Offer,
  { training, seed }: AppraiseOptions,
  backend: Backend,
  score?: (towers: Towers) => number,
) {
  return train({ histories: before, now: holdout.from, content, vocabulary, seed }, training, backend, score);
}

async function planOf(moment: Moment, offer: Offer, options: AppraiseOptions, backend: Backend): Promise<Plan> {
  const recallOf = (scorer: Scorer) => mean(evaluate(scorer, moment.holdout).recall);
  const { towers, epochs, best } = await trainUpTo(moment, offer, options, backend, (now) => recallOf(vectorScorer(now, backend.multiply)));
  const filters = fitFilters(moment.before, moment.isRepeat, moment.products, options, backend);
  const embedding = vectorScorer(towers, backend.multiply);
  const found: Partial<Record<Personal, number>> = {
    embedding: epochs[best - 1]!.score!,
    'item-item': recallOf(neighbourScorer(filters['item-item'], moment.recent)),
    ease: recallOf(neighbourScorer(filters.ease, moment.recent)),
  };
  const partner = found.ease! > found['item-item']! ? 'ease' : 'item-item';
  const near = neighbourScorer(filters[partner], moment.recent);
  let share = options.shares[0] ?? 0;
  for (const tried of options.shares) {
    const recall = recallOf(blendScorer(embedding, near, tried));
    if (recall <= (found.blend ?? Number.NEGATIVE_INFINITY)) continue;
    found.blend = recall;
    share = tried;
  }
  const chosen = personal.reduce((winner, id) => ((found[id] ?? -1) > (found[winner] ?? -1) ? id : winner));
  const isRecent = recallOf(popularityScorer(moment.recent)) > recallOf(popularityScorer(moment.popular));
  return { chosen, baseline: isRecent ? 'recent' : 'popular', partner, share, passes: best, epochs };
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
    gain: estimate(
      'gain',
      found.recall.map((value, i) => value - base.recall[i]!),
    ),
  };
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
