import { rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RecommendAnswer, recommendProducts, similarProducts } from '#api/index.ts';
import { encodeWhy, type Why, whyAt } from '#api/listed.ts';
import { orderOf, type Places, placeFinder, placeOf } from '#api/places.ts';
import { emptyShelf, put, take } from '#api/shelf.ts';
import type { LookbookError } from '#contract/error.ts';
import { purchase } from '#recommender/interactions.ts';
import { type Recommender, recommender } from '#recommender/recommender.ts';
import { ownFolder } from './client.ts';
import { madeIndex, type OfferOptions } from './made-offers.ts';
import { outFolder, publishRun, spoil } from './published.ts';

const offers: OfferOptions = { customers: 120, beyond: 15, newcomers: 4 };
const index = madeIndex(offers);
const direct = recommender(index);
const { out, remove } = outFolder();
beforeAll(async () => {
  await publishRun(out, { customers: 30, offers });
});
afterAll(remove);

const refused = async (promise: Promise<unknown>): Promise<LookbookError> => {
  const error = await promise.then(
    () => null,
    (thrown: LookbookError) => thrown,
  );
  expect(error?.name).toBe('LookbookError');
  return error as LookbookError;
};
const idsOf = ({ recommendations }: RecommendAnswer) => recommendations.map(({ productId }) => productId);
const boughtBy = (customer: number) => {
  const { offsets, product, kind } = index.histories;
  const entries = Array.from({ length: offsets[customer + 1]! - offsets[customer]! }, (_, i) => offsets[customer]! + i);
  return entries.filter((e) => kind[e] === purchase && index.isRepeat[product[e]!] !== 1).map((e) => index.catalogue.ids[product[e]!]!);
};
const notOffered = index.catalogue.ids.filter((_, p) => index.isOffered[p] !== 1);

describe('recommendations for a customer', () => {
  it('are those of the recommender, with the run, what is served and how it was judged', async () => {
    for (const customerId of ['c000000', 'c000007', 'c000119']) {
      const answer = await recommendProducts({ customerId, k: 12, out });
      const { list } = direct.forCustomer(customerId, { k: 12 });
      expect(answer.recommendations.map(({ productId, score }) => [productId, score])).toEqual(list.map(({ id, score }) => [id, score]));
      expect(answer).toMatchObject({
        ...{
          served: 'blend',
          servedName: 'embedding blended with a collaborative filter',
          fallback: null,
          unknown: [],
          k: 12,
          passedOver: [],
        },
        run: { shop: 'demo', asOf: '2026-11-15' },
        judgement: { verdict: 'beats-popularity', baseline: 'recent', gain: { value: 0.035, low: 0.028, high: 0.043 }, customers: 150 },
      });
    }
  });

  it('name the product that speaks for each, and what the customer did with it', async () => {
    const seen = new Set<string>();
    for (let c = 0; c < 120; c++) {
      const customerId = `c${String(c).padStart(6, '0')}`;
      const { recommendations } = await recommendProducts({ customerId, out });
      const { list } = direct.forCustomer(customerId, { k: 10 });
      const { offsets, product, kind } = index.histories;
      const did = (p: number) => {
        const kinds = Array.from({ length: offsets[c + 1]! - offsets[c]! }, (_, i) => offsets[c]! + i).filter((e) => product[e] === p);
        return ['view', 'cart', 'purchase'][Math.max(...kinds.map((e) => kind[e]!))];
      };
      recommendations.forEach(({ reason }, i) => {
        const wanted = list[i]!.reason;
        expect(reason.kind).toBe(wanted.kind);
        seen.add(`${reason.kind} ${reason.deed}`);
        if (wanted.kind === 'popular') return;
        const name = index.catalogue.names[wanted.because]!;
        expect(reason.product).toEqual({ productId: index.catalogue.ids[wanted.because], name });
        expect(reason.deed).toBe(did(wanted.because));
        expect(reason.words).toContain(name);
        if (wanted.kind === 'similar') expect(reason.shared).toEqual(wanted.shared);
      });
    }
    for (const one of ['also-bought purchase', 'also-bought view', 'similar purchase', 'again purchase']) expect(seen).toContain(one);
  });

  it.each([
    ['also-bought', 'purchase', /^customers of .+ also buy$/],
    ['also-bought', 'view', /^viewed .+; its customers also buy$/],
    ['similar', 'purchase', /^bought .+; (similar (name|category|brand|price)|near it in what customers buy)/],
    ['again', 'purchase', /^bought .+ before; it is bought again$/],
  ])('say %s after a %s in words', async (kind, deed, words) => {
    const all = await Promise.all(
      Array.from({ length: 120 }, (_, c) => recommendProducts({ customerId: `c${String(c).padStart(6, '0')}`, k: 30, out })),
    );
    const reasons = all.flatMap(({ recommendations }) => recommendations.map(({ reason }) => reason));
    const own = reasons.filter((reason) => reason.kind === kind && reason.deed === deed);
    expect(own.length).toBeGreaterThan(0);
    for (const { words: text } of own) expect(text).toMatch(words);
  });

  it('never hold what was bought, is not offered, is left out, or stands there already', async () => {
    for (let c = 0; c < 120; c += 3) {
      const customerId = `c${String(c).padStart(6, '0')}`;
      const first = idsOf(await recommendProducts({ customerId, k: 20, out }));
      const exclude = first.slice(0, 5);
      const answer = await recommendProducts({ customerId, k: 100, exclude: [...exclude, 'no such product', '__proto__'], out });
      const ids = idsOf(answer);
      for (const id of [...boughtBy(c), ...notOffered, ...exclude]) expect(ids).not.toContain(id);
      expect(new Set(ids).size).toBe(ids.length);
      expect(answer.note).toMatch(/^\d+ of 100: what else is offered was bought already/);
    }
  });

  it('rest on a history that the index does not hold as on one that it does', async () => {
    const { customers, histories } = madeIndex({ ...offers, customers: 15, seed: 2 });
    const wide: Recommender = recommender({ ...index, customers, histories });
    for (let i = 0; i < 15; i++) {
      const { recommendations, fallback } = await recommendProducts({ customerId: `c${String(120 + i).padStart(6, '0')}`, out });
      expect(fallback).toBeNull();
      const { list } = wide.forCustomer(customers[i]!, { k: 10 });
      expect(recommendations.map(({ productId }) => productId)).toEqual(list.map(({ id }) => id));
    }
  });

  it('of whom nothing is known are what is popular where they live, then in the country, then in the shop', async () => {
    const offered = index.catalogue.ids.filter((_, p) => index.isOffered[p] === 1);
    const { fallback, recommendations } = await recommendProducts({ customerId: 'c000135', k: 8, out });
    expect(fallback).toEqual({
      why: 'no-history',
      place: { country: 'Germany', region: 'Bavaria' },
      words: 'the customer has bought and viewed nothing yet: this is what is popular in Bavaria, Germany',
    });
    expect(recommendations.slice(0, 3).map(({ productId, score }) => [productId, score])).toEqual([
      [offered[4], 30],
      [offered[5], 29],
      [offered[6], 28],
    ]);
    expect(recommendations.map(({ reason }) => reason.words)).toEqual([
      ...['popular in Bavaria, Germany', 'popular in Bavaria, Germany', 'popular in Bavaria, Germany'],
      ...['popular in Germany', 'popular in Germany', 'popular in the shop', 'popular in the shop', 'popular in the shop'],
    ]);
    const elsewhere = await recommendProducts({ customerId: 'c000136', k: 3, out });
    expect(elsewhere.fallback?.place).toEqual({ country: 'Germany', region: null });
    const nowhere = await recommendProducts({ customerId: 'c000137', k: 3, out });
    expect(nowhere.fallback?.words).toBe('the customer has bought and viewed nothing yet: this is what is popular in the shop');
    expect(idsOf(nowhere)).toEqual(offered.slice(0, 3));
  });

  it.each(['nobody', '', '__proto__', 'constructor', 'c000000 ', '\u0000', 'x'.repeat(10_000), '💩'])(
    'of the unknown customer %j are what is popular in the shop',
    async (customerId) => {
      const answer = await recommendProducts({ customerId, out });
      expect(answer).toMatchObject({
        fallback: { why: 'unknown-customer', place: { country: null, region: null } },
        unknown: [customerId],
      });
      expect(answer.recommendations).toHaveLength(10);
    },
  );

  it('say so where nothing is left', async () => {
    const answer = await recommendProducts({ customerId: 'c000135', exclude: index.catalogue.ids, out });
    expect(answer).toMatchObject({ recommendations: [], note: expect.stringMatching(/^nothing is left to recommend/) });
  });
});

describe('recommendations for a basket', () => {
  it('are those of the recommender, without the basket', async () => {
    const basket = ['p0003', 'p0013', 'p0003'];
    const answer = await recommendProducts({ productIds: basket, out });
    const { list } = direct.forProducts(basket, { k: 10, exclude: basket });
    expect(idsOf(answer)).toEqual(list.map(({ id }) => id));
    expect(answer.recommendations.every(({ reason }) => reason.deed === null)).toBe(true);
    expect(answer.recommendations.map(({ reason }) => reason.words).join('\n')).toMatch(/customers of Oak Mirror 103 also buy/);
  });

  it('name what is unknown, and fall back where all of it is', async () => {
    const some = await recommendProducts({ productIds: ['p0001', 'x', '__proto__', 'x'], out });
    expect(some).toMatchObject({ unknown: ['x', '__proto__'], fallback: null });
    const none = await recommendProducts({ productIds: ['x'], out });
    expect(none).toMatchObject({ unknown: ['x'], fallback: { why: 'unknown-products' } });
    expect(await recommendProducts({ productIds: [], out })).toMatchObject({ unknown: [], fallback: { why: 'empty-basket' } });
  });
});

describe('similar products', () => {
  it('are those of the recommender, with what they share', async () => {
    const answer = await similarProducts('p0021', { out, k: 7 });
    const list = direct.similar('p0021', 7)!;
    expect(answer.similar.map(({ productId, score }) => [productId, score])).toEqual(list.map(({ id, similarity }) => [id, similarity]));
    expect(answer).toMatchObject({
      space: 'embedding',
      product: { productId: 'p0021', name: 'Brass Glove 121', category: 'Home · Gloves' },
    });
    expect(answer.similar.some(({ reason }) => reason.words.startsWith('similar category'))).toBe(true);
    expect(answer.similar.every(({ reason }) => reason.product?.productId === 'p0021' && reason.deed === null)).toBe(true);
  });

  it('are told of a product that is no longer offered too', async () => {
    expect((await similarProducts(notOffered[0]!, { out })).similar.length).toBeGreaterThan(0);
  });

  it('are by content where nothing beat popularity, and called so', async () => {
    const own = ownFolder();
    await publishRun(own, { customers: 5, offers: { ...offers, served: 'content' } });
    expect(await similarProducts('p0021', { out: own })).toMatchObject({
      ...{ space: 'content', servedName: 'similarity of content' },
      judgement: { verdict: 'within-noise', gain: { low: -0.003 } },
    });
  });

  it.each(['nope', '', '__proto__', 'toString'])('of the unknown product %j are refused', async (id) => {
    const error = await refused(similarProducts(id, { out }));
    expect([error.exitCode, error.message]).toEqual([2, expect.stringContaining('no such product')]);
  });
});

describe('a question', () => {
  it.each([
    [{ customerId: 'c000001', k: 0 }, '1 to 100'],
    [{ customerId: 'c000001', k: 101 }, '1 to 100'],
    [{ customerId: 'c000001', k: 1.5 }, '1 to 100'],
    [{ customerId: 'c000001', k: Number.NaN }, '1 to 100'],
    [{}, 'either customerId or productIds'],
    [{ customerId: 'a', productIds: [] }, 'either customerId or productIds'],
    [{ customerId: 7 }, 'not an id'],
    [{ productIds: [null] }, 'not an id'],
    [{ productIds: 'p0001' }, 'not an id'],
    [{ customerId: 'a', exclude: [{}] }, 'not an id'],
    [{ customerId: 'a', shop: 'dmo' }, 'did you mean «demo»?'],
    [{ customerId: 'a', asOf: '2026-11-14' }, '2026-11-15'],
  ])('%j is refused', async (query, hint) => {
    const error = await refused(recommendProducts({ out, ...query } as never));
    expect([error.exitCode, error.message]).toEqual([2, expect.stringContaining(hint)]);
  });

  it('passes over a newer run without recommendations, and says so', async () => {
    const own = ownFolder();
    await publishRun(own, { customers: 5, offers });
    await publishRun(own, { customers: 5, asOf: '2026-11-22' });
    expect(await recommendProducts({ customerId: 'c000001', out: own })).toMatchObject({
      run: { asOf: '2026-11-15' },
      passedOver: ['2026-11-22'],
    });
    const error = await refused(recommendProducts({ customerId: 'c000001', out: own, asOf: '2026-11-22' }));
    expect([error.exitCode, error.message]).toEqual([3, expect.stringContaining('recommendations/index')]);
  });

  it('is answered without exports of customers', async () => {
    const own = ownFolder();
    const without = ['customers', 'histories', 'popular'].map((name) => `recommendations/${name}`);
    await publishRun(own, { customers: 5, offers, without });
    expect((await recommendProducts({ customerId: 'c000001', out: own })).fallback).toBeNull();
    const { recommendations, fallback } = await recommendProducts({ customerId: 'c000135', out: own, k: 3 });
    expect(fallback?.why).toBe('unknown-customer');
    expect(recommendations.every(({ score, reason }) => score === 0 && reason.words === 'popular in the shop')).toBe(true);
  });

  it.each([
    ['changed', (place: string, kept: { file: string }) => spoil(place, kept as never)],
    ['missing', (place: string, kept: { file: string }) => rmSync(join(place, 'artifacts', kept.file))],
  ])('names an artifact that is %s', async (word, harm) => {
    for (const name of ['index', 'card', 'popular']) {
      const own = ownFolder();
      const { artifacts } = await publishRun(own, { customers: 5, offers });
      harm(own, artifacts[`recommendations/${name}`]!);
      const error = await refused(recommendProducts({ customerId: 'a', out: own }));
      expect([error.exitCode, error.message]).toEqual([3, expect.stringContaining(word)]);
    }
  });

  it.each([
    [{ index: new Uint8Array(100) }, 'an index of recommendations'],
    [{ card: { verdict: 'splendid' } }, 'a verdict on the recommender'],
    [{ card: 'text' }, 'a verdict on the recommender'],
  ])('refuses artifacts of another form', async (odd, hint) => {
    const own = ownFolder();
    await publishRun(own, { customers: 5, offers: { ...offers, ...odd } });
    expect((await refused(recommendProducts({ customerId: 'a', out: own }))).message).toContain(hint);
  });

  it.each([
    [{ products: 0, customers: 0, beyond: 0, newcomers: 0 }, 0],
    [{ products: 1, customers: 1, beyond: 0, newcomers: 1 }, 0],
    [{ products: 3, customers: 0, beyond: 0, newcomers: 0 }, 3],
  ])('to a shop of %j is answered', async (size, found) => {
    for (const served of ['content', 'blend', 'item-item'] as const) {
      const own = ownFolder();
      await publishRun(own, { customers: 0, offers: { ...size, served } });
      const answer = await recommendProducts({ customerId: 'c000000', out: own });
      expect(answer.recommendations.length).toBeGreaterThanOrEqual(found === 0 ? 0 : 1);
      expect(answer.note).not.toBeNull();
    }
  });
});

describe('what is held', () => {
  it('a reason in eight bits comes out as it went in', () => {
    const shared = fc.subarray(['name', 'category', 'brand', 'price'] as const);
    const kind = fc.constantFrom('popular', 'also-bought', 'similar', 'again');
    fc.assert(
      fc.property(
        kind,
        fc.constantFrom('view', 'cart', 'purchase'),
        shared,
        fc.integer({ min: -1, max: 1e6 }),
        (k, deed, both, because) => {
          const why = { kind: k, deed, shared: both, because } as Why;
          const listed = {
            product: Int32Array.of(0),
            score: Float32Array.of(0),
            because: Int32Array.of(because),
            why: Uint8Array.of(encodeWhy(why)),
          };
          expect(whyAt(listed, 0)).toEqual(why);
        },
      ),
    );
  });

  it('a list made ahead serves what is left out of it elsewhere, and nothing else', () => {
    const shelf = emptyShelf(3, 2);
    const list = { product: Int32Array.of(5, 6), score: Float32Array.of(2, 1), because: Int32Array.of(0, 0), why: Uint8Array.of(1, 1) };
    expect(take(shelf, 1, 2, [])).toBeNull();
    put(shelf, 1, list);
    expect(take(shelf, 1, 2, [])).toEqual(list);
    expect(take(shelf, 1, 2, [7])).toEqual(list);
    expect(take(shelf, 1, 2, [6])).toBeNull();
    expect(take(shelf, 1, 3, [])).toBeNull();
    put(shelf, 2, { product: Int32Array.of(5), score: Float32Array.of(2), because: Int32Array.of(0), why: Uint8Array.of(1) });
    expect(take(shelf, 2, 2, [])?.product).toEqual(Int32Array.of(5));
    expect(take(shelf, 2, 2, [7])).toBeNull();
    expect(take(shelf, 0, 2, [])).toBeNull();
  });

  it('leaving out what is not in a full list changes nothing', () => {
    for (let c = 0; c < 60; c++) {
      const id = index.customers[c]!;
      const plain = direct.forCustomer(id, { k: 10 }).list.map((one) => one.id);
      const others = index.catalogue.ids.filter((one) => !plain.includes(one));
      expect(direct.forCustomer(id, { k: 10, exclude: others.filter((_, i) => (i + c) % 3 === 0) }).list.map((one) => one.id)).toEqual(
        plain,
      );
    }
  });

  it('a place takes its own first, then the next larger', () => {
    const places: Places = {
      names: [
        { country: null, region: null },
        { country: 'A', region: null },
        { country: 'A', region: 'a' },
      ],
      within: Int32Array.of(-1, 0, 1),
      offsets: Int32Array.of(0, 2, 3, 4),
      product: Int32Array.of(0, 1, 2, 3),
      customers: Int32Array.of(900, 800, 50, 4),
    };
    const order = orderOf(places, 2, Float32Array.of(1, 9, 3, 2, 7));
    expect([...order.keys()].sort((a, b) => order[b]! - order[a]!)).toEqual([3, 2, 0, 1, 4]);
    expect(Array.from(order, (value) => placeOf(places, 2, value))).toEqual([
      { place: 0, customers: 900 },
      { place: 0, customers: 800 },
      { place: 1, customers: 50 },
      { place: 2, customers: 4 },
      { place: -1, customers: 0 },
    ]);
    const find = placeFinder(places);
    expect([
      find({ country: 'A', region: 'a' }),
      find({ country: 'A', region: 'b' }),
      find({ country: 'B', region: 'a' }),
      find({ country: null, region: null }),
    ]).toEqual([2, 1, 0, 0]);
  });
});
