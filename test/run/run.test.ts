import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { resolveOptions } from '#run/options.ts';
import { progress } from '#run/progress.ts';
import { type RunSummary, run } from '#run/run.ts';
import { scratch } from '../scratch.ts';
import { type RawShop, tinyShop, writeShop } from '../source/fixture.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** A run of two reports without charts' pages: results only. */
async function runOf(shop: RawShop, out: string): Promise<RunSummary> {
  const data = await writeShop(shop, 'parquet');
  const argv = ['data', 'website', '--shop', 'thelook', '--data', data, '--out', out, '--format', 'json', '--as-of', '2026-06-28'];
  const silent = progress({ quiet: true, columns: null, write: () => {}, now: () => 0 });
  const world = { root, today: '2026-07-01', progress: silent, signal: new AbortController().signal };
  return run(resolveOptions(argv, {}, root).run, world);
}

const ran = ({ decisions }: RunSummary) => decisions.filter(({ decision }) => decision === 'run').map(({ step }) => step);

/** The tiny shop with one more centre, which only its own table knows. */
function withCentre(i: number): RawShop {
  const shop = tinyShop();
  const centre = { id: 9, name: `Centre ${i}`, latitude: 1, longitude: 1 };
  return { ...shop, distribution_centers: [...(shop.distribution_centers ?? []), centre] };
}

describe('a run after one table of the source has changed', async () => {
  const out = scratch();
  await runOf(tinyShop(), out);
  const after = await runOf(withCentre(0), out);

  it('makes only what reads that table', () => {
    expect(ran(after)).toContain('data-structure');
    expect(ran(after)).not.toContain('website-performance');
    expect(ran(after)).not.toContain('model sessions');
    expect(ran(after)).not.toContain('model customer_metrics');
    expect(after.decisions.find(({ step }) => step === 'model delivery_times' || step === 'model sales_weekly_breakdown')).toMatchObject({
      decision: 'run',
      why: 'input changed (distribution_centers)',
    });
  });

  it('keeps the models of each shop in a folder of its own, and no more versions than the last runs used', async () => {
    const versions = () =>
      readdirSync(join(out, 'cache/models/thelook')).filter((name) => /^sales_weekly_breakdown-.*\.parquet$/.test(name)).length;
    expect(versions()).toBe(2);
    for (const i of [1, 2, 3]) await runOf(withCentre(i), out);
    expect(versions()).toBe(3);
    expect(readdirSync(join(out, 'cache/models'))).toEqual(['thelook']);
  });

  it('keeps the snapshots used last', () => {
    expect(readdirSync(join(out, 'snapshots')).length).toBe(3);
  });
});
