import { defineAnalysis, type Result } from '#contract/analysis.ts';
import { measure } from './assortment.ts';
import { assortmentFigures } from './figure.ts';
import { returnFigures } from './figure-returned.ts';
import { assortmentFindings } from './finding.ts';
import { metricsOf } from './metric.ts';
import { caveats, headline, method, summary } from './story.ts';
import { assortmentTables } from './table.ts';

export default defineAnalysis({
  id: 'product-performance',
  area: 'products',
  question: 'Which categories, brands and products win, lose, come back or lie in stock?',
  requires: ['orders', 'products'],
  params: {},
  inputs: {
    weeks: 'weeks.sql',
    categories: 'categories.sql',
    brands: 'brands.sql',
    products: 'products.sql',
    catalogue: 'catalogue.sql',
    delivered: 'delivered.sql',
    views: 'views.sql',
    returns: 'returns.sql',
    pareto: 'pareto.sql',
    stock: 'stock.sql',
  },
  run(tables, context): Result {
    const assortment = measure(tables, context);
    const findings = assortmentFindings(assortment);
    const figures = [...assortmentFigures(assortment), ...returnFigures(assortment)];
    const filled = assortmentTables(assortment);
    const omitted = [...figures, ...filled].flatMap((item) => ('omitted' in item ? [[item.id, item.omitted] as const] : []));
    return {
      headline: headline(assortment),
      summary: summary(assortment, findings),
      metrics: metricsOf(assortment),
      findings,
      figures: figures.flatMap((item) => ('figure' in item ? [item.figure] : [])),
      tables: filled.flatMap((item) => ('table' in item ? [item.table] : [])),
      caveats: caveats(assortment),
      omitted: Object.fromEntries(omitted),
      method: method(assortment),
    };
  },
});
