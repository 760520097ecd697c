import type { Formatter } from '#contract/format.ts';
import { addWeeks, weeksAYear, weeksSpan } from '../shared/day.ts';
import type { KpiWeek } from '../shared/kpi.ts';

/** Two spans of whole weeks that are compared. */
export interface Pair {
  id: 'week' | 'year';
  after: string[];
  before: string[];
  /** 'the prior week', 'the same weeks last year'. */
  against: string;
  /** '17 to 23 August 2026', as printed. */
  afterSpan: string;
  beforeSpan: string;
  /** Names of the two ends in a chart: 'This week', 'Prior week'. */
  afterLabel: string;
  beforeLabel: string;
}

/** Weeks of the span that is compared with last year: a month of noise averages out. */
export const yearPairWeeks = 4;

/** The week against the one before, and the last four weeks against the same ISO weeks last year; null where weeks are missing. */
export function pairs(weeks: readonly KpiWeek[], week: string, format: Formatter): { week: Pair | null; year: Pair | null } {
  const known = new Set(weeks.map((row) => row.week));
  const make = (id: Pair['id'], length: number, back: number, words: Pick<Pair, 'against' | 'afterLabel' | 'beforeLabel'>): Pair | null => {
    const after = Array.from({ length }, (_, i) => addWeeks(week, i + 1 - length));
    const before = after.map((day) => addWeeks(day, -back));
    if (![...after, ...before].every((day) => known.has(day))) return null;
    const beforeEnd = addWeeks(week, -back);
    return { id, after, before, ...words, afterSpan: weeksSpan(format, week, length), beforeSpan: weeksSpan(format, beforeEnd, length) };
  };
  return {
    week: make('week', 1, 1, { against: 'the prior week', afterLabel: 'This week', beforeLabel: 'Prior week' }),
    year: make('year', yearPairWeeks, weeksAYear, {
      against: 'the same weeks last year',
      afterLabel: 'Last four weeks',
      beforeLabel: 'Same weeks last year',
    }),
  };
}
