import * as aq from 'arquero';
import type { Context, Result } from '#contract/analysis.ts';
import { formatter } from '#contract/format.ts';
import type { Shop } from '#contract/shop.ts';
import analysis from '../../analyses/sales-trends/analysis.ts';
import { addDays, addMonths, addWeeks, weekday } from '../../analyses/shared/day.ts';

/** What a category, country … sold in a week. */
export interface Sold {
  week: string;
  dimension: string;
  value: string;
  orders: number;
  units: number;
  gross: number;
  refunds: number;
  list: number;
}

export const lastWeek = '2026-08-10';

export const shop: Shop = {
  id: 'demo',
  name: 'Test shop',
  currency: 'EUR',
  timezone: 'UTC',
  locale: 'en-GB',
  capabilities: ['orders', 'products', 'costs'],
};

export function context(changes: Partial<Shop> = {}): Context {
  const own = { ...shop, ...changes };
  return { shop: own, asOf: '2026-08-16', week: lastWeek, seed: 1, params: {}, format: formatter(own) };
}

/** Runs the analysis on a shop that sold by category; weeks, months and days follow from it. */
export function runOn(sold: Sold[], changes: Partial<Shop> = {}): Result {
  return analysis.run(tablesOf(sold), context(changes));
}

function tablesOf(sold: Sold[]) {
  const categories = sold.filter(({ dimension }) => dimension === 'category');
  const kpi = (rows: Sold[]) => {
    const sum = (of: (row: Sold) => number) => rows.reduce((total, row) => total + of(row), 0);
    const [orders, units, gross, refunds] = [sum((r) => r.orders), sum((r) => r.units), sum((r) => r.gross), sum((r) => r.refunds)];
    return {
      is_complete: true,
      orders,
      cancelled_orders: 0,
      units,
      gross_amount: gross,
      refund_amount: refunds,
      net_revenue: gross - refunds,
      margin: (gross - refunds) / 2,
      aov: orders ? gross / orders : null,
      active_customers: orders,
      new_customers: Math.floor(orders / 2),
      returning_customers: Math.ceil(orders / 2),
      repeat_order_share: orders ? Math.ceil(orders / 2) / orders : null,
    };
  };
  const weekly = [...Map.groupBy(categories, ({ week }) => week)].map(([week, rows]) => ({ week, ...kpi(rows) }));
  const months = [...Map.groupBy(categories, ({ week }) => `${week.slice(0, 7)}-01`)].map(([month, rows]) => ({
    month,
    ...kpi(rows),
    is_complete: addMonths(month, 1) <= '2026-08-17',
  }));
  const days = weekly.flatMap(({ week, orders, units, gross_amount, net_revenue, margin, new_customers }) =>
    Array.from({ length: 7 }, (_, i) => {
      const date = addDays(week, i);
      // Sundays carry two eighths, the other days one.
      const share = weekday(date) === 7 ? 2 / 8 : 1 / 8;
      return {
        date,
        week,
        orders: orders * share,
        units: units * share,
        new_customers: new_customers * share,
        gross_amount: gross_amount * share,
        net_revenue: net_revenue * share,
        margin: margin * share,
      };
    }),
  );
  const segments = sold.map(({ week, dimension, value, orders, units, gross, refunds, list }) => ({
    week,
    dimension,
    value,
    orders,
    units,
    gross_amount: gross,
    refund_amount: refunds,
    net_revenue: gross - refunds,
    list_amount: list,
  }));
  return { weeks: aq.from(weekly), months: aq.from(months), days: aq.from(days), segments: aq.from(segments) };
}

/** A shop of so many weeks with two categories and two countries; numbers differ by `factor`, and wobble by a fixed pattern. */
export function steadyShop(weeks: number, factor = 1, names = ['Jeans', 'Hats']): Sold[] {
  return Array.from({ length: weeks }, (_, i) => i - weeks + 1).flatMap((k) => {
    const week = addWeeks(lastWeek, k);
    const wobble = 1 + 0.03 * Math.sin(k * 2.1) + 0.02 * Math.cos(k * 5.7);
    const orders = [Math.round(120 * factor * wobble), Math.round(80 * factor * (2 - wobble))];
    const lines = names.map((value, j) => {
      const n = orders[j]!;
      const price = j === 0 ? 40 : 25;
      const gross = Math.round(n * price * 110) / 100;
      return {
        week,
        dimension: 'category',
        value,
        orders: n,
        units: n,
        gross,
        refunds: Math.round(n * price * 8) / 100,
        list: Math.round(n * price * 120) / 100,
      };
    });
    return [...lines, ...lines.map((line, j) => ({ ...line, dimension: 'country', value: j === 0 ? 'France' : 'Spain' }))];
  });
}
