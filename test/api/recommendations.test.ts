import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import type { RunOnWire } from '#api/answer.ts';
import { type RecommendAnswer, recommendProducts, similarProducts } from '#api/index.ts';
import type { Document } from '#api/openapi.ts';
import type { recommendationsSchema, similarSchema } from '#api/recommendation-answer.ts';
import { ownFolder, type Running, started, until } from './client.ts';
import type { OfferOptions } from './made-offers.ts';
import { outFolder, publishRun } from './published.ts';

type Recommendations = z.infer<typeof recommendationsSchema>;
type Similar = z.infer<typeof similarSchema>;

const ids = ['../../etc/passwd', 'Ünï çødé ✓', '100%', 'a/b?c#d', '__proto__', 'constructor', ' ', 'x'.repeat(200)];
const hostile = ['<script>alert(1)</script>', "'; drop table products--", '=cmd|calc', '\u202etxt.exe', '$' + '{7*7}', 'ﷺ'.repeat(40)];
const offers: OfferOptions = { customers: 120, beyond: 10, newcomers: 4, customerIds: ids, productIds: ids, productNames: hostile };
const { out, remove } = outFolder();
let service: Running;

beforeAll(async () => {
  await publishRun(out, { customers: 30, offers });
  service = await started({ out });
});
afterAll(async () => {
  await service.close();
  remove();
});

const json = { 'content-type': 'application/json' };
const post = (body: unknown, headers: Record<string, string> = json) =>
  service.ask('/v1/recommendations', { method: 'POST', headers, body: typeof body === 'string' ? body : JSON.stringify(body) });
const products = (answer: Recommendations) => answer.recommendations.map(({ product_id }) => product_id);
const here = ({ recommendations }: RecommendAnswer) => recommendations.map(({ productId }) => productId);

describe("a customer's recommendations", () => {
  it.each([...ids, 'c000050', 'c000119', 'c000125'])('of %j are those of the library', async (id) => {
    for (const query of ['', '?k=3', '?k=25&exclude=p0011,p0012,p0030', '?exclude=p0011']) {
      const { status, json: answer } = await service.ask(`/v1/customers/${encodeURIComponent(id)}/recommendations${query}`);
      expect(status).toBe(200);
      const parameters = new URLSearchParams(query);
      const exclude = parameters.get('exclude')?.split(',') ?? [];
      const wanted = await recommendProducts({ customerId: id, k: Number(parameters.get('k') ?? 10), exclude, out });
      const found = answer as Recommendations;
      expect(products(found)).toEqual(here(wanted));
      expect(found.recommendations.map(({ score, reason }) => [score, reason.words])).toEqual(
        wanted.recommendations.map(({ score, reason }) => [score, reason.words]),
      );
      expect(found).toMatchObject({ served: 'blend', currency: 'EUR', fallback: null, unknown: [] });
    }
  });

  it('leave out what is excluded, made ahead or not', async () => {
    const path = '/v1/customers/c000060/recommendations';
    const first = products((await service.ask(path)).json);
    const without = products((await service.ask(`${path}?exclude=${encodeURIComponent(first.slice(0, 4).join(','))}`)).json);
    expect(without).toHaveLength(10);
    expect(without.filter((id) => first.slice(0, 4).includes(id))).toEqual([]);
    expect(without.slice(0, 1)).toEqual([first[4]]);
  });

  it('of whom nothing is known are what is popular, stated as such', async () => {
    const newcomer = (await service.ask('/v1/customers/c000130/recommendations?k=5')).json as Recommendations;
    expect(newcomer.fallback).toMatchObject({ why: 'no-history', place: { country: 'Germany', region: 'Bavaria' } });
    expect(newcomer.recommendations[0]!.reason).toMatchObject({ kind: 'popular', place: { region: 'Bavaria' } });
    for (const id of ['nobody', 'toString', '%F0%9F%92%A9', '..%2f..%2fsecret', "'%3B%20select%20secret", '%EF%BF%BD']) {
      const { json: answer, text } = await service.ask(`/v1/customers/${id}/recommendations`);
      expect((answer as Recommendations).fallback).toMatchObject({ why: 'unknown-customer', place: { country: null, region: null } });
      expect(text).not.toContain(decodeURIComponent(id));
    }
  });

  it('say so where nothing is left', async () => {
    const all = Array.from({ length: 60 }, (_, p) => ids[p] ?? `p${String(p).padStart(4, '0')}`);
    const { json: answer } = await post({ product_ids: [], exclude: all });
    expect(answer).toMatchObject({ recommendations: [], note: expect.stringContaining('nothing is left to recommend') });
  });

  it.each([
    ['?k=0', 'k', '1 to 100'],
    ['?k=101', 'k', '1 to 100'],
    ['?k=-1', 'k', '1 to 100'],
    ['?k=1e1', 'k', '1 to 100'],
    ['?k=', 'k', '1 to 100'],
    ['?k=5&k=6', 'k', '1 to 100'],
    ['?exclude=a&exclude=b', 'exclude', 'commas'],
    ['?exclude=%00', 'exclude', 'commas'],
    ['?excluded=a', 'excluded', 'did you mean exclude?'],
    ['?__proto__=1', '__proto__', 'unknown'],
    ['?limit=3', 'limit', 'unknown'],
  ])('refuse %s', async (query, name, hint) => {
    const { status, json: answer } = await service.ask(`/v1/customers/c000050/recommendations${query}`);
    expect(status).toBe(400);
    expect(answer).toMatchObject({
      type: '/docs#invalid-parameter',
      errors: [{ in: 'query', name, detail: expect.stringContaining(hint) }],
    });
  });

  it.each([
    ['%00', 400, 'invalid-parameter'],
    ['%0d%0aX-Injected:%201', 400, 'invalid-parameter'],
    ['a'.repeat(257), 400, 'invalid-parameter'],
    ['a'.repeat(10_240), 414, 'url-too-long'],
    ['%E2%9C%93'.repeat(1200), 414, 'url-too-long'],
    ['%E0%A4%A', 400, 'malformed-request'],
    ['%FF', 400, 'malformed-request'],
  ])('of a hostile id are refused', async (id, status, kind) => {
    for (const path of [`/v1/customers/${id}/recommendations`, `/v1/products/${id}/similar`]) {
      const answer = await service.ask(path);
      expect([answer.status, answer.json]).toMatchObject([status, { type: `/docs#${kind}` }]);
      expect(answer.headers.get('x-injected')).toBeNull();
    }
  });

  it('excluding ten kilobytes are refused for their length', async () => {
    expect((await service.ask(`/v1/customers/c000050/recommendations?exclude=${'p,'.repeat(5000)}`)).status).toBe(414);
  });
});

describe('similar products', () => {
  it.each([...ids, 'p0020', 'p0012'])('of %j are those of the library', async (id) => {
    const { status, json: answer } = await service.ask(`/v1/products/${encodeURIComponent(id)}/similar`);
    expect(status).toBe(200);
    const wanted = await similarProducts(id, { out });
    const found = answer as Similar;
    expect(found.similar.map(({ product_id, score }) => [product_id, score])).toEqual(
      wanted.similar.map(({ productId, score }) => [productId, score]),
    );
    expect(found).toMatchObject({ space: 'embedding', product: { product_id: id }, k: 10 });
  });

  it.each(['nope', '..%2f..%2fetc%2fshadow', 'toString', 'hasOwnProperty', '%3Cscript%3E', 'P0020', 'p0020%20'])(
    'are not there for %s',
    async (id) => {
      const { status, json: answer, text } = await service.ask(`/v1/products/${id}/similar`);
      expect([status, answer]).toMatchObject([404, { type: '/docs#unknown-product', run: { shop: 'demo' } }]);
      expect(text).not.toContain(decodeURIComponent(id));
    },
  );

  it.each(['?k=0', '?k=1000', '?k=x', '?exclude=a'])('refuse %s', async (query) => {
    expect((await service.ask(`/v1/products/p0020/similar${query}`)).status).toBe(400);
  });

  it('with names that are markup are JSON and nothing else', async () => {
    const { json: answer, headers } = await service.ask(`/v1/products/${encodeURIComponent(ids[0]!)}/similar?k=100`);
    expect((answer as Similar).product.name).toBe('<script>alert(1)</script>');
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
  });
});

describe("a basket's recommendations", () => {
  it('are those of the library', async () => {
    const body = { product_ids: ['p0020', '__proto__', 'nope', 'nope'], k: 15, exclude: ['p0030', 'constructor', 'nix'] };
    const { status, json: answer } = await post(body);
    expect(status).toBe(200);
    const wanted = await recommendProducts({ productIds: body.product_ids, k: 15, exclude: body.exclude, out });
    const found = answer as Recommendations;
    expect(products(found)).toEqual(here(wanted));
    expect(found).toMatchObject({ unknown: ['nope'], fallback: null, k: 15 });
    for (const id of ['p0020', '__proto__', 'p0030', 'constructor']) expect(products(found)).not.toContain(id);
  });

  it('of nothing known are what is popular', async () => {
    expect((await post({ product_ids: [] })).json).toMatchObject({ fallback: { why: 'empty-basket' }, k: 10 });
    expect((await post({ product_ids: ['nope', 'Ωmega'] })).json).toMatchObject({
      fallback: { why: 'unknown-products' },
      unknown: ['nope', 'Ωmega'],
    });
  });

  it.each([
    [{}, 'product_ids'],
    [{ product_ids: 'p0020' }, 'product_ids'],
    [{ product_ids: [''] }, 'product_ids.0'],
    [{ product_ids: [7] }, 'product_ids.0'],
    [{ product_ids: ['a\u0000'] }, 'product_ids.0'],
    [{ product_ids: ['x'.repeat(257)] }, 'product_ids.0'],
    [{ product_ids: Array(201).fill('a') }, 'product_ids'],
    [{ product_ids: ['a'], k: 0 }, 'k'],
    [{ product_ids: ['a'], k: 101 }, 'k'],
    [{ product_ids: ['a'], k: 1.5 }, 'k'],
    [{ product_ids: ['a'], k: '5' }, 'k'],
    [{ product_ids: ['a'], exclude: 'b' }, 'exclude'],
    [{ product_ids: ['a'], exclude: Array(501).fill('a') }, 'exclude'],
    [{ product_ids: ['a'], exlcude: [] }, 'exlcude'],
    [[], ''],
    ['null', ''],
    ['"text"', ''],
  ])('%j is refused by the name of its fault', async (body, name) => {
    const { status, json: answer } = await post(body);
    expect([status, answer]).toMatchObject([400, { type: '/docs#invalid-parameter', errors: [{ in: 'body', name }] }]);
  });

  it.each([
    ['{', json, 400, 'malformed-request'],
    ['', json, 400, 'malformed-request'],
    ['{"product_ids":["a"],}', json, 400, 'malformed-request'],
    ['{"__proto__":{"k":1},"product_ids":["a"]}', json, 400, 'malformed-request'],
    ['{"constructor":{"prototype":{"k":1}},"product_ids":["a"]}', json, 400, 'malformed-request'],
    ['product_ids=a', { 'content-type': 'application/x-www-form-urlencoded' }, 415, 'unsupported-media-type'],
    ['{"product_ids":["a"]}', { 'content-type': 'text/plain' }, 415, 'unsupported-media-type'],
    [`{"product_ids":["${'a'.repeat(70_000)}"]}`, json, 413, 'body-too-large'],
    [`${'['.repeat(30_000)}`, json, 400, 'malformed-request'],
  ])('that is no JSON, too large, or of another type is a problem', async (body, headers, status, kind) => {
    const answer = await post(body, headers as Record<string, string>);
    expect([answer.status, answer.json]).toMatchObject([status, { type: `/docs#${kind}` }]);
  });

  it('with ten kilobytes of ids are made', async () => {
    const { status, json: answer } = await post({ product_ids: Array.from({ length: 200 }, (_, i) => `${'ü'.repeat(25)}${i}`).concat() });
    expect(status).toBe(200);
    expect((answer as Recommendations).unknown).toHaveLength(200);
  });

  it('are asked for by POST alone', async () => {
    const { status, headers } = await service.ask('/v1/recommendations');
    expect([status, headers.get('allow')]).toEqual([405, 'POST']);
  });
});

describe('every answer', () => {
  it('names its run in body and headers, and has an entity tag', async () => {
    for (const path of ['/v1/customers/c000050/recommendations', '/v1/products/p0020/similar', '/v1/customers/nobody/recommendations']) {
      const { json: answer, headers } = await service.ask(path);
      const { run } = answer as { run: RunOnWire };
      expect(headers.get('last-run')).toBe(`shop="demo", as-of="2026-11-15", run="${run.run}", manifest="${run.manifest}"`);
      const again = await service.ask(path, { headers: { 'if-none-match': headers.get('etag')! } });
      expect([again.status, again.text]).toEqual([304, '']);
      const head = await service.ask(path, { method: 'HEAD' });
      expect([head.text, head.headers.get('etag')]).toEqual(['', headers.get('etag')]);
    }
  });

  it('is the same whether its list was made ahead or when asked for', async () => {
    const again = await started({ out });
    for (const path of ['/v1/customers/c000070/recommendations', '/v1/products/p0033/similar', '/v1/customers/c000125/recommendations']) {
      const texts = new Set<string>();
      for (let i = 0; i < 5; i++) texts.add((await again.ask(path)).text);
      texts.add((await service.ask(path)).text);
      expect(texts.size).toBe(1);
    }
    await again.close();
  });

  it('is logged without whom or what was asked about', async () => {
    await service.ask('/v1/customers/secret-person/recommendations?exclude=secret-product');
    await post({ product_ids: ['secret-product'] });
    const text = JSON.stringify(service.lines());
    for (const word of ['secret-person', 'secret-product', 'exclude']) expect(text).not.toContain(word);
  });

  it('needs the token where there is one', async () => {
    const guarded = await started({ out, token: 'k3Jx-9_~.+/=0123456789abcd' });
    for (const path of ['/v1/customers/c000050/recommendations', '/v1/products/p0020/similar']) {
      expect((await guarded.ask(path)).status).toBe(401);
    }
    expect((await guarded.ask('/v1/recommendations', { method: 'POST', headers: json, body: '{"product_ids":[]}' })).status).toBe(401);
    await guarded.close();
  });
});

describe('the document', () => {
  it('says of the basket what is checked, with an example that is taken', async () => {
    const document = (await service.ask('/openapi.json')).json as Document;
    const { schema, example } = document.paths['/v1/recommendations']!.post!.requestBody!.content['application/json'];
    expect(schema).toMatchObject({
      required: ['product_ids'],
      additionalProperties: false,
      properties: {
        product_ids: { type: 'array', maxItems: 200, items: { type: 'string', minLength: 1, maxLength: 256 } },
        k: { type: 'integer', minimum: 1, maximum: 100, default: 10 },
        exclude: { type: 'array', maxItems: 500, default: [] },
      },
    });
    expect((await post(example)).status).toBe(200);
    const { parameters } = document.paths['/v1/customers/{id}/recommendations']!.get!;
    expect(parameters.map(({ name, required }) => [name, required])).toEqual([
      ['id', true],
      ['k', false],
      ['exclude', false],
    ]);
  });

  it('stands on the page with a call for each', async () => {
    const { text } = await service.ask('/docs');
    for (const id of ['customerRecommendations', 'basketRecommendations', 'similarProducts'])
      expect(text).toContain(`<section id="${id}">`);
    expect(text).toContain('--json');
    expect(text).toContain('id="unknown-product"');
  });
});

describe('a run that has only one of the two', () => {
  it('serves that one, and probe and answers say so', async () => {
    const own = ownFolder();
    await publishRun(own, { customers: 20, offers, without: ['value-model/model'] });
    const half = await started({ out: own });
    expect((await half.ask('/v1/customers/c000050/recommendations')).status).toBe(200);
    const { status, json: problem } = await half.ask('/v1/customers/c000001/value');
    expect([status, problem]).toMatchObject([503, { type: '/docs#no-run', detail: expect.stringContaining('have no customer value') }]);
    const ready = await half.ask('/readyz');
    expect([ready.status, ready.json]).toMatchObject([
      200,
      { run: { as_of: '2026-11-15' }, trouble: null, customer_value: null, recommendations: { passed_over: [] } },
    ]);
    expect(half.lines().filter(({ level }) => level === 'error')).toEqual([]);
    await publishRun(own, { customers: 20, asOf: '2026-11-22' });
    await until('customer value', async () => ((await half.ask('/readyz')).json as { customer_value: unknown }).customer_value !== null);
    await until('passing over', async () => {
      const { recommendations } = (await half.ask('/readyz')).json as { recommendations: { passed_over: string[] } };
      return recommendations.passed_over.includes('2026-11-22');
    });
    expect((await half.ask('/readyz')).json).toMatchObject({
      ...{ run: { as_of: '2026-11-22' }, trouble: null, passed_over: [] },
      customer_value: { run: { as_of: '2026-11-22' } },
      recommendations: { run: { as_of: '2026-11-15' }, passed_over: ['2026-11-22'] },
    });
    expect((await half.ask('/v1/customers/c000001/value')).json).toMatchObject({ run: { as_of: '2026-11-22' } });
    expect((await half.ask('/v1/products/p0020/similar')).json).toMatchObject({ run: { as_of: '2026-11-15' } });
    await half.close();
  });

  it('without recommendations says so to who asks for them', async () => {
    const own = ownFolder();
    await publishRun(own, { customers: 20 });
    const half = await started({ out: own });
    for (const path of ['/v1/customers/a/recommendations', '/v1/products/a/similar']) {
      const { status, json: problem } = await half.ask(path);
      expect([status, problem]).toMatchObject([503, { type: '/docs#no-run', detail: expect.stringContaining('have no recommendations') }]);
    }
    expect((await half.ask('/readyz')).json).toMatchObject({ recommendations: null, trouble: null });
    await half.close();
  });
});
