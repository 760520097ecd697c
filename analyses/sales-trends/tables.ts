import { prose } from '#contract/prose.ts';
import type { Row } from '#contract/row.ts';
import type { Table } from '#contract/table.ts';
import { change } from '../shared/change.ts';
import { addMonths, weekEnd, weeksAYear } from '../shared/day.ts';
import { comparedWith } from '../shared/metric.ts';
import { addedWords, directionOf, moved, movedBy, moveSize, sentence, someOf } from '../shared/words.ts';
import { contributionsOf, type Dimension, shortened } from './bridge.ts';
import { dimensionWords, lineName, missingPair } from './figures-change.ts';
import { definitions } from './kpis.ts';
import type { Sales } from './sales.ts';

/** A table, or the reason why this shop can't have it. */
export type Filled = { id: string } & ({ table: Table } | { omitted: string });

const monthsShown = 13;
const topValues = 8;
const dimensions: Dimension[] = ['category', 'country', 'source', 'customer_type'];

export function salesTables(sales: Sales): Filled[] {
  return [kpis(sales), drivers(sales), contributionTable(sales), months(sales), outside(sales)];
}

function filled(table: Table): Filled {
  return { id: table.id, table };
}

function kpis(sales: Sales): Filled {
  const id = 'kpis';
  const { format, now, week, ytd } = sales;
  if (!now) return { id, omitted: 'The week reported is not in the data.' };
  const rows = definitions.map(({ id: kpi, label, unit }): Row => {
    const { metric } = sales.kpis[kpi];
    const [prior, lastYear] = [comparedWith(metric, 'prior week'), comparedWith(metric, 'same week last year')];
    const toDate = ytd.values.find((value) => value.id === kpi)!;
    const moves = (from: number | null, to: number | null) => {
      if (unit === 'share') return from === null || to === null ? format.points(null) : format.points(to - from);
      return format.change(change(to, from));
    };
    return {
      label,
      value: format.unit(metric.value, unit),
      prior: format.unit(prior, unit),
      on_prior: moves(prior, metric.value),
      last_year: format.unit(lastYear, unit),
      on_last_year: moves(lastYear, metric.value),
      to_date: format.unit(toDate.now, unit),
      on_to_date: moves(toDate.before, toDate.now),
    };
  });
  const better = definitions.filter(({ id: kpi, polarity }) => {
    const { metric } = sales.kpis[kpi];
    const prior = comparedWith(metric, 'prior week');
    return prior !== null && metric.value !== null && directionOf(metric.value - prior, polarity) === 'good';
  }).length;
  return filled({
    id,
    title: sentence(prose`${someOf(format, better, rows.length)} measures did better than in the prior week`),
    subtitle: prose`${format.week(week)}, ${format.span(week, weekEnd(week))}; last year is the same ISO week (${format.word(weeksAYear)} weeks before); year to date is ${format.span(ytd.first, ytd.last)} against the same dates last year.`,
    columns: [
      { key: 'label', label: 'Measure', type: 'text' },
      { key: 'value', label: 'This week', type: 'count' },
      { key: 'prior', label: 'Prior week', type: 'count' },
      { key: 'on_prior', label: 'Change', type: 'count' },
      { key: 'last_year', label: 'Last year', type: 'count' },
      { key: 'on_last_year', label: 'Change', type: 'count' },
      { key: 'to_date', label: 'Year to date', type: 'count' },
      { key: 'on_to_date', label: 'Change', type: 'count' },
    ],
    rows,
    note: 'Shares change by percentage points. A dash: not in the data, or not a sum of days.',
  });
}

function drivers(sales: Sales): Filled {
  const id = 'drivers';
  const { format, bridges } = sales;
  const { week, year } = bridges;
  if (!week && !year) return { id, omitted: missingPair('week', sales) };
  const byOrders: [string, (b: NonNullable<typeof week>) => number | null][] = [
    ['Number of orders', ({ factors }) => factors?.orders ?? null],
    ['Units per order', ({ factors }) => factors?.unitsPerOrder ?? null],
    ['Value per unit', ({ factors }) => factors?.unitValue ?? null],
    ['Refunds', ({ steps }) => steps.find((s) => s.id === 'refunds')!.value],
  ];
  const rows: Row[] = byOrders.map(([label, of]) => ({
    step: label,
    week: week && of(week),
    year: year && of(year),
  }));
  const lead = (year ?? week)!;
  const key = year ? 'year' : 'week';
  const largest = largestStep(rows.map((row) => ({ label: String(row.step), value: Number(row[key] ?? 0) })));
  return filled({
    id,
    title: largest
      ? prose`${largest.label} ${addedWords(format, largest.value)} on ${lead.pair.against}; net revenue ${movedBy(format, lead.change)} in all`
      : 'No step moved net revenue',
    subtitle: prose`The same change of net revenue by orders and order value.${week ? ` Week: ${week.pair.afterSpan} on ${week.pair.beforeSpan}.` : ''}${year ? ` Year: ${year.pair.afterSpan} on ${year.pair.beforeSpan}.` : ''}`,
    columns: [
      { key: 'step', label: 'Step', type: 'text' },
      { key: 'week', label: 'On prior week', type: 'money', signed: true },
      { key: 'year', label: 'On last year', type: 'money', signed: true },
    ],
    rows,
    total: { step: 'Change of net revenue', week: week?.change ?? null, year: year?.change ?? null },
  });
}

/** The step that moved most, either way; undefined where none did. */
export function largestStep<T extends { value: number }>(steps: readonly T[]): T | undefined {
  const largest = steps.toSorted((a, b) => Math.abs(b.value) - Math.abs(a.value))[0];
  return largest && largest.value !== 0 ? largest : undefined;
}

/** On the same weeks last year; on the prior week where the data do not reach back a year. */
function contributionTable(sales: Sales): Filled {
  const id = 'contributions';
  const { format, segments, bridges } = sales;
  const bridge = bridges.year ?? bridges.week;
  if (!bridge) return { id, omitted: missingPair('week', sales) };
  const { pair } = bridge;
  const lines = dimensions.flatMap((dimension) => shortened(contributionsOf(dimension, pair, segments), topValues));
  const own = lines.filter(({ pooled, dimension }) => pooled === 0 && dimension !== 'customer_type');
  const largest = own.toSorted((a, b) => Math.abs(b.change) - Math.abs(a.change) || (a.value < b.value ? -1 : 1))[0];
  if (lines.length === 0) return { id, omitted: 'No sales in the weeks that are compared.' };
  return filled({
    id,
    title: largest
      ? prose`Largest change: ${largest.value} (${dimensionWords[largest.dimension].one}), ${format.signed(largest.change, 'money')}`
      : 'No value has enough orders to be shown alone',
    subtitle: prose`Net revenue, ${pair.afterSpan} on ${pair.beforeSpan}; within each dimension the lines add up to the total. Values with fewer than ${format.word(10)} orders are pooled.`,
    columns: [
      { key: 'dimension', label: 'By', type: 'text' },
      { key: 'value', label: 'Value', type: 'text' },
      { key: 'orders', label: 'Orders, both spans', type: 'count' },
      { key: 'before', label: pair.beforeLabel, type: 'money' },
      { key: 'after', label: pair.afterLabel, type: 'money' },
      { key: 'change', label: 'Change', type: 'money', signed: true },
      { key: 'growth', label: 'Change, %', type: 'change', polarity: 'up' },
    ],
    rows: lines.map((line) => ({
      dimension: sentence(dimensionWords[line.dimension].one),
      value: lineName(line, sales),
      orders: line.orders,
      before: line.before,
      after: line.after,
      change: line.change,
      growth: line.growth,
    })),
    total: {
      dimension: 'All',
      value: null,
      orders: bridge.orders.before + bridge.orders.after,
      before: bridge.before,
      after: bridge.after,
      change: bridge.change,
      growth: change(bridge.after, bridge.before),
    },
    note: 'An order with several categories counts under each; money does not.',
  });
}

function months(sales: Sales): Filled {
  const id = 'months';
  const { format } = sales;
  const shown = sales.months.slice(-monthsShown);
  if (shown.length === 0) return { id, omitted: 'The data hold no complete month.' };
  const byMonth = new Map(sales.months.map((row) => [row.month, row]));
  const rows = shown.toReversed().map((row): Row => {
    const before = byMonth.get(addMonths(row.month, -12));
    return {
      month: format.month(row.month),
      net_revenue: row.net_revenue,
      on_last_year: change(row.net_revenue, before?.net_revenue),
      orders: row.orders,
      aov: row.orders > 0 ? row.aov : null,
      units: row.units,
      margin_share: row.net_revenue > 0 && sales.hasCosts ? row.margin / row.net_revenue : null,
      new_customers: row.new_customers,
      active_customers: row.active_customers,
    };
  });
  const best = shown.toSorted((a, b) => b.net_revenue - a.net_revenue || (a.month < b.month ? -1 : 1))[0]!;
  return filled({
    id,
    title: prose`${format.month(best.month)} brought the most net revenue, ${format.money(best.net_revenue)}`,
    subtitle: prose`Complete calendar months, newest first; ${format.count(shown.length)} months.`,
    columns: [
      { key: 'month', label: 'Month', type: 'text' },
      { key: 'net_revenue', label: 'Net revenue', type: 'money' },
      { key: 'on_last_year', label: 'On last year', type: 'change', polarity: 'up' },
      { key: 'orders', label: 'Orders', type: 'count' },
      { key: 'aov', label: 'Order value', type: 'money' },
      { key: 'units', label: 'Units', type: 'count' },
      { key: 'margin_share', label: 'Gross margin', type: 'share' },
      { key: 'new_customers', label: 'New customers', type: 'count' },
      { key: 'active_customers', label: 'Active customers', type: 'count' },
    ],
    rows,
  });
}

function outside(sales: Sales): Filled {
  const id = 'outside';
  const { format, kpis: all } = sales;
  const points = all.net_revenue.expectation.points.slice(-2 * weeksAYear);
  const judged = points.filter(({ standing }) => standing !== 'unknown');
  const list = judged.filter(({ standing }) => standing !== 'inside');
  if (judged.length === 0) return { id, omitted: 'The history is too short for an expected range.' };
  if (list.length === 0) return { id, omitted: prose`None of ${format.count(judged.length)} weeks lies outside its expected range.` };
  const most = list.toSorted((a, b) => a.p! - b.p! || (a.date < b.date ? -1 : 1))[0]!;
  return filled({
    id,
    title: prose`${format.week(most.date)} stands furthest out: net revenue ${format.change(change(most.value, most.expected))} on expected`,
    subtitle: prose`Weeks whose net revenue lies outside the range expected from earlier weeks; ${format.count(list.length)} of ${format.count(judged.length)} judged.`,
    columns: [
      { key: 'week', label: 'Week', type: 'text' },
      { key: 'days', label: 'Days', type: 'text' },
      { key: 'value', label: 'Net revenue', type: 'money' },
      { key: 'expected', label: 'Expected', type: 'money' },
      { key: 'low', label: 'Low', type: 'money' },
      { key: 'high', label: 'High', type: 'money' },
      { key: 'change', label: 'On expected', type: 'change', polarity: 'up' },
    ],
    rows: list.toReversed().map(({ date, value, expected, low, high }) => ({
      week: format.week(date),
      days: format.span(date, weekEnd(date)),
      value,
      expected,
      low,
      high,
      change: change(value, expected),
    })),
  });
}

/** 'rose 6.1%', 'fell €1,200', 'was level'. */
export function moveWords(sales: Pick<Sales, 'format'>, now: number, before: number): string {
  const size = moveSize(sales.format, now, before, 'money');
  if (now === before || (size !== null && !/[1-9]/.test(size))) return 'was level';
  return `${moved(now - before)} ${size ?? sales.format.money(Math.abs(now - before))}`;
}
