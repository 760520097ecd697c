import type { Context } from '#contract/analysis.ts';
import type { Comparison, Metric, Polarity, Unit } from '#contract/metric.ts';
import { addWeeks, weeksAYear, weeksSpan } from './day.ts';
import { type Expectation, expectation, expectedOf } from './expected.ts';

/** Any row of a weekly mart: `week` is the Monday; only complete weeks count. */
export interface Week {
  week: string;
  is_complete: boolean;
}

export interface WeeklyOptions<T extends Week> {
  id: string;
  /** Key in the metric register. @default the id */
  definition?: string;
  label: string;
  unit: Unit;
  polarity: Polarity;
  /** Rows of kpi_weekly or alike, oldest first; incomplete weeks and weeks after `context.week` are left out here. */
  rows: readonly T[];
  value: (row: T) => number | null;
  /** Rows behind the value: orders, customers, sessions. */
  n: (row: T) => number;
  context: Pick<Context, 'week' | 'format'>;
  /** Weeks of history that the metric carries. @default 52 */
  weeks?: number;
}

export interface WeeklyMetric {
  metric: Metric;
  /** Every complete week, judged. */
  expectation: Expectation;
}

/** Complete weeks up to the week reported, oldest first. */
export function completeWeeks<T extends Week>(rows: readonly T[], week: string): T[] {
  return rows.filter((row) => row.is_complete && row.week <= week).toSorted((a, b) => (a.week < b.week ? -1 : a.week > b.week ? 1 : 0));
}

/**
 * A metric of the week reported with its change on the prior week and on the same ISO week last year (52 weeks before), its
 * history and its expected range. Null values where the week, or a week it is compared with, is not in the data.
 */
export function weeklyMetric<T extends Week>(options: WeeklyOptions<T>): WeeklyMetric {
  const { id, label, unit, polarity, context, weeks = 52 } = options;
  const complete = completeWeeks(options.rows, context.week);
  const byWeek = new Map(complete.map((row) => [row.week, row]));
  const at = (week: string): number | null => {
    const row = byWeek.get(week);
    const value = row ? options.value(row) : null;
    return value !== null && Number.isFinite(value) ? value : null;
  };
  const judged = expectation(
    complete.map(({ week }) => ({ date: week, value: at(week) })),
    unit,
    context.format,
  );
  const now = byWeek.get(context.week);
  const comparisons: Comparison[] = [
    { label: 'prior week', value: at(addWeeks(context.week, -1)) },
    { label: 'same week last year', value: at(addWeeks(context.week, -weeksAYear)) },
  ];
  const expected = expectedOf(now ? judged.points.at(-1) : undefined, judged.basis);
  return {
    metric: {
      id,
      definition: options.definition ?? id,
      label,
      value: at(context.week),
      unit,
      polarity,
      n: now ? options.n(now) : 0,
      period: weeksSpan(context.format, context.week),
      comparisons,
      ...(expected ? { expected } : {}),
      history: judged.points.slice(-weeks).map(({ date, value, low, high }) => ({ date, value, low, high })),
    },
    expectation: judged,
  };
}

/** Value of a comparison of a metric, or null. */
export function comparedWith(metric: Metric, label: Comparison['label']): number | null {
  return metric.comparisons.find((comparison) => comparison.label === label)?.value ?? null;
}
