import { existsSync, readdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { readManifest } from './manifest.ts';

/**
 * Removes snapshots that nothing rests on: those that a published report was made from stay, so that it can be made again, and so do the
 * ones used last.
 * @param out output folder, with snapshots/ and site/.
 * @param used fingerprint of the snapshot in use; it counts as the newest.
 * @returns fingerprints removed.
 */
export function pruneSnapshots(out: string, used: string, keepNewest: number): string[] {
  const folder = join(out, 'snapshots');
  const now = new Date();
  utimesSync(join(folder, used), now, now);
  const named = publishedFrom(join(out, 'site'));
  const byUse = readdirSync(folder)
    .filter((name) => /^[0-9a-f]{64}$/.test(name))
    .map((name) => ({ name, used: statSync(join(folder, name)).mtimeMs }))
    .sort((a, b) => b.used - a.used || (a.name < b.name ? -1 : 1));
  const removed = byUse
    .slice(keepNewest)
    .map(({ name }) => name)
    .filter((name) => !named.has(name));
  for (const name of removed) rmSync(join(folder, name), { recursive: true, force: true });
  return removed;
}

/** Fingerprints of the rows that the published reports of all shops were made from. */
function publishedFrom(site: string): Set<string> {
  const folders = subfolders(site).flatMap((shop) => subfolders(shop));
  return new Set(folders.flatMap((folder) => readManifest(folder)?.inputs.source.fingerprint ?? []));
}

function subfolders(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(folder, name));
}
