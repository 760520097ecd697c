import type { Metric } from '#contract/metric.ts';
import { proportion } from '#stats/proportion.ts';
import { cents } from '../shared/change.ts';
import { addDays } from '../shared/day.ts';
import type { Study } from './study.ts';
import { horizon, windowDays } from './words.ts';

export function metricsOf(s: Study): Metric[] {
  const { format, asOf, rates, all, campaign, pairs } = s;
  const share = proportion(rates.bought, rates.pairs);
  const middle = campaign?.scenarios[1];
  const window = format.span(addDays(asOf, 1 - windowDays), asOf);
  const isKnown = rates.isMeasured && pairs > 0;
  const make = (
    id: string,
    label: string,
    unit: Metric['unit'],
    polarity: Metric['polarity'],
    value: number | null,
    n: number,
  ): Metric => ({
    ...{ id, definition: id, label, unit, polarity, value, n, period: window, comparisons: [] },
  });
  return [
    make('viewed_not_bought', 'Viewed and not bought', 'count', 'none', pairs, pairs),
    {
      ...make('late_conversion', 'Bought within 28 days', 'share', 'up', share?.value ?? null, rates.pairs),
      period: format.span(addDays(asOf, 1 - 4 * horizon - windowDays), asOf),
      ...(share ? { interval: { low: share.low, high: share.high, basis: '95% interval' } } : {}),
    },
    {
      ...make('viewed_not_bought_value', 'Worth of what was viewed', 'money', 'none', isKnown ? cents(all.worth.value) : null, pairs),
      ...(isKnown ? { interval: { low: cents(all.worth.low), high: cents(all.worth.high), basis: '95% interval' } } : {}),
    },
    {
      ...make('campaign_gain', 'Margin won by a campaign', 'money', 'up', middle?.net ?? null, campaign?.contacts ?? 0),
      ...(middle?.net != null
        ? { interval: { low: campaign!.scenarios[0]!.net!, high: campaign!.scenarios[2]!.net!, basis: 'range of the assumption' } }
        : {}),
    },
  ];
}
