import { defineAnalysis, type Result } from '#contract/analysis.ts';
import { changeFigures } from './figures-change.ts';
import { seasonFigures } from './figures-season.ts';
import { trendFigures } from './figures-trend.ts';
import { salesFindings } from './findings.ts';
import { definitions } from './kpis.ts';
import { measure } from './sales.ts';
import { caveats, headline, method, summary } from './story.ts';
import { salesTables } from './tables.ts';

export default defineAnalysis({
  id: 'sales-trends',
  area: 'sales',
  question: 'How did sales go this week, what is the change made of, and where are they heading?',
  requires: ['orders'],
  params: {},
  inputs: { weeks: 'weeks.sql', months: 'months.sql', days: 'days.sql', segments: 'segments.sql' },
  run(tables, context): Result {
    const sales = measure(tables, context);
    const figures = [...trendFigures(sales), ...changeFigures(sales), ...seasonFigures(sales)];
    const made = salesTables(sales);
    const omitted = [...figures, ...made].flatMap((item) => ('omitted' in item ? [[item.id, item.omitted] as const] : []));
    return {
      headline: headline(sales),
      summary: summary(sales),
      metrics: [...definitions.map(({ id }) => sales.kpis[id].metric), ...sales.ytdMetrics],
      findings: salesFindings(sales),
      figures: figures.flatMap((item) => ('figure' in item ? [item.figure] : [])),
      tables: made.flatMap((item) => ('table' in item ? [item.table] : [])),
      caveats: caveats(sales),
      omitted: Object.fromEntries(omitted),
      method: method(sales),
    };
  },
});
