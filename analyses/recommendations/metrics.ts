import type { Metric, Unit } from '#contract/metric.ts';
import { prose } from '#contract/prose.ts';
import { defaultLevel, type Estimate } from '#stats/estimate.ts';
import { percent } from '../shared/words.ts';
import type { Study } from './study.ts';
import { windowSpan } from './words.ts';

export function recommendationMetrics(study: Study): Metric[] {
  const { format, asOf, appraisal, baseline, served, input } = study;
  const { test } = appraisal;
  const judged = test ? windowSpan(study, test) : format.date(asOf);
  const basis = prose`${percent(format, defaultLevel)} interval`;
  const made = (
    id: string,
    label: string,
    unit: Unit,
    polarity: Metric['polarity'],
    value: number | null,
    n: number,
    period: string,
  ): Metric => ({
    ...{ id, definition: id, label, unit, polarity, value, n, period, comparisons: [] },
  });
  const estimated = (id: string, label: string, estimate: Estimate | null): Metric => ({
    ...made(id, label, 'share', 'up', estimate?.value ?? null, test?.customers ?? 0, judged),
    ...(estimate && { interval: { low: estimate.low, high: estimate.high, basis } }),
  });
  const offered = input.isOffered.reduce((sum, value) => sum + value, 0);
  return [
    estimated('recommendation_recall', 'Purchases foretold', served?.recall ?? null),
    estimated('popularity_recall', 'Foretold by best sellers', baseline?.recall ?? null),
    estimated('recommendation_gain', 'Foretold beyond best sellers', served?.gain ?? null),
    made('recommendation_coverage', 'Catalogue on lists', 'share', 'up', served?.coverage ?? null, test?.customers ?? 0, judged),
    made('offered_products', 'Products offered', 'count', 'none', offered, input.products.length, format.date(asOf)),
    made(
      'customers_with_history',
      'Customers with a history',
      'count',
      'up',
      input.data.customers.length,
      input.data.customers.length,
      format.date(asOf),
    ),
  ];
}
