import { codedAt } from './coded.ts';
import type { Customers, DateColumn, Word } from './customers.ts';
import { idOf } from './id-index.ts';
import { known, type Outlook } from './valuation.ts';

/** A customer and what is expected of them. Money in the shop's currency, times in days up to the run's as-of day. */
export interface CustomerValue {
  customerId: string;
  /** 'YYYY-MM-DD' in the shop's timezone. */
  firstOrderDate: string;
  lastOrderDate: string;
  daysSinceFirst: number;
  daysSinceLast: number;
  /** Days with a purchase after the first (x). */
  repeatPurchases: number;
  /** Mean net value of a repeat purchase day; null without one. */
  meanRepeatValue: number | null;
  /** Net value of all purchases so far. */
  totalValue: number | null;
  /** P(still a customer), 0 to 1. */
  pAlive: number | null;
  next90Days: { purchases: number | null; pPurchase: number | null };
  /** Within the horizon asked for. */
  outlook: Outlook;
  segment: string | null;
  country: string | null;
  region: string | null;
  source: string | null;
  firstCategory: string | null;
}

/** A row of the columns as an object. */
export function customerOf({ ids, counts, measures, dates, words }: Customers, row: number, outlook: Outlook): CustomerValue {
  const word = (name: Word) => codedAt(words[name], row);
  const date = (name: DateColumn) => new Date(dates[name][row]! * 86_400_000).toISOString().slice(0, 10);
  return {
    customerId: idOf(ids, row),
    firstOrderDate: date('first_order_date'),
    lastOrderDate: date('last_order_date'),
    daysSinceFirst: counts.t_days[row]!,
    daysSinceLast: counts.t_days[row]! - counts.t_x_days[row]!,
    repeatPurchases: counts.x[row]!,
    meanRepeatValue: known(measures.m[row]!),
    totalValue: known(measures.total_value[row]!),
    pAlive: known(measures.p_alive[row]!),
    next90Days: { purchases: known(measures.purchases_90[row]!), pPurchase: known(measures.p_purchase_90[row]!) },
    outlook,
    segment: word('segment'),
    country: word('country'),
    region: word('region'),
    source: word('source'),
    firstCategory: word('first_category'),
  };
}
