import type { Formatter } from '#contract/format.ts';
import { prose } from '#contract/prose.ts';
import type { Band, Segment } from './input.ts';

const upTo: Record<Band, number> = { 1: 7, 2: 28, 3: 90, 4: 180, 5: 180 };

/** Days in which a purchase counts, and the longest time since a view that counts. */
export const horizon = 28;
export const windowDays = 180;

/** '8 to 28 days ago'. */
export function bandWords(format: Formatter, band: Band): string {
  if (band === 5) return prose`more than ${format.count(windowDays)} days ago`;
  if (band === 1) return prose`up to ${format.count(upTo[1])} days ago`;
  return prose`${format.count(upTo[(band - 1) as Band] + 1)} to ${format.count(upTo[band])} days ago`;
}

export const segmentWords: Record<Segment, string> = { 0: 'Has not ordered yet', 1: 'Ordered once', 2: 'Ordered more than once' };
