import type { Method } from '#contract/analysis.ts';
import { prose } from '#contract/prose.ts';
import { productName } from '../shared/product-name.ts';
import { counted, percent, sentence, spelled } from '../shared/words.ts';
import { extraOf } from './bundle.ts';
import { chanceWords } from './finding.ts';
import { leastGroupFactor, leastMeetings } from './groups.ts';
import { falseDiscovery, leastFactor, type Power } from './pairs.ts';
import type { Study } from './study.ts';

export function headline({ format, pairs, shop, categories, brands }: Study): string {
  if (shop.baskets === 0) return 'No basket to learn from yet';
  if (shop.baskets_several === 0) return 'No basket holds two products';
  const first = pairs.called[0];
  if (first) {
    return prose`${sentence(spelled(format, pairs.called.length, 'pair'))} of products ${pairs.called.length === 1 ? 'belongs' : 'belong'} together beyond chance`;
  }
  const groups = categories.called.length + brands.called.length;
  return groups > 0
    ? 'Tastes show in the baskets, single pairs of products do not'
    : 'Nothing in the baskets belongs together beyond chance';
}

export function summary(s: Study): string {
  const { format, shop, pairs, categories, brands, take } = s;
  if (shop.baskets === 0) return 'The data hold no order that is not cancelled.';
  const several = prose`${format.share(shop.baskets_several / shop.baskets)} of ${counted(format, shop.baskets, 'basket')} hold two products or more.`;
  const groupsTested = categories.tested + brands.tested;
  const groupsCalled = categories.called.length + brands.called.length;
  const groups =
    groupsTested === 0
      ? ''
      : prose`Of ${format.count(groupsTested)} pairs of categories and brands ${groupsCalled === 0 ? 'none is' : groupsCalled === 1 ? 'one is' : prose`${format.count(groupsCalled)} are`} called.`;
  const first = pairs.called[0];
  if (!first) {
    return [several, prose`None of ${format.count(pairs.tested)} possible pairs of products goes beyond chance. ${chanceWords(s)}`, groups]
      .filter(Boolean)
      .join(' ');
  }
  const extra = extraOf(s.bundles);
  return [
    prose`${several} Most surely ${productName(first.from.name)} goes with ${productName(first.to.name)}: ${format.share(first.confidence)} of its baskets hold both.`,
    s.bundles.length > 0
      ? prose`Offered together, the pairs could bring ${format.money(extra.value)} a year (${format.money(extra.low)} to ${format.money(extra.high)}) if ${percent(format, take.middle)} of single buyers add the partner.`
      : '',
    groups,
  ]
    .filter(Boolean)
    .join(' ');
}

const needs = (format: Study['format'], { count, baskets, factor, share }: Power) =>
  prose`two products in ${format.count(baskets)} baskets each must share ${format.count(count)}, ${format.share(share)} of their buyers and ${factor > 1000 ? 'more than a thousand' : format.count(factor)} times the expected`;

export function caveats(s: Study): string[] {
  const { format, shop, pairs, power, bundles } = s;
  if (shop.baskets_several === 0) return [];
  return [
    power.typical
      ? prose`What can be found: ${needs(format, power.typical)}; ${power.best ? needs(format, power.best) : ''}. Weaker affinities of rare products stay unseen.`
      : prose`Only ${counted(format, shop.products_frequent, 'product')} of ${format.count(shop.products)} ${shop.products_frequent === 1 ? 'is' : 'are'} in the ${counted(format, pairs.least, 'basket')} that a pair needs: products are too thin here to be judged one by one.`,
    ...(pairs.called.length > 0
      ? [
          'Shared taste for a brand or a price level brings products together too; the floor is set above what it was seen to reach, so a few of the pairs called may be no more than that.',
          'Bought together does not mean that one sells the other: an offer has to be tried on a random half of visitors.',
        ]
      : []),
    ...(bundles.length > 1
      ? ['A basket that lacks the partners of two bundles counts in both; the sum over bundles is an upper bound.']
      : []),
    ...(shop.baskets_left_out > 0
      ? [
          prose`${counted(format, shop.baskets_left_out, 'basket')} of more than a hundred products ${shop.baskets_left_out === 1 ? 'is' : 'are'} left out.`,
        ]
      : []),
  ];
}

export function method({ format, shop, pairs, categories, brands, longer }: Study): Method {
  return {
    tested: pairs.tested + categories.tested + brands.tested,
    called: pairs.called.length + categories.called.length + brands.called.length,
    text: [
      prose`A basket is the set of different products sold in an order. A pair is judged from ${counted(format, pairs.least, 'joint basket')} on: five, or two in a hundred thousand baskets where that is more, so that no pair is called on a handful. All ${format.count(pairs.tested)} pairs of the ${format.count(shop.products_frequent)} products in so many baskets count as tested, also those that never met.`,
      prose`Expected joint baskets: of the meetings of two departments and categories each product should have its part of its category’s meetings elsewhere (exact binomial test, the pair itself left out; the strongest pairs are set aside before the others are judged). Called at ${percent(format, falseDiscovery)} by Benjamini and Hochberg over all pairs, with an interval wholly beyond ${format.count(leastFactor)} times the expected. Lift over all baskets is printed beside it, not used: it takes departments, tastes and large baskets for affinity.`,
      prose`A pair holds alike in both halves of the baskets by time if its lift is above one in both and an exact test does not tell them apart.`,
      prose`Categories and brands: quasi-independence of meetings within and between departments, one-sided Poisson test on the number of baskets that the meetings amount to, from ${format.count(leastMeetings)} expected and ${format.ratio(leastGroupFactor)} times: ${format.count(categories.tested)} pairs of categories and ${format.count(brands.tested)} of brands tested.`,
      prose`Sets of three and more: all frequent sets of the products with frequent pairs (${longer.sets === null ? 'too many to list' : format.count(longer.sets)}), rules with one consequent, redundant ones pruned; a rule must add to every shorter one by Fisher’s exact test, adjusted over all rules of its length that could have been.`,
      'By chance: pairs of products of two departments meet by popularity alone; each product’s part of all meetings and the sizes of its baskets are as seen.',
    ],
  };
}
