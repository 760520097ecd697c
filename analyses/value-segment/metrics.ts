import type { Metric } from '#contract/metric.ts';
import { prose } from '#contract/prose.ts';
import type { Estimate } from '#stats/estimate.ts';
import { proportion } from '#stats/proportion.ts';
import { percent } from '../shared/words.ts';
import { methodOf, type Study } from './study.ts';
import { judgedSpan } from './words.ts';

export function segmentMetrics(study: Study): Metric[] {
  const { learned, context } = study;
  const { format } = context;
  const period = learned ? judgedSpan(learned, study) : format.date(context.asOf);
  const basis = prose`${percent(format, 0.95)} interval`;
  const made = (
    id: string,
    label: string,
    unit: Metric['unit'],
    polarity: Metric['polarity'],
    found: Estimate | null | undefined,
  ): Metric => ({
    ...{ id, definition: id, label, unit, polarity, period, comparisons: [], value: found?.value ?? null, n: found?.n ?? 0 },
    ...(found && { interval: { low: found.low, high: found.high, basis } }),
  });
  const own = learned && methodOf(learned, 'scorecard');
  const high = own?.confusion.classes[2];
  return [
    made('segment_pairs_right', 'Pairs ranked rightly', 'share', 'up', own?.aucHigh),
    made('segment_kappa', 'Agreement beyond chance', 'ratio', 'up', own?.kappa),
    made('segment_high_right', 'Named high who became so', 'share', 'up', high?.precision),
    made(
      'segment_high_share',
      'Customers who became high',
      'share',
      'none',
      high && learned ? proportion(high.actual, learned.judging.n) : null,
    ),
  ];
}
