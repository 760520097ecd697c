import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from './hash.ts';

/** What a step's key is made of, by name: 'sql', 'input kpi_weekly', 'params' … Each value is a hash or a short text. */
export type KeyParts = Record<string, string>;

/** Why a step ran or did not. */
export interface Decision {
  step: string;
  decision: 'run' | 'reused';
  why: string;
}

/** A store of step results by content: a key is the hash of all that the result depends on, never a time. */
export class Cache {
  readonly #folder: string;
  readonly #enabled: boolean;
  readonly decisions: Decision[] = [];
  #last: Record<string, KeyParts>;

  constructor(folder: string, enabled = true) {
    this.#folder = folder;
    this.#enabled = enabled;
    mkdirSync(folder, { recursive: true });
    this.#last = readJson(join(folder, 'last.json')) ?? {};
  }

  /**
   * The stored bytes of a step, or null when it has to run; the decision is recorded with its reason.
   * @param isWhole whether what the bytes refer to is still there.
   */
  find(step: string, parts: KeyParts, isWhole: (bytes: Buffer) => boolean = () => true): Buffer | null {
    const file = this.#file(step, parts);
    const stored = this.#enabled ? readVerified(file) : null;
    const bytes = stored && isWhole(stored) ? stored : null;
    const why = bytes ? 'nothing changed' : this.#enabled ? difference(this.#last[step], parts) : 'cache off';
    this.decisions.push({ step, decision: bytes ? 'reused' : 'run', why });
    if (bytes) {
      this.#last[step] = parts;
      const now = new Date();
      utimesSync(file, now, now);
    }
    return bytes;
  }

  store(step: string, parts: KeyParts, value: Uint8Array | string): void {
    const bytes = typeof value === 'string' ? Buffer.from(value) : value;
    const file = this.#file(step, parts);
    const fresh = `${file}.${process.pid}.tmp`;
    writeFileSync(fresh, Buffer.concat([Buffer.from(`${sha256(bytes)}\n`), bytes]));
    renameSync(fresh, file);
    this.#last[step] = parts;
  }

  /** Keeps the reasons for the next run, and no more than `keep` entries, the most recently used. */
  close(keep = 600): void {
    const file = join(this.#folder, 'last.json');
    writeFileSync(`${file}.${process.pid}.tmp`, JSON.stringify(this.#last));
    renameSync(`${file}.${process.pid}.tmp`, file);
    const entries = readdirSync(this.#folder).filter((name) => name.endsWith('.bin'));
    if (entries.length <= keep) return;
    const byUse = entries.map((name) => ({ name, used: statSync(join(this.#folder, name)).mtimeMs })).sort((a, b) => b.used - a.used);
    for (const { name } of byUse.slice(keep)) rmSync(join(this.#folder, name), { force: true });
  }

  #file(step: string, parts: KeyParts): string {
    return join(this.#folder, `${sha256({ step, parts }).slice(0, 40)}.bin`);
  }
}

/** Names what changed between two keys: 'first run', 'sql changed', 'input changed (orders)'. */
export function difference(before: KeyParts | undefined, now: KeyParts): string {
  if (!before) return 'first run';
  const changed = [...new Set([...Object.keys(before), ...Object.keys(now)])].filter((part) => before[part] !== now[part]);
  if (changed.length === 0) return 'result no longer in the cache';
  const inputs = changed.filter((part) => part.startsWith('input ')).map((part) => part.slice(6));
  const others = changed.filter((part) => !part.startsWith('input '));
  const reasons = others.map((part) => `${part} changed`);
  if (inputs.length > 0) reasons.push(`input changed (${inputs.join(', ')})`);
  return reasons.join(', ');
}

/** A cache entry carries its own hash, so that a damaged one is made again, never used. */
function readVerified(file: string): Buffer | null {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch {
    return null;
  }
  const body = bytes.subarray(65);
  return bytes.subarray(0, 64).toString() === sha256(body) ? body : null;
}

function readJson<T>(file: string): T | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch {
    return null;
  }
}
