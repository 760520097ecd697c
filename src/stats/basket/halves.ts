import { binomialTails } from '../distribution.ts';
import type { Rule } from './rules.ts';
import type { Transactions } from './transactions.ts';

/** Baskets of one part of the period: with both sides, with either, and all. */
export interface Part {
  both: number;
  antecedent: number;
  consequent: number;
  baskets: number;
}

export interface Stability {
  /** Lift in each part; null where a side does not occur in it. */
  lifts: [number | null, number | null];
  /** Two-sided chance of a split of the joint baskets so uneven if the lift were the same in both; null where a side is missing. */
  p: number | null;
  /** Above one in both parts, and no evidence that they differ. */
  isStable: boolean;
}

/** Two-sided p from which the two parts are held to differ. */
const unstableP = 0.01;

/** Whether two sides belong together in both parts of the period alike. */
export function stability(first: Part, second: Part): Stability {
  const liftOf = ({ both, antecedent, consequent, baskets }: Part) =>
    antecedent > 0 && consequent > 0 ? (both * baskets) / (antecedent * consequent) : null;
  const lifts: Stability['lifts'] = [liftOf(first), liftOf(second)];
  if (lifts[0] === null || lifts[1] === null) return { lifts, p: null, isStable: false };
  const chance = ({ antecedent, consequent, baskets }: Part) => (antecedent * consequent) / baskets;
  const share = chance(first) / (chance(first) + chance(second));
  const { lower, upper } = binomialTails(first.both, first.both + second.both, share);
  const p = Math.min(1, 2 * Math.min(lower, upper));
  return { lifts, p, isStable: lifts[0] > 1 && lifts[1] > 1 && p >= unstableP };
}

/**
 * Counts of rules in the two parts of the period.
 * @param isSecond for each basket whether it belongs to the second part.
 */
export function halves(
  { codes, offsets, size, items }: Transactions,
  found: readonly Rule[],
  isSecond: ArrayLike<number | boolean>,
): [Part, Part][] {
  const holders = items.map((): number[] => []);
  for (let basket = 0; basket < size; basket++) {
    for (let i = offsets[basket]!; i < offsets[basket + 1]!; i++) holders[codes[i]!]!.push(basket);
  }
  let later = 0;
  for (let basket = 0; basket < size; basket++) if (isSecond[basket]) later++;
  const inBoth = (list: readonly number[]): [number, number] => {
    let second = 0;
    for (const basket of list) if (isSecond[basket]) second++;
    return [list.length - second, second];
  };
  return found.map(({ antecedent, consequent }) => {
    const before = antecedent.length === 0 ? null : antecedent.map((item) => holders[item]!).reduce(intersection);
    const [a1, a2] = before ? inBoth(before) : [size - later, later];
    const [c1, c2] = inBoth(holders[consequent]!);
    const [b1, b2] = before ? inBoth(intersection(before, holders[consequent]!)) : [c1, c2];
    return [
      { both: b1, antecedent: a1, consequent: c1, baskets: size - later },
      { both: b2, antecedent: a2, consequent: c2, baskets: later },
    ];
  });
}

function intersection(a: readonly number[], b: readonly number[]): number[] {
  const shared: number[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) {
      shared.push(a[i]!);
      i++;
      j++;
    } else if (a[i]! < b[j]!) i++;
    else j++;
  }
  return shared;
}
