import { benjaminiHochberg } from '#stats/multiple.ts';
import { proportion, type Successes } from '#stats/proportion.ts';
import { compareRates } from '#stats/rate.ts';
import { type Shrunk, shrinkRates } from '#stats/shrink.ts';
import { cents, ratio, total } from '../shared/change.ts';
import { addDays } from '../shared/day.ts';
import { falseDiscovery } from './category.ts';
import { exactBelow } from './exact.ts';
import type { CategoryViews, Product } from './input.ts';

/** Units of both spans together that a product needs to be tested for a change. */
export const leastSold = 20;
/** Least factor, up or down, by which a product's units changed against its category's to be called. */
export const leastFactor = 1.5;
/** Lines of the lists of products. */
export const shownProducts = 10;

export interface Move {
  product: Product;
  change: number;
  units: number;
  /** BH-adjusted; null where not tested. */
  p: number | null;
  /** Factor of units against the rest of its category; null without units before. */
  factor: number | null;
  isCalled: boolean;
  isNew: boolean;
}

export interface Moves {
  risen: Move[];
  fallen: Move[];
  tested: number;
  called: Move[];
}

/** Products by the change of their net revenue between the two spans; units are tested against the change of the rest of the category, so that its season is out. */
export function movesOf(
  products: readonly Product[],
  categories: ReadonlyMap<string, { now: number; prior: number }>,
  launchedSince: string | null,
): Moves {
  const tests = products.map(({ category, units_13w: now, units_prior_13w: prior }) => {
    const whole = categories.get(category);
    if (!whole || now + prior < leastSold) return null;
    const rest = { now: Math.max(0, whole.now - now), prior: Math.max(0, whole.prior - prior) };
    return compareRates({ count: prior, exposure: rest.prior }, { count: now, exposure: rest.now });
  });
  const adjusted = benjaminiHochberg(tests.map((test) => test?.p ?? null));
  const moves = products.map((product, i): Move => {
    const factor = tests[i]?.ratio ?? null;
    const size = factor === null ? Number.POSITIVE_INFINITY : factor;
    return {
      product,
      change: cents(product.net_revenue_13w - product.net_revenue_prior_13w),
      units: product.units_13w + product.units_prior_13w,
      p: adjusted[i]!,
      factor,
      isCalled: adjusted[i] !== null && adjusted[i]! <= falseDiscovery && (size >= leastFactor || size <= 1 / leastFactor),
      isNew: isLaunched(product, launchedSince),
    };
  });
  const order = moves.toSorted((a, b) => b.change - a.change || (a.product.product_id < b.product.product_id ? -1 : 1));
  return {
    risen: order.filter(({ change }) => change > 0).slice(0, shownProducts),
    fallen: order
      .filter(({ change }) => change < 0)
      .slice(-shownProducts)
      .reverse(),
    tested: tests.filter((test) => test !== null).length,
    called: moves.filter(({ isCalled }) => isCalled).toSorted((a, b) => Math.abs(b.change) - Math.abs(a.change) || a.p! - b.p!),
  };
}

/** Days before the as-of date in which a first sale makes a product new, and the units that it then needs. */
export const launch = { days: 182, units: 10 } as const;

function isLaunched(product: Product, since: string | null): boolean {
  return since !== null && product.first_sale_date !== null && product.first_sale_date > since && product.units >= launch.units;
}

/**
 * Products first sold within the last half year that sold enough since to be told from slow sellers; null where the data are younger
 * than a year, as all would look new.
 */
export function launches(products: readonly Product[], asOf: string, firstWeek: string | null): Product[] | null {
  const since = launchDay(asOf, firstWeek);
  if (since === null) return null;
  return products
    .filter((product) => isLaunched(product, since))
    .toSorted((a, b) => b.net_revenue - a.net_revenue || (a.product_id < b.product_id ? -1 : 1));
}

export function launchDay(asOf: string, firstWeek: string | null): string | null {
  const since = addDays(asOf, -launch.days);
  return firstWeek !== null && firstWeek <= addDays(since, -launch.days) ? since : null;
}

/** Sessions that a product needs to be judged by its conversion. */
export const leastViews = 50;
/** Least part of the rest's conversion that is missing to be called. */
export const leastGap = 0.5;

export interface ViewLine {
  product: Product;
  own: Successes;
  rate: number;
  restRate: number;
  low: number;
  high: number;
  shrunk: Shrunk;
  p: number;
  isCalled: boolean;
}

export interface Views {
  tested: number;
  /** Lowest shrunk conversion first. */
  lines: ViewLine[];
  called: ViewLine[];
}

/** Products seen often, by their shrunk share of viewing sessions that buy, against the rest of their category. */
export function viewsOf(products: readonly Product[], categories: readonly CategoryViews[]): Views {
  const byCategory = new Map(categories.map((row) => [row.category, row]));
  const seen = products.filter(({ view_sessions }) => view_sessions >= leastViews);
  const own = seen.map(({ purchase_sessions, view_sessions }) => ({
    successes: Math.min(purchase_sessions, view_sessions),
    n: view_sessions,
  }));
  const rest = own.map(({ successes, n }, i) => {
    const whole = byCategory.get(seen[i]!.category);
    const left = Math.max(0, (whole?.view_sessions ?? 0) - n);
    return { successes: Math.min(left, Math.max(0, (whole?.purchase_sessions ?? 0) - successes)), n: left };
  });
  const shrunk = shrinkRates(own);
  const adjusted = benjaminiHochberg(own.map((one, i) => (rest[i]!.n > 0 ? exactBelow(one, rest[i]!) : null)));
  const lines = seen.flatMap((product, i): ViewLine[] => {
    const restRate = ratio(rest[i]!.successes, rest[i]!.n);
    const p = adjusted[i]!;
    if (restRate === null || p === null) return [];
    const { value, low, high } = proportion(own[i]!.successes, own[i]!.n)!;
    const isCalled = p <= falseDiscovery && value <= (1 - leastGap) * restRate;
    return [{ product, own: own[i]!, rate: value, restRate, low, high, shrunk: shrunk!.groups[i]!, p, isCalled }];
  });
  lines.sort((a, b) => a.shrunk.value - b.shrunk.value || (a.product.product_id < b.product.product_id ? -1 : 1));
  return { tested: lines.length, lines, called: lines.filter(({ isCalled }) => isCalled) };
}

/** Profit a year that the missing purchases of a product would bring at the rest's conversion; null without a profit a unit. */
export function missedProfit({ product, own, rate, restRate, low, high }: ViewLine, years: number) {
  const unit = product.profit === null ? null : ratio(product.profit, product.units);
  if (unit === null || !(unit > 0) || !(years > 0)) return null;
  const at = (share: number) => cents((Math.max(0, restRate - share) * own.n * unit) / years);
  return { value: at(rate), low: at(high), high: at(low) };
}

/** Net revenue of the products listed, and of all others, so that they add up to the shop's. */
export function restOf(listed: readonly Move[], shop: { now: number; prior: number }): { now: number; prior: number; change: number } {
  const now = cents(shop.now - total(listed, ({ product }) => product.net_revenue_13w));
  const prior = cents(shop.prior - total(listed, ({ product }) => product.net_revenue_prior_13w));
  return { now, prior, change: cents(now - prior) };
}

/** A product's name for a sentence: without control characters, not longer than a line. */
export function nameOf({ name }: Pick<Product, 'name'>): string {
  const plain = name
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const letters = [...plain];
  return letters.length > 60 ? `${letters.slice(0, 59).join('').trimEnd()}…` : plain || 'Unnamed product';
}
