import { prose } from '#contract/prose.ts';
import type { Row } from '#contract/row.ts';
import type { Table } from '#contract/table.ts';
import type { Fit } from '#stats/clv/fit.ts';
import { normalQuantile } from '#stats/distribution.ts';
import { percent, sentence } from '../shared/words.ts';
import type { Measured } from './accuracy.ts';
import { holdoutSpan, unjudged } from './figures.ts';
import { daysAWeek } from './input.ts';
import type { Study } from './study.ts';

/** A table, or the reason why this shop can't have it. */
type Made = { id: string } & ({ table: Table } | { omitted: string });

export function modelTables(study: Study): Made[] {
  return [holdoutTable(study), parameterTable(study)];
}

function holdoutTable(study: Study): Made {
  const id = 'holdout';
  const { holdout, choice, context, input } = study;
  const { format } = context;
  if (!holdout) return { id, omitted: unjudged(study) };
  const best = holdout.methods.reduce((most, { score }) => Math.max(most, score ?? Number.NEGATIVE_INFINITY), Number.NEGATIVE_INFINITY);
  const between = (measured: Measured, show: (value: number) => string) =>
    measured ? prose`${show(measured.low)}–${show(measured.high)}` : null;
  const whole = (value: number) => percent(format, Math.round(value * 100) / 100);
  const refused = holdout.fitted.filter((one) => one.refused.length > 0);
  const rows: Row[] = [
    ...holdout.methods.map(({ id: method, name, score, mae, rmse, bias, rank, capture }) => ({
      method: method === choice.id ? prose`${name} (used)` : name,
      score: score === null ? null : (score - best) * input.calibration.customers,
      ...{ mae: mae?.value ?? null, rmse: rmse?.value ?? null, bias: bias?.value ?? null, bias_between: between(bias, format.ratio) },
      ...{ rank: rank?.value ?? null, capture: capture?.value ?? null, capture_between: between(capture, whole) },
    })),
    ...refused.map(({ candidate: { name } }) => ({
      ...{ method: prose`${name} (refused)`, score: null, mae: null, rmse: null, bias: null, bias_between: null, rank: null },
      ...{ capture: null, capture_between: null },
    })),
  ];
  const used = choice.method;
  const zero = holdout.methods.find((method) => method.id === 'zero')!;
  const zeroIsCloser = used?.mae && zero.mae && zero.mae.value < used.mae.value;
  const verdicts = refused.map(({ candidate: { name }, refused: why }) => prose`${name} is refused: ${why.join('; ')}.`);
  return {
    id,
    table: {
      id,
      title:
        used?.capture && used.bias
          ? prose`${used.name}: the first tenth of its list made ${format.share(used.capture.value)} of the holdout’s purchases`
          : prose`${sentence(choice.name)} does not tell customers apart`,
      subtitle: prose`Predictions made on ${format.date(input.calibration.cutoff!)} for ${format.count(input.calibration.customers)} customers, judged by their ${format.count(input.calibration.laterPurchases)} purchases from ${holdoutSpan(study)}`,
      columns: [
        { key: 'method', label: 'Method', type: 'text' },
        { key: 'score', label: 'Log score', type: 'count' },
        { key: 'mae', label: 'MAE', type: 'ratio' },
        { key: 'rmse', label: 'RMSE', type: 'ratio' },
        { key: 'bias', label: 'Actual / expected', type: 'ratio' },
        { key: 'bias_between', label: 'interval', type: 'text' },
        { key: 'rank', label: 'Rank corr.', type: 'ratio' },
        { key: 'capture', label: 'First tenth', type: 'share' },
        { key: 'capture_between', label: 'interval', type: 'text' },
      ],
      rows,
      note: [
        prose`Log score: what the method’s chances of the purchases that came fall short of the best, nought is best; methods without one state no chances. First tenth: part of the purchases made by the tenth of customers with the highest expectation. Intervals: ${percent(format, 0.95)}, over ${format.count(holdout.resamples)} resamples of customers.`,
        zeroIsCloser
          ? prose`Predicting zero has the smallest mean absolute error, as most customers buy nothing in the holdout; it ranks nobody and forecasts nothing, so that the log score decides.`
          : '',
        ...verdicts,
      ]
        .filter(Boolean)
        .join(' '),
    },
  };
}

/** What each parameter is, by model. */
const meanings: Record<string, Record<string, string>> = {
  nbd: { r: 'evenness of purchase rates', alpha: 'weeks: r over α is the mean rate a week' },
  'bg-nbd': { a: 'a over a + b is the mean chance to leave after a purchase', b: 'with a: evenness of those chances' },
  'mbg-nbd': { a: 'a over a + b is the mean chance to leave, at the first purchase too', b: 'with a: evenness of those chances' },
  'pareto-nbd': { s: 'evenness of the rates of leaving', beta: 'weeks: s over β is the mean rate of leaving a week' },
  spend: { p: 'evenness of a customer’s own purchases', q: 'evenness between customers', v: 'scale, in money' },
};

function parameterTable({ choice, spend, context: { format } }: Study): Made {
  const id = 'parameters';
  const fits = [
    ...(choice.fit?.fit ? [{ part: choice.name, kind: choice.id, fit: choice.fit.fit }] : []),
    ...(spend.fit && spend.rule !== 'pooled' ? [{ part: 'Gamma-Gamma', kind: 'spend', fit: spend.fit as Fit<string> }] : []),
  ];
  if (fits.length === 0) return { id, omitted: 'No fit stands' };
  const z = normalQuantile(0.975);
  const symbols: Record<string, string> = { alpha: 'α', beta: 'β', v: 'γ' };
  const rows = fits.flatMap(({ part, kind, fit }) =>
    fit.names.map((name, i): Row => {
      const value = fit.parameters[name]!;
      const sd = fit.covariance ? Math.sqrt(fit.covariance[i * (fit.names.length + 1)]!) : null;
      return {
        ...{ part, parameter: symbols[name] ?? name, value },
        ...{ low: sd === null ? null : value * Math.exp(-z * sd), high: sd === null ? null : value * Math.exp(z * sd) },
        meaning: meanings[kind]?.[name] ?? meanings.nbd![name] ?? '',
      };
    }),
  );
  const known = choice.model?.law.expectedNew(choice.model.parameters, 365 / daysAWeek);
  return {
    id,
    table: {
      id,
      title:
        known === undefined
          ? 'The parameters'
          : prose`A customer just won is expected to buy ${format.ratio(known)} times more within a year`,
      subtitle: prose`Maximum likelihood on all data, time in weeks, with ${percent(format, 0.95)} intervals`,
      columns: [
        { key: 'part', label: 'Model', type: 'text' },
        { key: 'parameter', label: 'Parameter', type: 'text' },
        { key: 'value', label: 'Value', type: 'ratio' },
        { key: 'low', label: 'from', type: 'ratio' },
        { key: 'high', label: 'to', type: 'ratio' },
        { key: 'meaning', label: 'Meaning', type: 'text' },
      ],
      rows,
    },
  };
}
