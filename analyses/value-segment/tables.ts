import type { Formatter } from '#contract/format.ts';
import { prose } from '#contract/prose.ts';
import type { Row } from '#contract/row.ts';
import type { Table } from '#contract/table.ts';
import { percent } from '../shared/words.ts';
import { labelOf } from './feature.ts';
import { binsOf } from './spread.ts';
import { type Learned, leastGain, methodOf, type Study } from './study.ts';
import { boundaryWords, judgedSpan, rivalWords, segmentNames, shareOf, taughtSpan, valueShare } from './words.ts';

export const tableIds = ['segments', 'methods', 'points'] as const;

const shownBins = 16;

export function segmentTables(study: Study, learned: Learned): Table[] {
  return [segmentTable(study, learned), methodTable(study, learned), pointTable(study, learned)];
}

const between = (format: Formatter, found: { low: number; high: number } | null) =>
  found ? prose`${percent(format, Math.round(found.low * 1000) / 1000)}–${percent(format, Math.round(found.high * 1000) / 1000)}` : null;
const ratios = (format: Formatter, found: { low: number; high: number } | null) =>
  found ? prose`${format.ratio(found.low)}–${format.ratio(found.high)}` : null;

function segmentTable(study: Study, learned: Learned): Table {
  const { format } = study.context;
  const { judging, training, today } = learned;
  const own = methodOf(learned, 'scorecard')!.confusion;
  const words = boundaryWords(learned, study);
  const meanOf = (k: number) => {
    const at = judging.laterValue.filter((_, i) => judging.said[i] === k);
    return at.length > 0 ? at.reduce((sum, value) => sum + value, 0) / at.length : null;
  };
  const rows = [2, 1, 0].map((k): Row => {
    const { precision, recall, predicted } = own.classes[k]!;
    return {
      ...{
        segment: segmentNames[k]!,
        brings: words[k]!,
        taught: shareOf(training.segment, k),
        came: shareOf(judging.segment, k),
        named: predicted,
      },
      ...{ precision: precision?.value ?? null, precision_between: between(format, precision) },
      ...{ recall: recall?.value ?? null, recall_between: between(format, recall), mean_value: meanOf(k) },
      ...(today && study.handed ? { today: today[k]!.customers } : {}),
    };
  });
  const high = own.classes[2]!;
  const held = valueShare(judging.laterValue, (i) => judging.said[i] === 2);
  return {
    id: 'segments',
    title:
      high.precision && held !== null
        ? prose`Of those named high ${format.share(high.precision.value)} became so; they brought ${format.share(held)} of what came`
        : 'The scorecard names nobody high',
    subtitle: prose`Later value within ${format.count(judging.horizonDays)} days: taught by ${taughtSpan(learned, study)}, judged by ${judgedSpan(learned, study)}, ${format.count(judging.n)} customers`,
    columns: [
      { key: 'segment', label: 'Segment', type: 'text' },
      { key: 'brings', label: 'Brings later', type: 'text' },
      { key: 'taught', label: 'Share taught', type: 'share' },
      { key: 'came', label: 'Share that came', type: 'share' },
      { key: 'named', label: 'Named', type: 'count' },
      { key: 'precision', label: 'Of them right', type: 'share' },
      { key: 'precision_between', label: 'Interval', type: 'text' },
      { key: 'recall', label: 'Found of all such', type: 'share' },
      { key: 'recall_between', label: 'Interval', type: 'text' },
      { key: 'mean_value', label: 'Mean value of those named', type: 'money' },
      ...(today && study.handed ? [{ key: 'today', label: 'Named today', type: 'count' } as const] : []),
    ],
    rows,
    note: prose`The boundaries come from the first span alone. ${learned.boundaries.rule === 'nothing' ? 'Low is who brings nothing; the others are halved at the median of what they brought.' : 'The segments are thirds of what customers brought.'} Intervals: Wilson, ${percent(format, 0.95)}.`,
  };
}

function methodTable(study: Study, learned: Learned): Table {
  const { format } = study.context;
  const rows = learned.methods.map(
    ({ name, aucHigh, aucAny, kappa, confusion, topTenth, gain }): Row => ({
      ...{ method: name, auc_high: aucHigh?.value ?? null, auc_between: between(format, aucHigh), auc_any: aucAny?.value ?? null },
      ...{ kappa: kappa?.value ?? (aucHigh ? null : 0), kappa_between: ratios(format, kappa), right: confusion.accuracy?.value ?? null },
      ...{ top_tenth: topTenth, gain: gain?.auc.difference ?? null },
      gain_between: gain ? prose`${format.points(gain.auc.low)} to ${format.points(gain.auc.high)}` : null,
    }),
  );
  const { gain } = study.rival!;
  const rival = rivalWords(study.rival!);
  const title =
    gain === null
      ? 'The scorecard beside plainer ways'
      : gain.auc.low > 0
        ? prose`The scorecard ranks more pairs rightly than ${rival}`
        : gain.auc.high < 0
          ? prose`The scorecard ranks fewer pairs rightly than ${rival}`
          : prose`The scorecard is not told apart from ${rival}`;
  return {
    id: 'methods',
    title,
    subtitle: prose`Named on ${format.date(learned.judging.date)}, judged by ${judgedSpan(learned, study)}; every ranking fills the segments with as many customers as the scorecard`,
    columns: [
      { key: 'method', label: 'Method', type: 'text' },
      { key: 'auc_high', label: 'Pairs right, high', type: 'share' },
      { key: 'auc_between', label: 'Interval', type: 'text' },
      { key: 'auc_any', label: 'Pairs right, any value', type: 'share' },
      { key: 'kappa', label: 'Kappa', type: 'ratio' },
      { key: 'kappa_between', label: 'Interval', type: 'text' },
      { key: 'right', label: 'Segments right', type: 'share' },
      { key: 'top_tenth', label: 'Value in first tenth', type: 'share' },
      { key: 'gain', label: 'Scorecard ahead by', type: 'points' },
      { key: 'gain_between', label: 'Interval', type: 'text' },
    ],
    rows,
    note: prose`Pairs right: AUC, half by chance. Kappa: agreement beyond chance, nought by chance, one at best. Naming the most frequent segment for everybody is right often and useless. A lead below ${format.points(leastGain).replace('+', '')} is not worth a second model.`,
  };
}

function pointTable(study: Study, learned: Learned): Table {
  const { format } = study.context;
  const all = binsOf(learned);
  const shown = all.slice(0, shownBins);
  const left = all.length - shown.length;
  const [first] = shown;
  return {
    id: 'points',
    title: prose`${labelOf(first!.feature)}: «${first!.bin}» moves the odds most`,
    subtitle: prose`The ${format.count(shown.length)} bins of ${format.count(all.length)} that move the odds of high against low most, all else equal; an association`,
    columns: [
      { key: 'feature', label: 'Feature', type: 'text' },
      { key: 'bin', label: 'Bin', type: 'text' },
      { key: 'taught', label: 'Customers taught', type: 'count' },
      { key: 'odds', label: 'Odds, times', type: 'ratio' },
      { key: 'came', label: 'Became high', type: 'share' },
      { key: 'came_between', label: 'Interval', type: 'text' },
    ],
    rows: shown.map(({ feature, bin, taught, logOdds, came }) => ({
      ...{ feature: labelOf(feature), bin, taught, odds: Math.exp(logOdds) },
      ...{ came: came?.value ?? null, came_between: between(format, came) },
    })),
    ...(left > 0 ? { note: prose`${format.count(left)} further bins move them less.` } : {}),
  };
}
