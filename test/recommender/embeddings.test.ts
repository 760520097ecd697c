import { once } from 'node:events';
import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LookbookError } from '#contract/error.ts';
import { defaultEndpoint, type Endpoint, embedTexts, vectorKey } from '#recommender/embeddings.ts';
import { vectorCache } from '#recommender/vector-cache.ts';

interface Request {
  url: string;
  authorization: string | undefined;
  model: string;
  input: string[];
}

type Reply = (request: Request, response: ServerResponse) => void;

const vector = (text: string) => [text.length, 1, 0.5];
const good: Reply = ({ input }, response) => {
  const data = input.map((text, index) => ({ object: 'embedding', index, embedding: vector(text) }));
  response.end(JSON.stringify({ data: data.reverse() }));
};
const status =
  (code: number, body = 'no', headers: Record<string, string> = {}): Reply =>
  (_, response) =>
    response.writeHead(code, headers).end(body);
const json =
  (value: unknown): Reply =>
  (_, response) =>
    response.end(JSON.stringify(value));

let folder: string;
let replies: Reply[];
let requests: Request[];
let waits: number[];
let endpoint: Endpoint;
const server = createServer(async (request: IncomingMessage, response) => {
  const body = JSON.parse(Buffer.concat(await Array.fromAsync(request)).toString()) as { model: string; input: string[] };
  const seen: Request = { url: request.url!, authorization: request.headers.authorization, ...body };
  requests.push(seen);
  (replies.shift() ?? good)(seen, response);
});

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lookbook-embeddings-'));
  replies = [];
  requests = [];
  waits = [];
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  endpoint = { url: `http://127.0.0.1:${port}/v1/`, model: 'tiny', key: 'secret-key', ...defaultEndpoint };
});

afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true });
});

const embed = (texts: string[], change: Partial<Endpoint> = {}) =>
  embedTexts(texts, { ...endpoint, ...change }, { fetch, wait: async (ms) => waits.push(ms), cache: vectorCache(folder, 'tiny') });
const rejection = async (promise: Promise<unknown>) => {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(LookbookError);
  return (error as LookbookError).message;
};

test('asks in batches, puts answers in order, sends the key as a bearer token', async () => {
  const found = await embed(['a', 'bb', 'ccc', 'a'], { batch: 2 });
  expect(found.width).toBe(3);
  expect([...found.values]).toEqual([1, 1, 0.5, 2, 1, 0.5, 3, 1, 0.5, 1, 1, 0.5]);
  expect(requests.map(({ input }) => input)).toEqual([['a', 'bb'], ['ccc']]);
  expect(requests[0]).toMatchObject({ url: '/v1/embeddings', model: 'tiny', authorization: 'Bearer secret-key' });
});

test('no key, no header; the whole address may be given', async () => {
  await embed(['a'], { key: null, url: `${endpoint.url}embeddings` });
  expect(requests[0]).toMatchObject({ url: '/v1/embeddings', authorization: undefined });
});

test('what is in the cache is not asked for again', async () => {
  await embed(['a', 'bb']);
  const again = await embed(['bb', 'new', 'a']);
  expect(requests.map(({ input }) => input)).toEqual([['a', 'bb'], ['new']]);
  expect([...again.values]).toEqual([2, 1, 0.5, 3, 1, 0.5, 1, 1, 0.5]);
  const served = await embedTexts(
    ['a'],
    { ...endpoint, url: 'http://127.0.0.1:1' },
    { fetch, wait: async () => {}, cache: vectorCache(folder, 'tiny') },
  );
  expect([...served.values]).toEqual([1, 1, 0.5]);
});

test('no texts, no request', async () => {
  expect(await embed([])).toEqual({ width: 0, values: new Float32Array() });
  expect(requests).toEqual([]);
});

describe('tries again', () => {
  test('after 429 as Retry-After says, after 500 twice as long each time, after garbage', async () => {
    replies = [status(429, 'slow', { 'retry-after': '7' }), status(500), status(503), (_, response) => response.end('<html>')];
    expect((await embed(['a'])).width).toBe(3);
    expect(waits).toEqual([7000, 1000, 2000, 4000]);
  });

  test('a minute at most', async () => {
    replies = [status(429, 'slow', { 'retry-after': '86400' })];
    await embed(['a']);
    expect(waits).toEqual([60_000]);
  });

  test('after a broken connection and a timeout', async () => {
    replies = [(_, response) => response.destroy(), () => {}];
    expect((await embed(['a'], { timeout: 200 })).width).toBe(3);
    expect(waits).toEqual([500, 1000]);
  });

  test('and gives up', async () => {
    replies = Array.from({ length: 9 }, () => status(500, 'broken for secret-key'));
    const message = await rejection(embed(['a'], { attempts: 3 }));
    expect(message).toContain('found: status 500: broken for …');
    expect(message).not.toContain('secret-key');
    expect(requests).toHaveLength(3);
    expect(waits).toEqual([500, 1000]);
  });
});

describe('refuses at once', () => {
  test.each<[string, Reply, string]>([
    ['401', status(401, '{"error":"bad key"}'), 'status 401: {"error":"bad key"}'],
    ['404', status(404, 'no such model'), 'status 404'],
    ['no list', json({ embeddings: [] }), 'a list "data" of 2 embeddings'],
    ['null', json(null), 'a list "data" of 2 embeddings'],
    ['too few', json({ data: [{ index: 0, embedding: [1] }] }), 'found: 1 of them'],
    ['one twice', json({ data: [0, 0].map((index) => ({ index, embedding: [1] })) }), 'embedding 1 is missing'],
    ['an empty vector', json({ data: [{ embedding: [] }, { embedding: [1] }] }), 'no list of finite numbers'],
    ['a vector of text', json({ data: [{ embedding: ['x'] }, { embedding: [1] }] }), 'no list of finite numbers'],
    ['a short vector', json({ data: [{ embedding: [1, 2] }, { embedding: [1] }] }), 'vectors of different lengths'],
  ])('%s', async (_, reply, expected) => {
    replies = [reply];
    expect(await rejection(embed(['a', 'bb']))).toContain(expected);
    expect(requests).toHaveLength(1);
    expect(waits).toEqual([]);
  });

  test('vectors shorter than those in the cache', async () => {
    await embed(['a']);
    replies = [json({ data: [{ embedding: [1, 2] }] })];
    expect(await rejection(embed(['a', 'bb']))).toContain('vectors of different lengths');
  });
});

describe('the cache', () => {
  const key = (text: string) => vectorKey('tiny', text);
  const read = async () => [...(await vectorCache(folder, 'tiny').read()).keys()];
  const file = async () => join(folder, (await readdir(folder))[0]!);

  test('keeps models apart, and texts that only look alike', () => {
    expect(key('a')).not.toBe(vectorKey('other', 'a'));
    expect(vectorKey('a', 'b","c')).not.toBe(vectorKey('a","b', 'c'));
  });

  test('a record that was cut off is dropped and written over', async () => {
    await vectorCache(folder, 'tiny').add([
      [key('a'), Float32Array.of(1, 2)],
      [key('b'), Float32Array.of(3, 4)],
    ]);
    await appendFile(await file(), Buffer.alloc(20, 7));
    expect(await read()).toEqual([key('a'), key('b')]);
    await vectorCache(folder, 'tiny').add([[key('c'), Float32Array.of(5, 6)]]);
    expect(await read()).toEqual([key('a'), key('b'), key('c')]);
  });

  test('a record that was changed ends what is read', async () => {
    await vectorCache(folder, 'tiny').add([
      [key('a'), Float32Array.of(1, 2)],
      [key('b'), Float32Array.of(3, 4)],
    ]);
    const bytes = await readFile(await file());
    bytes[bytes.length - 10]! ^= 1;
    await writeFile(await file(), bytes);
    expect(await read()).toEqual([key('a')]);
  });
});
