import type { ColumnTable } from 'arquero';
import type { Context } from '#contract/analysis.ts';
import type { Formatter } from '#contract/format.ts';
import type { Estimate } from '#stats/estimate.ts';
import { benjaminiHochberg } from '#stats/multiple.ts';
import { ratio, total } from '../shared/change.ts';
import { addWeeks, weeksAYear } from '../shared/day.ts';
import { signalLevel } from '../shared/expected.ts';
import { completeWeeks, type Week } from '../shared/metric.ts';
import { rows } from '../shared/rows.ts';
import { type Delivery, measureDelivery } from './delivery.ts';
import { dispersionOf, falseDiscovery, type Growth, judge, type PlaceOrders } from './growth.ts';
import { added, type Difference, type Moments, meanEstimate, stratified, without } from './moments.ts';
import { type SharePoint, shareSeries, shareWeeks } from './share.ts';

export interface ShopWeek extends Week {
  orders: number;
  gross_amount: number;
  net_revenue: number;
}

interface CountryWeek {
  week: string;
  country: string;
  orders: number;
  gross_amount: number;
  net_revenue: number;
}

export interface City {
  country: string;
  region: string;
  city: string;
  orders: number;
  customers: number;
  units: number;
  gross_amount: number;
  net_revenue: number;
}

/** See states.sql. */
export interface State {
  country: string;
  region: string;
  orders_now: number;
  orders_before: number;
  orders_year: number;
  now_now: number;
  now_before: number;
  now_year: number;
  before_before: number;
  before_year: number;
  year_year: number;
  gross_amount: number;
}

/** Orders and money of a place over the year. */
export interface Place {
  name: string;
  orders: number;
  customers: number;
  net_revenue: number;
}

export interface Country extends Place {
  /** Gross sales an order. */
  aov: Estimate | null;
  /** AOV against that of all other countries. */
  difference: Difference | null;
  p: number | null;
  isCalled: boolean;
}

export interface Regions {
  format: Formatter;
  week: string;
  /** Complete weeks up to `week`, oldest first. */
  weeks: ShopWeek[];
  /** Largest net revenue first; over the year. */
  countries: Country[];
  states: Place[];
  cities: Place[];
  year: { weeks: number; orders: number; net_revenue: number };
  /** Countries and states judged; empty where the history is too short. */
  growth: { countries: Growth[]; states: Growth[]; dispersion: number; hasYear: boolean; isKnown: boolean };
  /** Countries with enough orders for a line, the called ones first, then by size. */
  shares: { country: string; isCalled: boolean; points: SharePoint[] }[];
  delivery: Delivery | null;
  tested: number;
  called: number;
}

/** Weeks judged, and weeks in each span that they are judged by. */
export const spanWeeks = 13;
/** Places with fewer orders a year are pooled. */
export const leastOrders = 10;
const leastForMean = 30;
/** AOV is called from this share of the others' AOV on. */
export const aovFloor = 0.05;
const panels = 9;
/** Spans before the one judged that tell how much shares move by themselves. */
const earlierSpans = { least: 4, most: 9 };

export function measure(tables: Record<string, ColumnTable>, { week, format, shop }: Pick<Context, 'week' | 'format' | 'shop'>): Regions {
  const weeks = completeWeeks(rows<ShopWeek>(tables.weeks), week);
  const cities = rows<City>(tables.places);
  const countryWeeks = rows<CountryWeek>(tables.countryWeeks);
  const countries = withBaskets(
    grouped(cities, ({ country }) => country),
    tables.baskets,
  );
  const growth = growthOf(weeks, countryWeeks, rows<State>(tables.states), week);
  const delivery = shop.capabilities.includes('deliveries') ? measureDelivery(tables) : null;
  const recent = weeks.filter((row) => row.week > addWeeks(week, -weeksAYear));
  const aovTested = countries.filter(({ p }) => p !== null);
  const judged = [...growth.countries, ...growth.states];
  return {
    ...{ format, week, weeks, countries, growth, delivery },
    states: grouped(cities, stateName),
    cities: grouped(cities, (row) => `${row.city}, ${row.region === row.city ? row.country : row.region}`),
    year: {
      weeks: recent.length,
      orders: total(cities, ({ orders }) => orders),
      net_revenue: total(cities, ({ net_revenue }) => net_revenue),
    },
    shares: sharesOf(weeks, countryWeeks, growth, countries, week),
    tested: judged.length + aovTested.length + (delivery?.tested ?? 0),
    called:
      judged.filter(({ isCalled }) => isCalled).length +
      aovTested.filter(({ isCalled }) => isCalled).length +
      (delivery?.centres.filter(({ standing }) => standing !== 'usual').length ?? 0),
  };
}

function grouped(cities: City[], name: (row: City) => string): Place[] {
  return [...Map.groupBy(cities, name)]
    .map(([key, list]) => ({
      name: key,
      orders: total(list, ({ orders }) => orders),
      customers: total(list, ({ customers }) => customers),
      net_revenue: total(list, ({ net_revenue }) => net_revenue),
    }))
    .sort((a, b) => b.net_revenue - a.net_revenue || (a.name < b.name ? -1 : 1));
}

function withBaskets(places: Place[], table: ColumnTable | undefined): Country[] {
  const baskets = rows<{ country: string; orders: number; gross_amount: number; gross_squares: number }>(table);
  const moments = new Map(
    baskets.map(({ country, orders: n, gross_amount: sum, gross_squares: squares }): [string, Moments] => [country, { n, sum, squares }]),
  );
  const all = added([...moments.values()]);
  const tests = places.map(({ name }) => {
    const own = moments.get(name);
    return own && own.n >= leastForMean ? stratified([{ group: own, rest: without(all, own) }]) : null;
  });
  const adjusted = benjaminiHochberg(tests.map((test) => test?.p ?? null));
  return places.map((place, i): Country => {
    const own = moments.get(place.name);
    const [difference, p] = [tests[i] ?? null, adjusted[i] ?? null];
    const rest = own ? without(all, own) : all;
    const floor = aovFloor * (ratio(rest.sum, rest.n) ?? 0);
    return {
      ...place,
      aov: own && own.n >= leastForMean ? meanEstimate(own) : null,
      difference,
      p,
      isCalled: p !== null && difference !== null && p <= falseDiscovery && Math.abs(difference.value) >= floor,
    };
  });
}

function spanOf(week: string, back: number): string[] {
  return Array.from({ length: spanWeeks }, (_, i) => addWeeks(week, i + 1 - spanWeeks - back));
}

function growthOf(weeks: ShopWeek[], countryWeeks: CountryWeek[], states: State[], week: string): Regions['growth'] {
  const orders = new Map(weeks.map((row) => [row.week, row.orders]));
  const [now, before, year] = [spanOf(week, 0), spanOf(week, spanWeeks), spanOf(week, weeksAYear)];
  const isWhole = (span: string[]) => span.every((day) => orders.has(day));
  const hasYear = isWhole(year);
  if (!isWhole(now) || !isWhole(before)) return { countries: [], states: [], dispersion: 1, hasYear, isKnown: false };
  const byCountry = Map.groupBy(countryWeeks, ({ country }) => country);
  const weekly = meanDispersion([now, before, ...(hasYear ? [year] : [])], byCountry);
  const dispersion = Math.max(weekly, spanDispersion(week, orders, byCountry));
  const totals = counts('', states, hasYear);
  const judged = (name: (row: State) => string) => {
    const places = [...Map.groupBy(states, name)].map(([key, list]) => counts(key, list, hasYear));
    return judge(places, totals, dispersion).sort((a, b) => b.expected - a.expected || (a.name < b.name ? -1 : 1));
  };
  return { countries: judged(({ country }) => country), states: judged(stateName), dispersion, hasYear, isKnown: true };
}

/** 'Guangdong, China'. */
function stateName({ country, region }: { country: string; region: string }): string {
  return region === country ? region : `${region}, ${country}`;
}

function counts(name: string, list: State[], hasYear: boolean): PlaceOrders {
  const year = hasYear ? 1 : 0;
  const sum = (value: (row: State) => number) => total(list, value);
  const orders = sum((row) => row.orders_now + row.orders_before + row.orders_year);
  return {
    name,
    now: sum((row) => row.orders_now),
    base: sum((row) => row.orders_before + year * row.orders_year),
    bases: [sum((row) => row.orders_before), ...(hasYear ? [sum((row) => row.orders_year)] : [])],
    nowNow: sum((row) => row.now_now),
    nowBase: sum((row) => row.now_before + year * row.now_year),
    baseBase: sum((row) => row.before_before + year * (2 * row.before_year + row.year_year)),
    worth:
      ratio(
        sum((row) => row.gross_amount),
        orders,
      ) ?? 0,
  };
}

/** Dispersion within each span, so that a change between spans does not count as noise. */
function meanDispersion(spans: string[][], byCountry: Map<string, CountryWeek[]>): number {
  const each = spans.map((span) =>
    dispersionOf(
      [...byCountry.values()].map((list) => {
        const known = new Map(list.map((row) => [row.week, row.orders]));
        return span.map((day) => known.get(day) ?? 0);
      }),
    ),
  );
  return each.reduce((a, b) => a + b, 0) / each.length;
}

/** Dispersion between the spans before the one judged: tastes and customers come and go more slowly than weeks. */
function spanDispersion(week: string, orders: ReadonlyMap<string, number>, byCountry: Map<string, CountryWeek[]>): number {
  const spans = Array.from({ length: earlierSpans.most }, (_, i) => spanOf(week, (i + 1) * spanWeeks)).filter((span) =>
    span.every((day) => orders.has(day)),
  );
  if (spans.length < earlierSpans.least) return 1;
  return dispersionOf(
    [...byCountry.values()].map((list) => {
      const known = new Map(list.map((row) => [row.week, row.orders]));
      return spans.map((span) => span.reduce((sum, day) => sum + (known.get(day) ?? 0), 0));
    }),
  );
}

function sharesOf(
  weeks: ShopWeek[],
  countryWeeks: CountryWeek[],
  growth: Regions['growth'],
  countries: Country[],
  week: string,
): Regions['shares'] {
  const all = new Map(weeks.map((row) => [row.week, row.orders]));
  const byCountry = Map.groupBy(countryWeeks, ({ country }) => country);
  const judged = growth.countries.toSorted((a, b) => Number(b.isCalled) - Number(a.isCalled) || a.p - b.p || (a.name < b.name ? -1 : 1));
  const lead = judged[0];
  const size = new Map(countries.map(({ name }, i) => [name, i]));
  const chosen = growth.countries
    .toSorted((a, b) => Number(b.isCalled) - Number(a.isCalled) || (size.get(a.name) ?? 0) - (size.get(b.name) ?? 0))
    .slice(0, panels);
  const list = lead && !chosen.includes(lead) ? [lead, ...chosen.slice(0, -1)] : chosen;
  const ordered = lead ? [lead, ...list.filter((place) => place !== lead)] : [];
  // The range is to hold all points drawn that share no week, of all countries, not each by itself.
  const level = 1 - (1 - signalLevel) / Math.max(1, (ordered.length * shareWeeks.drawn) / shareWeeks.window);
  return ordered.flatMap(({ name, isCalled }) => {
    const orders = new Map((byCountry.get(name) ?? []).map((row) => [row.week, row.orders]));
    const points = shareSeries(orders, all, week, growth.dispersion, level);
    return points.length >= 2 ? [{ country: name, isCalled, points }] : [];
  });
}
