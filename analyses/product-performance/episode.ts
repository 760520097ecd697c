import type { Formatter } from '#contract/format.ts';
import { benjaminiHochberg } from '#stats/multiple.ts';
import { cents, ratio, total } from '../shared/change.ts';
import { addWeeks } from '../shared/day.ts';
import { expectation, type Point } from '../shared/expected.ts';
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

/** A category sold more than its usual share while its discount was deeper than usual. */
export interface Promotion {
  category: string;
  weeks: string[];
  share: Episode;
  discount: Episode;
  /** Units above the expected share. */
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
  const oldest = rows.reduce((least, { week }) => (week < least ? week : least), '9999-12-31');
  const weeks = shop.filter(({ week }) => week >= oldest);
  const units = new Map(weeks.map((row) => [row.week, row.units]));
  const byCategory = Map.groupBy(rows, ({ category }) => category);
  const series: CategorySeries[] = [];
  for (const [category, own] of byCategory) {
    const byWeek = new Map(own.map((row) => [row.week, row]));
    const recent = total([...span.weeks], (week) => byWeek.get(week)?.units ?? 0);
    if (recent / span.weeks.size < leastUnits) continue;
    const first = own.reduce((least, { week }) => (week < least ? week : least), '9999-12-31');
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
  return { tested: judged.length, called: called.length, list, promotions: promotionsOf(list, byCategory), series };
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

function promotionsOf(list: readonly Episode[], rows: Map<string, CategoryWeek[]>): Promotion[] {
  return list.flatMap((share): Promotion[] => {
    if (share.measure !== 'share' || share.direction !== 'above') return [];
    const discount = list.find(
      (other) =>
        other.measure === 'discount' &&
        other.direction === 'above' &&
        other.category === share.category &&
        other.weeks.some((week) => share.weeks.includes(week)),
    );
    if (!discount) return [];
    const weeks = [...new Set([...share.weeks, ...discount.weeks])].toSorted();
    const own = rows.get(share.category)!.filter(({ week }) => discount.weeks.includes(week));
    const [list_amount, gross] = [total(own, (row) => row.list_amount), total(own, (row) => row.gross_amount)];
    const beyond = (usual: number) => cents(list_amount - gross - usual * list_amount);
    return [
      {
        category: share.category,
        weeks,
        share,
        discount,
        extraUnits: Math.round(share.units - share.expected * share.shopUnits),
        given: { value: beyond(discount.expected), low: beyond(discount.high), high: beyond(discount.low) },
      },
    ];
  });
}
