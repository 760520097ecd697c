import type { WeeklyMetric } from '../shared/metric.ts';

/** Sign-ups of the last weeks of the data beyond what the weeks before let expect. */
export interface Burst {
  /** Weeks at the very end that stand above their range, the last one among them. */
  weeks: string[];
  signups: number;
  expected: number;
}

const recentWeeks = 4;
const floor = 0.25;

/** A burst that reaches to the end of the data; null where the last week is not above its range by a quarter at least. */
export function burst({ expectation }: WeeklyMetric): Burst | null {
  const found: Burst = { weeks: [], signups: 0, expected: 0 };
  for (const { date, value, expected, standing } of expectation.points.slice(-recentWeeks).toReversed()) {
    if (standing !== 'above' || value === null || expected === null || value < (1 + floor) * expected) break;
    found.weeks.unshift(date);
    found.signups += value;
    found.expected += expected;
  }
  return found.weeks.length > 0 ? found : null;
}
