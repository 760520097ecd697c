import type { Estimate } from '#stats/estimate.ts';
import { total } from '../shared/change.ts';
import { type Moments, type Scatter, sumOf } from './sum.ts';

/** A new customer of the list, as the query gives it. */
export interface ListRow {
  place: number;
  customer_id: string;
  first_order_date: string;
  last_order_date: string;
  x: number;
  t_days: number;
  recency_days: number;
  m: number | null;
  first_value: number;
  total_value: number;
  p_alive: number;
  purchases_90: number;
  p_purchase_90: number;
  discounted_365: number;
  spend: number;
  value_365: number;
  value_low: number;
  value_high: number;
  country: string | null;
  source: string | null;
  first_category: string | null;
}

/** What a value is the product of: whether the customer is still one, how often such a one orders, and what an order is worth. */
export type Factor = 'recency' | 'frequency' | 'spend';

export interface Newcomer extends ListRow {
  /** Each over that of the average new customer; their product is the value over the average value. */
  times: Record<Factor, number>;
  /** What put the customer on the list, strongest first. */
  reasons: Factor[];
}

/** The average new customer: the three multiply to the average value. */
export interface Average {
  p_alive: number;
  /** Discounted purchases of the year, if alive. */
  purchases: number;
  spend: number;
  value: number;
}

/** A factor of less above the average is no reason. */
const noticed = 1.1;
/** Nor is one that makes up less of what lifts the customer. */
const part = 0.2;

export function averageOf(fresh: { customers: number; value_365: number; p_alive: number; discounted_365: number }): Average | null {
  const { customers, value_365, p_alive, discounted_365 } = fresh;
  if (!(customers > 0 && p_alive > 0 && discounted_365 > 0 && value_365 > 0)) return null;
  const value = value_365 / customers;
  return { p_alive, purchases: discounted_365 / p_alive, spend: value / discounted_365, value };
}

export function newcomerOf(row: ListRow, average: Average | null): Newcomer {
  const times = {
    recency: average ? row.p_alive / average.p_alive : 1,
    frequency: average && row.p_alive > 0 ? row.discounted_365 / row.p_alive / average.purchases : 1,
    spend: average ? row.spend / average.spend : 1,
  };
  const lifts = (Object.keys(times) as Factor[]).filter((factor) => times[factor] > 1);
  const all = lifts.reduce((sum, factor) => sum + Math.log(times[factor]), 0);
  const reasons = lifts
    .filter((factor) => times[factor] >= noticed && Math.log(times[factor]) >= part * all)
    .sort((a, b) => times[b] - times[a]);
  return { ...row, times, reasons };
}

/** What the listed will bring together. */
export function listSum(list: readonly ListRow[], scatter: Scatter): Estimate {
  const inUsual = (money: number) => (scatter.usual > 0 ? money / scatter.usual : 0);
  const moments: Moments = { customers: list.length, single: 0, pair: 0, square: 0 };
  for (const row of list) {
    const expected = inUsual(row.discounted_365 * row.spend);
    moments.single += expected * inUsual(row.spend);
    moments.pair += pairsOf(row) * expected ** 2;
    moments.square += expected ** 2;
  }
  return sumOf(
    total(list, (row) => row.value_365),
    moments,
    scatter,
  );
}

/** E[N(N − 1)]/E[N]² as the queries work it out. */
export function pairsOf({ purchases_90: mean, p_purchase_90: any }: Pick<ListRow, 'purchases_90' | 'p_purchase_90'>): number {
  return any > 1e-6 && mean > any ? (2 * (mean - any)) / (mean * any) : 1;
}
