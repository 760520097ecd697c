import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { assign, kmeans } from '#stats/cluster/kmeans.ts';
import { checkPoints, pointsOf } from '#stats/cluster/points.ts';
import { random } from '#stats/random.ts';
import { irises } from './irises.ts';

const flowers = pointsOf([0, 1, 2, 3].map((j) => irises.map((row) => row[j]! / 10)));

describe('irises', () => {
  const cases = [
    { k: 1, inertia: 681.3706, sizes: [150] },
    { k: 2, inertia: 152.348, sizes: [97, 53] },
    { k: 3, inertia: 78.8514, sizes: [62, 50, 38] },
    { k: 4, inertia: 57.2285, sizes: [50, 40, 32, 28] },
  ];
  for (const { k, inertia, sizes } of cases) {
    test(`${k} clusters`, () => {
      for (const seed of [1, 2, 3]) {
        const found = kmeans(flowers, k, { seed, starts: 20 })!;
        expect(found.inertia).toBeCloseTo(inertia, 3);
        expect([...found.sizes]).toEqual(sizes);
        expect(found.converged).toBe(true);
      }
    });
  }
});

test('the same seed gives the same bytes, many points too', () => {
  const r = random(1, 'groups');
  const group = Array.from({ length: 20_000 }, () => r.integer(3));
  const points = pointsOf([group.map((g) => 10 * g + r.normal()), group.map((g) => (g === 1 ? 8 : 0) + r.normal())]);
  const one = kmeans(points, 3, { seed: 7 })!;
  expect(kmeans(points, 3, { seed: 7 })).toEqual(one);
  // Each cluster is one of the groups.
  const groupsOf = Array.from({ length: 3 }, () => new Set<number>());
  one.labels.forEach((label, i) => {
    groupsOf[label]!.add(group[i]!);
  });
  expect(groupsOf.map((groups) => groups.size)).toEqual([1, 1, 1]);
});

test('too few distinct points give null, as many as clusters give themselves', () => {
  expect(kmeans(pointsOf([[]]), 1, { seed: 1 })).toBeNull();
  expect(kmeans(pointsOf([[1, 1, 1, 2]]), 3, { seed: 1 })).toBeNull();
  const found = kmeans(pointsOf([[5, 1, 9]]), 3, { seed: 1 })!;
  expect(found.inertia).toBe(0);
  expect([...found.centres]).toEqual([1, 5, 9]);
});

test('nonsense is named', () => {
  expect(() => pointsOf([])).toThrow('features: expected a whole number of at least 1, found 0');
  expect(() => pointsOf([[1, 2], [1]])).toThrow('features[1]: expected 2 values as in the first, found 1');
  expect(() => pointsOf([[1, Number.NaN]])).toThrow('features[0][1]');
  expect(() => checkPoints({ data: new Float64Array(3), n: 2, d: 2 })).toThrow('data: expected 2 × 2 numbers, found 3');
  expect(() => kmeans(flowers, 0, { seed: 1 })).toThrow('k');
});

test('each point has the nearest centre, each centre is its points’ mean, no cluster is empty', () => {
  const value = fc.integer({ min: -50, max: 50 });
  fc.assert(
    fc.property(fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 60 }), fc.integer({ min: 1, max: 6 }), (rows, k) => {
      const points = pointsOf([rows.map(([x]) => x), rows.map(([, y]) => y)]);
      const found = kmeans(points, k, { seed: 1, starts: 2 });
      const distinct = new Set(rows.map(String)).size;
      expect(found === null).toBe(distinct < k);
      if (!found) return;
      const labels = new Int32Array(points.n);
      const inertia = assign(points, found.centres, labels);
      expect(inertia).toBeCloseTo(found.inertia, 6);
      expect(Math.min(...found.sizes)).toBeGreaterThan(0);
      for (let c = 0; c < k; c++) {
        const members = rows.filter((_, i) => found.labels[i] === c);
        expect(members).toHaveLength(found.sizes[c]!);
        expect(found.centres[2 * c]!).toBeCloseTo(members.reduce((a, [x]) => a + x, 0) / members.length, 9);
      }
    }),
    { numRuns: 100 },
  );
});
