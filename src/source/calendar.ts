const dayLength = 86_400_000;

/**
 * The last ISO week (Monday to Sunday) that is complete: its Sunday is not after today, and there is an order on that Sunday or later.
 *
 * @param lastOrderDay the last day with an order on or before `today`, 'YYYY-MM-DD', in the shop's timezone. Orders dated in the future must be left
 *   out of it (`lastOrderDayOnOrBefore`), so that they cannot call a week complete.
 * @param today 'YYYY-MM-DD' in the shop's timezone
 * @returns the week's Sunday, 'YYYY-MM-DD'
 */
export function lastCompleteWeek(lastOrderDay: string, today: string): string {
  const last = Math.min(parseDay(lastOrderDay), parseDay(today));
  return new Date(last - new Date(last).getUTCDay() * dayLength).toISOString().slice(0, 10);
}

function parseDay(day: string): number {
  const time = /^\d{4}-\d\d-\d\d$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== day)
    throw new RangeError(`not a day of the form YYYY-MM-DD: ${day}`);
  return time;
}
