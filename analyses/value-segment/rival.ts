import { bgNbd, fitBgNbd } from '#stats/clv/bg-nbd.ts';
import { type Compressed, compress } from '#stats/clv/compress.ts';
import { expectedSpend, fitGammaGamma } from '#stats/clv/gamma-gamma.ts';
import { fitMbgNbd, mbgNbd } from '#stats/clv/mbg-nbd.ts';
import { fitNbd, nbd } from '#stats/clv/nbd.ts';
import { boost, boostedChances } from '#stats/learn/boost.ts';
import type { Features } from '#stats/learn/features.ts';
import { features } from './feature.ts';
import type { Customers } from './input.ts';

/** A score by which customers are ranked: the higher, the more is expected. */
export interface Ranking {
  name: string;
  score: Float64Array;
}

const daysAWeek = 7;

/** Each purchase model with a fit that stands, by how it predicts the purchases of one history. */
function purchaseModels(rows: Compressed): { name: string; aic: number; expected(x: number, tx: number, T: number, t: number): number }[] {
  const made = [
    { name: 'BG/NBD', fit: fitBgNbd(rows), law: bgNbd },
    { name: 'MBG/NBD', fit: fitMbgNbd(rows), law: mbgNbd },
  ].map(({ name, fit, law }) => ({
    ...{ name, fit },
    expected: (x: number, tx: number, T: number, t: number) => law.expected(fit.parameters, x, tx, T, t),
  }));
  const plain = fitNbd(rows);
  const all = [
    ...made,
    { name: 'NBD', fit: plain, expected: (x: number, tx: number, T: number, t: number) => nbd.expected(plain.parameters, x, tx, T, t) },
  ];
  return all.filter(({ fit }) => fit.degenerate.length === 0).map(({ name, fit, expected }) => ({ name, aic: fit.aic, expected }));
}

/**
 * Expected purchases times expected spend by models fitted to the histories at the moment itself, of which no later purchase is known: of those
 * whose fit stands the one with the least AIC. Null where none stands.
 */
export function byPurchaseModel(customers: Customers): Ranking | null {
  const { x, t_x_days, t_days, m } = customers.numbers as Record<'x' | 't_x_days' | 't_days' | 'm', Float64Array>;
  if (!x.some((value) => value > 0) || !t_days.some((value) => value > 0)) return null;
  const rows = compress({ x, tx: t_x_days.map((days) => days / daysAWeek), T: t_days.map((days) => days / daysAWeek) });
  const [best] = purchaseModels(rows).sort((a, b) => a.aic - b.aic);
  if (!best) return null;
  const weeks = customers.horizonDays / daysAWeek;
  const expected = Float64Array.from(rows.x, (value, i) => best.expected(value, rows.tx[i]!, rows.T[i]!, weeks));
  const spend = spendOf(x, m);
  return {
    name: spend ? `${best.name} × Gamma-Gamma` : best.name,
    score: Float64Array.from(rows.row, (row, i) => expected[row]! * (spend ? spend(x[i]!, m[i]!) : 1)),
  };
}

/** Expected spend a purchase; null without repeat buyers of positive value, or where the fit doesn't stand. */
function spendOf(x: Float64Array, m: Float64Array): ((x: number, m: number) => number) | null {
  if (!x.some((value, i) => value > 0 && m[i]! > 0)) return null;
  const fit = fitGammaGamma({ x, m }, { notPositive: 'leave-out' });
  if (fit.degenerate.length > 0) return null;
  return (repeats, mean) => (mean > 0 ? expectedSpend(fit, repeats, mean) : expectedSpend(fit, 0, 0));
}

/** The later the last purchase, the more. */
export function byRecency({ numbers }: Customers): Ranking {
  return { name: 'Last purchase alone', score: numbers.recency_days!.map((days) => -days) };
}

const trees = { trees: 100, leaves: 8, minLeaf: 50, shrinkage: 0.1, bins: 64, patience: 10 } as const;

/** Features without an order of their own. */
const named = new Set(['first_category', 'source', 'country']);

/**
 * Gradient-boosted trees on the same features, uncut: one model for whether any value comes, one for whether it is high; every fifth customer
 * of the training ends them. Names stand in the order of the mean value that came in the training.
 */
export function byTrees(training: Customers, segment: Uint8Array, values: readonly number[], judging: Customers): Ranking {
  const used = features.filter(({ id, number }) => number || named.has(id));
  const orders = new Map(
    features.filter(({ id }) => named.has(id)).map(({ id }) => [id, orderOf(training.bins[id]!, training.laterValue)]),
  );
  const columns = (customers: Customers, keep: (i: number) => boolean): Features => {
    const at = Array.from({ length: customers.n }, (_, i) => i).filter(keep);
    return {
      names: used.map(({ id }) => id),
      columns: used.map(({ id, number }) =>
        number
          ? Float64Array.from(at, (i) => customers.numbers[number]![i]!)
          : Float64Array.from(at, (i) => orders.get(id)!.get(customers.bins[id]![i]!) ?? -1),
      ),
    };
  };
  const isHeld = (i: number) => i % 5 === 4;
  const [learned, held] = [columns(training, (i) => !isHeld(i)), columns(training, isHeld)];
  const all = columns(judging, () => true);
  const chancesOf = (least: number) => {
    const y = Array.from(segment, (one) => (one >= least ? 1 : 0));
    const model = boost(
      learned,
      y.filter((_, i) => !isHeld(i)),
      { ...trees, validation: { features: held, y: y.filter((_, i) => isHeld(i)) } },
    );
    return boostedChances(model, all);
  };
  const [any, high] = [chancesOf(1), chancesOf(2)];
  return {
    name: 'Boosted trees',
    score: any.map((chance, i) => (1 - chance) * values[0]! + Math.max(0, chance - high[i]!) * values[1]! + high[i]! * values[2]!),
  };
}

/** Names by the mean value of their rows, from 0 on. */
function orderOf(names: readonly string[], values: Float64Array): Map<string, number> {
  const sums = new Map<string, { sum: number; n: number }>();
  names.forEach((name, i) => {
    const one = sums.get(name) ?? { sum: 0, n: 0 };
    one.sum += values[i]!;
    one.n++;
    sums.set(name, one);
  });
  const ranked = [...sums].sort(([a, x], [b, y]) => x.sum / x.n - y.sum / y.n || (a < b ? -1 : 1));
  return new Map(ranked.map(([name], i) => [name, i]));
}
