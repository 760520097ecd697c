import { barChart } from '#chart/bar.ts';
import { histogram } from '#chart/histogram.ts';
import { dotInterval } from '#chart/interval.ts';
import { lineChart } from '#chart/line.ts';
import { paretoCurve } from '#chart/pareto.ts';
import type { Figure } from '#contract/figure.ts';
import { prose } from '#contract/prose.ts';
import type { Row } from '#contract/row.ts';
import { ratio, total } from '../shared/change.ts';
import { weekEnd, weeksSpan } from '../shared/day.ts';
import { counted, percent, standingWords } from '../shared/words.ts';
import { artefact } from './artefact.ts';
import { type Base, maxOrders } from './base.ts';
import { minBuyers, windowDays } from './cohorts.ts';
import { type Group, type Measure, minGroup, overall, valueDays } from './groups.ts';

const monthsShown = 36;
const weeksShown = 104;
const classesShown = 6;
const level = 0.95;

export function customerFigures(base: Base): { figures: Figure[]; omitted: Record<string, string> } {
  const figures: Figure[] = [];
  const omitted: Record<string, string> = {};
  const draw = (id: string, reason: string | null, make: () => Figure) => {
    if (reason === null) figures.push(make());
    else omitted[id] = reason;
  };
  const { format, groups, months, cohorts, signupWeeks, signups, spend, buyers } = base;
  const valued = (list: readonly Group[], measure: Measure) =>
    list.filter((group) => group[measure]).length < 2
      ? prose`fewer than two groups with ${format.count(minGroup)} customers whose window has closed`
      : null;
  draw('active-customers', months.length < 2 ? 'fewer than two complete months' : null, () => active(base));
  draw('signups', signupWeeks.expectation.points.length < 2 ? 'fewer than two complete weeks' : null, () => signupFigure(base));
  draw(
    'repeat-cohorts',
    cohorts.quarters.length < 2
      ? prose`fewer than two quarters of ${format.count(minBuyers)} first-time buyers whose ${format.count(windowDays)} days have closed`
      : null,
    () => repeats(base),
  );
  draw('orders-per-customer', buyers === 0 ? 'no customer has an order' : null, () => perCustomer(base));
  draw('first-order', signups.curve.length === 0 ? 'too few sign-ups have been seen for a whole year' : null, () => firstOrder(base));
  draw('demographics', valued([...groups.ages, ...groups.genders], 'early'), () => demographics(base));
  draw('source-first', valued(groups.sources, 'first'), () => sources(base, 'first'));
  draw('source-repeat', valued(groups.sources, 'repeat'), () => sources(base, 'repeat'));
  draw('concentration', spend ? null : 'too few buyers with net revenue in the last weeks', () => concentration(base));
  return { figures, omitted };
}

function active({ months, format, monthly }: Base): Figure {
  const shown = months.slice(-monthsShown);
  const rows = shown.flatMap(({ month, new_customers, returning_customers }): Row[] => [
    { month, customers: 'New', active_customers: new_customers },
    { month, customers: 'Returning', active_customers: returning_customers },
  ]);
  const last = shown.at(-1)!;
  const standing = monthly.points.at(-1)?.standing ?? 'unknown';
  return lineChart({
    ...{ id: 'active-customers', format, rows, unit: 'count', x: 'month', y: 'active_customers', series: 'customers', zero: true },
    title: (drawn) => {
      const of = (name: string) => Number(drawn.findLast((row) => row.customers === name)?.active_customers ?? 0);
      const share = ratio(of('New'), of('New') + of('Returning'));
      return share === null
        ? prose`Nobody bought in ${format.month(last.month)}`
        : prose`${format.share(share)} of the customers of ${format.month(last.month)} were new`;
    },
    subtitle: prose`Customers with an order in the month, by whether they had ordered before it; complete months, ${format.month(shown[0]!.month)} to ${format.month(last.month)}.`,
    of: 'new and returning customers by month',
    reason: prose`all active customers of the last month are ${standingWords[standing]}`,
    height: 220,
  });
}

function signupFigure({ signupWeeks, format }: Base): Figure {
  const { metric, expectation } = signupWeeks;
  const points = expectation.points.slice(-weeksShown);
  const rows = points.map(({ date, value, low, high, standing }) => ({
    ...{ week: date, signups: value, low, high, is_outside: standing === 'above' || standing === 'below' },
  }));
  const standing = metric.expected?.standing ?? 'unknown';
  return lineChart({
    ...{
      id: 'signups',
      format,
      rows,
      unit: 'count',
      x: 'week',
      y: 'signups',
      marks: 'is_outside',
      polarity: 'up',
      zero: true,
      height: 190,
    },
    ...(rows.some(({ low }) => low !== null) ? { band: { low: 'low', high: 'high' }, expectedLabel: 'Expected range' } : {}),
    title: (drawn) =>
      prose`${format.count(Number(drawn.at(-1)?.signups ?? 0))} signed up in the last week, ${standingWords[standing].replace('its', 'the')}`,
    subtitle: prose`Sign-ups by week, ${format.span(points[0]!.date, weekEnd(points.at(-1)!.date))}. Open circles mark weeks outside the ${expectation.basis}.`,
    of: 'weekly sign-ups',
    reason: prose`the last week is ${standingWords[standing]}`,
  });
}

function repeats(base: Base): Figure {
  const { cohorts, format } = base;
  const rows = cohorts.quarters.map(({ date, rate, buyers }) => ({
    quarter: date,
    rate: rate.value,
    low: rate.low,
    high: rate.high,
    buyers,
  }));
  const doubt = artefact(base);
  return lineChart({
    ...{ id: 'repeat-cohorts', format, rows, unit: 'share', x: 'quarter', y: 'rate', band: { low: 'low', high: 'high' }, zero: true },
    title: (drawn) => {
      const [first, last] = [Number(drawn[0]?.rate), Number(drawn.at(-1)?.rate)];
      const { trend } = cohorts;
      return trend && trend.p < 1 - level
        ? prose`Second orders within ${format.count(windowDays)} days went from ${format.share(first)} to ${format.share(last)} of first-time buyers`
        : prose`Second orders within ${format.count(windowDays)} days show no steady trend: ${format.share(last)} of the newest cohort`;
    },
    subtitle: prose`Share of first-time buyers who ordered again within ${format.count(windowDays)} days, by quarter of the first order; ${percent(format, level)} intervals. Only quarters seen to the end.`,
    of: 'repeat rate by cohort',
    reason: prose`${format.count(rows.length)} cohorts have been seen for the same ${format.count(windowDays)} days`,
    expectedLabel: prose`${percent(format, level)} interval`,
    ...(doubt ? { note: doubt } : {}),
    height: 200,
  });
}

function perCustomer({ perOrders, format, customers, buyers, repeaters }: Base): Figure {
  const top = Math.min(maxOrders({ perOrders }), classesShown);
  const isOpen = maxOrders({ perOrders }) > top;
  const rows = Array.from({ length: top + 1 }, (_, orders) => {
    const list = perOrders.filter((row) => (orders === top ? row.orders >= top : row.orders === orders));
    const n = total(list, (row) => row.customers);
    return { orders: orders === top && isOpen ? `${orders}+` : `${orders}`, share: ratio(n, customers), customers: n };
  });
  return histogram({
    ...{ id: 'orders-per-customer', format, rows, unit: 'share', bin: 'orders', value: 'share', width: 'half', height: 210 },
    title: (drawn) =>
      prose`${format.share(Number(drawn[0]?.share ?? 0))} have never ordered, ${format.share(Number(drawn[1]?.share ?? 0))} once`,
    subtitle: prose`Share of all ${counted(format, customers, 'customer')} by orders so far; young customers have had less time.`,
    xTitle: 'Orders',
    of: 'customers by number of orders',
    reason: prose`${format.count(repeaters)} of ${format.count(buyers)} buyers have ordered more than once`,
  });
}

function firstOrder({ signups, format }: Base): Figure {
  const rows = signups.curve.map(({ days, share, ordered }) => ({
    ...{ days: format.count(days), share: share.value, low: share.low, high: share.high, ordered },
  }));
  return barChart({
    ...{ id: 'first-order', format, rows, unit: 'share', x: 'days', y: 'share', low: 'low', high: 'high', width: 'half', height: 210 },
    title: (drawn) => prose`${format.share(Number(drawn.at(-1)?.share ?? 0))} of sign-ups order within a year`,
    subtitle: prose`Share of ${format.count(signups.observed)} sign-ups that had ordered by so many days, ${format.month(signups.first!)} to ${format.month(signups.last!)}.`,
    xTitle: 'Days since sign-up',
    of: 'share of sign-ups with an order by days since sign-up',
    reason: prose`${format.share(rows[0]?.share ?? null)} order within ${format.count(signups.curve[0]!.days)} day`,
  });
}

function demographics({ groups, format }: Base): Figure {
  const list = [...groups.genders, ...groups.ages].filter(({ early }) => early);
  const all = overall(groups.ages).early ?? 0;
  const rows = list.map(({ name, early }) => ({
    ...{
      group: name,
      revenue: early!.value,
      low: early!.low,
      high: early!.high,
      buyers: early!.n,
      called: early!.isCalled,
    },
  }));
  return dotInterval({
    ...{ id: 'demographics', format, rows, unit: 'money', label: 'group', value: 'revenue', low: 'low', high: 'high', given: true },
    ...{ reference: all, emphasis: 'called', polarity: 'up' },
    referenceLabel: prose`all ${format.money(all)}`,
    title: (drawn) => {
      const called = drawn.filter((row) => row.called);
      if (called.length === 0) return 'Spending does not differ measurably by age or gender';
      const ordered = called.toSorted((a, b) => Number(b.revenue) - Number(a.revenue));
      const words = (row: Row) => prose`${String(row.group)} ${format.money(Number(row.revenue))}`;
      const [most, least] = [ordered[0]!, ordered.at(-1)!];
      return most === least
        ? prose`Spending stands out in one group: ${words(most)}, against ${format.money(all)} overall`
        : prose`Spending differs between groups: ${words(most)}, ${words(least)}`;
    },
    subtitle: prose`Net revenue per customer in the first ${format.count(valueDays)} days, ${percent(format, level)} intervals.`,
    of: 'early net revenue per customer by gender and age',
    reason: prose`${format.count(rows.filter(({ called }) => called).length)} of ${format.count(rows.length)} groups stand out`,
  });
}

const sourceWords = {
  first: {
    id: 'source-first',
    of: 'share of sign-ups with an order',
    does: 'order',
    none: 'Sources do not differ measurably in sign-ups that order',
  },
  repeat: { id: 'source-repeat', of: 'repeat rate', does: 'order again', none: 'Sources do not differ measurably in buyers who return' },
};

function sources({ groups, format }: Base, measure: 'first' | 'repeat'): Figure {
  const list = groups.sources.filter((group) => group[measure]);
  const all = overall(groups.sources)[measure] ?? 0;
  const { id, of, does, none } = sourceWords[measure];
  const rows = list.map((group) => {
    const { value, low, high, n, isCalled } = group[measure]!;
    return { source: group.name, rate: value, low, high, customers: n, called: isCalled };
  });
  return dotInterval({
    ...{ id, format, rows, unit: 'share', label: 'source', value: 'rate', low: 'low', high: 'high', width: 'half', emphasis: 'called' },
    ...{ reference: all, referenceLabel: prose`all ${format.share(all)}`, polarity: 'up' },
    title: (drawn) => {
      const called = drawn.filter((row) => row.called);
      const best = called[0];
      if (!best) return none;
      return prose`${String(best.source)}: ${format.share(Number(best.rate))} ${does}, ${Number(best.rate) > all ? 'more' : 'fewer'} than of the others`;
    },
    subtitle:
      measure === 'first'
        ? prose`Share of sign-ups that order within ${format.count(windowDays)} days; ${percent(format, level)} intervals.`
        : prose`Share of first-time buyers who order again within ${format.count(windowDays)} days; ${percent(format, level)} intervals.`,
    of: `${of} by acquisition source`,
    reason: prose`${format.count(rows.filter(({ called }) => called).length)} of ${format.count(rows.length)} sources stand out`,
  });
}

function concentration({ spend, format, week }: Base): Figure {
  const { curve, concentration: measured, buyers } = spend!;
  return paretoCurve({
    ...{ id: 'concentration', format, rows: curve, unit: 'share', x: 'customers', y: 'revenue' },
    markers: measured.top.slice(1).map(({ part, value }) => ({
      ...{ x: part, y: value, label: prose`top ${percent(format, part)}: ${format.share(value)} of net revenue` },
    })),
    title: (drawn) => {
      const tenth = drawn.find(({ customers }) => Math.abs(Number(customers) - 0.1) < 1e-9);
      return prose`A tenth of buyers brings ${format.share(Number(tenth?.revenue))} of net revenue`;
    },
    subtitle: prose`Share of net revenue held by the largest buyers, ${format.count(buyers)} buyers of ${weeksSpan(format, week, 52)}.`,
    xTitle: 'Buyers, largest first',
    of: 'net revenue by buyers, largest first',
    reason: prose`the Gini coefficient is ${format.ratio(measured.gini.value)}`,
    height: 230,
  });
}
