import { expect, test } from 'vitest';
import {
  days,
  discountIn,
  durationIn,
  inUnit,
  months,
  perDay,
  perMonth,
  perWeek,
  perYear,
  rateInUnit,
  weeks,
  years,
} from '#stats/clv/unit.ts';

test('durations convert, and only when told to', () => {
  expect(durationIn(weeks(2), 'day')).toEqual(days(14));
  expect(durationIn(years(1), 'day')).toEqual(days(365.25));
  expect(durationIn(months(12), 'year').value).toBeCloseTo(1, 14);
  expect(inUnit('horizon', weeks(52), 'week')).toBe(52);
  // @ts-expect-error days are no weeks
  expect(() => inUnit('horizon', days(52), 'week')).toThrow(/^horizon: expected a duration in weeks, found days/);
  // @ts-expect-error a bare number has no unit
  expect(() => inUnit('horizon', 52, 'week')).toThrow(/^horizon: .*found 52/);
});

test('discounts compound', () => {
  expect(discountIn(perYear(0.15), 'week').rate).toBeCloseTo(0.00268212187786477, 15);
  expect(discountIn(perDay(0.001), 'week').rate).toBeCloseTo(1.001 ** 7 - 1, 14);
  expect(discountIn(discountIn(perMonth(0.01), 'year'), 'month').rate).toBeCloseTo(0.01, 14);
  expect(rateInUnit('discount', perWeek(0.01), 'week')).toBeCloseTo(Math.log(1.01), 15);
  // @ts-expect-error a yearly rate is no weekly rate
  expect(() => rateInUnit('discount', perYear(0.15), 'week')).toThrow(/^discount: expected a discount per week, found one per year/);
});

test.each([() => weeks(-1), () => days(Number.NaN), () => perYear(-1), () => perYear(Number.NaN)])('refuses %s', (make) => {
  expect(make).toThrow(RangeError);
});
