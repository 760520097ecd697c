import { formatter } from '#contract/format.ts';
import type { Row } from '#contract/row.ts';
import { csv } from '#report/csv.ts';
import type { CustomerValue } from './customer.ts';
import type { HighValueAnswer } from './index.ts';
import { alignedLines, shown, type TerminalColumn } from './terminal.ts';

/** The answer as JSON, every digit of it. */
export function listJson(answer: HighValueAnswer): string {
  return `${JSON.stringify(answer, null, 2)}\n`;
}

const csvColumns = [
  'rank',
  'customer_id',
  'first_order_date',
  'last_order_date',
  'repeat_purchases',
  'total_value',
  'p_alive',
  'purchases',
  'p_purchase',
  'value',
  'value_low',
  'value_high',
  'segment',
  'country',
  'region',
  'source',
  'first_category',
  'horizon_days',
  'currency',
  'as_of',
  'run',
] as const;

/** RFC 4180, one line a customer; text that a spreadsheet would run as a formula is disarmed. */
export function listCsv({ customers, horizonDays, shop, run }: HighValueAnswer): string {
  const rows = customers.map((customer, i): Row & Record<(typeof csvColumns)[number], Row[string]> => ({
    rank: i + 1,
    customer_id: customer.customerId,
    first_order_date: customer.firstOrderDate,
    last_order_date: customer.lastOrderDate,
    repeat_purchases: customer.repeatPurchases,
    total_value: customer.totalValue,
    p_alive: customer.pAlive,
    purchases: customer.outlook.purchases,
    p_purchase: customer.outlook.pPurchase,
    value: customer.outlook.value?.expected ?? null,
    value_low: customer.outlook.value?.low ?? null,
    value_high: customer.outlook.value?.high ?? null,
    segment: customer.segment,
    country: customer.country,
    region: customer.region,
    source: customer.source,
    first_category: customer.firstCategory,
    horizon_days: horizonDays,
    currency: shop.currency,
    as_of: run.asOf,
    run: run.run,
  }));
  return csv(
    csvColumns.map((key) => ({ key, label: key })),
    rows,
  );
}

/** For people at a terminal: aligned columns, money and dates as the shop writes them. */
export function listTable(answer: HighValueAnswer): string {
  const { shop, customers, run, found, firstPurchaseWithinDays, horizonDays, level, supported, reason } = answer;
  const format = formatter(shop);
  const percent = format.share(level).replace(/[.,]0/, '');
  const days = (value: number) => `${format.ratio(value).replace(/[.,]00$/, '')} days`;
  const columns: TerminalColumn<CustomerValue>[] = [
    { head: '', isNumber: true, cell: (_, i) => `${i + 1}` },
    { head: 'customer', isNumber: false, cell: ({ customerId }) => customerId },
    { head: 'first order', isNumber: false, cell: ({ firstOrderDate }) => firstOrderDate },
    { head: 'orders', isNumber: true, cell: ({ repeatPurchases }) => format.count(repeatPurchases + 1) },
    { head: 'spent', isNumber: true, cell: ({ totalValue }) => format.money(totalValue) },
    { head: 'P(alive)', isNumber: true, cell: ({ pAlive }) => format.share(pAlive) },
    { head: 'P(buys)', isNumber: true, cell: ({ outlook }) => format.share(outlook.pPurchase) },
    { head: 'value', isNumber: true, cell: ({ outlook }) => format.money(outlook.value?.expected ?? null) },
    {
      head: `${percent} interval`,
      isNumber: true,
      cell: ({ outlook: { value } }) => (value ? `${format.money(value.low)} to ${format.money(value.high)}` : format.money(null)),
    },
    { head: 'source', isNumber: false, cell: ({ source }) => source ?? '' },
    { head: 'country', isNumber: false, cell: ({ country }) => country ?? '' },
    { head: 'first category', isNumber: false, cell: ({ firstCategory }) => firstCategory ?? '' },
  ];
  const title = `${shown(shop.name)}: ${customers.length} of ${format.count(found)} customers new within ${firstPurchaseWithinDays} days, by value expected within ${days(horizonDays)}`;
  const source = `as of ${format.date(run.asOf)}, run ${run.run.slice(0, 12)}, manifest ${run.manifest.slice(0, 12)}`;
  const notes = supported ? [] : [`the model is not supported here: ${shown(reason ?? '')}`];
  return [title, source, ...notes, '', ...(customers.length > 0 ? alignedLines(columns, customers) : ['nobody']), ''].join('\n');
}
