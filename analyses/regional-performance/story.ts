import type { Method } from '#contract/analysis.ts';
import { listed, prose } from '#contract/prose.ts';
import { ratio } from '../shared/change.ts';
import { percent, sentence, someOf } from '../shared/words.ts';
import { arrivedShare, dayFloor, deliveryWeeks } from './delivery.ts';
import { noDelivery } from './figures-delivery.ts';
import { falseDiscovery, growthFloor, leastExpected } from './growth.ts';
import { calledPlaces, offWords, verb } from './place-words.ts';
import { aovFloor, type Regions, spanWeeks } from './regions.ts';
import { shareWeeks } from './share.ts';

/** Weeks at the end of the data that are compared with those before them, and from what ratio on they look like a burst. */
const burst = { weeks: 4, before: 13, ratio: 1.3 };
/** Below this share of arrived orders the times are those of the faster part. */
const nearlyAll = 0.9;

/** Claim of the section. */
export function headline(regions: Regions): string {
  const { format, countries, growth, year } = regions;
  if (year.orders === 0) return prose`No orders to tell regions by`;
  const [first] = calledPlaces(regions).country;
  if (first) {
    const others = growth.countries.filter(({ isCalled, isUnconfirmed }) => !isCalled && !isUnconfirmed).length;
    const claim = prose`${first.name} ${verb(first)} against expectation`;
    return others > 0 ? prose`${claim}; ${format.word(others)} of ${format.word(growth.countries.length)} countries hold theirs` : claim;
  }
  const lead = prose`${countries[0]!.name} brings ${format.share(ratio(countries[0]!.net_revenue, year.net_revenue))} of net revenue`;
  return growth.countries.length > 1 ? prose`${lead}; no country grows or fades beyond chance` : lead;
}

/** What is so, and so what. */
export function summary(regions: Regions): string {
  const { format, countries, growth, year, delivery } = regions;
  if (year.orders === 0) return prose`The data hold no order in a complete week.`;
  const [first] = calledPlaces(regions).country;
  const called = growth.countries.filter(({ isCalled }) => isCalled);
  const [lead] = countries;
  const slow = delivery?.centres.filter(({ standing }) => standing === 'slow') ?? [];
  const parts = [
    first
      ? prose`Orders from ${first.name} are ${offWords(regions, first)} expectation; the largest, ${lead!.name}, brings ${format.share(ratio(lead!.net_revenue, year.net_revenue))} of net revenue. ${sentence(someOf(format, called.length, growth.countries.length))} countries ${called.length === 1 ? 'differs' : 'differ'} from expectation beyond chance${called.length > 1 ? prose`: ${listed(called.map(({ name }) => name))}` : ''}.`
      : growth.countries.length > 0
        ? prose`${format.count(growth.countries.length)} countries and ${format.count(growth.states.length)} states were judged against their own past and the growth of the others.`
        : prose`There is not enough history to judge growth by country.`,
    noDelivery(regions) !== null
      ? ''
      : slow.length > 0
        ? prose`${slow[0]!.name} is the slowest of ${format.count(delivery!.centres.length)} distribution centres.`
        : prose`Half of the orders that arrived took at most ${format.unit(delivery!.median?.value ?? null, 'days')}; no distribution centre is slow.`,
  ];
  return parts.filter(Boolean).join(' ');
}

export function caveats(regions: Regions): string[] {
  const { format, weeks, growth, delivery } = regions;
  const list = [
    prose`A place is that of the customer's account, which need not be where the order goes.`,
    prose`Expected orders follow the other places: a change that all share is not seen here, and a season of one country alone counts as a change${growth.hasYear ? ' unless last year had it' : ''}.`,
  ];
  const recent = weeks.slice(-burst.weeks);
  const before = weeks.slice(-burst.weeks - burst.before, -burst.weeks);
  const mean = (rows: typeof weeks) => rows.reduce((sum, { orders }) => sum + orders, 0) / Math.max(1, rows.length);
  if (before.length === burst.before && mean(before) > 0 && mean(recent) >= burst.ratio * mean(before)) {
    list.unshift(
      prose`Orders of the last ${format.word(burst.weeks)} weeks are ${format.share(mean(recent) / mean(before) - 1)} above those of the ${format.count(burst.before)} before, in all countries together. A surge at the very end of the data can come from how they were made or loaded; shares of the shop, by which places are judged here, bear it.`,
    );
  }
  if (!growth.hasYear && growth.isKnown) list.push(prose`The same weeks last year are not in the data, so that the season is not known.`);
  if (delivery && noDelivery(regions) === null) {
    list.push(
      prose`Delivery times are known for orders that have arrived. Orders of the last ${format.word(deliveryWeeks.young)} weeks are left out, as the slow ones among them are still under way.`,
      prose`The data have one time for the whole order, so that only orders served by one distribution centre tell about it.`,
    );
    const share = arrivedShare(delivery) ?? 1;
    if (share < nearlyAll)
      list.push(
        prose`Only ${format.share(share)} of those orders have arrived by the data, even weeks later. If the others are slow rather than unrecorded, the times here are too short.`,
      );
  }
  return list;
}

export function method({ format, growth, countries, delivery, tested, called }: Regions): Method {
  const count = format.count;
  const aov = countries.filter(({ p }) => p !== null).length;
  return {
    tested,
    called,
    text: [
      prose`Growth: orders of ${count(spanWeeks)} complete weeks against the place's own orders in ${count(spanWeeks)} weeks before${growth.hasYear ? ' and in the same weeks last year' : ''}, moved by the growth of all other places that are not called themselves. Chance is measured over customers, whose orders come together, and over time (quasi-Poisson, dispersion ${format.ratio(growth.dispersion)} between weeks or between earlier spans), and the larger is taken; ${count(growth.countries.length)} countries and ${count(growth.states.length)} states with at least ${count(leastExpected)} expected orders; p-values adjusted by Benjamini and Hochberg within each, called at ${percent(format, falseDiscovery)} from ${percent(format, growthFloor)} off, where each span of the base by itself agrees.`,
      prose`Drawn estimates: log ratios shrunk to their mean by normal-normal empirical Bayes (DerSimonian and Laird; Morris). Lines: share of orders over ${count(shareWeeks.window)} weeks with a quasi-binomial range about the share of up to ${count(shareWeeks.usual)} weeks before; they show when, the test above decides.`,
      prose`AOV: mean and Student's interval from exact sums and squares of ${count(aov)} countries; each against all others by Welch's test, adjusted, called from ${percent(format, aovFloor)} off.`,
      ...(delivery
        ? [
            prose`Delivery: ${count(delivery.centres.length)} centres against the others within the same country of destination, weighted by the centre's orders; adjusted, called from ${format.unit(dayFloor, 'days')} off. Medians and their intervals by order statistics.`,
          ]
        : []),
    ],
  };
}
