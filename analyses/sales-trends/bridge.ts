import { contributions, factorBridge, priceVolumeMix } from '#stats/bridge.ts';
import { cents, centsThatAdd, ratio, total } from '../shared/change.ts';
import type { KpiWeek } from '../shared/kpi.ts';
import type { Pair } from './pair.ts';

export type Dimension = 'category' | 'country' | 'source' | 'customer_type';

export interface SegmentWeek {
  week: string;
  dimension: Dimension;
  value: string | null;
  orders: number;
  units: number;
  gross_amount: number;
  refund_amount: number;
  net_revenue: number;
  list_amount: number | null;
}

export type StepId = 'volume' | 'mix' | 'choice' | 'price' | 'refunds' | 'other';

interface Step {
  id: StepId;
  label: string;
  value: number;
}

/** The change of net revenue between two spans, in steps that add up to it. */
export interface Bridge {
  pair: Pair;
  before: number;
  after: number;
  change: number;
  steps: Step[];
  /** The change of gross sales, by orders, units an order and value a unit; adds up to it. */
  factors: { orders: number; unitsPerOrder: number; unitValue: number; aov: number; gross: number } | null;
  orders: { before: number; after: number };
  hasListPrices: boolean;
}

/** Rows of each segment, in order of dimension and value. Returning customers mirror new ones: leave them out with `mirrored` false. */
export function bySegment(
  segments: readonly SegmentWeek[],
  { mirrored = true } = {},
): { dimension: Dimension; value: string; rows: SegmentWeek[] }[] {
  const result: { dimension: Dimension; value: string; rows: SegmentWeek[] }[] = [];
  for (const [dimension, list] of Map.groupBy(segments, (row) => row.dimension)) {
    for (const [value, rows] of Map.groupBy(list, (row) => row.value ?? unknownSegment)) {
      if (mirrored || dimension !== 'customer_type' || value === 'new') result.push({ dimension, value, rows });
    }
  }
  const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  return result.sort((a, b) => order(a.dimension, b.dimension) || order(a.value, b.value));
}

/** Name of a missing segment value. */
const unknownSegment = 'Unknown';

const labels: Record<StepId, string> = {
  volume: 'Units sold',
  mix: 'Mix of categories',
  choice: 'Products chosen',
  price: 'Price against list',
  refunds: 'Refunds',
  other: 'Not assigned',
};

interface Sums {
  orders: number;
  units: number;
  gross: number;
  refunds: number;
  net: number;
  list: number | null;
}

/**
 * Volume, mix and price by category at midpoint weights (see `priceVolumeMix`), price split once more, exactly, into the price paid
 * against the list price and the choice of dearer or cheaper products; refunds as a step of their own. `other` holds what the
 * categories do not account for; it is 0 while the mart reconciles.
 */
export function bridge(pair: Pair, segments: readonly SegmentWeek[], weeks: readonly KpiWeek[]): Bridge {
  const byCategory = [...sumsBy(segments, 'category', pair)];
  const parts = priceVolumeMix(
    byCategory.map(([segment, { before, after }]) => ({
      segment,
      unitsBefore: before.units,
      unitsAfter: after.units,
      valueBefore: before.gross,
      valueAfter: after.gross,
    })),
  );
  let price = 0;
  let hasListPrices = false;
  for (const [, { before, after }] of byCategory) {
    const [paidBefore, paidAfter] = [ratio(before.gross, before.list), ratio(after.gross, after.list)];
    if (before.units <= 0 || after.units <= 0 || paidBefore === null || paidAfter === null) continue;
    hasListPrices = true;
    const list = (before.list! / before.units + after.list! / after.units) / 2;
    price += ((before.units + after.units) / 2) * list * (paidAfter - paidBefore);
  }
  const kpi = { before: kpiSums(weeks, pair.before), after: kpiSums(weeks, pair.after) };
  const change = kpi.after.net - kpi.before.net;
  const known: [StepId, number][] = [
    ['volume', parts.volume],
    ['mix', parts.mix + parts.gained + parts.lost],
    ['choice', parts.price - price],
    ['price', price],
    ['refunds', kpi.before.refunds - kpi.after.refunds],
  ];
  const rest = change - known.reduce((sum, [, value]) => sum + value, 0);
  const raw = [...known, ...(Math.abs(rest) >= 0.005 ? [['other', rest] as [StepId, number]] : [])];
  const rounded = centsThatAdd(
    raw.map(([, value]) => value),
    change,
  );
  const steps = raw.map(([id], i): [StepId, number] => [id, rounded[i]!]);
  return {
    pair,
    before: cents(kpi.before.net),
    after: cents(kpi.after.net),
    change: cents(change),
    steps: steps
      .filter(([id, value]) => hasListPrices || id !== 'price' || value !== 0)
      .map(([id, value]) => ({ id, label: id === 'choice' && !hasListPrices ? 'Value per unit' : labels[id], value })),
    factors: factors(kpi.before, kpi.after),
    orders: { before: kpi.before.orders, after: kpi.after.orders },
    hasListPrices,
  };
}

function factors(before: Sums, after: Sums): Bridge['factors'] {
  const of = (sums: Sums) => ({
    orders: sums.orders,
    unitsPerOrder: ratio(sums.units, sums.orders) ?? 0,
    unitValue: ratio(sums.gross, sums.units) ?? 0,
  });
  const { parts, change } = factorBridge(of(before), of(after));
  const [orders, unitsPerOrder, unitValue] = centsThatAdd(
    parts.map((part) => part.change),
    change,
  ) as [number, number, number];
  return { orders, unitsPerOrder, unitValue, aov: cents(unitsPerOrder + unitValue), gross: cents(change) };
}

/** What one value of a dimension adds to the change of net revenue. */
export interface Contribution {
  dimension: Dimension;
  value: string;
  orders: number;
  before: number;
  after: number;
  change: number;
  growth: number | null;
  /** Values pooled into this line; 0 for a value of its own. */
  pooled: number;
}

/**
 * Contributions of a dimension, the largest change (either way) first; values with fewer than `least` orders over both spans are
 * pooled at the end. Changes add up to the change of the shop.
 */
export function contributionsOf(dimension: Dimension, pair: Pair, segments: readonly SegmentWeek[], least = 10): Contribution[] {
  const lines = [...sumsBy(segments, dimension, pair)].map(([value, { before, after }]) => ({
    value,
    orders: before.orders + after.orders,
    before: cents(before.net),
    after: cents(after.net),
  }));
  const small = lines.filter(({ orders }) => orders < least);
  const large = lines.filter(({ orders }) => orders >= least);
  const pooled = pool(dimension, small);
  const known = contributions(large.map(({ value, before, after }) => ({ group: value, before, after })));
  return [
    ...known.groups
      .map(({ group, before, after, change, growth }, i) => ({
        dimension,
        value: group,
        orders: large[i]!.orders,
        before,
        after,
        change: cents(change),
        growth,
        pooled: 0,
      }))
      .sort((a, b) => Math.abs(b.change) - Math.abs(a.change) || (a.value < b.value ? -1 : 1)),
    ...(pooled ? [pooled] : []),
  ];
}

/** The first `top` contributions and one line for the rest. */
export function shortened(list: readonly Contribution[], top: number): Contribution[] {
  const own = list.filter(({ pooled }) => pooled === 0);
  if (own.length <= top + 1) return [...list];
  const rest = [...own.slice(top), ...list.filter(({ pooled }) => pooled > 0)];
  const pooled = pool(own[0]!.dimension, rest);
  return pooled ? [...own.slice(0, top), pooled] : [...own];
}

function pool(
  dimension: Dimension,
  lines: readonly (Pick<Contribution, 'orders' | 'before' | 'after'> & { pooled?: number })[],
): Contribution | null {
  if (lines.length === 0) return null;
  const before = cents(total(lines, (line) => line.before));
  const after = cents(total(lines, (line) => line.after));
  return {
    dimension,
    value: 'All other',
    orders: total(lines, (line) => line.orders),
    before,
    after,
    change: cents(after - before),
    growth: before > 0 ? (after - before) / before : null,
    pooled: total(lines, (line) => line.pooled || 1),
  };
}

function sumsBy(segments: readonly SegmentWeek[], dimension: Dimension, pair: Pair): Map<string, { before: Sums; after: Sums }> {
  const [before, after] = [new Set(pair.before), new Set(pair.after)];
  const result = new Map<string, { before: Sums; after: Sums }>();
  for (const row of segments) {
    if (row.dimension !== dimension) continue;
    const side = after.has(row.week) ? 'after' : before.has(row.week) ? 'before' : null;
    if (!side) continue;
    const name = row.value ?? unknownSegment;
    const entry = result.get(name) ?? { before: none(), after: none() };
    add(entry[side], row);
    result.set(name, entry);
  }
  return new Map([...result].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

function kpiSums(weeks: readonly KpiWeek[], span: readonly string[]): Sums {
  const sums = none();
  for (const row of weeks) if (span.includes(row.week)) add(sums, { ...row, list_amount: null });
  return sums;
}

function none(): Sums {
  return { orders: 0, units: 0, gross: 0, refunds: 0, net: 0, list: 0 };
}

function add(
  sums: Sums,
  row: Pick<SegmentWeek, 'orders' | 'units' | 'gross_amount' | 'refund_amount' | 'net_revenue' | 'list_amount'>,
): void {
  sums.orders += row.orders;
  sums.units += row.units;
  sums.gross += row.gross_amount;
  sums.refunds += row.refund_amount;
  sums.net += row.net_revenue;
  if (row.units > 0) sums.list = sums.list === null || row.list_amount === null ? null : sums.list + row.list_amount;
}
