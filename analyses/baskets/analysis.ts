import { defineAnalysis, type Result } from '#contract/analysis.ts';
import { basketFigures } from './figure.ts';
import { basketFindings } from './finding.ts';
import { metricsOf } from './metric.ts';
import { caveats, headline, method, summary } from './story.ts';
import { study } from './study.ts';
import { basketTables } from './table.ts';

export default defineAnalysis({
  id: 'baskets',
  area: 'recommendations',
  question: 'What belongs together in a basket, and what would offering it together bring?',
  requires: ['orders', 'products'],
  // A pair is judged from `least_baskets` on, or that share of all baskets where it is more. `take`: share of single buyers that is assumed to
  // add the partner of a bundle.
  params: { least_baskets: 5, least_support: 0.00002, take_low: 0.02, take: 0.05, take_high: 0.1 },
  inputs: {
    shop: 'shop.sql',
    pairs: 'pairs.sql',
    products: 'products.sql',
    meetings: 'meetings.sql',
    groups: 'groups.sql',
    chance: 'chance.sql',
    baskets: 'baskets.sql',
  },
  run(tables, context): Result {
    const found = study(tables, context);
    const figures = basketFigures(found);
    const filled = basketTables(found);
    const omitted = [...figures, ...filled].flatMap((item) => ('omitted' in item ? [[item.id, item.omitted] as const] : []));
    return {
      headline: headline(found),
      summary: summary(found),
      metrics: metricsOf(found),
      findings: basketFindings(found),
      figures: figures.flatMap((item) => ('figure' in item ? [item.figure] : [])),
      tables: filled.flatMap((item) => ('table' in item ? [item.table] : [])),
      caveats: caveats(found),
      omitted: Object.fromEntries(omitted),
      method: method(found),
    };
  },
});
