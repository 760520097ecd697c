import { binomialTails } from '../distribution.ts';
import { checkCount } from '../estimate.ts';
import { poissonRate } from '../rate.ts';
import { adjustedWithin } from './rules.ts';

/**
 * How often items meet: a meeting is a pair of different items of one basket, so a basket of three items has three. Groups are what
 * explains meetings without the items being made for each other: department and category.
 */
export interface Meetings {
  /** Group of each item. */
  group: ArrayLike<number>;
  /** Meetings of each item with any other. */
  ofItem: ArrayLike<number>;
  /** Meetings of all items of each group: a meeting within the group counts for both. */
  ofGroup: ArrayLike<number>;
  /** Meetings of an item of the one group with an item of the other; within a group each once. */
  between(group: number, other: number): number;
}

export interface Pair {
  /** Two different items, and the baskets that hold both. */
  a: number;
  b: number;
  count: number;
}

export interface AffinityOptions {
  /** Pairs of items that could have been among those given: the number of hypotheses. */
  family: number;
  /** Expected share of false calls. */
  falseDiscovery: number;
  /** The interval of the factor must lie above this to be called. */
  leastFactor: number;
}

export interface Affinity extends Pair {
  /** Baskets with both if each item took its part of its group's meetings; the pair itself and those called are set aside. */
  expected: number;
  /** Count over expected, and its 95% interval (Garwood 1936). */
  factor: number;
  low: number;
  high: number;
  /** Adjusted over the family. */
  p: number;
  isCalled: boolean;
}

/**
 * Pairs of items bought together beyond what popularity and their groups explain. Of the meetings of two groups, say jeans with socks, these
 * jeans should have their part of all jeans' meetings, and these socks theirs: exact binomial test, one-sided, with the pair itself left
 * out of what it is compared with. The sizes of baskets, departments and what categories share are thereby held still; a taste for brands is
 * not, which is what the floor is for. Strong pairs feign weaker ones, so the strongest are called first and set aside,
 * and the rest are judged anew, until nothing is called. p by Benjamini–Hochberg over the family.
 * @returns one a pair, in the order given.
 * @throws RangeError for a pair of one item, or counts that exceed the meetings that they are part of.
 */
export function affinities(pairs: readonly Pair[], meetings: Meetings, options: AffinityOptions): Affinity[] {
  const { falseDiscovery, leastFactor, family } = options;
  checkCount('family', family, pairs.length);
  const aside = new Aside(meetings);
  const called = new Set<number>();
  const judged = pairs.map((pair) => judge(pair, meetings, aside, false));
  for (;;) {
    const p = adjustedWithin(
      judged.map((one) => one.p),
      family,
    );
    const isStrong = (i: number) => p[i]! <= falseDiscovery && intervalOf(pairs[i]!.count, judged[i]!.expected).low > leastFactor;
    // The strongest of each item and of each two groups at once: what one of them feigns is judged anew before it can be called.
    const order = [...pairs.keys()]
      .filter((i) => p[i]! <= falseDiscovery && !called.has(i))
      .sort((i, j) => judged[i]!.p - judged[j]!.p || i - j);
    const taken = new Set<number>();
    const blocks = new Map<string, number>();
    const next = order.filter((i) => {
      const { a, b } = pairs[i]!;
      const block = blockOf(meetings.group[a]!, meetings.group[b]!);
      const inBlock = blocks.get(block) ?? 0;
      if (taken.has(a) || taken.has(b) || inBlock >= batch || !isStrong(i)) return false;
      taken.add(a).add(b);
      blocks.set(block, inBlock + 1);
      return true;
    });
    if (next.length === 0) {
      return pairs.map((pair, i) => {
        const { expected } = judged[i]!;
        return { ...pair, expected, ...intervalOf(pair.count, expected), p: p[i]!, isCalled: isStrong(i) };
      });
    }
    const touched = new Set<number>();
    for (const i of next) {
      called.add(i);
      aside.add(pairs[i]!);
      for (const item of [pairs[i]!.a, pairs[i]!.b]) touched.add(meetings.group[item]!);
    }
    pairs.forEach((pair, i) => {
      const isTouched = touched.has(meetings.group[pair.a]!) || touched.has(meetings.group[pair.b]!);
      if (isTouched) judged[i] = judge(pair, meetings, aside, called.has(i));
    });
  }
}

/** Pairs of two groups that are set aside at once. */
const batch = 20;

/** Count over expected, with its interval. */
function intervalOf(count: number, expected: number): { factor: number; low: number; high: number } {
  const { value, low, high } = poissonRate(count, expected)!;
  return { factor: value, low, high };
}

/** Meetings of the pairs that are set aside. */
class Aside {
  readonly #meetings: Meetings;
  readonly items = new Map<number, number>();
  readonly groups = new Map<number, number>();
  readonly blocks = new Map<string, number>();

  constructor(meetings: Meetings) {
    this.#meetings = meetings;
  }

  add({ a, b, count }: Pair): void {
    const [g, h] = [this.#meetings.group[a]!, this.#meetings.group[b]!];
    for (const item of [a, b]) this.items.set(item, (this.items.get(item) ?? 0) + count);
    for (const group of [g, h]) this.groups.set(group, (this.groups.get(group) ?? 0) + count);
    this.blocks.set(blockOf(g, h), (this.blocks.get(blockOf(g, h)) ?? 0) + count);
  }
}

const blockOf = (g: number, h: number) => (g < h ? `${g} ${h}` : `${h} ${g}`);

function judge({ a, b, count }: Pair, meetings: Meetings, aside: Aside, isAside: boolean): { expected: number; p: number } {
  if (a === b) throw new RangeError(`pair: expected two different items, found ${a} twice`);
  const [g, h] = [meetings.group[a]!, meetings.group[b]!];
  // The pair itself is left out, once, whether or not it already stands aside.
  const own = isAside ? 0 : count;
  const inGroup = g === h ? 2 * own : own;
  const rest = meetings.between(g, h) - (aside.blocks.get(blockOf(g, h)) ?? 0) - own;
  const share = (item: number, group: number) => {
    const part = meetings.ofItem[item]! - (aside.items.get(item) ?? 0) - own;
    const whole = meetings.ofGroup[group]! - (aside.groups.get(group) ?? 0) - inGroup;
    if (part < 0 || whole < part || rest < 0) {
      throw new RangeError(`pair ${a} and ${b}: expected at most the meetings of its items and groups, found ${count}`);
    }
    // Half a meeting, so that items which never met anything else keep a finite factor.
    return (part + 0.5) / (whole + 0.5);
  };
  const chance = Math.min(1, share(a, g) * share(b, h) * (g === h ? 2 : 1));
  // Items that are all of their groups can't be told from them.
  if (chance >= 1) return { expected: count, p: 1 };
  return { expected: ((rest + 0.5) * chance) / (1 - chance), p: binomialTails(count, rest + count, chance).upper };
}
