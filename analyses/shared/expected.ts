import type { Formatter } from '#contract/format.ts';
import type { Interval, Standing, Unit } from '#contract/metric.ts';
import { normalQuantile, normalTwoSided } from '#stats/distribution.ts';
import { expectedRange } from '#stats/seasonal.ts';
import { percent } from './words.ts';

/** One period of a series, judged by what was known before it. */
export interface Point {
  date: string;
  value: number | null;
  expected: number | null;
  low: number | null;
  high: number | null;
  standing: Standing;
  /** Two-sided chance of a value so far from the expectation in an undisturbed series; null without limits. */
  p: number | null;
}

export interface Expectation {
  points: Point[];
  /** Whether the season of earlier years is part of the expectation. */
  isSeasonal: boolean;
  /** What the limits are, for `Interval.basis`: '99% forecast range'. */
  basis: string;
  /** How the expectation was made, in words without a digit. */
  method: string;
  tested: number;
  called: number;
}

/** Chance that a week of an undisturbed series falls inside its range; beyond it a week is called. */
export const signalLevel = 0.99;

const minHistory = 12;
const quantile = normalQuantile(1 - (1 - signalLevel) / 2);

/**
 * Expected range of a series, period by period, each from earlier periods only: level, slope and, once two years are known, the season.
 * @param series complete periods without gaps, oldest first; an undefined period has value null.
 * @param period periods in a year: 52 for weeks, 12 for months; 7 for days of a week.
 * @param setAside dates that are judged and do not inform later expectations: an outage must not make the days after it look high.
 */
export function expectation(
  series: readonly { date: string; value: number | null }[],
  unit: Unit,
  format: Formatter,
  period: 52 | 12 | 7 = 52,
  setAside: ReadonlySet<string> = new Set(),
): Expectation {
  const values = series.map(({ value }) => (value !== null && Number.isFinite(value) ? value : null));
  const informing = values.map((value, i) => (setAside.has(series[i]!.date) ? null : value));
  const range = expectedRange(informing, { period, level: signalLevel, minHistory });
  const bound = (value: number) => (unit === 'share' ? Math.min(1, Math.max(0, value)) : value);
  const points = series.map(({ date }, i): Point => {
    const [value, expected, low, high] = [values[i]!, range.expected[i] ?? null, range.low[i] ?? null, range.high[i] ?? null];
    if (expected === null || low === null || high === null) {
      return { date, value, expected: null, low: null, high: null, standing: 'unknown', p: null };
    }
    const known = { date, value, expected: bound(expected), low: bound(low), high: bound(high) };
    // A range of no width comes from a series without any variation: it can't judge.
    if (value === null || high - low <= Math.abs(expected) * 1e-6) return { ...known, standing: 'unknown', p: null };
    const side = value > expected ? high - expected : expected - low;
    const z = side > 0 ? ((value - expected) / side) * quantile : 0;
    return { ...known, standing: value > high ? 'above' : value < low ? 'below' : 'inside', p: normalTwoSided(z) };
  });
  const tested = points.filter(({ standing }) => standing !== 'unknown');
  return {
    points,
    isSeasonal: range.method.includes('season'),
    basis: `${percent(format, signalLevel)} forecast range`,
    method: range.method,
    tested: tested.length,
    called: tested.filter(({ standing }) => standing !== 'inside').length,
  };
}

/** The expected range of one point as a metric carries it; undefined where it is unknown. */
export function expectedOf(point: Point | undefined, basis: string): (Interval & { standing: Standing }) | undefined {
  if (!point || point.low === null || point.high === null) return undefined;
  return { low: point.low, high: point.high, basis, standing: point.standing };
}
