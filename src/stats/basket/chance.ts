import { logGamma } from '../gamma.ts';

/** Items of one department that form equally many meetings with items of another, or of the same. */
export interface Reach {
  from: string;
  to: string;
  /** Meetings of each item: pairs of it and an item of `to` in one basket. */
  reach: number;
  /** Mean over these items of the sum over their baskets of squared meetings: of one basket, only one can be with the same item. */
  squares: number;
  /** Number of these items. */
  items: number;
}

/**
 * Number of pairs of items that chance alone would put into exactly 1, 2 … `most` baskets, the last for so many or more: if the items of
 * each department met by popularity alone. Each pair is binomial with mean reach × reach / meetings, and as many trials as
 * make its chance of meeting twice right.
 * @param reaches each two departments from both sides; a department with itself once.
 */
export function pairsByChance(reaches: readonly Reach[], most: number): number[] {
  const expected = new Array<number>(most).fill(0);
  const sides = Map.groupBy(reaches, ({ from, to }) => JSON.stringify([from, to]));
  const single = ({ reach, squares }: Reach) => Math.max(0, 1 - squares / (reach * reach));
  for (const key of sides.keys()) {
    const [from, to] = JSON.parse(key) as [string, string];
    if (from > to) continue;
    const own = classed(sides.get(key)!);
    const other = from === to ? own : classed(sides.get(JSON.stringify([to, from])) ?? []);
    const total = own.reduce((sum, { reach, items }) => sum + reach * items, 0);
    if (total === 0) continue;
    for (const a of own) {
      for (const b of other) {
        const times = from === to ? (a.items * (a === b ? a.items - 1 : b.items)) / 2 : a.items * b.items;
        if (times > 0) spread(expected, (a.reach * b.reach) / total, 1 / Math.max(1e-9, 1 - single(a) * single(b)), times);
      }
    }
  }
  return expected;
}

/** At most so many classes of reach; neighbours stand together at their mean. */
const classes = 120;

function classed(side: readonly Reach[]): Reach[] {
  if (side.length <= classes) return [...side];
  const ordered = side.toSorted((a, b) => a.reach - b.reach);
  const size = Math.ceil(ordered.length / classes);
  return Array.from({ length: Math.ceil(ordered.length / size) }, (_, i) => {
    const own = ordered.slice(i * size, (i + 1) * size);
    const items = own.reduce((sum, one) => sum + one.items, 0);
    const mean = (value: (one: Reach) => number) => own.reduce((sum, one) => sum + value(one) * one.items, 0) / items;
    return { ...own[0]!, items, reach: mean((one) => one.reach), squares: mean((one) => one.squares) };
  });
}

/** Adds a binomial of a mean and a number of trials that need not be whole. */
function spread(expected: number[], mean: number, trials: number, times: number): void {
  const chance = Math.min(1 - 1e-12, mean / trials);
  const fixed = logGamma(trials + 1);
  let left = 1 - Math.exp(trials * Math.log1p(-chance));
  for (let count = 1; count < expected.length && count < trials + 1; count++) {
    const log =
      fixed - logGamma(count + 1) - logGamma(trials - count + 1) + count * Math.log(chance) + (trials - count) * Math.log1p(-chance);
    const one = Math.min(left, Math.exp(log));
    expected[count - 1]! += times * one;
    left -= one;
  }
  expected[expected.length - 1]! += times * Math.max(0, left);
}
