import type { ColumnTable } from 'arquero';
import type { Context } from '#contract/analysis.ts';
import type { Formatter } from '#contract/format.ts';
import type { Estimate } from '#stats/estimate.ts';
import { benjaminiHochberg } from '#stats/multiple.ts';
import { ratio, total } from '../shared/change.ts';
import { addWeeks, weeksAYear } from '../shared/day.ts';
import { completeWeeks, type Week } from '../shared/metric.ts';
import { rows } from '../shared/rows.ts';
import { type Delivery, measureDelivery } from './delivery.ts';
import { dispersionOf, falseDiscovery, type Growth, judge, type PlaceOrders } from './growth.ts';
import { added, type Difference, type Moments, meanEstimate, stratified, without } from './moments.ts';
import { type SharePoint, shareSeries } from './share.ts';

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

interface StateSpan {
  country: string;
  region: string;
  span: 'now' | 'before' | 'year';
  orders: number;
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

export function measure(tables: Record<string, ColumnTable>, { week, format, shop }: Pick<Context, 'week' | 'format' | 'shop'>): Regions {
  const weeks = completeWeeks(rows<ShopWeek>(tables.weeks), week);
  const cities = rows<City>(tables.places);
  const countryWeeks = rows<CountryWeek>(tables.countryWeeks);
  const countries = withBaskets(
    grouped(cities, ({ country }) => country),
    tables.baskets,
  );
  const growth = growthOf(weeks, countryWeeks, rows<StateSpan>(tables.states), week);
  const delivery = shop.capabilities.includes('deliveries') ? measureDelivery(tables) : null;
  const recent = weeks.filter((row) => row.week > addWeeks(week, -weeksAYear));
  const aovTested = countries.filter(({ p }) => p !== null);
  const judged = [...growth.countries, ...growth.states];
  return {
    ...{ format, week, weeks, countries, growth, delivery },
    states: grouped(cities, (row) => (row.region === row.country ? row.region : `${row.region}, ${row.country}`)),
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

function growthOf(weeks: ShopWeek[], countryWeeks: CountryWeek[], states: StateSpan[], week: string): Regions['growth'] {
  const orders = new Map(weeks.map((row) => [row.week, row.orders]));
  const [now, before, year] = [spanOf(week, 0), spanOf(week, spanWeeks), spanOf(week, weeksAYear)];
  const isWhole = (span: string[]) => span.every((day) => orders.has(day));
  const hasYear = isWhole(year);
  if (!isWhole(now) || !isWhole(before)) return { countries: [], states: [], dispersion: 1, hasYear, isKnown: false };
  const spans = [now, before, ...(hasYear ? [year] : [])];
  const base = new Set(spans.slice(1).flat());
  const last = new Set(now);
  const byCountry = Map.groupBy(countryWeeks, ({ country }) => country);
  const sumOf = (days: Iterable<string>) => [...days].reduce((sum, day) => sum + (orders.get(day) ?? 0), 0);
  const totals = { now: sumOf(now), base: sumOf(base) };
  const places = [...byCountry].map(([name, list]): PlaceOrders => {
    const recent = list.filter((row) => last.has(row.week));
    const earlier = list.filter((row) => base.has(row.week));
    const all = [...recent, ...earlier];
    return {
      name,
      now: total(recent, (row) => row.orders),
      base: total(earlier, (row) => row.orders),
      worth:
        ratio(
          total(all, (row) => row.gross_amount),
          total(all, (row) => row.orders),
        ) ?? 0,
    };
  });
  const dispersion = meanDispersion(spans, byCountry);
  const sorted = (list: Growth[]) => list.sort((a, b) => b.expected - a.expected || (a.name < b.name ? -1 : 1));
  const byState = Map.groupBy(states, ({ country, region }) => `${region}\n${country}`);
  const stateOrders = [...byState].map(([key, list]): PlaceOrders => {
    const [region, country] = key.split('\n') as [string, string];
    const used = list.filter(({ span }) => hasYear || span !== 'year');
    return {
      name: region === country ? region : `${region}, ${country}`,
      now: total(used, (row) => (row.span === 'now' ? row.orders : 0)),
      base: total(used, (row) => (row.span === 'now' ? 0 : row.orders)),
      worth:
        ratio(
          total(used, (row) => row.gross_amount),
          total(used, (row) => row.orders),
        ) ?? 0,
    };
  });
  return {
    countries: sorted(judge(places, totals, dispersion)),
    states: sorted(judge(stateOrders, totals, dispersion)),
    ...{ dispersion, hasYear, isKnown: true },
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
  return ordered.flatMap(({ name, isCalled }) => {
    const orders = new Map((byCountry.get(name) ?? []).map((row) => [row.week, row.orders]));
    const points = shareSeries(orders, all, week, growth.dispersion);
    return points.length >= 2 ? [{ country: name, isCalled, points }] : [];
  });
}
