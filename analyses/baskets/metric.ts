import type { Metric } from '#contract/metric.ts';
import { proportion } from '#stats/proportion.ts';
import { extraOf } from './bundle.ts';
import type { Study } from './study.ts';

export function metricsOf(s: Study): Metric[] {
  const { shop, pairs, format, asOf, bundles } = s;
  const period = shop.first_date ? format.span(shop.first_date, asOf) : 'no period';
  const several = proportion(shop.baskets_several, shop.baskets);
  const extra = extraOf(bundles);
  const base = { comparisons: [], period };
  return [
    {
      ...base,
      ...{
        id: 'several_products_share',
        definition: 'several_products_share',
        label: 'Orders of several products',
        unit: 'share',
        polarity: 'up',
      },
      value: several?.value ?? null,
      n: shop.baskets,
      ...(several ? { interval: { low: several.low, high: several.high, basis: '95% interval' } } : {}),
    },
    {
      ...base,
      ...{ id: 'product_pairs', definition: 'product_pairs', label: 'Pairs that belong together', unit: 'count', polarity: 'none' },
      value: shop.baskets_several > 0 ? pairs.called.length : null,
      n: pairs.tested,
    },
    {
      ...base,
      ...{ id: 'bundle_revenue', definition: 'bundle_revenue', label: 'Extra sales by bundles', unit: 'money', polarity: 'up' },
      value: bundles.length > 0 ? extra.value : null,
      n: bundles.length,
      ...(bundles.length > 0 ? { interval: { low: extra.low, high: extra.high, basis: 'range of the assumption' } } : {}),
    },
  ];
}
