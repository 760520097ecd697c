import { prose } from '#contract/prose.ts';
import type { Table } from '#contract/table.ts';
import { cents, ratio } from '../shared/change.ts';
import { weeksSpan } from '../shared/day.ts';
import { percent, sentence, someOf } from '../shared/words.ts';
import { dayFloor } from './delivery.ts';
import { pooled } from './figures.ts';
import { deliverySpan, noDelivery } from './figures-delivery.ts';
import { type Growth, leastExpected } from './growth.ts';
import { leastOrders, type Place, type Regions, spanWeeks } from './regions.ts';

const named = 15;

export function regionTables(regions: Regions): Table[] {
  const delivery = noDelivery(regions) === null ? [deliveryTable(regions)] : [];
  return [
    countryTable(regions),
    placeTable(regions, 'states', 'State', regions.states, regions.growth.states),
    placeTable(regions, 'cities', 'City', regions.cities, null),
    ...delivery,
  ];
}

function yearSpan({ format, week, year }: Regions): string {
  return weeksSpan(format, week, Math.max(1, year.weeks));
}

function countryTable(regions: Regions): Table {
  const { format, countries, growth, year } = regions;
  const judged = new Map(growth.countries.map((place) => [place.name, place]));
  const shown = countries.filter(({ orders }) => orders >= leastOrders);
  const rest = countries.filter((country) => !shown.includes(country));
  const called = growth.countries.filter(({ isCalled }) => isCalled).length;
  const other = sums(rest);
  return {
    id: 'country-table',
    title: sentence(
      prose`${someOf(format, called, growth.countries.length)} countries ${called === 1 ? 'differs' : 'differ'} from expectation beyond chance`,
    ),
    subtitle: prose`${yearSpan(regions)}; against expectation: ${weeksSpan(format, regions.week, spanWeeks)}`,
    columns: [
      { key: 'country', label: 'Country', type: 'text' },
      { key: 'customers', label: 'Buyers', type: 'count' },
      { key: 'orders', label: 'Orders', type: 'count' },
      { key: 'net_revenue', label: 'Net revenue', type: 'money' },
      { key: 'share', label: 'Share', type: 'share' },
      { key: 'aov', label: 'Order value', type: 'money' },
      { key: 'now', label: 'Last weeks', type: 'count' },
      { key: 'expected', label: 'Expected', type: 'count' },
      { key: 'change', label: 'Against it', type: 'change', polarity: 'none' },
      { key: 'called', label: 'Verdict', type: 'text' },
    ],
    rows: [
      ...shown.map(({ name, customers, orders, net_revenue, aov }) => {
        const place = judged.get(name);
        return {
          ...{ country: name, customers, orders, net_revenue: cents(net_revenue), share: ratio(net_revenue, year.net_revenue) },
          ...{ aov: aov?.value ?? null, now: place?.now ?? null, expected: place?.expected ?? null },
          change: place ? place.ratio - 1 : null,
          called: verdict(place),
        };
      }),
      ...(rest.length > 0
        ? [
            {
              ...{ country: prose`Other (${format.count(rest.length)})`, ...other, share: ratio(other.net_revenue, year.net_revenue) },
              ...{ aov: null, now: null, expected: null, change: null, called: 'too few' },
            },
          ]
        : []),
    ],
    total: {
      ...{ country: 'Total', ...sums(countries), share: year.net_revenue === 0 ? null : 1, aov: null, now: null, expected: null },
      ...{ change: null, called: null },
    },
    note: prose`Countries of fewer than ${format.count(leastOrders)} orders are pooled; those of fewer than ${format.count(leastExpected)} expected orders are not judged. Unconfirmed: differs from both spans of the base together, but not from each.`,
  };
}

function verdict(place: Growth | undefined): string {
  if (!place) return 'too few';
  return place.isCalled ? (place.ratio < 1 ? 'fades' : 'grows') : place.isUnconfirmed ? 'unconfirmed' : 'within chance';
}

function sums(places: readonly Place[]): { customers: number; orders: number; net_revenue: number } {
  return {
    customers: places.reduce((sum, { customers }) => sum + customers, 0),
    orders: places.reduce((sum, { orders }) => sum + orders, 0),
    net_revenue: cents(places.reduce((sum, { net_revenue }) => sum + net_revenue, 0)),
  };
}

function placeTable(regions: Regions, id: string, label: string, places: readonly Place[], growth: readonly Growth[] | null): Table {
  const { format, year, week } = regions;
  const judged = new Map(growth?.map((place) => [place.name, place]));
  const { top, rest } = pooled(places, named, (place) => judged.get(place.name)?.isCalled === true);
  const what = label.toLowerCase();
  const row = (place: string, list: readonly Place[], judgement?: Growth) => {
    const { customers, orders, net_revenue } = sums(list);
    return {
      ...{ place, customers, orders, net_revenue, share: ratio(net_revenue, year.net_revenue) },
      ...(growth
        ? { now: judgement?.now ?? null, expected: judgement?.expected ?? null, change: judgement ? judgement.ratio - 1 : null }
        : { worth: ratio(net_revenue, orders) }),
    };
  };
  const verdicts = (place: Growth | undefined) => (growth ? { called: verdict(place) } : {});
  const other = sums(rest);
  const lead = ratio(sums(top).net_revenue, year.net_revenue);
  return {
    id: `${id}-table`,
    title:
      top.length > 0
        ? prose`The ${format.count(top.length)} named of ${format.count(places.length)} ${id} bring ${format.share(lead)} of net revenue`
        : prose`No ${what} has ${format.count(leastOrders)} orders`,
    subtitle: growth
      ? prose`${yearSpan(regions)}; last weeks, against expectation: ${weeksSpan(format, week, spanWeeks)}`
      : prose`Buyers, orders and net revenue by ${what}, ${yearSpan(regions)}`,
    columns: [
      { key: 'place', label, type: 'text' },
      { key: 'customers', label: 'Buyers', type: 'count' },
      { key: 'orders', label: 'Orders', type: 'count' },
      { key: 'net_revenue', label: 'Net revenue', type: 'money' },
      { key: 'share', label: 'Share', type: 'share' },
      ...(growth
        ? ([
            { key: 'now', label: 'Last weeks', type: 'count' },
            { key: 'expected', label: 'Expected', type: 'count' },
            { key: 'change', label: 'Against it', type: 'change', polarity: 'none' },
            { key: 'called', label: 'Verdict', type: 'text' },
          ] as const)
        : ([{ key: 'worth', label: 'Net per order', type: 'money' }] as const)),
    ],
    rows: [
      ...top.map((place) => ({ ...row(place.name, [place], judged.get(place.name)), ...verdicts(judged.get(place.name)) })),
      ...(rest.length > 0 ? [{ ...row(prose`Other (${format.count(rest.length)})`, rest), ...(growth ? { called: null } : {}) }] : []),
    ],
    total: { ...row('Total', places), ...(growth ? { called: null } : {}) },
    ...(rest.length > 0
      ? {
          note: prose`Other pools ${format.count(other.orders)} orders, among them every ${what} of fewer than ${format.count(leastOrders)}.`,
        }
      : {}),
  };
}

function deliveryTable(regions: Regions): Table {
  const { format } = regions;
  const { centres, ordered, arrived } = regions.delivery!;
  const called = centres.filter(({ standing }) => standing !== 'usual').length;
  return {
    id: 'delivery',
    title: sentence(
      prose`${someOf(format, called, centres.length)} centres ${called === 1 ? 'differs' : 'differ'} from the others by ${format.unit(dayFloor, 'days')} or more`,
    ),
    subtitle: prose`Days by stage, orders of one centre alone, ordered ${deliverySpan(regions)}`,
    columns: [
      { key: 'centre', label: 'Centre', type: 'text' },
      { key: 'arrived', label: 'Arrived', type: 'count' },
      { key: 'ship', label: 'To hand-over', type: 'ratio' },
      { key: 'transit', label: 'In transit', type: 'ratio' },
      { key: 'total', label: 'In all', type: 'ratio' },
      { key: 'median', label: 'Median', type: 'ratio' },
      { key: 'median_low', label: 'From', type: 'ratio' },
      { key: 'median_high', label: 'To', type: 'ratio' },
      { key: 'slowest', label: 'Nine in ten', type: 'ratio' },
      { key: 'standing', label: 'Verdict', type: 'text' },
    ],
    rows: centres.map(({ name, arrived: n, mean, median, slowest, standing }) => ({
      ...{
        centre: name,
        arrived: n,
        ship: mean.ship?.value ?? null,
        transit: mean.transit?.value ?? null,
        total: mean.total?.value ?? null,
      },
      ...{
        median: median?.value ?? null,
        median_low: median?.low ?? null,
        median_high: median?.high ?? null,
        slowest: slowest?.value ?? null,
      },
      standing: standing,
    })),
    note: prose`${format.count(arrived)} of ${format.count(ordered)} orders have arrived. From and to are the ${percent(format, 0.95)} interval of the median by order statistics; times are cut to classes of ${format.word(3)} hours.`,
  };
}
