import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Artifact } from '#contract/analysis.ts';
import { sha256, sha256File } from './hash.ts';
import { type Manifest, readManifest } from './manifest.ts';

/** A file that an analysis leaves for others, named by its content. */
export interface Kept {
  /** `<sha256>.parquet`, `.json` or `.bin`. */
  file: string;
  sha256: string;
  bytes: number;
}

/** A published run as a service reads it. */
export interface PublishedRun {
  shop: string;
  asOf: string;
  /** SHA-256 of the run's inputs. */
  run: string;
  /** SHA-256 of manifest.json. */
  manifest: string;
  /** The published folder. */
  folder: string;
  /** By '<analysis>/<name>'; `file` is an absolute path. */
  artifacts: Record<string, Kept>;
}

/** Where artifacts lie: beside the site, which may be published as it is, since they name every customer. */
export const artifactFolder = (out: string): string => join(out, 'artifacts');

/** Stores an artifact under the hash of its content; what is there already stays. */
export function keep(folder: string, artifact: Artifact): Kept {
  mkdirSync(folder, { recursive: true });
  const isBytes = artifact instanceof Uint8Array;
  const bytes = isBytes ? artifact : Buffer.from(`${JSON.stringify(artifact)}\n`);
  const kept = { sha256: sha256(bytes), bytes: bytes.length };
  const file = `${kept.sha256}.${isBytes ? 'bin' : 'json'}`;
  if (!isIntact(folder, { ...kept, file })) {
    const partial = join(folder, `${file}.tmp-${process.pid}`);
    try {
      writeFileSync(partial, bytes);
      renameSync(partial, join(folder, file));
    } finally {
      rmSync(partial, { force: true });
    }
  }
  return { file, ...kept };
}

/** Whether a file is there and is what its name says. */
export function isIntact(folder: string, { file, bytes, sha256: hash }: Kept): boolean {
  const path = join(folder, file);
  return existsSync(path) && statSync(path).size === bytes && sha256File(path) === hash;
}

/**
 * What stands published, the newest day of each shop first. A folder without a readable manifest is left out.
 * @param out output folder, with site/ and artifacts/.
 */
export function publishedRuns(out: string): PublishedRun[] {
  return manifests(join(out, 'site')).map(({ folder, manifest, hash }) => ({
    shop: manifest.inputs.shop,
    asOf: manifest.inputs.asOf,
    run: manifest.run,
    manifest: hash,
    folder,
    artifacts: Object.fromEntries(
      Object.entries(manifest.artifacts ?? {}).map(([name, kept]) => [name, { ...kept, file: join(artifactFolder(out), kept.file) }]),
    ),
  }));
}

/** Removes artifacts that no published run names. */
export function pruneArtifacts(out: string): void {
  const folder = artifactFolder(out);
  if (!existsSync(folder)) return;
  const named = new Set(
    manifests(join(out, 'site')).flatMap(({ manifest }) => Object.values(manifest.artifacts ?? {}).map(({ file }) => file)),
  );
  for (const name of readdirSync(folder)) if (!named.has(name)) rmSync(join(folder, name), { force: true });
}

function manifests(site: string): { folder: string; manifest: Manifest; hash: string }[] {
  return subfolders(site).flatMap((shop) =>
    subfolders(shop)
      .filter((folder) => /[\\/][0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(folder))
      .reverse()
      .flatMap((folder) => {
        const manifest = readManifestOrNull(folder);
        return manifest ? [{ folder, manifest, hash: sha256File(join(folder, 'manifest.json')) }] : [];
      }),
  );
}

function readManifestOrNull(folder: string): Manifest | null {
  try {
    return readManifest(folder);
  } catch {
    return null;
  }
}

function subfolders(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(folder, name))
    .sort();
}
