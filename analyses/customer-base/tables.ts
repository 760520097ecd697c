import { listed, prose } from '#contract/prose.ts';
import type { Row } from '#contract/row.ts';
import type { Table } from '#contract/table.ts';
import { change, ratio, total } from '../shared/change.ts';
import { addMonths, weeksSpan } from '../shared/day.ts';
import { percent, sentence, spelled } from '../shared/words.ts';
import type { Base } from './base.ts';
import { windowDays } from './cohorts.ts';
import { type Group, overall, valueDays } from './groups.ts';

const monthsShown = 13;
const quartersShown = 12;
const level = 0.95;

export function customerTables(base: Base): { tables: Table[]; omitted: Record<string, string> } {
  const tables: Table[] = [];
  const omitted: Record<string, string> = {};
  const fill = (id: string, reason: string | null, make: () => Table) => {
    if (reason === null) tables.push(make());
    else omitted[id] = reason;
  };
  fill('months', base.months.length === 0 ? 'the data hold no complete month' : null, () => months(base));
  fill('cohorts', base.cohorts.quarters.length === 0 ? 'no quarter of first orders has been seen to its end' : null, () =>
    cohortTable(base),
  );
  fill('groups', base.customers === 0 ? 'there is no customer' : null, () => groupTable(base));
  fill('tiers', base.spend ? null : 'too few buyers with net revenue in the last weeks', () => tierTable(base));
  return { tables, omitted };
}

function months({ months: all, format }: Base): Table {
  const shown = all.slice(-monthsShown).toReversed();
  const byMonth = new Map(all.map((row) => [row.month, row]));
  const rows = shown.map((row) => ({
    month: format.month(row.month),
    active: row.active_customers,
    on_last_year: change(row.active_customers, byMonth.get(addMonths(row.month, -12))?.active_customers),
    new: row.new_customers,
    returning: row.returning_customers,
    new_share: ratio(row.new_customers, row.active_customers),
    signups: row.signups,
    new_revenue: row.new_net_revenue,
    existing_revenue: row.existing_net_revenue,
  }));
  const last = shown[0]!;
  const share = ratio(last.existing_net_revenue, last.net_revenue);
  return {
    id: 'months',
    title:
      share === null || share < 0 || share > 1
        ? prose`${format.count(last.active_customers)} customers bought in ${format.month(last.month)}`
        : prose`Returning customers brought ${format.share(share)} of net revenue in ${format.month(last.month)}`,
    subtitle: prose`Customers with an order in the month and their net revenue; complete months, newest first.`,
    columns: [
      { key: 'month', label: 'Month', type: 'text' },
      { key: 'active', label: 'Active', type: 'count' },
      { key: 'on_last_year', label: 'On last year', type: 'change', polarity: 'up' },
      { key: 'new', label: 'New', type: 'count' },
      { key: 'returning', label: 'Returning', type: 'count' },
      { key: 'new_share', label: 'New, share', type: 'share' },
      { key: 'signups', label: 'Sign-ups', type: 'count' },
      { key: 'new_revenue', label: 'Revenue, new', type: 'money' },
      { key: 'existing_revenue', label: 'Revenue, returning', type: 'money' },
    ],
    rows,
    note: 'New and returning add up to active. Net revenue of the month includes refunds of earlier orders.',
  };
}

function cohortTable({ cohorts, format }: Base): Table {
  const shown = cohorts.quarters.slice(-quartersShown).toReversed();
  const best = cohorts.quarters.toSorted((a, b) => b.rate.value - a.rate.value || (a.date < b.date ? -1 : 1))[0]!;
  return {
    id: 'cohorts',
    title: prose`First-time buyers of the quarter from ${format.month(best.date)} came back most, ${format.share(best.rate.value)} of them`,
    subtitle: prose`First-time buyers by quarter of the first order, and how many ordered again within ${format.count(windowDays)} days; quarters seen to the end, newest first.`,
    columns: [
      { key: 'quarter', label: 'Quarter of first order', type: 'text' },
      { key: 'buyers', label: 'First-time buyers', type: 'count' },
      { key: 'repeated', label: 'Ordered again', type: 'count' },
      { key: 'rate', label: 'Share', type: 'share' },
      { key: 'low', label: 'From', type: 'share' },
      { key: 'high', label: 'To', type: 'share' },
    ],
    rows: shown.map(({ date, buyers, repeated, rate }) => ({
      quarter: prose`${format.month(date)} to ${format.month(addMonths(date, 2))}`,
      buyers,
      repeated,
      ...{ rate: rate.value, low: rate.low, high: rate.high },
    })),
    note: prose`From and to are the ${percent(format, level)} interval (Wilson).`,
  };
}

function groupTable({ groups, customers, perOrders, format }: Base): Table {
  const revenue = total(perOrders, (row) => row.net_revenue);
  const kinds: [string, readonly Group[]][] = [
    ['Source', groups.sources],
    ['Age', groups.ages],
    ['Gender', groups.genders],
  ];
  const rows = kinds.flatMap(([kind, list]) =>
    list.map(
      ({ name, customers: n, net_revenue, first, early, repeat }): Row => ({
        kind,
        name,
        customers: n,
        customer_share: ratio(n, customers),
        revenue_share: revenue > 0 ? ratio(net_revenue, revenue) : null,
        first: first?.value ?? null,
        repeat: repeat?.value ?? null,
        ...{ early: early?.value ?? null, low: early?.low ?? null, high: early?.high ?? null },
      }),
    ),
  );
  const measures = [
    ['first', 'first orders'],
    ['repeat', 'second orders'],
    ['early', 'early revenue'],
  ] as const;
  const differing = measures.flatMap(([key, words]) => {
    const names = kinds.flatMap(([, list]) => list.filter((group) => group[key]?.isCalled).map(({ name }) => name));
    return names.length === 0
      ? []
      : [{ names: names.length > 3 ? spelled(format, names.length, 'group') : listed(names), many: names.length > 1, words }];
  });
  const out = differing.map(({ names, many, words }, i) =>
    i === 0 ? prose`${names} ${many ? 'differ' : 'differs'} beyond chance in ${words}` : prose`${names} in ${words}`,
  );
  const largest = groups.sources[0];
  return {
    id: 'groups',
    title:
      out.length > 0
        ? sentence(out.join(', '))
        : largest
          ? prose`${largest.name} brought ${format.share(ratio(largest.customers, customers))} of customers; no group stands out`
          : 'No group stands out',
    subtitle: prose`All customers by source, age and gender. Of two years of closed windows: sign-ups that order within ${format.count(windowDays)} days, first-time buyers who order again within ${format.count(windowDays)}, and net revenue of a first-time buyer in ${format.count(valueDays)} days with its ${percent(format, level)} interval.`,
    columns: [
      { key: 'kind', label: 'By', type: 'text' },
      { key: 'name', label: 'Group', type: 'text' },
      { key: 'customers', label: 'Customers', type: 'count' },
      { key: 'customer_share', label: 'Share', type: 'share' },
      { key: 'revenue_share', label: 'Revenue share', type: 'share' },
      { key: 'first', label: 'Ordered', type: 'share' },
      { key: 'repeat', label: 'Ordered again', type: 'share' },
      { key: 'early', label: 'Early revenue', type: 'money' },
      { key: 'low', label: 'From', type: 'money' },
      { key: 'high', label: 'To', type: 'money' },
    ],
    rows,
    total: {
      ...{ kind: 'All', name: null, customers },
      customer_share: customers > 0 ? 1 : null,
      revenue_share: revenue > 0 ? 1 : null,
      ...overall(groups.sources),
      ...{ low: null, high: null },
    },
    note: 'A dash: too few customers to be shown.',
  };
}

function tierTable({ spend, format, week }: Base): Table {
  const { tiers, netRevenue, buyers, orders, repeaters, perBuyer } = spend!;
  const half = tiers.at(-1)!;
  const rows = tiers.map(
    (tier): Row => ({
      tier:
        tier.from === 0
          ? prose`Top ${percent(format, tier.to)}`
          : tier.to === 1
            ? prose`Lower ${percent(format, tier.to - tier.from)}`
            : prose`Next ${percent(format, tier.to - tier.from)}`,
      buyers: Math.round(tier.customers),
      revenue: tier.netRevenue,
      share: ratio(tier.netRevenue, netRevenue),
      each: ratio(tier.netRevenue, tier.customers),
      orders: ratio(tier.orders, tier.customers),
      repeat: ratio(tier.repeaters, tier.customers),
    }),
  );
  return {
    id: 'tiers',
    title: prose`The lower half of buyers brings ${format.share(ratio(half.netRevenue, netRevenue))} of net revenue`,
    subtitle: prose`Buyers by net revenue of their orders, ${weeksSpan(format, week, 52)}, from the largest down.`,
    columns: [
      { key: 'tier', label: 'Buyers by spending', type: 'text' },
      { key: 'buyers', label: 'Buyers', type: 'count' },
      { key: 'revenue', label: 'Net revenue', type: 'money' },
      { key: 'share', label: 'Share', type: 'share' },
      { key: 'each', label: 'Per buyer', type: 'money' },
      { key: 'orders', label: 'Orders each', type: 'ratio' },
      { key: 'repeat', label: 'Ordered again', type: 'share' },
    ],
    rows,
    total: {
      tier: 'All',
      buyers,
      revenue: netRevenue,
      share: 1,
      each: perBuyer,
      orders: ratio(orders, buyers),
      repeat: ratio(repeaters, buyers),
    },
    note: 'A buyer on the border of two lines counts in part for each; numbers of buyers are rounded.',
  };
}
