import type { Unit } from './metric.ts';
import type { Shop } from './shop.ts';

/** The one formatter of numbers and dates, in the shop's currency, locale and timezone. Minus is U+2212; a missing value is an en dash. */
export interface Formatter {
  /** '€1,234.50' below 1,000, '€1,235' below 100,000, then '€123.5k', '€1.84M'. */
  money(value: number | null): string;
  /** With cents, whatever the size. */
  moneyExact(value: number | null): string;
  count(value: number | null): string;
  /** 0 to 1 as '34.2%'. */
  share(value: number | null): string;
  ratio(value: number | null): string;
  /** Signed relative change, 0.061 as '+6.1%'. */
  change(value: number | null): string;
  /** Signed difference of two shares, 0.009 as '+0.9 pt'. */
  points(value: number | null): string;
  /** A value by its unit. */
  unit(value: number | null, unit: Unit): string;
  /** Signed difference by unit; shares as points. */
  signed(value: number | null, unit: Unit): string;
  /** '16 August 2026' from 'YYYY-MM-DD'. */
  date(day: string): string;
  /** '16 Aug'. */
  dayMonth(day: string): string;
  /** 'August 2026'. */
  month(day: string): string;
  /** '10 to 16 August 2026'. */
  span(first: string, last: string): string;
  /** 'Week 33, 2026' (ISO). */
  week(day: string): string;
  /** A whole number up to twelve as a word, for prose: 'three'. */
  word(value: number): string;
}

const dash = '–';
const words = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve'];

/** @returns a formatter for a shop; pure, and the same on each machine since ICU is pinned with Node. */
export function formatter(shop: Pick<Shop, 'currency' | 'locale'>): Formatter {
  const { locale, currency } = shop;
  const number = (digits: number, extra: Intl.NumberFormatOptions = {}) => {
    const f = new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits, ...extra });
    return (value: number) => f.format(value).replaceAll('-', '−');
  };
  const cash = { style: 'currency', currency, currencyDisplay: 'narrowSymbol' } as const;
  const exact = number(2, cash);
  const whole = number(0, cash);
  const tenth = number(1, cash);
  const plain = number(0);
  const one = number(1);
  const two = number(2);
  const percent = number(1, { style: 'percent' });
  const known = (show: (value: number) => string) => (value: number | null) =>
    value === null || !Number.isFinite(value) ? dash : show(value);
  const plus = (show: (value: number) => string) => (value: number) => {
    const text = show(value);
    const isZero = !/[1-9]/.test(text);
    return isZero ? text.replace('−', '') : value > 0 ? `+${text}` : text;
  };
  // Scale first, then place the suffix behind the last digit: '€1.84M', '1,84M €'.
  const scaled = (value: number, divisor: number, suffix: string, show: (v: number) => string) =>
    show(value / divisor).replace(/([0-9])(?!.*[0-9])/, `$1${suffix}`);
  const money = (value: number) => {
    const size = Math.abs(value);
    if (size >= 999_500_000) return scaled(value, 1e9, 'bn', exact);
    if (size >= 999_500) return scaled(value, 1e6, 'M', exact);
    if (size >= 99_950) return scaled(value, 1e3, 'k', tenth);
    if (size >= 1000) return whole(value);
    return exact(value);
  };
  const points = (value: number) => `${one(value * 100)} pt`;
  const days = (value: number) => `${one(value)} days`;
  const hours = (value: number) => `${one(value)} h`;
  const byUnit: Record<Unit, (value: number) => string> = { money, count: plain, share: percent, ratio: two, days, hours };
  const instant = (day: string) => new Date(`${day.slice(0, 10)}T00:00:00Z`);
  const dated = (options: Intl.DateTimeFormatOptions) => {
    const f = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', ...options });
    return (day: string) => f.format(instant(day));
  };
  const long = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', day: 'numeric', month: 'long', year: 'numeric' });
  // 'first to last' in one phrase is English of the day-first kind; other locales have a form of their own.
  const isDayFirst = locale.startsWith('en') && /^[0-9]/.test(long.format(0));
  const date = (day: string) => long.format(instant(day));
  const dayMonthLong = dated({ day: 'numeric', month: 'long' });
  const dayOnly = dated({ day: 'numeric' });
  return {
    money: known(money),
    moneyExact: known(exact),
    count: known(plain),
    share: known(percent),
    ratio: known(two),
    change: known(plus(percent)),
    points: known(plus(points)),
    unit: (value, unit) => known(byUnit[unit])(value),
    signed: (value, unit) => known(plus(unit === 'share' ? points : byUnit[unit]))(value),
    date,
    dayMonth: dated({ day: 'numeric', month: 'short' }),
    month: dated({ month: 'long', year: 'numeric' }),
    span: (first, last) => {
      if (first.slice(0, 10) === last.slice(0, 10)) return date(first);
      if (!isDayFirst) return long.formatRange(instant(first), instant(last));
      const sameYear = first.slice(0, 4) === last.slice(0, 4);
      const sameMonth = sameYear && first.slice(5, 7) === last.slice(5, 7);
      return `${sameMonth ? dayOnly(first) : sameYear ? dayMonthLong(first) : date(first)} to ${date(last)}`;
    },
    week: (day) => {
      const { week, year } = isoWeek(day);
      return `Week ${week}, ${year}`;
    },
    word: (value) => words[value] ?? plain(value),
  };
}

/** ISO 8601 week number and week-year of a day 'YYYY-MM-DD'. */
export function isoWeek(day: string): { week: number; year: number } {
  const date = new Date(`${day.slice(0, 10)}T00:00:00Z`);
  const thursday = new Date(date.getTime() + (3 - ((date.getUTCDay() + 6) % 7)) * 86_400_000);
  const year = thursday.getUTCFullYear();
  const week = 1 + Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / (7 * 86_400_000));
  return { week, year };
}
