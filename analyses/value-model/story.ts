import type { Method as MethodText } from '#contract/analysis.ts';
import { prose } from '#contract/prose.ts';
import { percent, sentence } from '../shared/words.ts';
import { topShare } from './accuracy.ts';
import { called, differenceFloor } from './agreement.ts';
import { usefulLift } from './choice.ts';
import { againstExpected, agreementOf, unjudged } from './figures.ts';
import { horizons } from './score.ts';
import type { Study } from './study.ts';

/** Claim of the section. */
export function headline({ choice, holdout, context: { format } }: Study): string {
  if (choice.id === 'none') return 'No purchases to model customer value from yet';
  if (!holdout) return 'Too little history to judge a model of customer value';
  if (!choice.isSupported) return 'This shop cannot support a list by predicted customer value';
  const bias = choice.method!.bias;
  if (!choice.fit!.candidate.hasDropout) return prose`${choice.name} ranks customers well enough to act on; who has left it cannot tell`;
  if (choice.forecasts) return prose`${choice.name} ranks customers and forecasts their purchases well enough to act on`;
  return prose`${choice.name} ranks customers well enough to act on; sums came to ${bias ? againstExpected(format, bias.value) : 'something else'}`;
}

/** What was found and so what. */
export function summary(study: Study): string {
  const { choice, holdout, input, context } = study;
  const { format } = context;
  const { method } = choice;
  if (!holdout || !method)
    return prose`${unjudged(study)}: ${choice.model ? prose`scores come from ${choice.name}, and no order of customers should rest on them` : 'no customer is scored'}.`;
  const judged = prose`Fitted up to ${format.date(input.calibration.cutoff!)} and judged by the ${format.count(input.calibration.holdoutDays)} days after it:`;
  const sums = method.bias ? prose`Purchases came to ${againstExpected(format, method.bias.value)}.` : '';
  if (!method.capture) return prose`${judged} ${choice.why}. ${sums} Treat customers alike, or by group.`;
  const caught = prose`the tenth of customers that ${choice.name} puts first made ${format.share(method.capture.value)} of the purchases`;
  return choice.isSupported
    ? prose`${judged} ${caught}. ${sums} The list of predicted value can be worked from the top${choice.fit!.candidate.hasDropout ? '' : prose`; who has left it cannot tell, as ${choice.why}`}.`
    : prose`${judged} ${caught}, hardly more than its share; ${choice.why}. ${sums} The scores are averages of such customers, not a list to work from the top.`;
}

export function caveats(study: Study): string[] {
  const { choice, spend, scores, discount, context } = study;
  const { format } = context;
  const list = [
    'A purchase is a day with an order that is neither cancelled nor entirely returned; several orders of one day count once. Values are net of refunds, and first purchases are left out of the mean value of a purchase.',
    'The models know no season, price, campaign or channel: they say who will buy if all goes on as before, and not whom an offer would move.',
    prose`Value is of the next ${format.count(horizons.year)} days, discounted at ${percent(format, discount)} a year; the interval of a value is discounted as its expectation is.`,
  ];
  if (choice.id === 'bg-nbd')
    list.push(
      prose`${choice.name} lets customers leave after a repeat purchase only: the chance of being active of a one-time buyer is one by assumption, not by evidence. The chance of a purchase, which can be observed, is the better number for them.`,
    );
  if (choice.model && !choice.fit?.candidate.hasDropout)
    list.push(prose`${sentence(choice.name)} knows no leaving: the chance of being active is one for all customers by assumption.`);
  if (choice.model && !scores.hasParameterUncertainty)
    list.push('Intervals of single customers hold chance alone: that some of the parameters are estimates is left out.');
  if (spend.rule !== 'model' && spend.refused.length > 0)
    list.push(prose`Spend: ${spend.refused.join('; ')}. ${sentence(spendWords[spend.rule])}.`);
  if (choice.method && !choice.forecasts)
    list.push(
      'What came after the cut-off differs from what came before it. Such a break can be a change of the shop, or of how the data were loaded or made; the model cannot tell which.',
    );
  return list;
}

const spendWords = {
  model: '',
  shrunk: 'own and common mean are weighed in proportion px to q',
  'by-frequency': 'the common mean is taken by frequency',
  pooled: 'every purchase to come is valued at the mean of the repeat buyers',
  'all-purchases': 'every purchase to come is valued at the mean of all purchases',
} as const;

export function method(study: Study): MethodText {
  const { holdout, choice, spend, input, context } = study;
  const { format } = context;
  const { frequency, recency } = agreementOf(study);
  const classes = [...frequency, ...recency];
  return {
    tested: classes.length,
    called: called(classes).length,
    text: [
      'Histories are frequency, recency and age at the customer’s own clock, in weeks; customers who agree in all three are one row with a weight. BG/NBD (Fader, Hardie and Lee), MBG/NBD (Batislam and others), Pareto/NBD (Schmittlein and others) and NBD are fitted by maximum likelihood from several starts, without priors. A fit with a parameter at the border, a singular Hessian, a standard error over twice its parameter, or parameters that move together freely is refused.',
      holdout
        ? prose`Chosen by the log score: the mean logarithm of the chance that a model, fitted up to the cut-off, gave to what each customer then bought. It must beat NBD and the mean rate of all beyond chance, and its first tenth must make at least ${percent(format, usefulLift * topShare)} of the purchases by the low end of the interval. The winner is fitted again to all data for the scores. Intervals by ${format.count(holdout.resamples)} resamples of customers with Poisson weights.`
        : prose`${unjudged(study)}.`,
      prose`Agreement: in ${format.count(classes.length)} classes by frequency and recency what came is compared with what was expected; p-values adjusted by Benjamini and Hochberg, called from ${percent(format, differenceFloor)} upwards.`,
      prose`Value of a purchase: ${spend.rule === 'model' ? 'Gamma-Gamma (Fader and Hardie)' : spendWords[spend.rule]}, fitted to ${format.count(spend.fit?.n ?? 0)} repeat buyers in classes of one hundredth of their mean.`,
      prose`Interval of a customer’s value: the exact distribution of purchases within the horizon given the history, mixed over ${choice.fit?.fit ? 'points of' : 'the'} parameters, compounded with the distribution of their value; from zero where no purchase at all is likely enough, otherwise equal-tailed. All ${format.count(input.histories.x.length)} unique histories are scored.`,
    ],
  };
}
