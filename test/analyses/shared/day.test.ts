import { expect, it } from 'vitest';
import { addDays, addMonths, addWeeks, earliest, weekday, weekEnd, yearBefore } from '../../../analyses/shared/day.ts';

it.each([
  ['2024-02-28', 1, '2024-02-29'],
  ['2026-12-31', 1, '2027-01-01'],
  ['2026-03-01', -1, '2026-02-28'],
])('%s and %i days is %s', (day, n, expected) => {
  expect(addDays(day, n)).toBe(expected);
});

it.each([
  ['2026-01-31', 1, '2026-02-01'],
  ['2026-11-01', 2, '2027-01-01'],
  ['2026-01-01', -1, '2025-12-01'],
  ['2026-08-01', -12, '2025-08-01'],
])('%s and %i months starts at %s', (day, n, expected) => {
  expect(addMonths(day, n)).toBe(expected);
});

it('aligns weeks, and dates of the year before', () => {
  expect(addWeeks('2026-08-10', -52)).toBe('2025-08-11');
  expect(weekEnd('2026-08-10')).toBe('2026-08-16');
  expect(yearBefore('2026-08-16')).toBe('2025-08-16');
  expect(yearBefore('2024-02-29')).toBe('2023-02-28');
  expect(['2026-08-10', '2026-08-16'].map(weekday)).toEqual([1, 7]);
  expect(earliest(['2026-02-01', '2025-12-31'])).toBe('2025-12-31');
  expect(earliest([])).toBeNull();
});
