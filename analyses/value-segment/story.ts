import type { Method } from '#contract/analysis.ts';
import { listed, prose } from '#contract/prose.ts';
import { percent } from '../shared/words.ts';
import { features, wordsOf } from './feature.ts';
import { alpha, leastInBin, ridge } from './scorecard.ts';
import { leastGain, leastKappa, methodOf, type Study } from './study.ts';
import { boundaryWords, judgedSpan, rivalWords, shareOf, taughtSpan, unjudged } from './words.ts';

/** Claim of the section. */
export function headline({ verdict, rival, why }: Study): string {
  switch (verdict) {
    case 'unjudged':
      return prose`No segment can be learned yet: ${why}`;
    case 'chance':
      return 'Who will be worth most can’t be told beforehand here';
    case 'weak':
      return 'Who will be worth most can hardly be told beforehand here';
    case 'adds':
      return 'A learned segment finds valuable customers better than either plain ranking';
    default:
      return prose`A learned segment finds valuable customers ${verdict === 'same' ? 'no better' : 'worse'} than ${rivalWords(rival!)}`;
  }
}

/** What was found and so what. */
export function summary(study: Study): string {
  const { learned, verdict, context } = study;
  const { format } = context;
  if (!learned) return prose`Nothing is learned: ${unjudged(study)}. Customers get no learned segment.`;
  const { judging } = learned;
  const own = methodOf(learned, 'scorecard')!;
  const high = own.confusion.classes[2]!;
  const came = shareOf(judging.segment, 2);
  const first = prose`Of ${format.count(judging.n)} customers, ${format.share(came)} became high (${boundaryWords(learned, study)[2]}) in the ${format.count(judging.horizonDays)} days after ${format.date(judging.date)}; of those named so beforehand ${format.share(high.precision?.value ?? 0)} did.`;
  const rest = {
    adds: 'The learned segment is worth acting on.',
    same: prose`${study.rival!.id === 'recency' ? 'The day of the last purchase' : 'The purchase model'} does as well: rank customers by that, and take the segment as a label.`,
    worse: 'Rank customers by that; they get no learned segment.',
    weak: 'That is better than chance and too little to treat customers by: they get no learned segment.',
    chance: 'That includes chance: customers get no learned segment.',
    unjudged: '',
  }[verdict];
  return prose`${first} ${rest}`;
}

export function caveats(study: Study): string[] {
  const { learned, context } = study;
  const { format } = context;
  if (!learned) return [];
  const { training, judging, card } = learned;
  const drift = Math.abs(shareOf(training.segment, 0) - shareOf(judging.segment, 0));
  const mid = methodOf(learned, 'scorecard')!.confusion.classes[1]!.precision;
  const drawn = [training, judging].some(({ n, all }) => n < all);
  return [
    prose`Later value counts ${format.count(judging.horizonDays)} days, not a lifetime: who buys once a year may be low here. Orders cancelled or entirely returned by the end of the span bring nothing.`,
    'The status «cancelled» carries no time: an order that was cancelled after a cut-off is left out before it too.',
    'Who is named high would often buy without any treatment. The points are associations: changing what they rest on need not change what a customer brings.',
    prose`The scorecard that is judged is the one that names customers today. It was taught by ${taughtSpan(learned, study)}${judging.horizonDays === 182 ? ', the same half of the year as the one to come' : ''}, and knows nothing newer.`,
    mid && mid.value < 2 * shareOf(judging.segment, 1)
      ? prose`Mid hardly means anything: ${format.share(mid.value)} of those named mid became so, of all customers ${format.share(shareOf(judging.segment, 1))}.`
      : '',
    drift > 0.03
      ? prose`Low customers were ${format.share(shareOf(training.segment, 0))} of those taught and ${format.share(shareOf(judging.segment, 0))} of those judged: what customers bring has shifted, and the stated chances with it.`
      : '',
    drawn
      ? prose`${format.count(training.n)} of ${format.count(training.all)} customers are learned from and ${format.count(judging.n)} of ${format.count(judging.all)} judged, drawn evenly over the order of their first purchases.`
      : '',
    card.tested.some(({ isIn }) => isIn)
      ? ''
      : 'Of the first order nothing but its value within the mean purchase has a part in the scorecard.',
  ].filter(Boolean);
}

export function method(study: Study): Method {
  const { learned, context, verdict } = study;
  const { format } = context;
  if (!learned) return { text: [prose`Not run: ${unjudged(study)}.`], tested: 0, called: 0 };
  const { card } = learned;
  const tested = features.filter(({ isTested }) => isTested).map(wordsOf);
  const judged = card.tested.filter(({ p }) => p !== null);
  const plain = learned.methods.filter(({ id }) => id === 'purchase-model' || id === 'recency').length;
  return {
    text: [
      prose`Two cut-offs. What was known on ${format.date(learned.training.date)} is learned against ${taughtSpan(learned, study)}; what was known on ${format.date(learned.judging.date)} is judged by ${judgedSpan(learned, study)}. A return counts only once it had happened. Age and gender are not used.`,
      prose`Scorecard: multinomial logistic regression on features in bins, with a ridge of ${format.count(ridge)}; the weights are rounded to thousandths, and bins with fewer than ${format.count(leastInBin)} customers get none. Recency, frequency, age, pace, rate and mean value are always in; ${listed(tested)} where a score test on the residuals calls them (adjusted by Benjamini and Hochberg, ${percent(format, alpha)}). The score is the mean later value of the segments, weighted by their chances; mid and high begin where as many of the taught customers lie above as became so.`,
      prose`Beside it: boosted trees on the same features uncut, ended by a fifth of the taught customers; the purchase model whose fit stands with the least AIC, of BG/NBD, MBG/NBD and NBD, fitted to the histories at the second cut-off, times Gamma-Gamma spend; the day of the last purchase; the most frequent segment. AUC by DeLong, paired; kappa by Fleiss, Cohen and Everitt; shares by Wilson.`,
      prose`Learning is said to add something where it ranks more pairs rightly than the purchase model and than the last purchase, beyond chance and by ${format.points(leastGain).replace('+', '')} at least. Below a kappa of ${format.ratio(leastKappa)} no segment is handed on.`,
    ],
    tested: judged.length + plain,
    called: judged.filter(({ isIn }) => isIn).length + (verdict === 'adds' ? plain : verdict === 'worse' ? 1 : 0),
  };
}
