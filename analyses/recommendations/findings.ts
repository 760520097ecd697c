import type { Finding } from '#contract/finding.ts';
import { prose } from '#contract/prose.ts';
import { recallAt } from '#recommender/evaluate.ts';
import { defaultLevel } from '#stats/estimate.ts';
import { counted, percent, sentence } from '../shared/words.ts';
import { leastGain } from './probe.ts';
import type { Study } from './study.ts';
import { candidateWords, nameOf, partWords, unjudged, windowSpan } from './words.ts';
import { usefulRise, type Worth } from './worth.ts';

const daysAWeek = 7;
/** Part of the customers whose lists must hold a new product for it to be announced to them. */
const leastAudience = 0.01;
const plain = ['popular', 'recent', 'again'];

export function recommendationFindings(study: Study): Finding[] {
  return [verdict(study), strangers(study), reach(study), newcomers(study)].filter((finding) => finding !== null);
}

function verdict(study: Study): Finding {
  const { format, appraisal, baseline, served, input, worth } = study;
  const { test } = appraisal;
  if (appraisal.verdict === 'too-little-data' || !test || !baseline?.recall || !served?.recall || !served.gain) {
    return {
      ...{ id: 'verdict', kind: 'nothing', direction: 'neutral', stake: null, proof: 'recommenders' },
      claim: 'Whether recommendations beat showing what sells cannot be told yet',
      detail: prose`${sentence(unjudged(study))}. Until then similarity of content is served, and best sellers to those of whom nothing is known.`,
      evidence: { level: 'low', rule: 'Too little to judge by', n: test?.customers ?? input.data.customers.length },
    };
  }
  const name = candidateWords(appraisal.served, study);
  const rule = prose`${study.isStopped ? 'Cheap recommenders judged on one window of time and again on the next' : 'Recommender chosen on one window of time and judged once on the next'}; ${percent(format, defaultLevel)} interval of the difference by customer`;
  const effect = {
    ...{ value: served.gain.value, unit: 'share' as const },
    interval: { low: served.gain.low, high: served.gain.high, basis: prose`${percent(format, defaultLevel)} interval over customers` },
  };
  if (appraisal.verdict === 'beats-popularity') {
    return {
      ...{ id: 'verdict', kind: 'state', direction: 'good', polarity: 'up', proof: 'evaluation', effect },
      claim: prose`Lists of ${format.count(recallAt)} by ${name} foretell ${format.share(served.recall.value)} of what customers go on to buy; best sellers ${format.share(baseline.recall.value)}`,
      detail: prose`Judged on ${windowSpan(study, test)} by ${format.count(test.customers)} customers with a history. They bought without having seen these lists: how much a list adds to what they buy only a trial can tell.`,
      evidence: { level: 'high', rule, n: test.customers },
      stake: worth?.bound
        ? {
            ...{ value: worth.bound.value, low: worth.bound.low, high: worth.bound.high },
            basis: prose`at most: a year of the purchases that the lists foretell and best sellers do not, at their usual price of ${format.money(worth.price)}, if a list won each of them anew`,
          }
        : null,
      action: { ...trialAction(study, worth), owner: 'Head of CRM', within: 'this month' },
    };
  }
  if (study.contentAhead) {
    return {
      ...{ id: 'verdict', kind: 'state', direction: 'good', polarity: 'up', stake: null, proof: 'evaluation', effect },
      claim: prose`Only similarity of content foretells more than best sellers: ${format.share(served.recall.value)} against ${format.share(baseline.recall.value)} of what customers go on to buy`,
      detail: prose`Judged on ${windowSpan(study, test)} by ${format.count(test.customers)} customers. Lists learned from purchases do not beat best sellers beyond noise: here what a product is tells more than who bought it.`,
      evidence: {
        level: 'medium',
        rule: prose`Served for want of another; ${percent(format, defaultLevel)} interval of the difference by customer`,
        n: test.customers,
      },
      action: {
        do: 'Send the weekly e-mail with products like those bought to a random half of customers and with best sellers to the other; count purchases of what was listed',
        why: 'The holdout says that the lists know what customers want, not that they make them buy',
        owner: 'Head of CRM',
        within: 'this month',
      },
    };
  }
  const best = bestOf(study);
  // That none gains anything that matters is itself found where all intervals say so.
  const isSettled = appraisal.results.every(({ id, gain }) => plain.includes(id) || (gain !== null && gain.high < leastGain));
  return {
    ...{ id: 'verdict', kind: isSettled ? 'state' : 'nothing', direction: 'neutral', stake: null, proof: 'evaluation', effect },
    claim: prose`No recommender beats showing what sells: by their purchases customers show no taste that a list could use`,
    detail: prose`The best personal list, ${best.name}, foretells ${partWords(study, best.recall)} of what ${format.count(test.customers)} customers bought from ${windowSpan(study, test)}, best sellers ${partWords(study, baseline.recall.value)}: within noise or too little to matter. What the service returns is similarity of content, and is called so.`,
    evidence: { level: 'high', rule, n: test.customers },
    action: {
      do: 'Show best sellers on the start page and in the weekly e-mail, and similar products on product pages; spend nothing on personal lists',
      why: worth
        ? prose`A trial of any list against none would need ${format.count(worth.trial.each)} customers in each half to see the part who buy rise by ${percent(format, usefulRise)} of itself`
        : prose`Nothing in the purchases says whom to show what`,
      owner: 'Head of CRM',
      within: 'this month',
    },
  };
}

/** The personal candidate with the highest recall on the test. */
function bestOf(study: Study): { name: string; recall: number } {
  const personal = study.appraisal.results.filter(({ id }) => !plain.includes(id));
  const [first] = personal.toSorted((a, b) => (b.recall?.value ?? 0) - (a.recall?.value ?? 0));
  return { name: first ? candidateWords(first.id, study) : '', recall: first?.recall?.value ?? 0 };
}

function trialAction(study: Study, worth: Worth | null): { do: string; why: string } {
  const { format } = study;
  const what = 'Send the weekly e-mail with personal lists to a random half of customers and with best sellers to the other';
  if (!worth || worth.trial.each === 0)
    return { do: what, why: 'The holdout says that the lists know what customers want, not that they make them buy' };
  const { each, days, control, treated } = worth.trial;
  const half = Math.floor(worth.known / 2);
  const needed = prose`${format.count(each)} in each half show a rise from ${partWords(study, control)} to ${partWords(study, treated)} of customers who buy something listed, if the trial moves them as the holdout lets hope`;
  return {
    do: prose`${what}, for ${format.word(Math.max(1, Math.round(days / daysAWeek)))} weeks; count purchases of what was listed`,
    why:
      half >= each
        ? prose`${needed}; ${counted(format, worth.known, 'customer')} have a history`
        : prose`${needed}; with ${counted(format, worth.known, 'customer')} it must run longer, or count clicks`,
  };
}

/** Buyers of whom nothing was known. */
function strangers(study: Study): Finding | null {
  const { format, appraisal, worth } = study;
  const { test } = appraisal;
  if (!test || !worth || test.unknown + worth.buyers < 50) return null;
  const share = test.unknown / (test.unknown + worth.buyers);
  return {
    ...{ id: 'strangers', kind: 'state', direction: 'neutral', stake: null, proof: 'recommenders' },
    claim: prose`${format.share(share)} of those who bought in the weeks held out had no history: no list can be personal to them`,
    detail: prose`${sentence(counted(format, test.unknown, 'customer'))} bought of whom nothing was known before, and ${format.count(worth.buyers)} with a history bought something new to them. Those without one are shown what sells in their region.`,
    evidence: { level: 'medium', rule: 'Counted on the weeks held out', n: test.unknown + worth.buyers },
  };
}

/** How much of the catalogue the lists reach. */
function reach(study: Study): Finding | null {
  const { format, appraisal, served, baseline } = study;
  if (!served || !baseline || appraisal.verdict !== 'beats-popularity') return null;
  return {
    ...{ id: 'reach', kind: 'state', direction: 'neutral', stake: null, proof: 'recommenders' },
    claim: prose`Personal lists show ${format.share(served.coverage)} of the catalogue to somebody, best sellers ${format.share(baseline.coverage)}`,
    detail: prose`Over the lists of ${counted(format, appraisal.test!.customers, 'customer')}. What no list shows has to be found by search and navigation.`,
    effect: { value: served.coverage - baseline.coverage, unit: 'share' },
    evidence: { level: 'high', rule: 'Counted over the lists of the test', n: appraisal.test!.customers },
  };
}

function newcomers(study: Study): Finding | null {
  const { format, audience } = study;
  const first = audience.products.toSorted((a, b) => b.lists - a.lists || a.product - b.product)[0];
  if (!first || first.lists < leastAudience * audience.asked) return null;
  const all = audience.asked === audience.customers;
  const part = all ? '' : prose` of the ${format.count(audience.asked)} asked`;
  return {
    ...{ id: 'newest', kind: 'state', direction: 'neutral', stake: null, proof: 'newest' },
    claim: prose`${nameOf(study, first.product)} is new and in the lists of ${counted(format, first.lists, 'customer')}${part}`,
    detail: prose`Of the newest ${counted(format, audience.products.length, 'product')} it is listed most often, by what it is and by who bought it so far.`,
    evidence: { level: 'low', rule: prose`In a list of ${format.count(audience.k)}`, n: audience.asked },
    action: {
      do: prose`Announce ${nameOf(study, first.product)} to the customers whose lists hold it, not to all`,
      why: 'The service names them: it returns each customer’s list',
      owner: 'Head of CRM',
      within: 'this month',
    },
  };
}
