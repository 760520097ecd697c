import type { Metric, Unit } from '#contract/metric.ts';
import { prose } from '#contract/prose.ts';
import { percent } from '../shared/words.ts';
import type { Measured } from './accuracy.ts';
import { holdoutSpan } from './figures.ts';
import type { Study } from './study.ts';

export function modelMetrics(study: Study): Metric[] {
  const { choice, context, holdout, input, valueBias, spend } = study;
  const { format } = context;
  const period = holdout ? holdoutSpan(study) : format.date(context.asOf);
  const basis = prose`${percent(format, 0.95)} interval`;
  const made = (id: string, label: string, unit: Unit, polarity: Metric['polarity'], measured: Measured): Metric => ({
    ...{ id, definition: id, label, unit, polarity, period, comparisons: [], n: input.calibration.customers },
    value: measured?.value ?? null,
    ...(measured && { interval: { low: measured.low, high: measured.high, basis } }),
  });
  const { pearson, low, high, n } = spend.fit?.correlation ?? { pearson: null, low: null, high: null, n: 0 };
  const correlation = pearson !== null && low !== null && high !== null ? { value: pearson, low, high } : null;
  return [
    made('holdout_capture', 'Made by the first tenth', 'share', 'up', choice.method?.capture ?? null),
    made('holdout_bias', 'Purchases over expected', 'ratio', 'none', choice.method?.bias ?? null),
    made('holdout_value_bias', 'Value over expected', 'ratio', 'none', valueBias),
    made('holdout_rank', 'Rank correlation', 'ratio', 'up', choice.method?.rank ?? null),
    { ...made('spend_correlation', 'Frequency and spend', 'ratio', 'none', correlation), n, period: format.date(context.asOf) },
    {
      ...{
        id: 'scored_customers',
        definition: 'scored_customers',
        label: 'Customers scored',
        unit: 'count',
        polarity: 'none',
        comparisons: [],
      },
      ...{ value: choice.model ? input.histories.customers : 0, n: input.histories.customers, period: format.date(context.asOf) },
    },
  ];
}
