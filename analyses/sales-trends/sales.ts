import type { ColumnTable } from 'arquero';
import type { Context } from '#contract/analysis.ts';
import type { Formatter } from '#contract/format.ts';
import type { Metric } from '#contract/metric.ts';
import type { KpiMonth, KpiWeek } from '../shared/kpi.ts';
import { completeWeeks, type WeeklyMetric } from '../shared/metric.ts';
import { rows } from '../shared/rows.ts';
import { type Bridge, bridge, type SegmentWeek } from './bridge.ts';
import { type LongRun, longRun, type YearGrowth, yearGrowth } from './growth.ts';
import { type Day, type KpiId, weeklyKpis, type YearToDate, yearToDate, yearToDateMetric } from './kpis.ts';
import { dayOutliers, type JudgedDay } from './outliers.ts';
import { type Pair, pairs } from './pair.ts';
import { type Ahead, monthSeason, type Season, weekdaySeason, weeksAhead } from './season.ts';
import { type SegmentSignals, segmentSignals } from './segments.ts';
import { type Shifts, shareShifts } from './shifts.ts';

/** Everything measured, once: what words, figures and tables are made from. */
export interface Sales {
  week: string;
  format: Formatter;
  hasCosts: boolean;
  /** Complete weeks up to `week`, oldest first. */
  weeks: KpiWeek[];
  /** The week reported; null where the data do not hold it. */
  now: KpiWeek | null;
  months: KpiMonth[];
  days: Day[];
  segments: SegmentWeek[];
  kpis: Record<KpiId, WeeklyMetric>;
  ytd: { first: string; last: string; values: YearToDate[] };
  ytdMetrics: Metric[];
  pairs: { week: Pair | null; year: Pair | null };
  bridges: { week: Bridge | null; year: Bridge | null };
  growth: YearGrowth | null;
  longRun: LongRun | null;
  newGrowth: YearGrowth | null;
  season: Season | null;
  weekday: Season | null;
  ahead: Ahead;
  signals: SegmentSignals;
  shifts: Shifts | null;
  outliers: JudgedDay[];
}

export function measure(tables: Record<string, ColumnTable>, { week, format, shop }: Pick<Context, 'week' | 'format' | 'shop'>): Sales {
  const hasCosts = shop.capabilities.includes('costs');
  const weeks = completeWeeks(rows<KpiWeek>(tables.weeks), week);
  const months = rows<KpiMonth>(tables.months).filter((row) => row.is_complete);
  const days = rows<Day>(tables.days);
  const segments = rows<SegmentWeek>(tables.segments).filter((row) => row.week <= week);
  const spans = pairs(weeks, week, format);
  const bridged = (pair: Pair | null) => pair && bridge(pair, segments, weeks);
  return {
    week,
    format,
    hasCosts,
    weeks,
    now: weeks.find((row) => row.week === week) ?? null,
    months,
    days,
    segments,
    kpis: weeklyKpis(weeks, { week, format }, hasCosts),
    ytd: yearToDate(days, week, hasCosts),
    ytdMetrics: (['net_revenue', 'orders', 'new_customers'] as const).map((id) => yearToDateMetric(id, days, { week, format })),
    pairs: spans,
    bridges: { week: bridged(spans.week), year: bridged(spans.year) },
    growth: yearGrowth(weeks, week, (row) => row.net_revenue),
    longRun: longRun(weeks, (row) => row.net_revenue),
    newGrowth: yearGrowth(weeks, week, (row) => row.new_customers),
    season: monthSeason(months),
    weekday: weekdaySeason(days, weeks),
    ahead: weeksAhead(weeks, week),
    signals: segmentSignals(segments, weeks, { week, format }),
    shifts: spans.year && shareShifts(spans.year, segments, weeks),
    outliers: dayOutliers(days, { week, format }),
  };
}
