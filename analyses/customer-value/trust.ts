import type { Formatter } from '#contract/format.ts';
import { prose } from '#contract/prose.ts';
import type { YearAgo } from './year-ago.ts';

/**
 * How far the order of the list can be relied on. `ranked`: a year ago it told customers apart; `untried`: nothing speaks against it, and
 * nothing could be tried; `weak`: it hardly tells them apart, or no model of customers who leave holds.
 */
export interface Trust {
  level: 'ranked' | 'untried' | 'weak';
  /** Why it is weak, as a sentence without its full stop; empty otherwise. */
  why: string;
}

/** The top tenth must have brought at least so many times what the others did, by the lower end of the interval. */
export const liftFloor = 1.25;
const certain = 0.9995;

export interface Known {
  repeaters: number;
  /** The least P(alive) of all customers. */
  leastAlive: number;
  yearAgo: YearAgo | null;
}

export function trustOf({ repeaters, leastAlive, yearAgo }: Known, format: Formatter): Trust {
  if (repeaters === 0) return { level: 'weak', why: 'No customer has bought a second time' };
  const lift = yearAgo?.lift;
  const tried = lift
    ? prose`the top tenth of last year’s new customers went on to bring ${format.ratio(lift.value)} times what the others did (${format.ratio(lift.low)} to ${format.ratio(lift.high)})`
    : '';
  if (leastAlive >= certain) {
    const why = 'The purchases here carry no model of who is still a customer and who has left';
    return { level: 'weak', why: tried ? prose`${why}, and ${tried}` : why };
  }
  if (!lift) return { level: 'untried', why: '' };
  if (lift.low >= liftFloor) return { level: 'ranked', why: '' };
  return { level: 'weak', why: prose`Ranked this way, ${tried}` };
}
