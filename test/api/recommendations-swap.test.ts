import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { OffersKeeper } from '#api/offers-keeper.ts';
import type { recommendationsSchema } from '#api/recommendation-answer.ts';
import { take } from '#api/shelf.ts';
import { sha256File } from '#run/hash.ts';
import { type Running, started, until } from './client.ts';
import type { OfferOptions } from './made-offers.ts';
import { outFolder, publishRun, type ShopOptions, spoil } from './published.ts';

type Recommendations = z.infer<typeof recommendationsSchema>;

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

function folder(): string {
  const { out, remove } = outFolder();
  cleanups.push(remove);
  return out;
}

async function running(out: string): Promise<Running> {
  const service = await started({ out });
  cleanups.push(() => service.close());
  return service;
}

const sizes: OfferOptions = { customers: 150, beyond: 10, newcomers: 3 };
const publish = async (out: string, seed: number, options: ShopOptions = {}): Promise<string> => {
  const made = await publishRun(out, { customers: 40, seed, offers: { ...sizes, seed }, ...options });
  return sha256File(join(made.folder, 'manifest.json'));
};

interface Ready {
  trouble: string | null;
  recommendations: { run: { manifest: string } } | null;
}

const ready = async (service: Running) => (await service.ask('/readyz')).json as Ready;
const serves = (service: Running, manifest: string) =>
  until(`run ${manifest}`, async () => (await ready(service)).recommendations?.run.manifest === manifest);

describe('a new run', () => {
  it('takes the place of the old one under load: each answer is of one run, none fails', async () => {
    const out = folder();
    const manifests = [await publish(out, 1)];
    const service = await running(out);
    const seen = new Map<string, Set<string>>();
    let isOver = false;
    const basket = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"product_ids":["p0003","p0014"],"k":7}',
    };
    const client = async (path: string, init?: RequestInit) => {
      while (!isOver) {
        const { status, json, headers, text } = await service.ask(path, init);
        expect(status).toBe(200);
        const { run } = json as Recommendations;
        expect(headers.get('last-run')).toContain(run.manifest);
        const key = `${run.manifest} ${path}`;
        seen.set(key, (seen.get(key) ?? new Set()).add(text));
      }
    };
    const paths = [
      '/v1/customers/c000007/recommendations',
      '/v1/customers/c000007/recommendations?k=33',
      '/v1/customers/c000149/recommendations?exclude=p0001,p0002,p0003',
      '/v1/customers/c000155/recommendations',
      '/v1/customers/c000161/recommendations',
      '/v1/products/p0030/similar',
      '/v1/products/p0030/similar?k=4',
      '/v1/customers/c000007/value',
    ];
    const clients = [...paths.map((path) => client(path)), client('/v1/recommendations', basket)];
    for (const seed of [2, 3, 4]) {
      manifests.push(await publish(out, seed));
      await serves(service, manifests.at(-1)!);
    }
    isOver = true;
    await Promise.all(clients);
    for (const texts of seen.values()) expect(texts.size).toBe(1);
    expect(new Set([...seen.keys()].map((key) => key.split(' ')[0]))).toEqual(new Set(manifests));
  });

  it('of a later day goes before, and if it is withdrawn the one before is served again', async () => {
    const out = folder();
    const old = await publish(out, 1);
    const service = await running(out);
    await serves(service, await publish(out, 2, { asOf: '2026-11-22' }));
    rmSync(join(out, 'site/demo/2026-11-22'), { recursive: true });
    await serves(service, old);
  });

  it('that is broken leaves the old one in its place, customer value goes on, and it is told', async () => {
    const out = folder();
    const old = await publish(out, 1);
    const service = await running(out);
    const { artifacts } = await publishRun(out, { customers: 40, seed: 2, offers: { ...sizes, seed: 2 } });
    spoil(out, artifacts['recommendations/index']!);
    await until('trouble', async () => (await ready(service)).trouble !== null);
    const state = await ready(service);
    expect(state).toMatchObject({ trouble: 'an artifact of the run has changed', recommendations: { run: { manifest: old } } });
    expect(JSON.stringify(state)).not.toContain(out);
    expect((await service.ask('/v1/customers/c000007/recommendations?k=44')).status).toBe(200);
    await until('customer value', async () => {
      const { json } = await service.ask('/v1/customers/c000007/value');
      return (json as Recommendations).run.run.endsWith('2');
    });
    const told = service.lines().filter(({ msg }) => msg === 'a run cannot be served');
    expect(told).toHaveLength(1);
    expect(told[0]).toMatchObject({ level: 'error', part: 'recommendations', served: { manifest: old } });
    await serves(service, await publish(out, 3));
    expect((await ready(service)).trouble).toBeNull();
    expect(service.lines().filter(({ msg }) => msg === 'recovered')).toHaveLength(1);
  });
});

describe('the thread that recommends', () => {
  it('fills its shelves by itself, and is started again when it dies; what is served stays', async () => {
    const out = folder();
    await publish(out, 1);
    const threads: Worker[] = [];
    const keeper = new OffersKeeper(
      { out, shop: null, asOf: null, every: 20 },
      { served: () => {}, trouble: () => {}, recovered: () => {} },
      (workerData): Worker => {
        threads.push(new Worker(new URL('../../src/api/offers-thread.ts', import.meta.url), { workerData }));
        return threads.at(-1) as Worker;
      },
    );
    cleanups.push(() => keeper.close());
    await keeper.start();
    const served = keeper.served!;
    const { shelves } = served.loaded;
    await until('full shelves', () => shelves.customers.state.slice(0, 160).every((state) => state > 0));
    await until('full shelves', () => shelves.products.state.every((state) => state > 0));
    expect(shelves.customers.state.slice(160).every((state) => state === 0)).toBe(true);
    const wish = { kind: 'customer', customer: 4, k: 10, exclude: [] } as const;
    const ahead = served.list(wish);
    expect(ahead).toEqual(take(shelves.customers, 4, 10, []));
    const wide = await served.list({ ...wish, k: 20 });
    const ended = threads[0]!.terminate();
    await expect(served.list({ ...wish, k: 21 })).rejects.toMatchObject({ kind: 'busy' });
    await ended;
    expect(keeper.served).toBe(served);
    expect(served.list(wish)).toEqual(ahead);
    await until('another thread', () => threads.length === 2 && keeper.trouble === null);
    const again = await served.list({ ...wish, k: 21 });
    expect(again.product.length).toBeGreaterThan(wide.product.length - 1);
  });

  it('has more asked of it than it can hold: that is said, not waited for', async () => {
    const out = folder();
    await publish(out, 1);
    const service = await running(out);
    const answers = await Promise.all(
      Array.from({ length: 400 }, (_, i) =>
        service.ask(`/v1/customers/c${String(i % 150).padStart(6, '0')}/recommendations?k=${20 + (i % 80)}`),
      ),
    );
    const kinds = new Set(answers.map(({ status }) => status));
    for (const status of kinds) expect([200, 503]).toContain(status);
    expect(kinds).toContain(200);
    for (const { status, headers } of answers) if (status === 503) expect(headers.get('retry-after')).toBe('1');
  });
});
