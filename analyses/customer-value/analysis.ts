import { defineAnalysis, type Result } from '#contract/analysis.ts';
import { valueFigures } from './figures.ts';
import { valueFindings } from './findings.ts';
import { valueMetrics } from './metrics.ts';
import { caveats, headline, method, summary } from './story.ts';
import { valueTables } from './tables.ts';
import { measure } from './value.ts';

export default defineAnalysis({
  id: 'customer-value',
  area: 'value',
  question: 'Which recently acquired customers will be worth most, and where does value come from?',
  requires: ['orders'],
  /** Days since the first purchase of a new customer, length of the list, and days since it of those who are compared by group. */
  params: { newWithinDays: 90, top: 50, acquiredWithinDays: 365 },
  inputs: {
    totals: 'totals.sql',
    list: 'list.sql',
    steps: 'steps.sql',
    groups: 'groups.sql',
    weeks: 'weeks.sql',
    actions: 'actions.sql',
    yearAgo: 'year_ago.sql',
  },
  exports: { customers: 'customers.sql' },
  run(tables, context): Result {
    const value = measure(tables, context);
    const { figures, omitted: undrawn } = valueFigures(value);
    const { tables: filled, omitted: unfilled } = valueTables(value);
    return {
      headline: headline(value),
      summary: summary(value),
      metrics: valueMetrics(value),
      findings: valueFindings(value),
      figures,
      tables: filled,
      caveats: caveats(value),
      omitted: { ...undrawn, ...unfilled },
      method: method(value),
    };
  },
});
