import type { ColumnTable } from 'arquero';
import type { Context } from '#contract/analysis.ts';
import { cents, ratio, total } from '../shared/change.ts';
import { rows } from '../shared/rows.ts';
import { type Assumptions, type Campaign, campaign } from './campaign.ts';
import type { CustomerRow, EarlierRow, FirstRow, Segment, TodayRow, VisitorRow } from './input.ts';
import { Rates } from './rates.ts';

export const shownFirst = 20;
/** Share of pairs from sessions that bought, from which all are held for cancelled orders. */
const mostly = 0.5;

export interface Worth {
  name: string;
  pairs: number;
  price: number;
  worth: { value: number; low: number; high: number };
}

export interface First extends FirstRow {
  chance: number;
  expected: number;
}

export interface Study extends Pick<Context, 'format' | 'asOf' | 'week'> {
  rates: Rates;
  earlier: EarlierRow[];
  today: TodayRow[];
  /** Pairs last viewed within 180 days, and those before. */
  pairs: number;
  old: number;
  all: Worth;
  segments: (Worth & { segment: Segment; customers: number })[];
  categories: Worth[];
  /** Viewed within 28 days. */
  fresh: Worth;
  faceValue: number;
  customers: number;
  first: First[];
  campaign: Campaign | null;
  assumptions: Assumptions;
  visitors: { known: VisitorRow | null; unknown: VisitorRow | null };
  /** Share of the pairs that were viewed in a session that ended in a purchase. */
  inPurchase: number | null;
  /** Whether most of them were: then they are cancelled orders, and there is nobody to remind. */
  isCancelled: boolean;
}

export function study(tables: Record<string, ColumnTable>, { format, asOf, week, params, seed }: Context): Study {
  const earlier = rows<EarlierRow>(tables.earlier);
  const today = rows<TodayRow>(tables.today);
  const customers = rows<CustomerRow>(tables.customers);
  const visitors = rows<VisitorRow>(tables.visitors);
  const rates = new Rates(earlier);
  const live = today.filter(({ band }) => band <= 4);
  const fresh = live.filter(({ band }) => band <= 2);
  const segments = [...Map.groupBy(live, ({ segment }) => segment)].sort(([a], [b]) => a - b);
  const categories = [...Map.groupBy(live, ({ category }) => category)].sort(([a], [b]) => (a < b ? -1 : 1));
  const weighted = (list: readonly TodayRow[], weight: (row: TodayRow) => number) => list.map((row) => ({ ...row, weight: weight(row) }));
  const priced = (list: readonly TodayRow[]) => weighted(list, (row) => row.price);
  const parts = [live, fresh, ...segments.map(([, own]) => own), ...categories.map(([, own]) => own)];
  const sums = rates.sums(parts.map(priced), seed);
  const worth = (name: string, own: readonly TodayRow[], place: number): Worth => ({
    name,
    pairs: total(own, (row) => row.pairs),
    price: total(own, (row) => row.price),
    worth: sums[place]!,
  });
  const assumptions: Assumptions = {
    uplift: { low: Number(params.uplift_low), middle: Number(params.uplift), high: Number(params.uplift_high) },
    contact: Number(params.contact_cost),
  };
  const contacts = total(customers, (row) => row.customers_fresh);
  const sumOf = (weight: (row: TodayRow) => number) => total(fresh, (row) => weight(row) * rates.chance(row));
  const hasCosts = fresh.every((row) => row.without_cost === 0);
  const pairs = total(live, (row) => row.pairs);
  const inPurchase = ratio(
    total(live, (row) => row.in_purchase_sessions),
    pairs,
  );
  const isCancelled = inPurchase !== null && inPurchase >= mostly;
  return {
    format,
    asOf,
    week,
    rates,
    earlier,
    today,
    pairs,
    old: total(today, (row) => (row.band === 5 ? row.pairs : 0)),
    all: worth('all', live, 0),
    fresh: worth('fresh', fresh, 1),
    segments: segments.map(([segment, own], i) => ({
      ...worth(String(segment), own, 2 + i),
      segment,
      customers: total(customers, (row) => (row.segment === segment ? row.customers : 0)),
    })),
    categories: categories
      .map(([name, own], i) => worth(name, own, 2 + segments.length + i))
      .toSorted((a, b) => b.worth.value - a.worth.value || b.price - a.price || (a.name < b.name ? -1 : 1)),
    faceValue: cents(total(live, (row) => row.face_value)),
    customers: total(customers, (row) => row.customers),
    first: isCancelled ? [] : firstPairs(rows<FirstRow>(tables.first), rates),
    campaign:
      rates.isMeasured && contacts > 0 && !isCancelled
        ? campaign(
            {
              purchases: sumOf((row) => row.pairs),
              revenue: sumOf((row) => row.price),
              margin: hasCosts ? sumOf((row) => row.price - row.cost) : null,
            },
            contacts,
            assumptions,
          )
        : null,
    assumptions,
    visitors: {
      known: visitors.find(({ is_identified }) => is_identified) ?? null,
      unknown: visitors.find(({ is_identified }) => !is_identified) ?? null,
    },
    inPurchase,
    isCancelled,
  };
}

/** By expected sales, one a customer. */
function firstPairs(list: readonly FirstRow[], rates: Rates): First[] {
  const seen = new Set<string>();
  return list
    .map((row): First => ({ ...row, chance: rates.chance(row), expected: cents(row.price * rates.chance(row)) }))
    .filter(({ chance }) => chance > 0)
    .toSorted(
      (a, b) =>
        b.price * b.chance - a.price * a.chance ||
        (a.customer_id < b.customer_id ? -1 : a.customer_id > b.customer_id ? 1 : a.product_id < b.product_id ? -1 : 1),
    )
    .filter(({ customer_id }) => {
      const isNew = !seen.has(customer_id);
      seen.add(customer_id);
      return isNew;
    })
    .slice(0, shownFirst);
}
