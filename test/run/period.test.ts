import { describe, expect, it } from 'vitest';
import { addDays, lastWeek, localDay, wall } from '#run/period.ts';

describe('period', () => {
  it.each([
    ['2026-08-16', '2026-08-10'],
    ['2026-08-15', '2026-08-03'],
    ['2026-08-10', '2026-08-03'],
    ['2027-01-03', '2026-12-28'],
  ])('the last week complete on %s starts on %s', (asOf, monday) => {
    expect(lastWeek(asOf)).toBe(monday);
  });

  it.each([
    ['2026-08-16', 'UTC', '2026-08-17 00:00:00'],
    ['2026-08-16', 'Europe/London', '2026-08-16 23:00:00'],
    ['2026-01-31', 'America/Sao_Paulo', '2026-02-01 03:00:00'],
    ['2026-03-28', 'Europe/Berlin', '2026-03-28 23:00:00'],
    ['2026-03-29', 'Europe/Berlin', '2026-03-29 22:00:00'],
    ['2026-10-24', 'Europe/Berlin', '2026-10-24 22:00:00'],
    ['2026-10-25', 'Europe/Berlin', '2026-10-25 23:00:00'],
    ['2026-06-30', 'Asia/Kolkata', '2026-06-30 18:30:00'],
  ])('the day %s in %s ends at %s', (day, zone, instant) => {
    expect(wall(day, zone)).toBe(instant);
  });

  it('knows the local day of an instant', () => {
    expect(localDay('2026-08-16T23:30:00Z', 'Europe/London')).toBe('2026-08-17');
    expect(localDay('2026-08-17T02:30:00Z', 'America/Sao_Paulo')).toBe('2026-08-16');
    expect(addDays('2026-02-28', 1)).toBe('2026-03-01');
  });
});
