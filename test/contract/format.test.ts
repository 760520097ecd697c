import { describe, expect, it } from 'vitest';
import { formatter, isoWeek } from '#contract/format.ts';
import { listed, prose } from '#contract/prose.ts';

const pounds = formatter({ currency: 'GBP', locale: 'en-GB' });
const dollars = formatter({ currency: 'USD', locale: 'en-US' });
const reais = formatter({ currency: 'BRL', locale: 'pt-BR' });

describe('formatter', () => {
  it.each([
    [pounds.money(9.5), '£9.50'],
    [pounds.money(1234.4), '£1,234'],
    [pounds.money(123456), '£123.5k'],
    [pounds.money(999_600), '£1.00M'],
    [pounds.money(1_840_000), '£1.84M'],
    [pounds.money(-2_000), '−£2,000'],
    [pounds.money(null), '–'],
    [pounds.money(Number.NaN), '–'],
    [reais.money(1_840_000).replace(/\s/g, ' '), 'R$ 1,84M'],
    [pounds.share(0.342), '34.2%'],
    [pounds.change(0.061), '+6.1%'],
    [pounds.change(-0.0004), '0.0%'],
    [pounds.points(0.009), '+0.9 pt'],
    [pounds.points(-0.001), '−0.1 pt'],
    [pounds.signed(-12, 'count'), '−12'],
    [pounds.signed(0.02, 'share'), '+2.0 pt'],
    [pounds.count(21480), '21,480'],
    [pounds.date('2026-08-16'), '16 August 2026'],
    [pounds.span('2026-08-10', '2026-08-16'), '10 to 16 August 2026'],
    [pounds.span('2026-07-27', '2026-08-02'), '27 July to 2 August 2026'],
    [pounds.span('2025-12-29', '2026-01-04'), '29 December 2025 to 4 January 2026'],
    [dollars.span('2026-08-10', '2026-08-16').replace(/\s/g, ' '), 'August 10 – 16, 2026'],
    [pounds.week('2027-01-01'), 'Week 53, 2026'],
    [pounds.word(3), 'three'],
    [pounds.word(13), '13'],
  ])('prints %s', (printed, expected) => {
    expect(printed).toBe(expected);
  });

  it.each([
    ['2026-01-01', 1, 2026],
    ['2024-12-30', 1, 2025],
    ['2021-01-03', 53, 2020],
    ['2026-12-31', 53, 2026],
  ])('knows the ISO week of %s', (day, week, year) => {
    expect(isoWeek(day)).toEqual({ week, year });
  });
});

describe('prose', () => {
  it('binds numbers and refuses typed ones', () => {
    expect(prose`Revenue rose ${'6.1%'} to
      ${pounds.money(1_840_000)}.`).toBe('Revenue rose 6.1% to £1.84M.');
    expect(() => prose`Revenue rose 6 per cent`).toThrow('typed number');
    expect(() => prose`Revenue was ${Number.NaN}`).toThrow('no value');
  });

  it.each([
    [[], ''],
    [['a'], 'a'],
    [['a', 'b'], 'a and b'],
    [['a', 'b', 'c'], 'a, b and c'],
  ])('lists %j', (words, text) => {
    expect(listed(words)).toBe(text);
  });
});
