import type { Metric } from '#contract/metric.ts';
import { prose } from '#contract/prose.ts';
import { defaultLevel, type Estimate } from '#stats/estimate.ts';
import { addDays } from '../shared/day.ts';
import { percent } from '../shared/words.ts';
import type { Value } from './value.ts';

export function valueMetrics(value: Value): Metric[] {
  const { format, asOf, newDays, fresh, list, listed, expected, isScored, customers, newSpread, yearAgo } = value;
  const won = prose`first purchases of ${format.span(addDays(asOf, 1 - newDays), asOf)}`;
  const ahead = prose`the twelve months after ${format.date(asOf)}`;
  const basis = prose`${percent(format, defaultLevel)} interval`;
  const interval = (estimate: Pick<Estimate, 'low' | 'high'> | null | undefined) =>
    estimate ? { interval: { low: estimate.low, high: estimate.high, basis } } : {};
  const metric = (
    id: string,
    label: string,
    unit: Metric['unit'],
    known: { value: number; n: number; period: string; estimate?: Pick<Estimate, 'low' | 'high'> | undefined } | null,
  ): Metric => ({
    ...{ id, definition: id, label, unit, polarity: unit === 'share' || unit === 'ratio' ? 'none' : 'up', comparisons: [] },
    ...{ value: known?.value ?? null, n: known?.n ?? 0, period: known?.period ?? ahead },
    ...interval(known?.estimate),
  });
  const scoredFresh = fresh && isScored ? fresh : null;
  return [
    metric('recent_customers', 'New customers', 'count', { value: fresh?.customers ?? 0, n: customers, period: won }),
    metric(
      'expected_value_new',
      'Expected of new customers in a year',
      'money',
      scoredFresh && { value: scoredFresh.expected.value, n: scoredFresh.customers, period: ahead, estimate: scoredFresh.expected },
    ),
    metric(
      'expected_value_each',
      'Expected of one in a year',
      'money',
      scoredFresh && { value: scoredFresh.each, n: scoredFresh.customers, period: ahead },
    ),
    metric(
      'expected_value_listed',
      'Expected of the list in a year',
      'money',
      list.length > 0 ? { value: listed.value, n: list.length, period: ahead, estimate: listed } : null,
    ),
    metric(
      'expected_value_all',
      'Expected of all customers in a year',
      'money',
      isScored ? { value: expected.value, n: customers, period: ahead, estimate: expected } : null,
    ),
    metric(
      'expected_top_tenth_share',
      'Held by the top tenth of new customers',
      'share',
      newSpread && { value: newSpread.tenth.value, n: newSpread.customers, period: ahead, estimate: newSpread.tenth },
    ),
    metric(
      'list_lift',
      'Top tenth of such a list a year ago, over the others',
      'ratio',
      yearAgo && {
        value: yearAgo.lift.value,
        n: yearAgo.all.customers,
        period: 'customers who were new a year ago',
        estimate: yearAgo.lift,
      },
    ),
  ];
}
