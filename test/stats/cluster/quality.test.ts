import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chooseClusters } from '#stats/cluster/choice.ts';
import { kmeans } from '#stats/cluster/kmeans.ts';
import { pointsOf } from '#stats/cluster/points.ts';
import { adjustedRand, calinskiHarabasz, silhouette, stability } from '#stats/cluster/quality.ts';
import { random } from '#stats/random.ts';
import { irises } from './irises.ts';

const flowers = pointsOf([0, 1, 2, 3].map((j) => irises.map((row) => row[j]! / 10)));
const cluster = (k: number) => kmeans(flowers, k, { seed: 1, starts: 20 })!;

describe('irises as in scikit-learn 1.9', () => {
  const cases = [
    { k: 2, width: 0.681046, ratio: 513.92455 },
    { k: 3, width: 0.552819, ratio: 561.62776 },
    { k: 4, width: 0.498051, ratio: 530.76581 },
  ];
  for (const { k, width, ratio } of cases) {
    test(`${k} clusters`, () => {
      const { labels } = cluster(k);
      expect(silhouette(flowers, labels, { seed: 1 })!.mean).toBeCloseTo(width, 6);
      expect(calinskiHarabasz(flowers, labels)!).toBeCloseTo(ratio, 4);
    });
  }
  test('by cluster, and against the species', () => {
    const { labels } = cluster(3);
    const { clusters } = silhouette(flowers, labels, { seed: 1 })!;
    [0.41732, 0.79814, 0.451105].forEach((width, c) => {
      expect(clusters[c]!).toBeCloseTo(width, 5);
    });
    const species = Int32Array.from({ length: 150 }, (_, i) => Math.floor(i / 50));
    expect(adjustedRand(species, labels)).toBeCloseTo(0.7302382722834697, 10);
  });
});

test('a sampled silhouette is near the exact one, within its error', () => {
  const r = random(3, 'sampled');
  const at = Array.from({ length: 2500 }, () => r.integer(4));
  const points = pointsOf([at.map((g) => 4 * g + r.normal()), at.map((g) => 3 * (g % 2) + r.normal())]);
  const { labels } = kmeans(points, 4, { seed: 1 })!;
  const exact = silhouette(points, labels, { seed: 1 })!;
  const sampled = silhouette(points, labels, { seed: 1, most: 500 })!;
  expect(exact.error).toBe(0);
  expect(sampled.n).toBe(500);
  expect(Math.abs(sampled.mean - exact.mean)).toBeLessThan(4 * sampled.error);
  expect(silhouette(points, labels, { seed: 1, most: 500 })).toEqual(sampled);
});

test('adjusted Rand: literal values, symmetry, names that don’t matter', () => {
  const literal = adjustedRand(Int32Array.of(0, 0, 0, 1, 1, 1, 2, 2), Int32Array.of(0, 0, 1, 1, 1, 2, 2, 2));
  expect(literal).toBeCloseTo(0.23809523809523808, 12);
  expect(adjustedRand(Int32Array.of(0, 0, 1), Int32Array.of(5, 5, 2))).toBe(1);
  expect(adjustedRand(Int32Array.of(0, 0), Int32Array.of(0, 0))).toBe(1);
  const labels = fc.array(fc.tuple(fc.nat(4), fc.nat(4)), { minLength: 2, maxLength: 40 });
  fc.assert(
    fc.property(labels, (pairs) => {
      const [a, b] = [Int32Array.from(pairs, ([x]) => x), Int32Array.from(pairs, ([, y]) => y)];
      expect(adjustedRand(a, b)).toBeCloseTo(adjustedRand(b, a), 12);
      expect(
        adjustedRand(
          a,
          b.map((y) => 4 - y),
        ),
      ).toBeCloseTo(adjustedRand(a, b), 12);
      expect(adjustedRand(a, a)).toBe(1);
      expect(adjustedRand(a, b)).toBeLessThanOrEqual(1);
    }),
  );
});

test('well-parted groups are stable, cuts through one cloud are not', () => {
  const r = random(6, 'stable');
  const three = Array.from({ length: 600 }, () => r.integer(3));
  const parted = pointsOf([three.map((g) => 9 * g + r.normal()), three.map((g) => 9 * (g % 2) + r.normal())]);
  const cloud = pointsOf([three.map(() => r.normal()), three.map(() => r.normal())]);
  const held = stability(parted, kmeans(parted, 3, { seed: 1 })!.centres, { seed: 1 })!;
  expect(held.mean).toBeGreaterThan(0.98);
  expect(Math.min(...held.clusters)).toBeGreaterThan(0.95);
  const loose = stability(cloud, kmeans(cloud, 5, { seed: 1 })!.centres, { seed: 1 })!;
  expect(loose.mean).toBeLessThan(0.8);
  expect(loose.low).toBeLessThanOrEqual(loose.mean);
});

test('the number of clusters: three groups are three by all measures; irises divide them', () => {
  const r = random(6, 'choice');
  const three = Array.from({ length: 300 }, () => r.integer(3));
  const parted = pointsOf([three.map((g) => 9 * g + r.normal()), three.map((g) => 9 * (g % 2) + r.normal())]);
  const choice = chooseClusters(parted, { seed: 1, to: 5, resamples: 10 })!;
  expect(choice).toMatchObject({ k: 3, agrees: true, isStable: true, best: { silhouette: 3, calinskiHarabasz: 3, stability: 3 } });
  const divided = chooseClusters(flowers, { seed: 1, to: 5, resamples: 10 })!;
  expect(divided).toMatchObject({ k: 2, agrees: false, best: { silhouette: 2, calinskiHarabasz: 3 } });
  expect(divided.candidates.map(({ clusters }) => clusters.k)).toEqual([2, 3, 4, 5]);
  expect(chooseClusters(pointsOf([[1, 1, 1]]), { seed: 1 })).toBeNull();
  expect(chooseClusters(pointsOf([[]]), { seed: 1 })).toBeNull();
});

test('one cluster has no silhouette; labels must fit the points', () => {
  expect(silhouette(flowers, new Int32Array(150), { seed: 1 })).toBeNull();
  expect(calinskiHarabasz(flowers, new Int32Array(150))).toBeNull();
  expect(() => silhouette(flowers, new Int32Array(3), { seed: 1 })).toThrow('labels: expected 150, one a point, found 3');
  const same = pointsOf([[2, 2, 2, 2]]);
  expect(silhouette(same, Int32Array.of(0, 0, 1, 1), { seed: 1 })!.mean).toBe(0);
  expect(calinskiHarabasz(same, Int32Array.of(0, 0, 1, 1))).toBeNull();
});
