import type { Finding } from '#contract/finding.ts';
import type { Interval } from '#contract/metric.ts';
import { listed, prose } from '#contract/prose.ts';
import { counted, percent, sentence } from '../shared/words.ts';
import { type Measured, topShare } from './accuracy.ts';
import { biasLimits, usefulLift } from './choice.ts';
import { againstExpected, agreementOf, holdoutSpan, unjudged } from './figures.ts';
import { type Method, scoreDifference } from './holdout.ts';
import type { Study } from './study.ts';

export function modelFindings(study: Study): Finding[] {
  return [support(study), forecast(study), worth(study), leaving(study), ceiling(study), spending(study)].filter((one) => one !== null);
}

const basis = (study: Study) => prose`${percent(study.context.format, 0.95)} interval over resampled customers`;

/** A measure less what it is held against, with its interval. */
function beyond({ value, low, high }: NonNullable<Measured>, reference: number, basis: string): { value: number; interval: Interval } {
  return { value: value - reference, interval: { low: low - reference, high: high - reference, basis } };
}

/** How the plain ways of ranking did, best first: 'as in the last period 42.6%, own rate so far 45.0%'. */
function plainCaptures({ holdout, context: { format } }: Study): string {
  const plain = (holdout?.methods ?? []).filter(({ id, capture }) => (id === 'own-rate' || id === 'last-period') && capture);
  plain.sort((a, b) => b.capture!.value - a.capture!.value);
  return listed(plain.map(({ name, capture }) => prose`«${name.toLowerCase()}» ${format.share(capture!.value)}`));
}

function support(study: Study): Finding {
  const { choice, holdout, input, context } = study;
  const { format } = context;
  const { method } = choice;
  const n = input.calibration.customers;
  if (!holdout || !method) {
    return {
      ...{ id: 'acting', kind: 'nothing', direction: 'neutral', stake: null, proof: 'parameters' },
      claim: prose`No model of customer value could be judged in this shop`,
      detail: prose`${unjudged(study)}. ${choice.model ? prose`Scores come from ${choice.name} and are not to be acted on customer by customer.` : 'No customer is scored.'}`,
      evidence: { level: 'low', rule: 'Too little to judge by', n },
    };
  }
  const refused = holdout.fitted.filter((one) => one.refused.length > 0).map(({ candidate }) => candidate.name);
  const verdicts = refused.length > 0 ? prose`Refused as degenerate: ${listed(refused)}.` : '';
  const span = holdoutSpan(study);
  if (choice.isSupported && method.capture) {
    const { value, low, high } = method.capture;
    return {
      id: 'acting',
      kind: 'state',
      claim: prose`The tenth of customers that ${choice.name} puts first made ${format.share(value)} of the purchases of the holdout: a list to act on`,
      detail: prose`Ranked on ${format.date(input.calibration.cutoff!)} and judged from ${span}; interval ${format.share(low)} to ${format.share(high)}, by chance it would be ${percent(format, topShare)}. Plainer rankings: ${plainCaptures(study)}. ${verdicts} ${choice.why === '' ? '' : prose`${sentence(choice.why)}: who has left cannot be told.`} It says who will buy if treated as before, not whom an offer would move.`,
      effect: { unit: 'share', ...beyond(method.capture, topShare, basis(study)) },
      evidence: { level: 'high', rule: prose`Holdout; the low end above ${percent(format, usefulLift * topShare)}`, n },
      stake: null,
      direction: 'good',
      polarity: 'up',
      action: {
        do: 'Choose the customers to look after from the top of the list of predicted value, and hold out a random part of them',
        why: 'The order of the list holds beyond the data it was made from; what looking after them brings only a comparison can tell.',
        owner: 'Head of CRM',
        within: 'this month',
      },
      proof: 'holdout',
    };
  }
  return {
    id: 'acting',
    kind: 'state',
    claim: method.capture
      ? prose`This shop cannot support a list by predicted value: its first tenth made ${format.share(method.capture.value)} of the purchases of the holdout`
      : 'This shop cannot support a list by predicted value: no model tells its customers apart',
    detail: prose`${sentence(choice.why)}, judged from ${span}${method.capture ? prose`; interval ${format.share(method.capture.low)} to ${format.share(method.capture.high)}, by chance it would be ${percent(format, topShare)}` : ''}. ${verdicts} Scores come from ${choice.name}; they sum up what such customers do on average and hardly tell one from another.`,
    ...(method.capture && {
      effect: { unit: 'share' as const, ...beyond(method.capture, topShare, basis(study)) },
    }),
    evidence: {
      level: 'high',
      rule: prose`Holdout; the low end not above ${percent(format, usefulLift * topShare)}, or no gain over models without dropout`,
      n,
    },
    stake: null,
    direction: 'neutral',
    action: {
      do: 'Do not spend by the order of this list; treat new customers alike, or by group, and test offers at random',
      why: 'The purchases so far say too little about the purchases to come.',
      owner: 'Head of CRM',
      within: 'this month',
    },
    proof: 'holdout',
  };
}

function forecast(study: Study): Finding | null {
  const { choice, input, context } = study;
  const { format } = context;
  const bias = choice.method?.bias;
  if (!bias) return null;
  const isOff = bias.low > 1 || bias.high < 1;
  const held = study.coverage
    ? prose`${percent(format, 0.95)} intervals of single customers’ purchases held ${format.share(study.coverage.held)} of them, where ${format.share(study.coverage.promised)} were to be expected.`
    : '';
  return {
    id: 'forecast',
    kind: 'state',
    claim: prose`Purchases in the holdout came to ${againstExpected(format, bias.value)} by ${choice.name}`,
    detail: prose`Interval of actual over expected: ${format.ratio(bias.low)} to ${format.ratio(bias.high)}, ${isOff ? 'beyond chance' : 'within chance'}. ${held} ${choice.forecasts ? 'Sums are near enough to plan with, at this allowance.' : prose`Beyond ${format.ratio(biasLimits.low)} to ${format.ratio(biasLimits.high)} sums are not to be planned with: what came after the cut-off differs from what came before it.`}`,
    effect: { unit: 'share', ...beyond(bias, 1, basis(study)) },
    evidence: { level: isOff ? 'high' : 'medium', rule: 'Holdout, bootstrap over customers', n: input.calibration.customers },
    stake: null,
    direction: 'neutral',
    ...(!choice.forecasts && {
      action: {
        do: 'Leave sums of predicted value out of plans until a later holdout agrees; check the last weeks for imports, tests and campaigns',
        why: 'The expectation of the past does not carry over to the present.',
        owner: 'Head of analytics',
        within: 'this month' as const,
      },
    }),
    proof: 'holdout',
  };
}

function worth(study: Study): Finding | null {
  const { valueBias, choice, input, context } = study;
  const { format } = context;
  if (!valueBias) return null;
  return {
    id: 'worth',
    kind: 'state',
    claim: prose`In money the holdout brought ${format.share(valueBias.value)} of what was expected`,
    detail: prose`Purchases expected by ${choice.name}, each at the value expected from the repeat purchases before the cut-off. Interval: ${format.share(valueBias.low)} to ${format.share(valueBias.high)}.`,
    effect: { unit: 'share', ...beyond(valueBias, 1, prose`${percent(format, 0.95)} interval of a ratio over histories`) },
    evidence: { level: 'medium', rule: 'Holdout, ratio of sums', n: input.calibration.customers },
    stake: null,
    direction: 'neutral',
    proof: 'holdout',
  };
}

/** Whether customers are seen to leave: a model with dropout against the same without. */
function leaving(study: Study): Finding | null {
  const { choice, holdout, input, context } = study;
  const { format } = context;
  const nbd = holdout?.methods.find(({ id }) => id === 'nbd');
  const best = (holdout?.methods ?? [])
    .filter((method) => holdout!.fitted.some(({ candidate }) => candidate.id === method.id && candidate.hasDropout))
    .reduce<Method | null>((most, method) => (most && most.score! >= method.score! ? most : method), null);
  const gain = nbd && best && scoreDifference(best, nbd, input.calibration.weight);
  if (!gain || !best) return null;
  const n = input.calibration.customers;
  const isSeen = gain.low > 0;
  return {
    id: 'leaving',
    kind: isSeen ? 'state' : 'nothing',
    claim: isSeen
      ? prose`Customers are seen to leave: ${best.name} predicts the holdout better than NBD, in which nobody does`
      : prose`That customers leave cannot be seen: ${best.name} predicts the holdout no better than NBD, in which nobody does`,
    detail: prose`Gain in log score over all customers: ${format.count(gain.value * n)}, interval ${format.count(gain.low * n)} to ${format.count(gain.high * n)}. ${choice.id === 'bg-nbd' ? prose`${choice.name} lets customers leave after a repeat purchase only, so that one-time buyers count as active, whatever their silence.` : ''}`,
    effect: {
      value: gain.value * n,
      unit: 'count',
      interval: { low: gain.low * n, high: gain.high * n, basis: prose`${percent(format, 0.95)} interval over customers` },
    },
    evidence: { level: isSeen ? 'high' : 'low', rule: 'Holdout, paired log scores', n },
    stake: null,
    direction: 'neutral',
    proof: 'holdout',
  };
}

/** The most frequent buyers bought next to nothing: a limit to the number of purchases, which no model here knows. */
function ceiling(study: Study): Finding | null {
  const { context, input, choice } = study;
  const { format } = context;
  const top = agreementOf(study).frequency.at(-1);
  if (!top || !choice.method || top.at < 1 || top.expected * top.customers < 10 || top.high > top.expected / 4) return null;
  const most = input.histories.x.reduce((a, b) => Math.max(a, b), 0);
  return {
    id: 'ceiling',
    kind: 'state',
    claim: prose`The most frequent buyers stopped: ${format.count(top.customers)} customers with ${top.label} repeat purchases made ${top.actual === 0 ? 'none' : format.count(top.actual * top.customers)} in the holdout, where ${format.count(top.expected * top.customers)} were expected`,
    detail: prose`No customer of this shop has more than ${format.count(most + 1)} purchases. A limit to the number of purchases, or of what the data hold of them, is nothing that a model of purchase rates knows: those it ranks first are those who buy no more.`,
    effect: { value: (top.actual - top.expected) * top.customers, unit: 'count' },
    evidence: { level: 'high', rule: 'Holdout, class of the highest frequency', n: top.customers },
    stake: null,
    direction: 'bad',
    polarity: 'up',
    action: {
      do: prose`Find out why nobody buys more than ${counted(format, most + 1, 'time')}: a rule of the shop, a new account for each purchase, or a cut in the data`,
      why: 'Until then the customers at the head of the list are the wrong ones.',
      owner: 'Head of analytics',
      within: 'this month',
    },
    proof: 'by-frequency',
  };
}

function spending(study: Study): Finding | null {
  const { spend, context } = study;
  const { format } = context;
  const { fit } = spend;
  if (!fit) return null;
  const { pearson, low, high, n } = fit.correlation;
  const rule = {
    model: 'Each customer’s value of a purchase is the Gamma-Gamma mean of own purchases and those of all.',
    shrunk: 'Own mean and that of the repeat buyers are weighed as the model does, without its mean.',
    'by-frequency': 'The common mean is therefore taken by frequency.',
    pooled: 'Every customer’s purchases are valued at the mean of the repeat buyers.',
    'all-purchases': '',
  }[spend.rule];
  const stands = spend.rule === 'model';
  return {
    id: 'spending',
    kind: 'state',
    claim: stands
      ? 'The spend model stands: frequency and spend are all but unrelated'
      : prose`Gamma-Gamma is not used as it is: ${spend.refused.join('; ')}`,
    detail: prose`${pearson === null ? 'Too few repeat buyers differ for a correlation.' : prose`Correlation of repeat purchases and their mean value: ${format.ratio(pearson)}, interval ${format.ratio(low)} to ${format.ratio(high)}.`} ${rule} First purchases are left out of the mean, as the model asks for.`,
    ...(pearson !== null && low !== null && high !== null
      ? {
          effect: {
            value: pearson,
            unit: 'ratio' as const,
            interval: { low, high, basis: prose`${percent(format, 0.95)} interval by Fisher’s transformation` },
          },
        }
      : {}),
    evidence: { level: stands ? 'high' : 'medium', rule: 'Gamma-Gamma, maximum likelihood', n },
    stake: null,
    direction: 'neutral',
    proof: 'spend-frequency',
  };
}
