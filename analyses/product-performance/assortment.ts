import type { ColumnTable } from 'arquero';
import type { Context } from '#contract/analysis.ts';
import type { Formatter } from '#contract/format.ts';
import type { Capability } from '#contract/shop.ts';
import { type RatioBridge, ratioBridge } from '#stats/bridge.ts';
import { total } from '../shared/change.ts';
import { completeWeeks } from '../shared/metric.ts';
import { rows } from '../shared/rows.ts';
import { type BrandLine, brandLines, type CategoryLine, categoryLines, type Sums, sumOf } from './category.ts';
import { type Episodes, episodes } from './episode.ts';
import type {
  BrandRow,
  Catalogue,
  CategoryDelivered,
  CategoryViews,
  CategoryWeek,
  DeliveredWeek,
  ParetoStep,
  Product,
  ShopWeek,
  StockBand,
} from './input.ts';
import { launchDay, launches, type Moves, movesOf, type Views, viewsOf } from './product.ts';
import { type Block, type ReturnLine, type Returns, returnBlocks, returnsOf } from './returned.ts';
import { type Spans, spans } from './span.ts';
import { type Spread, type StockLine, spreadOf, stockLines } from './spread.ts';

/** Everything measured, once: what words, figures and tables are made from. */
export interface Assortment {
  format: Formatter;
  week: string;
  asOf: string;
  has: (capability: Capability) => boolean;
  /** Complete weeks of the shop, oldest first. */
  weeks: ShopWeek[];
  spans: Spans;
  /** The shop in each span: of weekly totals, so that 'other' can reconcile with it. */
  shop: { now: ShopSums | null; prior: ShopSums | null; year: ShopSums | null };
  categories: CategoryLine[];
  /** All categories together. */
  whole: { now: Sums; prior: Sums | null; year: Sums | null } | null;
  brands: BrandLine[];
  margin: RatioBridge | null;
  episodes: Episodes;
  returns: Returns;
  /** The product with the highest stake among those called, and its course. */
  faulty: { line: ReturnLine; blocks: Block[] } | null;
  catalogue: Catalogue | null;
  moves: Moves;
  launched: Product[] | null;
  views: Views;
  spread: Spread | null;
  stock: StockLine[];
}

export interface ShopSums {
  orders: number;
  units: number;
  gross: number;
  net: number;
}

export function measure(tables: Record<string, ColumnTable>, { week, asOf, format, shop }: Context): Assortment {
  const weeks = completeWeeks(rows<ShopWeek>(tables.weeks), week);
  const found = spans(new Set(weeks.map((row) => row.week)), week, format);
  const byWeek = rows<CategoryWeek>(tables.categories);
  const products = rows<Product>(tables.products);
  const catalogue = rows<Catalogue>(tables.catalogue)[0] ?? null;
  const categories = categoryLines(byWeek, weeks, found);
  const sums = { now: shopSums(weeks, found.now), prior: shopSums(weeks, found.prior), year: shopSums(weeks, found.year) };
  const returns = returnsOf(products, rows<CategoryDelivered>(tables.delivered));
  const worst = returns.called.find(({ product }) => product !== null) ?? null;
  const firstWeek = weeks[0]?.week ?? null;
  return {
    format,
    week,
    asOf,
    has: (capability) => shop.capabilities.includes(capability),
    weeks,
    spans: found,
    shop: sums,
    categories,
    whole:
      categories.length > 0
        ? {
            now: sumOf(categories.map(({ now }) => now)),
            prior: found.prior && sumOf(categories.map(({ prior }) => prior!)),
            year: found.year && sumOf(categories.map(({ year }) => year!)),
          }
        : null,
    brands: brandLines(rows<BrandRow>(tables.brands), weeks, found),
    margin: marginBridge(categories),
    episodes: episodes(
      byWeek.filter((row) => row.week <= week),
      weeks,
      found.now,
      format,
    ),
    returns,
    faulty: worst && { line: worst, blocks: returnBlocks(rows<DeliveredWeek>(tables.returns), worst.product!, week) },
    catalogue,
    moves: movesOf(
      sums.now && sums.prior ? products : [],
      new Map(categories.map((line) => [line.category, { now: line.now.units, prior: line.prior?.units ?? 0 }])),
      launchDay(asOf, firstWeek),
    ),
    launched: launches(products, asOf, firstWeek),
    views: viewsOf(products, rows<CategoryViews>(tables.views)),
    spread: spreadOf(rows<ParetoStep>(tables.pareto), catalogue),
    stock: stockLines(rows<StockBand>(tables.stock)),
  };
}

function shopSums(weeks: readonly ShopWeek[], span: Spans['now']): ShopSums | null {
  if (!span) return null;
  const own = weeks.filter(({ week }) => span.weeks.has(week));
  return {
    orders: total(own, (row) => row.orders),
    units: total(own, (row) => row.units),
    gross: total(own, (row) => row.gross_amount),
    net: total(own, (row) => row.net_revenue),
  };
}

/** Change of the gross margin share, by category; null where a cost or a span is missing, or a category's refunds exceed its sales. */
function marginBridge(categories: readonly CategoryLine[]): RatioBridge | null {
  const groups = categories.flatMap(({ category, now, prior }) => {
    if (!prior || now.margin === null || prior.margin === null) return [];
    const group = {
      group: category,
      numeratorBefore: prior.margin,
      denominatorBefore: prior.net,
      numeratorAfter: now.margin,
      denominatorAfter: now.net,
    };
    const isRatio = (top: number, bottom: number) => bottom > 0 || (bottom === 0 && top === 0);
    return isRatio(prior.margin, prior.net) && isRatio(now.margin, now.net) ? [group] : [];
  });
  return groups.length > 0 && groups.length === categories.length ? ratioBridge(groups) : null;
}
