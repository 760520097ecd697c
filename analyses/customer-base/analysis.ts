import { defineAnalysis, type Result } from '#contract/analysis.ts';
import { measure } from './base.ts';
import { customerFigures } from './figures.ts';
import { customerFindings } from './findings.ts';
import { customerMetrics } from './metrics.ts';
import { caveats, headline, method, summary } from './story.ts';
import { customerTables } from './tables.ts';

export default defineAnalysis({
  id: 'customer-base',
  area: 'customers',
  question: 'Who are our customers, are we winning and keeping enough of them, and how much rests on a few?',
  requires: ['orders'],
  params: {},
  inputs: {
    months: 'months.sql',
    weeks: 'weeks.sql',
    orders: 'orders.sql',
    cohorts: 'cohorts.sql',
    groups: 'groups.sql',
    spend: 'spend.sql',
    signups: 'signups.sql',
  },
  run(tables, context): Result {
    const base = measure(tables, context);
    const { figures, omitted: undrawn } = customerFigures(base);
    const { tables: filled, omitted: unfilled } = customerTables(base);
    return {
      headline: headline(base),
      summary: summary(base),
      metrics: customerMetrics(base),
      findings: customerFindings(base),
      figures,
      tables: filled,
      caveats: caveats(base),
      omitted: { ...undrawn, ...unfilled },
      method: method(base),
    };
  },
});
