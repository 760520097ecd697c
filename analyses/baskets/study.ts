import type { ColumnTable } from 'arquero';
import type { Context } from '#contract/analysis.ts';
import { rows } from '../shared/rows.ts';
import { type Bundle, bundles, type Take, weeksCovered } from './bundle.ts';
import { type Shared, sharedBaskets } from './chance.ts';
import { departments, groupMixing, type Mixing } from './groups.ts';
import type { BasketRow, ChanceRow, GroupRow, MeetingRow, PairRow, ProductRow, ShopRow } from './input.ts';
import { type Longer, longerRules } from './longer.ts';
import { type Pairs, type Power, powerOf, productPairs } from './pairs.ts';

/** Everything measured, once: what words, figures and tables are made from. */
export interface Study extends Pick<Context, 'format' | 'week' | 'asOf'> {
  shop: ShopRow;
  pairs: Pairs;
  longer: Longer;
  categories: Mixing;
  brands: Mixing;
  departments: ReturnType<typeof departments>;
  shared: Shared[];
  /** What two products of the mean number of baskets, and two of the best seller's, would need; of those in enough baskets for a pair. */
  power: { typical: Power | null; best: Power | null };
  take: Take;
  bundles: Bundle[];
  /** Called, and so in both halves of the period. */
  stable: Pairs['called'];
  weeks: number;
}

const nobody: ShopRow = {
  baskets: 0,
  baskets_first: 0,
  baskets_left_out: 0,
  baskets_several: 0,
  lines: 0,
  meetings_twice: 0,
  first_date: null,
  split_date: null,
  products: 0,
  products_frequent: 0,
  frequent_baskets: 0,
  most_baskets: null,
};

export function study(tables: Record<string, ColumnTable>, { format, week, asOf, params }: Context): Study {
  const shop = rows<ShopRow>(tables.shop)[0] ?? nobody;
  const least = Math.max(Number(params.least_baskets), Math.ceil(shop.baskets * Number(params.least_support)));
  const products = rows<ProductRow>(tables.products);
  const pairs = productPairs(shop, rows<PairRow>(tables.pairs), products, rows<MeetingRow>(tables.meetings), least);
  const groups = rows<GroupRow>(tables.groups);
  const take = { low: Number(params.take_low), middle: Number(params.take), high: Number(params.take_high) };
  const weeks = weeksCovered(shop.first_date, week);
  const stable = pairs.called.filter(({ stability }) => stability.isStable);
  const typical = shop.products_frequent > 0 ? Math.round(shop.frequent_baskets / shop.products_frequent) : 0;
  return {
    format,
    week,
    asOf,
    shop,
    pairs,
    longer: longerRules(shop, rows<BasketRow>(tables.baskets), products, least),
    categories: groupMixing(groups, 'category'),
    brands: groupMixing(groups, 'brand'),
    departments: departments(groups),
    shared: sharedBaskets(shop, rows<ChanceRow>(tables.chance)),
    power: { typical: powerOf(shop, typical, pairs.tested, least), best: powerOf(shop, shop.most_baskets ?? 0, pairs.tested, least) },
    take,
    bundles: bundles(stable, take, weeks),
    stable,
    weeks,
  };
}
