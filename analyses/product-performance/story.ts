import type { Method } from '#contract/analysis.ts';
import type { Finding } from '#contract/finding.ts';
import { prose } from '#contract/prose.ts';
import { cents, change } from '../shared/change.ts';
import { comparedWords, percent } from '../shared/words.ts';
import type { Assortment } from './assortment.ts';
import { falseDiscovery, leastOrders, leastShift } from './category.ts';
import { leastEffect, leastUnits } from './episode.ts';
import { leastFactor, leastGap, leastSold, leastViews, nameOf } from './product.ts';
import { leastDelivered, leastExcess } from './returned.ts';

/** Claim of the section: what is called first, else that nothing is. */
export function headline(a: Assortment): string {
  const { spans, returns, episodes, format, categories } = a;
  if (!spans.now) return 'No whole span of weeks to judge products by yet';
  const faulty = returns.called[0];
  if (faulty) {
    const name = faulty.product ? nameOf(faulty.product) : faulty.category;
    return prose`${name} comes back ${format.share(faulty.rate)} of the time`;
  }
  const promotion = episodes.promotions[0];
  if (promotion)
    return prose`${promotion.category} was sold at ${format.share(promotion.discount.value)} off list, beyond its usual discount`;
  const called = categories
    .filter(({ shift }) => shift?.isCalled)
    .toSorted((x, y) => Math.abs(y.shift!.difference) - Math.abs(x.shift!.difference));
  const first = called[0];
  if (first) return prose`${first.category} changed its share of orders by ${format.points(first.shift!.difference)}`;
  return 'No category, brand or product stands out from chance';
}

export function summary(a: Assortment, findings: readonly Finding[]): string {
  const { spans, shop, format, weeks } = a;
  if (!spans.now || !shop.now) {
    return weeks.length === 0
      ? 'The data hold no complete week; the judgement of products begins with a whole span of them.'
      : prose`The data hold ${format.count(weeks.length)} complete weeks; products are judged over spans of weeks without a gap.`;
  }
  const onYear = shop.year ? change(shop.now.net, shop.year.net) : null;
  const parts = [
    prose`From ${spans.now.words} ${format.count(shop.now.units)} units brought ${format.money(cents(shop.now.net))}${onYear === null ? '' : prose`, ${comparedWords(format, onYear)} the same weeks last year`}.`,
    ...findings.filter(({ kind, id }) => kind === 'change' && (id === 'returns' || id === 'weeks')).map(({ claim }) => claim),
  ];
  if (parts.length === 1) {
    const { tested, called } = tests(a);
    parts.push(
      called === 0
        ? prose`None of ${format.count(tested)} tests of categories, brands and products shows more than chance.`
        : prose`Of ${format.count(tested)} tests of categories, brands and products ${format.count(called)} ${called === 1 ? 'shows' : 'show'} more than chance.`,
    );
  }
  return parts.join(' ');
}

/** Hypotheses tested and called, all families together. */
function tests({ categories, brands, episodes, returns, moves, views, spread }: Assortment): { tested: number; called: number } {
  const shifts = [...categories, ...brands].flatMap(({ shift }) => (shift ? [shift] : []));
  const uneven = spread?.dispersion ?? null;
  return {
    tested: shifts.length + episodes.tested + returns.tested + moves.tested + views.tested + (uneven ? 1 : 0),
    called:
      shifts.filter(({ isCalled }) => isCalled).length +
      episodes.called +
      returns.called.length +
      moves.called.length +
      views.called.length +
      (uneven && uneven.p <= 0.01 && uneven.value > 1 ? 1 : 0),
  };
}

export function caveats(a: Assortment): string[] {
  const { spans, format, has, launched, catalogue, moves } = a;
  if (!spans.now) return [];
  const list = [
    'Spans next to each other differ by season; shares of orders are therefore compared with the same weeks last year where the data reach.',
    'Return rates are of what has been delivered so far: late returns of the last weeks are missing from the product and from what it is compared with alike.',
  ];
  if (!spans.year) list.push('The data do not hold the same weeks last year: season and change can’t be told apart.');
  if (moves.tested === 0 && catalogue && catalogue.products > 0) {
    list.push(
      prose`None of ${format.count(catalogue.products)} products sold ${format.count(leastSold)} units in both spans together: single products can’t be judged, only listed.`,
    );
  }
  if (has('events')) list.push('A session that saw a product and bought counts as its conversion, even if it bought something else.');
  if (launched === null) list.push('The data are too young to tell new products from ones that had not sold yet.');
  if (a.categories.every(({ now }) => now.gross === now.list))
    list.push('Every unit sold at its list price: there is no discount to judge.');
  return list;
}

export function method(a: Assortment): Method {
  const { format, categories, brands, episodes, returns, moves, views } = a;
  const tested = (lines: readonly { shift: unknown }[]) => format.count(lines.filter(({ shift }) => shift !== null).length);
  return {
    ...tests(a),
    text: [
      prose`Winners and losers: exact contributions to the change of net revenue. Whether a category or brand changed is tested on its share of the shop’s orders (two proportions, interval by Newcombe), from ${format.count(leastOrders)} orders and a change of ${percent(format, leastShift)} of the share: ${tested(categories)} categories, ${tested(brands)} brands.`,
      prose`Products: units in both spans as Poisson counts against the rest of the category (exact), from ${format.count(leastSold)} units and a factor of ${format.ratio(leastFactor)}: ${format.count(moves.tested)} tested.`,
      prose`Weeks: share of units and discount of each category with ${format.count(leastUnits)} units a week against a forecast from earlier weeks only; called from ${format.share(leastEffect.share)} of the expected share or ${format.points(leastEffect.discount)} of discount: ${format.count(episodes.tested)} tested.`,
      prose`Returns: pieces returned of pieces delivered; each product against the rest of its category, each category against the rest of the shop without the products called (Fisher’s exact test, one-sided), from ${format.count(leastDelivered.tested)} pieces and ${format.points(leastExcess)}: ${format.count(returns.tested)} tested. Products are judged by orders of the span where enough of them arrived, else by all; each of the two groups is adjusted by itself.`,
      prose`Views: purchases of viewing sessions against the rest of the category (exact, one-sided), from ${format.count(leastViews)} sessions and ${percent(format, leastGap)} below: ${format.count(views.tested)} tested.`,
      prose`Rates in rankings are drawn to their common mean as far as chance explains their spread (beta-binomial), so that few observations can’t lead a list. Each family of tests is adjusted by Benjamini and Hochberg at ${percent(format, falseDiscovery)}.`,
    ],
  };
}
