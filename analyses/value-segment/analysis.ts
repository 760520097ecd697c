import { defineAnalysis, type Result } from '#contract/analysis.ts';
import { figureIds, segmentFigures } from './figures.ts';
import { segmentFindings } from './findings.ts';
import { segmentMetrics } from './metrics.ts';
import { relationsOf } from './scorecard.ts';
import { caveats, headline, method, summary } from './story.ts';
import { measure } from './study.ts';
import { segmentTables, tableIds } from './tables.ts';
import { unjudged } from './words.ts';

export default defineAnalysis({
  id: 'value-segment',
  area: 'value',
  question: 'Can it be learned beforehand who will be worth most, and better than by plain rankings?',
  requires: ['orders'],
  /** Customers of each moment that are learned from and judged, at most. */
  params: { sample: 20_000 },
  inputs: { rows: 'rows.sql' },
  exports: { segments: 'segments.sql' },
  run(tables, context): Result {
    const study = measure(tables, context);
    const { learned } = study;
    return {
      headline: headline(study),
      summary: summary(study),
      metrics: segmentMetrics(study),
      findings: segmentFindings(study),
      figures: learned ? segmentFigures(study, learned) : [],
      tables: learned ? segmentTables(study, learned) : [],
      caveats: caveats(study),
      omitted: learned ? {} : Object.fromEntries([...figureIds, ...tableIds].map((id) => [id, unjudged(study)])),
      method: method(study),
      relations: relationsOf(study.handed),
    };
  },
});
