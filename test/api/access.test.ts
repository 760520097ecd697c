import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isLoopback, isOwnHost, tokenCheck, tokenFor } from '#api/access.ts';
import type { LookbookError } from '#contract/error.ts';
import { type Running, started } from './client.ts';
import { outFolder, publishRun } from './published.ts';

const token = 'k3Jx-9_~.+/=0123456789abcd';

describe('a token', () => {
  it.each(['127.0.0.1', '127.8.8.8', '::1', 'localhost'])('is not needed on %s', (host) => {
    expect(tokenFor(host, {})).toBeNull();
    expect(isLoopback(host)).toBe(true);
  });

  it.each(['0.0.0.0', '::', '192.168.1.4', 'example.org', '127.0.0.1.example.org', '', '1270.0.1'])('is needed on %j', (host) => {
    expect(() => tokenFor(host, {})).toThrow(/LOOKBOOK_API_TOKEN[\s\S]*openssl rand/);
    expect(tokenFor(host, { LOOKBOOK_API_TOKEN: token })).toBe(token);
  });

  it.each(['short', 'x'.repeat(23), `${'x'.repeat(30)} y`, `${'x'.repeat(30)}\n`, `${'x'.repeat(30)}ü`])(
    'that is %j is refused, and not repeated',
    (bad) => {
      const refused = (): LookbookError => {
        try {
          tokenFor('127.0.0.1', { LOOKBOOK_API_TOKEN: bad });
        } catch (error) {
          return error as LookbookError;
        }
        throw new Error('accepted');
      };
      expect(refused().exitCode).toBe(2);
      expect(refused().message).not.toContain(bad);
    },
  );

  it.each([
    [`Bearer ${token}`, true],
    [`bearer  ${token} `, true],
    [`Bearer ${token}x`, false],
    [`Bearer ${token.slice(1)}`, false],
    [`Basic ${token}`, false],
    [token, false],
    ['Bearer ', false],
    ['Bearer', false],
    [undefined, false],
  ])('sent as %j passes: %s', (header, passes) => {
    expect(tokenCheck(token)(header)).toBe(passes);
  });
});

describe('a host', () => {
  it.each([
    ['localhost', true],
    ['LocalHost:8080', true],
    ['[::1]:80', true],
    ['127.0.0.1:1', true],
    ['localhost.evil.example', false],
    ['0.0.0.0', false],
    ['192.168.0.7:8080', false],
    [undefined, false],
  ])('%j is this machine: %s', (header, isOwn) => {
    expect(isOwnHost(header)).toBe(isOwn);
  });
});

describe('a service with a token', () => {
  const { out, remove } = outFolder();
  let service: Running;
  beforeAll(async () => {
    await publishRun(out, { customers: 30 });
    service = await started({ out, token });
  });
  afterAll(async () => {
    await service.close();
    remove();
  });

  it.each([{}, { authorization: 'Bearer wrong' }, { authorization: `Basic ${token}` }, { authorization: '' }])(
    'refuses %j',
    async (headers) => {
      for (const path of ['/v1/customers/high-value-new', '/v1/customers/c000001/value', '/v1/customers/nobody/value?x=1']) {
        const answer = await service.ask(path, { headers: headers as Record<string, string> });
        expect(answer.status).toBe(401);
        expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="lookbook"');
        expect(answer.json).toMatchObject({ type: '/docs#token-required' });
        expect(answer.text).not.toContain('demo');
      }
    },
  );

  it('answers with it, and lets probes and readers in without', async () => {
    const headers = { authorization: `Bearer ${token}` };
    expect((await service.ask('/v1/customers/high-value-new', { headers })).status).toBe(200);
    for (const path of ['/healthz', '/readyz', '/openapi.json', '/docs']) expect((await service.ask(path)).status).toBe(200);
  });

  it('says neither token nor what was tried', async () => {
    await service.ask('/v1/customers/high-value-new', { headers: { authorization: 'Bearer a-wrong-secret' } });
    const text = JSON.stringify(service.lines());
    expect(text).not.toContain(token);
    expect(text).not.toContain('a-wrong-secret');
  });
});
