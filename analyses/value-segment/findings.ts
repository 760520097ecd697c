import type { Finding } from '#contract/finding.ts';
import { listed, prose } from '#contract/prose.ts';
import { benjaminiHochberg } from '#stats/multiple.ts';
import { percent } from '../shared/words.ts';
import { wordsOf } from './feature.ts';
import type { Judged } from './judgement.ts';
import { alpha } from './scorecard.ts';
import { type Learned, leastGain, methodOf, type Study } from './study.ts';
import { judgedSpan, rivalWords, shareOf, valueShare } from './words.ts';

const level = 0.95;

export function segmentFindings(study: Study): Finding[] {
  const { learned } = study;
  if (!learned) return [];
  return [verdictFinding(study, learned), highFinding(study, learned), featureFinding(study, learned)].filter(
    (finding) => finding !== null,
  );
}

function verdictFinding(study: Study, learned: Learned): Finding {
  const { verdict, context } = study;
  const { format } = context;
  const own = methodOf(learned, 'scorecard')!;
  const rival = study.rival!;
  const gain = rival.gain!.auc;
  const trees = methodOf(learned, 'trees');
  const words = rivalWords(rival);
  const range = prose`${format.points(gain.low)} to ${format.points(gain.high)}`;
  const byTrees = trees?.gain
    ? prose`Boosted trees on the same features rank ${format.share(trees.aucHigh!.value)} of the pairs rightly: ${trees.gain.auc.high < 0 ? 'more than the scorecard' : trees.gain.auc.low > 0 ? 'fewer than the scorecard' : 'not told apart from the scorecard'}.`
    : '';
  const ranked = prose`${format.share(own.aucHigh!.value)} of the pairs of a customer who became high and one who did not are ranked rightly (${format.share(own.aucHigh!.low)} to ${format.share(own.aucHigh!.high)}), where chance ranks half; kappa is ${format.ratio(own.kappa?.value ?? 0)}.`;
  const common = {
    id: 'segment-learning',
    evidence: {
      level: 'high',
      rule: prose`DeLong’s ${percent(format, level)} interval of the difference in pairs ranked rightly`,
      p: adjustedP(learned, rival),
      n: learned.judging.n,
    },
    effect: {
      value: gain.difference,
      unit: 'share',
      interval: { low: gain.low, high: gain.high, basis: prose`${percent(format, level)} interval` },
    },
    stake: null,
    direction: 'neutral',
    proof: 'methods',
  } as const;
  const agreement: NonNullable<Finding['effect']> = {
    value: own.kappa?.value ?? 0,
    unit: 'ratio',
    interval: { low: own.kappa?.low ?? 0, high: own.kappa?.high ?? 0, basis: prose`kappa, ${percent(format, level)} interval` },
  };
  const plainly = rival.id === 'recency' ? 'how long ago the last purchase was' : 'the predicted value of the purchase model';
  switch (verdict) {
    case 'adds':
      return {
        ...common,
        kind: 'state',
        direction: 'good',
        claim: prose`Learning ranks customers better than ${words}, by ${format.points(gain.difference)} of pairs`,
        detail: prose`${ranked} The lead over ${words} is ${range}. ${byTrees}`,
        action: {
          ...{ do: 'Choose customers for treatment by the learned segment', owner: 'CRM lead', within: 'this month' },
          why: prose`It names the customers who will be worth most better than either plain ranking did.`,
        },
      };
    case 'same':
    case 'worse':
      return {
        ...common,
        kind: verdict === 'same' ? 'nothing' : 'state',
        claim:
          verdict === 'same'
            ? prose`Learning adds nothing worth having to ${words}`
            : prose`Learning ranks customers worse than ${words}, by ${format.points(-gain.difference).replace('+', '')} of pairs`,
        detail: prose`${ranked} Against ${words} that is ${format.points(gain.difference)} (${range}); a lead counts from ${format.points(leastGain).replace('+', '')} on. ${byTrees}`,
        action: {
          ...{
            do: prose`Rank customers by ${plainly}${study.handed ? ', and use the segment as a label only' : ''}`,
            owner: 'CRM lead',
            within: 'this month',
          },
          why: prose`It ranks ${format.share(rival.aucHigh!.value)} of the pairs rightly and is simpler to explain and to keep.`,
        },
      };
    default:
      return {
        ...common,
        kind: 'nothing',
        effect: agreement,
        claim:
          verdict === 'chance'
            ? 'Who will be worth most can’t be told beforehand from what customers have done'
            : 'Who will be worth most can hardly be told beforehand from what customers have done',
        detail: prose`${ranked} ${verdict === 'chance' ? 'That includes chance.' : prose`Of the customers named high ${format.share(own.confusion.classes[2]!.precision?.value ?? 0)} became so, of all customers ${format.share(shareOf(learned.judging.segment, 2))}. ${rival.id === 'recency' ? 'The day of the last purchase' : 'The purchase model'} alone ranks ${format.share(rival.aucHigh!.value)}.`} ${byTrees}`,
        action: {
          do: 'Do not treat customers by a predicted segment; treat them alike, or by the day of the last purchase where an offer has to be rationed',
          why: prose`Most of the customers that a model would single out would be the wrong ones.`,
          ...{ owner: 'CRM lead', within: 'this quarter' },
        },
      };
  }
}

/** That the scorecard differs from this plain ranking, adjusted over all of them. */
function adjustedP(learned: Learned, rival: Judged): number {
  const compared = learned.methods.filter(({ id }) => id === 'purchase-model' || id === 'recency');
  return benjaminiHochberg(compared.map(({ gain }) => gain!.auc.p))[compared.indexOf(rival)]!;
}

/** What the customers named high brought; only where the segment is handed on. */
function highFinding(study: Study, learned: Learned): Finding | null {
  const { format } = study.context;
  const { judging, today } = learned;
  const high = methodOf(learned, 'scorecard')!.confusion.classes[2]!;
  const held = valueShare(judging.laterValue, (i) => judging.said[i] === 2);
  if (!study.handed || !high.precision || !high.recall || held === null) return null;
  const named = shareOf(judging.said, 2);
  return {
    id: 'segment-high',
    kind: 'state',
    claim: prose`The ${format.share(named)} of customers named high beforehand brought ${format.share(held)} of the value that came`,
    detail: prose`Named on ${format.date(judging.date)}, judged by ${judgedSpan(learned, study)}: ${format.share(high.precision.value)} of those named became high (${format.share(high.precision.low)} to ${format.share(high.precision.high)}), and ${format.share(high.recall.value)} of those who became high had been named. Many would have bought without any treatment: what an offer would change is not known from this.`,
    effect: { value: held - named, unit: 'share' },
    evidence: { level: 'high', rule: 'Judged after a cut-off, on customers and days that the scorecard had not seen', n: judging.n },
    stake: null,
    direction: 'neutral',
    ...(today
      ? {
          action: {
            do: prose`Test a costly treatment on half of the ${format.count(today[2]!.customers)} customers named high today, drawn at random, and leave the others without it`,
            why: prose`The segment says who will be worth most, not whom a treatment moves; half without it shows that.`,
            owner: 'CRM lead',
            within: 'this quarter',
          },
        }
      : {}),
    proof: 'segments',
  };
}

/** Whether the first order tells more than recency, frequency and value do. */
function featureFinding(study: Study, { card, training }: Learned): Finding | null {
  const { format } = study.context;
  const judged = card.tested.filter(({ p }) => p !== null);
  if (judged.length === 0) return null;
  const taken = judged.filter(({ isIn }) => isIn);
  const names = (list: typeof judged) => listed(list.map(({ feature }) => wordsOf(feature)));
  const least = Math.min(...judged.map(({ p }) => p!));
  return {
    id: 'segment-first-order',
    kind: taken.length > 0 ? 'state' : 'nothing',
    claim:
      taken.length > 0
        ? prose`Beyond recency, frequency and value ${names(taken)} ${taken.length === 1 ? 'tells' : 'tell'} something of later value`
        : 'The first order tells nothing of later value that recency, frequency and value do not',
    detail: prose`Tested in the training: ${names(judged)}. ${taken.length > 0 ? 'Only what passed is in the scorecard; an association, not a lever.' : 'None is in the scorecard.'}`,
    evidence: {
      level: 'medium',
      rule: prose`Score test, adjusted over ${format.word(judged.length)} features, called at ${percent(format, alpha)}`,
      p: least,
      n: training.n,
    },
    stake: null,
    direction: 'neutral',
    proof: 'segment-weights',
  };
}
