import type { ColumnTable } from 'arquero';
import type { Context } from '#contract/analysis.ts';
import { LookbookError } from '#contract/error.ts';
import type { Cell } from '#contract/row.ts';
import type { Measured } from './accuracy.ts';
import { type Choice, choose } from './choice.ts';
import { type Coverage, coverageOf } from './coverage.ts';
import { type Holdout, judge } from './holdout.ts';
import { type Input, inputOf } from './input.ts';
import { valueBias } from './money.ts';
import { type Scores, scoreRows } from './score.ts';
import { type SpendModel, spendModel } from './spend.ts';
import { type TrackedWeek, track } from './tracking.ts';

/** Everything that the pages of the model say rests on. */
export interface Study {
  context: Context;
  input: Input;
  holdout: Holdout | null;
  choice: Choice;
  spend: SpendModel;
  scores: Scores;
  /** Effective, a year. */
  discount: number;
  weeks: TrackedWeek[];
  /** Of single customers' intervals on the holdout; null without a model that was judged. */
  coverage: Coverage | null;
  /** Value of the holdout over what was expected of it; null without a model that was judged. */
  valueBias: Measured;
}

export function measure(tables: Record<string, ColumnTable>, context: Context): Study {
  const { seed, format, params } = context;
  const input = inputOf(tables);
  const { histories, calibration } = input;
  const holdout = judge(calibration, seed, format);
  const choice = choose(histories, calibration, holdout, format);
  const spend = spendModel(input.spend, { value: input.totalValue, purchases: histories.customers + histories.purchases }, format);
  const discount = discountOf(params.discountPerYear);
  return {
    ...{ context, input, holdout, choice, spend, discount },
    scores: scoreRows(histories, choice, spend, discount),
    weeks: track(input, choice),
    coverage: choice.calibrated && holdout && coverageOf(choice.calibrated, holdout, calibration),
    valueBias: choice.method && valueBias(calibration, input.calibrationSpend, choice.method, format),
  };
}

function discountOf(value: Cell | undefined): number {
  if (typeof value === 'number' && value >= 0 && value <= most) return value;
  throw new LookbookError('usage', {
    what: 'no discount a year',
    where: 'params.value-model.discountPerYear',
    expected: 'a number from 0 to 1, such as 0.15 for 15%',
    found: String(value),
  });
}

const most = 1;
