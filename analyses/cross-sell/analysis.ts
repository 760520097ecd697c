import { defineAnalysis, type Relation, type Result } from '#contract/analysis.ts';
import { crossSellFigures } from './figure.ts';
import { crossSellFindings } from './finding.ts';
import { metricsOf } from './metric.ts';
import { caveats, headline, method, summary } from './story.ts';
import { type Study, study } from './study.ts';
import { crossSellTables } from './table.ts';

export default defineAnalysis({
  id: 'cross-sell',
  area: 'recommendations',
  question: 'Who viewed a product and did not buy it, and what is that worth?',
  requires: ['orders', 'products', 'events'],
  // Assumed of a campaign: relative rise of the chance to buy, and the cost of writing to one customer in the shop's currency.
  params: { uplift_low: 0.05, uplift: 0.1, uplift_high: 0.2, contact_cost: 0.05 },
  inputs: { earlier: 'earlier.sql', today: 'today.sql', customers: 'customers.sql', first: 'first.sql', visitors: 'visitors.sql' },
  exports: { candidates: 'candidates.sql' },
  run(tables, context): Result {
    const found = study(tables, context);
    const figures = crossSellFigures(found);
    const filled = crossSellTables(found);
    const omitted = [...figures, ...filled].flatMap((item) => ('omitted' in item ? [[item.id, item.omitted] as const] : []));
    return {
      headline: headline(found),
      summary: summary(found),
      metrics: metricsOf(found),
      findings: crossSellFindings(found),
      figures: figures.flatMap((item) => ('figure' in item ? [item.figure] : [])),
      tables: filled.flatMap((item) => ('table' in item ? [item.table] : [])),
      caveats: caveats(found),
      omitted: Object.fromEntries(omitted),
      method: method(found),
      relations: { chances: chances(found) },
    };
  },
});

/** One row a cell of today's pairs: for the export, which lists every pair. */
function chances({ today, rates }: Study): Relation {
  const cells = rates.isMeasured ? today.filter(({ band }) => band <= 4) : [];
  return {
    band: Int32Array.from(cells, ({ band }) => band),
    segment: Int32Array.from(cells, ({ segment }) => segment),
    category: cells.map(({ category }) => category),
    chance: Float64Array.from(cells, (cell) => rates.chance(cell)),
  };
}
