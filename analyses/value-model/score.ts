import type { Relation } from '#contract/analysis.ts';
import { days, discountIn, durationIn, perYear } from '#stats/clv/unit.ts';
import { discountedScores, score } from '#stats/clv/value.ts';
import { valueBands } from '#stats/clv/value-band.ts';
import type { Choice } from './choice.ts';
import type { Rows } from './input.ts';
import type { SpendModel } from './spend.ts';

/** Days ahead that customers are scored for. */
export const horizons = { short: 90, year: 365 } as const;

export interface Scores {
  /** Relation `scores`: a row a history, in the order of the input. */
  relation: Relation;
  /** False: the intervals leave out that some parameters are estimates. */
  hasParameterUncertainty: boolean;
}

/**
 * Scores of unique histories. The value of a customer with mean value m is discounted_365 × (spend_base + spend_own × m), its 95%
 * interval low_365 and high_365 times (scale_base + scale_own × m); the discounting of the interval is that of the expected purchases.
 * @param discountPerYear effective, 0.15 for 15%.
 */
export function scoreRows(histories: Rows, { model, fit, rows }: Choice, spend: SpendModel, discountPerYear: number): Scores {
  const n = model ? histories.x.length : 0;
  const numbers = (value: (i: number) => number) => Float64Array.from({ length: n }, (_, i) => value(i));
  const whole = (values: Float64Array) => Int32Array.from({ length: n }, (_, i) => values[i]!);
  const keys = { x: whole(histories.x), t_x_days: whole(histories.txDays), t_days: whole(histories.days) };
  if (!model) {
    const none = new Float64Array(0);
    return {
      relation: {
        ...{ ...keys, p_alive: none, purchases_90: none, p_purchase_90: none, purchases_365: none, discounted_365: none },
        ...{ spend_base: none, spend_own: none, low_365: none, high_365: none, scale_base: none, scale_own: none },
      },
      hasParameterUncertainty: false,
    };
  }
  const year = durationIn(days(horizons.year), 'week');
  const soon = score(model, rows, durationIn(days(horizons.short), 'week'));
  const ahead = Float64Array.from(rows.x, (x, i) => model.law.expected(model.parameters, x, rows.tx[i]!, rows.T[i]!, year.value));
  const discounted = discountedScores(model, rows, year, discountIn(perYear(discountPerYear), 'week'));
  const isFitted = spend.rule !== 'pooled' && spend.fit !== null;
  const bands = valueBands(
    {
      ...{ model, spend: spend.parameters, usual: spend.usual, horizon: year },
      ...(fit?.fit ? { fitted: fit.fit } : {}),
      ...(isFitted ? { spendFitted: spend.fit! } : {}),
    },
    rows,
  );
  const at = (values: Float64Array) => numbers((i) => values[rows.row[i]!]!);
  const share = (row: number) => (ahead[row]! > 0 ? discounted[row]! / ahead[row]! : 1);
  const { x } = histories;
  return {
    relation: {
      ...keys,
      p_alive: at(soon.alive),
      purchases_90: at(soon.expected),
      p_purchase_90: at(soon.any),
      purchases_365: at(ahead),
      discounted_365: at(discounted),
      spend_base: numbers((i) => spend.base(x[i]!)),
      spend_own: numbers((i) => spend.own(x[i]!)),
      low_365: numbers((i) => bands.low[rows.row[i]!]! * share(rows.row[i]!)),
      high_365: numbers((i) => bands.high[rows.row[i]!]! * share(rows.row[i]!)),
      scale_base: numbers((i) => spend.factor(x[i]!) * (spend.usual > 0 ? spend.parameters.v : 0)),
      scale_own: numbers((i) => (spend.rule === 'pooled' || spend.rule === 'all-purchases' ? 0 : x[i]!)),
    },
    hasParameterUncertainty: bands.hasParameterUncertainty,
  };
}
