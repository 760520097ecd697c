import { dotInterval } from '#chart/interval.ts';
import type { Figure } from '#contract/figure.ts';
import { prose } from '#contract/prose.ts';
import type { Result } from '#recommender/appraise.ts';
import { recallAt } from '#recommender/evaluate.ts';
import { defaultLevel, type Estimate } from '#stats/estimate.ts';
import { percent } from '../shared/words.ts';
import { mapFigure } from './map-figure.ts';
import type { Study } from './study.ts';
import { candidateName, unjudged, windowSpan } from './words.ts';

/** Customers of a slice, below which it isn't drawn. */
const leastInSlice = 30;

export function recommendationFigures(study: Study): { figures: Figure[]; omitted: Record<string, string> } {
  const figures: Figure[] = [];
  const omitted: Record<string, string> = {};
  const draw = (id: string, made: Figure | string) => {
    if (typeof made === 'string') omitted[id] = made;
    else figures.push(made);
  };
  draw('evaluation', evaluation(study));
  draw('slices', slices(study));
  draw('map', study.places.length < 3 ? 'fewer than three products that were sold and differ' : mapFigure(study));
  return { figures, omitted };
}

function evaluation(study: Study): Figure | string {
  const { format, appraisal, baseline, served, worth } = study;
  const { results, test, verdict } = appraisal;
  if (!test || !baseline?.recall || !served) return unjudged(study);
  const rows = results
    .filter((result): result is Result & { recall: Estimate } => result.recall !== null)
    .map(({ id, recall }) => ({
      ...{
        recommender: candidateName(id, study),
        recall: recall.value,
        low: recall.low,
        high: recall.high,
        served: id === appraisal.served,
      },
    }));
  return dotInterval({
    ...{
      id: 'evaluation',
      format,
      rows,
      unit: 'share',
      label: 'recommender',
      value: 'recall',
      low: 'low',
      high: 'high',
      emphasis: 'served',
    },
    ...{
      reference: baseline.recall.value,
      referenceLabel: prose`best sellers ${format.share(baseline.recall.value)}`,
      height: 60 + 24 * rows.length,
    },
    title: (drawn) => {
      const own = drawn.find((row) => row.served);
      return verdict === 'beats-popularity' || study.contentAhead
        ? prose`${String(own?.recommender)}: ${format.share(Number(own?.recall))} of purchases foretold, best sellers ${format.share(baseline.recall!.value)}`
        : prose`No personal list foretells purchases better than what sells, beyond noise`;
    },
    subtitle: prose`Recall at ${format.count(recallAt)}: part of what a customer bought that stood on the list made before; ${format.count(test.customers)} customers, ${windowSpan(study, test)}; ${percent(format, defaultLevel)} intervals.`,
    of: 'purchases foretold by recommender',
    reason:
      verdict === 'beats-popularity' || study.contentAhead
        ? 'the one served lies above the best sellers'
        : 'none lies above the best sellers beyond noise',
    note: prose`Coloured: what is served. Recent: of the last four weeks. ${worth && worth.known > 0 ? prose`Of ${format.count(worth.known)} customers with a history ${format.count(worth.buyers)} bought something new to them.` : ''}`,
  });
}

const sliceWords = {
  warmProducts: 'Bought before',
  coldProducts: 'New to all',
  fewProducts: 'Short history',
  manyProducts: 'Long history',
} as const;

function slices(study: Study): Figure | string {
  const { format, appraisal, baseline, served } = study;
  if (!appraisal.test || !baseline || !served) return unjudged(study);
  const keys = (Object.keys(sliceWords) as (keyof typeof sliceWords)[]).filter(
    (key) => (served[key]?.n ?? 0) >= leastInSlice && (baseline[key]?.n ?? 0) >= leastInSlice,
  );
  if (keys.length === 0) return prose`no slice with ${format.count(leastInSlice)} customers`;
  const rows = keys.flatMap((key) =>
    [served, baseline].map((result) => ({
      ...{ slice: prose`${sliceWords[key]}: ${result === served ? 'served' : 'sellers'}`, recall: result[key]!.value },
      ...{ low: result[key]!.low, high: result[key]!.high, served: result === served, customers: result[key]!.n },
    })),
  );
  return dotInterval({
    ...{ id: 'slices', format, rows, unit: 'share', label: 'slice', value: 'recall', low: 'low', high: 'high', emphasis: 'served' },
    ...{ given: true, height: 40 + 22 * rows.length },
    title: (drawn) => {
      const ahead = keys.filter((_, i) => Number(drawn[2 * i]?.low) > Number(drawn[2 * i + 1]?.high)).length;
      return ahead === 0
        ? prose`In no slice does the served list stand clear of best sellers`
        : prose`The served list stands clear of best sellers in ${format.word(ahead)} of ${format.word(keys.length)} slices`;
    },
    subtitle: prose`Recall at ${format.count(recallAt)} by kind of product and of customer, ${windowSpan(study, appraisal.test)}; ${percent(format, defaultLevel)} intervals.`,
    of: 'purchases foretold by slice',
    reason: prose`${format.count(keys.length)} slices have ${format.count(leastInSlice)} customers or more`,
    note: 'Bought before: products that anybody had bought before the weeks held out. Short history: one or two products. Sellers: best sellers. Clear: the intervals do not touch.',
  });
}
