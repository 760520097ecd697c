import { describe, expect, it } from 'vitest';
import { auc } from '#stats/learn/auc.ts';
import { boost, boostedChances } from '#stats/learn/boost.ts';
import { binned, edgesOf } from '#stats/learn/histogram.ts';
import { partialDependence, permutationImportance } from '#stats/learn/importance.ts';
import { parkMiller } from './fixture.ts';

const names = ['main', 'slope', 'side', 'noise'];
const draw = parkMiller(3);
function simulated(n: number) {
  const columns = names.map(() => new Float64Array(n));
  const y = new Uint8Array(n);
  for (let i = 0; i < n; i++) {
    for (const column of columns) column[i] = draw();
    const t = 4 * (columns[0]![i]! - 0.5) + 6 * (columns[1]![i]! - 0.5) * (columns[2]![i]! > 0.5 ? 1 : -1);
    y[i] = draw() < 1 / (1 + Math.exp(-t)) ? 1 : 0;
  }
  return { features: { names, columns }, y };
}
const training = simulated(4000);
const held = simulated(4000);

describe('boost', () => {
  it('makes the one split that can be worked out by hand', () => {
    const made = boost({ names: ['x'], columns: [[1, 2, 3, 4]] }, [0, 0, 1, 1], {
      trees: 1,
      leaves: 2,
      minLeaf: 1,
      shrinkage: 1,
      ridge: 1,
    });
    const [tree] = made.trees;
    expect(made.base).toBe(0);
    expect(tree!.threshold[0]).toBe(2.5);
    // Slopes ±1/2, curvatures 1/4: leaves of ±1 / (1/2 + 1), a gain of (1/2)(2 · 1/1.5).
    expect([...tree!.value]).toEqual([0, -1 / 1.5, 1 / 1.5]);
    expect(tree!.gain[0]).toBeCloseTo(1 / 1.5, 12);
    expect(made.losses.training[0]).toBeCloseTo(Math.log1p(Math.exp(-1 / 1.5)), 12);
  });

  it('does as well outside as scikit-learn with the same options, and finds the interaction', () => {
    const made = boost(training.features, training.y, { trees: 100, leaves: 15 });
    const chances = boostedChances(made, held.features);
    // HistGradientBoostingClassifier: AUC .86797, log loss .45512 outside and .36772 inside; the true odds .88008.
    expect(auc(chances, held.y)!.value).toBeGreaterThan(0.864);
    expect(made.losses.training.at(-1)).toBeCloseTo(0.36772, 2);
    expect(made.importance.at(-1)!.name).toBe('noise');
  });

  it('ends where the loss outside is least', () => {
    const made = boost(training.features, training.y, { trees: 300, leaves: 31, validation: held, patience: 10 });
    const { validation } = made.losses;
    expect(made.trees.length).toBeLessThan(150);
    expect(validation.length).toBe(made.trees.length + 10);
    expect(validation[made.trees.length - 1]).toBe(Math.min(...validation));
    expect(auc(boostedChances(made, held.features), held.y)!.value).toBeGreaterThan(0.862);
  });

  it('is the same twice, and the same for columns on another scale', () => {
    const options = { trees: 20 };
    const once = boost(training.features, training.y, options);
    expect(boost(training.features, training.y, options)).toEqual(once);
    const scaled = { names, columns: training.features.columns.map((column) => column.map((value) => Math.exp(3 * value))) };
    const chances = boostedChances(boost(scaled, training.y, options), scaled);
    const plain = boostedChances(once, training.features);
    expect(Math.max(...chances.map((p, i) => Math.abs(p - plain[i]!)))).toBeLessThan(1e-12);
  });

  it('keeps leaves as large as asked', () => {
    const { trees } = boost(training.features, training.y, { trees: 3, minLeaf: 700 });
    for (const { column, threshold, left, right } of trees) {
      const sizes = new Map<number, number>();
      for (let i = 0; i < 4000; i++) {
        let node = 0;
        while (left[node]! >= 0) node = training.features.columns[column[node]!]![i]! <= threshold[node]! ? left[node]! : right[node]!;
        sizes.set(node, (sizes.get(node) ?? 0) + 1);
      }
      expect(Math.min(...sizes.values())).toBeGreaterThanOrEqual(700);
    }
  });

  it('has no tree where nothing can be split', () => {
    const made = boost(
      { names: ['x'], columns: [new Float64Array(100)] },
      Array.from({ length: 100 }, (_, i) => i % 2),
    );
    expect(made.trees).toEqual([]);
    expect(boostedChances(made, { names: ['x'], columns: [[5]] })[0]).toBe(0.5);
  });

  it('says which columns matter: by shuffling, and by dependence', () => {
    const made = boost(training.features, training.y, { trees: 50, leaves: 15 });
    const found = permutationImportance(held.features, (features) => auc(boostedChances(made, features), held.y)!.value, {
      seed: 1,
      repeats: 3,
    });
    expect(found.map(({ name }) => name).toSorted()).toEqual(names.toSorted());
    expect(found.at(-1)!.name).toBe('noise');
    expect(Math.abs(found.at(-1)!.fall)).toBeLessThan(0.005);
    expect(found[0]!.fall).toBeGreaterThan(0.05);
    const line = partialDependence(held.features, (features) => boostedChances(made, features), 'main', [0.1, 0.5, 0.9]);
    expect(line[0]!.mean).toBeLessThan(line[1]!.mean);
    expect(line[1]!.mean).toBeLessThan(line[2]!.mean);
  });

  it.each([
    ['a missing value', { names: ['x'], columns: [[1, Number.NaN]] }, [0, 1], {}, 'x[1]'],
    ['one class', { names: ['x'], columns: [[1, 2]] }, [0, 0], {}, 'none of class 1'],
    ['no leaves', { names: ['x'], columns: [[1, 2]] }, [0, 1], { leaves: 1 }, 'leaves'],
    ['too many bins', { names: ['x'], columns: [[1, 2]] }, [0, 1], { bins: 256 }, 'bins'],
    ['a shrinkage of nought', { names: ['x'], columns: [[1, 2]] }, [0, 1], { shrinkage: 0 }, 'shrinkage'],
    [
      'other columns to end by',
      { names: ['x'], columns: [[1, 2]] },
      [0, 1],
      { validation: { features: { names: ['z'], columns: [[1]] }, y: [1] } },
      'expected the columns x',
    ],
  ])('refuses %s by name', (_, features, y, options, words) => {
    expect(() => boost(features, y, options)).toThrow(words);
  });
});

describe('bins', () => {
  it('are one a value where there are few, of nearly equal counts otherwise', () => {
    expect([...edgesOf([3, 1, 2, 2], 10)]).toEqual([1.5, 2.5]);
    expect([...edgesOf([5, 5], 10)]).toEqual([]);
    const many = Float64Array.from({ length: 1000 }, (_, i) => i % 100);
    const edges = edgesOf(many, 10);
    expect(edges.length).toBe(9);
    const { cells, starts } = binned([many], [edges]);
    const counts = new Array(starts[1]).fill(0);
    for (const cell of cells) counts[cell]++;
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(10);
  });

  it('put a value at an edge to the left of it, as the trees do', () => {
    const edges = edgesOf([1, Number.MIN_VALUE, 0, 1 + Number.EPSILON], 10);
    const { cells } = binned([[0, Number.MIN_VALUE, 1, 1 + Number.EPSILON]], [edges]);
    expect([...cells]).toEqual([0, 1, 2, 3]);
  });
});
