import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apriori } from '#stats/basket/apriori.ts';
import { frequentItemsets } from '#stats/basket/eclat.ts';
import { type Itemset, leastCount, TooManyItemsets } from '#stats/basket/itemset.ts';
import { itemCounts, transactions } from '#stats/basket/transactions.ts';
import { groceries } from './groceries.ts';

const named = (found: readonly Itemset[], items: readonly string[]) =>
  Object.fromEntries(found.map((set) => [set.items.map((code) => items[code]).join(' '), set.count]));

describe('transactions', () => {
  it('codes items by name, drops what a basket holds twice, and keeps empty baskets', () => {
    const coded = transactions([['b', 'a', 'b'], [], ['c']]);
    expect(coded.items).toEqual(['a', 'b', 'c']);
    expect(coded.size).toBe(3);
    expect([...coded.codes]).toEqual([0, 1, 2]);
    expect([...coded.offsets]).toEqual([0, 2, 2, 3]);
    expect([...itemCounts(coded)]).toEqual([1, 1, 1]);
  });

  it('takes names that are keys of objects, or alike but for case', () => {
    const { items } = transactions([
      ['__proto__', 'constructor'],
      ['A', 'a', ''],
    ]);
    expect(items).toEqual(['', 'A', '__proto__', 'a', 'constructor']);
  });
});

describe('leastCount', () => {
  it.each([
    [0.25, 8, 2],
    [0.001, 9835, 10],
    [0.07, 100, 7],
    [0.57, 100, 57],
    [1, 7, 7],
    [1e-9, 7, 1],
    [1 / 3, 3, 1],
  ])('a support of %d in %i baskets is %i of them', (support, size, count) => {
    expect(leastCount(support, size)).toBe(count);
  });

  it.each([0, -0.1, 1.01, Number.NaN, Number.POSITIVE_INFINITY])('refuses a support of %d', (support) => {
    expect(() => leastCount(support, 10)).toThrow(RangeError);
  });
});

describe.each([
  ['frequentItemsets', frequentItemsets],
  ['apriori', apriori],
])('%s', (_, mine) => {
  it('finds what arules and mlxtend find', () => {
    const coded = transactions(groceries);
    expect(named(mine(coded, { support: 0.25 }), coded.items)).toEqual({
      bread: 7,
      butter: 6,
      jam: 3,
      milk: 4,
      'bread butter': 5,
      'bread jam': 2,
      'bread milk': 4,
      'butter jam': 3,
      'butter milk': 2,
      'bread butter jam': 2,
      'bread butter milk': 2,
    });
  });

  it.each([
    ['no basket', []],
    ['only empty baskets', [[], []]],
  ])('finds nothing in %s', (__, baskets) => {
    expect(mine(transactions(baskets), { support: 0.5 })).toEqual([]);
  });

  it('counts empty baskets in the support', () => {
    const coded = transactions([['a'], [], [], []]);
    expect(mine(coded, { support: 0.25 })).toEqual([{ items: [0], count: 1 }]);
    expect(mine(coded, { support: 0.26 })).toEqual([]);
  });

  it('cuts at a length', () => {
    const coded = transactions([['a', 'b', 'c']]);
    expect(mine(coded, { support: 1, maxLength: 2 }).map(({ items }) => items.length)).toEqual([1, 1, 1, 2, 2, 2]);
  });

  it('gives up where too much is frequent', () => {
    const wide = transactions([Array.from({ length: 30 }, (__, i) => `item ${i}`)]);
    const explode = () => mine(wide, { support: 1, limit: 200 });
    expect(explode).toThrow(TooManyItemsets);
    expect(explode).toThrow('more than 200 itemsets have a support of 1 or more');
  });

  it.each([{ support: 0 }, { support: 2 }, { support: 0.5, maxLength: 0 }, { support: 0.5, limit: 1.5 }])('refuses %o', (options) => {
    expect(() => mine(transactions([['a']]), options)).toThrow(RangeError);
    expect(() => mine(transactions([]), options)).toThrow(RangeError);
  });
});

describe('frequentItemsets', () => {
  const basket = fc.array(fc.constantFrom(...'abcdefgh'), { maxLength: 9 });

  it('gives exactly what Apriori gives', () => {
    fc.assert(
      fc.property(
        fc.array(basket, { maxLength: 40 }),
        fc.double({ min: 0.02, max: 1, noNaN: true }),
        fc.integer({ min: 1, max: 6 }),
        (baskets, support, maxLength) => {
          const coded = transactions(baskets);
          expect(frequentItemsets(coded, { support, maxLength })).toEqual(apriori(coded, { support, maxLength }));
        },
      ),
    );
  });

  it('counts what is there', () => {
    fc.assert(
      fc.property(fc.array(basket, { minLength: 1, maxLength: 20 }), (baskets) => {
        const coded = transactions(baskets);
        for (const { items, count } of frequentItemsets(coded, { support: 0.2 })) {
          expect(baskets.filter((own) => items.every((code) => own.includes(coded.items[code]!))).length).toBe(count);
        }
      }),
    );
  });
});
