import { sparkline } from '#chart/spark.ts';
import type { Formatter } from '#contract/format.ts';
import type { Comparison, Metric, Standing } from '#contract/metric.ts';
import { type Delta, delta, type Tone, toneOf } from './delta.ts';
import { safe } from './template.ts';

export interface TileView {
  label: string;
  value: string;
  tone: Tone;
  deltas: (Delta & { short: string; isKnown: boolean; isUp: boolean; isDown: boolean })[];
  spark: ReturnType<typeof safe> | null;
  standing: string;
}

export interface TilesView {
  tiles: TileView[];
  /** What lines, bands and words mean, for the tiles shown. */
  key: string;
}

const shortOf: Partial<Record<Comparison['label'], string>> = {
  'same week last year': 'a year ago',
  'year to date last year': 'last year to date',
};
const standings: Record<Standing, string> = {
  above: 'Above expected range',
  inside: 'Inside expected range',
  below: 'Below expected range',
  unknown: 'Expected range not known yet',
};

export function tileViews(metrics: Metric[], format: Formatter): TilesView {
  return { tiles: metrics.map((metric) => tileView(metric, format)), key: keyOf(metrics, format) };
}

/** Change on the comparison named, or on the metric's first; null when it has none. */
export function primaryDelta(metric: Metric, label: string | undefined, format: Formatter): Delta | null {
  const comparison = label === undefined ? metric.comparisons[0] : metric.comparisons.find((c) => c.label === label);
  return comparison ? delta(metric, comparison, format) : null;
}

function tileView(metric: Metric, format: Formatter): TileView {
  const standing = metric.expected?.standing;
  const sign = standing === 'above' ? 1 : standing === 'below' ? -1 : 0;
  const said = standing ? standings[standing] : intervalText(metric, format);
  const label = `Line chart of ${metric.label} by period${standing ? ` where the newest is: ${standings[standing].toLowerCase()}` : ''}`;
  const spark = sparkline(recent(metric), metric.polarity, { label });
  return {
    label: metric.label,
    value: format.unit(metric.value, metric.unit),
    tone: toneOf(sign, metric.polarity),
    deltas: compared(metric).map((comparison) => {
      const change = delta(metric, comparison, format);
      return {
        ...change,
        // What stays within its normal range is news of neither kind.
        tone: standing === 'inside' || standing === 'unknown' ? ('flat' as const) : change.tone,
        short: shortOf[change.of] ?? change.of,
        isKnown: change.word !== 'not known',
        isUp: change.arrow === 'up',
        isDown: change.arrow === 'down',
      };
    }),
    spark: spark ? safe(spark) : null,
    standing: said,
  };
}

/** The newest periods, as many as a tile can carry. */
function recent({ history = [] }: Metric): NonNullable<Metric['history']> {
  const most = 26;
  return history.slice(-most);
}

/** The two comparisons of a tile: prior week and the same week last year, or what else the metric has. */
function compared({ comparisons }: Metric): Comparison[] {
  const others = comparisons.filter((c) => c.label !== 'expected' && c.label !== 'prior week' && c.label !== 'same week last year');
  const find = (label: Comparison['label']): Comparison => comparisons.find((c) => c.label === label) ?? { label, value: null };
  const hasWeeks = comparisons.some((c) => c.label === 'prior week' || c.label === 'same week last year');
  return hasWeeks || others.length === 0 ? [find('prior week'), find('same week last year')] : others.slice(0, 2);
}

/** '€1.70M to €1.95M (95% interval)'; empty where the metric has neither interval nor expected range. */
export function intervalText({ interval, expected, unit }: Metric, format: Formatter): string {
  const limits = interval ?? expected;
  return limits ? `${format.unit(limits.low, unit)} to ${format.unit(limits.high, unit)} (${limits.basis})` : '';
}

/** 'weeks', 'months', or 'periods' where they differ or are neither. */
function periodOf(metrics: Metric[]): string {
  const day = 86_400_000;
  const names = metrics.flatMap(({ history = [] }) => {
    const [first, second] = history;
    if (!first || !second) return [];
    const days = (Date.parse(second.date) - Date.parse(first.date)) / day;
    return [days === 7 ? 'weeks' : days >= 28 && days <= 31 ? 'months' : 'periods'];
  });
  return names.length > 0 && names.every((name) => name === names[0]) ? names[0]! : 'periods';
}

function keyOf(metrics: Metric[], format: Formatter): string {
  const lengths = metrics.map((m) => recent(m).length);
  const longest = Math.max(0, ...lengths);
  const bases = [...new Set(metrics.filter((m) => m.history?.some((h) => h.low !== null)).flatMap((m) => m.expected?.basis ?? []))];
  return [
    longest > 1 ? `Lines show up to ${format.count(longest)} ${periodOf(metrics)}, the newest at the dot.` : '',
    bases.length ? `The shaded band is the expected range (${bases.join('; ')}).` : '',
    metrics.some((m) => m.comparisons.some((c) => c.label === 'same week last year')) ? 'A year ago: the same ISO week last year.' : '',
  ]
    .filter(Boolean)
    .join(' ');
}
