import { defineAnalysis } from '#contract/analysis.ts';
import { artifactOf } from './artifact.ts';
import { modelFigures } from './figures.ts';
import { modelFindings } from './findings.ts';
import { modelMetrics } from './metrics.ts';
import { caveats, headline, method, summary } from './story.ts';
import { measure } from './study.ts';
import { modelTables } from './tables.ts';

export default defineAnalysis({
  id: 'value-model',
  area: 'value',
  question: 'How far can predicted customer value be trusted in this shop?',
  requires: ['orders'],
  /** Effective discount a year: value of the next year is discounted to today. */
  params: { discountPerYear: 0.15 },
  inputs: {
    histories: 'histories.sql',
    spend: 'spend.sql',
    calibration: 'calibration.sql',
    spendCalibration: 'spend_calibration.sql',
    days: 'days.sql',
  },
  run(tables, context) {
    const study = measure(tables, context);
    const figures = modelFigures(study);
    const made = modelTables(study);
    return {
      headline: headline(study),
      summary: summary(study),
      metrics: modelMetrics(study),
      findings: modelFindings(study),
      figures: figures.flatMap((item) => ('figure' in item ? [item.figure] : [])),
      tables: made.flatMap((item) => ('table' in item ? [item.table] : [])),
      caveats: caveats(study),
      omitted: Object.fromEntries([...figures, ...made].flatMap((item) => ('omitted' in item ? [[item.id, item.omitted]] : []))),
      method: method(study),
      relations: { scores: study.scores.relation },
      artifacts: { model: artifactOf(study) },
    };
  },
});
