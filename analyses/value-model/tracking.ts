import { addDays } from '../shared/day.ts';
import type { Choice } from './choice.ts';
import { type Calibration, daysAWeek, type Input } from './input.ts';

/** One week of seven days counted from the cut-off. */
export interface TrackedWeek {
  /** First day, 'YYYY-MM-DD'. */
  week: string;
  actual: number;
  expected: number;
  /** From the first purchase on to the end of the week. */
  actualToDate: number;
  expectedToDate: number;
  isHoldout: boolean;
}

/** Customers of the calibration by their age in days at the cut-off. */
function customersByAge({ days, weight }: Calibration): Float64Array {
  const oldest = days.reduce((most, value) => Math.max(most, value), 0);
  const customers = new Float64Array(oldest + 1);
  for (let i = 0; i < days.length; i++) customers[days[i]!]! += weight[i]!;
  return customers;
}

/**
 * Repeat purchases of the customers won by the cut-off, week by week, beside the model's unconditional expectation: what the model, fitted
 * before the cut-off, expects of customers won on those days, whatever they did since. Whole weeks only; empty without a model.
 */
export function track({ calibration, daily }: Input, { calibrated }: Choice): TrackedWeek[] {
  const { cutoff, holdoutDays } = calibration;
  if (!calibrated || !cutoff) return [];
  const customers = customersByAge(calibration);
  const oldest = customers.length - 1;
  const each = Float64Array.from({ length: oldest + holdoutDays + 1 }, (_, day) =>
    calibrated.law.expectedNew(calibrated.parameters, day / daysAWeek),
  );
  const expectedBy = (day: number) => {
    let sum = 0;
    for (let age = Math.max(0, -day); age <= oldest; age++) sum += customers[age]! * each[age + day]!;
    return sum;
  };
  const actual = new Map<number, number>();
  let earlier = 0;
  const first = -Math.floor(oldest / daysAWeek);
  const last = Math.floor(holdoutDays / daysAWeek);
  for (let i = 0; i < daily.day.length; i++) {
    const week = Math.ceil(daily.day[i]! / daysAWeek) - 1;
    if (week < first) earlier += daily.purchases[i]!;
    else actual.set(week, (actual.get(week) ?? 0) + daily.purchases[i]!);
  }
  const weeks: TrackedWeek[] = [];
  let seen = earlier;
  let before = expectedBy(first * daysAWeek);
  for (let week = first; week < last; week++) {
    const by = expectedBy((week + 1) * daysAWeek);
    seen += actual.get(week) ?? 0;
    weeks.push({
      ...{ week: addDays(cutoff, week * daysAWeek + 1), actual: actual.get(week) ?? 0, expected: by - before },
      ...{ actualToDate: seen, expectedToDate: by, isHoldout: week >= 0 },
    });
    before = by;
  }
  return weeks;
}
