import { checkCount } from '../estimate.ts';
import { checkAllClasses, checkClasses, checkFeatures, checkRidge, type Features } from './features.ts';
import { binned, edgesOf } from './histogram.ts';
import { addTree, grower, type Tree } from './tree.ts';

export interface BoostOptions {
  /** At most so many trees. @default 300 */
  trees?: number;
  /** Leaves of a tree, at most. @default 31 */
  leaves?: number;
  /** Rows of a leaf, at least. @default 20 */
  minLeaf?: number;
  /** Share of a tree's own values that is added. @default 0.1 */
  shrinkage?: number;
  /** Bins of a column, at most 255. @default 255 */
  bins?: number;
  /** λ on the leaves' values. @default 1 */
  ridge?: number;
  /** Rows that the trees don't see: trees end where the loss on them has not fallen for `patience` trees, and those after the best go. */
  validation?: { features: Features; y: ArrayLike<number> };
  /** @default 20 */
  patience?: number;
}

export interface Boosted {
  names: readonly string[];
  /** Log-odds before the first tree: of the share of class 1. */
  base: number;
  trees: Tree[];
  /** Mean log loss after each tree that was grown, of the rows learned from and of those of the validation. */
  losses: { training: number[]; validation: number[] };
  /** A column each, the one with the highest gain first: share of the gain of all splits, and how many they are. */
  importance: { name: string; gain: number; splits: number }[];
  n: number;
}

/**
 * Gradient-boosted trees on histograms for a class 0 or 1, with the log loss and Newton's leaf values (Friedman 2001; Chen & Guestrin 2016),
 * grown by the best leaf. Without any draw: the rows and options fix every tree.
 * @throws RangeError that names the column or argument: values that aren't finite, one class only, options out of range.
 */
export function boost(features: Features, y: ArrayLike<number>, options: BoostOptions = {}): Boosted {
  const { trees: most = 300, leaves = 31, minLeaf = 20, shrinkage = 0.1, bins = 255, ridge = 1, validation, patience = 20 } = options;
  const n = checkFeatures(features);
  checkAllClasses(y, n);
  checkRidge(ridge);
  checkCount('trees', most, 1);
  checkCount('leaves', leaves, 2);
  checkCount('minLeaf', minLeaf, 1);
  checkCount('patience', patience, 1);
  if (!(Number.isInteger(bins) && bins >= 2 && bins <= 255))
    throw new RangeError(`bins: expected a whole number from 2 to 255, found ${bins}`);
  if (!(shrinkage > 0 && shrinkage <= 1)) throw new RangeError(`shrinkage: expected a number above 0, at most 1, found ${shrinkage}`);
  if (validation) {
    checkClasses(validation.y, checkFeatures(validation.features));
    sameNames(features.names, validation.features);
  }
  const edges = features.columns.map((column) => edgesOf(column, bins));
  const data = binned(features.columns, edges);
  const { grow } = grower(data, edges, { leaves, minLeaf, ridge, shrinkage });
  let ones = 0;
  for (let i = 0; i < n; i++) ones += y[i]!;
  const base = Math.log(ones / (n - ones));
  const logOdds = new Float64Array(n).fill(base);
  const outside = new Float64Array(validation?.y.length ?? 0).fill(base);
  const slope = new Float64Array(n);
  const curvature = new Float64Array(n);
  const trees: Tree[] = [];
  const losses: Boosted['losses'] = { training: [], validation: [] };
  let [best, bestLoss] = [0, outside.length > 0 ? meanLoss(outside, validation!.y) : 0];
  for (let t = 0; t < most; t++) {
    for (let i = 0; i < n; i++) {
      const chance = 1 / (1 + Math.exp(-logOdds[i]!));
      slope[i] = chance - y[i]!;
      curvature[i] = chance * (1 - chance);
    }
    const tree = grow(slope, curvature, logOdds);
    if (tree.left.length === 1) break;
    trees.push(tree);
    losses.training.push(meanLoss(logOdds, y));
    if (!validation) {
      best = trees.length;
      continue;
    }
    addTree(tree, validation.features.columns, outside);
    const loss = meanLoss(outside, validation.y);
    losses.validation.push(loss);
    if (loss < bestLoss) [best, bestLoss] = [trees.length, loss];
    else if (trees.length - best >= patience) break;
  }
  const kept = trees.slice(0, best);
  return { names: features.names, base, trees: kept, losses, importance: importanceOf(features.names, kept), n };
}

/** Chance of class 1 for each row. @throws RangeError as `checkFeatures`, and for columns of other names. */
export function boostedChances({ names, base, trees }: Pick<Boosted, 'names' | 'base' | 'trees'>, features: Features): Float64Array {
  const n = checkFeatures(features);
  sameNames(names, features);
  const logOdds = new Float64Array(n).fill(base);
  for (const tree of trees) addTree(tree, features.columns, logOdds);
  return logOdds.map((t) => 1 / (1 + Math.exp(-t)));
}

function sameNames(names: readonly string[], features: Features): void {
  if (features.names.length === names.length && features.names.every((name, j) => name === names[j])) return;
  throw new RangeError(`features: expected the columns ${names.join(', ')}, found ${features.names.join(', ')}`);
}

function meanLoss(logOdds: Float64Array, y: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < logOdds.length; i++) {
    const t = y[i] ? -logOdds[i]! : logOdds[i]!;
    total += t > 0 ? t + Math.log1p(Math.exp(-t)) : Math.log1p(Math.exp(t));
  }
  return total / logOdds.length;
}

function importanceOf(names: readonly string[], trees: readonly Tree[]): Boosted['importance'] {
  const gains = new Float64Array(names.length);
  const splits = new Int32Array(names.length);
  for (const { column, left, gain } of trees) {
    for (let node = 0; node < left.length; node++) {
      if (left[node]! < 0) continue;
      gains[column[node]!]! += gain[node]!;
      splits[column[node]!]!++;
    }
  }
  const all = gains.reduce((sum, gain) => sum + gain, 0);
  return names
    .map((name, j) => ({ name, gain: all > 0 ? gains[j]! / all : 0, splits: splits[j]! }))
    .sort((a, b) => b.gain - a.gain || (a.name < b.name ? -1 : 1));
}
