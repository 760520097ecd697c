import { prose } from '#contract/prose.ts';
import { addDays } from '../shared/day.ts';
import type { Judged } from './judgement.ts';
import { type Learned, least, type Study } from './study.ts';

export const segmentNames = ['Low', 'Mid', 'High'] as const;

/** The days whose purchases judge the segments. */
export function judgedSpan({ judging }: Learned, { context: { format } }: Study): string {
  return format.span(addDays(judging.date, 1), addDays(judging.date, judging.horizonDays));
}

/** The days whose purchases taught them. */
export function taughtSpan({ training }: Learned, { context: { format } }: Study): string {
  return format.span(addDays(training.date, 1), addDays(training.date, training.horizonDays));
}

/** A ranking that needs no learning, to stand in a sentence. */
export function rivalWords({ id, name }: Judged): string {
  return id === 'recency' ? 'the day of the last purchase alone' : prose`the purchase model (${name})`;
}

/** Why nothing is shown. */
export function unjudged({ why, context: { format } }: Study): string {
  return prose`${why}; each of two cut-offs needs ${format.count(least.customers)} customers, and ${format.count(least.segment)} in each segment`;
}

/** Part of the customers of a list in a segment. */
export function shareOf(list: Uint8Array, k: number): number {
  return list.reduce((count, one) => count + (one === k ? 1 : 0), 0) / list.length;
}

/** Part of the value that came which these customers brought; null where none came. */
export function valueShare(values: Float64Array, keep: (i: number) => boolean): number | null {
  let [own, all] = [0, 0];
  values.forEach((value, i) => {
    all += value;
    if (keep(i)) own += value;
  });
  return all > 0 ? own / all : null;
}

/** 'no value', 'less than €59.95', '€59.95 or more': what the segments of later value are. */
export function boundaryWords({ boundaries: { rule, low, high } }: Learned, { context: { format } }: Study): [string, string, string] {
  const from = format.moneyExact(high);
  const least = rule === 'nothing' ? 'nothing' : prose`at most ${format.moneyExact(low)}`;
  return [least, rule === 'nothing' ? prose`something below ${from}` : prose`more, below ${from}`, prose`${from} or more`];
}
