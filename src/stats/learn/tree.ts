import { addToHistogram, type Binned } from './histogram.ts';

/** A tree in arrays: node 0 is the root; a leaf has left −1. Rows with a value of at most `threshold` go left. */
export interface Tree {
  column: Int32Array;
  threshold: Float64Array;
  left: Int32Array;
  right: Int32Array;
  /** Log-odds a leaf adds, shrunk; 0 in other nodes. */
  value: Float64Array;
  /** Gain of each split; 0 in leaves. */
  gain: Float64Array;
}

export interface TreeOptions {
  leaves: number;
  minLeaf: number;
  /** λ on the leaves' values. */
  ridge: number;
  shrinkage: number;
}

interface Split {
  gain: number;
  column: number;
  /** Bins up to this one, among all bins, go left. */
  bin: number;
}

interface Leaf {
  node: number;
  from: number;
  to: number;
  slope: number;
  curvature: number;
  histogram: Float64Array;
  split: Split | null;
}

/** What one tree after the other needs, kept so that it is made once. */
export interface Grower {
  /** Grows a tree on slopes and curvatures of the loss and adds it to the rows' log-odds. */
  grow(slope: Float64Array, curvature: Float64Array, logOdds: Float64Array): Tree;
}

/**
 * Trees by the best leaf first (Shi 2007; Ke et al. 2017), on histograms: the smaller child is counted, the larger is the parent less it.
 * Ties go to the first column and the lowest bin, so that the tree depends on the rows alone.
 */
export function grower(data: Binned, edges: readonly Float64Array[], { leaves, minLeaf, ridge, shrinkage }: TreeOptions): Grower {
  const n = data.rows;
  const width = 3 * data.starts[data.columns]!;
  const order = new Int32Array(n);
  const aside = new Int32Array(n);
  const pool: Float64Array[] = [];
  const histogram = () => pool.pop()?.fill(0) ?? new Float64Array(width);
  const score = (g: number, h: number) => (g * g) / (h + ridge);

  const bestSplit = ({ from, to, slope, curvature, histogram: hist }: Leaf): Split | null => {
    const count = to - from;
    if (count < 2 * minLeaf) return null;
    const whole = score(slope, curvature);
    let best: Split | null = null;
    let highest = 1e-9;
    for (let column = 0; column < data.columns; column++) {
      let [g, h, rows] = [0, 0, 0];
      const last = data.starts[column + 1]! - 1;
      for (let bin = data.starts[column]!; bin < last; bin++) {
        g += hist[3 * bin]!;
        h += hist[3 * bin + 1]!;
        rows += hist[3 * bin + 2]!;
        if (rows < minLeaf) continue;
        if (count - rows < minLeaf) break;
        if (hist[3 * bin + 2] === 0) continue;
        const gain = 0.5 * (score(g, h) + score(slope - g, curvature - h) - whole);
        if (gain > highest) {
          highest = gain;
          best = { gain, column, bin };
        }
      }
    }
    return best;
  };

  /** Moves the rows that go left to the front, each side in its order. @returns where the right side begins. */
  const partition = ({ from, to }: Leaf, { column, bin }: Split): number => {
    let front = from;
    let back = 0;
    for (let e = from; e < to; e++) {
      const row = order[e]!;
      if (data.cells[row * data.columns + column]! <= bin) order[front++] = row;
      else aside[back++] = row;
    }
    order.set(aside.subarray(0, back), front);
    return front;
  };

  return {
    grow(slope, curvature, logOdds) {
      const nodes = 2 * leaves - 1;
      const tree: Tree = {
        column: new Int32Array(nodes),
        threshold: new Float64Array(nodes),
        left: new Int32Array(nodes).fill(-1),
        right: new Int32Array(nodes).fill(-1),
        value: new Float64Array(nodes),
        gain: new Float64Array(nodes),
      };
      let [g, h] = [0, 0];
      for (let i = 0; i < n; i++) {
        order[i] = i;
        g += slope[i]!;
        h += curvature[i]!;
      }
      const root: Leaf = { node: 0, from: 0, to: n, slope: g, curvature: h, histogram: histogram(), split: null };
      addToHistogram(root.histogram, data, order, 0, n, slope, curvature);
      root.split = bestSplit(root);
      const open = [root];
      let used = 1;
      while (open.length < leaves) {
        let at = -1;
        for (let i = 0; i < open.length; i++) {
          const gain = open[i]!.split?.gain ?? 0;
          if (gain > (at < 0 ? 0 : open[at]!.split!.gain)) at = i;
        }
        if (at < 0) break;
        const parent = open[at]!;
        const split = parent.split!;
        const middle = partition(parent, split);
        const isLeftSmall = middle - parent.from <= parent.to - middle;
        const small = histogram();
        addToHistogram(small, data, order, isLeftSmall ? parent.from : middle, isLeftSmall ? middle : parent.to, slope, curvature);
        const large = parent.histogram;
        for (let e = 0; e < width; e++) large[e]! -= small[e]!;
        let [sg, sh] = [0, 0];
        for (let bin = data.starts[0]!; bin < data.starts[1]!; bin++) {
          sg += small[3 * bin]!;
          sh += small[3 * bin + 1]!;
        }
        const sums = { small: [sg, sh], large: [parent.slope - sg, parent.curvature - sh] } as const;
        const child = (isLeft: boolean): Leaf => {
          const isSmall = isLeft === isLeftSmall;
          const [cg, ch] = isSmall ? sums.small : sums.large;
          return {
            ...{ node: used++, from: isLeft ? parent.from : middle, to: isLeft ? middle : parent.to, slope: cg, curvature: ch },
            ...{ histogram: isSmall ? small : large, split: null },
          };
        };
        const left = child(true);
        const right = child(false);
        tree.column[parent.node] = split.column;
        tree.threshold[parent.node] = edges[split.column]![split.bin - data.starts[split.column]!]!;
        tree.gain[parent.node] = split.gain;
        tree.left[parent.node] = left.node;
        tree.right[parent.node] = right.node;
        open.splice(at, 1, left, right);
        if (open.length < leaves) {
          left.split = bestSplit(left);
          right.split = bestSplit(right);
        }
      }
      for (const leaf of open) {
        const value = (-shrinkage * leaf.slope) / (leaf.curvature + ridge);
        tree.value[leaf.node] = value;
        for (let e = leaf.from; e < leaf.to; e++) logOdds[order[e]!]! += value;
        pool.push(leaf.histogram);
      }
      return trimmed(tree, used);
    },
  };
}

function trimmed(tree: Tree, nodes: number): Tree {
  return {
    column: tree.column.slice(0, nodes),
    threshold: tree.threshold.slice(0, nodes),
    left: tree.left.slice(0, nodes),
    right: tree.right.slice(0, nodes),
    value: tree.value.slice(0, nodes),
    gain: tree.gain.slice(0, nodes),
  };
}

/** Adds what a tree says of each row to `logOdds`. */
export function addTree(
  { column, threshold, left, right, value }: Tree,
  columns: readonly ArrayLike<number>[],
  logOdds: Float64Array,
): void {
  for (let i = 0; i < logOdds.length; i++) {
    let node = 0;
    while (left[node]! >= 0) node = columns[column[node]!]![i]! <= threshold[node]! ? left[node]! : right[node]!;
    logOdds[i]! += value[node]!;
  }
}
