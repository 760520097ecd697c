import type { ColumnTable } from 'arquero';
import type { Context } from '#contract/analysis.ts';
import { type CalibrationGroup, calibrationGroups } from '#stats/learn/calibration.ts';
import { type Boundaries, boundariesOf, segmentsOf } from './boundary.ts';
import { type Customers, customersOf, type MomentName } from './input.ts';
import { type Judged, judge, type MethodId } from './judgement.ts';
import { byPurchaseModel, byRecency, byTrees } from './rival.ts';
import { learn, type Scorecard, scored, segmentsByScore } from './scorecard.ts';

/** What learning is worth here, by what came after the cut-off. */
export type Verdict =
  /** Too little to learn from or to judge by. */
  | 'unjudged'
  /** The segments agree with what came no better than chance would. */
  | 'chance'
  /** Better than chance, and too little to act on. */
  | 'weak'
  /** Better than the ranking by the purchase model and than that by the last purchase. */
  | 'adds'
  /** As good as the better of them, by less than what is worth a second model. */
  | 'same'
  | 'worse';

/** A difference of AUCs below it is not worth a second model, however sure. */
export const leastGain = 0.01;
/** Agreement beyond chance below it names too many wrongly to treat customers by their segment. */
export const leastKappa = 0.1;
/** Customers that each moment needs, and customers of each segment. */
export const least = { customers: 200, segment: 30 } as const;

export interface Learned {
  boundaries: Boundaries;
  card: Scorecard;
  training: Customers & { segment: Uint8Array };
  judging: Customers & { segment: Uint8Array; score: Float64Array; said: Uint8Array };
  methods: Judged[];
  /** Stated chance of becoming high against what came, in tenths. */
  calibration: CalibrationGroup[];
  /** Customers of today by segment, scaled to all, with the value expected of them. */
  today: { customers: number; expected: number }[] | null;
}

export interface Study {
  context: Context;
  moments: Partial<Record<MomentName, Customers>>;
  /** Null where there was too little to learn from or to judge by. */
  learned: Learned | null;
  /** Why not, as a clause. */
  why: string;
  verdict: Verdict;
  /** The better of the rankings that need no learning; null where nothing is judged. */
  rival: Judged | null;
  /** The scorecard as it is handed on; null where another ranking is as good as it or better. */
  handed: Scorecard | null;
}

export function measure(tables: Record<string, ColumnTable>, context: Context): Study {
  const moments = customersOf(tables.rows);
  const { training, judging } = moments;
  const none = (why: string): Study => ({ context, moments, learned: null, why, verdict: 'unjudged', rival: null, handed: null });
  if (!training || !judging) return none('the history is too short for two cut-offs');
  if (Math.min(training.n, judging.n) < least.customers) return none('too few customers had bought by the cut-offs');
  const boundaries = boundariesOf(training.laterValue);
  if (!boundaries) return none('hardly anyone bought again after the first cut-off');
  const segment = segmentsOf(training.laterValue, boundaries);
  const came = segmentsOf(judging.laterValue, boundaries);
  const fewest = Math.min(...[segment, came].flatMap((list) => [0, 1, 2].map((k) => list.filter((one) => one === k).length)));
  if (fewest < least.segment) return none('too few customers bought again to fill three segments');
  const card = learn(training, segment);
  const { score, chances } = scored(card, judging);
  const said = segmentsByScore(card, score);
  const methods = judge(
    { score, said },
    [
      { id: 'trees', ranking: byTrees(training, segment, card.values, judging) },
      { id: 'purchase-model', ranking: byPurchaseModel(judging) },
      { id: 'recency', ranking: byRecency(judging) },
    ],
    { segment: came, value: judging.laterValue },
  );
  const learned: Learned = {
    ...{ boundaries, card, methods, training: { ...training, segment }, judging: { ...judging, segment: came, score, said } },
    calibration: calibrationGroups(
      Float64Array.from({ length: judging.n }, (_, i) => chances[3 * i + 2]!),
      came.map((one) => (one === 2 ? 1 : 0)),
    ),
    today: moments.today ? segmentsToday(card, moments.today) : null,
  };
  const rival = simplest(learned);
  const verdict = verdictOf(learned);
  return { context, moments, learned, why: '', verdict, rival, handed: verdict === 'adds' || verdict === 'same' ? card : null };
}

export function methodOf({ methods }: Pick<Learned, 'methods'>, id: MethodId): Judged | null {
  return methods.find((method) => method.id === id) ?? null;
}

/** Rankings that need no learning: by the purchase model, and by the last purchase. */
function plain(learned: Learned): Judged[] {
  return learned.methods.filter(({ id }) => id === 'purchase-model' || id === 'recency');
}

/** The one of them that did best on what came. */
function simplest(learned: Learned): Judged {
  return plain(learned).reduce((best, method) => (method.aucHigh!.value > best.aucHigh!.value ? method : best));
}

/** Learning adds something where it beats each plain ranking; it is worse where it falls short of one. */
function verdictOf(learned: Learned): Verdict {
  const own = methodOf(learned, 'scorecard')!;
  if (!own.kappa || !own.aucHigh || own.kappa.low <= 0 || own.aucHigh.low <= 0.5) return 'chance';
  if (own.kappa.value < leastKappa) return 'weak';
  const gains = plain(learned).map(({ gain }) => gain!.auc);
  if (gains.every(({ low, difference }) => low > 0 && difference >= leastGain)) return 'adds';
  return gains.some(({ high, difference }) => high < 0 && difference <= -leastGain) ? 'worse' : 'same';
}

function segmentsToday(card: Scorecard, today: Customers): Learned['today'] {
  const { score } = scored(card, today);
  const scale = today.all / today.n;
  const sums = [0, 1, 2].map(() => ({ customers: 0, expected: 0 }));
  segmentsByScore(card, score).forEach((k, i) => {
    sums[k]!.customers += scale;
    sums[k]!.expected += scale * score[i]!;
  });
  return sums.map(({ customers, expected }) => ({ customers: Math.round(customers), expected }));
}
