import { benjaminiHochberg } from '#stats/multiple.ts';
import { proportion, type Successes } from '#stats/proportion.ts';
import { type Shrunk, shrinkRates } from '#stats/shrink.ts';
import { cents, ratio, total } from '../shared/change.ts';
import { addWeeks, weeksAYear } from '../shared/day.ts';
import { falseDiscovery } from './category.ts';
import { exactAbove } from './exact.ts';
import type { CategoryDelivered, DeliveredWeek, Product } from './input.ts';
import { spanWeeks } from './span.ts';

/** Delivered pieces that a product or category needs to be tested, and to be listed. */
export const leastDelivered = { tested: 20, listed: 10 } as const;
/** Least distance above the rest that is called, as a share: five points. */
export const leastExcess = 0.05;

/** A product's or category's return rate against the rest of its category, or of the shop. */
export interface ReturnLine {
  id: string;
  /** Null for a category. */
  product: Product | null;
  category: string;
  /** Orders of the last 13 weeks where enough of them arrived, else all. */
  window: 'recent' | 'all';
  own: Successes;
  rest: Successes;
  rate: number;
  restRate: number | null;
  /** 95% interval of the rate as observed (Wilson). */
  low: number;
  high: number;
  shrunk: Shrunk;
  /** One-sided, BH-adjusted within its window; null where not tested. */
  p: number | null;
  isCalled: boolean;
  /** Of all its deliveries, whatever the window. */
  allRate: number | null;
}

export interface Returns {
  /** All items delivered of orders of the last 13 weeks; null where none arrived. */
  shop: { own: Successes; rate: number; low: number; high: number } | null;
  /** Highest shrunk rate first. */
  products: ReturnLine[];
  categories: ReturnLine[];
  /** Products and categories together. */
  tested: number;
  testedProducts: number;
  /** Products first, those with a recent excess before those judged by all orders. */
  called: ReturnLine[];
  shrinkage: { products: number | null; categories: number | null };
}

/** Judges products against the rest of their category, then categories (without the products called) against the rest of the shop. */
export function returnsOf(products: readonly Product[], categories: readonly CategoryDelivered[]): Returns {
  const sum = (pick: (row: CategoryDelivered) => number) => total(categories, pick);
  const recent = { successes: sum((row) => row.returned_13w), n: sum((row) => row.delivered_13w) };
  const rate = proportion(recent.successes, recent.n);
  const byCategory = new Map(categories.map((row) => [row.category, row]));
  const candidates = products.flatMap((product) => {
    const window = product.delivered_13w >= leastDelivered.tested ? ('recent' as const) : ('all' as const);
    const own = ownOf(product, window);
    const whole = byCategory.get(product.category);
    if (own.n < leastDelivered.listed || !whole) return [];
    return [
      {
        id: product.product_id,
        product,
        category: product.category,
        window,
        own,
        rest: without(wholeOf(whole, window), own),
        counted: own,
      },
    ];
  });
  const judgedProducts = judge(candidates);
  const faulty = judgedProducts.lines
    .filter(({ isCalled }) => isCalled)
    .toSorted((a, b) => Number(b.window === 'recent') - Number(a.window === 'recent'));
  const judgedCategories = judge(
    categories.flatMap((row) => {
      const own = wholeOf(row, 'recent');
      if (own.n < leastDelivered.tested) return [];
      const out = faulty.filter(({ category }) => category === row.category).map(({ product }) => ownOf(product!, 'recent'));
      const all = faulty.map(({ product }) => ownOf(product!, 'recent'));
      const counted = out.reduce(without, own);
      const rest = without(all.reduce(without, recent), counted);
      return [{ id: row.category, product: null, category: row.category, window: 'recent' as const, own, counted, rest }];
    }),
  );
  for (const line of judgedCategories.lines) {
    const row = byCategory.get(line.category)!;
    line.allRate = ratio(row.returned, row.delivered);
  }
  return {
    shop: rate && { own: recent, rate: rate.value, low: rate.low, high: rate.high },
    products: judgedProducts.lines,
    categories: judgedCategories.lines,
    tested: judgedProducts.tested + judgedCategories.tested,
    testedProducts: judgedProducts.tested,
    called: [...faulty, ...judgedCategories.lines.filter(({ isCalled }) => isCalled)],
    shrinkage: { products: judgedProducts.mean, categories: judgedCategories.mean },
  };
}

interface Candidate extends Pick<ReturnLine, 'id' | 'product' | 'category' | 'window' | 'own' | 'rest'> {
  /** What is tested, where it is not all of `own`. */
  counted: Successes;
}

function judge(candidates: readonly Candidate[]): { lines: ReturnLine[]; tested: number; mean: number | null } {
  const shrunk = shrinkRates(candidates.map(({ own }) => own));
  const p = candidates.map(({ counted, rest }) =>
    counted.n < leastDelivered.tested || rest.n < leastDelivered.tested ? null : exactAbove(counted, rest),
  );
  // Two families, chosen by deliveries alone: recent faults are not drowned by the many products judged by all their orders.
  const [recent, all] = (['recent', 'all'] as const).map((family) =>
    benjaminiHochberg(p.map((one, i) => (candidates[i]!.window === family ? one : null))),
  ) as [(number | null)[], (number | null)[]];
  const lines = candidates.map(({ counted, ...candidate }, i): ReturnLine => {
    const { own, rest, product } = candidate;
    const { value, low, high } = proportion(own.successes, own.n)!;
    const restRate = ratio(rest.successes, rest.n);
    const q = recent[i] ?? all[i] ?? null;
    const isCalled = q !== null && q <= falseDiscovery && restRate !== null && counted.successes / counted.n - restRate >= leastExcess;
    return {
      ...candidate,
      rate: value,
      restRate,
      low,
      high,
      shrunk: shrunk!.groups[i]!,
      p: q,
      isCalled,
      allRate: product && ratio(product.units_returned, product.units_delivered),
    };
  });
  lines.sort((a, b) => b.shrunk.value - a.shrunk.value || b.own.n - a.own.n || (a.id < b.id ? -1 : 1));
  return { lines, tested: p.filter((one) => one !== null).length, mean: shrunk?.mean ?? null };
}

const ownOf = (product: Product, window: ReturnLine['window']): Successes =>
  window === 'recent'
    ? { successes: product.returned_13w, n: product.delivered_13w }
    : { successes: product.units_returned, n: product.units_delivered };

const wholeOf = (row: CategoryDelivered, window: ReturnLine['window']): Successes =>
  window === 'recent' ? { successes: row.returned_13w, n: row.delivered_13w } : { successes: row.returned, n: row.delivered };

const without = (whole: Successes, part: Successes): Successes => {
  const n = Math.max(0, whole.n - part.n);
  return { successes: Math.min(n, Math.max(0, whole.successes - part.successes)), n };
};

/** Refunds a year above those at the rest's rate, at the pace of the window; with the interval of the rate. */
export function excessRefunds(line: ReturnLine, weeksAll: number): { value: number; low: number; high: number } | null {
  const { product, window, own, restRate } = line;
  if (!product || restRate === null) return null;
  const price = window === 'recent' ? ratio(product.gross_13w, product.units_13w) : ratio(product.gross_amount, product.units);
  const weeks = window === 'recent' ? spanWeeks : weeksAll;
  if (price === null || weeks <= 0) return null;
  const at = (rate: number) => cents(Math.max(0, rate - restRate) * own.n * (weeksAYear / weeks) * price);
  return { value: at(line.rate), low: at(line.low), high: at(line.high) };
}

/** Weeks in a block of the series of return rates, so that a block holds enough deliveries. */
export const blockWeeks = 4;

export interface Block {
  /** Monday of its first week. */
  week: string;
  own: Successes;
  rest: Successes;
}

/** A product and the rest of its category by blocks of four weeks of orders, oldest first, up to `week`; empty where not sent. */
export function returnBlocks(rows: readonly DeliveredWeek[], product: Product, week: string): Block[] {
  const own = rows.filter(({ product_id }) => product_id === product.product_id);
  const all = rows.filter(({ product_id, category }) => product_id === null && category === product.category);
  if (own.length === 0) return [];
  const sums = (list: readonly DeliveredWeek[], from: string, to: string): Successes => {
    const inside = list.filter((row) => row.week >= from && row.week <= to);
    return { successes: total(inside, (row) => row.returned), n: total(inside, (row) => row.delivered) };
  };
  return Array.from({ length: spanWeeks }, (_, i) => {
    const to = addWeeks(week, -blockWeeks * (spanWeeks - 1 - i));
    const from = addWeeks(to, 1 - blockWeeks);
    const mine = sums(own, from, to);
    return { week: from, own: mine, rest: without(sums(all, from, to), mine) };
  }).filter(({ own: mine, rest }) => mine.n > 0 || rest.n > 0);
}
