import { copyFileSync, existsSync, linkSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A folder of finished files that takes the place of the last one in a single rename, or not at all. */
export class Publication {
  readonly #place: string;
  readonly #draft: string;

  /** @param place the published folder, for instance output/site/demo/2026-11-15. */
  constructor(place: string) {
    this.#place = place;
    this.#draft = `${place}.draft-${process.pid}`;
    rmSync(this.#draft, { recursive: true, force: true });
    mkdirSync(this.#draft, { recursive: true });
  }

  /** @param name path below the published folder. */
  write(name: string, bytes: Uint8Array | string): void {
    const file = join(this.#draft, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes);
  }

  /** Takes a file of the last publication over as it is. */
  keep(name: string): void {
    const file = join(this.#draft, name);
    mkdirSync(dirname(file), { recursive: true });
    try {
      linkSync(join(this.#place, name), file);
    } catch {
      copyFileSync(join(this.#place, name), file);
    }
  }

  /** Puts the draft in its place. */
  commit(): void {
    const old = `${this.#place}.old`;
    rmSync(old, { recursive: true, force: true });
    if (existsSync(this.#place)) renameSync(this.#place, old);
    renameSync(this.#draft, this.#place);
    rmSync(old, { recursive: true, force: true });
  }

  discard(): void {
    rmSync(this.#draft, { recursive: true, force: true });
  }
}

/** Clears what a killed run left behind: drafts go, and a publication caught between two renames comes back. */
export function recover(folder: string): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (/\.draft-[0-9]+$/.test(name)) rmSync(path, { recursive: true, force: true });
    if (!name.endsWith('.old')) continue;
    const place = path.slice(0, -'.old'.length);
    if (existsSync(place)) rmSync(path, { recursive: true, force: true });
    else renameSync(path, place);
  }
}

/** Writes a single file beside its place and renames it. */
export function replaceFile(file: string, bytes: Uint8Array | string): void {
  mkdirSync(dirname(file), { recursive: true });
  const fresh = `${file}.${process.pid}.tmp`;
  try {
    writeFileSync(fresh, bytes);
    renameSync(fresh, file);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  }
}
