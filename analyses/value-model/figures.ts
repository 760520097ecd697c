import { heatmap } from '#chart/heatmap.ts';
import { lineChart } from '#chart/line.ts';
import type { Figure } from '#contract/figure.ts';
import type { Formatter } from '#contract/format.ts';
import { prose } from '#contract/prose.ts';
import type { Row } from '#contract/row.ts';
import { addDays } from '../shared/day.ts';
import { percent, sentence } from '../shared/words.ts';
import { type Agreement, byFrequency, byRecency, called, differenceFloor, leastInClass } from './agreement.ts';
import { daysAWeek } from './input.ts';
import { horizons } from './score.ts';
import { spendFigures } from './spend-figures.ts';
import type { Study } from './study.ts';

/** A figure, or the reason why this shop can't have it. */
export type Drawn = { id: string } & ({ figure: Figure } | { omitted: string });

export function drawn(figure: Figure): Drawn {
  return { id: figure.id, figure };
}

export function modelFigures(study: Study): Drawn[] {
  return [weekly(study), cumulative(study), ...agreement(study), matrix(study), alive(study), ...spendFigures(study)];
}

/** Why nothing was judged, as a sentence without its full stop. */
export function unjudged({ choice, input: { calibration } }: Study): string {
  return calibration.cutoff === null ? 'The data are too short for a holdout' : prose`${sentence(choice.why)}`;
}

/** '18 May to 15 November 2026'. */
export function holdoutSpan({ input: { calibration }, context: { format } }: Study): string {
  const { cutoff, holdoutDays } = calibration;
  return format.span(addDays(cutoff!, 1), addDays(cutoff!, holdoutDays));
}

/** Actual less expected over expected, in words: '8.0% fewer than expected'. */
export function againstExpected(format: Formatter, ratio: number): string {
  const size = format.share(Math.abs(ratio - 1));
  if (!/[1-9]/.test(size)) return 'as many as expected';
  return prose`${size} ${ratio < 1 ? 'fewer' : 'more'} than expected`;
}

const leastWeeks = 8;

function tracked(study: Study, id: string): { id: string; omitted: string } | null {
  if (!study.choice.calibrated) return { id, omitted: unjudged(study) };
  if (study.weeks.length < leastWeeks) return { id, omitted: prose`Fewer than ${study.context.format.word(leastWeeks)} weeks to track` };
  return null;
}

function boundary({ input: { calibration }, context: { format } }: Study) {
  return [{ date: addDays(calibration.cutoff!, 1), label: prose`Holdout begins, ${format.dayMonth(addDays(calibration.cutoff!, 1))}` }];
}

function weekly(study: Study): Drawn {
  const missing = tracked(study, 'weekly-tracking');
  if (missing) return missing;
  const { context, choice, weeks } = study;
  const { format } = context;
  return drawn(
    lineChart({
      id: 'weekly-tracking',
      title: (rows) => {
        const held = rows.filter((row) => row.holdout);
        const miss = meanMiss(held);
        return prose`Week by week the holdout missed what was expected by ${format.share(miss)} on average`;
      },
      subtitle: prose`Repeat purchases a week of the customers won by ${format.date(study.input.calibration.cutoff!)}; grey: expected by ${choice.name} fitted up to that day`,
      of: 'weekly repeat purchases',
      reason: prose`those expected by ${choice.name} are drawn beside those made, before and after the cut-off`,
      ...{ format, unit: 'count', x: 'week', y: 'purchases', compare: 'expected', compareLabel: 'Expected', zero: true },
      rows: weeks.map(({ week, actual, expected, isHoldout }) => ({ week, purchases: actual, expected, holdout: isHoldout })),
      annotations: boundary(study),
      note: prose`Weeks of seven days counted from the cut-off. The expectation knows on which days customers were won and nothing of what they did since.`,
    }),
  );
}

/** Mean of |actual − expected| over the mean expected. */
function meanMiss(rows: Row[]): number {
  const miss = rows.reduce((sum, row) => sum + Math.abs(Number(row.purchases) - Number(row.expected)), 0);
  return miss / rows.reduce((sum, row) => sum + Number(row.expected), 0);
}

function cumulative(study: Study): Drawn {
  const missing = tracked(study, 'cumulative-tracking');
  if (missing) return missing;
  const { context, choice, weeks } = study;
  const { format } = context;
  return drawn(
    lineChart({
      id: 'cumulative-tracking',
      title: (rows) => {
        const held = rows.filter((row) => row.holdout);
        const before = rows[rows.length - held.length - 1];
        const grown = (key: string) => Number(held.at(-1)?.[key]) - Number(before?.[key] ?? 0);
        return prose`The holdout brought ${format.count(grown('purchases'))} repeat purchases, ${againstExpected(format, grown('purchases') / grown('expected'))}`;
      },
      subtitle: prose`Repeat purchases to date of the same customers; grey: expected by ${choice.name}`,
      of: 'cumulative repeat purchases',
      reason: prose`those expected by ${choice.name} are drawn beside those made`,
      ...{ format, unit: 'count', x: 'week', y: 'purchases', compare: 'expected', compareLabel: 'Expected', zero: true },
      rows: weeks.map(({ week, actualToDate, expectedToDate, isHoldout }) => ({
        ...{ week, purchases: actualToDate, expected: expectedToDate, holdout: isHoldout },
      })),
      annotations: boundary(study),
      note: prose`Expected from the days on which customers were won alone. The table above expects by what each had done up to the cut-off.`,
    }),
  );
}

/** What was bought in the holdout by class, beside what was expected; none where no model was judged. */
export function agreementOf({ choice: { method }, input: { calibration }, context: { format } }: Study): {
  frequency: Agreement[];
  recency: Agreement[];
} {
  if (!method) return { frequency: [], recency: [] };
  const show = ({ from, to }: { from: number; to: number }) => {
    if (to === Number.POSITIVE_INFINITY) return prose`${format.count(from)} or more`;
    return to - from === 1 ? format.count(from) : prose`${format.count(from)}–${format.count(to - 1)}`;
  };
  return { frequency: byFrequency(calibration, method, show), recency: byRecency(calibration, method, show) };
}

function agreement(study: Study): Drawn[] {
  const { context, choice } = study;
  const { format } = context;
  const { frequency, recency } = agreementOf(study);
  const off = new Set(called([...frequency, ...recency]));
  const chart = (id: string, classes: Agreement[], what: string, xTitle: string): Drawn => {
    if (!choice.method) return { id, omitted: unjudged(study) };
    if (classes.length < 2) return { id, omitted: prose`Fewer than two classes of ${format.count(leastInClass)} customers` };
    return drawn(
      lineChart({
        ...{ id, width: 'half', format, unit: 'ratio', x: 'at', y: 'actual', compare: 'expected', compareLabel: 'Expected' },
        ...{ band: { low: 'low', high: 'high' }, zero: true, endLabel: false, xTitle },
        title: (rows) => {
          const out = rows.filter((row) => row.called).length;
          if (out === 0) return prose`Each class by ${what} bought as expected`;
          return prose`${format.count(out)} of ${format.count(rows.length)} classes by ${what} bought otherwise than expected`;
        },
        subtitle: prose`Purchases a customer in the holdout with ${percent(format, 0.95)} intervals (shaded); grey: expected by ${choice.name}`,
        of: prose`purchases a customer in the holdout by ${what}`,
        reason: prose`the expectation of ${choice.name} is drawn beside the mean with its interval`,
        rows: classes.map((one) => ({ ...one, called: off.has(one) })),
        marks: 'called',
        note: prose`Open circles: off by ${percent(format, differenceFloor)} or more, beyond chance. Classes of at least ${format.count(leastInClass)} customers.`,
      }),
    );
  };
  return [
    chart('by-frequency', frequency, 'frequency', 'Repeat purchases before the cut-off'),
    chart('by-recency', recency, 'recency', 'Weeks from the last purchase to the cut-off'),
  ];
}

/** Weeks since the last purchase that the matrices have rows for. */
const silent = [0, 2, 4, 8, 13, 20, 26, 39, 52, 78];
const frequencies = [0, 1, 2, 3, 4, 5, 6, 8, 10, 15, 20];

/** A customer's age in the matrices: a year, or less where the shop has no customers so old. */
function matrixAge({ choice: { rows } }: Study): number {
  const oldest = rows.T.reduce((most, T) => Math.max(most, T), 0);
  return Math.min(52, Math.floor(oldest));
}

/** The highest frequency that enough customers have reached. */
function commonFrequency({ choice: { rows } }: Study): number {
  let customers = 0;
  for (let i = rows.x.length - 1; i >= 0; i--) {
    customers += rows.weight[i]!;
    if (customers >= leastInClass) return rows.x[i]!;
  }
  return rows.frequencies.at(-1) ?? 0;
}

function cells(study: Study, value: (x: number, tx: number, T: number) => number): Row[] {
  const age = matrixAge(study);
  const most = commonFrequency(study);
  return [...silent.filter((weeks) => weeks < age), age].flatMap((weeks) =>
    frequencies
      .filter((x) => x <= most && (x === 0) === (weeks === age))
      .map((x) => ({ frequency: x, weeks, value: value(x, x === 0 ? 0 : age - weeks, age) })),
  );
}

function matrix(study: Study): Drawn {
  const { choice, context } = study;
  const { format } = context;
  const { model } = choice;
  if (!model || !choice.fit?.candidate.hasDropout)
    return {
      id: 'expected-matrix',
      omitted: 'Purchases by frequency and recency: the model that scores this shop does not look at recency',
    };
  const year = horizons.year / daysAWeek;
  const rows = cells(study, (x, tx, T) => model.law.expected(model.parameters, x, tx, T, year));
  if (rows.length < 4) return { id: 'expected-matrix', omitted: 'The data are too short for a matrix' };
  return drawn(
    heatmap({
      ...{ id: 'expected-matrix', format, unit: 'ratio', rows, x: 'frequency', y: 'weeks', value: 'value' },
      ...{ showX: (key) => format.count(Number(key)), showY: (key) => format.count(Number(key)), xTitle: 'Repeat purchases so far' },
      title: (drawnRows) => {
        const top = drawnRows.reduce((a, b) => (Number(b.value) > Number(a.value) ? b : a));
        return prose`A customer with ${format.count(Number(top.frequency))} repeat purchases, the last just now, is expected to make ${format.ratio(Number(top.value))} more in a year`;
      },
      subtitle: prose`Expected purchases in the next ${format.count(horizons.year)} days by ${choice.name}, of customers won ${format.count(matrixAge(study))} weeks ago; rows: weeks since the last purchase`,
      of: 'expected purchases by frequency and recency',
      reason: 'they rise with frequency and fall with the weeks of silence',
      note: 'The single cell of the lowest row is a customer who has bought once.',
    }),
  );
}

function alive(study: Study): Drawn {
  const id = 'alive-matrix';
  const { choice, context } = study;
  const { format } = context;
  const { model } = choice;
  if (!model) return { id, omitted: 'Chance of being active: no model scores this shop' };
  if (!choice.fit?.candidate.hasDropout)
    return { id, omitted: 'Chance of being active: the model that scores this shop has no leaving, all customers count as active' };
  const rows = cells(study, (x, tx, T) => model.law.alive(model.parameters, x, tx, T));
  if (rows.length < 4) return { id, omitted: 'The data are too short for a matrix' };
  return drawn(
    heatmap({
      ...{ id, format, unit: 'share', rows, x: 'frequency', y: 'weeks', value: 'value', xTitle: 'Repeat purchases so far' },
      ...{ showX: (key) => format.count(Number(key)), showY: (key) => format.count(Number(key)) },
      write: (value) => percent(format, Math.round(value * 100) / 100),
      title: (drawnRows) => {
        const age = matrixAge(study);
        const at = drawnRows.filter((row) => Number(row.weeks) < age).map((row) => Number(row.weeks));
        const longest = at.reduce((a, b) => Math.max(a, b), 0);
        const last = drawnRows.filter((row) => Number(row.weeks) === longest);
        const [low, high] = [last[0]!, last.at(-1)!];
        return prose`After ${format.count(longest)} weeks of silence a customer of ${format.count(Number(low.frequency))} repeat ${Number(low.frequency) === 1 ? 'purchase' : 'purchases'} is active with ${format.share(Number(low.value))}, one of ${format.count(Number(high.frequency))} with ${format.share(Number(high.value))}`;
      },
      subtitle: prose`Chance of being active by ${choice.name}, of customers won ${format.count(matrixAge(study))} weeks ago; rows: weeks since the last purchase`,
      of: 'chance of being active by frequency and recency',
      reason: 'it falls with silence, and faster for those who used to buy often',
      ...(choice.id === 'bg-nbd' && {
        note: prose`${choice.name} lets customers leave after a repeat purchase only: one who bought once counts as active for certain.`,
      }),
    }),
  );
}
