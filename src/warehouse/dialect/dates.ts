import { type Helper, helper, zoned } from './helper.ts';

const local = (zone: string, x: string) => (/^(Etc\/)?UTC$/.test(zone) ? x : `timezone('${zone}', timezone('UTC', ${x}))`);

/** Days, weeks, months and spans of time. Timestamps are UTC; `local_*` cut them in the shop's timezone. */
export const dates: Record<string, Helper> = {
  /** DATE of a timestamp in the shop's timezone. */
  local_date: zoned(
    'timestamp',
    (zone, x) => `cast(${local(zone, x)} as date)`,
    (zone, x) => `date(${x}, '${zone}')`,
  ),
  /** Hour 0 to 23 of a timestamp in the shop's timezone. */
  local_hour: zoned(
    'timestamp',
    (zone, x) => `extract(hour from ${local(zone, x)})`,
    (zone, x) => `extract(hour from ${x} at time zone '${zone}')`,
  ),
  /** 1 = Monday to 7 = Sunday of a date. */
  weekday: helper(
    'date',
    (d) => `extract(isodow from ${d})`,
    (d) => `(mod(extract(dayofweek from ${d}) + 5, 7) + 1)`,
  ),
  /** Monday of a date's ISO week. */
  week_start: helper(
    'date',
    (d) => `cast(date_trunc('week', ${d}) as date)`,
    (d) => `date_trunc(${d}, isoweek)`,
  ),
  /** First day of a date's month. */
  month_start: helper(
    'date',
    (d) => `cast(date_trunc('month', ${d}) as date)`,
    (d) => `date_trunc(${d}, month)`,
  ),
  /** First day of a date's year. */
  year_start: helper(
    'date',
    (d) => `cast(date_trunc('year', ${d}) as date)`,
    (d) => `date_trunc(${d}, year)`,
  ),
  /** ISO 8601 week number, 1 to 53. */
  iso_week: helper(
    'date',
    (d) => `extract(week from ${d})`,
    (d) => `extract(isoweek from ${d})`,
  ),
  /** Year to which the ISO week belongs. */
  iso_year: helper(
    'date',
    (d) => `extract(isoyear from ${d})`,
    (d) => `extract(isoyear from ${d})`,
  ),
  /** A date n days later; n may be negative. */
  add_days: helper(
    'date n',
    (d, n) => `(${d} + cast(${n} as integer))`,
    (d, n) => `date_add(${d}, interval ${n} day)`,
  ),
  /** A date n months later, at the month's last day where the day does not exist. */
  add_months: helper(
    'date n',
    (d, n) => `cast(${d} + to_months(cast(${n} as integer)) as date)`,
    (d, n) => `date_add(${d}, interval ${n} month)`,
  ),
  /** Days from date a to date b. */
  days_between: helper(
    'from to',
    (a, b) => `date_diff('day', ${a}, ${b})`,
    (a, b) => `date_diff(${b}, ${a}, day)`,
  ),
  /** ISO weeks from the week of date a to the week of date b. */
  weeks_between: helper(
    'from to',
    (a, b) => `(date_diff('day', date_trunc('week', ${a}), date_trunc('week', ${b})) // 7)`,
    (a, b) => `date_diff(${b}, ${a}, isoweek)`,
  ),
  /** Calendar months from the month of date a to the month of date b. */
  months_between: helper(
    'from to',
    (a, b) => `date_diff('month', ${a}, ${b})`,
    (a, b) => `date_diff(${b}, ${a}, month)`,
  ),
  /** Whole days of 24 hours between two timestamps, cut towards zero. */
  whole_days: helper(
    'from to',
    (a, b) => `date_sub('day', ${a}, ${b})`,
    (a, b) => `timestamp_diff(${b}, ${a}, day)`,
  ),
  /** Whole hours between two timestamps. */
  whole_hours: helper(
    'from to',
    (a, b) => `date_sub('hour', ${a}, ${b})`,
    (a, b) => `timestamp_diff(${b}, ${a}, hour)`,
  ),
  /** Whole seconds between two timestamps. */
  seconds_between: helper(
    'from to',
    (a, b) => `date_sub('second', ${a}, ${b})`,
    (a, b) => `timestamp_diff(${b}, ${a}, second)`,
  ),
  /**
   * A relation with one column `day`: the dates from `first` to `last`, inclusive, in steps of a 'day', 'week' or 'month'.
   * `first` and `last` are columns of `relation`; where one is NULL there are no rows.
   */
  date_series: helper(
    'relation first last step',
    (relation, first, last, step) =>
      `(select cast(unnest(generate_series(cast(${first} as timestamp), cast(${last} as timestamp), interval 1 ${step})) as date) as day from ${relation})`,
    (relation, first, last, step) =>
      `(select day from ${relation}, unnest(generate_date_array(${first}, ${last}, interval 1 ${step})) as day)`,
  ),
};
