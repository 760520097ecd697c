import type { ColumnTable } from 'arquero';
import type { Context } from '#contract/analysis.ts';
import type { Formatter } from '#contract/format.ts';
import { type RatioBridge, ratioBridge } from '#stats/bridge.ts';
import { benjaminiHochberg } from '#stats/multiple.ts';
import { compareProportions, type ProportionTest, proportion } from '#stats/proportion.ts';
import { ratio, total } from '../shared/change.ts';
import { addWeeks } from '../shared/day.ts';
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
  /** The week reported, the weeks before it, and the span that they are compared with. */
  span: 'last' | 'now' | 'before';
  dimension: 'source' | 'browser' | 'visitor' | 'hour';
  value: string;
  /** Weekday of an hour, '1' Monday to '7' Sunday; '0' elsewhere. */
  part: string;
  sessions: number;
  product_sessions: number;
  cart_sessions: number;
  cancel_sessions: number;
  purchase_sessions: number;
  /** Of the purchases those after the week in which the session started. */
  late_purchase_sessions: number;
  bounces: number;
}

type Counted = Exclude<keyof Slice, 'span' | 'dimension' | 'value' | 'part'>;

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
  /** Whether purchases fall into the week of their session, so that the last week's conversion is complete. */
  isMature: boolean;
  /** Share of purchases after the week of their session; null without purchases. */
  late: number | null;
  /** Weeks of the later span, and the last of them. */
  spanWeeks: number;
  spanEnd: string;
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

/** Weeks of the earlier span, and of the later one where its last week is mature. */
export const fullSpan = 13;
/** Share of purchases after the week of their session from which on the last week is not comparable. */
const lateLimit = 0.01;
const falseDiscovery = 0.05;
/** A day is called from this relative distance from its expectation on. */
const dayFloor = 0.3;
/** A group is called from this relative distance of its conversion from the rest on. */
const groupFloor = 0.1;
/** A share of fewer sessions is not claimed. */
export const minSessions = 100;
const judgedDays = 182;
/** With more odd days than these the series has changed, and its days are no exceptions. */
const mostOddDays = 14;

export function measure(tables: Record<string, ColumnTable>, { week, format }: Pick<Context, 'week' | 'format'>): Traffic {
  const weeks = completeWeeks(rows<SiteWeek>(tables.weeks), week);
  const days = rows<Traffic['days'][number]>(tables.days);
  const raw = rows<Slice>(tables.slices);
  const settled = raw.filter(({ dimension, span }) => dimension === 'source' && span !== 'last');
  const late = ratio(
    total(settled, (row) => row.late_purchase_sessions),
    total(settled, (row) => row.purchase_sessions),
  );
  const isMature = (late ?? 0) <= lateLimit;
  const spanWeeks = isMature ? fullSpan : fullSpan - 1;
  const spanEnd = isMature ? week : addWeeks(week, -1);
  const slices = merged(raw.flatMap((row): Slice[] => (row.span === 'last' ? (isMature ? [{ ...row, span: 'now' }] : []) : [row])));
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
  if (!isMature) metrics.conversion = unjudgedLast(metrics.conversion);
  const odd = oddDays(
    days.map(({ date, sessions }) => ({ date, value: sessions })),
    format,
  );
  const dayExpectation = odd.expectation;
  const [sources, browsers, visitors] = (['source', 'browser', 'visitor'] as const).map((dimension) => groups(slices, dimension)) as [
    Group[],
    Group[],
    Group[],
  ];
  const recent = weeks.filter((row) => row.week <= spanEnd).slice(-spanWeeks);
  const change = compareProportions(
    { successes: before.purchase_sessions, n: before.sessions },
    { successes: now.purchase_sessions, n: now.sessions },
  );
  const groupsTested = [...sources, ...browsers];
  return {
    ...{ format, week, isMature, late, spanWeeks, spanEnd, weeks, metrics, days, dayExpectation, sources, browsers, visitors, change },
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

/** A week that is still filling up is shown and not judged. */
function unjudgedLast({ metric, expectation: judged }: WeeklyMetric): WeeklyMetric {
  const { expected, ...rest } = metric;
  const points = judged.points.map((point, i) =>
    i === judged.points.length - 1 ? { ...point, standing: 'unknown' as const, p: null } : point,
  );
  const last = judged.points.at(-1)?.standing;
  const wasCalled = last === 'above' || last === 'below';
  return {
    metric: expected ? { ...rest, expected: { ...expected, standing: 'unknown' } } : rest,
    expectation: {
      ...judged,
      points,
      tested: judged.tested - (last && last !== 'unknown' ? 1 : 0),
      called: judged.called - (wasCalled ? 1 : 0),
    },
  };
}

/** Adds up slices of the same span and group. */
function merged(slices: Slice[]): Slice[] {
  const byKey = Map.groupBy(slices, ({ span, dimension, value, part }) => JSON.stringify([span, dimension, value, part]));
  return [...byKey.values()].map((group) => {
    const [first] = group as [Slice];
    return { ...first, ...sums(group, first.span) };
  });
}

function sums(slices: Slice[], span: Slice['span']): Record<Counted, number> {
  const mine = slices.filter((slice) => slice.span === span);
  const sum = (key: Counted) => total(mine, (row) => row[key]);
  return {
    ...{ sessions: sum('sessions'), product_sessions: sum('product_sessions'), cart_sessions: sum('cart_sessions') },
    ...{
      cancel_sessions: sum('cancel_sessions'),
      purchase_sessions: sum('purchase_sessions'),
      late_purchase_sessions: sum('late_purchase_sessions'),
      bounces: sum('bounces'),
    },
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

/**
 * Days that stand out, found one by one from the oldest: each is set aside before the days after it are judged, so that the end of an
 * outage is not called a surge.
 */
function oddDays(
  series: { date: string; value: number }[],
  format: Formatter,
): { expectation: Expectation; days: OddDay[]; tested: number } {
  const setAside = new Set<string>();
  for (;;) {
    const judged = expectation(series, 'count', format, 7, setAside);
    const { days, tested } = callDays(judged);
    const next = days.find(({ date }) => !setAside.has(date));
    if (!next || setAside.size >= mostOddDays) return { expectation: judged, days, tested };
    setAside.add(next.date);
  }
}

function callDays({ points }: Expectation): { days: OddDay[]; tested: number } {
  const judged = points.slice(-judgedDays).filter(({ p, value, expected }) => p !== null && value !== null && expected !== null);
  const adjusted = benjaminiHochberg(judged.map(({ p }) => p));
  const days = judged.flatMap(({ date, value, expected }, i) => {
    const [sessions, usual] = [value as number, expected as number];
    const isFar = Math.abs(sessions - usual) >= dayFloor * Math.max(usual, 1);
    return isFar && (adjusted[i] as number) < falseDiscovery ? [{ date, sessions, expected: usual, p: adjusted[i] as number }] : [];
  });
  return { days, tested: judged.length };
}
