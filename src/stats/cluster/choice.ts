import { checkCount } from '../estimate.ts';
import { type KMeans, kmeans } from './kmeans.ts';
import type { Points } from './points.ts';
import { calinskiHarabasz, type Silhouette, type Stability, silhouette, stability } from './quality.ts';

/** What speaks for so many clusters. */
export interface Candidate {
  clusters: KMeans;
  silhouette: Silhouette;
  calinskiHarabasz: number;
  stability: Stability;
}

export interface Choice {
  /** One for each number of clusters that the points allow, ascending. */
  candidates: Candidate[];
  /** The number of clusters that each measure is best at. */
  best: { silhouette: number; calinskiHarabasz: number; stability: number };
  /** The number taken: the best silhouette among the stable ones, or the most stable where none is. */
  k: number;
  /** True where all three measures name the same. */
  agrees: boolean;
  /** True where the clusters taken come back in resamples: mean adjusted Rand index of at least `stable`. */
  isStable: boolean;
}

/** Mean adjusted Rand index under resampling below which clusters are called unstable. */
const stable = 0.8;

/** Of numbers as stable as this, the larger says more. */
const alike = 0.01;

/**
 * Clusters points for each number of clusters and says what speaks for each. A resample's agreement is highest for few clusters
 * by nature, so stability only rules out.
 * @param options.from, options.to numbers of clusters tried.
 * @returns null where the points don't allow two clusters.
 */
export function chooseClusters(
  points: Points,
  options: { seed: number; from?: number; to?: number; starts?: number; resamples?: number },
): Choice | null {
  const { seed, starts = 10, resamples = 25 } = options;
  const from = checkCount('from', options.from ?? 2, 2);
  const to = checkCount('to', options.to ?? 8, from);
  const candidates: Candidate[] = [];
  for (let k = from; k <= Math.min(to, points.n - 1); k++) {
    const clusters = kmeans(points, k, { seed, starts });
    const width = clusters && silhouette(points, clusters.labels, { seed });
    const ratio = clusters && calinskiHarabasz(points, clusters.labels);
    const held = clusters && stability(points, clusters.centres, { seed, resamples });
    if (clusters && width && ratio !== null && held)
      candidates.push({ clusters, silhouette: width, calinskiHarabasz: ratio, stability: held });
  }
  if (candidates.length === 0) return null;
  const top = (among: readonly Candidate[], measure: (one: Candidate) => number) =>
    among.reduce((a, b) => (measure(b) > measure(a) ? b : a));
  const mostStable = Math.max(...candidates.map((one) => one.stability.mean));
  const bySilhouette = (one: Candidate) => one.silhouette.mean;
  const best = {
    silhouette: top(candidates, bySilhouette).clusters.k,
    calinskiHarabasz: top(candidates, (one) => one.calinskiHarabasz).clusters.k,
    stability: candidates.findLast((one) => one.stability.mean >= mostStable - alike)!.clusters.k,
  };
  const steady = candidates.filter((one) => one.stability.mean >= stable);
  const taken = steady.length > 0 ? top(steady, bySilhouette) : top(candidates, (one) => one.stability.mean);
  return {
    candidates,
    best,
    k: taken.clusters.k,
    agrees: best.silhouette === best.calinskiHarabasz && best.calinskiHarabasz === best.stability,
    isStable: taken.stability.mean >= stable,
  };
}
