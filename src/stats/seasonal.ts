import { studentQuantile } from './distribution.ts';
import { checkCount, checkLevel, defaultLevel } from './estimate.ts';
import { type Bank, bank, type Forecast, memory } from './filter.ts';

export interface ExpectedRangeOptions {
  /** Points in a year (52 weeks, 12 months) or in a week (7 days); null for no season. */
  period?: 52 | 12 | 7 | null;
  /** Chance that a point of an undisturbed series falls inside. */
  level?: number;
  /** No range from fewer known points; at least 4. */
  minHistory?: number;
}

export interface ExpectedRange {
  /** Per point, from the points before it only (the forecast's median); null while history is short. */
  expected: (number | null)[];
  low: (number | null)[];
  high: (number | null)[];
  /** The same for the point after the last. */
  next: { expected: number; low: number; high: number } | null;
  /** What was fitted up to the last point, in words. */
  method: string;
  /** Spread of the forecast of the next point: half of (high − low) at one standard deviation, in the unit of the values. */
  sigma: number | null;
  /** Points that had a range to be judged by. */
  tested: number;
}

const cycles = {
  52: { period: 365.25 / 7, harmonics: [0, 2, 5] },
  12: { period: 12, harmonics: [0, 2, 5] },
  7: { period: 7, harmonics: [0, 1, 3] },
} as const;

interface Transform {
  name: 'values' | 'square roots' | 'logarithms';
  /** Known values must lie above. */
  above: number;
  forth(value: number): number;
  back(x: number): number;
  /** Logarithm of the slope of `forth`. */
  logSlope(value: number): number;
}

interface Scale extends Transform {
  bank: Bank;
  jacobian: number;
}

/** Steady scatter, scatter of counts (Anscombe 1948), relative scatter. */
const transforms: Transform[] = [
  { name: 'values', above: Number.NEGATIVE_INFINITY, forth: (y) => y, back: (x) => x, logSlope: () => 0 },
  {
    name: 'square roots',
    above: -0.375,
    forth: (y) => Math.sqrt(y + 0.375),
    back: (x) => Math.max(0, x) ** 2 - 0.375,
    logSlope: (y) => -Math.log(2 * Math.sqrt(y + 0.375)),
  },
  { name: 'logarithms', above: 0, forth: Math.log, back: (x) => Math.exp(Math.min(x, 700)), logSlope: (y) => -Math.log(y) },
];

const evidence = ({ scale, forecast }: { scale: Scale; forecast: (Forecast & { logEvidence: number }) | null }) =>
  (forecast?.logEvidence ?? Number.NEGATIVE_INFINITY) + scale.jacobian;

/**
 * Where each point of a series was to be expected, one step ahead, from the points before it: local level with slope and, once two
 * whole periods are known, a season of harmonics (`bank` in filter.ts), on the values, their square roots (no negative value) or
 * logarithms (all positive), whichever predicted better so far. Coverage was measured by simulation; see the test.
 * @param values oldest first, equally spaced; null where a point is missing.
 * @returns arrays of the length of `values`; ranges clamped at 0 while no value is negative. A constant series expects its value,
 * with a range of practically no width.
 * @throws RangeError when a value is neither null nor finite.
 */
export function expectedRange(values: readonly (number | null)[], options: ExpectedRangeOptions = {}): ExpectedRange {
  const { period = null, level = defaultLevel } = options;
  const minHistory = checkCount('minHistory', options.minHistory ?? 8, 4);
  checkLevel(level);
  const cycle = period === null ? { period: 1, harmonics: [0] } : cycles[period];
  const scales: Scale[] = transforms.map((transform) => ({ ...transform, bank: bank(cycle.period, cycle.harmonics), jacobian: 0 }));
  let open = scales;
  let [known, isNegative] = [0, false];

  const look = () => {
    if (known < minHistory) return null;
    const isSeasonal = period !== null && known >= 2 * period;
    const tried = open.map((scale) => ({ scale, forecast: scale.bank.forecast(isSeasonal) }));
    const best = tried.reduce((a, b) => (evidence(b) > evidence(a) ? b : a));
    const { forecast: f, scale } = best;
    if (f === null) return null;
    const back = (x: number) => (isNegative ? scale.back(x) : Math.max(0, scale.back(x)));
    const reach = studentQuantile(1 - (1 - level) / 2, f.df) * f.scale;
    return {
      range: { expected: back(f.mean), low: back(f.mean - reach), high: back(f.mean + reach) },
      sigma: (back(f.mean + f.scale) - back(f.mean - f.scale)) / 2,
      method: `local level and slope${f.seasonShare > 0.5 ? ' with season' : ''}, on ${scale.name}`,
    };
  };

  const ranges = values.map((value, i) => {
    if (value !== null && !Number.isFinite(value)) throw new RangeError(`values[${i}]: expected a finite number or null, found ${value}`);
    const range = look()?.range ?? null;
    if (value !== null) {
      known++;
      isNegative ||= value < 0;
      open = open.filter(({ above }) => value > above);
    }
    for (const scale of open) {
      scale.bank.learn(value === null ? null : scale.forth(value));
      if (value !== null && known > 3) scale.jacobian = memory.evidence * scale.jacobian + scale.logSlope(value);
    }
    return range;
  });
  const next = look();
  return {
    expected: ranges.map((range) => range?.expected ?? null),
    low: ranges.map((range) => range?.low ?? null),
    high: ranges.map((range) => range?.high ?? null),
    next: next?.range ?? null,
    method: next?.method ?? 'no range: history is too short',
    sigma: next?.sigma ?? null,
    tested: ranges.filter((range, i) => range !== null && values[i] !== null).length,
  };
}
