import { heatmap } from '#chart/heatmap.ts';
import { dotInterval } from '#chart/interval.ts';
import { lineChart } from '#chart/line.ts';
import { rankedBars } from '#chart/ranked.ts';
import type { Figure } from '#contract/figure.ts';
import { prose } from '#contract/prose.ts';
import type { Row } from '#contract/row.ts';
import { percent } from '../shared/words.ts';
import { labelOf } from './feature.ts';
import { spreadOf } from './spread.ts';
import { type Learned, methodOf, type Study } from './study.ts';
import { judgedSpan, rivalWords, segmentNames } from './words.ts';

const level = 0.95;

export const figureIds = ['segment-confusion', 'segment-auc', 'segment-calibration', 'segment-weights'] as const;

export function segmentFigures(study: Study, learned: Learned): Figure[] {
  return [confusionFigure(study, learned), aucFigure(study, learned), calibrationFigure(study, learned), weightsFigure(study, learned)];
}

function confusionFigure(study: Study, learned: Learned): Figure {
  const { format } = study.context;
  const { counts } = methodOf(learned, 'scorecard')!.confusion;
  const rows = counts.flatMap((row, came) => {
    const all = row.reduce((sum, n) => sum + n, 0);
    return row.map((customers, said): Row => ({ came: segmentNames[came]!, said: segmentNames[said]!, share: customers / all, customers }));
  });
  const high = counts[2]!.reduce((sum, n) => sum + n, 0);
  return heatmap({
    ...{ id: 'segment-confusion', format, rows, unit: 'share', x: 'said', y: 'came', value: 'share', xTitle: 'Named beforehand' },
    ...{ sortX: [...segmentNames], sortY: [...segmentNames].reverse(), height: 150 },
    title: (drawn) => {
      const share = Number(drawn.find(({ came, said }) => came === 'High' && said === 'High')!.share);
      return prose`${format.share(share)} of the customers who became high had been named high`;
    },
    subtitle: prose`Segment that came, ${judgedSpan(learned, study)} (rows), by the segment named on ${format.date(learned.judging.date)}; each row adds up to all who became so.`,
    of: 'segments that came by segments named beforehand',
    reason: prose`${format.count(counts[2]![2]!)} of ${format.count(high)} customers who became high were named so`,
  });
}

function aucFigure(study: Study, learned: Learned): Figure {
  const { format } = study.context;
  const rows = learned.methods.flatMap(({ id, name, aucHigh }): Row[] =>
    aucHigh ? [{ method: name, auc: aucHigh.value, low: aucHigh.low, high: aucHigh.high, is_own: id === 'scorecard' }] : [],
  );
  const [own, rival] = [methodOf(learned, 'scorecard')!, study.rival!];
  return dotInterval({
    ...{ id: 'segment-auc', format, rows, unit: 'share', label: 'method', value: 'auc', low: 'low', high: 'high', emphasis: 'is_own' },
    ...{ reference: 0.5, referenceLabel: 'Chance' },
    title: () => {
      const [value, other] = [format.share(own.aucHigh!.value), format.share(rival.aucHigh!.value)];
      return study.verdict === 'adds'
        ? prose`Learning ranks ${value} of the pairs rightly, the best plain ranking ${other}`
        : prose`Learning ranks ${value} of the pairs rightly, ${rivalWords(rival)} ${other}`;
    },
    subtitle: prose`Share of pairs of a customer who became high and one who did not in which the first was ranked higher, with ${percent(format, level)} intervals; ${format.count(learned.judging.n)} customers.`,
    of: 'pairs ranked rightly by each method',
    reason: prose`the scorecard ranks ${format.share(own.aucHigh!.value)} of them rightly where chance would rank half`,
  });
}

function calibrationFigure(study: Study, learned: Learned): Figure {
  const { format } = study.context;
  const groups = learned.calibration;
  const rows = groups.flatMap(({ stated, came, n }, g): Row[] => [
    { group: g + 1, series: 'Stated', chance: stated, low: null, high: null, customers: n },
    { group: g + 1, series: 'Came', chance: came.value, low: came.low, high: came.high, customers: n },
  ]);
  const right = groups.filter(({ stated, came }) => stated >= came.low && stated <= came.high).length;
  return lineChart({
    ...{
      id: 'segment-calibration',
      format,
      rows,
      unit: 'share',
      x: 'group',
      y: 'chance',
      series: 'series',
      zero: true,
      width: 'half',
      height: 220,
    },
    ...{ xTitle: 'Groups by stated chance, lowest first' },
    title: prose`In ${format.word(right)} of ${format.word(groups.length)} groups as many became high as stated`,
    subtitle: prose`Mean chance of becoming high as stated on ${format.date(learned.judging.date)}, and the share that did. A group counts where the stated chance lies in the ${percent(format, level)} interval of what came.`,
    of: 'stated chances and shares that came',
    reason: prose`the stated chance lies in the interval of what came in ${format.word(right)} of ${format.word(groups.length)} groups`,
  });
}

function weightsFigure(study: Study, learned: Learned): Figure {
  const { format } = study.context;
  const rows = spreadOf(learned).map(({ id, share }): Row => ({ feature: labelOf(id), share }));
  return rankedBars({
    ...{ id: 'segment-weights', format, rows, unit: 'share', label: 'feature', value: 'share', width: 'half', top: 8, height: 220 },
    title: (drawn) => prose`${String(drawn[0]!.feature)} weighs most in the scorecard`,
    subtitle: 'How much each feature moves the log-odds of high against low from customer to customer, as a share of all.',
    of: 'the features of the scorecard by weight',
    reason: prose`${String(rows[0]!.feature)} moves the odds most`,
  });
}
