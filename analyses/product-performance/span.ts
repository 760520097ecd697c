import type { Formatter } from '#contract/format.ts';
import { addWeeks, weeksAYear, weeksSpan } from '../shared/day.ts';

/** Complete weeks of the span that is judged, and of those that it is compared with; the .sql files cut at the same weeks. */
export const spanWeeks = 13;

/** Whole weeks in a row, as printed: '17 August to 15 November 2026'. */
export interface Span {
  weeks: ReadonlySet<string>;
  words: string;
}

/** The last 13 complete weeks, the 13 before and the same ISO weeks last year; null where a week of the span is not in the data. */
export interface Spans {
  now: Span | null;
  prior: Span | null;
  year: Span | null;
}

export function spans(known: ReadonlySet<string>, week: string, format: Formatter): Spans {
  const make = (back: number): Span | null => {
    const last = addWeeks(week, -back);
    const weeks = Array.from({ length: spanWeeks }, (_, i) => addWeeks(last, i + 1 - spanWeeks));
    return weeks.every((monday) => known.has(monday)) ? { weeks: new Set(weeks), words: weeksSpan(format, last, spanWeeks) } : null;
  };
  const now = make(0);
  return { now, prior: now && make(spanWeeks), year: now && make(weeksAYear) };
}
