import type { Finding } from '#contract/finding.ts';
import { listed, prose } from '#contract/prose.ts';
import { cents, total } from '../shared/change.ts';
import { weekEnd, weeksAYear } from '../shared/day.ts';
import { counted, directionOf, percent, sentence, someOf, spelled } from '../shared/words.ts';
import type { Assortment } from './assortment.ts';
import { leastOrders, leastShift } from './category.ts';
import type { Episode } from './episode.ts';
import { returnsFindings } from './finding-returned.ts';
import { launch, leastGap, leastSold, leastViews, missedProfit, nameOf } from './product.ts';
import { leadingShare } from './spread.ts';

/** Adjusted p from which a spread of units is called beyond chance. */
const unevenP = 0.01;

/** All findings that this assortment carries, in reading order. */
export function assortmentFindings(a: Assortment): Finding[] {
  const makers = [weeksFinding, categoryFinding, contribution, brandFinding, productFinding, margin, stock, seen, spread, launched];
  return [...returnsFindings(a), ...makers.map((make) => make(a)).filter((finding) => finding !== null)];
}

function contribution({ categories, spans, shop, format }: Assortment): Finding | null {
  const first = categories[0];
  if (!spans.prior || !shop.now || !shop.prior || !first || first.change === null || categories.length < 2) return null;
  const whole = cents(shop.now.net - shop.prior.net);
  const named = categories.slice(1, 4).map(({ category, change }) => prose`${category} ${format.signed(change, 'money')}`);
  const onYear = first.growth === null ? '' : prose`On the same weeks last year ${first.category} moved ${format.change(first.growth)}.`;
  return {
    id: 'contribution',
    claim: prose`${first.category} moved most on the weeks before, by ${format.signed(first.change, 'money')}; all categories together by ${format.signed(whole, 'money')}.`,
    detail: [prose`Next come ${listed(named)}.`, onYear, 'Spans next to each other differ by season too; this is arithmetic, not cause.']
      .filter(Boolean)
      .join(' '),
    kind: 'state',
    effect: { value: first.change, unit: 'money' },
    evidence: { level: 'medium', rule: 'Exact contributions; that they last is not tested', n: first.now.orders },
    stake: null,
    direction: 'neutral',
    polarity: 'up',
    proof: 'category-change',
  };
}

function categoryFinding({ categories, spans, format, shop }: Assortment): Finding | null {
  const tested = categories.filter(({ shift }) => shift !== null);
  const base = spans.year ? shop.year : shop.prior;
  if (!spans.now || !base || !shop.now || tested.length < 2) return null;
  const against = spans.year ? 'the same weeks last year' : 'the weeks before';
  const called = tested
    .filter(({ shift }) => shift!.isCalled)
    .toSorted((x, y) => Math.abs(y.shift!.difference) - Math.abs(x.shift!.difference));
  const rule = prose`BH-adjusted p over ${spelled(format, tested.length, 'category', 'categories')}, least change ${percent(format, leastShift)} of the share`;
  const first = called[0];
  const proof = 'category-share';
  if (!first) {
    return {
      ...{ id: 'categories', kind: 'nothing', direction: 'neutral', stake: null, proof },
      claim: prose`No category’s share of orders differs from ${against} beyond chance.`,
      detail: prose`Tested: ${format.count(tested.length)} categories with ${format.count(leastOrders)} or more orders; none called. What moved, moved with the shop.`,
      evidence: { level: 'medium', rule, n: shop.now.orders + base.orders },
    };
  }
  const { before, after, difference, low, high, p, n } = first.shift!;
  const others = called
    .slice(1, 4)
    .map(({ category, shift }) => prose`${category} (${format.share(shift!.before)} to ${format.share(shift!.after)})`);
  const value = first.now.gross / Math.max(1, first.now.orders);
  const scale = shop.now.orders * value * (weeksAYear / spans.now.weeks.size);
  return {
    ...{ id: 'categories', kind: 'change', direction: directionOf(difference, 'up'), polarity: 'up', proof },
    claim: prose`${first.category} went from ${format.share(before)} to ${format.share(after)} of orders, against ${against}.`,
    detail: [
      others.length > 0 ? prose`Also called: ${listed(others)}${called.length > 4 ? ' and others' : ''}.` : '',
      prose`${sentence(someOf(format, called.length, tested.length))} categories ${called.length === 1 ? 'is' : 'are'} called. A share does not move with the shop as a whole, so what one category wins others lose.`,
    ]
      .filter(Boolean)
      .join(' '),
    effect: { value: difference, unit: 'share', interval: { low, high, basis: prose`${percent(format, 0.95)} interval` } },
    evidence: { level: 'high', rule, p, n },
    stake: {
      value: cents(Math.abs(difference) * scale),
      low: cents(Math.min(low * Math.sign(difference), high * Math.sign(difference)) * scale),
      high: cents(Math.max(low * Math.sign(difference), high * Math.sign(difference)) * scale),
      basis: prose`gross sales of ${first.category} by the change of its share, at the pace and order value of the span`,
    },
    action: {
      do:
        difference > 0
          ? prose`Plan stock and space for ${first.category} by its new share`
          : prose`Check range, prices and availability of ${first.category} against last year’s`,
      why: prose`Its share of orders ${difference > 0 ? 'rose' : 'fell'} ${format.points(Math.abs(difference)).replace('+', '')} against ${against}`,
      owner: 'Head of merchandising',
      within: 'this month',
    },
  };
}

function spanOf(format: Assortment['format'], weeks: readonly string[]): string {
  return format.span(weeks[0]!, weekEnd(weeks.at(-1)!));
}

function weeksFinding(a: Assortment): Finding | null {
  const { episodes, format, spans } = a;
  const { tested, called, list, promotions } = episodes;
  if (!spans.now || tested === 0) return null;
  const rule = prose`Outside the forecast range of earlier weeks, BH-adjusted p over ${format.count(tested)} category weeks, with a least effect`;
  const base = { id: 'weeks', polarity: 'none' as const };
  const promotion = promotions[0];
  if (promotion) {
    const { share, discount, category, weeks, extraUnits, given } = promotion;
    const rest = list.filter((episode) => episode !== discount && !(episode.category === category && episode.direction === 'above'));
    const span = spanOf(format, weeks);
    const more = share.isCalled && extraUnits > 0;
    return {
      ...base,
      ...{ kind: 'change', direction: 'neutral', proof: 'weekly-discount' },
      claim: more
        ? prose`From ${span} ${category} made up ${format.share(share.value)} of units at ${format.share(discount.value)} off list: a promotion shows.`
        : prose`From ${span} ${category} was sold at ${format.share(discount.value)} off list, without a clear gain in units.`,
      detail: prose`Expected were ${format.share(share.expected)} of units and ${format.share(discount.expected)} off. ${more ? prose`That is ${counted(format, extraUnits, 'unit')} above the usual share, while` : prose`Its ${format.share(share.value)} of units is within chance, while`} ${format.money(given.value)} of discount beyond the usual depth was given. ${restWords(a, rest)}`,
      effect: {
        value: share.value - share.expected,
        unit: 'share',
        interval: { low: share.value - share.high, high: share.value - share.low, basis: 'forecast range' },
      },
      evidence: { level: 'high', rule, p: Math.max(share.p, discount.p), n: share.units },
      stake: null,
      action: {
        do: prose`Set what the promotion of ${category} gave away against the margin of the units it added before repeating it`,
        why: more
          ? prose`${format.money(given.value)} was given for ${counted(format, extraUnits, 'unit')} above the usual share; what other categories lost is not in it`
          : prose`${format.money(given.value)} was given without a clear gain in units`,
        owner: 'Head of merchandising',
        within: 'this month',
      },
    };
  }
  const first = list[0];
  if (!first) {
    return {
      ...base,
      ...{ kind: 'nothing', direction: 'neutral', stake: null, proof: 'weekly-share' },
      claim: 'No category left its usual share of units or its usual discount in any week of the span.',
      detail: prose`Tested: ${format.count(tested)} weeks of categories with enough units, after adjustment for their number.`,
      evidence: { level: 'medium', rule, n: tested },
    };
  }
  return {
    ...base,
    ...{ kind: 'change', direction: 'neutral', stake: null, proof: first.measure === 'share' ? 'weekly-share' : 'weekly-discount' },
    claim: prose`${episodeWords(a, first)}.`,
    detail: prose`${restWords(a, list.slice(1))} ${sentence(someOf(format, called, tested))} category weeks were called.`,
    effect: {
      value: first.value - first.expected,
      unit: 'share',
      interval: { low: first.value - first.high, high: first.value - first.low, basis: 'forecast range' },
    },
    evidence: { level: 'high', rule, p: first.p, n: first.units },
    action: {
      do: prose`Find out what was different for ${first.category} from ${spanOf(format, first.weeks)}`,
      why: 'Its weeks lie outside what earlier weeks led to expect',
      owner: 'Head of merchandising',
      within: 'this month',
    },
  };
}

function episodeWords({ format }: Assortment, { category, measure, value, expected, weeks }: Episode): string {
  const what = measure === 'share' ? 'of units' : 'off list';
  return prose`${category} stood at ${format.share(value)} ${what} from ${spanOf(format, weeks)}, where ${format.share(expected)} was expected`;
}

function restWords(a: Assortment, rest: readonly Episode[]): string {
  if (rest.length === 0) return 'Nothing else is called.';
  const words = rest.slice(0, 2).map((episode) => episodeWords(a, episode));
  return prose`Also called: ${words.join('; ')}${rest.length > words.length ? prose`; and ${a.format.count(rest.length - words.length)} more` : ''}.`;
}

function brandFinding({ brands, format, spans }: Assortment): Finding | null {
  const tested = brands.filter(({ shift }) => shift !== null);
  if (!spans.prior || tested.length === 0) return null;
  const called = tested.filter(({ shift }) => shift!.isCalled).toSorted((x, y) => Math.abs(y.change) - Math.abs(x.change));
  const rule = prose`BH-adjusted p over ${spelled(format, tested.length, 'brand')} with ${format.count(leastOrders)} or more orders`;
  const first = called[0];
  const n = total(tested, ({ shift }) => shift!.n);
  const base = { id: 'brands', stake: null, proof: 'brands' };
  if (!first) {
    return {
      ...base,
      ...{ kind: 'nothing', direction: 'neutral' },
      claim: 'No brand won or lost share of orders beyond chance.',
      detail: prose`Tested: ${format.count(tested.length)} of ${format.count(brands.length)} brands, those with enough orders; the largest changes in money are within what chance makes.`,
      evidence: { level: 'medium', rule, n },
    };
  }
  const named = called
    .slice(0, 4)
    .map(
      ({ brand, shift, change }) =>
        prose`${nameOf({ name: brand })} (${format.points(shift!.difference)}, ${format.signed(change, 'money')})`,
    );
  const { difference, low, high, p } = first.shift!;
  return {
    ...base,
    ...{ kind: 'change', direction: directionOf(difference, 'up'), polarity: 'up' },
    claim: prose`${sentence(someOf(format, called.length, tested.length))} brands changed ${called.length === 1 ? 'its' : 'their'} share of orders against ${spans.year ? 'the same weeks last year' : 'the weeks before'}, ${called.length === 1 ? '' : 'first '}${nameOf({ name: first.brand })}.`,
    detail: prose`Called: ${listed(named)}${called.length > 4 ? ' and others' : ''}. The money is the change on the weeks before.`,
    effect: { value: difference, unit: 'share', interval: { low, high, basis: prose`${percent(format, 0.95)} interval` } },
    evidence: { level: 'medium', rule, p, n: first.shift!.n },
  };
}

function productFinding({ moves, format, spans, faulty }: Assortment): Finding | null {
  if (!spans.prior || moves.tested === 0) return null;
  const rule = prose`Units against the rest of the category, BH-adjusted p over ${spelled(format, moves.tested, 'product')} with ${format.count(leastSold)} or more units`;
  const base = { id: 'products', stake: null };
  const first = moves.called[0];
  if (!first) {
    return {
      ...base,
      ...{ kind: 'nothing', direction: 'neutral', proof: 'risen' },
      claim: 'No product sold more or fewer units beyond chance.',
      detail: prose`Tested: ${format.count(moves.tested)} products with enough units. The lists of winners and losers show money, not signals.`,
      evidence: { level: 'medium', rule, n: moves.tested },
    };
  }
  const named = moves.called
    .slice(0, 3)
    .map(
      ({ product, change }) =>
        prose`${nameOf(product)} (${format.count(product.units_prior_13w)} to ${format.count(product.units_13w)} units, ${format.signed(change, 'money')})`,
    );
  return {
    ...base,
    ...{ kind: 'change', direction: directionOf(first.change, 'up'), polarity: 'up', proof: first.change >= 0 ? 'risen' : 'fallen' },
    claim: prose`${format.count(moves.called.length)} of ${format.count(moves.tested)} products sold more or fewer units beyond chance, against the rest of their category.`,
    detail: prose`Largest in money: ${listed(named)}. ${faulty ? 'Net revenue also holds refunds, which count on the day of the return.' : 'The season of a category is taken out, that of a single product is not.'}`,
    effect: { value: first.change, unit: 'money' },
    evidence: { level: 'medium', rule, p: first.p!, n: first.units },
  };
}

function margin({ margin: bridge, whole, format, has, categories }: Assortment): Finding | null {
  if (!has('costs') || !bridge || !whole?.prior) return null;
  const largest = bridge.groups.toSorted(
    (x, y) => Math.abs(y.within + y.mix) - Math.abs(x.within + x.mix) || (x.group < y.group ? -1 : 1),
  )[0]!;
  const orders = total(categories, ({ now }) => now.orders);
  return {
    id: 'margin',
    claim: prose`Gross margin is ${format.share(bridge.after)} of net revenue, ${format.points(bridge.change)} on the weeks before.`,
    detail: prose`Margins within categories account for ${format.points(bridge.within)}, the mix of categories for ${format.points(bridge.mix)}; the largest part is ${largest.group} with ${format.points(largest.within + largest.mix)}. Exact arithmetic; whether it lasts is not tested.`,
    kind: 'state',
    effect: { value: bridge.change, unit: 'share' },
    evidence: { level: 'medium', rule: 'Exact decomposition', n: orders },
    stake: null,
    direction: 'neutral',
    polarity: 'up',
    proof: 'margin-category',
  };
}

function stock({ stock: lines, has, format }: Assortment): Finding | null {
  const [old, all, units] = [total(lines, (l) => l.oldCost), total(lines, (l) => l.cost), total(lines, (l) => l.oldUnits)];
  const first = lines[0];
  if (!has('inventory') || !(all > 0) || !first) return null;
  const evidence = { level: 'high' as const, rule: 'counted, piece by piece', n: total(lines, (l) => l.units) };
  if (!(old > 0)) {
    return {
      ...{ id: 'stock', kind: 'nothing', direction: 'good', stake: null, proof: 'stock-age', evidence },
      claim: 'No piece in stock is older than half a year.',
      detail: prose`${format.money(all)} is in stock.`,
    };
  }
  return {
    ...{ id: 'stock', kind: 'state', direction: 'bad', proof: 'stock-age', evidence },
    claim: prose`${format.money(old)} of ${format.money(all)} in stock is older than half a year.`,
    detail: prose`These are ${counted(format, units, 'piece')}. Most of the money is in ${first.category}: ${format.money(first.oldCost)}, ${format.share(first.share)} of the category’s stock.`,
    stake: null,
    effect: { value: cents(old), unit: 'money' },
    action: {
      do: prose`Go through the oldest pieces of ${first.category}: reduce, bundle or send back`,
      why: prose`${format.share(old / all)} of the money in stock has not moved for half a year`,
      owner: 'Inventory manager',
      within: 'this quarter',
    },
  };
}

function seen({ views, weeks, has, format }: Assortment): Finding | null {
  if (!has('events') || views.tested === 0) return null;
  const rule = prose`Exact test against the rest of its category, BH-adjusted p over ${spelled(format, views.tested, 'product')}, at least ${percent(format, leastGap)} lower`;
  const first = views.called[0];
  if (!first) {
    return {
      ...{ id: 'seen', kind: 'nothing', direction: 'neutral', stake: null, proof: 'viewed' },
      claim: 'No product is seen often and bought more rarely than chance would have it.',
      detail: prose`Tested: ${format.count(views.tested)} products seen in ${format.count(leastViews)} or more sessions.`,
      evidence: { level: 'medium', rule, n: total(views.lines, ({ own }) => own.n) },
    };
  }
  const years = weeks.length / weeksAYear;
  const missed = views.called.map((line) => missedProfit(line, years)).filter((one) => one !== null);
  return {
    ...{ id: 'seen', kind: 'state', direction: 'bad', proof: 'viewed' },
    claim: prose`${counted(format, views.called.length, 'product')} ${views.called.length === 1 ? 'is' : 'are'} seen often and rarely bought, first ${nameOf(first.product)}.`,
    detail: prose`Of ${format.count(first.own.n)} sessions that saw it, ${format.share(first.rate)} ended in a purchase (${format.share(first.shrunk.value)} drawn to the mean); in the rest of ${first.product.category} ${format.share(first.restRate)} do. What a session buys need not be what it saw.`,
    effect: {
      value: first.rate - first.restRate,
      unit: 'share',
      interval: { low: first.low - first.restRate, high: first.high - first.restRate, basis: prose`${percent(format, 0.95)} interval` },
    },
    evidence: { level: 'medium', rule, p: first.p, n: first.own.n },
    stake:
      missed.length > 0
        ? {
            value: cents(total(missed, ({ value }) => value)),
            low: cents(total(missed, ({ low }) => low)),
            high: cents(total(missed, ({ high }) => high)),
            basis:
              'profit if these products converted like the rest of their category, by their sessions and profit a unit so far; an upper bound',
          }
        : null,
    action: {
      do: prose`Check price, pictures, sizes and availability on the pages of these products, first ${nameOf(first.product)}`,
      why: 'They draw views without purchases',
      owner: 'Category manager',
      within: 'this month',
    },
  };
}

function spread({ spread: found, format }: Assortment): Finding | null {
  if (!found) return null;
  const { dispersion } = found;
  const uneven = dispersion !== null && dispersion.p <= unevenP && dispersion.value > 1;
  const words =
    dispersion === null
      ? 'Too little was sold to tell best sellers from luck.'
      : uneven
        ? prose`Units vary ${format.ratio(dispersion.value)} times as much between products as equal odds would make them: there are real best sellers.`
        : 'Units vary between products no more than equal odds would make them: rank is luck and price, and last year’s best sellers need not be next year’s.';
  return {
    id: 'spread',
    claim: prose`${format.share(found.share)} of the products sold make ${format.share(leadingShare)} of gross sales.`,
    detail: prose`${format.count(found.leading)} of ${counted(format, found.products, 'product')}, last ${format.count(weeksAYear)} weeks. ${words}`,
    kind: dispersion !== null && !uneven ? 'nothing' : 'state',
    effect: { value: found.share, unit: 'share' },
    evidence: {
      level: uneven ? 'high' : 'low',
      rule: 'Index of dispersion of units over the catalogue, chi-square',
      ...(dispersion ? { p: dispersion.p } : {}),
      n: found.products,
    },
    stake: null,
    direction: 'neutral',
    proof: 'pareto',
  };
}

function launched({ launched: list, format, weeks }: Assortment): Finding | null {
  if (!list || weeks.length === 0) return null;
  const first = list[0];
  if (!first) return null;
  const sum = total(list, (product) => product.net_revenue);
  const named = list
    .slice(0, 3)
    .map((product) => prose`${nameOf(product)} (${format.money(product.net_revenue)} from ${counted(format, product.units, 'unit')})`);
  return {
    id: 'launched',
    claim: prose`${counted(format, list.length, 'product')} first sold in the last ${format.count(launch.days)} days ${list.length === 1 ? 'has' : 'have'} brought ${format.money(cents(sum))}.`,
    detail: prose`Largest: ${listed(named)}. New is what was never sold before and reached ${format.count(launch.units)} units since.`,
    kind: 'state',
    effect: { value: cents(sum), unit: 'money' },
    evidence: { level: 'high', rule: 'counted', n: total(list, (product) => product.units) },
    stake: null,
    direction: 'neutral',
    proof: 'risen',
  };
}
