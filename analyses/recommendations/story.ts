import type { Method } from '#contract/analysis.ts';
import { prose } from '#contract/prose.ts';
import { recallAt } from '#recommender/evaluate.ts';
import { defaultLevel } from '#stats/estimate.ts';
import { productName } from '../shared/product-name.ts';
import { counted, percent, sentence } from '../shared/words.ts';
import { leastGain } from './probe.ts';
import type { Study } from './study.ts';
import { candidateName, partWords, unjudged, windowSpan } from './words.ts';

/** Claim of the section. */
export function headline({ format, appraisal, served, baseline, contentAhead }: Study): string {
  if (contentAhead) return 'Only similarity of content beats showing what sells';
  if (appraisal.verdict === 'too-little-data') return 'Too little history to judge recommendations by';
  if (appraisal.verdict === 'within-noise') return 'No personal recommendation beats showing what sells';
  return prose`Personal lists foretell ${format.share(served?.recall?.value ?? null)} of purchases, best sellers ${format.share(baseline?.recall?.value ?? null)}`;
}

/** What was found and so what. */
export function summary(study: Study): string {
  const { format, appraisal, served, baseline } = study;
  const { test, verdict } = appraisal;
  if (!test || !served?.recall || !served.gain || !baseline?.recall)
    return prose`${sentence(unjudged(study))}. Products similar in content are served, and best sellers to those of whom nothing is known.`;
  if (study.contentAhead)
    return prose`Judged on ${windowSpan(study, test)}, lists learned from purchases did not beat best sellers; products similar in content to those bought held ${format.share(served.recall.value)} of what ${format.count(test.customers)} customers bought, best sellers ${format.share(baseline.recall.value)}. Similarity of content is served. Whether showing it sells more, a trial must tell.`;
  if (verdict === 'within-noise')
    return prose`Judged on ${windowSpan(study, test)}, no list made from purchases foretold what ${format.count(test.customers)} customers bought better than best sellers did (${partWords(study, baseline.recall.value)}). What is served is similarity of content: good for «more like this», not a forecast of what somebody buys.`;
  return prose`${candidateName(appraisal.served, study)} is served: on ${windowSpan(study, test)} its lists of ${format.count(recallAt)} held ${format.share(served.recall.value)} of what ${format.count(test.customers)} customers bought, ${format.points(served.gain.value)} more than best sellers (${format.points(served.gain.low)} to ${format.points(served.gain.high)}). Whether showing them sells more, a trial must tell.`;
}

export function caveats(study: Study): string[] {
  const { format, input, appraisal, textModel, isStopped } = study;
  const { data, bound, isOffered, products } = input;
  const offered = isOffered.reduce((sum, value) => sum + value, 0);
  const list = [
    'A holdout says what customers would have bought anyway. It compares lists with each other; what a list adds to sales only a random trial can tell.',
    prose`Offered: ${counted(format, offered, 'product')} of ${format.count(products.length)}. A product that is kept in stock is offered while some of it is left; any other, if it was sold or viewed in the last half year.`,
    'Only what identified customers did is known. Cart events name no product and count for what was viewed in the session. A view within four weeks of the purchase of the same product belongs to that purchase: a list is not praised for reminding.',
  ];
  if (data.customers.length >= bound)
    list.push(prose`Histories of ${format.count(data.customers.length)} customers were read, a part of them all by the ends of their ids.`);
  if (appraisal.verdict === 'within-noise' && !study.contentAhead)
    list.push(
      'That nothing was found can have three causes which look alike here: customers have no stable tastes, they buy too few products to show them, or the data do not link purchases to people.',
    );
  if (isStopped)
    list.push(
      'The dear candidates were left untrained, since the cheap ones showed no chance of a gain that matters; the data were looked at in time order.',
    );
  if (textModel)
    list.push(
      prose`Similarity of texts was judged by ${productName(textModel, 60)}, a model of another’s making; its answers may change without notice.`,
    );
  return list;
}

export function method(study: Study): Method {
  const { format, appraisal, input, backend, textModel, isStopped, worth } = study;
  const { plan, validation, test, easeProducts, verdict } = appraisal;
  return {
    tested: test && appraisal.results.length > 0 ? 1 : 0,
    called: verdict === 'beats-popularity' ? 1 : 0,
    engine: `${backend.name} ${backend.version}`,
    text: [
      prose`Read: ${counted(format, input.data.customers.length, 'customer')} with ${format.count(input.data.histories.day.length)} purchases, carts and views of ${counted(format, input.products.length, 'product')}; views and carts of one year. Weights: a view a fifth of a purchase, a cart half, each halved every ${format.count(study.index.taste.halfLife)} days.`,
      validation && test && plan
        ? prose`Split by global time: what to serve was chosen on ${windowSpan(study, validation)} (${counted(format, validation.customers, 'customer')}), then all was fitted anew and judged once on ${windowSpan(study, test)}. Lists rank the whole catalogue without sampling; what a customer had bought is left out unless it is a product that is bought again. Beyond noise: the ${percent(format, defaultLevel)} bootstrap interval of the difference in recall by customer lies above nought.`
        : prose`Nothing was judged: ${unjudged(study)}.`,
      isStopped
        ? prose`Stopped early: on the earlier window not even the upper end of the interval of what similarity of content, the item-item filter and one pass of the embedding add to best sellers reached ${format.points(leastGain)} of recall; EASE, further passes and blends were not trained. The later window was not looked at for this.`
        : plan
          ? prose`Embedding: two towers trained by in-batch softmax with popularity correction, ${counted(format, plan.passes, 'pass', 'passes')}; the part of the ${plan.partner === 'ease' ? 'EASE' : 'item-item'} filter in the blend ${percent(format, plan.share)}. Item-item filter with weights as in Okapi’s ranking of texts; EASE (Steck’s shallow autoencoder) over the ${format.count(easeProducts)} products of the most customers.`
          : '',
      prose`Backend: ${backend.name}, TensorFlow.js. ${textModel ? prose`Texts are judged by ${productName(textModel, 60)} beside the words and character n-grams of the names.` : 'Texts are judged by words and character n-grams of the names, learned with the rest; no language model of another’s making is used.'}`,
      worth
        ? prose`Trial: customers in each half for a power of ${percent(format, 0.8)} at a two-sided level of ${percent(format, 0.05)}; the part of customers with a history who bought something new to them was ${format.share(worth.buyers / worth.known)} in ${format.count(worth.days)} days.`
        : '',
    ].filter(Boolean),
  };
}
