import { cents, ratio, total } from '../shared/change.ts';
import { addDays, weeksAYear } from '../shared/day.ts';
import type { ProductRow } from './input.ts';
import type { ProductPair } from './pairs.ts';

/** Assumed: of the buyers of one product who lack the other, the share that adds it once both are offered together. */
export interface Take {
  low: number;
  middle: number;
  high: number;
}

export interface Bundle {
  pair: ProductPair;
  /** Mean prices paid, together. */
  price: number;
  /** Baskets a year with both, and with one of them alone. */
  both: number;
  single: number;
  /** Revenue a year if the share assumed adds the other product at its usual price. */
  extra: { value: number; low: number; high: number };
  /** The same less the cost of what is added; null where a cost is unknown. */
  margin: number | null;
  /** Discount on both at which that margin is used up, since those who buy both anyway get it too; null where a cost is unknown. */
  breakEven: number | null;
}

/** Weeks of the last 52 complete ones that the data cover. */
export function weeksCovered(first: string | null, week: string): number {
  if (first === null) return 0;
  const days = (Date.parse(addDays(week, 7)) - Date.parse(first.slice(0, 10))) / 86_400_000;
  return Math.max(0, Math.min(weeksAYear, Math.floor(days / 7)));
}

/** What offering the pairs together could bring in a year; none where the data hold no complete week. */
export function bundles(pairs: readonly ProductPair[], take: Take, weeks: number): Bundle[] {
  if (weeks === 0) return [];
  return pairs
    .map((pair) => bundleOf(pair, take, weeksAYear / weeks))
    .filter((bundle) => bundle !== null)
    .toSorted((a, b) => b.extra.value - a.extra.value || (a.pair.row.product_a < b.pair.row.product_a ? -1 : 1));
}

function bundleOf(pair: ProductPair, take: Take, yearly: number): Bundle | null {
  const { first, second, row } = pair;
  const [a, b] = [priceOf(first), priceOf(second)];
  if (a === null || b === null) return null;
  const both = row.baskets_both_52w * yearly;
  const onlyFirst = Math.max(0, first.baskets_52w * yearly - both);
  const onlySecond = Math.max(0, second.baskets_52w * yearly - both);
  const extra = (share: number) => cents(share * (onlyFirst * b + onlySecond * a));
  const margin =
    first.cost === null || second.cost === null ? null : take.middle * (onlyFirst * (b - second.cost) + onlySecond * (a - first.cost));
  const discounted = (a + b) * (both + take.middle * (onlyFirst + onlySecond));
  return {
    pair,
    price: cents(a + b),
    both,
    single: onlyFirst + onlySecond,
    extra: { value: extra(take.middle), low: extra(take.low), high: extra(take.high) },
    margin: margin === null ? null : cents(margin),
    breakEven: margin === null ? null : ratio(Math.max(0, margin), discounted),
  };
}

const priceOf = ({ gross_amount, units }: ProductRow) => (gross_amount > 0 ? ratio(gross_amount, units) : null);

/** All bundles together, without what two of them count twice being told apart. */
export function extraOf(list: readonly Bundle[]): { value: number; low: number; high: number } {
  const sum = (pick: (bundle: Bundle) => number) => cents(total(list, pick));
  return { value: sum(({ extra }) => extra.value), low: sum(({ extra }) => extra.low), high: sum(({ extra }) => extra.high) };
}
