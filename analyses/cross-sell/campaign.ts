import { cents } from '../shared/change.ts';

/** What a campaign is assumed to do and cost. */
export interface Assumptions {
  /** Relative rise of the chance to buy. */
  uplift: { low: number; middle: number; high: number };
  /** Cost of writing to one customer once. */
  contact: number;
}

export interface Scenario {
  uplift: number;
  purchases: number;
  revenue: number;
  /** Null where costs of products are not known. */
  margin: number | null;
  cost: number;
  net: number | null;
}

export interface Campaign {
  contacts: number;
  /** Purchases, revenue and margin within 28 days that come without it. */
  base: { purchases: number; revenue: number; margin: number | null };
  scenarios: Scenario[];
  /** Uplift at which margin pays for the contacts; null without known or positive margin. */
  breakEven: number | null;
  /** Least relative uplift that a test of one round, and of a year's thirteen, with half held out finds at 80% power. */
  detectable: { round: number; year: number } | null;
}

export const roundsAYear = 13;
/** Normal quantiles of 97.5% and 80%, added. */
const reach = 1.959964 + 0.841621;

/** What writing once to each customer with a fresh view could win within 28 days. */
export function campaign(base: Campaign['base'], contacts: number, { uplift, contact }: Assumptions): Campaign {
  const cost = cents(contacts * contact);
  const scenarios = [uplift.low, uplift.middle, uplift.high].map((share): Scenario => {
    const margin = base.margin === null ? null : cents(base.margin * share);
    return {
      uplift: share,
      purchases: base.purchases * share,
      revenue: cents(base.revenue * share),
      margin,
      cost,
      net: margin === null ? null : cents(margin - cost),
    };
  });
  const rate = contacts > 0 ? Math.min(1, base.purchases / contacts) : 0;
  const least = rate > 0 && rate < 1 ? (reach * Math.sqrt((2 * rate * (1 - rate)) / (contacts / 2))) / rate : null;
  return {
    contacts,
    base,
    scenarios,
    breakEven: base.margin !== null && base.margin > 0 ? cost / base.margin : null,
    detectable: least === null ? null : { round: least, year: least / Math.sqrt(roundsAYear) },
  };
}
