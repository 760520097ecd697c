import { checkCount, checkLevel, checkSameLength, defaultLevel, type Estimate } from './estimate.ts';
import { quantileSorted } from './mean.ts';
import { random } from './random.ts';

/** Distinct values ascending, with how often each occurs. Negative values count as 0. */
export interface Compressed {
  values: Float64Array;
  counts: Float64Array;
  /** Sum of counts. */
  n: number;
  /** How many values were below 0 and count as 0. */
  negative: number;
}

/**
 * Sorts and groups equal values once, so that the measures below are linear.
 * @param counts how often each value occurs; whole numbers; once each if left out.
 * @throws RangeError when lengths differ, a value isn't finite or a count isn't a whole number.
 */
export function compress(values: ArrayLike<number>, counts?: ArrayLike<number>): Compressed {
  if (counts) checkSameLength('values and counts', values, counts);
  const order = Float64Array.from(values).sort();
  let negative = 0;
  const byValue = new Map<number, number>();
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    const count = counts ? checkCount(`counts[${i}]`, counts[i]!) : 1;
    if (!Number.isFinite(value)) throw new RangeError(`values[${i}]: expected a finite number, found ${value}`);
    if (value < 0) negative += count;
    const key = Math.max(0, value);
    byValue.set(key, (byValue.get(key) ?? 0) + count);
  }
  const distinct: number[] = [];
  let previous = -1;
  for (const value of order) {
    const key = Math.max(0, value);
    if (key !== previous && byValue.get(key)! > 0) distinct.push(key);
    previous = key;
  }
  const grouped = Float64Array.from(distinct, (value) => byValue.get(value)!);
  return { values: Float64Array.from(distinct), counts: grouped, n: grouped.reduce((sum, count) => sum + count, 0), negative };
}

/** Gini coefficient Σ over pairs |x − y| / (2 n² mean): 0 for equal values, (n − 1)/n when one has all. Null where the sum is 0. */
export function gini(data: Compressed): number | null {
  return giniOf(data.values, data.counts, data.n);
}

function giniOf(values: Float64Array, counts: ArrayLike<number>, n: number): number | null {
  let below = 0;
  let total = 0;
  let weighted = 0;
  for (let i = 0; i < values.length; i++) {
    const count = counts[i]!;
    if (count === 0) continue;
    const amount = count * values[i]!;
    weighted += amount * (2 * below + count);
    total += amount;
    below += count;
  }
  return total > 0 ? Math.max(0, weighted / (n * total) - 1) : null;
}

/**
 * Share of the sum held by the top `part` of units (0.1: the best tenth), a unit on the border counted in part. Null where the sum
 * is 0. @throws RangeError unless 0 ≤ part ≤ 1.
 */
export function topShare(data: Compressed, part: number): number | null {
  if (!(part >= 0 && part <= 1)) throw new RangeError(`part: expected a number from 0 to 1, found ${part}`);
  return topShareOf(data.values, data.counts, data.n, part);
}

function topShareOf(values: Float64Array, counts: ArrayLike<number>, n: number, part: number): number | null {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += counts[i]! * values[i]!;
  if (!(total > 0)) return null;
  let rest = part * n;
  let held = 0;
  for (let i = values.length - 1; i >= 0 && rest > 0; i--) {
    const take = Math.min(rest, counts[i]!);
    held += take * values[i]!;
    rest -= take;
  }
  return Math.min(1, held / total);
}

/**
 * Lorenz curve: share of units from the smallest up, and the share of the sum that they hold; `points` + 1 of them, from (0, 0) to
 * (1, 1), linear between distinct values. Null where the sum is 0.
 */
export function lorenz(data: Compressed, points = 100): { units: number; held: number }[] | null {
  checkCount('points', points, 1);
  const curve = Array.from({ length: points + 1 }, (_, i) => {
    const top = topShare(data, 1 - i / points);
    return top === null ? null : { units: i / points, held: i === 0 ? 0 : 1 - top };
  });
  return curve.every((point) => point !== null) ? curve : null;
}

export interface Concentration {
  gini: Estimate;
  /** In the order of `parts`. */
  top: (Estimate & { part: number })[];
  negative: number;
}

/**
 * Gini and top shares with percentile bootstrap intervals (Mills & Zandvakili 1997), resampling units. Null where the sum is 0 or
 * with fewer than two units.
 */
export function concentration(
  data: Compressed,
  options: { seed: number; label?: string; parts?: readonly number[]; resamples?: number; level?: number },
): Concentration | null {
  const { seed, label = 'concentration', parts = [0.01, 0.1, 0.2], resamples = 400, level = defaultLevel } = options;
  checkCount('resamples', resamples, 20);
  const { values, counts, n, negative } = data;
  const whole = gini(data);
  if (whole === null || n < 2) return null;
  const draw = resampler(counts, n, random(seed, label));
  const ginis: number[] = [];
  const tops: number[][] = parts.map(() => []);
  for (let i = 0; i < resamples; i++) {
    const drawn = draw();
    const g = giniOf(values, drawn, n);
    if (g === null) continue;
    ginis.push(g);
    parts.forEach((part, k) => {
      tops[k]!.push(topShareOf(values, drawn, n, part)!);
    });
  }
  const tail = (1 - checkLevel(level)) / 2;
  const estimate = (value: number, found: number[]): Estimate => {
    const ascending = Float64Array.from(found).sort();
    return { value, low: quantileSorted(ascending, tail)!, high: quantileSorted(ascending, 1 - tail)!, n };
  };
  return {
    gini: estimate(whole, ginis),
    top: parts.map((part, k) => ({ part, ...estimate(topShare(data, part)!, tops[k]!) })),
    negative,
  };
}

/** Multinomial counts of n draws: by single draws, or by conditional binomials where distinct values are few. */
function resampler(counts: Float64Array, n: number, source: ReturnType<typeof random>): () => Float64Array {
  const drawn = new Float64Array(counts.length);
  if (n > 20 * counts.length || n > 5e6) {
    return () => {
      let rest = n;
      let left = n;
      for (let i = 0; i < counts.length; i++) {
        drawn[i] = source.binomial(rest, Math.min(1, counts[i]! / left));
        rest -= drawn[i]!;
        left -= counts[i]!;
      }
      return drawn;
    };
  }
  const owner = new Uint32Array(n);
  let at = 0;
  counts.forEach((count, i) => {
    owner.fill(i, at, at + count);
    at += count;
  });
  return () => {
    drawn.fill(0);
    for (let i = 0; i < n; i++) drawn[owner[source.integer(n)]!]!++;
    return drawn;
  };
}
