import type { Formatter } from '#contract/format.ts';
import { type Compressed, compress } from '#stats/clv/compress.ts';
import { nbd } from '#stats/clv/nbd.ts';
import { type Accuracy, accuracies, type Measured } from './accuracy.ts';
import { type CandidateId, candidates, type Fitted, fitCandidate, modelOf } from './candidate.ts';
import { type Calibration, daysAWeek, type Rows } from './input.ts';

export type MethodId = CandidateId | 'mean' | 'own-rate' | 'last-period' | 'zero';

/** A way of predicting the holdout, and how it fared. */
export interface Method extends Accuracy {
  id: MethodId;
  name: string;
  /** Expected purchases in the holdout, a row of the calibration each. */
  predicted: Float64Array;
  /** Mean log chance given to what came; null for methods that state no chances. */
  score: number | null;
  /** Log chance of each row. */
  logs: Float64Array | null;
}

export interface Holdout {
  rows: Compressed;
  weeks: number;
  /** All candidates fitted to the calibration. */
  fitted: Fitted[];
  /** Those that could predict, models first. */
  methods: Method[];
  resamples: number;
}

/** Fewer customers, or purchases in the holdout, judge no model. */
const leastJudged = { customers: 100, purchases: 30 } as const;

/** The mean rate of all customers with its own uncertainty: every customer's purchases to come are expected from it. */
export function meanRate({ purchases, exposure }: Pick<Rows, 'purchases' | 'exposure'>): { r: number; alpha: number } {
  return { r: purchases + 0.5, alpha: exposure };
}

/** Fits to the calibration, judged on the holdout; null where there is too little to judge by. */
export function judge(calibration: Calibration, seed: number, format: Formatter): Holdout | null {
  const { x, tx, T, weight, recent, later, customers, laterPurchases, exposure, purchases } = calibration;
  if (customers < leastJudged.customers || laterPurchases < leastJudged.purchases || purchases === 0 || exposure === 0) return null;
  const rows = compress(calibration);
  const weeks = calibration.holdoutDays / daysAWeek;
  const fitted = candidates.map((candidate) => fitCandidate(candidate, rows, format));
  const n = x.length;
  const methods: Pick<Method, 'id' | 'name' | 'predicted' | 'logs'>[] = [];
  for (const one of fitted) {
    if (one.refused.length > 0) continue;
    const { law, parameters } = modelOf(one);
    const expected = Float64Array.from(rows.x, (value, i) => law.expected(parameters, value, rows.tx[i]!, rows.T[i]!, weeks));
    methods.push({
      ...{ id: one.candidate.id, name: one.candidate.name },
      predicted: Float64Array.from(rows.row, (row) => expected[row]!),
      logs: Float64Array.from({ length: n }, (_, i) => logOf(law.count(parameters, x[i]!, tx[i]!, T[i]!, weeks, later[i]!))),
    });
  }
  const mean = meanRate(calibration);
  const meanLogs = new Map<number, number>();
  const meanLog = (count: number) => {
    const known = meanLogs.get(count) ?? logOf(nbd.countNew(mean, weeks, count));
    meanLogs.set(count, known);
    return known;
  };
  methods.push(
    {
      ...{ id: 'mean', name: 'Mean rate of all' },
      predicted: new Float64Array(n).fill(nbd.expectedNew(mean, weeks)),
      logs: later.map(meanLog),
    },
    {
      ...{ id: 'own-rate', name: 'Own rate so far', logs: null },
      predicted: x.map((value, i) => (T[i]! > 0 ? (value / T[i]!) * weeks : 0)),
    },
    { ...{ id: 'last-period', name: 'As in the last period', logs: null }, predicted: recent },
    { ...{ id: 'zero', name: 'Predict zero', logs: null }, predicted: new Float64Array(n) },
  );
  const resamples = Math.round(Math.min(400, Math.max(40, 4e6 / n)));
  const made = accuracies(
    methods.map(({ predicted }) => predicted),
    later,
    weight,
    { seed, resamples },
  );
  const all = methods.map((method, k): Method => ({ ...method, ...made[k]!, score: method.logs && weightedMean(method.logs, weight) }));
  return { rows, weeks, fitted, methods: all, resamples };
}

/** Chances below this count as this much, so that one surprise doesn't decide alone. */
const leastChance = 1e-12;
const logOf = (chance: number) => Math.log(Math.max(leastChance, chance));

function weightedMean(values: Float64Array, weight: Float64Array): number {
  let [sum, total] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    sum += weight[i]! * values[i]!;
    total += weight[i]!;
  }
  return sum / total;
}

/** Difference of two methods' mean log chance a customer, a less b, with its 95% interval over customers. */
export function scoreDifference(a: Method, b: Method, weight: Float64Array): Measured {
  if (!a.logs || !b.logs) return null;
  const difference = a.logs.map((value, i) => value - b.logs![i]!);
  const value = weightedMean(difference, weight);
  let [squares, total] = [0, 0];
  for (let i = 0; i < difference.length; i++) {
    squares += weight[i]! * (difference[i]! - value) ** 2;
    total += weight[i]!;
  }
  const half = (1.959963984540054 * Math.sqrt(squares)) / total;
  return { value, low: value - half, high: value + half };
}
