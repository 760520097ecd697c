import { benjaminiHochberg } from '#stats/multiple.ts';
import { compareProportions } from '#stats/proportion.ts';
import { cents, change, ratio, total } from '../shared/change.ts';
import type { BrandRow, CategoryWeek, ShopWeek } from './input.ts';
import type { Span, Spans } from './span.ts';

/** Expected share of false calls among those called. */
export const falseDiscovery = 0.05;
/** Orders of both spans together that a category or brand needs to be tested. */
export const leastOrders = 30;
/** Least relative change of the share of orders that is called. */
export const leastShift = 0.1;

export interface Sums {
  orders: number;
  units: number;
  gross: number;
  refunds: number;
  net: number;
  list: number | null;
  /** Net revenue less cost; null where a cost is unknown. */
  margin: number | null;
}

/** Whether the share of orders that hold it differs between two spans: independent of how the shop as a whole did. */
export interface ShareShift {
  before: number;
  after: number;
  difference: number;
  low: number;
  high: number;
  /** BH-adjusted over all that were tested. */
  p: number;
  n: number;
  isCalled: boolean;
}

export interface CategoryLine {
  category: string;
  now: Sums;
  prior: Sums | null;
  year: Sums | null;
  /** Change of net revenue on the span before; adds up to the shop's. */
  change: number | null;
  /** Relative, on the same weeks last year. */
  growth: number | null;
  shift: ShareShift | null;
}

/** Categories, largest change on the span before first; those without a sale or refund in any span are left out. */
export function categoryLines(weeks: readonly CategoryWeek[], shop: readonly ShopWeek[], spans: Spans): CategoryLine[] {
  const { now, prior, year } = spans;
  if (!now) return [];
  const lines = [...Map.groupBy(weeks, ({ category }) => category)].map(([category, rows]) => {
    const sums = { now: sumsOf(rows, now), prior: prior && sumsOf(rows, prior), year: year && sumsOf(rows, year) };
    return {
      category,
      ...sums,
      change: sums.prior && cents(sums.now.net - sums.prior.net),
      growth: sums.year && change(sums.now.net, sums.year.net),
      shift: null as ShareShift | null,
    };
  });
  const kept = lines.filter(({ now: n, prior: p }) => n.units > 0 || n.net !== 0 || (p !== null && (p.units > 0 || p.net !== 0)));
  const base = year ?? prior;
  if (base) {
    const orders = (span: Span) => total(inSpan(shop, span), (row) => row.orders);
    const shifts = shareShifts(
      kept.map((line) => ({ before: (line.year ?? line.prior)!.orders, after: line.now.orders })),
      { before: orders(base), after: orders(now) },
    );
    kept.forEach((line, i) => {
      line.shift = shifts[i]!;
    });
  }
  const size = ({ change: by, now: n }: CategoryLine) => Math.abs(by ?? n.net);
  return kept.toSorted((a, b) => size(b) - size(a) || (a.category < b.category ? -1 : 1));
}

/** Tests each share of orders; null for one with too few orders. */
function shareShifts(groups: readonly { before: number; after: number }[], shop: { before: number; after: number }): (ShareShift | null)[] {
  const tests = groups.map(({ before, after }) =>
    before + after < leastOrders
      ? null
      : compareProportions(
          { successes: Math.min(before, shop.before), n: shop.before },
          { successes: Math.min(after, shop.after), n: shop.after },
        ),
  );
  const adjusted = benjaminiHochberg(tests.map((test) => test?.p ?? null));
  return tests.map((test, i) => {
    if (!test) return null;
    const [before, after] = [ratio(groups[i]!.before, shop.before)!, ratio(groups[i]!.after, shop.after)!];
    const { difference, low, high } = test;
    const isCalled = adjusted[i]! <= falseDiscovery && Math.abs(difference) >= leastShift * before;
    return { before, after, difference, low, high, p: adjusted[i]!, n: groups[i]!.before + groups[i]!.after, isCalled };
  });
}

export interface BrandLine {
  brand: string;
  orders: number;
  units: number;
  now: number;
  prior: number;
  change: number;
  shift: ShareShift | null;
}

/** Brands, largest change on the span before first; the share of orders is tested on last year where the data reach, as for categories. */
export function brandLines(rows: readonly BrandRow[], shop: readonly ShopWeek[], { now, prior, year }: Spans): BrandLine[] {
  if (!now || !prior) return [];
  const orders = (span: Span) => total(inSpan(shop, span), (row) => row.orders);
  const shifts = shareShifts(
    rows.map((row) => ({ before: year ? row.orders_year : row.orders_prior, after: row.orders_now })),
    { before: orders(year ?? prior), after: orders(now) },
  );
  return rows
    .map((row, i) => ({
      brand: row.brand,
      orders: row.orders_now,
      units: row.units_now,
      now: row.net_now,
      prior: row.net_prior,
      change: cents(row.net_now - row.net_prior),
      shift: shifts[i]!,
    }))
    .toSorted((a, b) => Math.abs(b.change) - Math.abs(a.change) || (a.brand < b.brand ? -1 : 1));
}

function inSpan<T extends { week: string }>(rows: readonly T[], span: Span): T[] {
  return rows.filter(({ week }) => span.weeks.has(week));
}

function sumsOf(rows: readonly CategoryWeek[], span: Span): Sums {
  const own = inSpan(rows, span);
  const isCosted = own.every(({ net_cost }) => net_cost !== null);
  const net = cents(total(own, (row) => row.net_revenue));
  return {
    orders: total(own, (row) => row.orders),
    units: total(own, (row) => row.units),
    gross: cents(total(own, (row) => row.gross_amount)),
    refunds: cents(total(own, (row) => row.refund_amount)),
    net,
    list: own.some(({ units, list_amount }) => units > 0 && list_amount === null) ? null : cents(total(own, (row) => row.list_amount)),
    margin: isCosted ? cents(net - total(own, (row) => row.net_cost)) : null,
  };
}

/** Sums of all categories together. */
export function sumOf(sums: readonly Sums[]): Sums {
  const known = (pick: (s: Sums) => number | null) => (sums.some((s) => pick(s) === null) ? null : cents(total(sums, pick)));
  return {
    orders: total(sums, (s) => s.orders),
    units: total(sums, (s) => s.units),
    gross: cents(total(sums, (s) => s.gross)),
    refunds: cents(total(sums, (s) => s.refunds)),
    net: cents(total(sums, (s) => s.net)),
    list: known((s) => s.list),
    margin: known((s) => s.margin),
  };
}

/** Part of the list price that was not charged; null without a list price. */
export function discountOf({ gross, list }: Pick<Sums, 'gross' | 'list'>): number | null {
  const paid = ratio(gross, list);
  return paid === null ? null : 1 - paid;
}
