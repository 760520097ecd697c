import type { Estimate } from '#stats/estimate.ts';
import { proportion } from '#stats/proportion.ts';
import { total } from '../shared/change.ts';

export interface SignupMonth {
  month: string;
  signups: number;
  buyers: number;
  observed_365: number;
  within_1: number;
  within_7: number;
  within_30: number;
  within_90: number;
  within_180: number;
  within_365: number;
}

/** Of sign-ups that have been seen for a year. */
export interface Signups {
  observed: number;
  /** Share that had ordered so many days after signing up, ascending; empty below the least number. */
  curve: { days: number; ordered: number; share: Estimate }[];
  /** First to last sign-up month behind the curve. */
  first: string | null;
  last: string | null;
  /** Share without an order in their first year; null below the least number. */
  silent: Estimate | null;
  /** Sign-ups of all time without an order yet. */
  neverOrdered: number;
  all: number;
}

const daysOf = [1, 7, 30, 90, 180, 365] as const;
const minSignups = 30;
const monthsShown = 25;

/** Sign-ups of the last two years that have been seen for a whole year, and when they first ordered. */
export function signups(rows: readonly SignupMonth[], asOf: string): Signups {
  const closed = rows
    .filter(({ observed_365, month }) => observed_365 > 0 && month <= asOf)
    .toSorted((a, b) => (a.month < b.month ? -1 : 1));
  const recent = closed.slice(-monthsShown);
  const observed = total(recent, (row) => row.observed_365);
  const curve =
    observed < minSignups
      ? []
      : daysOf.flatMap((days) => {
          const ordered = total(recent, (row) => row[`within_${days}`]);
          const share = proportion(ordered, observed);
          return share ? [{ days, ordered, share }] : [];
        });
  const year = curve.at(-1);
  const all = total(rows, (row) => row.signups);
  return {
    ...{ observed, curve, all },
    first: recent[0]?.month ?? null,
    last: recent.at(-1)?.month ?? null,
    silent: year ? proportion(observed - year.ordered, observed) : null,
    neverOrdered: all - total(rows, (row) => row.buyers),
  };
}
