import type { ColumnTable } from 'arquero';
import type { Context, Result } from '#contract/analysis.ts';
import { cardOf } from './artifact.ts';
import { recommendationFigures } from './figures.ts';
import { recommendationFindings } from './findings.ts';
import { recommendationMetrics } from './metrics.ts';
import { caveats, headline, method, summary } from './story.ts';
import { measure } from './study.ts';
import { recommendationTables } from './tables.ts';
import type { TextEffects } from './text-model.ts';

/** The analysis, with what may leave the process handed in: nothing does unless an embedding endpoint is configured. */
export async function recommendations(tables: Record<string, ColumnTable>, context: Context, effects: TextEffects): Promise<Result> {
  const study = await measure(tables, context, effects);
  const { figures, omitted: undrawn } = recommendationFigures(study);
  const { tables: filled, omitted: unfilled } = recommendationTables(study);
  const { catalogue, isOffered } = study.input;
  return {
    headline: headline(study),
    summary: summary(study),
    metrics: recommendationMetrics(study),
    findings: recommendationFindings(study),
    figures,
    tables: filled,
    caveats: caveats(study),
    omitted: { ...undrawn, ...unfilled },
    method: method(study),
    relations: { offered: { product_id: catalogue.ids.filter((_, p) => isOffered[p] === 1) } },
    artifacts: { index: study.bytes, card: cardOf(study) },
  };
}
