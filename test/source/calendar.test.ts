import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lastCompleteWeek } from '#source/calendar.ts';

test.each([
  ['2026-08-22', '2026-08-22', '2026-08-16', 'Saturday: the week before'],
  ['2026-08-23', '2026-08-23', '2026-08-23', 'an order on Sunday completes its week'],
  ['2026-08-24', '2026-08-24', '2026-08-23', 'Monday'],
  ['2026-08-22', '2026-11-21', '2026-08-16', 'old data: the last week that it fills'],
  ['2026-12-31', '2026-08-22', '2026-08-16', 'never after today'],
  ['2027-01-03', '2027-01-03', '2027-01-03', 'ISO week 53 of 2026'],
  ['2024-02-29', '2024-03-02', '2024-02-25', 'leap day'],
])('last order %s, today %s: %s (%s)', (lastOrder, today, sunday) => {
  expect(lastCompleteWeek(lastOrder, today)).toBe(sunday);
});

test('is a Sunday, at most six days back from the earlier day', () => {
  const day = fc
    .date({ min: new Date('1990-01-01'), max: new Date('2060-12-31'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10));
  fc.assert(
    fc.property(day, day, (lastOrder, today) => {
      const sunday = lastCompleteWeek(lastOrder, today);
      const earlier = [lastOrder, today].sort()[0]!;
      const back = (Date.parse(earlier) - Date.parse(sunday)) / 86_400_000;
      expect(new Date(sunday).getUTCDay()).toBe(0);
      expect(back).toBeGreaterThanOrEqual(0);
      expect(back).toBeLessThan(7);
    }),
  );
});

test.each(['2026-8-1', '2026-02-30', '', '2026-08-22T00:00:00Z'])('refuses %j', (day) => {
  expect(() => lastCompleteWeek(day, '2026-08-22')).toThrow(RangeError);
});
