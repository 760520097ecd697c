import { request as rawRequest } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import type { listSchema, RunOnWire, valueSchema } from '#api/answer.ts';
import { highValueNewCustomers, predictCustomerValue } from '#api/index.ts';
import type { Document } from '#api/openapi.ts';
import { problems } from '#api/problem.ts';
import { ownFolder, type Running, started } from './client.ts';
import { outFolder, publishRun, unsupported } from './published.ts';

type List = z.infer<typeof listSchema>;
type Value = z.infer<typeof valueSchema>;

const ids = ['../../etc/passwd', 'Ünï çødé ✓', '100%', 'a/b?c#d', '__proto__', 'constructor', ' ', 'x'.repeat(200)];
const { out, remove } = outFolder();
let service: Running;

beforeAll(async () => {
  await publishRun(out, { ids });
  service = await started({ out });
});
afterAll(async () => {
  await service.close();
  remove();
});

const list = async (query: string): Promise<List> => (await service.ask(`/v1/customers/high-value-new${query}`)).json;

describe('high-value new customers', () => {
  it('are those of the library', async () => {
    for (const horizon of [365, 90] as const) {
      const there = await list(`?top=20&horizon_days=${horizon}`);
      const here = await highValueNewCustomers({ out, top: 20, horizon: `${horizon}d` });
      expect(there.customers.map(({ customer_id }) => customer_id)).toEqual(here.customers.map(({ customerId }) => customerId));
      expect(there.customers.map(({ outlook }) => outlook.value)).toEqual(here.customers.map(({ outlook }) => outlook.value));
      expect(there).toMatchObject({ found: here.found, supported: true, currency: 'EUR', horizon_days: horizon });
    }
  });

  it('come page by page, each once, whatever the page', async () => {
    const whole = await list('?top=500');
    expect(whole.next_cursor).toBeNull();
    expect(whole.customers.map(({ rank }) => rank)).toEqual(Array.from({ length: whole.found }, (_, i) => i + 1));
    const pages: List[] = [await list('?top=37')];
    for (let next = pages[0]!.next_cursor; next !== null; next = pages.at(-1)!.next_cursor)
      pages.push(await list(`?top=37&cursor=${next}`));
    expect(pages.flatMap(({ customers }) => customers)).toEqual(whole.customers);
  });

  it('are fewer of a shorter time', async () => {
    const some = await list('?first_purchase_within_days=10&top=500');
    expect(some.customers.every(({ days_since_first }) => days_since_first < 10)).toBe(true);
    expect(some.found).toBeLessThan((await list('')).found);
  });

  it.each([
    ['?top=0', 'top', '1 to 500'],
    ['?top=501', 'top', '1 to 500'],
    ['?top=-1', 'top', '1 to 500'],
    ['?top=1e2', 'top', '1 to 500'],
    ['?top=0x10', 'top', '1 to 500'],
    ['?top=5&top=6', 'top', '1 to 500'],
    ['?top=', 'top', '1 to 500'],
    ['?top=%205', 'top', '1 to 500'],
    ['?top=99999999999999999999', 'top', '1 to 500'],
    ['?horizon_days=0', 'horizon_days', '1 to 1826'],
    ['?horizon_days=365.5', 'horizon_days', '1 to 1826'],
    ['?first_purchase_within_days=NaN', 'first_purchase_within_days', '1 to 366'],
    ['?horizon=52', 'horizon', 'did you mean horizon_days?'],
    ['?__proto__=1', '__proto__', 'unknown'],
    ['?cursor=x', 'cursor', 'not a cursor'],
    ['?cursor=W10', 'cursor', 'not a cursor'],
    ["?top='%20OR%201=1", 'top', '1 to 500'],
    [`?${'a'.repeat(300)}=1`, 'a'.repeat(64), 'unknown'],
  ])('refuse %s', async (query, name, hint) => {
    const { status, json } = await service.ask(`/v1/customers/high-value-new${query}`);
    expect(status).toBe(400);
    expect(json).toMatchObject({ type: '/docs#invalid-parameter', errors: [{ in: 'query', name, detail: expect.stringContaining(hint) }] });
  });

  it('refuse a cursor of another list', async () => {
    const { next_cursor } = await list('?top=5');
    const { status, json } = await service.ask(`/v1/customers/high-value-new?top=5&horizon_days=90&cursor=${next_cursor}`);
    expect(status).toBe(400);
    expect(json).toMatchObject({ errors: [{ name: 'cursor', detail: expect.stringContaining('another list') }] });
  });

  it('have nothing beyond the end', async () => {
    const { next_cursor } = await list('?top=5');
    const [manifest, within, horizon] = JSON.parse(Buffer.from(next_cursor!, 'base64url').toString()) as unknown[];
    const far = Buffer.from(JSON.stringify([manifest, within, horizon, 1e9])).toString('base64url');
    expect(await list(`?cursor=${far}`)).toMatchObject({ customers: [], next_cursor: null });
  });
});

describe("a customer's value", () => {
  it.each(ids)('is found by the id %j', async (id) => {
    const { status, json } = await service.ask(`/v1/customers/${encodeURIComponent(id)}/value`);
    expect(status).toBe(200);
    expect((json as Value).customer.customer_id).toBe(id);
  });

  it.each([365, 90, 1, 1826])('is that of the library over %d days', async (horizon) => {
    const { json } = await service.ask(`/v1/customers/c000020/value?horizon_days=${horizon}`);
    const here = await predictCustomerValue(['c000020'], { out, horizon: `${horizon}d` });
    expect((json as Value).customer.outlook.value).toEqual(here.customers[0]?.outlook.value);
    expect((json as Value).horizon_days).toBe(horizon);
  });

  it.each([
    'nobody',
    '..%2f..%2fetc%2fshadow',
    '%2e%2e%2f',
    'c000020%20',
    'C000020',
    'toString',
    'hasOwnProperty',
    '%F0%9F%92%A9',
    "'%3B%20drop%20table%20customers--",
    '%3Cscript%3E',
    '%EF%BF%BD',
  ])('is not there for %s', async (id) => {
    const { status, json, text } = await service.ask(`/v1/customers/${id}/value`);
    expect(status).toBe(404);
    expect(json).toMatchObject({ type: '/docs#unknown-customer', run: { shop: 'demo', as_of: '2026-11-15' } });
    expect(text).not.toContain(decodeURIComponent(id));
  });

  it.each([
    ['%00', 400, 'invalid-parameter'],
    ['c000020%00', 400, 'invalid-parameter'],
    ['%0d%0aX-Injected:%201', 400, 'invalid-parameter'],
    ['a'.repeat(257), 400, 'invalid-parameter'],
    ['a'.repeat(10_240), 414, 'url-too-long'],
    ['%E2%9C%93'.repeat(1200), 414, 'url-too-long'],
    ['%E0%A4%A', 400, 'malformed-request'],
    ['%FF', 400, 'malformed-request'],
  ])('of a hostile id is refused', async (id, status, kind) => {
    const answer = await service.ask(`/v1/customers/${id}/value`);
    expect(answer.status).toBe(status);
    expect(answer.json).toMatchObject({ type: `/docs#${kind}`, status });
    expect(answer.headers.get('x-injected')).toBeNull();
  });

  it('is not walked to by dots', async () => {
    expect((await service.ask('/v1/customers/../../healthz')).status).toBe(200);
    const raw = await exchange('GET /v1/customers/../value HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
    expect(raw).toMatch(/^HTTP\/1.1 404 /);
  });
});

describe('every answer', () => {
  it('names the run it rests on, in body and headers', async () => {
    for (const path of ['/v1/customers/high-value-new', '/v1/customers/c000020/value', '/readyz']) {
      const { json, headers } = await service.ask(path);
      const { run } = json as { run: RunOnWire };
      expect(run).toMatchObject({ shop: 'demo', as_of: '2026-11-15', manifest: expect.stringMatching(/^[0-9a-f]{64}$/) });
      expect(headers.get('last-run')).toBe(`shop="demo", as-of="2026-11-15", run="${run.run}", manifest="${run.manifest}"`);
      expect(headers.get('cache-control')).toBe('private, no-cache');
    }
  });

  it.each([
    '/v1/customers/high-value-new?top=3',
    '/v1/customers/c000020/value?horizon_days=30',
    '/readyz',
    '/openapi.json',
    '/docs',
    '/healthz',
  ])('of %s can be asked for by its entity tag', async (path) => {
    const first = await service.ask(path);
    const etag = first.headers.get('etag')!;
    for (const tag of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const again = await service.ask(path, { headers: { 'if-none-match': tag } });
      expect(again.status).toBe(304);
      expect(again.text).toBe('');
      expect(again.headers.get('etag')).toBe(etag);
      expect(again.headers.get('last-run')).toBe(first.headers.get('last-run'));
    }
    expect((await service.ask(path, { headers: { 'if-none-match': '"other"' } })).status).toBe(200);
  });

  it('to HEAD is that to GET without a body', async () => {
    const get = await service.ask('/v1/customers/c000020/value');
    const head = await service.ask('/v1/customers/c000020/value', { method: 'HEAD' });
    expect(head.text).toBe('');
    for (const name of ['etag', 'content-length', 'last-run', 'content-type']) expect(head.headers.get(name)).toBe(get.headers.get(name));
  });

  it.each([
    ['GET', '/', 404, 'not-found'],
    ['GET', '/v1/customers', 404, 'not-found'],
    ['GET', '/v1/customers/high-value-new/', 404, 'not-found'],
    ['POST', '/nothing', 404, 'not-found'],
    ['POST', '/v1/customers/high-value-new', 405, 'method-not-allowed'],
    ['PUT', '/v1/customers/c000020/value', 405, 'method-not-allowed'],
    ['DELETE', '/v1/customers/c000020/value', 405, 'method-not-allowed'],
    ['OPTIONS', '/v1/customers/c000020/value', 405, 'method-not-allowed'],
    ['PROPFIND', '/docs', 405, 'method-not-allowed'],
  ])('to %s %s is %d', async (method, path, status, kind) => {
    const answer = await service.ask(path, { method });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(answer.json).toMatchObject({ type: `/docs#${kind}`, status, instance: expect.stringMatching(/^urn:uuid:[0-9a-f-]{36}$/) });
    if (status === 405) expect(answer.headers.get('allow')).toBe('GET, HEAD');
  });

  it.each([
    ['text/html', 406],
    ['application/json;q=0', 406],
    ['text/*, image/png', 406],
    ['application/json', 200],
    ['application/*', 200],
    ['text/html, */*;q=0.1', 200],
    ['', 200],
  ])('accepted as %j is %d', async (accept, status) => {
    expect((await service.ask('/v1/customers/high-value-new', { headers: { accept } })).status).toBe(status);
  });

  it('wants a page accepted as HTML', async () => {
    expect((await service.ask('/docs', { headers: { accept: 'application/json' } })).status).toBe(406);
    expect((await service.ask('/docs', { headers: { accept: 'text/html' } })).status).toBe(200);
  });

  it.each([
    [{ 'content-type': 'application/json' }, '{}', 415],
    [{ 'content-type': 'text/xml' }, '<a/>', 415],
    [{ 'content-type': 'application/json' }, 'x'.repeat(70_000), 413],
    [{ 'transfer-encoding': 'chunked' }, '{}', 415],
  ])('to a GET with a body is a problem', async (headers, body, status) => {
    const answer = await sent('/v1/customers/high-value-new', headers as Record<string, string>, body);
    expect(answer).toEqual({ status, connection: 'close', type: 'application/problem+json; charset=utf-8' });
  });

  it('to what is not HTTP is a problem too', async () => {
    expect(await exchange('NONSENSE\r\n\r\n')).toMatch(/^HTTP\/1.1 400 [\s\S]*"\/docs#malformed-request"/);
    expect(await exchange(`GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`)).toMatch(
      /^HTTP\/1.1 431 [\s\S]*"\/docs#headers-too-large"/,
    );
  });

  it('is given on loopback only to those who ask for this machine', async () => {
    for (const [host, status] of [
      ['localhost:1', 200],
      ['127.0.0.1', 200],
      ['[::1]:8080', 200],
      ['evil.example', 421],
      ['127.0.0.1.evil.example', 421],
      ['', 421],
    ] as const) {
      const text = await exchange(`GET /v1/customers/c000020/value HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
      expect(text, host).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    }
  });

  it('is logged without what names a person', async () => {
    await service.ask('/v1/customers/c000123/value?horizon_days=77');
    await service.ask('/v1/customers/secret-person/value', { headers: { 'user-agent': 'curious-agent', referer: 'http://from/' } });
    await service.ask('/v1/customers/secret-person/valu');
    const text = service.lines().map((line) => JSON.stringify(line));
    for (const word of ['c000123', 'secret-person', 'curious-agent', 'horizon_days', 'http://from']) {
      expect(text.filter((line) => line.includes(word))).toEqual([]);
    }
    expect(service.lines()).toContainEqual(
      expect.objectContaining({ level: 'info', method: 'GET', route: '/v1/customers/:id/value', status: 404 }),
    );
  });
});

describe('the document', () => {
  it('has every route, and every route is in it', async () => {
    const document = (await service.ask('/openapi.json')).json as Document;
    const documented = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    const routed = service.endpoints.map(({ method, path }) => `${method.toLowerCase()} ${path}`);
    expect(documented.toSorted()).toEqual(routed.toSorted());
    expect(documented.toSorted()).toEqual(
      [
        'get /docs',
        'get /healthz',
        'get /openapi.json',
        'get /readyz',
        'get /v1/customers/high-value-new',
        'get /v1/customers/{id}/recommendations',
        'get /v1/customers/{id}/value',
        'get /v1/products/{id}/similar',
        'post /v1/recommendations',
      ].toSorted(),
    );
  });

  it('has no reference that leads nowhere, and each operation its own name', async () => {
    const { text, json } = await service.ask('/openapi.json');
    const document = json as Document;
    for (const [, id] of text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g))
      expect(document.components.schemas).toHaveProperty(id!);
    expect(text).not.toMatch(/"\$ref":"(?!#\/components)/);
    const names = Object.values(document.paths).flatMap((methods) => Object.values(methods).map(({ operationId }) => operationId));
    expect(new Set(names).size).toBe(names.length);
  });

  it('states the parameters as they are checked', async () => {
    const document = (await service.ask('/openapi.json')).json as Document;
    const { parameters } = document.paths['/v1/customers/high-value-new']!.get!;
    expect(parameters.map(({ name, required, schema }) => [name, required, schema])).toEqual([
      ['first_purchase_within_days', false, { type: 'integer', minimum: 1, maximum: 366, default: 90 }],
      ['horizon_days', false, { type: 'integer', minimum: 1, maximum: 1826, default: 365 }],
      ['top', false, { type: 'integer', minimum: 1, maximum: 500, default: 50 }],
      ['cursor', false, { type: 'string', minLength: 1, maxLength: 200 }],
    ]);
    expect(document.paths['/v1/customers/{id}/value']!.get!.parameters[0]).toMatchObject({ name: 'id', in: 'path', required: true });
  });

  it('stands on a page that loads nothing and explains every problem', async () => {
    const { text, headers } = await service.ask('/docs');
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-/);
    expect(text).not.toMatch(/<script|src=|@import|url\(|https?:\/\/(?!localhost)/);
    for (const kind of Object.keys(problems)) expect(text).toContain(`id="${kind}"`);
    for (const { id } of service.endpoints) expect(text).toContain(`id="${id}"`);
    for (const [, anchor] of text.matchAll(/href="#([^"]+)"/g)) expect(text).toContain(`id="${anchor}"`);
  });
});

describe('limits', () => {
  it('stop a client that asks too often, not its probes', async () => {
    const slow = await started({ out, rate: 5 });
    const answers = await Promise.all(Array.from({ length: 30 }, () => slow.ask('/v1/customers/c000020/value')));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]!.json).toMatchObject({ type: '/docs#too-many-requests', status: 429 });
    expect(Number(refused[0]!.headers.get('retry-after'))).toBeGreaterThan(0);
    const probes = await Promise.all(Array.from({ length: 30 }, () => slow.ask('/healthz')));
    expect(probes.every(({ status }) => status === 200)).toBe(true);
    const lost = await Promise.all(Array.from({ length: 30 }, () => slow.ask('/nothing')));
    expect(lost.some(({ status }) => status === 429)).toBe(true);
    await slow.close();
  });
});

describe('a shop without a model', () => {
  it('is answered for all the same', async () => {
    const other = { out: ownFolder() };
    await publishRun(other.out, { customers: 30, model: unsupported });
    const there = await started({ out: other.out });
    const { json } = await there.ask('/v1/customers/high-value-new?horizon_days=90');
    expect(json).toMatchObject({ supported: false, reason: 'no customer has bought more than four times' });
    await there.close();
  });
});

/** Bytes as they are over a socket of their own; all that comes back. */
function exchange(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let heard = '';
    const socket = connect(Number(new URL(service.origin).port), '127.0.0.1', () => socket.write(text));
    socket.setEncoding('utf8').on('data', (piece: string) => {
      heard += piece;
    });
    socket.on('end', () => resolve(heard)).on('error', reject);
  });
}

/** A GET with a body, which fetch refuses to send. */
function sent(path: string, headers: Record<string, string>, body: string) {
  return new Promise((resolve, reject) => {
    const length = headers['transfer-encoding'] ? {} : { 'content-length': Buffer.byteLength(body) };
    const request = rawRequest(service.origin + path, { method: 'GET', headers: { ...headers, ...length } }, (response) => {
      response.resume();
      resolve({ status: response.statusCode, connection: response.headers.connection, type: response.headers['content-type'] });
    });
    request.on('error', reject);
    request.end(body);
  });
}
