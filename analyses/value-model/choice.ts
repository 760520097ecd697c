import type { Formatter } from '#contract/format.ts';
import { type Compressed, compress } from '#stats/clv/compress.ts';
import { nbd } from '#stats/clv/nbd.ts';
import type { PurchaseModel } from '#stats/clv/value.ts';
import { topShare } from './accuracy.ts';
import { type CandidateId, candidates, type Fitted, fitCandidate, general, modelOf, type Parameters } from './candidate.ts';
import { type Holdout, type Method, meanRate, scoreDifference } from './holdout.ts';
import type { Calibration, Rows } from './input.ts';

type Model = PurchaseModel<'week', Parameters>;

/** What scores the customers. */
export interface Choice {
  id: CandidateId | 'mean' | 'none';
  /** As it stands within a sentence. */
  name: string;
  /** On all data; null where not even a mean rate is known. */
  model: Model | null;
  /** The fit behind `model`; null for a mean rate. */
  fit: Fitted | null;
  /** On the calibration alone; null without a holdout to judge by. */
  calibrated: Model | null;
  /** How it fared on the holdout; null without one. */
  method: Method | null;
  /** Candidates that were fitted to all data. */
  fitted: Fitted[];
  /** A model stands, and the tenth that it puts first makes clearly more than its share of the purchases of the holdout. */
  isSupported: boolean;
  /** Why it is not a model in which customers leave, or why it is not supported, as a clause; empty for neither. */
  why: string;
  /** What came lies within the stated limits of what was expected. */
  forecasts: boolean;
  rows: Compressed;
}

/** Purchases that came over those expected: within these limits a sum is forecast well enough to plan with. */
export const biasLimits = { low: 0.8, high: 1.25 } as const;
/** The tenth with the highest expectation must make at least so many times its share of the purchases, by the low end of the interval. */
export const usefulLift = 2;

const isRanking = (method: Method | null) => method?.capture != null && method.capture.low >= usefulLift * topShare;
const isForecasting = (method: Method | null) =>
  method?.bias != null && method.bias.value >= biasLimits.low && method.bias.value <= biasLimits.high;

/** The mean rate of all as a model: NBD whose prior is what all customers together have told. */
function meanModel(rows: Rows): Model {
  return { law: general(nbd), parameters: { ...meanRate(rows) }, unit: 'week' };
}

/**
 * Of the models with dropout whose fits stand, before the cut-off and on all data, the one that gave the holdout the highest log chance;
 * where that predicts no better than NBD or than the mean rate of all, those, in this order.
 */
export function choose(histories: Rows, calibration: Calibration, holdout: Holdout | null, format: Formatter): Choice {
  const rows = compress(histories);
  const fitted: Fitted[] = [];
  const refit = (id: CandidateId): Fitted => {
    const made =
      fitted.find(({ candidate }) => candidate.id === id) ?? fitCandidate(candidates.find((one) => one.id === id)!, rows, format);
    if (!fitted.includes(made)) fitted.push(made);
    return made;
  };
  const common = { fitted, rows, isSupported: false, method: null, calibrated: null, fit: null, forecasts: false };
  if (histories.customers === 0) return { ...common, id: 'none', name: 'no model', model: null, why: 'nobody has bought yet' };
  if (histories.exposure === 0)
    return { ...common, id: 'none', name: 'no model', model: null, why: 'no customer was seen for a day after the first purchase' };

  const methodOf = (id: string) => holdout?.methods.find((method) => method.id === id) ?? null;
  const made = (id: CandidateId, why: string): Choice | null => {
    const before = holdout?.fitted.find(({ candidate }) => candidate.id === id);
    if (before && before.refused.length > 0) return null;
    const fit = refit(id);
    if (fit.refused.length > 0) return null;
    const method = methodOf(id);
    return {
      ...{ ...common, id, name: fit.candidate.name, model: modelOf(fit), fit, method, calibrated: before ? modelOf(before) : null },
      ...{ why, isSupported: isRanking(method), forecasts: isForecasting(method) },
    };
  };
  const fallback = (why: string): Choice => {
    const method = methodOf('mean');
    return (
      made('nbd', why) ?? {
        ...{ ...common, id: 'mean', name: 'the mean rate of all', model: meanModel(histories), method, why },
        ...{ calibrated: holdout ? meanModel(calibration) : null, forecasts: isForecasting(method) },
      }
    );
  };
  if (!holdout) return fallback('too few customers, or too few purchases after the cut-off, to judge a model by');
  const dropout = candidates.filter(({ hasDropout }) => hasDropout).map(({ id }) => id);
  const ranked = dropout.map(methodOf).filter((method) => method !== null);
  ranked.sort((a, b) => b.score! - a.score!);
  for (const method of ranked) {
    const one = made(method.id as CandidateId, '');
    if (!one) continue;
    for (const [id, words] of [
      ['nbd', 'a model in which customers leave predicts no better than one in which nobody does'],
      ['mean', 'a model of each customer predicts no better than the mean rate of all'],
    ] as const) {
      const plain = methodOf(id);
      const gain = plain && scoreDifference(method, plain, calibration.weight);
      if (gain && gain.low <= 0) return fallback(words);
    }
    return one.isSupported ? one : { ...one, why: 'the model hardly tells the customers who will buy from the others' };
  }
  return fallback('no model in which customers leave has a fit that stands');
}
