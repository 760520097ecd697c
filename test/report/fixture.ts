import { heatmap } from '#chart/heatmap.ts';
import { lineChart } from '#chart/line.ts';
import { rankedBars } from '#chart/ranked.ts';
import type { Result } from '#contract/analysis.ts';
import type { Finding } from '#contract/finding.ts';
import { type Formatter, formatter } from '#contract/format.ts';
import type { Metric, Unit } from '#contract/metric.ts';
import { prose } from '#contract/prose.ts';
import type { Row } from '#contract/row.ts';
import type { Shop } from '#contract/shop.ts';
import type { PageModel, RunInfo, Section } from '#report/page.ts';

/** A made-up shop; `size` scales its money and counts, `hostile` replaces each name that comes from the data. */
export interface Made {
  shop: Shop;
  size: number;
  hostile?: string | undefined;
}

export const halden: Made = {
  shop: {
    id: 'halden',
    name: 'Halden & Moor',
    currency: 'EUR',
    timezone: 'Europe/Berlin',
    locale: 'en-GB',
    capabilities: ['orders', 'products', 'geography', 'returns'],
  },
  size: 1,
};
export const kita: Made = {
  shop: { ...halden.shop, id: 'kita', name: 'Kita Supply', currency: 'USD', timezone: 'America/Denver', locale: 'en-US' },
  size: 0.3137,
};
export const nasty = `<script>alert('x')</script> & {{constructor}} "=HYPERLINK()"`;

const week = '2026-08-10';
const weeks = 60;
const day = (offset: number) => new Date(Date.parse(week) + offset * 86_400_000).toISOString().slice(0, 10);
const wave = (i: number, seed: number) =>
  Math.sin(i * 0.7 + seed) * 0.04 + Math.sin(i * 1.9 + seed * 3) * 0.025 + Math.sin(i / 8.3 + seed) * 0.05;

interface Shape {
  id: string;
  label: string;
  unit: Unit;
  polarity: Metric['polarity'];
  base: number;
  seed: number;
  /** Factor of the last week. */
  last: number;
}

const shapes: Shape[] = [
  { id: 'net_revenue', label: 'Net revenue', unit: 'money', polarity: 'up', base: 1_620_000, seed: 1, last: 1.11 },
  { id: 'orders', label: 'Orders', unit: 'count', polarity: 'up', base: 19_800, seed: 2, last: 1.06 },
  { id: 'aov', label: 'Average order value', unit: 'money', polarity: 'up', base: 84.2, seed: 3, last: 1.0 },
  { id: 'new_customers', label: 'New customers', unit: 'count', polarity: 'up', base: 5410, seed: 4, last: 0.82 },
  { id: 'return_share', label: 'Return share', unit: 'share', polarity: 'down', base: 0.112, seed: 5, last: 1.2 },
  { id: 'margin_share', label: 'Gross margin', unit: 'share', polarity: 'up', base: 0.476, seed: 6, last: 0.998 },
];

function metricOf({ id, label, unit, polarity, base, seed, last }: Shape, size: number, period: string): Metric {
  const scale = unit === 'share' || id === 'aov' ? 1 + (size - 1) / 9 : size;
  const at = (i: number) => base * scale * (1 + wave(i, seed)) * (i === weeks - 1 ? last : 1);
  const history = Array.from({ length: weeks }, (_, i) => ({
    date: day((i - weeks + 1) * 7),
    value: at(i),
    low: base * scale * (1 + Math.sin(i / 8.3 + seed) * 0.05 - 0.08),
    high: base * scale * (1 + Math.sin(i / 8.3 + seed) * 0.05 + 0.08),
  }));
  const { value, low, high } = history.at(-1)!;
  return {
    id,
    definition: id,
    label,
    value,
    unit,
    polarity,
    n: Math.round(21_480 * size),
    period,
    comparisons: [
      { label: 'prior week', value: history.at(-2)!.value },
      { label: 'same week last year', value: history.at(-53)!.value },
    ],
    expected: { low, high, basis: 'XmR limits over the weeks shown', standing: value > high ? 'above' : value < low ? 'below' : 'inside' },
    history,
  };
}

function finding(
  part: Partial<Finding> & Pick<Finding, 'id' | 'claim' | 'detail' | 'proof'>,
  stake: number | null,
  format: Formatter,
): Finding {
  return {
    kind: 'change',
    direction: 'bad',
    evidence: { level: 'high', rule: prose`XmR limits over ${weeks} weeks`, n: 4912 },
    stake:
      stake === null
        ? null
        : { value: stake, low: stake * 0.6, high: stake * 1.3, basis: prose`last week's gap to its centre times ${format.count(52)}` },
    ...part,
  };
}

function sales({ size, hostile }: Made, format: Formatter, period: string): Result {
  const metrics = shapes.map((shape) => metricOf(shape, size, period));
  const [revenue, orders, , fresh] = metrics as [Metric, Metric, Metric, Metric];
  const rows: Row[] = Array.from({ length: weeks }, (_, i) => {
    const level = 1_620_000 * size;
    const centre = level * (1 + Math.sin(i / 8.3 + 1) * 0.05);
    const value = level * (1 + wave(i, 1)) * (i === weeks - 1 ? 1.11 : i === 39 ? 0.82 : 1);
    return { week: day((i - weeks + 1) * 7), value, low: centre * 0.92, high: centre * 1.08, signal: Math.abs(value / centre - 1) > 0.08 };
  });
  const line = lineChart({
    id: 'weekly-revenue',
    title: prose`Revenue reached ${format.money(revenue.value)}, ${revenue.expected!.standing} its expected range`,
    subtitle: prose`Weekly net revenue, ${weeks} weeks to ${format.date(day(6))}. Open circles mark weeks outside the range.`,
    of: 'weekly net revenue',
    reason: prose`the last week is ${format.money(revenue.value)}`,
    format,
    unit: 'money',
    rows,
    x: 'week',
    y: 'value',
    band: { low: 'low', high: 'high' },
    expectedLabel: 'Expected range',
    marks: 'signal',
    annotations: [{ date: day(-140), label: hostile ?? 'Warehouse outage' }],
  });
  return {
    headline: prose`Revenue rose to ${format.money(revenue.value)} while new customers fell`,
    summary: prose`Net revenue was ${format.money(revenue.value)} over ${format.count(orders.value)} orders. Order value held, so volume accounts for the rise. New customers came to ${format.count(fresh.value)}, below their expected range.`,
    metrics,
    findings: [
      finding(
        {
          id: 'new-customers-fall',
          claim: prose`New customers fell to ${format.count(fresh.value)}, below their expected range`,
          detail: prose`The count lies under the lower limit of ${format.count(fresh.expected!.low)}. Paid social accounts for two thirds of the shortfall. The fall began three weeks ago.`,
          proof: 'weekly-revenue',
          effect: { value: -498 * size, unit: 'count', interval: { low: -800 * size, high: -190 * size, basis: '95% interval' } },
          action: {
            do: 'Move spend from paid social to email reactivation',
            why: 'Reactivation emails returned more for each unit of spend, with room for more volume.',
            owner: 'Growth lead',
            within: 'this week',
          },
        },
        728_000 * size,
        format,
      ),
      finding(
        {
          id: 'revenue-up',
          claim: prose`Net revenue stands ${revenue.expected!.standing} its expected range`,
          detail: 'Repeat orders account for the rise. Price and mix add nothing.',
          proof: 'weekly-revenue',
          direction: 'good',
        },
        null,
        format,
      ),
    ],
    figures: [line],
    tables: [],
    caveats: [
      'Refunds of the last weeks are incomplete, so that margin may move.',
      prose`The expected range rests on ${weeks} weeks; a second full year would narrow it.`,
    ],
    omitted: { 'year-to-date': 'the shop has no full prior year' },
    method: { text: ['Expected ranges are XmR limits around the seasonal centre.'], tested: 12, called: 3 },
  };
}

const regions = ['Germany and Austria', 'Nordics', 'Netherlands', 'France', 'United Kingdom', 'Italy', 'Spain', 'Poland'];

function regional({ size, hostile }: Made, format: Formatter): Result {
  const change = [58, 31, 14, 9, 6, 1, -4, -9].map((v) => v * 1000 * size);
  const names = regions.map((name, i) => (i === 1 && hostile ? hostile : name));
  const bars = rankedBars({
    id: 'change-by-region',
    title: prose`${names[0]!} and ${names[1]!} added ${format.money(change[0]! + change[1]!)}`,
    subtitle: 'Change in net revenue on prior week',
    of: 'change in net revenue by region',
    reason: 'two regions stand out',
    width: 'half',
    format,
    unit: 'money',
    rows: names.map((region, i) => ({ region, change: change[i]!, hot: i < 2 })),
    label: 'region',
    value: 'change',
    emphasis: 'hot',
    signed: true,
  });
  const cohorts = heatmap({
    id: 'return-by-cohort',
    title: 'Customers won since July come back more often',
    subtitle: 'Share of first-time buyers who order again',
    of: 'share of buyers who order again by month of first order',
    reason: 'later cohorts return more',
    width: 'half',
    format,
    unit: 'share',
    rows: ['Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul'].flatMap((cohort, i) =>
      Array.from({ length: 7 - i }, (_, k) => ({ cohort, month: k + 1, share: 0.31 - k * 0.025 + i * 0.012 })),
    ),
    x: 'month',
    y: 'cohort',
    value: 'share',
    label: true,
  });
  const value = [487.2, 411.6, 335.8, 301.9, 188.3, 115.2, 96.4, 61.1].map((v) => v * 1000 * size);
  return {
    headline: 'Two regions account for most of the gain',
    summary: prose`${names[0]!} and the Nordics added ${format.money(change[0]! + change[1]!)}. The others added ${format.money(change.slice(2).reduce((a, b) => a + b, 0))} between them.`,
    metrics: [],
    findings: [
      finding(
        {
          id: 'region-fades',
          claim: prose`${hostile ?? 'Poland'} fell for the third week`,
          detail: 'Orders fell, order value did not. The region is small, so its limits are wide.',
          proof: 'regions',
          evidence: { level: 'medium', rule: prose`BH-adjusted p over ${regions.length} regions`, p: 0.012, n: 811 },
          action: {
            do: 'Check delivery and prices in the region that fades',
            why: 'No other region moved this way.',
            owner: 'Regional manager',
            within: 'this month',
          },
        },
        182_000 * size,
        format,
      ),
    ],
    figures: [bars, cohorts],
    tables: [
      {
        id: 'regions',
        title: 'The first region is the largest and the fastest growing',
        subtitle: 'Results for the week. Bars share one scale.',
        columns: [
          { key: 'region', label: 'Region', type: 'text' },
          { key: 'orders', label: 'Orders', type: 'count' },
          { key: 'revenue', label: 'Net revenue', type: 'money' },
          { key: 'bar', label: '', type: 'bar' },
          { key: 'aov', label: 'Order value', type: 'money' },
          { key: 'returns', label: 'Return share', type: 'share' },
          { key: 'change', label: 'Change on week', type: 'change', polarity: 'up' },
        ],
        rows: names.map((region, i) => ({
          region,
          orders: Math.round((5210 - i * 540) * size),
          revenue: value[i]!,
          bar: value[i]!,
          aov: 93.5 - i * 2.1,
          returns: i === 7 ? null : 0.11 + i * 0.004,
          change: change[i]! / value[i]!,
        })),
        total: {
          region: 'All regions',
          orders: Math.round(21_480 * size),
          revenue: value.reduce((a, b) => a + b, 0),
          bar: null,
          aov: 85.66,
          returns: 0.118,
          change: 0.061,
        },
        note: 'Regions with too few orders are in no row of their own.',
      },
    ],
    caveats: ['Whether the gain lasts is not known yet.', 'Regions follow the delivery address.'],
    omitted: {},
    method: { text: ['Regions are compared with their own history; p is adjusted for the number of regions.'], tested: 8, called: 1 },
  };
}

const salesNarrative = `{{#overview 'week'}}
{{kpis 'net_revenue' 'orders' 'aov' 'new_customers' 'return_share' 'margin_share'}}
{{figure 'weekly-revenue'}}
{{/overview}}
{{#in-depth}}
{{kpis 'net_revenue' 'orders' 'aov' 'new_customers' 'return_share' 'margin_share'}}
{{figure 'weekly-revenue'}}
<p>Net revenue came to {{value 'net_revenue'}}, {{change 'net_revenue'}} on the prior week and {{change 'net_revenue' 'same week last year'}} on the year,
from {{n 'orders'}} rows. It stands {{standing 'net_revenue'}}: {{interval 'net_revenue'}}.</p>
{{figure 'year-to-date'}}
{{heading 'What was found'}}
{{findings}}
{{heading 'What to do'}}
{{actions}}
{{heading 'Limits'}}
{{caveats}}
{{/in-depth}}
`;

const regionNarrative = `{{#overview}}
{{#pair}}{{figure 'change-by-region'}}{{figure 'return-by-cohort'}}{{/pair}}
{{#if-has 'regions'}}{{table 'regions'}}{{/if-has}}
{{/overview}}
{{#in-depth}}
{{#pair}}{{figure 'change-by-region'}}{{figure 'return-by-cohort'}}{{/pair}}
{{table 'regions'}}
{{finding 'region-fades'}}
{{/in-depth}}
`;

function runOf({ shop, size, hostile }: Made): RunInfo {
  return {
    shop: hostile ? { ...shop, name: hostile } : shop,
    asOf: day(6),
    week,
    period: { first: week, last: day(6) },
    dataAsOf: `${day(6)}T21:58:00Z`,
    generator: { name: 'lookbook', version: '0.1.0' },
    seed: 7,
    parameters: { 'sales-trends.weeks': weeks },
    quality: {
      passed: Math.round(142 * size),
      warned: 1,
      failed: 0,
      tests: [{ model: 'stg_orders', test: hostile ?? 'accepted values of status', status: 'warned', failures: 3 }],
    },
    freshness: [
      { table: 'orders', rows: Math.round(1_204_331 * size), newest: `${day(6)}T21:58:00Z`, status: 'fresh' },
      { table: 'order_items', rows: Math.round(2_911_004 * size), newest: `${day(6)}T21:58:00Z`, status: 'fresh' },
      { table: 'events', rows: 0, newest: null, status: 'empty' },
    ],
    manifestHash: 'c0ffee'.repeat(10).slice(0, 60),
    sql: [
      { name: 'sales-trends/weekly.sql', text: `select week, net_revenue -- ${hostile ?? 'all weeks'}\nfrom kpi_weekly\norder by week` },
      {
        name: 'regional-performance/regions.sql',
        text: 'select region,\n  sum(net_revenue) as net_revenue\nfrom sales_weekly_breakdown\ngroup by region\norder by region',
      },
      { name: 'other/left-out.sql', text: 'select secret' },
    ],
    definitions: shapes.map(({ id, label }) => ({ id, label, words: `${label}, as the register says it.`, sql: `sum(${id})` })),
    changes: [
      { kind: 'data', text: 'One week of orders was added.' },
      { kind: 'definition', text: 'Refunds count on the day of the return.' },
    ],
  };
}

/** A page model over two analyses that the shop can feed and one that it can't. */
export function fixture(depth: 'overview' | 'in-depth', made: Made = halden): PageModel {
  const format = formatter(made.shop);
  const period = format.span(week, day(6));
  const sections: Section[] = [
    {
      analysis: { id: 'sales-trends', area: 'sales', question: 'How did sales develop, and what accounts for it?', params: { weeks } },
      result: sales(made, format, period),
      narrative: salesNarrative,
    },
    {
      analysis: { id: 'regional-performance', area: 'regions', question: 'Where do we grow, and where do we fade?', params: {} },
      result: regional(made, format),
      narrative: regionNarrative,
    },
    {
      analysis: { id: 'website-performance', area: 'website', question: 'Where do visitors drop off?', params: {} },
      result: { unavailable: ['events'] },
      narrative: '',
    },
  ];
  return {
    report: {
      id: depth === 'overview' ? 'weekly-overview' : 'sales-in-depth',
      title: depth === 'overview' ? 'Weekly overview' : 'Sales in depth',
      reader: depth === 'overview' ? 'The management team, which decides the week' : 'The sales team',
      depth,
      sections: sections.map((s) => s.analysis.id),
    },
    sections,
    run: runOf(made),
  };
}
