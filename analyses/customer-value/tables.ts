import { prose } from '#contract/prose.ts';
import type { Row } from '#contract/row.ts';
import type { Table } from '#contract/table.ts';
import { defaultLevel } from '#stats/estimate.ts';
import { ratio, total } from '../shared/change.ts';
import { counted, percent, sentence, someOf } from '../shared/words.ts';
import { type Dimension, type Group, minGroup } from './groups.ts';
import type { Newcomer } from './newcomer.ts';
import type { Value } from './value.ts';
import type { AcquiredWeek } from './weeks.ts';
import { reasonWords, unbroken, withRange } from './words.ts';

const weeksShown = 13;
/** Of a list that is not to be acted on, only the head is printed. */
const weakShown = 10;
const regionsShown = 15;

export function valueTables(value: Value): { tables: Table[]; omitted: Record<string, string> } {
  const tables: Table[] = [];
  const omitted: Record<string, string> = {};
  const fill = (id: string, reason: string | null, make: () => Table) => {
    if (reason === null) tables.push(make());
    else omitted[id] = reason;
  };
  const { format, list, actions, groups, weeks, newDays } = value;
  fill('list', list.length > 0 ? null : prose`no scored customer was won in the last ${format.count(newDays)} days`, () =>
    listTable(value),
  );
  fill('actions', actions.length > 0 ? null : 'no customer has a score', () => actionTable(value));
  fill('groups', groups.customers > 0 ? null : 'no scored customer was won in the last year', () => groupTable(value));
  fill('regions', groups.byDimension.region.length > 0 ? null : 'no scored customer was won in the last year', () => regionTable(value));
  fill('weeks', weeks.weeks.length > 0 ? null : 'no complete week has a scored customer', () => weekTable(value));
  return { tables, omitted };
}

function listTable(value: Value): Table {
  const { format, list, listed, fresh, average, trust, hasAlive, newDays } = value;
  const isOpen = list.every((one) => one.value_low === 0);
  const shown = trust.level === 'weak' && list.length > weakShown + 1 ? list.slice(0, weakShown) : list;
  const others = list.slice(shown.length);
  const rows = shown.map(
    (one): Row => ({
      ...{
        customer: one.customer_id,
        first: unbroken(format.dayMonth(one.first_order_date)),
        last: unbroken(format.dayMonth(one.last_order_date)),
      },
      ...{ orders: one.x + 1, spent: one.total_value, expected: one.value_365, low: one.value_low, high: one.value_high },
      ...{ alive: one.p_alive, soon: one.p_purchase_90, why: reasonWords(format, one) },
    }),
  );
  const share = ratio(listed.value, fresh?.expected.value);
  const isWhole = list.length === fresh?.customers;
  const soon = total(list, (one) => one.p_purchase_90);
  const ends = isOpen ? 'the upper end of its interval' : 'its interval';
  return {
    id: 'list',
    title:
      trust.level === 'weak'
        ? prose`Not to be acted on by name: ${format.count(Math.round(soon))} of these ${format.count(list.length)} are expected to buy within ${format.count(90)} days`
        : isWhole
          ? prose`All ${counted(format, list.length, 'new customer')} by expected value: ${withRange(format, listed)} together`
          : prose`${format.count(list.length)} of ${format.count(fresh?.customers ?? 0)} new customers hold ${format.share(share)} of the expected value: ${withRange(format, listed)}`,
    subtitle: prose`Customers whose first purchase was fewer than ${format.count(newDays)} days ago, by expected value of twelve months, with ${ends} (${percent(format, defaultLevel)}${isOpen ? '; each begins at nought' : ''}) and the chance of a purchase within ${format.count(90)} days.`,
    columns: [
      { key: 'customer', label: 'Customer', type: 'text' },
      { key: 'first', label: 'First', type: 'text' },
      { key: 'last', label: 'Last', type: 'text' },
      { key: 'orders', label: 'Orders', type: 'count' },
      { key: 'spent', label: 'Spent', type: 'money' },
      { key: 'expected', label: 'Expected', type: 'money' },
      ...(isOpen ? [] : ([{ key: 'low', label: 'From', type: 'money' }] as const)),
      { key: 'high', label: 'Up to', type: 'money' },
      ...(hasAlive ? ([{ key: 'alive', label: 'P(alive)', type: 'share' }] as const) : []),
      { key: 'soon', label: 'Buys', type: 'share' },
      { key: 'why', label: 'Why here', type: 'text' },
    ],
    rows:
      others.length === 0
        ? rows
        : [...rows, { customer: prose`Next ${format.count(others.length)}`, ...listSums(others), low: null, high: null }],
    total: { customer: 'Together', ...listSums(list), expected: listed.value, low: listed.low, high: listed.high },
    ...(average
      ? {
          note: prose`Why here, in multiples of the average new customer (${format.money(average.value)}): orders, the purchases of a year that the orders so far let expect; spend, the value of one${hasAlive ? '; recent, P(alive)' : ''}. A reason is a tenth above the average at least. The ends of the whole are those of the sum, not the sum of the ends.`,
        }
      : {}),
  };
}

function listSums(list: readonly Newcomer[]): Row {
  return {
    ...{ first: '', last: '', orders: total(list, (one) => one.x + 1), spent: total(list, (one) => one.total_value) },
    ...{ expected: total(list, (one) => one.value_365), alive: null, soon: null, why: '' },
  };
}

function actionTable({ format, actions, customers, expected, hasAlive, trust }: Value): Table {
  const all = actions.map(({ row }) => row);
  const high = all.filter((row) => row.is_high);
  const first = actions[0]!;
  return {
    id: 'actions',
    title: prose`${first.name}: ${format.share(ratio(first.row.customers, customers))} of customers, ${format.share(ratio(first.row.value_365, expected.value))} of what is expected`,
    subtitle: prose`All customers by value if active (the highest fifth, or the others) and by whether they likely are; expected value of twelve months with its ${percent(format, defaultLevel)} interval.`,
    columns: [
      { key: 'group', label: 'Group', type: 'text' },
      { key: 'do', label: 'What to do', type: 'text' },
      { key: 'owner', label: 'Owner', type: 'text' },
      { key: 'customers', label: 'Customers', type: 'count' },
      { key: 'fresh', label: 'New', type: 'count' },
      { key: 'expected', label: 'Expected', type: 'money' },
      { key: 'low', label: 'From', type: 'money' },
      { key: 'high', label: 'To', type: 'money' },
      ...(hasAlive ? ([{ key: 'potential', label: 'If active', type: 'money' }] as const) : []),
    ],
    rows: actions.map(({ name, who, do: what, owner, row, expected: sum }) => ({
      ...{ group: prose`${name}: ${who}`, do: what, owner, customers: row.customers, fresh: row.new_customers },
      ...{ expected: sum.value, low: sum.low, high: sum.high, ...(hasAlive ? { potential: row.potential } : {}) },
    })),
    total: {
      ...{
        group: 'All',
        who: '',
        do: '',
        owner: '',
        customers: total(all, (row) => row.customers),
        fresh: total(all, (row) => row.new_customers),
      },
      ...{ expected: expected.value, low: expected.low, high: expected.high },
      ...(hasAlive ? { potential: total(all, (row) => row.potential) } : {}),
    },
    note: [
      high.length > 0
        ? prose`High value: ${format.money(Math.min(...high.map((row) => row.least_potential)))} or more in twelve months if active.`
        : '',
      hasAlive
        ? 'Active: P(alive) of a half at least, and a purchase within a year.'
        : 'All count as active, since silence has not told here who has left.',
      trust.level === 'weak' ? 'As expectations are weak in this shop, hold a random tenth of each group out, and judge by them.' : '',
    ]
      .filter(Boolean)
      .join(' '),
  };
}

const kinds: Record<Dimension, string> = { source: 'Source', country: 'Country', region: 'Region', category: 'Category' };

function groupRow(kind: string, { name, customers, repeaters, total_value, judged, value_365 }: Group): Row {
  return {
    ...(kind === '' ? {} : { kind }),
    ...{ name, customers, again: ratio(repeaters, customers), spent: ratio(total_value, customers), sum: value_365 },
    ...{ each: judged?.value ?? null, low: judged?.low ?? null, high: judged?.high ?? null },
    verdict: !judged ? 'too few' : judged.isCalled ? (judged.difference > 0 ? 'more' : 'less') : 'usual',
  };
}

const groupColumns: Table['columns'] = [
  { key: 'customers', label: 'Customers', type: 'count' },
  { key: 'again', label: 'Came back', type: 'share' },
  { key: 'spent', label: 'Spent each', type: 'money' },
  { key: 'sum', label: 'Expected', type: 'money' },
  { key: 'each', label: 'Each', type: 'money' },
  { key: 'low', label: 'From', type: 'money' },
  { key: 'high', label: 'To', type: 'money' },
  { key: 'verdict', label: 'Verdict', type: 'text' },
];

function totalRow(list: readonly Group[], first: Row): Row {
  const customers = total(list, (group) => group.customers);
  const sum = total(list, (group) => group.value_365);
  return {
    ...{ ...first, customers, sum, each: ratio(sum, customers), low: null, high: null, verdict: '' },
    again: ratio(
      total(list, (group) => group.repeaters),
      customers,
    ),
    spent: ratio(
      total(list, (group) => group.total_value),
      customers,
    ),
  };
}

function groupTable({ format, groups, wonDays }: Value): Table {
  const shown: Dimension[] = ['source', 'country'];
  const known = shown.flatMap((dimension) => groups.byDimension[dimension]).filter(({ judged }) => judged);
  const called = known.filter(({ judged }) => judged!.isCalled).length;
  return {
    id: 'groups',
    title: sentence(
      prose`${someOf(format, called, known.length)} sources and countries ${called === 1 ? 'differs' : 'differ'} from the others beyond chance`,
    ),
    subtitle: prose`Customers won in the last ${format.count(wonDays)} days. Each: expected value of twelve months at equal age, drawn to the mean of all, with its ${percent(format, defaultLevel)} interval.`,
    columns: [{ key: 'kind', label: 'By', type: 'text' }, { key: 'name', label: 'Group', type: 'text' }, ...groupColumns],
    rows: shown.flatMap((dimension) => groups.byDimension[dimension].map((group) => groupRow(kinds[dimension], group))),
    total: totalRow(groups.byDimension.source, { kind: 'Each', name: 'All' }),
    note: prose`Groups of fewer than ${format.count(minGroup)} customers are pooled and not judged. Each dimension adds up to all.`,
  };
}

function regionTable({ format, groups, wonDays }: Value): Table {
  const list = groups.byDimension.region;
  const known = list.filter(({ judged }) => judged);
  const called = known.filter(({ judged }) => judged!.isCalled);
  const top = new Set([...called, ...known].slice(0, Math.max(regionsShown, called.length)));
  const shown = list.filter((group) => top.has(group));
  const rest = list.filter((group) => !top.has(group));
  const pooled: Row[] = rest.length > 0 ? [{ ...totalRow(rest, { name: 'Others' }), each: null, verdict: '' }] : [];
  return {
    id: 'regions',
    title: sentence(
      prose`${someOf(format, called.length, known.length)} regions ${called.length === 1 ? 'differs' : 'differ'} from the others beyond chance`,
    ),
    subtitle: prose`As above by region of the customer, the largest ${format.count(shown.length)}; customers won in the last ${format.count(wonDays)} days.`,
    columns: [{ key: 'name', label: 'Region', type: 'text' }, ...groupColumns],
    rows: [...shown.map((group) => groupRow('', group)), ...pooled],
    total: totalRow(list, { name: 'All' }),
  };
}

function weekVerdict({ each, usual, low, high, isCalled }: AcquiredWeek): string {
  if (each === null || usual === null || low === null || high === null) return 'not judged';
  if (each >= low && each <= high) return 'usual';
  return !isCalled ? 'unconfirmed' : each > usual ? 'above' : 'below';
}

function weekTable({ format, weeks }: Value): Table {
  const shown = weeks.weeks.slice(-weeksShown).toReversed();
  const last = shown[0]!;
  return {
    id: 'weeks',
    title: prose`${counted(format, last.customers, 'customer')} won in the last week, ${format.money(last.value)} expected of them`,
    subtitle: 'Customers by the week of their first purchase, newest first; complete weeks.',
    columns: [
      { key: 'week', label: 'Week of', type: 'date' },
      { key: 'customers', label: 'Won', type: 'count' },
      { key: 'again', label: 'Came back', type: 'share' },
      { key: 'first', label: 'First order', type: 'money' },
      { key: 'value', label: 'Expected', type: 'money' },
      { key: 'each', label: 'Each', type: 'money' },
      { key: 'low', label: 'Usual from', type: 'money' },
      { key: 'high', label: 'to', type: 'money' },
      { key: 'verdict', label: 'Verdict', type: 'text' },
    ],
    rows: shown.map((row) => ({
      ...{ week: row.week, customers: row.customers, again: ratio(row.repeaters, row.customers), first: row.first },
      ...{ value: row.value, each: row.each, low: row.low, high: row.high, verdict: weekVerdict(row) },
    })),
    total: {
      ...{ week: 'Together', customers: total(shown, (row) => row.customers), value: total(shown, (row) => row.value) },
      again: ratio(
        total(shown, (row) => row.repeaters),
        total(shown, (row) => row.customers),
      ),
      ...{ first: null, each: null, low: null, high: null, verdict: '' },
    },
  };
}
