import { readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import type { listSchema } from '#api/answer.ts';
import { ValueKeeper } from '#api/value-keeper.ts';
import { sha256File } from '#run/hash.ts';
import { type Running, started, until } from './client.ts';
import { outFolder, publishRun, type ShopOptions, spoil } from './published.ts';

type List = z.infer<typeof listSchema>;

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

function folder(): string {
  const { out, remove } = outFolder();
  cleanups.push(remove);
  return out;
}

async function running(options: Parameters<typeof started>[0]): Promise<Running> {
  const service = await started(options);
  cleanups.push(() => service.close());
  return service;
}

const publish = async (out: string, options: ShopOptions = {}): Promise<string> => {
  const made = await publishRun(out, { customers: 200, ...options });
  return sha256File(join(made.folder, 'manifest.json'));
};

const ready = async ({ ask }: Running) =>
  (await ask('/readyz')).json as { run?: { manifest: string; as_of: string }; trouble?: string | null; passed_over?: string[] };
const serves = (service: Running, manifest: string) =>
  until(`run ${manifest}`, async () => (await ready(service)).run?.manifest === manifest);

describe('a new run', () => {
  it('is picked up where there was none', async () => {
    const out = folder();
    const service = await running({ out });
    for (const path of ['/readyz', '/v1/customers/high-value-new', '/v1/customers/a/value']) {
      const { status, json, headers } = await service.ask(path);
      expect(status).toBe(503);
      expect(json).toMatchObject({ type: '/docs#no-run' });
      expect(headers.get('retry-after')).toBe('5');
    }
    expect((await service.ask('/healthz')).status).toBe(200);
    await serves(service, await publish(out));
    expect((await service.ask('/v1/customers/high-value-new')).status).toBe(200);
  });

  it('takes the place of the old one under load: each answer is of one run, none fails', async () => {
    const out = folder();
    const manifests = [await publish(out, { seed: 1 })];
    const service = await running({ out });
    const seen = new Map<string, Set<string>>();
    let isOver = false;
    const client = async (path: string) => {
      while (!isOver) {
        const { status, json, headers, text } = await service.ask(path);
        expect(status).toBe(200);
        const { run } = json as List;
        expect(headers.get('last-run')).toContain(run.manifest);
        const key = `${run.manifest} ${path}`;
        seen.set(key, (seen.get(key) ?? new Set()).add(text));
      }
    };
    const paths = [
      '/v1/customers/high-value-new?top=20',
      '/v1/customers/high-value-new?top=20&horizon_days=90',
      '/v1/customers/c000007/value',
      '/v1/customers/c000007/value?horizon_days=30',
    ];
    const clients = [...paths, ...paths].map(client);
    for (const seed of [2, 3, 4]) {
      manifests.push(await publish(out, { seed }));
      await serves(service, manifests.at(-1)!);
    }
    isOver = true;
    await Promise.all(clients);
    // Of one run every client has read the same.
    for (const texts of seen.values()) expect(texts.size).toBe(1);
    expect(new Set([...seen.keys()].map((key) => key.split(' ')[0]))).toEqual(new Set(manifests));
  });

  it('changes the entity tag and ends the cursors of the old one', async () => {
    const out = folder();
    await publish(out, { seed: 1 });
    const service = await running({ out });
    const first = await service.ask('/v1/customers/high-value-new?top=5');
    const etag = first.headers.get('etag')!;
    const cursor = (first.json as List).next_cursor;
    await serves(service, await publish(out, { seed: 2 }));
    expect((await service.ask('/v1/customers/high-value-new?top=5', { headers: { 'if-none-match': etag } })).status).toBe(200);
    const { status, json } = await service.ask(`/v1/customers/high-value-new?top=5&cursor=${cursor}`);
    expect([status, json]).toMatchObject([410, { type: '/docs#cursor-expired' }]);
  });

  it('of a later day goes before, and if it is withdrawn the one before is served again', async () => {
    const out = folder();
    const old = await publish(out);
    const service = await running({ out });
    await serves(service, await publish(out, { asOf: '2026-11-22', seed: 2 }));
    rmSync(join(out, 'site/demo/2026-11-22'), { recursive: true });
    await serves(service, old);
  });

  it('without customer value is passed over, and told', async () => {
    const out = folder();
    const old = await publish(out);
    const service = await running({ out });
    await publish(out, { asOf: '2026-11-22', without: ['value-model/model'] });
    await until('passing over', async () => (await ready(service)).passed_over?.includes('2026-11-22'));
    expect((await ready(service)).run?.manifest).toBe(old);
  });

  it('of another shop does not disturb', async () => {
    const out = folder();
    const own = await publish(out);
    const service = await running({ out });
    await publish(out, { shop: 'thelook', asOf: '2026-12-31' });
    const next = await publish(out, { seed: 2 });
    await serves(service, next);
    expect(own).not.toBe(next);
    expect((await ready(service)).trouble).toBeNull();
  });

  it('is not looked for where a day is asked for', async () => {
    const out = folder();
    const old = await publish(out);
    await publish(out, { asOf: '2026-11-22', seed: 2 });
    const service = await running({ out, asOf: '2026-11-15' });
    expect((await ready(service)).run?.manifest).toBe(old);
  });
});

const broken = { seed: 2, model: { odd: true } };
const later = { seed: 2, asOf: '2026-11-22' };

/** What goes wrong, how, and what is told of it. */
const harms: [string, (out: string) => Promise<void>, string][] = [
  [
    'a changed table',
    async (out) => {
      const { artifacts } = await publishRun(out, { seed: 2 });
      spoil(out, artifacts['customer-value/customers']!);
    },
    'an artifact of the run has changed',
  ],
  [
    'a missing model',
    async (out) => {
      const { artifacts } = await publishRun(out, broken);
      rmSync(join(out, 'artifacts', artifacts['value-model/model']!.file));
    },
    'an artifact of the run is missing',
  ],
  ['a model of another form', async (out) => void (await publishRun(out, broken)), 'cannot be read'],
  [
    'half a manifest',
    async (out) => {
      const file = join((await publishRun(out, later)).folder, 'manifest.json');
      writeFileSync(file, readFileSync(file, 'utf8').slice(0, 100));
    },
    'the manifest of the newest run cannot be read',
  ],
  [
    'a manifest that is a loop',
    async (out) => {
      const file = join((await publishRun(out, later)).folder, 'manifest.json');
      rmSync(file);
      symlinkSync('manifest.json', file);
    },
    'the manifest of the newest run cannot be read',
  ],
];

describe('a broken run', () => {
  it.each(harms)('with %s leaves the old one in its place, and is told', async (_name, harm, what) => {
    const out = folder();
    const old = await publish(out);
    const service = await running({ out });
    await harm(out);
    await until('trouble', async () => (await ready(service)).trouble !== null);
    const state = await ready(service);
    expect(state).toMatchObject({ run: { manifest: old }, trouble: what });
    expect(JSON.stringify(state)).not.toContain(out);
    expect((await service.ask('/v1/customers/high-value-new?horizon_days=45')).status).toBe(200);
    await new Promise((next) => setTimeout(next, 300));
    const told = service.lines().filter(({ msg }) => msg === 'a run cannot be served');
    expect(told).toHaveLength(1);
    expect(told[0]).toMatchObject({ level: 'error', cause: expect.stringContaining('to mend'), served: { manifest: old } });
    await serves(service, await publish(out, { seed: 3, asOf: '2026-11-22' }));
    expect((await ready(service)).trouble).toBeNull();
    expect(service.lines().filter(({ msg }) => msg === 'recovered')).toHaveLength(1);
  });

  it('alone is no run: the probe says why', async () => {
    const out = folder();
    await publish(out, { model: 'odd' });
    const service = await running({ out });
    const { status, json } = await service.ask('/readyz');
    expect(status).toBe(503);
    expect(json).toMatchObject({ type: '/docs#no-run', detail: expect.stringContaining('cannot be read') });
  });
});

describe('the thread that keeps the runs', () => {
  it('is started again when it dies; what is served stays', async () => {
    const out = folder();
    await publish(out);
    const threads: Worker[] = [];
    const troubles: string[] = [];
    const keeper = new ValueKeeper(
      { out, shop: null, asOf: null, every: 20 },
      { served: () => {}, trouble: (message) => void troubles.push(message), recovered: () => {} },
      (workerData): Worker => {
        threads.push(new Worker(new URL('../../src/api/value-thread.ts', import.meta.url), { workerData }));
        return threads.at(-1) as Worker;
      },
    );
    await keeper.start();
    const { served } = keeper;
    const before = await served!.ranking(60, 90);
    const unanswered = served!.ranking(50, 120);
    await Promise.all([expect(unanswered).rejects.toMatchObject({ kind: 'busy' }), threads[0]!.terminate()]);
    expect(keeper.served).toBe(served);
    expect(troubles).toHaveLength(1);
    await until('another thread', () => threads.length === 2 && keeper.trouble === null);
    expect(await served!.ranking(50, 120)).toHaveLength((await served!.ranking(50, 365)).length);
    expect(await served!.ranking(60, 90)).toEqual(before);
    await keeper.close();
  });
});
