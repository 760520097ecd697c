import { checkCount } from '../estimate.ts';
import { type Random, random } from '../random.ts';
import { checkPoints, type Points, pick } from './points.ts';

export interface KMeansOptions {
  seed: number;
  /** Starting positions that compete. */
  starts?: number;
  /** Rounds at most. */
  most?: number;
}

export interface KMeans {
  k: number;
  /** k × d row-major, by size of cluster, largest first. */
  centres: Float64Array;
  /** Cluster of each point, 0 to k − 1. */
  labels: Int32Array;
  sizes: Int32Array;
  /** Sum of squared distances to the centres, in squared units of the features. */
  inertia: number;
  rounds: number;
  /** False where `most` rounds didn't do. */
  converged: boolean;
}

/** Starts compete on at most so many points. */
const contest = 5_000;
/** … and for so many rounds. */
const heat = 20;
/** Rounds with many points end when the centres' moves have fallen to this share of their standard errors. */
const still = 0.1;

/**
 * k-means: Lloyd's rounds from starts by k-means++ with the best of 2 + ln k candidates each (Arthur & Vassilvitskii 2007). The starts
 * compete for 20 rounds, of more than 5,000 points on a sample; the best goes on with all points to the end. A cluster that loses its last point takes
 * over the point farthest from its centre. The same seed gives the same result to the last bit.
 * @returns null for fewer than k distinct points.
 * @throws RangeError when k isn't a positive whole number or a value isn't finite.
 */
export function kmeans(points: Points, k: number, { seed, starts = 10, most = 300 }: KMeansOptions): KMeans | null {
  checkPoints(points);
  checkCount('k', k, 1);
  checkCount('starts', starts, 1);
  const source = random(seed, `k-means ${k}`);
  const isLarge = points.n > contest;
  const arena = isLarge ? pick(points, sample(points.n, contest, source)) : points;
  let best: KMeans | null = null;
  for (let s = 0; s < starts; s++) {
    const centres = plusPlus(arena, k, source);
    if (!centres) continue;
    const one = lloyd(arena, centres, Math.min(most, heat));
    if (best === null || one.inertia < best.inertia) best = one;
  }
  if (best === null) return null;
  return bySize(best.converged && !isLarge ? best : lloyd(points, best.centres, most), points.d);
}

/** Distinct positions, ascending (Floyd's algorithm; Bentley & Floyd 1987). */
export function sample(n: number, size: number, source: Random): Int32Array {
  if (size >= n) return Int32Array.from({ length: n }, (_, i) => i);
  const taken = new Set<number>();
  for (let j = n - size; j < n; j++) {
    const at = source.integer(j + 1);
    taken.add(taken.has(at) ? j : at);
  }
  return Int32Array.from(taken).sort();
}

function plusPlus({ data, n, d }: Points, k: number, source: Random): Float64Array | null {
  const centres = new Float64Array(k * d);
  if (n === 0) return null;
  const put = (c: number, i: number) => centres.set(data.subarray(i * d, (i + 1) * d), c * d);
  const nearest = new Float64Array(n).fill(Number.POSITIVE_INFINITY);
  put(0, source.integer(n));
  let total = shrink(data, n, d, centres, 0, nearest);
  const trials = 2 + Math.floor(Math.log(k));
  for (let c = 1; c < k; c++) {
    if (!(total > 0)) return null;
    let [least, taken] = [Number.POSITIVE_INFINITY, nearest];
    let chosen = 0;
    for (let trial = 0; trial < trials; trial++) {
      let left = source.uniform() * total;
      let i = 0;
      while (i < n - 1 && (left >= nearest[i]! || nearest[i] === 0)) left -= nearest[i++]!;
      if (nearest[i] === 0) i = nearest.findLastIndex((distance) => distance > 0);
      put(c, i);
      const tried = Float64Array.from(nearest);
      const sum = shrink(data, n, d, centres, c, tried);
      if (sum < least) [least, taken, chosen] = [sum, tried, i];
    }
    put(c, chosen);
    nearest.set(taken);
    total = least;
  }
  return centres;
}

/** Squared distances to the nearest centre once centre c is one of them; returns their sum. */
function shrink(data: Float64Array, n: number, d: number, centres: Float64Array, c: number, nearest: Float64Array): number {
  let total = 0;
  for (let i = 0; i < n; i++) {
    let distance = 0;
    for (let j = 0; j < d; j++) distance += (data[i * d + j]! - centres[c * d + j]!) ** 2;
    if (distance < nearest[i]!) nearest[i] = distance;
    total += nearest[i]!;
  }
  return total;
}

/** Nearest centre of each point (the first of equally near ones); returns the sum of squared distances. */
export function assign({ data, n, d }: Points, centres: Float64Array, labels: Int32Array, distances?: Float64Array): number {
  const k = centres.length / d;
  let inertia = 0;
  for (let i = 0; i < n; i++) {
    let least = Number.POSITIVE_INFINITY;
    let label = 0;
    for (let c = 0; c < k; c++) {
      let distance = 0;
      for (let j = 0; j < d; j++) {
        const gap = data[i * d + j]! - centres[c * d + j]!;
        distance += gap * gap;
      }
      if (distance < least) {
        least = distance;
        label = c;
      }
    }
    labels[i] = label;
    if (distances) distances[i] = least;
    inertia += least;
  }
  return inertia;
}

/** Rounds of assignment and means until no point moves; above 5,000 points, until the centres move by a tenth of their standard errors. */
function lloyd(points: Points, start: Float64Array, most: number): KMeans {
  const { data, n, d } = points;
  const k = start.length / d;
  const centres = Float64Array.from(start);
  const labels = new Int32Array(n).fill(-1);
  const next = new Int32Array(n);
  const distances = new Float64Array(n);
  const sizes = new Int32Array(k);
  let inertia = 0;
  let converged = false;
  let rounds = 0;
  while (rounds < most && !converged) {
    rounds++;
    inertia = assign(points, centres, next, distances);
    sizes.fill(0);
    for (let i = 0; i < n; i++) sizes[next[i]!]!++;
    for (let c = 0; c < k; c++) {
      if (sizes[c]! > 0) continue;
      let far = 0;
      for (let i = 1; i < n; i++) if (distances[i]! > distances[far]! && sizes[next[i]!]! > 1) far = i;
      sizes[next[far]!]!--;
      inertia -= distances[far]!;
      [next[far], sizes[c], distances[far]] = [c, 1, 0];
    }
    let moved = 0;
    for (let i = 0; i < n; i++) if (next[i] !== labels[i]) moved++;
    converged = moved === 0;
    labels.set(next);
    const before = Float64Array.from(centres);
    centres.fill(0);
    for (let i = 0; i < n; i++) {
      const at = labels[i]! * d;
      for (let j = 0; j < d; j++) centres[at + j]! += data[i * d + j]!;
    }
    for (let c = 0; c < k; c++) for (let j = 0; j < d; j++) centres[c * d + j]! /= sizes[c]!;
    if (n <= contest || converged) continue;
    let shift = 0;
    for (let c = 0; c < k; c++) for (let j = 0; j < d; j++) shift += sizes[c]! * (centres[c * d + j]! - before[c * d + j]!) ** 2;
    converged = shift <= (still * still * k * inertia) / n;
  }
  if (n > contest) {
    inertia = assign(points, centres, labels);
    sizes.fill(0);
    for (let i = 0; i < n; i++) sizes[labels[i]!]!++;
  }
  return { k, centres, labels, sizes, inertia, rounds, converged };
}

function bySize(found: KMeans, d: number): KMeans {
  const { k, sizes } = found;
  const before = (a: number, b: number) => {
    for (let j = 0; j < d; j++) {
      const gap = found.centres[a * d + j]! - found.centres[b * d + j]!;
      if (gap !== 0) return gap;
    }
    return 0;
  };
  const order = Array.from({ length: k }, (_, c) => c).sort((a, b) => sizes[b]! - sizes[a]! || before(a, b));
  const rank = new Int32Array(k);
  order.forEach((c, r) => {
    rank[c] = r;
  });
  const centres = new Float64Array(k * d);
  order.forEach((c, r) => {
    centres.set(found.centres.subarray(c * d, (c + 1) * d), r * d);
  });
  return { ...found, centres, labels: found.labels.map((label) => rank[label]!), sizes: Int32Array.from(order, (c) => sizes[c]!) };
}
