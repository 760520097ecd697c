/** Adds days to 'YYYY-MM-DD'. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** Monday of the last ISO week that ends on or before a day. */
export function lastWeek(asOf: string): string {
  const weekday = (new Date(`${asOf}T00:00:00Z`).getUTCDay() + 6) % 7;
  return addDays(asOf, weekday === 6 ? -6 : -weekday - 7);
}

/** First instant after a day in a timezone, as UTC 'YYYY-MM-DD HH:MM:SS': nothing from then on counts. */
export function wall(asOf: string, timezone: string): string {
  const local = Date.parse(`${addDays(asOf, 1)}T00:00:00Z`);
  const first = local - offset(local, timezone);
  const instant = local - offset(first, timezone);
  return new Date(instant).toISOString().slice(0, 19).replace('T', ' ');
}

/** Day 'YYYY-MM-DD' on which an instant falls in a timezone. */
export function localDay(instant: string, timezone: string): string {
  const time = Date.parse(instant);
  return new Date(time + offset(time, timezone)).toISOString().slice(0, 10);
}

/** Milliseconds by which a timezone is ahead of UTC at an instant. */
function offset(instant: number, timezone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(instant);
  const at = (type: string) => Number(parts.find((part) => part.type === type)?.value);
  return Date.UTC(at('year'), at('month') - 1, at('day'), at('hour'), at('minute'), at('second')) - Math.floor(instant / 1000) * 1000;
}
