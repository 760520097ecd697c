import { checkSameLength } from '../estimate.ts';
import { moments, quantileSorted, sorted, sum } from '../mean.ts';
import { random } from '../random.ts';
import { assign, kmeans, sample } from './kmeans.ts';
import { checkPoints, type Points, pick } from './points.ts';

/** How well points sit in their cluster, −1 to 1, as a mean over all and over each cluster. */
export interface Silhouette {
  mean: number;
  /** By cluster; null for one without a point that was looked at. */
  clusters: (number | null)[];
  /** Standard error of the mean by sampling; 0 where every point was looked at. */
  error: number;
  /** Points looked at. */
  n: number;
}

/** Points up to which the silhouette is exact, unless told otherwise. */
const exact = 3000;

/**
 * Silhouette by Euclidean distances (Rousseeuw 1987): (b − a) / max(a, b), with a the mean distance to the points of the own cluster
 * and b that to those of the nearest other; 0 for a cluster of one point. Exact up to `most` points; above, among a sample of that
 * size, fixed by the seed. Quadratic in the points looked at.
 * @returns null unless two clusters at least hold points.
 * @throws RangeError when labels and points differ in number.
 */
export function silhouette(points: Points, labels: Int32Array, { seed, most = exact }: { seed: number; most?: number }): Silhouette | null {
  checkPoints(points);
  checkLabels(points, labels);
  const isSampled = points.n > most;
  const at = isSampled ? sample(points.n, most, random(seed, 'silhouette')) : null;
  const { data, n, d } = at ? pick(points, at) : points;
  const label = at ? Int32Array.from(at, (i) => labels[i]!) : labels;
  const k = 1 + labels.reduce((a, b) => Math.max(a, b), -1);
  const sizes = new Int32Array(k);
  for (let i = 0; i < n; i++) sizes[label[i]!]!++;
  if (sizes.filter((size) => size > 0).length < 2) return null;
  const total = new Float64Array(n * k);
  for (let i = 0; i < n; i++) {
    const own = label[i]!;
    for (let other = i + 1; other < n; other++) {
      let square = 0;
      for (let j = 0; j < d; j++) {
        const gap = data[i * d + j]! - data[other * d + j]!;
        square += gap * gap;
      }
      const distance = Math.sqrt(square);
      total[i * k + label[other]!]! += distance;
      total[other * k + own]! += distance;
    }
  }
  const widths = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const own = label[i]!;
    if (sizes[own] === 1) continue;
    const a = total[i * k + own]! / (sizes[own]! - 1);
    let b = Number.POSITIVE_INFINITY;
    for (let c = 0; c < k; c++) if (c !== own && sizes[c]! > 0) b = Math.min(b, total[i * k + c]! / sizes[c]!);
    const larger = Math.max(a, b);
    widths[i] = larger > 0 ? (b - a) / larger : 0;
  }
  const { mean, variance } = moments(widths);
  const clusters = Array.from(sizes, (size, c) => (size === 0 ? null : sum(widths.filter((_, i) => label[i] === c)) / size));
  return { mean: mean!, clusters, error: isSampled ? Math.sqrt((variance! / n) * (1 - n / points.n)) : 0, n };
}

/**
 * Variance between clusters over variance within, each by its degrees of freedom (Caliński & Harabasz 1974). Null unless there are 2 to
 * n − 1 clusters, and where points don't differ from their centres.
 * @throws RangeError when labels and points differ in number.
 */
export function calinskiHarabasz(points: Points, labels: Int32Array): number | null {
  checkPoints(points);
  checkLabels(points, labels);
  const { data, n, d } = points;
  const most = 1 + labels.reduce((a, b) => Math.max(a, b), -1);
  const sizes = new Int32Array(most);
  const centres = new Float64Array(most * d);
  const middle = new Float64Array(d);
  for (let i = 0; i < n; i++) {
    sizes[labels[i]!]!++;
    for (let j = 0; j < d; j++) {
      centres[labels[i]! * d + j]! += data[i * d + j]!;
      middle[j]! += data[i * d + j]! / n;
    }
  }
  let [between, within, k] = [0, 0, 0];
  for (let c = 0; c < most; c++) {
    if (sizes[c] === 0) continue;
    k++;
    for (let j = 0; j < d; j++) {
      centres[c * d + j]! /= sizes[c]!;
      between += sizes[c]! * (centres[c * d + j]! - middle[j]!) ** 2;
    }
  }
  for (let i = 0; i < n; i++) for (let j = 0; j < d; j++) within += (data[i * d + j]! - centres[labels[i]! * d + j]!) ** 2;
  return k < 2 || n <= k || !(within > 0) ? null : between / (k - 1) / (within / (n - k));
}

/**
 * Agreement of two partitions of the same points, corrected for chance (Hubert & Arabie 1985): 1 where they are the same, 0 on average for
 * unrelated ones. 1 where both put all points into one cluster, or each into its own.
 * @throws RangeError when lengths differ.
 */
export function adjustedRand(a: Int32Array, b: Int32Array): number {
  checkSameLength('labels', a, b);
  const cells = new Map<number, number>();
  const [rows, columns] = [new Map<number, number>(), new Map<number, number>()];
  const add = (counts: Map<number, number>, key: number) => counts.set(key, (counts.get(key) ?? 0) + 1);
  const width = 1 + b.reduce((x, y) => Math.max(x, y), 0);
  for (let i = 0; i < a.length; i++) {
    add(cells, a[i]! * width + b[i]!);
    add(rows, a[i]!);
    add(columns, b[i]!);
  }
  const pairs = (counts: Map<number, number>) => [...counts.values()].reduce((total, m) => total + (m * (m - 1)) / 2, 0);
  const [both, inRows, inColumns] = [pairs(cells), pairs(rows), pairs(columns)];
  const all = (a.length * (a.length - 1)) / 2;
  const expected = all > 0 ? (inRows * inColumns) / all : 0;
  const most = (inRows + inColumns) / 2;
  return most === expected ? 1 : (both - expected) / (most - expected);
}

export interface Stability {
  /** Adjusted Rand index between the clusters of the data and those of a resample, mean over resamples. */
  mean: number;
  /** From the 5th to the 95th percentile of the resamples. */
  low: number;
  high: number;
  /** By cluster, the mean of the largest Jaccard share that a resample's clusters have with it; below .6 a cluster is no finding. */
  clusters: number[];
  resamples: number;
}

/** Resampling looks at no more points. */
const resampled = 2000;

/**
 * Would other customers of the same kind give the same clusters? Bootstrap resamples are clustered anew, all points put to the nearest of
 * the new centres, and the two partitions compared (Hennig 2007; Fang & Wang 2012). Above 2,000 points on a sample, fixed by the seed.
 * @param centres of the clusters of the data, k × d row-major.
 */
export function stability(
  points: Points,
  centres: Float64Array,
  { seed, resamples = 25 }: { seed: number; resamples?: number },
): Stability | null {
  checkPoints(points);
  const { d } = points;
  const k = centres.length / d;
  const source = random(seed, `stability ${k}`);
  const own = points.n > resampled ? pick(points, sample(points.n, resampled, source)) : points;
  const reference = new Int32Array(own.n);
  assign(own, centres, reference);
  const scores: number[] = [];
  const shares = new Float64Array(k);
  for (let r = 0; r < resamples; r++) {
    const drawn = pick(
      own,
      Int32Array.from({ length: own.n }, () => source.integer(own.n)),
    );
    const again = kmeans(drawn, k, { seed: source.bits(), starts: 2, most: 50 });
    if (!again) continue;
    const labels = new Int32Array(own.n);
    assign(own, again.centres, labels);
    scores.push(adjustedRand(reference, labels));
    jaccards(reference, labels, k).forEach((share, c) => {
      shares[c]! += share;
    });
  }
  if (scores.length === 0) return null;
  const ascending = sorted(scores);
  return {
    mean: sum(scores) / scores.length,
    low: quantileSorted(ascending, 0.05)!,
    high: quantileSorted(ascending, 0.95)!,
    clusters: Array.from(shares, (share) => share / scores.length),
    resamples: scores.length,
  };
}

/** For each cluster of `a` its largest share of common points over points of either, with a cluster of `b`. */
function jaccards(a: Int32Array, b: Int32Array, k: number): number[] {
  const common = new Int32Array(k * k);
  const [inA, inB] = [new Int32Array(k), new Int32Array(k)];
  for (let i = 0; i < a.length; i++) {
    common[a[i]! * k + b[i]!]!++;
    inA[a[i]!]!++;
    inB[b[i]!]!++;
  }
  return Array.from(inA, (size, c) => {
    let best = 0;
    for (let o = 0; o < k; o++) {
      const both = common[c * k + o]!;
      const either = size + inB[o]! - both;
      if (either > 0) best = Math.max(best, both / either);
    }
    return best;
  });
}

function checkLabels(points: Points, labels: Int32Array): void {
  if (labels.length !== points.n) throw new RangeError(`labels: expected ${points.n}, one a point, found ${labels.length}`);
  for (let i = 0; i < labels.length; i++) if (labels[i]! < 0) throw new RangeError(`labels[${i}]: expected 0 or more, found ${labels[i]}`);
}
