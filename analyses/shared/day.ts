import type { Formatter } from '#contract/format.ts';

const dayMs = 86_400_000;

/** Weeks from a week to the same ISO week a year before: weekdays stay aligned. */
export const weeksAYear = 52;

/** The day so many days later; days are 'YYYY-MM-DD'. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day.slice(0, 10)}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);
}

export function addWeeks(day: string, weeks: number): string {
  return addDays(day, 7 * weeks);
}

/** Sunday of the week that starts on `monday`. */
export function weekEnd(monday: string): string {
  return addDays(monday, 6);
}

/** First of the month so many months later. */
export function addMonths(day: string, months: number): string {
  const at = Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1 + months;
  return `${String(Math.floor(at / 12)).padStart(4, '0')}-${String((at % 12) + 1).padStart(2, '0')}-01`;
}

/** The same date a year before; 29 February gives the 28th. */
export function yearBefore(day: string): string {
  const year = String(Number(day.slice(0, 4)) - 1).padStart(4, '0');
  return day.slice(5, 10) === '02-29' ? `${year}-02-28` : `${year}${day.slice(4, 10)}`;
}

/** 1 = Monday to 7 = Sunday. */
export function weekday(day: string): number {
  return ((new Date(`${day.slice(0, 10)}T00:00:00Z`).getUTCDay() + 6) % 7) + 1;
}

/** The earliest of some days; null for none. */
export function earliest(days: Iterable<string>): string | null {
  let first: string | null = null;
  for (const day of days) if (first === null || day < first) first = day;
  return first;
}

/** '10 to 16 August 2026' for `weeks` weeks that end with the week of `monday`. */
export function weeksSpan(format: Formatter, monday: string, weeks = 1): string {
  return format.span(addWeeks(monday, 1 - weeks), weekEnd(monday));
}
