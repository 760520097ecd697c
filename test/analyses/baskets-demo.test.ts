import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Result } from '#contract/analysis.ts';
import { type DemoTruth, demoDefaults, writeDemo } from '#source/demo/demo.ts';
import { openDuckDB } from '#warehouse/duckdb.ts';
import type { Engine } from '#warehouse/engine.ts';
import analysis from '../../analyses/baskets/analysis.ts';
import { engineOf } from '../warehouse/models/shop.ts';
import { addParquet, runOn } from './baskets-shop.ts';

const moment = { wall: '2026-11-16 00:00:00', asOf: '2026-11-15', week: '2026-11-09', timezone: 'UTC' };
const thelook = fileURLToPath(new URL('../../../shared/data/thelook', import.meta.url));
const absent = existsSync(thelook) ? '' : ' (skipped: ../shared/data/thelook is absent)';
const table = (result: Result, id: string) => result.tables.find((one) => one.id === id);

describe.each([demoDefaults.seed, 3])('the demo shop of seed %i', (seed) => {
  it('gives its planted pairs, and few others', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lookbook-baskets-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const { truth } = await writeDemo({ ...demoDefaults, seed }, folder);
    const engine = await engineOf();
    await addParquet(engine, folder);
    const result = await runOn(engine, analysis, moment);
    const planted = new Set(
      truth.pairs.map(({ first, second }: DemoTruth['pairs'][number]) => [first.product_id, second.product_id].sort().join()),
    );
    const called = table(result, 'bundles')!.rows.map(({ product_a, product_b }) => [Number(product_a), Number(product_b)].sort().join());
    const hits = called.filter((pair) => planted.has(pair)).length;
    expect(hits / planted.size).toBe(1);
    expect(hits / called.length).toBeGreaterThan(0.8);
  });
});

describe.skipIf(absent)(`theLook${absent}`, () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await openDuckDB({ threads: 2 });
    await addParquet(engine, thelook);
  });
  afterAll(() => engine?.close());

  it('has nothing in its baskets, and what it has is chance', async () => {
    const result = await runOn(engine, analysis, { wall: '2026-08-22 00:00:00', asOf: '2026-08-21', week: '2026-08-10', timezone: 'UTC' });
    expect(result.method.called).toBe(0);
    expect(result.method.tested).toBeGreaterThan(100_000_000);
    expect(result.findings.filter(({ kind }) => kind === 'nothing').map(({ id }) => id)).toEqual(['pairs', 'categories', 'brands']);
    const twice = table(result, 'shared')!.rows[1]!;
    expect(Number(twice.seen)).toBeGreaterThan(0);
    expect(Math.abs(Number(twice.seen) - Number(twice.chance))).toBeLessThan(3 * Math.sqrt(Number(twice.chance)));
  });
});
