import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calendar, season, week } from '#source/demo/calendar.ts';

describe('calendar', () => {
  it.each([
    { end: '2026-11-15', years: 3, first: '2023-11-13', weeks: 157, anchor: '2026-11-16' },
    { end: '2026-11-18', years: 1, first: '2025-11-20', weeks: 53, anchor: '2026-11-16' },
    { end: '2024-02-29', years: 0.02, first: '2024-02-23', weeks: 2, anchor: '2024-02-26' },
  ])('spans whole weeks up to $end', ({ end, years, first, weeks, anchor }) => {
    const time = calendar(end, years);
    expect(time.date(time.open)).toBe(first);
    expect(time.date(time.close - 1)).toBe(end);
    expect(new Date(time.origin * 1000).getUTCDay()).toBe(1);
    expect(time.weeks).toBe(weeks);
    expect(time.date(time.anchor)).toBe(anchor);
  });

  it('keeps operational and clock time together at each Monday, and inverts', () => {
    const time = calendar('2026-11-15', 3);
    fc.assert(
      fc.property(fc.double({ min: 0, max: 150, noNaN: true }), (weeks) => {
        expect(time.operational(time.clock(weeks))).toBeCloseTo(weeks, 8);
        expect(time.clock(Math.floor(weeks))).toBeCloseTo(Math.floor(weeks) * week, 4);
      }),
    );
  });

  it('has its season in the middle of each month and moves without a jump', () => {
    const at = (day: string) => season(Date.parse(`${day}T12:00:00Z`) / 1000);
    expect(at('2026-11-15')).toBeCloseTo(1.45, 1);
    expect(at('2026-07-16')).toBeCloseTo(0.82, 2);
    expect(Math.abs(at('2026-12-31') - at('2027-01-01'))).toBeLessThan(0.03);
  });
});
