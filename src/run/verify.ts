import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { LookbookError } from '#contract/error.ts';
import { artifactFolder } from './artifacts.ts';
import { sha256File } from './hash.ts';
import { type Manifest, readManifest } from './manifest.ts';
import type { RunOptions } from './options.ts';
import { run, type World } from './run.ts';

/** One file of a run, compared with the same file made again. */
export interface Comparison {
  file: string;
  outcome: 'identical' | 'different' | 'missing' | 'new' | 'damaged';
}

export interface Verification {
  run: string;
  comparisons: Comparison[];
  /** Inputs that are not those of the run any more: code, runtime … A difference is then no wonder. */
  drift: string[];
}

/**
 * Makes a published run again in a folder of its own, without the cache, and compares every file byte by byte.
 * @param folder the published run, for instance output/site/demo/2026-11-15.
 * @param data the shop's tables, needed when the snapshot has been deleted.
 * @throws LookbookError (usage) when there is no manifest, (source) when the rows are gone or have changed.
 */
export async function verify(folder: string, data: string | null, world: World): Promise<Verification> {
  const place = resolve(folder);
  const manifest = readManifest(place);
  if (!manifest) {
    const mend = 'name a folder such as output/site/demo/2026-11-15';
    throw new LookbookError('usage', { what: 'no manifest.json', where: place, expected: 'a published run', mend });
  }
  const out = mkdtempSync(join(tmpdir(), 'lookbook-verify-'));
  try {
    const isKept = takeSnapshotAlong(place, out, manifest);
    if (!isKept && manifest.inputs.source.kind === 'files' && data === null) {
      const mend = 'add --data DIR with the rows of that run';
      throw new LookbookError('source', {
        what: 'the snapshot of this run is no longer there',
        where: manifest.inputs.source.fingerprint,
        mend,
      });
    }
    await run(optionsOf(manifest, out, data, isKept), world, { previous: manifest.inputs.previous });
    const again = join(out, 'site', manifest.inputs.shop, manifest.inputs.asOf);
    return { run: manifest.run, comparisons: compare(place, again, manifest), drift: driftOf(manifest, readManifest(again) as Manifest) };
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

/** Copies the run's snapshot from beside the site, so that the same rows are read. */
function takeSnapshotAlong(place: string, out: string, { inputs }: Manifest): boolean {
  const kept = join(dirname(dirname(dirname(place))), 'snapshots', inputs.source.fingerprint);
  if (!existsSync(kept)) return false;
  cpSync(kept, join(out, 'snapshots', inputs.source.fingerprint), { recursive: true });
  return true;
}

function optionsOf({ inputs }: Manifest, out: string, data: string | null, isKept: boolean): RunOptions {
  return {
    ...inputs.options,
    shop: inputs.shop as RunOptions['shop'],
    data,
    asOf: inputs.asOf,
    out,
    snapshot: isKept ? inputs.source.fingerprint : null,
    threads: 2,
    memory: '1GB',
    cache: false,
  };
}

function compare(place: string, again: string, { files, artifacts }: Manifest): Comparison[] {
  const made = readManifest(again);
  const named = (a: object, b: object = {}) => [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
  const folder = artifactFolder(dirname(dirname(dirname(place))));
  return [
    ...named(files, made?.files).map((file) => ({ file, outcome: outcomeOf(join(place, file), files[file], made?.files[file]) })),
    ...named(artifacts, made?.artifacts).map((name) => {
      const [then, now] = [artifacts[name], made?.artifacts[name]];
      return { file: `artifact ${name}`, outcome: outcomeOf(join(folder, then?.file ?? ''), then?.sha256, now?.sha256) };
    }),
  ];
}

function outcomeOf(file: string, recorded: string | undefined, made: string | undefined): Comparison['outcome'] {
  if (recorded === undefined) return 'new';
  if (!existsSync(file)) return 'missing';
  if (sha256File(file) !== recorded) return 'damaged';
  return recorded === made ? 'identical' : 'different';
}

function driftOf(then: Manifest, now: Manifest): string[] {
  const drift = [];
  if (then.inputs.source.fingerprint !== now.inputs.source.fingerprint) drift.push('rows');
  if (then.inputs.code !== now.inputs.code) drift.push('code');
  for (const [name, version] of Object.entries(then.inputs.runtime)) {
    if (now.inputs.runtime[name] !== version) drift.push(`${name} ${version} → ${now.inputs.runtime[name]}`);
  }
  return drift;
}
