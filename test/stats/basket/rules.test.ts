import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frequentItemsets } from '#stats/basket/eclat.ts';
import { adjustedRules, adjustedWithin, type Rule, type RuleOptions, rules } from '#stats/basket/rules.ts';
import { transactions } from '#stats/basket/transactions.ts';
import { random } from '#stats/random.ts';
import { groceries } from './groceries.ts';

function mined(baskets: readonly string[][], support: number, options: RuleOptions) {
  const coded = transactions(baskets);
  const itemsets = frequentItemsets(coded, { support });
  const found = rules(coded, itemsets, options);
  const word = (rule: Rule) => `${rule.antecedent.map((code) => coded.items[code]).join(' ')} > ${coded.items[rule.consequent]}`;
  return { found, itemsets, by: new Map(found.map((rule) => [word(rule), rule])) };
}

describe('rules', () => {
  // support, confidence, lift, leverage, conviction by mlxtend 0.25; p by scipy's hypergeom.sf.
  const expected: [string, number, number, number, number, number, number, number][] = [
    ['bread > butter', 5, 0.625, 0.7142857142857143, 0.9523809523809524, -0.03125, 0.875, 1],
    ['butter > bread', 5, 0.625, 0.8333333333333334, 0.9523809523809524, -0.03125, 0.75, 1],
    ['milk > bread', 4, 0.5, 1, 1.1428571428571428, 0.0625, Number.POSITIVE_INFINITY, 0.5],
    ['butter milk > bread', 2, 0.25, 1, 1.1428571428571428, 0.03125, Number.POSITIVE_INFINITY, 0.75],
    ['jam > butter', 3, 0.375, 1, 1.3333333333333333, 0.09375, Number.POSITIVE_INFINITY, 0.35714285714285715],
    ['jam > bread', 2, 0.25, 0.6666666666666666, 0.7619047619047619, -0.078125, 0.375, 1],
    ['bread jam > butter', 2, 0.25, 1, 1.3333333333333333, 0.0625, Number.POSITIVE_INFINITY, 0.5357142857142858],
    ['butter jam > bread', 2, 0.25, 0.6666666666666666, 0.7619047619047619, -0.078125, 0.375, 1],
  ];

  it('are those of mlxtend with one consequent', () => {
    const { by } = mined(groceries, 0.25, { confidence: 0.6 });
    expect([...by.keys()].sort()).toEqual(expected.map(([name]) => name).sort());
    for (const [name, count, support, confidence, lift, leverage, conviction, p] of expected) {
      const rule = by.get(name)!;
      expect(rule.count, name).toBe(count);
      expect(rule.support, name).toBeCloseTo(support, 12);
      expect(rule.confidence, name).toBeCloseTo(confidence, 12);
      expect(rule.lift, name).toBeCloseTo(lift, 12);
      expect(rule.leverage, name).toBeCloseTo(leverage, 12);
      expect(rule.conviction, name).toBeCloseTo(conviction, 12);
      expect(Math.exp(rule.logP), name).toBeCloseTo(p, 12);
    }
  });

  it('are those of arules with an empty antecedent, and its redundant ones', () => {
    const { found, by } = mined(groceries, 0.25, { confidence: 0.6, minLength: 1 });
    const butter = [...by]
      .filter(([name]) => name.endsWith('> butter'))
      .map(([name, rule]) => [name, rule.count, rule.coverage, rule.isRedundant]);
    // apriori(support = 0.25, confidence = 0.6, maxlen = 3, rhs = butter | milk), then is.redundant.
    expect(butter).toEqual([
      [' > butter', 6, 1, false],
      ['bread > butter', 5, 0.875, true],
      ['jam > butter', 3, 0.375, false],
      ['bread jam > butter', 2, 0.25, true],
    ]);
    expect([...by.keys()].filter((name) => name.endsWith('> milk'))).toEqual([]);
    expect(found.every(({ count, antecedentCount }) => count <= antecedentCount)).toBe(true);
  });

  it('are redundant by any more general rule of the set, not only the next', () => {
    const times = (n: number, basket: string) => Array.from({ length: n }, () => basket.split(''));
    // Confidences: a 9/15; a b 1/5, a d 1/4, b d 1/5; a b d 1/2, more than all but that of a.
    const baskets = [...times(8, 'ac'), ...times(3, 'ab'), ...times(2, 'ad'), ...times(1, 'abdc'), ...times(1, 'abd'), ...times(3, 'bd')];
    const { by } = mined(baskets, 1 / 18, { confidence: 0 });
    expect(by.get('a > c')!.isRedundant).toBe(false);
    expect(by.get('a b > c')!.isRedundant).toBe(true);
    expect(by.get('a b d > c')!.isRedundant).toBe(true);
    expect(by.get('b d > c')!.isRedundant).toBe(false);
  });

  it('need each antecedent to add something to be productive', () => {
    const draw = random(3, 'productive');
    const baskets = Array.from({ length: 600 }, () => {
      const basket = draw.uniform() < 0.4 ? ['a'] : [];
      if (draw.uniform() < 0.5) basket.push('idle');
      if (draw.uniform() < (basket.includes('a') ? 0.8 : 0.1)) basket.push('b');
      return basket;
    });
    const { by, found, itemsets } = mined(baskets, 0.05, { confidence: 0.2 });
    const p = new Map(found.map((rule, i) => [rule, adjustedRules(found, itemsets)[i]!]));
    expect(p.get(by.get('a > b')!)).toBeLessThan(1e-6);
    expect(p.get(by.get('a idle > b')!)).toBeGreaterThan(0.05);
    expect(Math.exp(by.get('a idle > b')!.logP)).toBeLessThan(1e-6);
  });

  it.each([-0.1, 1.1, Number.NaN])('refuse a confidence of %d', (confidence) => {
    expect(() => mined(groceries, 0.25, { confidence })).toThrow(RangeError);
  });

  it('refuse itemsets with gaps', () => {
    const coded = transactions(groceries);
    expect(() => rules(coded, [{ items: [0, 1], count: 5 }], { confidence: 0.5 })).toThrow('every subset');
  });

  it('agree with their definitions', () => {
    const basket = fc.array(fc.constantFrom(...'abcde'), { maxLength: 6 });
    fc.assert(
      fc.property(fc.array(basket, { minLength: 2, maxLength: 25 }), (baskets) => {
        const holds = (own: readonly string[], wanted: readonly string[]) => wanted.every((item) => own.includes(item));
        const { found } = mined(baskets, 0.1, { confidence: 0.3 });
        const { items } = transactions(baskets);
        for (const rule of found) {
          const antecedent = rule.antecedent.map((code) => items[code]!);
          const consequent = items[rule.consequent]!;
          const [n, a, c, both] = [
            baskets.length,
            baskets.filter((own) => holds(own, antecedent)).length,
            baskets.filter((own) => own.includes(consequent)).length,
            baskets.filter((own) => holds(own, [...antecedent, consequent])).length,
          ];
          expect([rule.antecedentCount, rule.consequentCount, rule.count]).toEqual([a, c, both]);
          expect(rule.lift).toBeCloseTo((both * n) / (a * c), 10);
          expect(rule.confidence).toBeGreaterThanOrEqual(0.3);
          expect(rule.logProductive).toBeLessThanOrEqual(0);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('adjustedWithin', () => {
  it('is Benjamini and Hochberg over the whole family', () => {
    // As p.adjust(c(0.001, 0.01, 0.02, rep(1, 7)), 'BH')[1:3].
    expect(adjustedWithin([0.001, 0.01, 0.02], 10)).toEqual([0.01, 0.05, 20 / 300]);
    expect(adjustedWithin([], 5)).toEqual([]);
    expect(() => adjustedWithin([0.1, 0.2], 1)).toThrow(RangeError);
  });
});
