import type { Estimate } from '#stats/estimate.ts';
import { type MomentRow, momentsOf, type Scatter, sumOf } from './sum.ts';

/** Customers by whether they would be worth much, and whether they are likely still active. */
export interface ActionRow extends MomentRow {
  is_high: boolean;
  is_active: boolean;
  customers: number;
  new_customers: number;
  repeaters: number;
  total_value: number;
  value_365: number;
  /** What they would bring if each were surely active. */
  potential: number;
  least_potential: number;
  p_alive: number;
  recency_days: number;
}

export type ActionId = 'look-after' | 'win-back' | 'develop' | 'let-be';

/** A group of customers and what marketing should do with it. */
export interface Action {
  id: ActionId;
  name: string;
  who: string;
  do: string;
  owner: string;
  row: ActionRow;
  /** What they will bring in twelve months. */
  expected: Estimate;
}

/** P(alive) from which a customer counts as likely active. */
export const activeFrom = 0.5;
/** Nobody silent for so long does. */
export const quietDays = 365;
/** The part of customers with the highest value if active. */
export const highPart = 0.2;

const kinds: { id: ActionId; isHigh: boolean; isActive: boolean; name: string; who: string; do: string; owner: string }[] = [
  {
    ...{ id: 'look-after', isHigh: true, isActive: true, name: 'Look after', who: 'high value, active' },
    ...{ do: 'Personal service and early access; no discounts', owner: 'Customer service lead' },
  },
  {
    ...{ id: 'win-back', isHigh: true, isActive: false, name: 'Win back', who: 'high value, quiet' },
    ...{ do: 'One personal offer, a random tenth held out', owner: 'Head of CRM' },
  },
  {
    ...{ id: 'develop', isHigh: false, isActive: true, name: 'Develop', who: 'lower value, active' },
    ...{ do: 'Automatic series towards the next order', owner: 'Head of CRM' },
  },
  {
    ...{ id: 'let-be', isHigh: false, isActive: false, name: 'Let be', who: 'lower value, quiet' },
    ...{ do: 'Newsletter only, no paid reach', owner: 'Head of marketing' },
  },
];

/** Groups that have a customer, in the order of what to do first. */
export function actionsOf(rows: readonly ActionRow[], scatter: Scatter): Action[] {
  return kinds.flatMap(({ isHigh, isActive, ...kind }) => {
    const row = rows.find((one) => one.is_high === isHigh && one.is_active === isActive);
    return row && row.customers > 0 ? [{ ...kind, row, expected: sumOf(row.value_365, momentsOf(row), scatter) }] : [];
  });
}
