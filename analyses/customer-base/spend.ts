import { type Concentration, compress, concentration, lorenz } from '#stats/concentration.ts';
import { ratio, total } from '../shared/change.ts';

/** Buyers of the last 52 weeks who spent about the same. */
export interface SpendStep {
  step: number;
  customers: number;
  orders: number;
  repeaters: number;
  net_revenue: number;
}

/** Buyers from a rank on to another, by what they spent: the top hundredth, the next, down to the lower half. */
export interface Tier {
  /** Shares of buyers from the top: 0 to 0.01, 0.01 to 0.1. */
  from: number;
  to: number;
  customers: number;
  orders: number;
  repeaters: number;
  netRevenue: number;
}

/** How the net revenue of the last 52 weeks is spread over its buyers. */
export interface Spend {
  buyers: number;
  orders: number;
  repeaters: number;
  netRevenue: number;
  perBuyer: number;
  concentration: Concentration;
  /** Buyers from the largest down, and the share of net revenue that they hold. */
  curve: { customers: number; revenue: number }[];
  tiers: Tier[];
  /** The top tenth. */
  tenth: Tier & { share: number; low: number; high: number };
}

const parts = [0.01, 0.1, 0.2] as const;
const borders = [0, 0.01, 0.1, 0.2, 0.5, 1] as const;
const minBuyers = 30;
const points = 100;

/** Null below thirty buyers or without net revenue. Money of a tier is exact for the steps of the query; a step on a border is split by customers. */
export function spend(steps: readonly SpendStep[], seed: number): Spend | null {
  const known = steps.filter(({ customers }) => customers > 0).toSorted((a, b) => b.step - a.step);
  const buyers = total(known, (row) => row.customers);
  const netRevenue = total(known, (row) => row.net_revenue);
  if (buyers < minBuyers || !(netRevenue > 0)) return null;
  const data = compress(
    known.map((row) => row.net_revenue / row.customers),
    known.map((row) => row.customers),
  );
  const measured = concentration(data, { seed, label: 'customer-base', parts });
  const ascending = lorenz(data, points);
  const perBuyer = ratio(netRevenue, buyers);
  if (!measured || !ascending || perBuyer === null) return null;
  const tiers = borders.slice(1).map((to, i) => tier(known, buyers, borders[i]!, to));
  const top = measured.top.find(({ part }) => part === 0.1)!;
  return {
    ...{ buyers, netRevenue, perBuyer, tiers, concentration: measured },
    orders: total(known, (row) => row.orders),
    repeaters: total(known, (row) => row.repeaters),
    curve: ascending.map(({ units, held }) => ({ customers: 1 - units, revenue: 1 - held })).toReversed(),
    tenth: { ...tier(known, buyers, 0, 0.1), share: top.value, low: top.low, high: top.high },
  };
}

function tier(descending: readonly SpendStep[], buyers: number, from: number, to: number): Tier {
  const [first, last] = [from * buyers, to * buyers];
  const sums = { customers: 0, orders: 0, repeaters: 0, netRevenue: 0 };
  let above = 0;
  for (const row of descending) {
    const part = Math.max(0, Math.min(last, above + row.customers) - Math.max(first, above)) / row.customers;
    above += row.customers;
    sums.customers += part * row.customers;
    sums.orders += part * row.orders;
    sums.repeaters += part * row.repeaters;
    sums.netRevenue += part * row.net_revenue;
  }
  return { from, to, ...sums };
}
