import { prose } from '#contract/prose.ts';
import { spelled } from '../shared/words.ts';
import { type Base, maxOrders } from './base.ts';
import { isClear } from './cohorts.ts';

const manyBuyers = 1000;
const few = 5;

/** Why a rise of the repeat rate is doubtful, or nothing: a history in which nobody has ordered more than a handful of times. */
export function artefact(base: Base): string | null {
  const { format, cohorts, buyers } = base;
  const most = maxOrders(base);
  const newest = cohorts.quarters.at(-1);
  const isNewestHighest = newest !== undefined && cohorts.quarters.every(({ rate }) => rate.value <= newest.rate.value);
  const isRising = cohorts.change !== null && isClear(cohorts.change) && cohorts.change.difference > 0;
  return isRising && isNewestHighest && buyers >= manyBuyers && most > 0 && most <= few
    ? prose`No customer has ever ordered more than ${spelled(format, most, 'time')}, and the newest cohorts repeat most: both look like how the data were made.`
    : null;
}
