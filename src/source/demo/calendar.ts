/** Seconds. */
const hour = 3600;
export const day = 24 * hour;
export const week = 7 * day;

/** Relative buying by weekday, Monday first; mean 1. */
export const weekdayWeights = [1.06, 0.96, 0.93, 0.95, 0.9, 1.0, 1.2];
/** Relative buying by hour of the day (UTC): lunch and evening. */
export const buyingHours = [9, 5, 3, 2, 2, 3, 6, 10, 15, 19, 22, 25, 29, 27, 24, 23, 24, 27, 33, 41, 48, 46, 34, 19];
/** Relative browsing by hour of the day (UTC): flatter than buying, so that conversion rises in the evening. */
export const browsingHours = [14, 9, 6, 5, 5, 7, 12, 17, 21, 24, 26, 27, 28, 28, 27, 27, 27, 28, 30, 33, 36, 35, 30, 22];
/** Relative acquisition at the middle of each month. */
export const seasonByMonth = [0.92, 0.9, 0.96, 1, 1, 0.95, 0.82, 0.84, 1, 1.08, 1.45, 1.4];
/** Growth of acquisition a year. */
export const growthPerYear = 0.12;

/**
 * Time of the shop: seconds since `origin`, the Monday 00:00 UTC on or before the first day.
 * Operational time runs in weeks and agrees with the clock at each Monday 00:00; within a week it runs fast when people buy
 * (weekday × hour) and slowly at night. A process that is Poisson in operational time has the shop's weekly pattern on the clock.
 */
export interface Calendar {
  /** Unix seconds of the origin. */
  origin: number;
  /** First second of the shop, and the first one after its end. */
  open: number;
  close: number;
  /** ISO weeks touched. */
  weeks: number;
  /** Monday 00:00 after the last complete ISO week. */
  anchor: number;
  /** Operational weeks to seconds. */
  clock(weeks: number): number;
  /** Seconds to operational weeks. */
  operational(seconds: number): number;
  /** Like `clock`, with the browsing hours. */
  browsingClock(weeks: number): number;
  /** Seconds to 'YYYY-MM-DD'. */
  date(seconds: number): string;
}

/** @param end last day, inclusive; @param years length of the period, rounded to whole weeks and at least one. */
export function calendar(end: string, years: number): Calendar {
  const stop = Date.parse(`${end}T00:00:00Z`) / 1000 + day;
  const start = stop - Math.max(1, Math.round((years * 365.25) / 7)) * week;
  const origin = start - weekdayOf(start) * day;
  const buying = pace(buyingHours);
  const browsing = pace(browsingHours);
  const close = stop - origin;
  return {
    origin,
    open: start - origin,
    close,
    weeks: Math.ceil(close / week),
    anchor: Math.floor(close / week) * week,
    clock: buying.clock,
    operational: buying.operational,
    browsingClock: browsing.clock,
    date: (seconds) => new Date((origin + seconds) * 1000).toISOString().slice(0, 10),
  };
}

/** Season of acquisition at a moment: linear between the middles of months. */
export function season(unixSeconds: number): number {
  const moment = new Date(unixSeconds * 1000);
  const length = new Date(Date.UTC(moment.getUTCFullYear(), moment.getUTCMonth() + 1, 0)).getUTCDate();
  const place = (moment.getUTCDate() - 0.5) / length - 0.5;
  const here = seasonByMonth[moment.getUTCMonth()]!;
  const beside = seasonByMonth[(moment.getUTCMonth() + (place < 0 ? 11 : 1)) % 12]!;
  return here + Math.abs(place) * (beside - here);
}

/** Monday 0 … Sunday 6; the epoch was a Thursday. */
function weekdayOf(unixSeconds: number): number {
  return (Math.floor(unixSeconds / day) + 3) % 7;
}

function pace(hours: number[]): Pick<Calendar, 'clock' | 'operational'> {
  const cumulative = new Float64Array(169);
  for (let cell = 0; cell < 168; cell++) {
    cumulative[cell + 1] = cumulative[cell]! + weekdayWeights[Math.floor(cell / 24)]! * hours[cell % 24]!;
  }
  const total = cumulative[168]!;
  for (let cell = 0; cell < 169; cell++) cumulative[cell]! /= total;
  return {
    clock(weeks) {
      const whole = Math.floor(weeks);
      const part = weeks - whole;
      let low = 0;
      let high = 168;
      while (high - low > 1) {
        const middle = (low + high) >> 1;
        if (cumulative[middle]! <= part) low = middle;
        else high = middle;
      }
      const inside = (part - cumulative[low]!) / (cumulative[low + 1]! - cumulative[low]!);
      return whole * week + (low + inside) * hour;
    },
    operational(seconds) {
      const whole = Math.floor(seconds / week);
      const hours = (seconds - whole * week) / hour;
      const cell = Math.floor(hours);
      return whole + cumulative[cell]! + (hours - cell) * (cumulative[cell + 1]! - cumulative[cell]!);
    },
  };
}
