import { lineChart } from '#chart/line.ts';
import type { Figure } from '#contract/figure.ts';
import type { Standing } from '#contract/metric.ts';
import { prose } from '#contract/prose.ts';
import type { Row } from '#contract/row.ts';
import { change } from '../shared/change.ts';
import { addDays, addMonths, weekEnd, weeksAYear } from '../shared/day.ts';
import type { Expectation, Point } from '../shared/expected.ts';
import { comparedWords, moved, sentence, someOf, spelled, standingWords } from '../shared/words.ts';
import type { Sales } from './sales.ts';

/** Weeks shown where the data hold as many: two years. */
const shown = 2 * weeksAYear;
const monthsShown = 24;

/** A figure, or the reason why this shop can't have it. */
export type Drawn = { id: string } & ({ figure: Figure } | { omitted: string });

export function drawn(figure: Figure): Drawn {
  return { id: figure.id, figure };
}

export function trendFigures(sales: Sales): Drawn[] {
  return [weekly(sales), daily(sales), monthly(sales), acquisition(sales), newShare(sales)];
}

function pointRow(key: string): (point: Point) => Row {
  return ({ date, value, expected, low, high, standing }) => ({
    week: date,
    [key]: value,
    expected,
    low,
    high,
    is_outside: standing === 'above' || standing === 'below',
  });
}

function standingOf(row: Row | undefined, key: string): Standing {
  const [value, low, high] = [row?.[key], row?.low, row?.high];
  if (typeof value !== 'number' || typeof low !== 'number' || typeof high !== 'number') return 'unknown';
  return value > high ? 'above' : value < low ? 'below' : 'inside';
}

function weekSpan({ format }: Sales, points: readonly { date: string }[]): string {
  return format.span(points[0]!.date, weekEnd(points.at(-1)!.date));
}

const tooFew = (sales: Sales, what: string, needed: number, found: number): string =>
  prose`${what} needs ${sales.format.word(needed)} complete weeks; the data hold ${sales.format.word(found)}.`;

function weekly(sales: Sales): Drawn {
  const id = 'weekly-net-revenue';
  const { format, kpis } = sales;
  const points = kpis.net_revenue.expectation.points.slice(-shown);
  if (points.length < 2) return { id, omitted: tooFew(sales, 'A line of weekly net revenue', 2, points.length) };
  const outside = points.filter(({ standing }) => standing === 'above' || standing === 'below');
  const judged = points.filter(({ standing }) => standing !== 'unknown').length;
  const annotations = outside
    .filter((point) => point !== points.at(-1))
    .toSorted((a, b) => a.p! - b.p! || (a.date < b.date ? -1 : 1))
    .slice(0, 3)
    .map(({ date, value, expected }) => ({
      date,
      label: prose`${format.dayMonth(date)}: ${format.change(change(value, expected))} on expected`,
    }));
  const title = (rows: Row[]): string => {
    const last = rows.at(-1);
    const value = format.money(Number(last?.net_revenue));
    const standing = standingOf(last, 'net_revenue');
    return standing === 'unknown'
      ? prose`Net revenue stands at ${value} a week`
      : prose`Net revenue came to ${value}, ${standingWords[standing]}`;
  };
  return drawn(
    lineChart({
      id,
      title,
      subtitle: prose`Weekly net revenue, ${weekSpan(sales, points)}. Open circles mark weeks outside the expected range.`,
      of: 'weekly net revenue',
      reason: prose`the last week is ${standingWords[points.at(-1)!.standing]} and ${format.count(outside.length)} of ${format.count(judged)} judged weeks lie outside theirs`,
      format,
      unit: 'money',
      rows: points.map(pointRow('net_revenue')),
      x: 'week',
      y: 'net_revenue',
      ...bandOf(kpis.net_revenue.expectation, points),
      marks: 'is_outside',
      polarity: 'up',
      annotations,
      note: prose`${sentence(someOf(format, outside.length, judged))} weeks ${outside.length === 1 ? 'lies' : 'lie'} outside; chance would put one in a hundred there. Ranges come from earlier weeks only.`,
    }),
  );
}

function daily(sales: Sales): Drawn {
  const id = 'daily-orders';
  const { format, outliers } = sales;
  const judged = outliers.filter(({ standing }) => standing !== 'unknown');
  if (judged.length < 14) return { id, omitted: 'Too few days of history for an expected range by day.' };
  const outside = outliers.filter(({ isOutside }) => isOutside);
  const furthest = outside.toSorted((a, b) => a.p! - b.p! || (a.date < b.date ? -1 : 1));
  // Of days in a row one label is enough, and legible.
  const annotations = furthest
    .filter(({ date }, i) => !furthest.slice(0, i).some((other) => other.date === addDays(date, 1) || other.date === addDays(date, -1)))
    .slice(0, 3)
    .map(({ date, value, expected }) => ({ date, label: prose`${format.dayMonth(date)}: ${format.change(change(value, expected) ?? 0)}` }));
  return drawn(
    lineChart({
      id,
      title: (rows) => {
        const out = rows.filter((row) => row.is_outside);
        return out.length === 0
          ? 'No single day left its expected range'
          : prose`${sentence(spelled(format, out.length, 'day'))} of the last quarter left the expected range`;
      },
      subtitle: prose`Orders a day, ${format.span(outliers[0]!.date, outliers.at(-1)!.date)}. Open circles mark days outside the expected range, after adjustment for the number of days.`,
      of: 'daily orders',
      reason: prose`${someOf(format, outside.length, judged.length)} days lie outside the range expected from the days before`,
      format,
      unit: 'count',
      rows: outliers.map(({ date, value, expected, low, high, isOutside }) => ({
        date,
        orders: value,
        expected,
        low,
        high,
        is_outside: isOutside,
      })),
      x: 'date',
      y: 'orders',
      height: 160,
      band: { low: 'low', high: 'high' },
      expectedLabel: 'Expected range by day',
      marks: 'is_outside',
      polarity: 'up',
      annotations,
    }),
  );
}

function bandOf({ basis }: Expectation, points: readonly Point[]) {
  const isKnown = points.some(({ low }) => low !== null);
  return isKnown ? { band: { low: 'low', high: 'high' }, expectedLabel: `Expected (${basis})` } : {};
}

function monthly({ format, months }: Sales): Drawn {
  const id = 'monthly-net-revenue';
  const byMonth = new Map(months.map((row) => [row.month, row.net_revenue]));
  const all = months
    .slice(-monthsShown)
    .map(({ month, net_revenue }): Row => ({ month, net_revenue, prior_year: byMonth.get(addMonths(month, -12)) ?? null }));
  if (all.length < 2) {
    return { id, omitted: prose`A line of months needs two complete months; the data hold ${format.word(all.length)}.` };
  }
  const title = (rows: Row[]): string => {
    const last = rows.at(-1)!;
    const grown = change(Number(last.net_revenue), last.prior_year as number | null);
    const month = format.month(String(last.month));
    if (grown === null) return prose`Net revenue of ${month} came to ${format.money(Number(last.net_revenue))}`;
    return prose`Net revenue of ${month} is ${comparedWords(format, grown)} the year before`;
  };
  const hasBefore = all.some((row) => row.prior_year !== null);
  return drawn(
    lineChart({
      id,
      title,
      subtitle: prose`Net revenue by calendar month, ${format.month(String(all[0]!.month))} to ${format.month(String(all.at(-1)!.month))}; complete months only.`,
      of: 'monthly net revenue',
      reason: hasBefore ? 'each month stands against the same month a year before' : 'no month has a year before it in the data',
      format,
      unit: 'money',
      rows: all,
      x: 'month',
      y: 'net_revenue',
      ...(hasBefore ? { compare: 'prior_year', compareLabel: 'Year before' } : {}),
      zero: true,
    }),
  );
}

function acquisition(sales: Sales): Drawn {
  const id = 'new-customers';
  const { format, kpis, newGrowth } = sales;
  const points = kpis.new_customers.expectation.points.slice(-shown);
  if (points.length < 2) return { id, omitted: tooFew(sales, 'A line of new customers', 2, points.length) };
  return drawn(
    lineChart({
      id,
      width: 'half',
      title: (rows) => {
        const last = rows.at(-1);
        const standing = standingOf(last, 'new_customers');
        const value = format.count(Number(last?.new_customers));
        return standing === 'unknown'
          ? prose`New customers number ${value} a week`
          : prose`New customers number ${value}, ${standingWords[standing].replace('its', 'their')}`;
      },
      subtitle: prose`Customers with their first order in the week, ${weekSpan(sales, points)}. Open circles lie outside the expected range.`,
      of: 'new customers a week',
      reason: newGrowth
        ? prose`the last quarter ${moved(newGrowth.value)} against the same weeks last year`
        : prose`the last week is ${standingWords[points.at(-1)!.standing]}`,
      format,
      unit: 'count',
      rows: points.map(pointRow('new_customers')),
      x: 'week',
      y: 'new_customers',
      ...bandOf(kpis.new_customers.expectation, points),
      expectedLabel: undefined,
      marks: 'is_outside',
      polarity: 'up',
    }),
  );
}

function newShare(sales: Sales): Drawn {
  const id = 'new-order-share';
  const { format, weeks } = sales;
  const rows = weeks.slice(-shown).map(
    ({ week, orders, repeat_order_share }): Row => ({
      week,
      new_order_share: orders > 0 && repeat_order_share !== null ? 1 - repeat_order_share : null,
      orders,
    }),
  );
  const known = rows.filter((row) => row.new_order_share !== null);
  if (known.length < 2) return { id, omitted: tooFew(sales, 'A line of the share of new customers', 2, known.length) };
  return drawn(
    lineChart({
      id,
      width: 'half',
      title: (list) => {
        const last = list.findLast((row) => row.new_order_share !== null);
        return prose`New customers place ${format.share(Number(last?.new_order_share))} of orders`;
      },
      subtitle: prose`Share of orders by customers with their first order in the week, ${format.span(String(known[0]!.week), weekEnd(String(known.at(-1)!.week)))}`,
      of: 'the weekly share of orders by new customers',
      reason: prose`it went from ${format.share(Number(known[0]!.new_order_share))} to ${format.share(Number(known.at(-1)!.new_order_share))}`,
      format,
      unit: 'share',
      rows,
      x: 'week',
      y: 'new_order_share',
    }),
  );
}
