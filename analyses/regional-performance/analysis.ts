import { defineAnalysis } from '#contract/analysis.ts';
import type { Metric } from '#contract/metric.ts';
import { ratio, total } from '../shared/change.ts';
import { addWeeks, weeksSpan } from '../shared/day.ts';
import { regionFigures } from './figures.ts';
import { deliverySpan } from './figures-delivery.ts';
import { regionFindings } from './findings.ts';
import { measure, type Regions, spanWeeks } from './regions.ts';
import { caveats, headline, method, summary } from './story.ts';
import { regionTables } from './tables.ts';

export default defineAnalysis({
  id: 'regional-performance',
  area: 'regions',
  question: 'Where do sales come from, which regions grow or fade, and how fast do we deliver?',
  requires: ['orders', 'geography'],
  params: {},
  inputs: {
    weeks: 'weeks.sql',
    countryWeeks: 'country_weeks.sql',
    places: 'places.sql',
    states: 'states.sql',
    baskets: 'baskets.sql',
    parcels: 'parcels.sql',
    destinations: 'destinations.sql',
    stages: 'stages.sql',
  },
  run(tables, context) {
    const regions = measure(tables, context);
    const { figures, omitted } = regionFigures(regions);
    return {
      headline: headline(regions),
      summary: summary(regions),
      metrics: metrics(regions),
      findings: regionFindings(regions),
      figures,
      tables: regionTables(regions),
      caveats: caveats(regions),
      omitted,
      method: method(regions),
    };
  },
});

function metrics(regions: Regions): Metric[] {
  const { format, week, weeks, delivery } = regions;
  const recent = weeks.filter((row) => row.week > addWeeks(week, -spanWeeks));
  const orders = total(recent, (row) => row.orders);
  const isKnown = recent.length > 0;
  const made = (
    id: string,
    label: string,
    value: number | null,
    unit: Metric['unit'],
    polarity: Metric['polarity'],
    n: number,
    period: string,
  ): Metric => ({ id, definition: id, label, value, unit, polarity, n, period, comparisons: [] });
  const span = weeksSpan(format, week, Math.max(1, recent.length));
  const days = (id: string, label: string, stage: 'ship' | 'transit' | 'total') => {
    const { items, days: sum } = delivery?.stages[stage] ?? { items: 0, days: 0 };
    return made(id, label, ratio(sum, items), 'days', 'down', items, deliverySpan(regions));
  };
  return [
    made('net_revenue', 'Net revenue', isKnown ? total(recent, (row) => row.net_revenue) : null, 'money', 'up', orders, span),
    made('orders', 'Orders', isKnown ? orders : null, 'count', 'up', orders, span),
    days('delivery_days', 'Days to delivery', 'total'),
    days('ship_days', 'Days to hand-over', 'ship'),
    days('transit_days', 'Days in transit', 'transit'),
  ];
}
