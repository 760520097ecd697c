import type { ColumnTable } from 'arquero';
import type { Estimate } from '#stats/estimate.ts';
import { quantileEstimate } from '#stats/mean.ts';
import { benjaminiHochberg } from '#stats/multiple.ts';
import { ratio, total } from '../shared/change.ts';
import { rows } from '../shared/rows.ts';
import { falseDiscovery } from './growth.ts';
import { added, type Difference, type Moments, meanEstimate, stratified, without } from './moments.ts';

export type Stage = 'ship' | 'transit' | 'total';

export interface Centre {
  name: string;
  /** Orders served by this centre alone, and those of them that have arrived. */
  ordered: number;
  arrived: number;
  /** Mean days by stage. */
  mean: Record<Stage, Estimate | null>;
  /** Days within which half and nine in ten of the orders that arrived did so. */
  median: Estimate | null;
  slowest: Estimate | null;
  /** Days from order to arrival against the other centres at equal destinations, and by stage. */
  difference: Record<Stage, Difference | null>;
  /** BH-adjusted over the centres. */
  p: number | null;
  standing: 'slow' | 'fast' | 'usual';
}

export interface Delivery {
  /** Slowest mean first; centres with enough orders. */
  centres: Centre[];
  ordered: number;
  arrived: number;
  /** By stage as the metric register defines it: items and sum of whole days. */
  stages: Record<Stage, { items: number; days: number }>;
  histogram: { days: number; orders: number }[];
  median: Estimate | null;
  slowest: Estimate | null;
  tested: number;
  /** Orders by centres that are too small to judge. */
  small: number;
}

/** A centre is called from this many days from the others on. */
export const dayFloor = 0.5;
export const leastArrived = 30;
/** Orders younger than this many weeks at the wall are left out, and orders older than so many more. */
export const deliveryWeeks = { young: 4, span: 26 };
const stages = ['ship', 'transit', 'total'] as const;

interface Parcels {
  centre: string;
  stage: Stage | 'ordered';
  hours: number;
  orders: number;
}

interface Destination {
  centre: string;
  country: string;
  stage: Stage;
  orders: number;
  hours: number;
  squares: number;
}

/** How fast each centre delivers, from the inputs `parcels`, `destinations` and `stages`. */
export function measureDelivery(tables: Record<string, ColumnTable>): Delivery {
  const parcels = rows<Parcels>(tables.parcels);
  const byCentre = Map.groupBy(parcels, ({ centre }) => centre);
  const destinations = rows<Destination>(tables.destinations);
  const all = [...byCentre].map(([name, list]) => describe(name, list, destinations));
  const judged = all.filter(({ arrived }) => arrived >= leastArrived);
  const adjusted = benjaminiHochberg(judged.map(({ difference }) => difference.total?.p ?? null));
  const centres = judged
    .map((centre, i): Centre => {
      const [p, by] = [adjusted[i] ?? null, centre.difference.total?.value ?? 0];
      const isCalled = p !== null && p <= falseDiscovery && Math.abs(by) >= dayFloor;
      return { ...centre, p, standing: isCalled ? (by > 0 ? 'slow' : 'fast') : 'usual' };
    })
    .sort((a, b) => (b.mean.total?.value ?? 0) - (a.mean.total?.value ?? 0) || (a.name < b.name ? -1 : 1));
  const arrivals = parcels.filter(({ stage }) => stage === 'total');
  const hours = expand(arrivals);
  const known = rows<{ stage: Stage; items: number; days: number }>(tables.stages);
  const of = (stage: Stage) => known.find((row) => row.stage === stage) ?? { items: 0, days: 0 };
  const byDay = Map.groupBy(arrivals, (row) => Math.floor(row.hours / 24));
  return {
    centres,
    ordered: total(all, ({ ordered }) => ordered),
    arrived: total(all, ({ arrived }) => arrived),
    stages: { ship: of('ship'), transit: of('transit'), total: of('total') },
    histogram: [...byDay].map(([days, list]) => ({ days, orders: total(list, ({ orders }) => orders) })).sort((a, b) => a.days - b.days),
    median: quantileEstimate(hours, 0.5),
    slowest: quantileEstimate(hours, 0.9),
    tested: adjusted.filter((p) => p !== null).length,
    small: total(
      all.filter(({ arrived }) => arrived < leastArrived),
      ({ arrived }) => arrived,
    ),
  };
}

function describe(name: string, list: Parcels[], destinations: Destination[]): Omit<Centre, 'p' | 'standing'> {
  const arrivals = list.filter(({ stage }) => stage === 'total');
  const days = expand(arrivals);
  const count = (stage: Parcels['stage']) => total(list, (row) => (row.stage === stage ? row.orders : 0));
  const mine = (stage: Stage) => destinations.filter((row) => row.centre === name && row.stage === stage);
  const mean = (stage: Stage) => meanEstimate(added(mine(stage).map(inDays)));
  return {
    name,
    ordered: count('ordered'),
    arrived: count('total'),
    mean: { ship: mean('ship'), transit: mean('transit'), total: mean('total') },
    median: quantileEstimate(days, 0.5),
    slowest: quantileEstimate(days, 0.9),
    difference: Object.fromEntries(stages.map((stage) => [stage, against(name, stage, destinations)])) as Centre['difference'],
  };
}

function against(name: string, stage: Stage, destinations: Destination[]): Difference | null {
  const byCountry = Map.groupBy(
    destinations.filter((row) => row.stage === stage),
    ({ country }) => country,
  );
  return stratified(
    [...byCountry.values()].flatMap((list) => {
      const own = list.filter((row) => row.centre === name);
      const group = added(own.map(inDays));
      return own.length > 0 ? [{ group, rest: without(added(list.map(inDays)), group) }] : [];
    }),
  );
}

/** Whole hours as days, each taken at the middle of its hour. */
function inDays({ orders: n, hours, squares }: Destination): Moments {
  return { n, sum: (hours + n / 2) / 24, squares: (squares + hours + n / 4) / 576 };
}

/** Days of every order, each taken at the middle of its class of three hours. */
function expand(list: Parcels[]): Float64Array {
  const values = new Float64Array(total(list, ({ orders }) => orders));
  let at = 0;
  for (const { hours, orders } of list) {
    values.fill((hours + 1.5) / 24, at, at + orders);
    at += orders;
  }
  return values;
}

/** Share of the orders that have arrived; null for none. */
export function arrivedShare({ arrived, ordered }: { arrived: number; ordered: number }): number | null {
  return ratio(arrived, ordered);
}
