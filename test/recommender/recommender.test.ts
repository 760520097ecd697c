import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LookbookError } from '#contract/error.ts';
import type { Plan } from '#recommender/appraise.ts';
import { multiplyPlain, openBackend } from '#recommender/backend.ts';
import { buildIndex, offerOf } from '#recommender/build.ts';
import { type Index, readIndex, type Served, writeIndex } from '#recommender/index.ts';
import { DamagedIndexError, pack, unpack } from '#recommender/index-file.ts';
import { interactions, pick } from '#recommender/interactions.ts';
import { maxK, recommender } from '#recommender/recommender.ts';
import { catalogueOf } from './catalogue.ts';
import { quick, simulate } from './simulate.ts';

const backend = await openBackend();
const { catalogue, data, taste } = simulate(4, 0.9, 300);
const offer = offerOf(catalogue);
const plan: Plan = { chosen: 'blend', baseline: 'popular', partner: 'ease', share: 0.25, passes: 6, epochs: [] };
const indexOf = (served: Served) => buildIndex({ catalogue, data, offer, appraisal: { served, plan }, now: 280 }, quick, backend);
const blend = await indexOf('blend');
const content = await indexOf('content');

describe('the file', () => {
  const bytes = writeIndex(blend);

  test('holds everything, and comes out the same', async () => {
    expect(readIndex(bytes)).toEqual(blend);
    expect(readIndex(writeIndex(content))).toEqual(content);
    expect(Buffer.from(writeIndex(readIndex(bytes))).equals(bytes)).toBe(true);
    expect(Buffer.from(writeIndex(await indexOf('blend'))).equals(bytes)).toBe(true);
  });

  test('is read from the middle of a larger buffer too', () => {
    const larger = new Uint8Array(bytes.length + 3);
    larger.set(bytes, 3);
    expect(readIndex(larger.subarray(3))).toEqual(blend);
  });

  test.each<[string, (bytes: Uint8Array) => Uint8Array, string]>([
    ['nothing', () => new Uint8Array(), 'not-an-index'],
    ['another file', () => new TextEncoder().encode('PAR1'.repeat(40)), 'not-an-index'],
    ['a later version', (given) => given.with(7, 9), 'version'],
    ['the first half', (given) => given.slice(0, given.length / 2), 'checksum'],
    ['a few bytes', (given) => given.slice(0, 100), 'truncated'],
    ['a byte more', (given) => Uint8Array.from([...given, 0]), 'checksum'],
    ['one bit changed', (given) => given.with(given.length - 1000, given.at(-1000)! ^ 1), 'checksum'],
    ['a changed directory', (given) => given.with(60, given[60]! ^ 1), 'checksum'],
    ['no such section', () => pack({ head: { products: 1 }, sections: {} }), 'contents'],
  ])('%s is refused', (_, change, damage) => {
    const error = (() => {
      try {
        readIndex(change(bytes));
      } catch (reason) {
        return reason;
      }
      return null;
    })();
    expect(error).toBeInstanceOf(DamagedIndexError);
    expect((error as DamagedIndexError).damage).toBe(damage);
    expect((error as DamagedIndexError).exitCode).toBe(3);
  });

  test('any single bit counts', () => {
    fc.assert(
      fc.property(fc.nat({ max: bytes.length - 1 }), fc.nat({ max: 7 }), (at, bit) => {
        expect(() => readIndex(bytes.with(at, bytes[at]! ^ (1 << bit)))).toThrow(DamagedIndexError);
      }),
      { numRuns: 30 },
    );
  });

  test('packs any arrays', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.float32Array(), fc.int32Array(), fc.string(), (a, b, c, text) => {
        expect(unpack(pack({ head: { text }, sections: { a, b, c } }))).toEqual({ head: { text }, sections: { a, b, c } });
      }),
    );
  });
});

describe.each<[Served, Index]>([
  ['blend', blend],
  ['embedding', await indexOf('embedding')],
  ['ease', await indexOf('ease')],
  ['item-item', await indexOf('item-item')],
  ['content', content],
])('%s', (served, index) => {
  const serve = recommender(index);

  test.skipIf(served === 'content')('follows the taste of a customer', () => {
    let own = 0;
    for (const [c, id] of index.customers.slice(0, 50).entries()) {
      const counts = new Float64Array(6);
      for (const p of pick(index.histories, [c]).product) counts[taste[p]!]!++;
      const most = counts.indexOf(Math.max(...counts));
      own += serve.forCustomer(id, { k: 5 }).list.filter(({ product }) => taste[product] === most).length;
    }
    expect(own / 250).toBeGreaterThan(0.6);
  });

  test('never offers what was bought, and gives a reason from the history', () => {
    for (const [c, id] of index.customers.slice(0, 20).entries()) {
      const had = new Set(pick(index.histories, [c]).product);
      const { basis, list } = serve.forCustomer(id, { k: 10 });
      expect(basis).toBe('history');
      expect(list).toHaveLength(10);
      for (const { product, reason } of list) {
        expect(had.has(product)).toBe(false);
        expect(reason.kind === 'popular' || had.has(reason.because)).toBe(true);
        expect(serve.reason(c, product)).toEqual(reason);
      }
    }
  });

  test('one at a time or all at once, the lists are the same', () => {
    const lists = serve.forAll(7, { multiply: multiplyPlain }, 10, 40);
    for (let i = 0; i < 30; i++) {
      const one = serve.forCustomer(index.customers[10 + i]!, { k: 7 }).list.map(({ product }) => product);
      expect([...lists.product.subarray(i * 7, i * 7 + 7)]).toEqual(one);
    }
  });

  test('similar products: of one taste where it was learned, with a word in common where content is all', () => {
    const found = serve.similar('p25', 5)!;
    const [first, second] = catalogue.names[25]!.split(' ') as [string, string];
    const isAlike = (product: number) =>
      index.towers ? taste[product] === 1 : catalogue.names[product]!.includes(first) || catalogue.names[product]!.includes(second);
    expect(found.filter(({ product }) => isAlike(product)).length).toBeGreaterThanOrEqual(4);
    expect(found.every(({ product, similarity }, i) => product !== 25 && similarity <= (found[i - 1]?.similarity ?? 1))).toBe(true);
  });
});

describe('asked', () => {
  const serve = recommender(blend);

  test('by a basket, as a customer who bought it', () => {
    const { basis, unknown, list } = serve.forProducts(['p45', 'nothing', 'p46', 'p45'], { k: 5 });
    expect({ basis, unknown }).toEqual({ basis: 'history', unknown: ['nothing'] });
    expect(list.filter(({ product }) => taste[product] === 2).length).toBeGreaterThanOrEqual(4);
  });

  test('by someone unknown, or with nothing: what is popular, and so called', () => {
    const answers = [serve.forCustomer('nobody', { k: 3 }), serve.forProducts([], { k: 3 }), serve.forProducts(['nothing'], { k: 3 })];
    expect(answers.map(({ basis }) => basis)).toEqual(['popular', 'popular', 'popular']);
    expect(answers.map(({ unknown }) => unknown)).toEqual([['nobody'], [], ['nothing']]);
    const most = blend.popularity.indexOf(Math.max(...blend.popularity));
    const regional = Float32Array.from({ length: data.products }, (_, p) => (p === 7 ? 1 : 0));
    expect(serve.forCustomer('nobody', { k: 3, popularity: regional }).list[0]).toMatchObject({ id: 'p7', reason: { kind: 'popular' } });
    expect(() => serve.forProducts([], { k: 3, popularity: new Float32Array(2) })).toThrow('popularity: expected 120 numbers, found 2');
    for (const { list } of answers) expect(list[0]).toMatchObject({ product: most, reason: { kind: 'popular' } });
  });

  test('to leave products out', () => {
    const before = serve.forProducts(['p45'], { k: 3 }).list.map(({ id }) => id);
    const after = serve.forProducts(['p45'], { k: 3, exclude: [before[0]!, 'nothing'] }).list.map(({ id }) => id);
    expect(after).not.toContain(before[0]);
    expect(after.slice(0, 2)).toEqual(before.slice(1));
  });

  test.each([0, maxK + 1, 1.5, Number.NaN, -1])('for %d products: refused', (k) => {
    for (const ask of [
      () => serve.forCustomer('c1', { k }),
      () => serve.forProducts([], { k }),
      () => serve.similar('p1', k),
      () => serve.forAll(k, backend),
    ]) {
      expect(ask).toThrow(LookbookError);
      expect(ask).toThrow(`a whole number from 1 to ${maxK}`);
    }
  });

  test('what resembles an unknown product', () => {
    expect(serve.similar('nothing', 3)).toBeNull();
  });

  test('who would like a product: customers of its taste who have not bought it', () => {
    const [found, other] = serve.audience([45, 5], 10, backend) as [Int32Array, Int32Array];
    expect(found).toHaveLength(10);
    const share = (customers: Int32Array, own: number) => {
      const had = [...customers].flatMap((c) => [...pick(blend.histories, [c]).product]);
      return had.filter((p) => taste[p] === own).length / had.length;
    };
    expect(share(found, 2)).toBeGreaterThan(0.6);
    expect(share(other, 0)).toBeGreaterThan(0.6);
    for (const c of found) expect([...pick(blend.histories, [c]).product]).not.toContain(45);
  });

  test('for more than there is', () => {
    expect(serve.forProducts(['p1'], { k: 100 }).list.length).toBeLessThanOrEqual(100);
  });
});

describe('rules', () => {
  const small = catalogueOf([
    ['Red tea cup', 'Cups', 'Acme', 5],
    ['Blue tea cup', 'Cups', 'Acme', 5],
    ['Green tea cup', 'Cups', 'Acme', 5],
    ['Tea pot', 'Pots', 'Acme', 20],
    ['Tea bags', 'Food', 'Acme', 2],
    ['Old tea towel', 'Cloth', 'Acme', 3],
  ]);
  const rows = [
    ['u', 'p4'],
    ['u', 'p0'],
    ['v', 'p4'],
    ['v', 'p3'],
  ] as const;
  const few = interactions(
    { customer: rows.map(([c]) => c), product: rows.map(([, p]) => p), day: rows.map(() => 0), kind: rows.map(() => 'purchase') },
    small,
  );
  const build = async (change: Partial<Index>) => {
    const isOffered = Uint8Array.of(1, 1, 1, 1, 1, 0);
    const index = await buildIndex(
      { catalogue: small, data: few, offer: offerOf(small), appraisal: { served: 'content', plan: null }, now: 1, isOffered },
      quick,
      backend,
    );
    return recommender({ ...index, ...change });
  };

  test('one of the cups, nothing bought, nothing that is no longer offered', async () => {
    const ids = (await build({})).forCustomer('v', { k: 10 }).list.map(({ id }) => id);
    expect(ids).toHaveLength(1);
    expect(['p0', 'p1', 'p2']).toContain(ids[0]);
  });

  test('a product that is bought again stays in, and says so', async () => {
    const { list } = (await build({ isRepeat: Uint8Array.of(0, 0, 0, 0, 1, 0) })).forCustomer('u', { k: 10 });
    expect(list.find(({ id }) => id === 'p4')?.reason).toEqual({ kind: 'again', because: 4 });
    expect(list.map(({ id }) => id)).not.toContain('p0');
  });

  test('a reason names what is shared', async () => {
    const { list } = (await build({})).forProducts(['p0'], { k: 3 });
    expect(list[0]).toMatchObject({ reason: { kind: 'similar', because: 0 } });
    const cup = list.find(({ id }) => id === 'p1' || id === 'p2');
    expect(cup?.reason).toEqual({ kind: 'similar', because: 0, shared: ['name', 'category', 'brand', 'price'] });
  });

  test('variants of a product are not similar products', async () => {
    expect(
      (await build({}))
        .similar('p0', 5)!
        .map(({ id }) => id)
        .sort(),
    ).toEqual(['p3', 'p4']);
  });

  test('one product, one customer', async () => {
    const one = catalogueOf([['Lamp']]);
    const own = interactions({ customer: ['u'], product: ['p0'], day: [0], kind: ['purchase'] }, one);
    const serve = recommender(
      await buildIndex(
        { catalogue: one, data: own, offer: offerOf(one), appraisal: { served: 'content', plan: null }, now: 1 },
        quick,
        backend,
      ),
    );
    expect(serve.forCustomer('u', { k: 5 })).toEqual({ basis: 'history', unknown: [], list: [] });
    expect(serve.forCustomer('w', { k: 5 }).list.map(({ id }) => id)).toEqual(['p0']);
    expect(serve.similar('p0', 5)).toEqual([]);
    expect([...serve.forAll(2, backend).product]).toEqual([-1, -1]);
  });
});
