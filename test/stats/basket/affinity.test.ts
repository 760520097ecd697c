import { describe, expect, it } from 'vitest';
import { affinities, type Meetings, type Pair } from '#stats/basket/affinity.ts';
import { random } from '#stats/random.ts';

const options = { falseDiscovery: 0.05, leastFactor: 3 };

/** Meetings of all pairs of a list of baskets, the items' groups given. */
function met(baskets: readonly (readonly number[])[], group: readonly number[]): { pairs: Pair[]; meetings: Meetings } {
  const counts = new Map<string, number>();
  const ofItem = group.map(() => 0);
  const ofGroup: number[] = Array(Math.max(...group) + 1).fill(0);
  const blocks = new Map<string, number>();
  for (const basket of baskets) {
    for (const a of basket) {
      for (const b of basket) {
        if (a >= b) continue;
        counts.set(`${a} ${b}`, (counts.get(`${a} ${b}`) ?? 0) + 1);
        for (const item of [a, b]) {
          ofItem[item]!++;
          ofGroup[group[item]!]!++;
        }
        const key = [group[a]!, group[b]!].sort().join(' ');
        blocks.set(key, (blocks.get(key) ?? 0) + 1);
      }
    }
  }
  const pairs = [...counts].map(([key, count]) => {
    const [a, b] = key.split(' ').map(Number) as [number, number];
    return { a, b, count };
  });
  return { pairs, meetings: { group, ofItem, ofGroup, between: (g, h) => blocks.get([g, h].sort().join(' ')) ?? 0 } };
}

/** Baskets of tastes: a customer buys from one half of the groups mostly; popular items more often; items of `planted` pull each other. */
function shop(seed: number, planted: readonly [number, number][], baskets = 6000) {
  const draw = random(seed, 'affinity');
  const group = Array.from({ length: 80 }, (_, i) => i % 8);
  const list = Array.from({ length: baskets }, () => {
    const taste = draw.integer(2);
    const own = new Set<number>();
    for (let i = 1 + draw.poisson(1.2); i > 0; i--) {
      const item = Math.floor(80 * draw.uniform() ** 2);
      // Two tastes: items of the other half of the groups are mostly passed over.
      if (group[item]! % 2 === taste || draw.uniform() < 0.25) own.add(item);
    }
    for (const [a, b] of planted) if (own.has(a) && draw.uniform() < 0.5) own.add(b);
    return [...own];
  });
  return met(list, group);
}

describe('affinities', () => {
  it('sets a pair against its items’ parts of their groups, the pair itself left out', () => {
    // Item 0 has 50 other meetings of its group's 200, item 1 60 of 300; the groups have 40 other meetings with each other.
    const meetings: Meetings = { group: [0, 1], ofItem: [60, 70], ofGroup: [210, 310], between: () => 50 };
    const [found] = affinities([{ a: 0, b: 1, count: 10 }], meetings, { ...options, family: 1 });
    const chance = (50.5 / 200.5) * (60.5 / 300.5);
    expect(found!.expected).toBeCloseTo((40.5 * chance) / (1 - chance), 12);
    expect(found!.factor).toBeCloseTo(10 / found!.expected, 12);
  });

  it('counts a meeting within a group for both of its sides', () => {
    const meetings: Meetings = { group: [0, 0], ofItem: [30, 40], ofGroup: [220], between: () => 110 };
    const [found] = affinities([{ a: 0, b: 1, count: 10 }], meetings, { ...options, family: 1 });
    const chance = 2 * (20.5 / 200.5) * (30.5 / 200.5);
    expect(found!.expected).toBeCloseTo((100.5 * chance) / (1 - chance), 12);
  });

  it('cannot tell items that are all of their groups from these', () => {
    const meetings: Meetings = { group: [0, 1], ofItem: [90, 90], ofGroup: [90, 90], between: () => 60 };
    const [found] = affinities([{ a: 0, b: 1, count: 60 }], meetings, { ...options, family: 1 });
    expect(found).toMatchObject({ isCalled: false, p: 1 });
  });

  it('finds what is planted and hardly anything else, though tastes and popularity differ', () => {
    const planted: [number, number][] = [
      [3, 21],
      [10, 34],
      [15, 40],
    ];
    let [hits, calls] = [0, 0];
    for (const seed of [1, 2, 3, 4]) {
      const { pairs, meetings } = shop(seed, planted);
      const called = affinities(pairs, meetings, { ...options, family: (80 * 79) / 2 }).filter(({ isCalled }) => isCalled);
      calls += called.length;
      hits += called.filter(({ a, b }) => planted.some(([x, y]) => x === a && y === b)).length;
    }
    expect(hits).toBe(12);
    expect(calls).toBeLessThanOrEqual(13);
  });

  it('calls nothing where there is nothing', () => {
    for (const seed of [5, 6, 7, 8]) {
      const { pairs, meetings } = shop(seed, []);
      expect(affinities(pairs, meetings, { ...options, family: (80 * 79) / 2 }).filter(({ isCalled }) => isCalled)).toEqual([]);
    }
  });

  it('judges no pair for none, and refuses what cannot be', () => {
    const meetings: Meetings = { group: [0, 0], ofItem: [3, 3], ofGroup: [6], between: () => 3 };
    expect(affinities([], meetings, { ...options, family: 0 })).toEqual([]);
    expect(() => affinities([{ a: 0, b: 0, count: 1 }], meetings, { ...options, family: 1 })).toThrow('two different items');
    expect(() => affinities([{ a: 0, b: 1, count: 4 }], meetings, { ...options, family: 1 })).toThrow('at most the meetings');
    expect(() => affinities([{ a: 0, b: 1, count: 1 }], meetings, { ...options, family: 0 })).toThrow(RangeError);
  });
});
