import type { Metric } from '#contract/metric.ts';
import { prose } from '#contract/prose.ts';
import { proportion } from '#stats/proportion.ts';
import { addMonths, weeksSpan } from '../shared/day.ts';
import { expectation, expectedOf } from '../shared/expected.ts';
import { percent } from '../shared/words.ts';
import type { Base, Month } from './base.ts';
import { windowDays } from './cohorts.ts';

const historyMonths = 24;
const level = 0.95;

export function customerMetrics(base: Base): Metric[] {
  return [
    monthMetric(base, 'active_customers', 'Active customers', (row) => row.active_customers),
    monthMetric(base, 'new_customers', 'New customers', (row) => row.new_customers),
    monthMetric(base, 'returning_customers', 'Returning customers', (row) => row.returning_customers),
    base.signupWeeks.metric,
    ...totals(base),
    repeat90(base),
    firstYear(base),
    ...spending(base),
  ];
}

function monthMetric({ months, format }: Base, id: string, label: string, value: (row: Month) => number): Metric {
  const last = months.at(-1);
  const judged = expectation(
    months.map((row) => ({ date: row.month, value: value(row) })),
    'count',
    format,
    12,
  );
  const prior = last && months.find(({ month }) => month === addMonths(last.month, -1));
  const expected = expectedOf(judged.points.at(-1), judged.basis);
  return {
    ...{ id, definition: id, label, unit: 'count', polarity: 'up' },
    value: last ? value(last) : null,
    n: last?.orders ?? 0,
    period: last ? format.month(last.month) : 'no complete month',
    comparisons: [{ label: 'prior month', value: prior ? value(prior) : null }],
    ...(expected ? { expected } : {}),
    history: judged.points.slice(-historyMonths).map(({ date, value: at, low, high }) => ({ date, value: at, low, high })),
  };
}

function totals({ customers, buyers, repeaters, asOf, format }: Base): Metric[] {
  const period = prose`as of ${format.date(asOf)}`;
  const rate = proportion(repeaters, buyers);
  return [
    {
      id: 'customers',
      definition: 'customers',
      label: 'Customers',
      value: customers,
      unit: 'count',
      polarity: 'up',
      n: customers,
      period,
      comparisons: [],
    },
    {
      id: 'buyers',
      definition: 'buyers',
      label: 'Buyers',
      value: buyers,
      unit: 'count',
      polarity: 'up',
      n: customers,
      period,
      comparisons: [],
    },
    {
      ...{
        id: 'repeat_rate',
        definition: 'repeat_rate',
        label: 'Repeat rate, all time',
        value: rate?.value ?? null,
        unit: 'share',
        polarity: 'up',
      },
      ...{ n: buyers, period, comparisons: [] },
      ...(rate ? { interval: { low: rate.low, high: rate.high, basis: prose`${percent(format, level)} interval` } } : {}),
    },
  ];
}

function repeat90({ cohorts, format }: Base): Metric {
  const { recent, months } = cohorts;
  const rate = recent?.cohort.rate;
  return {
    ...{ id: 'repeat_rate_90d', definition: 'repeat_rate_90d', unit: 'share', polarity: 'up', comparisons: [] },
    label: prose`Ordered again within ${format.count(windowDays)} days`,
    value: rate?.value ?? null,
    n: rate?.n ?? 0,
    period: recent ? prose`first orders of ${format.month(recent.first)} to ${format.month(recent.last)}` : 'no cohort seen to its end',
    ...(rate ? { interval: { low: rate.low, high: rate.high, basis: prose`${percent(format, level)} interval` } } : {}),
    history: months.slice(-historyMonths).map(({ date, rate: { value } }) => ({ date, value, low: null, high: null })),
  };
}

function firstYear({ signups, format }: Base): Metric {
  const last = signups.curve.at(-1)?.share;
  return {
    ...{ id: 'first_order_rate_365d', definition: 'first_order_rate_365d', unit: 'share', polarity: 'up', comparisons: [] },
    label: 'Sign-ups that order within a year',
    value: last?.value ?? null,
    n: signups.observed,
    period:
      signups.first && signups.last
        ? prose`sign-ups of ${format.month(signups.first)} to ${format.month(signups.last)}`
        : 'no sign-up seen for a year',
    ...(last ? { interval: { low: last.low, high: last.high, basis: prose`${percent(format, level)} interval` } } : {}),
  };
}

function spending({ spend, week, format }: Base): Metric[] {
  const period = weeksSpan(format, week, 52);
  const metric = (id: string, label: string, unit: Metric['unit'], polarity: Metric['polarity'], value: number | null): Metric => ({
    ...{ id, definition: id, label, unit, polarity, value, n: spend?.buyers ?? 0, period, comparisons: [] },
  });
  const basis = prose`${percent(format, level)} bootstrap interval`;
  const [gini, tenth] = [spend?.concentration.gini, spend?.tenth];
  return [
    metric('net_revenue_per_buyer_52w', 'Net revenue per buyer and year', 'money', 'up', spend?.perBuyer ?? null),
    {
      ...metric('top_tenth_share_52w', 'Held by the top tenth', 'share', 'none', tenth?.share ?? null),
      ...(tenth ? { interval: { low: tenth.low, high: tenth.high, basis } } : {}),
    },
    {
      ...metric('revenue_gini_52w', 'Gini coefficient', 'ratio', 'none', gini?.value ?? null),
      ...(gini ? { interval: { low: gini.low, high: gini.high, basis } } : {}),
    },
  ];
}
