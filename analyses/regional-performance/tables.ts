import { prose } from '#contract/prose.ts';
import type { Table } from '#contract/table.ts';
import { cents, ratio } from '../shared/change.ts';
import { weeksSpan } from '../shared/day.ts';
import { dayFloor } from './delivery.ts';
import { pooled } from './figures.ts';
import { deliverySpan, noDelivery } from './figures-delivery.ts';
import { leastExpected } from './growth.ts';
import { leastOrders, type Place, type Regions, spanWeeks } from './regions.ts';

const named = 15;

export function regionTables(regions: Regions): Table[] {
  const delivery = noDelivery(regions) === null ? [deliveryTable(regions)] : [];
  return [
    countryTable(regions),
    placeTable(regions, 'states', 'State', regions.states),
    placeTable(regions, 'cities', 'City', regions.cities),
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
    title: prose`${called === 0 ? 'None' : format.count(called)} of ${format.count(growth.countries.length)} countries ${called === 1 ? 'differs' : 'differ'} from expectation beyond chance`,
    subtitle: prose`${yearSpan(regions)}; against expectation: ${weeksSpan(format, regions.week, spanWeeks)}`,
    columns: [
      { key: 'country', label: 'Country', type: 'text' },
      { key: 'customers', label: 'Buyers', type: 'count' },
      { key: 'orders', label: 'Orders', type: 'count' },
      { key: 'net_revenue', label: 'Net revenue', type: 'money' },
      { key: 'share', label: 'Share', type: 'share' },
      { key: 'aov', label: 'AOV', type: 'money' },
      { key: 'now', label: 'Orders, last span', type: 'count' },
      { key: 'expected', label: 'Expected', type: 'count' },
      { key: 'change', label: 'Against it', type: 'change', polarity: 'up' },
      { key: 'called', label: 'Verdict', type: 'text' },
    ],
    rows: [
      ...shown.map(({ name, customers, orders, net_revenue, aov }) => {
        const place = judged.get(name);
        return {
          ...{ country: name, customers, orders, net_revenue: cents(net_revenue), share: ratio(net_revenue, year.net_revenue) },
          ...{ aov: aov?.value ?? null, now: place?.now ?? null, expected: place?.expected ?? null },
          change: place ? place.ratio - 1 : null,
          called: place ? (place.isCalled ? 'beyond chance' : 'within chance') : 'too few',
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
    note: prose`Countries of fewer than ${format.count(leastOrders)} orders are pooled; those of fewer than ${format.count(leastExpected)} expected orders are not judged.`,
  };
}

function sums(places: readonly Place[]): { customers: number; orders: number; net_revenue: number } {
  return {
    customers: places.reduce((sum, { customers }) => sum + customers, 0),
    orders: places.reduce((sum, { orders }) => sum + orders, 0),
    net_revenue: cents(places.reduce((sum, { net_revenue }) => sum + net_revenue, 0)),
  };
}

function placeTable(regions: Regions, id: string, label: string, places: readonly Place[]): Table {
  const { format, year } = regions;
  const { top, rest } = pooled(places, named);
  const other = sums(rest);
  const lead = ratio(
    top.reduce((sum, { net_revenue }) => sum + net_revenue, 0),
    year.net_revenue,
  );
  const row = (place: string, list: readonly Place[]) => {
    const { customers, orders, net_revenue } = sums(list);
    return { place, customers, orders, net_revenue, share: ratio(net_revenue, year.net_revenue), worth: ratio(net_revenue, orders) };
  };
  return {
    id: `${id}-table`,
    title: prose`The ${format.count(top.length)} largest by ${label.toLowerCase()} bring ${format.share(lead)} of net revenue`,
    subtitle: prose`Buyers, orders and net revenue by ${label.toLowerCase()}, ${yearSpan(regions)}`,
    columns: [
      { key: 'place', label, type: 'text' },
      { key: 'customers', label: 'Buyers', type: 'count' },
      { key: 'orders', label: 'Orders', type: 'count' },
      { key: 'net_revenue', label: 'Net revenue', type: 'money' },
      { key: 'share', label: 'Share', type: 'share' },
      { key: 'worth', label: 'Net an order', type: 'money' },
    ],
    rows: [
      ...top.map((place) => row(place.name, [place])),
      ...(rest.length > 0 ? [row(prose`Other (${format.count(rest.length)})`, rest)] : []),
    ],
    total: row('Total', places),
    note: prose`Other pools ${format.count(other.orders)} orders, among them every ${label.toLowerCase()} of fewer than ${format.count(leastOrders)} orders.`,
  };
}

function deliveryTable(regions: Regions): Table {
  const { format } = regions;
  const { centres, ordered, arrived } = regions.delivery!;
  const called = centres.filter(({ standing }) => standing !== 'usual').length;
  return {
    id: 'delivery',
    title: prose`${called === 0 ? 'None' : format.count(called)} of ${format.count(centres.length)} centres ${called === 1 ? 'differs' : 'differ'} from the others by ${format.unit(dayFloor, 'days')} or more`,
    subtitle: prose`Days by stage, orders of one centre alone, ordered ${deliverySpan(regions)}`,
    columns: [
      { key: 'centre', label: 'Centre', type: 'text' },
      { key: 'arrived', label: 'Arrived', type: 'count' },
      { key: 'ship', label: 'To hand-over', type: 'days' },
      { key: 'transit', label: 'In transit', type: 'days' },
      { key: 'total', label: 'In all', type: 'days' },
      { key: 'median', label: 'Median', type: 'days' },
      { key: 'median_low', label: 'from', type: 'days' },
      { key: 'median_high', label: 'to', type: 'days' },
      { key: 'slowest', label: 'Nine in ten', type: 'days' },
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
      standing: standing === 'usual' ? 'as the others' : standing,
    })),
    note: prose`${format.count(arrived)} of ${format.count(ordered)} orders have arrived. From and to are the ${format.share(0.95)} interval of the median by order statistics; times are cut to classes of ${format.word(3)} hours.`,
  };
}
