import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { artifactFolder, isIntact, keep, pruneArtifacts, publishedRuns } from '#run/artifacts.ts';
import { sha256 } from '#run/hash.ts';
import { scratch } from '../scratch.ts';

function publish(out: string, shop: string, asOf: string, artifacts: object): string {
  const folder = join(out, 'site', shop, asOf);
  mkdirSync(folder, { recursive: true });
  const text = JSON.stringify({ run: `run of ${asOf}`, inputs: { shop, asOf }, artifacts });
  writeFileSync(join(folder, 'manifest.json'), text);
  return sha256(text);
}

describe('artifacts', () => {
  it('are stored once, by their content', () => {
    const folder = join(scratch(), 'artifacts');
    const kept = keep(folder, { r: 0.25, names: ['a', null] });
    expect(kept.file).toBe(`${kept.sha256}.json`);
    expect(JSON.parse(readFileSync(join(folder, kept.file), 'utf8'))).toEqual({ r: 0.25, names: ['a', null] });
    expect(keep(folder, { r: 0.25, names: ['a', null] })).toEqual(kept);
    const bytes = keep(folder, new Uint8Array([1, 2, 255]));
    expect([...readFileSync(join(folder, bytes.file))]).toEqual([1, 2, 255]);
    expect(readdirSync(folder).sort()).toEqual([bytes.file, kept.file].sort());
  });

  it('are whole only with their own bytes', () => {
    const folder = join(scratch(), 'artifacts');
    const kept = keep(folder, { a: 1 });
    expect(isIntact(folder, kept)).toBe(true);
    writeFileSync(join(folder, kept.file), '{"a":2}\n');
    expect(isIntact(folder, kept)).toBe(false);
    expect(keep(folder, { a: 1 })).toEqual(kept);
    expect(isIntact(folder, kept)).toBe(true);
    expect(isIntact(folder, { ...kept, file: 'absent.json' })).toBe(false);
  });
});

describe('published runs', () => {
  const out = scratch();
  const folder = artifactFolder(out);
  const kept = keep(folder, { model: 'bg-nbd' });
  const unnamed = keep(folder, { model: 'of a run that is gone' });
  const hash = publish(out, 'demo', '2026-08-16', { 'value-model/model': kept });
  publish(out, 'demo', '2026-08-09', {});
  mkdirSync(join(out, 'site', 'demo', '2026-08-02'), { recursive: true });
  writeFileSync(join(out, 'site', 'demo', '2026-08-02', 'manifest.json'), '{ half');
  mkdirSync(join(out, 'site', 'demo', '2026-08-16.draft-1'), { recursive: true });

  it('are listed newest first, without what is half there', () => {
    expect(publishedRuns(out).map(({ asOf }) => asOf)).toEqual(['2026-08-16', '2026-08-09']);
    expect(publishedRuns(out)[0]).toEqual({
      shop: 'demo',
      asOf: '2026-08-16',
      run: 'run of 2026-08-16',
      manifest: hash,
      folder: join(out, 'site', 'demo', '2026-08-16'),
      artifacts: { 'value-model/model': { ...kept, file: join(folder, kept.file) } },
    });
    expect(publishedRuns(scratch())).toEqual([]);
  });

  it('keep their artifacts when others are removed', () => {
    expect(readdirSync(folder)).toContain(unnamed.file);
    pruneArtifacts(out);
    expect(readdirSync(folder)).toEqual([kept.file]);
  });
});
