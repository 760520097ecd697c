import { random } from '#stats/random.ts';

/** A number with a normal interval from its bootstrap standard error; null where it has no meaning. */
export type Measured = { value: number; low: number; high: number } | null;

export interface Accuracy {
  mae: Measured;
  rmse: Measured;
  /** Purchases that came over those expected. */
  bias: Measured;
  /** Spearman's rank correlation of expected purchases and those that came. */
  rank: Measured;
  /** Share of the purchases that came made by the tenth of customers with the highest expectation; ties share alike. */
  capture: Measured;
}

const names = ['mae', 'rmse', 'bias', 'rank', 'capture'] as const;

export const topShare = 0.1;

/** Order of rows by a number, descending, and where groups of equal numbers end. */
function ranked(values: Float64Array): { order: Uint32Array; ends: Uint32Array } {
  const order = Uint32Array.from(values, (_, i) => i).sort((i, j) => values[j]! - values[i]! || i - j);
  const ends: number[] = [];
  for (let at = 0; at < order.length; at++) {
    if (at + 1 === order.length || values[order[at]!] !== values[order[at + 1]!]) ends.push(at + 1);
  }
  return { order, ends: Uint32Array.from(ends) };
}

interface Ranked {
  order: Uint32Array;
  ends: Uint32Array;
}

/** Middle rank of each row among customers, in multiples of one customer. */
function middleRanks({ order, ends }: Ranked, weight: Float64Array, out: Float64Array): void {
  let before = 0;
  let from = 0;
  for (const end of ends) {
    let group = 0;
    for (let at = from; at < end; at++) group += weight[order[at]!]!;
    const rank = before + group / 2;
    for (let at = from; at < end; at++) out[order[at]!] = rank;
    before += group;
    from = end;
  }
}

/** Correlation of middle ranks, whose mean is half of all customers. */
function correlation(a: Float64Array, b: Float64Array, weight: Float64Array, total: number): number {
  const middle = total / 2;
  let [aa, ab, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const da = a[i]! - middle;
    const db = b[i]! - middle;
    aa += weight[i]! * da * da;
    ab += weight[i]! * da * db;
    bb += weight[i]! * db * db;
  }
  return ab / Math.sqrt(aa * bb);
}

function captured({ order, ends }: Ranked, later: Float64Array, weight: Float64Array, total: number, bought: number): number {
  let left = topShare * total;
  let caught = 0;
  let from = 0;
  for (const end of ends) {
    let people = 0;
    let theirs = 0;
    for (let at = from; at < end; at++) {
      const i = order[at]!;
      people += weight[i]!;
      theirs += weight[i]! * later[i]!;
    }
    if (people >= left) return (caught + (people > 0 ? theirs * (left / people) : 0)) / bought;
    caught += theirs;
    left -= people;
    from = end;
  }
  return caught / bought;
}

/**
 * How well predictions met what came, all methods over the same resamples of customers (Poisson weights: a row of w customers is drawn
 * Poisson(w) times).
 * @param predicted expected purchases by method, a row of `later` each. A measure without meaning is null: the bias of a prediction of
 * nothing, ranks of one that doesn't tell customers apart.
 * @param later purchases that came. @param weight customers of the row.
 */
export function accuracies(
  predicted: readonly Float64Array[],
  later: Float64Array,
  weight: Float64Array,
  { seed, resamples }: { seed: number; resamples: number },
): Accuracy[] {
  const n = later.length;
  const orders = predicted.map(ranked);
  const truth = ranked(later);
  const [own, came] = [new Float64Array(n), new Float64Array(n)];
  const measure = (w: Float64Array): number[][] => {
    let [total, bought] = [0, 0];
    for (let i = 0; i < n; i++) {
      total += w[i]!;
      bought += w[i]! * later[i]!;
    }
    middleRanks(truth, w, came);
    return predicted.map((values, k) => {
      let [absolute, squared, expected] = [0, 0, 0];
      for (let i = 0; i < n; i++) {
        const miss = later[i]! - values[i]!;
        absolute += w[i]! * Math.abs(miss);
        squared += w[i]! * miss * miss;
        expected += w[i]! * values[i]!;
      }
      const differs = orders[k]!.ends.length > 1;
      if (differs) middleRanks(orders[k]!, w, own);
      return [
        absolute / total,
        Math.sqrt(squared / total),
        bought / expected,
        differs ? correlation(own, came, w, total) : Number.NaN,
        differs ? captured(orders[k]!, later, w, total, bought) : Number.NaN,
      ];
    });
  };
  const found = measure(weight);
  const sums = predicted.map(() => names.map(() => ({ n: 0, sum: 0, squares: 0 })));
  const stream = random(seed, 'value-model/holdout');
  const drawn = new Float64Array(n);
  for (let b = 0; b < resamples; b++) {
    for (let i = 0; i < n; i++) drawn[i] = stream.poisson(weight[i]!);
    for (const [k, values] of measure(drawn).entries()) {
      for (const [j, value] of values.entries()) {
        if (!Number.isFinite(value)) continue;
        const sum = sums[k]![j]!;
        const away = value - found[k]![j]!;
        sum.n++;
        sum.sum += away;
        sum.squares += away * away;
      }
    }
  }
  return found.map((values, k) => {
    const measured = names.map((name, j): Measured => {
      const value = values[j]!;
      const { n: kept, sum, squares } = sums[k]![j]!;
      if (!Number.isFinite(value) || kept < resamples / 2 || kept < 2) return null;
      const half = 1.959963984540054 * Math.sqrt(Math.max(0, squares - (sum * sum) / kept) / (kept - 1));
      const [least, most] = name === 'rank' ? [-1, 1] : name === 'capture' ? [0, 1] : [0, Number.POSITIVE_INFINITY];
      return { value, low: Math.max(least, value - half), high: Math.min(most, value + half) };
    });
    return Object.fromEntries(names.map((name, j) => [name, measured[j]!])) as unknown as Accuracy;
  });
}
