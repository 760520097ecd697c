import { describe, expect, it } from 'vitest';
import { pairsByChance } from '#stats/basket/chance.ts';
import { frequentItemsets } from '#stats/basket/eclat.ts';
import { halves, stability } from '#stats/basket/halves.ts';
import { mixing } from '#stats/basket/mixing.ts';
import { rules } from '#stats/basket/rules.ts';
import { transactions } from '#stats/basket/transactions.ts';
import { random } from '#stats/random.ts';

const options = { leastExpected: 20, falseDiscovery: 0.05, leastFactor: 1.25 };

describe('mixing', () => {
  it('expects a share of the meetings of two departments', () => {
    // One department: 3 groups; ends 2·40 + 30 + 20 = 130, 30 + 2·10 + 20 = 70, 20 + 20 + 2·5 = 50 of 250.
    const counts: [number, number, number][] = [
      [0, 0, 40],
      [0, 1, 30],
      [0, 2, 20],
      [1, 1, 10],
      [1, 2, 20],
      [2, 2, 5],
    ];
    const pairs = counts.map(([a, b, count]) => ({ a, b, count, squares: count }));
    const found = mixing(pairs, { ...options, parent: [0, 0, 0] });
    expect(found.map(({ expected }) => expected)).toEqual([33.8, 36.4, 26, 9.8, 14, 5]);
    expect(found.reduce((sum, { expected }) => sum + expected, 0)).toBeCloseTo(125, 10);
    expect(found.map(({ p }) => p === null)).toEqual([false, false, false, true, true, true]);
  });

  it('compares groups within and between departments apart', () => {
    const pairs = [
      { a: 0, b: 1, count: 90, squares: 90 },
      { a: 2, b: 3, count: 80, squares: 80 },
      { a: 0, b: 2, count: 5, squares: 5 },
    ];
    const found = mixing(pairs, { ...options, parent: [0, 0, 1, 1] });
    expect(found.map(({ expected }) => expected)).toEqual([45, 40, 5]);
  });

  it('holds several meetings of one basket for one event', () => {
    const once = { a: 0, b: 1, count: 60, squares: 60 };
    const rest = [
      { a: 0, b: 2, count: 100, squares: 100 },
      { a: 1, b: 2, count: 100, squares: 100 },
      { a: 2, b: 2, count: 200, squares: 200 },
    ];
    const p = (squares: number) => mixing([{ ...once, squares }, ...rest], { ...options, parent: [0, 0, 0] })[0]!.p!;
    expect(p(60)).toBeLessThan(p(240));
  });

  it('judges nothing for nothing', () => {
    expect(mixing([], { ...options, parent: [] })).toEqual([]);
  });
});

describe('pairsByChance', () => {
  it('is what random baskets do, but that no item meets itself', () => {
    const draw = random(11, 'chance');
    const weights = Array.from({ length: 60 }, () => 0.2 + draw.uniform() * 2);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const pick = () => {
      let left = draw.uniform() * total;
      return weights.findIndex((weight) => {
        left -= weight;
        return left < 0;
      });
    };
    const seen: number[] = Array(4).fill(0);
    const expected: number[] = Array(4).fill(0);
    for (let shop = 0; shop < 20; shop++) {
      const reach = weights.map(() => 0);
      const squares = weights.map(() => 0);
      const counts = new Map<number, number>();
      for (let i = 0; i < 900; i++) {
        const basket = new Set(Array.from({ length: 2 + draw.integer(3) }, pick));
        for (const a of basket) {
          reach[a]! += basket.size - 1;
          squares[a]! += (basket.size - 1) ** 2;
          for (const b of basket) if (a < b) counts.set(a * 60 + b, (counts.get(a * 60 + b) ?? 0) + 1);
        }
      }
      for (const count of counts.values()) seen[Math.min(count, 4) - 1]!++;
      const own = reach.map((value, i) => ({ from: 'd', to: 'd', reach: value, squares: squares[i]!, items: 1 }));
      pairsByChance(own, 4).forEach((value, i) => {
        expected[i]! += value;
      });
    }
    seen.forEach((count, i) => {
      expect(Math.abs(expected[i]! / count - 1), `${i + 1} baskets`).toBeLessThan(0.06);
    });
  });

  it('keeps the sum of pairs of two departments', () => {
    const sides = [
      { from: 'a', to: 'b', reach: 2, squares: 4, items: 10 },
      { from: 'b', to: 'a', reach: 4, squares: 10, items: 5 },
    ];
    const found = pairsByChance(sides, 3);
    expect(found[0]! + 2 * found[1]! + 3 * found[2]!).toBeCloseTo(20, 1);
  });

  it('is nothing for no baskets', () => {
    expect(pairsByChance([], 2)).toEqual([0, 0]);
  });
});

describe('stability', () => {
  const part = (both: number, antecedent = 100, consequent = 80, baskets = 1000) => ({ both, antecedent, consequent, baskets });

  it.each([
    ['the same in both', part(30), part(28), [3.75, 3.5], true],
    ['gone in the second', part(58), part(0), [7.25, 0], false],
    ['a different strength', part(50), part(15), [6.25, 1.875], false],
    ['no more than chance in one', part(10), part(8), [1.25, 1], false],
  ])('%s', (_, first, second, lifts, isStable) => {
    expect(stability(first, second)).toMatchObject({ lifts, isStable });
  });

  it('does not judge what was not there', () => {
    expect(stability(part(0, 0), part(20))).toEqual({ lifts: [null, 2.5], p: null, isStable: false });
  });

  it('takes its parts from the baskets', () => {
    const baskets = [['a', 'b', 'c'], ['a', 'b'], ['a'], ['b'], ['a', 'b', 'c'], []];
    const coded = transactions(baskets);
    const found = rules(coded, frequentItemsets(coded, { support: 0.3 }), { confidence: 0.5, minLength: 1 });
    const parts = halves(coded, found, [0, 0, 0, 1, 1, 1]);
    const at = (antecedent: number[], consequent: number) =>
      parts[found.findIndex((rule) => rule.antecedent.join() === antecedent.join() && rule.consequent === consequent)];
    expect(at([0, 1], 2)).toEqual([
      { both: 1, antecedent: 2, consequent: 1, baskets: 3 },
      { both: 1, antecedent: 1, consequent: 1, baskets: 3 },
    ]);
    expect(at([], 0)).toEqual([
      { both: 3, antecedent: 3, consequent: 3, baskets: 3 },
      { both: 1, antecedent: 3, consequent: 1, baskets: 3 },
    ]);
  });
});
