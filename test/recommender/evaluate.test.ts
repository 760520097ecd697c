import { describe, expect, test } from 'vitest';
import { evaluate, ndcgAt, recallAt } from '#recommender/evaluate.ts';
import { holdout } from '#recommender/holdout.ts';
import { interactions } from '#recommender/interactions.ts';
import { popularity, popularityScorer, recently, repeatScorer } from '#recommender/popularity.ts';
import { repeatProducts } from '#recommender/repeat.ts';
import type { Scorer } from '#recommender/scorer.ts';
import { catalogueOf } from './catalogue.ts';

const catalogue = catalogueOf(['a', 'b', 'c', 'd', 'e', 'f'].map((name) => [name]));
const taste = { kinds: [0.2, 0.5, 1] as const, halfLife: 100 };
const shop = (rows: [customer: string, product: number, day: number, kind?: string][]) =>
  interactions(
    {
      customer: rows.map(([customer]) => customer),
      product: rows.map(([, product]) => `p${product}`),
      day: rows.map(([, , day]) => day),
      kind: rows.map(([, , , kind = 'purchase']) => kind),
    },
    catalogue,
  );
const data = shop([
  ['a', 1, 0],
  ['a', 2, 10],
  ['a', 0, 11],
  ['a', 1, 12],
  ['b', 0, 3, 'view'],
  ['b', 5, 10],
  ['b', 0, 19],
  ['c', 2, 15],
  ['d', 2, 4],
  ['d', 2, 30],
]);
const none = new Uint8Array(6);
const asked = holdout(data, 10, 20, { taste, repeats: none, limit: 10 });

/** Products in this order for everyone. */
const inOrder = (list: number[]): Scorer => ({
  products: 6,
  score: (_, from, to, out) => {
    for (let c = 0; c < to - from; c++) for (const [rank, p] of list.entries()) out[c * 6 + p] = -rank;
  },
});

describe('holdout', () => {
  test('asks customers with a history, before the window, who bought something new in it', () => {
    expect([...asked.customers]).toEqual([0, 1]);
    expect(asked).toMatchObject({ known: 3, unknown: 1, from: 10, products: 6 });
    expect([...asked.histories.product]).toEqual([1, 0]);
    expect([...asked.excluded.product]).toEqual([1]);
    expect([...asked.truth.product]).toEqual([0, 2, 0, 5]);
    expect([...asked.isNew]).toEqual([1, 0, 0, 1, 1, 1]);
  });

  test('a product that is bought again may be foretold', () => {
    const again = holdout(data, 10, 20, { taste, repeats: Uint8Array.of(0, 1, 0, 0, 0, 0), limit: 10 });
    expect([...again.truth.product]).toEqual([0, 1, 2, 0, 5]);
    expect(again.excluded.product).toHaveLength(0);
  });

  test('nothing on or after its first day is in the histories', () => {
    const changed = shop([
      ['a', 1, 0],
      ['a', 2, 10],
      ['b', 0, 3, 'view'],
      ['b', 5, 10],
      ['d', 2, 4],
    ]);
    expect(holdout(changed, 10, 20, { taste, repeats: none, limit: 10 }).histories).toEqual(asked.histories);
  });

  test('at most so many customers, spread over all', () => {
    const many = shop(
      Array.from({ length: 100 }, (_, c) => [`c${String(c).padStart(2, '0')}`, c % 2, 0] as [string, number, number]).flatMap(
        ([c, p, d]) =>
          [
            [c, p, d],
            [c, 2, 10],
          ] as [string, number, number][],
      ),
    );
    expect([...holdout(many, 10, 20, { taste, repeats: none, limit: 4 }).customers]).toEqual([0, 25, 50, 75]);
  });
});

describe('evaluate', () => {
  test('by hand: customer a is offered 2 4 3 5 0 without 1, customer b everything', () => {
    const found = evaluate(inOrder([1, 2, 4, 3, 5, 0]), asked);
    expect([...found.recall]).toEqual([1, 1]);
    const a = (1 + 1 / Math.log2(6)) / (1 + 1 / Math.log2(3));
    const b = (1 / Math.log2(6) + 1 / Math.log2(7)) / (1 + 1 / Math.log2(3));
    expect(found.ndcg[0]).toBeCloseTo(a, 12);
    expect(found.ndcg[1]).toBeCloseTo(b, 12);
    expect([...found.recallWarm]).toEqual([1, Number.NaN]);
    expect([...found.recallCold]).toEqual([1, 1]);
    expect(found.coverage).toBe(1);
    // Bought before by: 1 of 3 (products 1 and 2), or nobody; 11 places.
    expect(found.novelty).toBeCloseTo((3 * 1 + 8 * 2) / 11, 12);
  });

  test('a list is 20 long, of which NDCG reads ten', () => {
    expect([recallAt, ndcgAt]).toEqual([20, 10]);
    const wide = catalogueOf(Array.from({ length: 40 }, (_, i) => [`n${i}`]));
    const rows = [
      ['u', 39, 0],
      ['u', 19, 10],
      ['u', 20, 10],
    ] as const;
    const one = interactions(
      {
        customer: rows.map(([c]) => c),
        product: rows.map(([, p]) => `p${p}`),
        day: rows.map(([, , d]) => d),
        kind: rows.map(() => 'purchase'),
      },
      wide,
    );
    const ranked: Scorer = {
      products: 40,
      score: (_, __, ___, out) => {
        for (let p = 0; p < 40; p++) out[p] = -p;
      },
    };
    const found = evaluate(ranked, holdout(one, 10, 11, { taste, repeats: new Uint8Array(40), limit: 9 }));
    expect([...found.recall]).toEqual([0.5]);
    expect([...found.ndcg]).toEqual([0]);
    expect(found.coverage).toBe(0.5);
  });

  test('NDCG of a list read off by hand', () => {
    const found = evaluate(
      inOrder([1, 3, 0, 4, 2, 5]),
      holdout(
        shop([
          ['a', 5, 0],
          ['a', 3, 1],
          ['a', 0, 1],
          ['a', 2, 1],
        ]),
        1,
        2,
        { taste, repeats: none, limit: 9 },
      ),
    );
    expect(found.ndcg[0]).toBeCloseTo((1 / Math.log2(3) + 1 / Math.log2(4) + 1 / Math.log2(6)) / 2.1309297535714578, 12);
  });

  test('nobody asked', () => {
    const found = evaluate(inOrder([0, 1, 2, 3, 4, 5]), holdout(data, 100, 101, { taste, repeats: none, limit: 9 }));
    expect(found).toMatchObject({ coverage: 0, novelty: 0 });
    expect(found.recall).toHaveLength(0);
  });
});

describe('popularity', () => {
  test('counts customers once, purchases only, within its days', () => {
    expect([...popularity(data.histories, 6, 0, 20)]).toEqual([2, 1, 3, 0, 0, 1]);
    expect([...popularity(data.histories, 6, 11, 20)]).toEqual([2, 1, 1, 0, 0, 0]);
  });

  test('lately, then ever', () => {
    // Of customers since day 11: a bought 0 and 1, b bought 0, c bought 2.
    const found = recently(data.histories, 6, 20, 9);
    expect([...found].map(Math.floor)).toEqual([2, 1, 1, 0, 0, 0]);
    expect(found[2]! > found[1]! && found[5]! > found[4]!).toBe(true);
    const out = new Float32Array(12);
    popularityScorer(found).score(asked.histories, 0, 2, out);
    expect([...out]).toEqual([...found, ...found]);
  });

  test('what was had comes before what is popular', () => {
    const out = new Float32Array(12);
    repeatScorer(Float32Array.of(9, 0, 3, 0, 0, 0)).score(asked.histories, 0, 2, out);
    expect(out[1]).toBeGreaterThan(out[0]!);
    expect(out[0]).toBeGreaterThan(out[2]!);
    expect(out[6]).toBeGreaterThan(out[8]!);
  });
});

describe('products that are bought again', () => {
  test.each([
    [20, 20, 1],
    [20, 10, 0],
    [20, 11, 1],
    [200, 70, 0],
    [200, 74, 1],
    [19, 19, 0],
  ])('of %i customers %i bought again', (customers, again, expected) => {
    const rows = Array.from({ length: customers }, (_, c): [string, number, number][] => [
      [`c${c}`, 0, 0],
      ...(c < again ? [[`c${c}`, 0, 5] as [string, number, number]] : []),
    ]).flat();
    const found = repeatProducts(shop(rows).histories, 6);
    expect([found.isRepeat[0], found.customers[0], found.again[0]]).toEqual([expected, customers, again]);
  });
});
