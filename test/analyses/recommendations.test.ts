import { describe, expect, test } from 'vitest';
import { readIndex } from '#recommender/index.ts';
import { recommender } from '#recommender/recommender.ts';
import { random } from '#stats/random.ts';
import { placesOf } from '../../analyses/recommendations/map.ts';
import { halfSize } from '../../analyses/recommendations/worth.ts';
import { asOf, type Did, noEffects, type Offered, product, runOn, tasteShop, textOf, today } from './recommendations-fixture.ts';

const indexOf = (result: { artifacts?: Record<string, unknown> }) => readIndex(result.artifacts!.index as Uint8Array);
const metric = (result: Awaited<ReturnType<typeof runOn>>, id: string) => result.metrics.find((one) => one.id === id)!;

describe('planted tastes', async () => {
  const { did, products } = tasteShop(0.9);
  const result = await runOn(did, products);

  test('are found beyond noise, said so, and an action is asked for', () => {
    expect(result.headline).toMatch(/^Personal lists foretell [0-9.]+% of purchases, best sellers [0-9.]+%$/);
    const [verdict] = result.findings;
    expect(verdict).toMatchObject({ id: 'verdict', kind: 'state', direction: 'good', proof: 'evaluation' });
    expect(verdict!.effect!.interval!.low).toBeGreaterThan(0.1);
    expect(verdict!.stake!.low).toBeGreaterThan(0);
    expect(verdict!.stake!.low <= verdict!.stake!.value && verdict!.stake!.value <= verdict!.stake!.high).toBe(true);
    expect(verdict!.stake!.basis).toContain('at most');
    expect(verdict!.action!.do).toContain('random half');
    expect(result.method).toMatchObject({ tested: 1, called: 1 });
  });

  test('eight candidates stand in the table, the one that is served with its name', () => {
    const { rows } = result.tables.find(({ id }) => id === 'recommenders')!;
    expect(rows).toHaveLength(8);
    expect(rows.filter((row) => String(row.recommender).endsWith('(served)'))).toHaveLength(1);
    expect(rows.filter((row) => row.gain_between === 'the measure')).toHaveLength(1);
    expect(metric(result, 'recommendation_recall').value).toBe(rows.find((row) => String(row.recommender).endsWith('(served)'))!.recall);
  });

  test('the example customer is offered nothing that was bought, each with its reason', () => {
    const bought = result.tables
      .find(({ id }) => id === 'history')!
      .rows.filter((row) => row.did === 'bought')
      .map((row) => row.product);
    const offers = result.tables.find(({ id }) => id === 'offers')!.rows;
    expect(offers).toHaveLength(10);
    for (const offer of offers) {
      expect(bought).not.toContain(offer.product);
      expect(String(offer.why).length).toBeGreaterThan(5);
    }
  });

  test('the index answers as the pages do', () => {
    const index = indexOf(result);
    const customer = /Customer (\S+):/.exec(result.tables.find(({ id }) => id === 'offers')!.title)![1]!;
    const { list } = recommender(index).forCustomer(customer, { k: 10 });
    const names = new Map(products.map(({ product_id, name }) => [product_id, name]));
    expect(list.map(({ id }) => names.get(id))).toEqual(result.tables.find(({ id }) => id === 'offers')!.rows.map((row) => row.product));
    expect(index.customers).toHaveLength(300);
    expect(result.artifacts!.card).toMatchObject({ as_of: asOf, verdict: 'beats-popularity', served: index.served, text_model: null });
  });

  test('neighbours of the best sellers have a word in common with them', () => {
    let seller = '';
    const same = result.tables
      .find(({ id }) => id === 'neighbours')!
      .rows.map((row) => {
        seller = String(row.seller) || seller;
        return seller.split(' ').some((word) => String(row.similar).includes(word));
      });
    expect(same).toEqual(new Array(18).fill(true));
  });

  test('the same bytes twice', async () => {
    const again = await runOn(did.toReversed(), products);
    expect(Buffer.from(again.artifacts!.index as Uint8Array).equals(result.artifacts!.index as Uint8Array)).toBe(true);
    const { artifacts: _, ...pages } = result;
    const { artifacts: __, ...others } = again;
    expect(others).toEqual(pages);
  });

  test('the backend and its seconds stand in no sentence but the method', () => {
    const { method, ...rest } = result;
    expect(textOf({ ...rest, method: { text: [], tested: 0, called: 0 } })).not.toMatch(/wasm|tensorflow|\bcpu\b/i);
    expect(method.text.join(' ')).toMatch(/Backend: (tensorflow|wasm|cpu), TensorFlow\.js/);
    expect(method.text.join(' ')).not.toMatch(/second/);
  });
});

test('everyone buys anything: nothing beats what sells, and similarity of content is served by that name', async () => {
  const { did, products } = tasteShop(0);
  const result = await runOn(did, products);
  expect(result.headline).toBe('No personal recommendation beats showing what sells');
  expect(result.summary).toContain('similarity of content');
  expect(result.findings[0]).toMatchObject({ id: 'verdict', stake: null, direction: 'neutral' });
  expect(result.findings[0]!.action!.do).toContain('best sellers');
  expect(result.method.called).toBe(0);
  expect(indexOf(result)).toMatchObject({ served: 'content', towers: null, neighbours: null });
});

test('a large shop without tastes is not trained further: the dear candidates are left out and the method says why', async () => {
  const r = random(3, 'large shop');
  const words = ['red', 'soft', 'old'];
  const products = Array.from({ length: 6000 }, (_, i) => product(`p${i}`, { name: `Thing ${words[i % 3]}`, price: 5 + (i % 50) }));
  const did = Array.from({ length: 18_000 }, (_, i): Did => {
    return { customer_id: `c${i % 6000}`, product_id: `p${r.integer(6000)}`, day: today - r.integer(300), strength: 2 };
  });
  const result = await runOn(did, products);
  expect(result.artifacts!.card).toMatchObject({ stopped_early: true, verdict: 'within-noise', served: 'content', chosen: null });
  expect(result.method.text.join(' ')).toContain('Stopped early');
  expect(result.tables.find(({ id }) => id === 'recommenders')!.rows).toHaveLength(6);
  expect(result.findings[0]!.kind).toBe('state');
});

const one: Did = { customer_id: 'u', product_id: 'a', day: today - 3, strength: 2 };

test.each<[string, Did[], Offered[], string]>([
  ['nothing at all', [], [], 'There are no products'],
  ['products that nobody bought', [], [product('a'), product('b'), product('c')], 'No identified customer has bought or viewed a product'],
  ['one customer', [one], [product('a'), product('b')], 'The data are too short for a holdout'],
  ['one product', [one, { ...one, customer_id: 'v', day: today - 90 }], [product('a')], 'Too few customers'],
  [
    'three weeks',
    Array.from({ length: 60 }, (_, i) => ({ ...one, customer_id: `c${i}`, product_id: `p${i % 5}`, day: today - (i % 21) })),
    Array.from({ length: 5 }, (_, i) => product(`p${i}`)),
    'Too few customers',
  ],
  [
    'views alone',
    [
      { ...one, strength: 0 },
      { ...one, product_id: 'b', strength: 1, day: today - 200 },
    ],
    [product('a'), product('b'), product('c')],
    'Too few customers',
  ],
  [
    'nothing offered, without price or name',
    [one],
    [product('a', { is_offered: false, price: null, name: 'Unnamed product a' })],
    'The data are too short',
  ],
  [
    'products that are all alike',
    [one],
    Array.from({ length: 5 }, (_, i) => product(`${'abcde'[i]}`, { name: 'Thing' })),
    'The data are too short',
  ],
])('%s: says so, without NaN', async (_, did, products, reason) => {
  const result = await runOn(did, products);
  expect(result.headline).toBe('Too little history to judge recommendations by');
  expect(result.summary).toContain(reason);
  const { artifacts, ...pages } = result;
  expect(JSON.stringify(pages)).not.toMatch(/NaN|Infinity|undefined/);
  const unknown = (value: unknown): boolean =>
    typeof value === 'number' ? !Number.isFinite(value) : value !== null && typeof value === 'object' && Object.values(value).some(unknown);
  expect(unknown(pages)).toBe(false);
  const shown = new Set([...result.figures, ...result.tables].map(({ id }) => id));
  for (const id of ['evaluation', 'slices', 'map', 'recommenders', 'neighbours', 'newest', 'history', 'offers']) {
    expect(shown.has(id) !== id in result.omitted).toBe(true);
  }
  expect(() => recommender(readIndex(artifacts!.index as Uint8Array)).forCustomer('u', { k: 5 })).not.toThrow();
});

test('names of products are cleaned before they stand on a page', async () => {
  const { did, products } = tasteShop(0.9, 120);
  for (const one of products)
    Object.assign(one, { name: `=cmd|' /C calc'!A0\u202e\u0007\n<script>alert(1)</script> ${one.name} ${'x'.repeat(300)}` });
  const text = textOf(await runOn(did, products));
  expect(text).not.toMatch(/\\u202e|\\u0007|\\n/);
  for (const part of text.split('"')) expect(part.length).toBeLessThan(900);
});

test('a new product is counted, an old one or one of a young shop is not', async () => {
  const { did, products } = tasteShop(0.9, 120);
  const last = { ...products[0]!, product_id: 'new', name: 'garden fountain', first_day: today - 20, units: 0, customers: 0 };
  const table = (await runOn(did, [...products, last])).tables.find(({ id }) => id === 'newest')!;
  expect(table.rows.map((row) => row.product)).toEqual(['garden fountain']);
  const young = products.map((one) => ({ ...one, first_day: today - 60 }));
  expect((await runOn(did, [...young, last])).omitted.newest).toContain('no product on offer');
});

describe('a model of text behind an endpoint', () => {
  const { did, products } = tasteShop(0.9, 60);
  const params = { embeddingUrl: 'http://localhost:1/v1', embeddingModel: 'small-text', embeddingKey: 'TEXT_KEY' };

  test('is asked once a product, with the key, and named', async () => {
    const asked: { key: string | null; texts: string[] }[] = [];
    const fetch = async (_: unknown, init?: RequestInit) => {
      const { input } = JSON.parse(String(init?.body)) as { input: string[] };
      asked.push({ key: new Headers(init?.headers).get('authorization'), texts: input });
      const data = input.map((text, index) => ({ index, embedding: [text.length, text.charCodeAt(0), 1] }));
      return Response.json({ data });
    };
    const effects = { ...noEffects, fetch: fetch as typeof globalThis.fetch, secret: (name: string) => `value of ${name}` };
    const result = await runOn(did, products, params, effects);
    expect(asked.flatMap(({ texts }) => texts)).toHaveLength(products.length);
    expect(asked[0]!.key).toBe('Bearer value of TEXT_KEY');
    expect(asked[0]!.texts[0]).toBe('garden lamp, Brand 0, All · garden');
    expect(textOf(result)).toContain('small-text');
    expect(textOf(result)).not.toContain('value of TEXT_KEY');
  });

  test.each([
    ['without its key', params, 'an environment variable that is set'],
    ['without a model', { ...params, embeddingModel: null }, 'its name at the endpoint'],
    ['that is no address', { ...params, embeddingUrl: 'file:///etc/passwd' }, 'http'],
  ])('%s is refused', async (_, wrong, expected) => {
    await expect(runOn(did, products, wrong)).rejects.toThrow(expected);
  });
});

test.each([
  ['customers', 0],
  ['customers', 'many'],
  ['newWithinDays', -1],
])('parameter %s of %s is refused', async (name, value) => {
  await expect(runOn([], [], { [name]: value })).rejects.toThrow('a number above 0');
});

test('the map: two components at right angles, most of the variance first', () => {
  // Four points on a cross, twice as long across as up: variances 8 and 2, nothing besides.
  const values = Float32Array.from(
    [
      [2, 0, 0],
      [-2, 0, 0],
      [0, 1, 0],
      [0, -1, 0],
    ].flat(),
  );
  const index = { towers: null, content: { dimensions: 3, values }, catalogue: { ids: ['a', 'b', 'c', 'd'] } };
  const { places, mapped } = placesOf(index as never, [0, 1, 2, 3]);
  expect(mapped).toBeCloseTo(1, 9);
  expect(places.map(({ x, y }) => [Math.abs(x), Math.abs(y)].map((value) => Math.round(value * 1e6) / 1e6 || 0))).toEqual([
    [2, 0],
    [2, 0],
    [0, 1],
    [0, 1],
  ]);
});

// From the power of the test as a function of n, solved for 80% by bisection: 14750.79, 387.34 and 3155.38.
test.each([
  [0.1, 0.11, 14_751],
  [0.5, 0.6, 388],
  [0.04, 0.055, 3156],
])('customers in each half to tell %d from %d', (control, treated, each) => {
  expect(halfSize(control, treated)).toBe(each);
});
