import { LookbookError } from '#contract/error.ts';
import { type Duration, days, durationIn, months, type TimeUnit, weeks, years } from '#stats/clv/unit.ts';

/** How far a prediction looks ahead: `weeks(52)`, `days(90)`, or as text '52w', '90d', '12m', '1y'. Never a bare number. */
export type Horizon = Duration<TimeUnit> | `${number}${'d' | 'w' | 'm' | 'y'}`;

/** Five years: what is fitted to a few years of orders says nothing of more. */
export const longestHorizonDays = 1826;

const units: Record<string, (value: number) => Duration<TimeUnit>> = { d: days, w: weeks, m: months, y: years };
const expected = `a length with its unit, such as 52w, 90d, 12m or 1y, above 0 and up to ${longestHorizonDays} days`;

/**
 * A horizon in days; a year is 365.25 of them.
 * @param where what is at fault in an error.
 * @throws LookbookError (usage) for a length without a unit, not above 0, or beyond five years.
 */
export function horizonInDays(horizon: Horizon, where = 'horizon'): number {
  const length = typeof horizon === 'string' ? parsed(horizon) : horizon?.kind === 'duration' ? horizon : null;
  const value = length && durationIn(length, 'day').value;
  if (value !== null && value > 0 && value <= longestHorizonDays) return value;
  const found = length ? `${length.value} ${length.unit}s` : String(horizon);
  throw new LookbookError('usage', { what: 'not a horizon', where, expected, found });
}

function parsed(text: string): Duration<TimeUnit> | null {
  const [, value, unit] = /^([0-9]{1,6}(?:\.[0-9]{1,6})?)([dwmy])$/.exec(text) ?? [];
  return value === undefined ? null : (units[unit as string] as (value: number) => Duration<TimeUnit>)(Number(value));
}
