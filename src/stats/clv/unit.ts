/** Units of time a purchase model may be fitted in. A year is 365.25 days, a month a twelfth of it. */
export type TimeUnit = 'day' | 'week' | 'month' | 'year';

const daysIn: Record<TimeUnit, number> = { day: 1, week: 7, month: 365.25 / 12, year: 365.25 };

/** A length of time that knows its unit: one unit is never taken for another, only converted by `durationIn`. */
export interface Duration<U extends TimeUnit> {
  readonly kind: 'duration';
  readonly unit: U;
  readonly value: number;
}

/** A discount rate that knows its period: `rate` is effective per `per`; converted only by `discountIn`. */
export interface Discount<U extends TimeUnit> {
  readonly kind: 'discount';
  readonly per: U;
  readonly rate: number;
}

function duration<U extends TimeUnit>(unit: U, value: number): Duration<U> {
  if (!(value >= 0 && value < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`${unit}s: expected a finite number of at least 0, found ${value}`);
  }
  return { kind: 'duration', unit, value };
}

function discount<U extends TimeUnit>(per: U, rate: number): Discount<U> {
  if (!(rate > -1 && rate < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`discount per ${per}: expected a rate above -1, such as 0.15 for 15%, found ${rate}`);
  }
  return { kind: 'discount', per, rate };
}

export const days = (value: number): Duration<'day'> => duration('day', value);
export const weeks = (value: number): Duration<'week'> => duration('week', value);
export const months = (value: number): Duration<'month'> => duration('month', value);
export const years = (value: number): Duration<'year'> => duration('year', value);

export const perDay = (rate: number): Discount<'day'> => discount('day', rate);
export const perWeek = (rate: number): Discount<'week'> => discount('week', rate);
export const perMonth = (rate: number): Discount<'month'> => discount('month', rate);
export const perYear = (rate: number): Discount<'year'> => discount('year', rate);

/** The same length of time in another unit. */
export function durationIn<U extends TimeUnit>(length: Duration<TimeUnit>, unit: U): Duration<U> {
  return length.unit === unit ? (length as Duration<U>) : duration(unit, (length.value * daysIn[length.unit]) / daysIn[unit]);
}

/** The same discounting with another period, compounded: perYear(0.15) is perWeek(0.002682…). */
export function discountIn<U extends TimeUnit>(rate: Discount<TimeUnit>, unit: U): Discount<U> {
  return rate.per === unit ? (rate as Discount<U>) : discount(unit, Math.expm1((Math.log1p(rate.rate) * daysIn[unit]) / daysIn[rate.per]));
}

/** ln(1 + rate): the continuous rate per the discount's own period. */
function continuousRate(rate: Discount<TimeUnit>): number {
  return Math.log1p(rate.rate);
}

/**
 * The bare number of a duration, for code that computes in `unit`.
 * @throws RangeError when it is in another unit: the types refuse that too, this is for callers without types.
 */
export function inUnit<U extends TimeUnit>(name: string, length: Duration<NoInfer<U>>, unit: U): number {
  if (length?.kind !== 'duration' || length.unit !== unit) {
    throw new RangeError(
      `${name}: expected a duration in ${unit}s, found ${length?.unit ? `${length.unit}s` : length}; convert with durationIn`,
    );
  }
  return length.value;
}

/** The continuous rate of a discount per `unit`. @throws RangeError when its period is another. */
export function rateInUnit<U extends TimeUnit>(name: string, rate: Discount<NoInfer<U>>, unit: U): number {
  if (rate?.kind !== 'discount' || rate.per !== unit) {
    throw new RangeError(
      `${name}: expected a discount per ${unit}, found ${rate?.per ? `one per ${rate.per}` : rate}; convert with discountIn`,
    );
  }
  return continuousRate(rate);
}
