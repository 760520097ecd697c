import type { Formatter } from '#contract/format.ts';
import { normalQuantile, normalTwoSided } from '#stats/distribution.ts';
import { benjaminiHochberg } from '#stats/multiple.ts';
import { cents, ratio, total } from '../shared/change.ts';
import { addWeeks } from '../shared/day.ts';
import { expectation, type Point, signalLevel } from '../shared/expected.ts';
import { falseDiscovery } from './category.ts';
import type { CategoryWeek, ShopWeek } from './input.ts';
import type { Span } from './span.ts';

/** Units a week that a category needs on average to be judged by week. */
export const leastUnits = 10;
/** Least departure that is called: relative to the expected share of units, and in points of discount. */
export const leastEffect = { share: 0.25, discount: 0.05 } as const;

export type Measure = keyof typeof leastEffect;

/** Weeks in a row in which a category left its expected range on one side. */
export interface Episode {
  category: string;
  measure: Measure;
  direction: 'above' | 'below';
  /** Mondays, oldest first. */
  weeks: string[];
  /** Smallest adjusted p of its weeks. */
  p: number;
  /** Of these weeks together; `expected`, `low`, `high` are means of the weeks' own. */
  value: number;
  expected: number;
  low: number;
  high: number;
  units: number;
  shopUnits: number;
  list: number;
}

/** Weeks of a discount deeper than expected, and the category's share of units in them. */
export interface Promotion {
  category: string;
  weeks: string[];
  discount: Episode;
  /** Over these weeks together; p is adjusted over all such discounts. */
  share: { value: number; expected: number; low: number; high: number; units: number; shopUnits: number; p: number; isCalled: boolean };
  /** Units above the expected share; below zero where fewer were sold. */
  extraUnits: number;
  /** Discount given beyond the usual depth, money, and its range. */
  given: { value: number; low: number; high: number };
}

export interface CategorySeries {
  category: string;
  share: Point[];
  discount: Point[];
  /** How far its weeks left the expected share of units, to choose one to show: smallest p of the span. */
  least: number;
}

export interface Episodes {
  tested: number;
  /** Weeks called. */
  called: number;
  list: Episode[];
  promotions: Promotion[];
  series: CategorySeries[];
}

/**
 * Judges each category's share of units and its discount in each week of the span against its own expected range, made from earlier
 * weeks; p-values adjusted over all of them. A week is called from a least effect upwards.
 */
export function episodes(rows: readonly CategoryWeek[], shop: readonly ShopWeek[], span: Span | null, format: Formatter): Episodes {
  if (!span) return { tested: 0, called: 0, list: [], promotions: [], series: [] };
  const oldest = firstOf(rows);
  const weeks = shop.filter(({ week }) => week >= oldest);
  const units = new Map(weeks.map((row) => [row.week, row.units]));
  const byCategory = Map.groupBy(rows, ({ category }) => category);
  const series: CategorySeries[] = [];
  for (const [category, own] of byCategory) {
    const byWeek = new Map(own.map((row) => [row.week, row]));
    const recent = total([...span.weeks], (week) => byWeek.get(week)?.units ?? 0);
    if (recent / span.weeks.size < leastUnits) continue;
    const first = firstOf(own);
    const known = weeks.filter(({ week }) => week >= first);
    const share = known.map(({ week, units: all }) => ({ date: week, value: ratio(byWeek.get(week)?.units ?? 0, all) }));
    const discount = known.map(({ week }) => ({ date: week, value: depth(byWeek.get(week)) }));
    series.push({
      category,
      share: expectation(share, 'share', format).points,
      discount: expectation(discount, 'share', format).points,
      least: 1,
    });
  }
  const judged = series.flatMap((one) =>
    (['share', 'discount'] as const).flatMap((measure) =>
      one[measure].filter(({ date, p }) => span.weeks.has(date) && p !== null).map((point) => ({ category: one.category, measure, point })),
    ),
  );
  for (const one of series) one.least = Math.min(1, ...one.share.filter(({ date }) => span.weeks.has(date)).map(({ p }) => p ?? 1));
  const adjusted = benjaminiHochberg(judged.map(({ point }) => point.p));
  const called = judged
    .map((one, i) => ({ ...one, p: adjusted[i]! }))
    .filter(({ p, point, measure }) => {
      const gap = Math.abs(point.value! - point.expected!);
      const floor = measure === 'share' ? leastEffect.share * point.expected! : leastEffect.discount;
      return p <= falseDiscovery && gap >= floor && (point.standing === 'above' || point.standing === 'below');
    });
  const list = joined(called, byCategory, units);
  const promotions = promotionsOf(list, series, byCategory, units);
  return {
    tested: judged.length + promotions.length,
    called: called.length + promotions.filter(({ share }) => share.isCalled).length,
    list,
    promotions,
    series,
  };
}

function firstOf(rows: readonly CategoryWeek[]): string {
  return rows.map(({ week }) => week).toSorted()[0] ?? '';
}

function depth(row: CategoryWeek | undefined): number | null {
  const paid = row ? ratio(row.gross_amount, row.list_amount) : null;
  return paid === null ? null : 1 - paid;
}

interface Call {
  category: string;
  measure: Measure;
  point: Point;
  p: number;
}

function joined(calls: readonly Call[], rows: Map<string, CategoryWeek[]>, units: Map<string, number>): Episode[] {
  const runs = [...Map.groupBy(calls, ({ category, measure, point }) => `${measure} ${point.standing} ${category}`).values()].flatMap(
    (group) => {
      const parts: Call[][] = [];
      for (const call of group.toSorted((a, b) => (a.point.date < b.point.date ? -1 : 1))) {
        const last = parts.at(-1);
        if (last && addWeeks(last.at(-1)!.point.date, 1) === call.point.date) last.push(call);
        else parts.push([call]);
      }
      return parts;
    },
  );
  return runs
    .map((run): Episode => {
      const { category, measure, point } = run[0]!;
      const weeks = run.map((call) => call.point.date);
      const own = rows.get(category)!.filter(({ week }) => weeks.includes(week));
      const [sold, all] = [total(own, (row) => row.units), total(weeks, (week) => units.get(week) ?? 0)];
      const [gross, list] = [total(own, (row) => row.gross_amount), total(own, (row) => row.list_amount)];
      const mean = (pick: (p: Point) => number | null) => total(run, (call) => pick(call.point)) / run.length;
      return {
        category,
        measure,
        direction: point.standing as 'above' | 'below',
        weeks,
        p: Math.min(...run.map(({ p }) => p)),
        value: (measure === 'share' ? ratio(sold, all) : 1 - (ratio(gross, list) ?? 1)) ?? 0,
        expected: mean((p) => p.expected),
        low: mean((p) => p.low),
        high: mean((p) => p.high),
        units: sold,
        shopUnits: all,
        list: cents(list),
      };
    })
    .toSorted((a, b) => a.p - b.p || (a.category + a.measure + a.weeks[0] < b.category + b.measure + b.weeks[0] ? -1 : 1));
}

/** Share of units over the weeks of each deeper discount, as one contrast a discount: more telling than week by week. */
function promotionsOf(
  list: readonly Episode[],
  series: readonly CategorySeries[],
  rows: Map<string, CategoryWeek[]>,
  units: Map<string, number>,
): Promotion[] {
  const deeper = list.filter(({ measure, direction }) => measure === 'discount' && direction === 'above');
  const shares = deeper.map((discount) => {
    const points = series.find(({ category }) => category === discount.category)!.share.filter(({ date }) => discount.weeks.includes(date));
    if (points.length === 0 || points.some(({ p }) => p === null)) return null;
    const mean = (pick: (point: Point) => number | null) => total(points, pick) / points.length;
    const sold = total(
      rows.get(discount.category)!.filter(({ week }) => discount.weeks.includes(week)),
      (row) => row.units,
    );
    const all = total(discount.weeks, (week) => units.get(week) ?? 0);
    const expected = mean((point) => point.expected);
    const half = (mean((point) => point.high) - mean((point) => point.low)) / 2 / Math.sqrt(points.length);
    const value = ratio(sold, all) ?? 0;
    const z = half > 0 ? ((value - expected) / half) * normalQuantile(1 - (1 - signalLevel) / 2) : 0;
    return {
      value,
      expected,
      low: Math.max(0, expected - half),
      high: Math.min(1, expected + half),
      units: sold,
      shopUnits: all,
      p: normalTwoSided(z),
    };
  });
  const adjusted = benjaminiHochberg(shares.map((share) => share?.p ?? null));
  return deeper.flatMap((discount, i): Promotion[] => {
    const share = shares[i];
    if (!share) return [];
    const beyond = (usual: number) => cents((discount.value - usual) * discount.list);
    const { expected, value } = share;
    const isCalled = adjusted[i]! <= falseDiscovery && Math.abs(value - expected) >= leastEffect.share * expected;
    return [
      {
        category: discount.category,
        weeks: discount.weeks,
        discount,
        share: { ...share, p: adjusted[i]!, isCalled },
        extraUnits: Math.round(share.units - expected * share.shopUnits),
        given: { value: beyond(discount.expected), low: beyond(discount.high), high: beyond(discount.low) },
      },
    ];
  });
}
