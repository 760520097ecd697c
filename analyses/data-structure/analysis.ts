import { defineAnalysis } from '#contract/analysis.ts';
import { lateAfterDays } from '#contract/freshness.ts';
import type { Metric } from '#contract/metric.ts';
import { prose } from '#contract/prose.ts';
import { type DataFacts, factsOf } from './facts.ts';
import { figuresOf } from './figures.ts';
import { findingsOf } from './findings.ts';
import { tablesOf } from './tables.ts';

export default defineAnalysis({
  id: 'data-structure',
  area: 'data',
  question: 'What are the data, how complete and fresh are they, and can the reports rest on them?',
  requires: ['orders'],
  params: { lateAfterDays },
  inputs: {
    models: 'catalog:models',
    columns: 'catalog:columns',
    relationships: 'catalog:relationships',
    tests: 'catalog:tests',
    profile: 'catalog:profile',
    exclusions: 'catalog:exclusions',
  },
  run(tables, context) {
    const { format, asOf, params } = context;
    const late = Number(params.lateAfterDays);
    const facts = factsOf(tables, asOf);
    const failed = facts.tests.filter(({ passed, severity }) => !passed && severity === 'stop');
    const warned = facts.tests.filter(({ passed, severity }) => !passed && severity !== 'stop');
    const orphans = facts.relationships.reduce((sum, { orphans: n }) => sum + (n ?? 0), 0);
    const rows = facts.entities.reduce((sum, { rows: n }) => sum + n, 0);
    const { figures, omitted } = figuresOf(facts, context);
    return {
      headline:
        failed.length > 0
          ? prose`${format.count(failed.length)} of ${format.count(facts.tests.length)} data tests failed: read the figures with care`
          : orphans > 0
            ? prose`The data pass their tests; ${format.count(orphans)} references lead nowhere`
            : prose`Every reference leads somewhere, and the data pass their tests`,
      summary: prose`The reports rest on ${format.count(rows)} rows in ${format.word(facts.entities.filter((entity) => entity.rows > 0).length)} tables up to ${format.date(asOf)}. ${format.count(facts.tests.length)} data tests were made: ${format.count(facts.tests.length - failed.length - warned.length)} passed, ${format.word(warned.length).replace('no', 'none')} warned and ${format.word(failed.length).replace('no', 'none')} failed.`,
      metrics: metricsOf(facts, { rows, orphans, asOf: format.date(asOf) }),
      findings: findingsOf(facts, { format, late, asOf }),
      figures,
      tables: tablesOf(facts, context),
      caveats: [
        prose`What lies after ${format.date(asOf)} is no part of this report and is not counted here: a report for this date says the same whenever it is made.`,
        prose`A test finds rows that contradict each other; a wrong value that is consistent with all others passes.`,
      ],
      omitted,
      method: {
        text: [
          prose`Tables, columns and keys are read from the models' own descriptions; counts are exact. A relationship is whole when each key that is not empty is found in the table that it refers to.`,
          prose`A table is called late when its newest row is more than ${format.count(late)} days older than the end of the as-of day.`,
        ],
        tested: facts.tests.length,
        called: failed.length + warned.length,
      },
    };
  },
});

function metricsOf({ tests, entities }: DataFacts, { rows, orphans, asOf }: { rows: number; orphans: number; asOf: string }): Metric[] {
  const passed = tests.filter((test) => test.passed).length;
  const metric = (
    id: string,
    label: string,
    unit: Metric['unit'],
    polarity: Metric['polarity'],
    value: number | null,
    n: number,
  ): Metric => ({
    ...{ id, definition: id, label, unit, polarity, value, n, period: asOf, comparisons: [] },
  });
  const orders = entities.find(({ model }) => model === 'stg_orders');
  return [
    metric('rows_read', 'Rows read', 'count', 'none', rows, rows),
    metric('tests_passed', 'Data tests passed', 'share', 'up', tests.length > 0 ? passed / tests.length : null, tests.length),
    metric('orphan_references', 'References that lead nowhere', 'count', 'down', orphans, rows),
    metric('order_age', 'Age of the newest order', 'days', 'down', orders?.age ?? null, orders?.rows ?? 0),
  ];
}
