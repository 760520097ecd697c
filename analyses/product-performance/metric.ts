import type { Metric, Polarity, Unit } from '#contract/metric.ts';
import { proportion } from '#stats/proportion.ts';
import { cents, ratio, total } from '../shared/change.ts';
import type { Assortment } from './assortment.ts';
import { discountOf } from './category.ts';

const interval = '95% interval';

/** Numbers of the span and of the catalogue, by the metric register's definitions. */
export function metricsOf(a: Assortment): Metric[] {
  const { spans, shop, whole, returns, catalogue, has, format, asOf, weeks } = a;
  const period = spans.now?.words ?? 'no complete span';
  const make = (id: string, label: string, unit: Unit, polarity: Polarity, value: number | null, n: number, when = period): Metric => ({
    id,
    definition: id,
    label,
    value: value !== null && Number.isFinite(value) ? value : null,
    unit,
    polarity,
    n,
    period: when,
    comparisons: [],
  });
  const units = shop.now?.units ?? 0;
  const list: Metric[] = [
    make('net_revenue', 'Net revenue', 'money', 'up', shop.now && cents(shop.now.net), units),
    make('units', 'Units sold', 'count', 'up', shop.now && units, units),
    make('discount_share', 'Discount share', 'share', 'none', whole && discountOf(whole.now), units),
    {
      ...make('return_rate', 'Return rate', 'share', 'down', returns.shop?.rate ?? null, returns.shop?.own.n ?? 0),
      ...(returns.shop ? { interval: { low: returns.shop.low, high: returns.shop.high, basis: interval } } : {}),
    },
  ];
  if (has('costs')) {
    const margin = whole?.now.margin ?? null;
    list.push(
      make('gross_margin', 'Gross margin', 'money', 'up', margin, units),
      make('margin_share', 'Gross margin share', 'share', 'up', whole && whole.now.net > 0 ? ratio(margin, whole.now.net) : null, units),
    );
  }
  if (has('events') && catalogue) {
    const { purchase_sessions, view_sessions } = catalogue;
    const bought = proportion(Math.min(purchase_sessions, view_sessions), view_sessions);
    const since = weeks[0] ? format.span(weeks[0].week, asOf) : format.date(asOf);
    list.push({
      ...make('view_to_purchase', 'Views to purchases', 'share', 'up', bought?.value ?? null, view_sessions, since),
      ...(bought ? { interval: { low: bought.low, high: bought.high, basis: interval } } : {}),
    });
  }
  if (has('inventory') && catalogue) {
    const { stock_units, stock_age_days } = catalogue;
    const cost = total(a.stock, (line) => line.cost);
    list.push(
      make('stock_value', 'Stock value', 'money', 'none', cents(cost), stock_units, format.date(asOf)),
      make('stock_age_days', 'Age of stock', 'days', 'down', stock_age_days, stock_units, format.date(asOf)),
    );
  }
  return list;
}
