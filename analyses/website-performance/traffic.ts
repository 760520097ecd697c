import type { ColumnTable } from 'arquero';
import type { Context } from '#contract/analysis.ts';
import type { Formatter } from '#contract/format.ts';
import { type RatioBridge, ratioBridge } from '#stats/bridge.ts';
import { benjaminiHochberg } from '#stats/multiple.ts';
import { compareProportions, type ProportionTest, proportion } from '#stats/proportion.ts';
import { ratio, total } from '../shared/change.ts';
import { type Expectation, expectation } from '../shared/expected.ts';
import { completeWeeks, type Week, type WeeklyMetric, weeklyMetric } from '../shared/metric.ts';
import { rows } from '../shared/rows.ts';

export interface SiteWeek extends Week {
  orders: number;
  sessions: number;
  purchase_sessions: number;
  conversion: number | null;
  gross_amount: number;
}

export interface Slice {
  span: 'now' | 'before';
  dimension: 'source' | 'browser' | 'visitor' | 'hour';
  value: string;
  /** Weekday of an hour, '1' Monday to '7' Sunday; '0' elsewhere. */
  part: string;
  sessions: number;
  product_sessions: number;
  cart_sessions: number;
  cancel_sessions: number;
  purchase_sessions: number;
  bounces: number;
}

/** A group's conversion against all other sessions of the span. */
export interface Group {
  value: string;
  sessions: number;
  purchases: number;
  conversion: number;
  low: number;
  high: number;
  before: { sessions: number; conversion: number | null };
  /** Group minus the rest. */
  difference: number;
  /** BH-adjusted over the groups of its dimension. */
  p: number;
  isCalled: boolean;
}

/** A day whose sessions lie outside what its weekday and level let expect. */
export interface OddDay {
  date: string;
  sessions: number;
  expected: number;
  p: number;
}

export interface Step {
  step: string;
  sessions: number;
  /** Share of the step before; null for the first. */
  share: number | null;
  before: number | null;
  test: ProportionTest | null;
}

/** Everything measured, once. */
export interface Traffic {
  format: Formatter;
  week: string;
  weeks: SiteWeek[];
  metrics: { sessions: WeeklyMetric; conversion: WeeklyMetric };
  days: { date: string; sessions: number; purchase_sessions: number }[];
  dayExpectation: Expectation;
  oddDays: OddDay[];
  steps: Step[];
  change: ProportionTest | null;
  /** The change of conversion as change within identified and anonymous sessions, and shift between them. */
  mix: RatioBridge | null;
  sources: Group[];
  browsers: Group[];
  visitors: Group[];
  hours: { hour: number; weekday: number; sessions: number; purchases: number }[];
  all: { sessions: number; purchases: number; bounces: number; cancelled: number };
  before: { sessions: number; purchases: number };
  /** Gross sales per session with a purchase, over the span; null without one. */
  worth: number | null;
  tested: number;
  called: number;
}

/** Weeks in each of the two spans that are compared. */
export const spanWeeks = 13;
const falseDiscovery = 0.05;
/** A day is called from this relative distance from its expectation on. */
const dayFloor = 0.3;
/** A group is called from this relative distance of its conversion from the rest on. */
const groupFloor = 0.1;
const minSessions = 100;
const judgedDays = 182;

export function measure(tables: Record<string, ColumnTable>, { week, format }: Pick<Context, 'week' | 'format'>): Traffic {
  const weeks = completeWeeks(rows<SiteWeek>(tables.weeks), week);
  const days = rows<Traffic['days'][number]>(tables.days);
  const slices = rows<Slice>(tables.slices);
  const shared = { rows: weeks, context: { week, format }, n: (row: SiteWeek) => row.sessions };
  const metrics = {
    sessions: weeklyMetric({ ...shared, id: 'sessions', label: 'Sessions', unit: 'count', polarity: 'up', value: (row) => row.sessions }),
    conversion: weeklyMetric({
      ...shared,
      id: 'conversion',
      label: 'Conversion',
      unit: 'share',
      polarity: 'up',
      value: (row) => row.conversion,
    }),
  };
  const bySource = slices.filter(({ dimension }) => dimension === 'source');
  const [now, before] = [sums(bySource, 'now'), sums(bySource, 'before')];
  const dayExpectation = expectation(
    days.map(({ date, sessions }) => ({ date, value: sessions })),
    'count',
    format,
    7,
  );
  const odd = oddDays(dayExpectation);
  const [sources, browsers, visitors] = (['source', 'browser', 'visitor'] as const).map((dimension) => groups(slices, dimension)) as [
    Group[],
    Group[],
    Group[],
  ];
  const recent = weeks.slice(-spanWeeks);
  const change = compareProportions(
    { successes: before.purchase_sessions, n: before.sessions },
    { successes: now.purchase_sessions, n: now.sessions },
  );
  const groupsTested = [...sources, ...browsers, ...visitors];
  return {
    ...{ format, week, weeks, metrics, days, dayExpectation, sources, browsers, visitors, change },
    mix: visitorMix(slices),
    oddDays: odd.days,
    steps: steps(now, before),
    hours: slices
      .filter(({ dimension, span }) => dimension === 'hour' && span === 'now')
      .map(({ value, part, sessions, purchase_sessions }) => ({
        hour: Number(value),
        weekday: Number(part),
        sessions,
        purchases: purchase_sessions,
      })),
    all: { sessions: now.sessions, purchases: now.purchase_sessions, bounces: now.bounces, cancelled: now.cancel_sessions },
    before: { sessions: before.sessions, purchases: before.purchase_sessions },
    worth: ratio(
      total(recent, (row) => row.gross_amount),
      total(recent, (row) => row.purchase_sessions),
    ),
    tested:
      metrics.sessions.expectation.tested + metrics.conversion.expectation.tested + odd.tested + groupsTested.length + (change ? 1 : 0),
    called:
      metrics.sessions.expectation.called +
      metrics.conversion.expectation.called +
      odd.days.length +
      groupsTested.filter(({ isCalled }) => isCalled).length +
      (change && isClear(change) ? 1 : 0),
  };
}

/** Whether a change of conversion is beyond chance and large enough to matter. */
export function isClear({ p, difference, low, high }: ProportionTest): boolean {
  return p < falseDiscovery && (low > 0 || high < 0) && Math.abs(difference) >= 0.002;
}

function sums(slices: Slice[], span: Slice['span']): Omit<Slice, 'span' | 'dimension' | 'value' | 'part'> {
  const mine = slices.filter((slice) => slice.span === span);
  const sum = (key: 'sessions' | 'product_sessions' | 'cart_sessions' | 'cancel_sessions' | 'purchase_sessions' | 'bounces') =>
    total(mine, (row) => row[key]);
  return {
    ...{ sessions: sum('sessions'), product_sessions: sum('product_sessions'), cart_sessions: sum('cart_sessions') },
    ...{ cancel_sessions: sum('cancel_sessions'), purchase_sessions: sum('purchase_sessions'), bounces: sum('bounces') },
  };
}

/** Exact: within + mix is the change of conversion. */
function visitorMix(slices: Slice[]): RatioBridge | null {
  const mine = slices.filter(({ dimension }) => dimension === 'visitor');
  const part = (value: string, span: Slice['span']) =>
    sums(
      mine.filter((slice) => slice.value === value),
      span,
    );
  return ratioBridge(
    ['identified', 'anonymous'].map((group) => {
      const [now, before] = [part(group, 'now'), part(group, 'before')];
      return {
        group,
        numeratorBefore: before.purchase_sessions,
        denominatorBefore: before.sessions,
        numeratorAfter: now.purchase_sessions,
        denominatorAfter: now.sessions,
      };
    }),
  );
}

/** Share of identified sessions that buy from which on a visitor is, in effect, identified by buying. */
const identifiedByBuying = 0.95;

/** Whether identified sessions all buy, so that conversion only measures who is identified. */
export function isIdentifiedByBuying({ visitors }: Pick<Traffic, 'visitors'>): boolean {
  const identified = visitors.find(({ value }) => value === 'identified');
  return identified !== undefined && identified.conversion >= identifiedByBuying;
}

function steps(now: ReturnType<typeof sums>, before: ReturnType<typeof sums>): Step[] {
  const path = [
    ['All sessions', 'sessions'],
    ['Saw a product', 'product_sessions'],
    ['Filled the cart', 'cart_sessions'],
    ['Bought', 'purchase_sessions'],
  ] as const;
  return path.map(([step, key], i): Step => {
    const previous = path[i - 1]?.[1];
    if (!previous || now[previous] < now[key] || before[previous] < before[key]) {
      return { step, sessions: now[key], share: previous ? ratio(now[key], now[previous]) : null, before: null, test: null };
    }
    const test = compareProportions({ successes: before[key], n: before[previous] }, { successes: now[key], n: now[previous] });
    return { step, sessions: now[key], share: ratio(now[key], now[previous]), before: ratio(before[key], before[previous]), test };
  });
}

function groups(slices: Slice[], dimension: Slice['dimension']): Group[] {
  const mine = slices.filter((slice) => slice.dimension === dimension);
  const all = sums(mine, 'now');
  const now = mine.filter(({ span, sessions }) => span === 'now' && sessions >= minSessions);
  const tests = now.map(({ sessions, purchase_sessions }) =>
    compareProportions(
      { successes: all.purchase_sessions - purchase_sessions, n: all.sessions - sessions },
      { successes: purchase_sessions, n: sessions },
    ),
  );
  const adjusted = benjaminiHochberg(tests.map((test) => test?.p ?? null));
  const rest = (slice: Slice) => ratio(all.purchase_sessions - slice.purchase_sessions, all.sessions - slice.sessions) ?? 0;
  return now
    .map((slice, i): Group => {
      const share = proportion(slice.purchase_sessions, slice.sessions) as NonNullable<ReturnType<typeof proportion>>;
      const earlier = mine.find(({ span, value }) => span === 'before' && value === slice.value);
      const difference = tests[i]?.difference ?? 0;
      const p = adjusted[i] ?? 1;
      return {
        value: slice.value,
        sessions: slice.sessions,
        purchases: slice.purchase_sessions,
        conversion: share.value,
        low: share.low,
        high: share.high,
        before: { sessions: earlier?.sessions ?? 0, conversion: ratio(earlier?.purchase_sessions, earlier?.sessions) },
        difference,
        p,
        isCalled: p < falseDiscovery && Math.abs(difference) >= groupFloor * rest(slice),
      };
    })
    .sort((a, b) => b.sessions - a.sessions || (a.value < b.value ? -1 : 1));
}

function oddDays({ points }: Expectation): { days: OddDay[]; tested: number } {
  const judged = points.slice(-judgedDays).filter(({ p, value, expected }) => p !== null && value !== null && expected !== null);
  const adjusted = benjaminiHochberg(judged.map(({ p }) => p));
  const days = judged.flatMap(({ date, value, expected }, i) => {
    const [sessions, usual] = [value as number, expected as number];
    const isFar = Math.abs(sessions - usual) >= dayFloor * Math.max(usual, 1);
    return isFar && (adjusted[i] as number) < falseDiscovery ? [{ date, sessions, expected: usual, p: adjusted[i] as number }] : [];
  });
  return { days, tested: judged.length };
}
