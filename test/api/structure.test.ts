import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineEndpoint } from '#api/endpoint.ts';
import { Problem } from '#api/problem.ts';
import { type Running, started } from './client.ts';
import { outFolder } from './published.ts';

let open = () => {};
const gate = new Promise<void>((resolve) => {
  open = resolve;
});

/** Endpoints of every kind that the structure is there for. */
const basket = defineEndpoint({
  method: 'POST',
  path: '/v1/baskets',
  id: 'basket',
  summary: 'Takes a body',
  description: 'Counts products.',
  isGuarded: true,
  body: z.strictObject({ products: z.array(z.string().min(1)).min(1).max(3) }),
  answer: { type: 'application/json', schema: z.strictObject({ products: z.int() }) },
  problems: [],
  handle: ({ body }) => ({ body: JSON.stringify({ products: body.products.length }) }),
});
const slow = defineEndpoint({
  method: 'GET',
  path: '/v1/slow',
  id: 'slow',
  summary: 'Takes its time',
  description: 'Waits until it is let go.',
  isGuarded: true,
  answer: { type: 'application/json', schema: z.strictObject({ done: z.literal(true) }) },
  problems: [],
  handle: async () => {
    await gate;
    return { body: '{"done":true}' };
  },
});
const faulty = (id: string, path: string, handle: () => never) =>
  defineEndpoint({
    ...({ method: 'GET', path, id, summary: 'Fails', description: 'Always.', isGuarded: true, problems: ['busy'], handle } as const),
    answer: { type: 'application/json', schema: z.strictObject({}) },
  });
const failing = faulty('failing', '/v1/failing', () => {
  throw new Error('a defect, with /a/path of this machine');
});
const busy = faulty('busy', '/v1/busy', () => {
  throw new Problem('busy', '', { headers: { 'retry-after': '1' } });
});

const { out, remove } = outFolder();
let service: Running;
beforeAll(async () => {
  service = await started({ out, endpoints: [basket, slow, failing, busy] });
});
afterAll(async () => {
  await service.close();
  remove();
});

const post = (body: string, headers: Record<string, string> = { 'content-type': 'application/json' }) =>
  service.ask('/v1/baskets', { method: 'POST', body, headers });

describe('a body', () => {
  it('is taken', async () => {
    const { status, json } = await post('{"products":["a","b"]}');
    expect([status, json]).toEqual([200, { products: 2 }]);
  });

  it.each([
    ['{"products":[]}', 'products'],
    ['{"products":["a","b","c","d"]}', 'products'],
    ['{"products":["a",""]}', 'products.1'],
    ['{}', 'products'],
    ['{"products":["a"],"produkts":1}', 'produkts'],
    ['[]', ''],
    ['null', ''],
    ['"text"', ''],
  ])('%s is refused by the name of its fault', async (body, name) => {
    const { status, json } = await post(body);
    expect([status, json]).toMatchObject([400, { type: '/docs#invalid-parameter', errors: [{ in: 'body', name }] }]);
  });

  it.each([
    ['{', { 'content-type': 'application/json' }, 400, 'malformed-request'],
    ['', { 'content-type': 'application/json' }, 400, 'malformed-request'],
    ['{"__proto__":{"x":1},"products":["a"]}', { 'content-type': 'application/json' }, 400, 'malformed-request'],
    ['products=a', { 'content-type': 'application/x-www-form-urlencoded' }, 415, 'unsupported-media-type'],
    ['{"products":["a"]}', { 'content-type': 'text/plain' }, 415, 'unsupported-media-type'],
    [`{"products":["${'a'.repeat(70_000)}"]}`, { 'content-type': 'application/json' }, 413, 'body-too-large'],
  ])('that is no JSON, too large, or of another type is a problem', async (body, headers, status, kind) => {
    const answer = await post(body, headers as Record<string, string>);
    expect([answer.status, answer.json]).toMatchObject([status, { type: `/docs#${kind}` }]);
  });

  it('too large is refused as it streams', async () => {
    const stream = new ReadableStream({
      pull(controller) {
        controller.enqueue(new TextEncoder().encode('x'.repeat(10_000)));
      },
    });
    const init = { method: 'POST', body: stream, duplex: 'half', headers: { 'content-type': 'application/json' } };
    const outcome = await service.ask('/v1/baskets', init as RequestInit).then(
      ({ status }) => status,
      () => 'cut off',
    );
    expect([413, 'cut off']).toContain(outcome);
  });

  it('names the methods of its address', async () => {
    const { status, headers } = await service.ask('/v1/baskets');
    expect([status, headers.get('allow')]).toEqual([405, 'POST']);
  });
});

describe('a failure', () => {
  it('of the service says nothing of its inside, and the log has it', async () => {
    const { status, json, text } = await service.ask('/v1/failing');
    expect([status, json]).toMatchObject([500, { type: '/docs#internal-error' }]);
    expect(text).not.toContain('a defect');
    const { instance } = json as { instance: string };
    expect(service.lines()).toContainEqual(
      expect.objectContaining({
        level: 'error',
        msg: 'failed',
        request: instance.replace('urn:uuid:', ''),
        error: expect.stringContaining('a defect'),
      }),
    );
  });

  it('to keep up asks for patience', async () => {
    const { status, headers } = await service.ask('/v1/busy');
    expect([status, headers.get('retry-after')]).toEqual([503, '1']);
  });
});

describe('the end', () => {
  it('waits for what is under way, and takes nothing new', async () => {
    const ending = await started({ out, endpoints: [slow] });
    const under = ending.ask('/v1/slow');
    await new Promise((next) => setTimeout(next, 50));
    const closed = ending.close();
    await new Promise((next) => setTimeout(next, 100));
    await expect(fetch(`${ending.origin}/healthz`)).rejects.toThrow();
    open();
    expect((await under).json).toEqual({ done: true });
    await closed;
  });
});
