import { dotInterval } from '#chart/interval.ts';
import { lineChart } from '#chart/line.ts';
import { worldMap } from '#chart/map.ts';
import { smallMultiples } from '#chart/multiples.ts';
import { rankedBars } from '#chart/ranked.ts';
import type { Figure } from '#contract/figure.ts';
import { listed, prose } from '#contract/prose.ts';
import { ratio } from '../shared/change.ts';
import { addWeeks, weekEnd, weeksSpan } from '../shared/day.ts';
import { signalLevel } from '../shared/expected.ts';
import { percent, sentence } from '../shared/words.ts';
import { deliveryFigures } from './figures-delivery.ts';
import { growthFloor, leastExpected } from './growth.ts';
import { baseWords, calledPlaces } from './place-words.ts';
import { leastOrders, type Place, type Regions, spanWeeks } from './regions.ts';
import { shareWeeks } from './share.ts';

const bars = 12;
const interval = 0.95;

export function regionFigures(regions: Regions): { figures: Figure[]; omitted: Record<string, string> } {
  const { format, countries, growth, shares } = regions;
  const omitted: Record<string, string> = {};
  const figures: Figure[] = [];
  const draw = (id: string, reason: string | null, make: () => Figure) => {
    if (reason === null) figures.push(make());
    else omitted[id] = reason;
  };
  const none = regions.year.orders === 0 ? prose`no order in the last ${format.count(regions.year.weeks)} complete weeks` : null;
  const few = growth.isKnown
    ? growth.countries.length < 2
      ? prose`fewer than two countries with ${format.count(leastExpected)} expected orders`
      : null
    : prose`fewer than ${format.count(2 * spanWeeks)} complete weeks`;
  const lines = shares.length === 0 ? prose`the history is too short to tell a usual share` : null;
  draw('map', none, () => map(regions));
  draw('countries', none, () => ranked(regions, 'countries', 'country', countries));
  draw('states', none, () => ranked(regions, 'states', 'state', regions.states));
  draw('cities', none, () => ranked(regions, 'cities', 'city', regions.cities));
  draw('growth', few, () => growthFigure(regions));
  draw('share', few ?? lines, () => shareFigure(regions));
  draw('panels', few ?? (shares.length < 2 ? prose`fewer than two countries with a usual share` : lines), () => panelFigure(regions));
  const baskets = countries.filter(({ aov }) => aov !== null);
  draw('baskets', none ?? (baskets.length < 2 ? prose`fewer than two countries with enough orders` : null), () => basketFigure(regions));
  const delivery = deliveryFigures(regions);
  return { figures: [...figures, ...delivery.figures], omitted: { ...omitted, ...delivery.omitted } };
}

function yearSpan({ format, week, year }: Regions): string {
  return weeksSpan(format, week, Math.max(1, year.weeks));
}

function map(regions: Regions): Figure {
  const { format, countries, year } = regions;
  return worldMap({
    ...{ id: 'map', format, unit: 'money', country: 'country', value: 'net_revenue' },
    rows: countries
      .filter(({ name }) => name !== 'Unknown')
      .map(({ name, orders, net_revenue }) => ({ country: name, net_revenue, orders })),
    title: (drawn) => {
      const [first, second] = drawn;
      const share = (row: typeof first) => ratio(Number(row?.net_revenue), year.net_revenue);
      const lead = share(first);
      if (!first || lead === null) return prose`No country has net revenue`;
      return second
        ? prose`${String(first.country)} brings ${format.share(lead)} of net revenue, ${String(second.country)} ${format.share(share(second))}`
        : prose`All net revenue on the map comes from ${String(first.country)}`;
    },
    subtitle: prose`Net revenue by country of the customer, ${yearSpan(regions)}`,
    of: 'net revenue by country',
    reason: prose`${countries[0]?.name ?? ''} is the largest of ${format.count(countries.length)} countries`,
  });
}

/** 'Texas' for 'Texas, United States', where no other place here is called so. */
function shortNames(names: string[]): string[] {
  const short = names.map((name) => name.replace(/, [^,]*$/, ''));
  return names.map((name, i) => (short.indexOf(short[i]!) === short.lastIndexOf(short[i]!) ? short[i]! : name));
}

/** Places with enough orders one by one (and those that must be named), all others pooled, so that they add up to the shop. */
export function pooled(
  places: readonly Place[],
  most: number,
  must: (place: Place) => boolean = () => false,
): { top: Place[]; rest: Place[] } {
  const shown = new Set(places.filter(({ orders, name }) => orders >= leastOrders && !name.startsWith('Unknown')).slice(0, most));
  const isShown = (place: Place) => shown.has(place) || must(place);
  return { top: places.filter(isShown), rest: places.filter((place) => !isShown(place)) };
}

function ranked(regions: Regions, id: string, what: string, places: readonly Place[]): Figure {
  const { format, year } = regions;
  const { top, rest } = pooled(places, bars);
  const other = rest.reduce((sum, { net_revenue }) => sum + net_revenue, 0);
  const names = shortNames(top.map(({ name }) => name));
  const otherName = prose`Other (${format.count(rest.length)})`;
  // Where the others together dwarf each that is named, a bar would only hide them: the note tells their sum.
  const isDrawn = rest.length > 0 && other <= (top[0]?.net_revenue ?? 0);
  const rows = [
    ...top.map(({ name, net_revenue, orders }, i) => ({ place: id === 'countries' ? name : names[i]!, net_revenue, orders, named: true })),
    ...(isDrawn || top.length === 0
      ? [{ place: otherName, net_revenue: other, orders: rest.reduce((sum, { orders }) => sum + orders, 0), named: false }]
      : []),
  ].map((row) => ({ ...row, part: format.share(ratio(row.net_revenue, year.net_revenue)) }));
  return rankedBars({
    ...{ id, format, rows, unit: 'money', label: 'place', value: 'net_revenue', detail: 'part', emphasis: 'named' },
    ...(id === 'countries' ? {} : { width: 'half' }),
    title: (drawn) => {
      const named = drawn.filter((row) => row.named);
      const share = ratio(
        named.slice(0, 3).reduce((sum, row) => sum + Number(row.net_revenue), 0),
        year.net_revenue,
      );
      return named.length > 3 && share !== null
        ? prose`The ${format.word(3)} largest ${id} bring ${format.share(share)} of net revenue`
        : prose`Net revenue comes from ${listed(named.map((row) => String(row.place)))}`;
    },
    subtitle: prose`Net revenue by ${what} and share of the shop, ${yearSpan(regions)}`,
    of: `net revenue by ${what}`,
    reason: prose`${top[0]?.name ?? 'none'} is the largest`,
    ...(rest.length > 0
      ? {
          note: isDrawn
            ? prose`Other holds all that are not named, among them every one of fewer than ${format.count(leastOrders)} orders; the bars add up to the shop.`
            : prose`${otherName}: ${format.money(other)}, ${format.share(ratio(other, year.net_revenue))}, among them every ${what} of fewer than ${format.count(leastOrders)} orders.`,
        }
      : {}),
  });
}

function growthFigure(regions: Regions): Figure {
  const { format, growth, week } = regions;
  const called = growth.countries.filter(({ isCalled }) => isCalled);
  return dotInterval({
    ...{ id: 'growth', format, unit: 'share', label: 'country', value: 'estimate', low: 'low', high: 'high', emphasis: 'called' },
    polarity: 'up',
    reference: 1,
    referenceLabel: prose`as expected`,
    rows: growth.countries.map(({ name, now, expected, ratio: measured, shrunk, p, isCalled, isUnconfirmed: unconfirmed }) => ({
      unconfirmed,
      ...{
        country: name,
        estimate: shrunk.value,
        low: shrunk.low,
        high: shrunk.high,
        measured,
        orders: now,
        expected,
        p,
        called: isCalled,
      },
    })),
    title: (drawn) => {
      const out = drawn.filter((row) => row.called);
      const low = out.at(-1);
      if (!low) return prose`No country grows or fades beyond chance`;
      const others =
        out.length === 1
          ? 'all other countries are within chance'
          : prose`${format.word(out.length - 1)} more ${out.length === 2 ? 'differs' : 'differ'} beyond chance`;
      return prose`${String(low.country)} is ${Number(low.estimate) < 1 ? 'below' : 'above'} expectation; ${others}`;
    },
    subtitle: prose`Orders as a share of the orders to be expected, ${weeksSpan(format, week, spanWeeks)}, each estimate drawn to the mean of all countries, with ${percent(format, interval)} intervals`,
    of: 'orders against expectation by country',
    reason: prose`${format.count(called.length)} of ${format.count(growth.countries.length)} countries differ from expectation beyond chance`,
    note: prose`Expected: the country's orders in ${baseWords(regions)}, moved as the other countries moved. Coloured: called a signal, that is BH-adjusted, at least ${percent(format, growthFloor)} off as measured, and off each of these spans by itself. Countries of fewer than ${format.count(leastExpected)} expected orders are left out.`,
  });
}

function rangeNote({ format }: Regions): string {
  return prose`Each point is the sum of ${format.word(shareWeeks.window)} weeks, so that neighbours share weeks. The band is the ${percent(format, signalLevel)} range, for all countries and weeks drawn together, about the share of the year before the first point.`;
}

function shareFigure(regions: Regions): Figure {
  const { format, shares } = regions;
  const { country, isCalled, points } = shares[0]!;
  const outside = points.filter((point) => point.isOutside).length;
  return lineChart({
    ...{
      id: 'share',
      format,
      unit: 'share',
      x: 'week',
      y: 'share',
      band: { low: 'low', high: 'high' },
      marks: 'outside',
      polarity: 'up',
      zero: isCalled,
    },
    expectedLabel: prose`Expected range`,
    rows: points.map(({ week, share, usual, low, high, isOutside }) => ({ week, share, usual, low, high, outside: isOutside })),
    title: (drawn) => {
      const last = drawn.at(-1);
      const [now, usual] = [format.share(Number(last?.share)), format.share(Number(last?.usual))];
      if (isCalled) return prose`${country} now brings ${now} of orders, where ${usual} was usual`;
      return prose`${country}, the country nearest to a signal, brings ${now} of orders; ${usual} was usual`;
    },
    subtitle: prose`Share of the shop's orders from ${country}, sums of ${format.word(shareWeeks.window)} weeks that end with the week drawn, ${format.span(addWeeks(points[0]!.week, 1 - shareWeeks.window), weekEnd(points.at(-1)!.week))}`,
    of: prose`the share of orders from ${country}`,
    reason: prose`${format.count(outside)} of ${format.count(points.length)} points lie outside the expected range`,
    note: rangeNote(regions),
    height: 210,
  });
}

function panelFigure(regions: Regions): Figure {
  const { format, shares } = regions;
  const drawn = shares.filter(({ points }) => points[0]!.usual > 0);
  const called = calledPlaces(regions).country.map(({ name }) => name);
  return smallMultiples({
    ...{
      id: 'panels',
      format,
      unit: 'share',
      x: 'week',
      y: 'index',
      panel: 'country',
      band: { low: 'low', high: 'high' },
      marks: 'outside',
      polarity: 'up',
    },
    rows: drawn.flatMap(({ country, points }) =>
      points.map(({ week, share, usual, low, high, isOutside }) => ({
        ...{ country, week, index: share / usual, low: low / usual, high: high / usual, share, outside: isOutside },
      })),
    ),
    title: (rows) => {
      const panels = [...Map.groupBy(rows, (row) => String(row.country))];
      const out = panels.filter(([, points]) => points.some((row) => row.outside)).map(([country]) => country);
      if (out.length === 0) return prose`All ${format.word(panels.length)} countries stay within their usual share of orders`;
      return prose`${listed(out)} ${out.length === 1 ? 'leaves' : 'leave'} the usual share of orders, ${format.word(panels.length - out.length)} of ${format.word(panels.length)} stay within`;
    },
    subtitle: prose`Share of orders as a part of the country's usual share, sums of ${format.word(shareWeeks.window)} weeks, all panels on one scale`,
    of: 'share of orders by country',
    reason:
      called.length > 0
        ? prose`${listed(called)} ${called.length === 1 ? 'differs' : 'differ'} from expectation`
        : prose`no country differs from expectation`,
    note: rangeNote(regions),
  });
}

function basketFigure(regions: Regions): Figure {
  const { format, countries } = regions;
  const known = countries.filter(({ aov }) => aov !== null);
  const whole = known.reduce((sum, { aov }) => sum + aov!.value * aov!.n, 0) / known.reduce((sum, { aov }) => sum + aov!.n, 0);
  const called = known.filter(({ isCalled }) => isCalled);
  return dotInterval({
    ...{ id: 'baskets', format, unit: 'money', label: 'country', value: 'aov', low: 'low', high: 'high', emphasis: 'called' },
    polarity: 'up',
    reference: whole,
    referenceLabel: prose`all ${format.money(whole)}`,
    rows: known.map(({ name, aov, isCalled }) => ({
      country: name,
      aov: aov!.value,
      low: aov!.low,
      high: aov!.high,
      orders: aov!.n,
      called: isCalled,
    })),
    title: () =>
      called.length === 0
        ? prose`Orders are worth about the same in every country`
        : sentence(prose`orders differ in worth in ${listed(called.slice(0, 3).map(({ name }) => name))}`),
    subtitle: prose`Average order value, ${yearSpan(regions)}, with ${percent(format, interval)} intervals`,
    of: 'average order value by country',
    reason: prose`${format.count(called.length)} of ${format.count(known.length)} differ from the others beyond chance`,
  });
}
