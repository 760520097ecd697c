import { barChart } from '#chart/bar.ts';
import { histogram } from '#chart/histogram.ts';
import { dotInterval } from '#chart/interval.ts';
import { lineChart } from '#chart/line.ts';
import { paretoCurve } from '#chart/pareto.ts';
import { rankedBars } from '#chart/ranked.ts';
import type { Figure } from '#contract/figure.ts';
import type { Formatter } from '#contract/format.ts';
import { prose } from '#contract/prose.ts';
import type { Row } from '#contract/row.ts';
import { defaultLevel } from '#stats/estimate.ts';
import { ratio, total } from '../shared/change.ts';
import { weeksSpan } from '../shared/day.ts';
import { counted, percent, sentence, standingWords } from '../shared/words.ts';
import { type Dimension, type Group, minGroup } from './groups.ts';
import type { Spread } from './spread.ts';
import type { Value } from './value.ts';
import { leastYearAgo } from './year-ago.ts';

const groupsShown = 15;
const weeksShown = 26;

export function valueFigures(value: Value): { figures: Figure[]; omitted: Record<string, string> } {
  const figures: Figure[] = [];
  const omitted: Record<string, string> = {};
  const draw = (id: string, reason: string | null, make: () => Figure) => {
    if (reason === null) figures.push(make());
    else omitted[id] = reason;
  };
  const { format, newSpread, groups, weeks, yearAgo, actions } = value;
  const few = 'fewer than thirty new customers have a score';
  const judged = (dimension: Dimension) =>
    groups.byDimension[dimension].filter((group) => group.judged).length < 2
      ? prose`fewer than two groups of ${format.count(minGroup)} customers won in the last year`
      : null;
  draw('distribution', newSpread ? null : few, () => distribution(value, newSpread!));
  draw('concentration', newSpread ? null : few, () => concentrated(value, newSpread!));
  draw(
    'year-ago',
    yearAgo
      ? null
      : prose`fewer than ${format.count(leastYearAgo.customers)} customers were new a year ago, or too few of them bought again`,
    () => yearAgoFigure(value),
  );
  draw('actions-value', actions.length < 2 ? 'fewer than two groups of customers' : null, () => actionFigure(value));
  draw('sources', judged('source'), () => groupFigure(value, 'source', 'sources'));
  draw('countries', judged('country'), () => groupFigure(value, 'country', 'countries'));
  draw('categories', judged('category'), () => groupFigure(value, 'category', 'categories'));
  draw('by-week', weeks.tested < 2 ? 'fewer than a dozen weeks with enough new customers' : null, () => byWeek(value));
  draw('won', weeks.weeks.length < 2 ? 'fewer than two complete weeks with a scored customer' : null, () => won(value));
  draw('first-orders', weeks.weeks.length < 2 ? 'fewer than two complete weeks with a scored customer' : null, () => firstOrders(value));
  return { figures, omitted };
}

/** The lower edge of a class; its upper one is the next's. */
function binWords(format: Formatter, from: number, to: number | null, width: number): string {
  return `${edge(format, from, width)}${to === null ? '+' : ''}`;
}

function edge(format: Formatter, at: number, width: number): string {
  return width < 1 ? format.ratio(at) : format.count(at);
}

function distribution({ format }: Value, { bins, customers, median, value }: Spread): Figure {
  const width = bins[0]!.to ?? 1;
  const rows = bins.map((bin) => ({
    ...{ expected: binWords(format, bin.from, bin.to, width), share: ratio(bin.customers, customers), customers: bin.customers },
    value_share: ratio(bin.value, value),
  }));
  return histogram({
    ...{ id: 'distribution', format, rows, unit: 'share', bin: 'expected', value: 'share', width: 'half', height: 230 },
    title: () => prose`Half of new customers are expected to bring ${format.money(median)} or less`,
    subtitle: prose`Share of ${counted(format, customers, 'new customer')} by expected value of twelve months.`,
    xTitle: prose`Expected value from; classes of ${edge(format, width, width)}`,
    of: 'new customers by expected value',
    reason: prose`the mean is ${format.money(value / customers)}`,
  });
}

function concentrated({ format }: Value, { curve, tenth, concentration, customers }: Spread): Figure {
  return paretoCurve({
    ...{ id: 'concentration', format, rows: curve, unit: 'share', x: 'customers', y: 'value', width: 'half', height: 230 },
    markers: concentration.top.slice(1).map(({ part, value }) => ({
      ...{ x: part, y: value, label: prose`top ${percent(format, part)}: ${format.share(value)}` },
    })),
    title: (drawn) => {
      const at = drawn.find((row) => Math.abs(Number(row.customers) - 0.1) < 1e-9);
      return prose`The top tenth of them holds ${format.share(Number(at?.value))} of what is expected`;
    },
    subtitle: prose`Share of expected value held, ${counted(format, customers, 'new customer')}; the top tenth’s interval is ${format.share(tenth.low)} to ${format.share(tenth.high)}.`,
    xTitle: 'New customers, most expected first',
    of: 'expected value by new customers, most expected first',
    reason: prose`the Gini coefficient is ${format.ratio(concentration.gini.value)}`,
  });
}

function yearAgoFigure({ format, yearAgo, trust }: Value): Figure {
  const { top, others, lift } = yearAgo!;
  const rows = [
    {
      group: 'Top tenth: came',
      money: top.came.value,
      low: Math.max(0, top.came.low),
      high: top.came.high,
      came: true,
      customers: top.customers,
    },
    { group: 'Top tenth: expected', money: top.expected, low: top.expected, high: top.expected, came: false, customers: top.customers },
    {
      group: 'Others: came',
      money: others.came.value,
      low: Math.max(0, others.came.low),
      high: others.came.high,
      came: true,
      customers: others.customers,
    },
    {
      group: 'Others: expected',
      money: others.expected,
      low: others.expected,
      high: others.expected,
      came: false,
      customers: others.customers,
    },
  ];
  return dotInterval({
    ...{
      id: 'year-ago',
      format,
      rows,
      unit: 'money',
      label: 'group',
      value: 'money',
      low: 'low',
      high: 'high',
      given: true,
      emphasis: 'came',
    },
    ...{ width: 'half', height: 200 },
    title: (drawn) => {
      const times = ratio(Number(drawn[0]?.money), Number(drawn[2]?.money));
      return trust.level === 'ranked'
        ? prose`A year ago such a list held: its top tenth brought ${format.ratio(times)} times the others`
        : prose`A year ago such a list told little: its top tenth brought ${format.ratio(times)} times the others`;
    },
    subtitle: prose`Money a customer in the year that followed, and as expected; those who were new then, ${percent(format, defaultLevel)} intervals.`,
    of: 'what the new customers of a year ago brought',
    reason: prose`the interval of the multiple is ${format.ratio(lift.low)} to ${format.ratio(lift.high)}`,
  });
}

function actionFigure({ format, actions, customers, expected }: Value): Figure {
  const rows = actions.map(({ name, row, expected: sum }) => ({
    ...{ group: name, expected: sum.value, low: sum.low, high: sum.high, customers: row.customers },
    detail: counted(format, row.customers, 'customer'),
  }));
  return rankedBars({
    ...{
      id: 'actions-value',
      format,
      rows,
      unit: 'money',
      label: 'group',
      value: 'expected',
      low: 'low',
      high: 'high',
      width: 'half',
      height: 200,
    },
    title: (drawn) => {
      const most = drawn.toSorted((a, b) => Number(b.expected) - Number(a.expected))[0]!;
      return prose`${String(most.group)}: ${format.share(ratio(Number(most.expected), expected.value))} of what is expected, from ${format.share(ratio(Number(most.customers), customers))} of customers`;
    },
    subtitle: prose`Expected value of twelve months of all customers by group, ${percent(format, defaultLevel)} intervals.`,
    of: 'expected value by group of customers',
    reason: prose`${format.count(total(rows, (row) => row.customers))} customers are in ${format.word(rows.length)} groups`,
  });
}

const dimensionWords = {
  source: { of: 'acquisition source', none: 'Sources do not differ in expected value beyond chance' },
  country: { of: 'country', none: 'Countries do not differ in expected value beyond chance' },
  region: { of: 'region', none: 'Regions do not differ in expected value beyond chance' },
  category: { of: 'first category', none: 'First categories do not differ in expected value beyond chance' },
} as const;

function groupFigure({ format, groups, wonDays }: Value, dimension: Dimension, id: string): Figure {
  type Known = Group & { judged: NonNullable<Group['judged']> };
  const known = groups.byDimension[dimension].filter((group): group is Known => group.judged !== null);
  const called = known.filter(({ judged }) => judged.isCalled);
  const shown = [...called, ...known.filter(({ judged }) => !judged.isCalled)].slice(0, Math.max(groupsShown, called.length));
  const rows = shown.map(({ name, judged, customers }) => ({
    ...{ group: name, expected: judged.value, low: judged.low, high: judged.high, called: judged.isCalled, customers },
  }));
  const mean = groups.mean ?? 0;
  const { of, none } = dimensionWords[dimension];
  return dotInterval({
    ...{ id, format, rows, unit: 'money', label: 'group', value: 'expected', low: 'low', high: 'high', emphasis: 'called' },
    ...{
      polarity: 'up',
      reference: mean,
      referenceLabel: prose`all ${format.money(mean)}`,
      width: dimension === 'category' ? 'full' : 'half',
    },
    title: (drawn) => {
      const out = drawn.filter((row) => row.called).toSorted((a, b) => Number(b.expected) - Number(a.expected));
      const [most, least] = [out[0], out.at(-1)];
      if (!most || !least) return none;
      const words = (row: Row) => prose`${String(row.group)} ${format.money(Number(row.expected))}`;
      return most === least
        ? prose`${words(most)}, against ${format.money(mean)} overall`
        : prose`From ${words(least)} to ${words(most)} a customer`;
    },
    subtitle: prose`Expected value of a customer by ${of}, at equal age; ${percent(format, defaultLevel)} intervals, customers won in ${format.count(wonDays)} days.`,
    of: `expected value of a customer by ${of}`,
    reason: prose`${format.count(called.length)} of ${format.count(known.length)} tested stand out`,
    ...(known.length > shown.length ? { note: prose`The largest ${format.count(shown.length)} of ${format.count(known.length)}.` } : {}),
  });
}

function byWeek({ format, weeks, week }: Value): Figure {
  const rows = weeks.weeks.map((one) => ({
    ...{ week: one.week, expected: one.each, low: one.low, high: one.high, customers: one.customers, is_outside: one.isCalled },
  }));
  return lineChart({
    ...{
      id: 'by-week',
      format,
      rows,
      unit: 'money',
      x: 'week',
      y: 'expected',
      band: { low: 'low', high: 'high' },
      expectedLabel: 'Usual at this age',
    },
    ...{ marks: 'is_outside', zero: true, height: 210 },
    title: (drawn) => {
      const out = drawn.filter((row) => row.is_outside).length;
      return out === 0
        ? prose`No week of the year won better or worse customers than their age lets expect`
        : sentence(prose`${counted(format, out, 'week')} won better or worse customers than their age lets expect`);
    },
    subtitle: prose`Expected value of the next twelve months a customer, by week of the first purchase, ${weeksSpan(format, week, weeks.weeks.length)}. Older customers have had more time to leave. Open circles: outside, adjusted over all weeks.`,
    of: 'expected value of a customer by week of the first purchase',
    reason: prose`${format.count(weeks.called)} of ${format.count(weeks.tested)} weeks leave their limits`,
  });
}

function won({ format, weeks }: Value): Figure {
  const rows = weeks.weeks.slice(-weeksShown).map(({ week, value, customers }) => ({ week, expected: value, customers }));
  return barChart({
    ...{ id: 'won', format, rows, unit: 'money', x: 'week', y: 'expected', temporal: true, width: 'half', height: 200 },
    title: (drawn) => prose`The customers won last week are expected to bring ${format.money(Number(drawn.at(-1)?.expected))}`,
    subtitle: prose`Expected value of the next twelve months of all customers won in a week.`,
    of: 'expected value by week of the first purchase',
    reason: prose`${counted(format, rows.at(-1)?.customers ?? 0, 'customer')} made a first purchase in the last week`,
  });
}

function firstOrders({ format, weeks }: Value): Figure {
  const points = weeks.firsts.points.slice(-weeksShown);
  const rows = points.map(({ date, value, low, high, standing }) => ({
    ...{ week: date, first: value, low, high, is_outside: standing === 'above' || standing === 'below' },
  }));
  const standing = points.at(-1)?.standing ?? 'unknown';
  return lineChart({
    ...{
      id: 'first-orders',
      format,
      rows,
      unit: 'money',
      x: 'week',
      y: 'first',
      marks: 'is_outside',
      zero: true,
      width: 'half',
      height: 200,
    },
    ...(rows.some(({ low }) => low !== null) ? { band: { low: 'low', high: 'high' }, expectedLabel: 'Expected range' } : {}),
    title: (drawn) => {
      const last = drawn.at(-1)?.first;
      return typeof last === 'number'
        ? prose`A first purchase was worth ${format.money(last)} last week, ${standingWords[standing]}`
        : 'Nobody bought for the first time last week';
    },
    subtitle: prose`Net value of a first purchase by week; returns yet to come are not in it. ${sentence(weeks.firsts.basis)}.`,
    of: 'value of a first purchase by week',
    reason: prose`the last week is ${standingWords[standing]}`,
  });
}
