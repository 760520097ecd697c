import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LookbookError } from '#contract/error.ts';
import { sha256 } from './hash.ts';
import type { RunOptions } from './options.ts';

/** What a run is made from; with the code and the runtime it fixes each byte of its files. */
export interface Inputs {
  shop: string;
  asOf: string;
  /** Monday of the last complete ISO week. */
  week: string;
  /** Options that the pages depend on. */
  options: Pick<RunOptions, 'shopSettings' | 'reports' | 'only' | 'formats' | 'seed' | 'onFailedTest' | 'demo' | 'params'>;
  source: { kind: string; fingerprint: string; rows: Record<string, number>; files: { name: string; bytes: number; sha256: string }[] };
  /** Hash of the product's own code, templates and lockfile. */
  code: string;
  /** Hash of each metric's words and SQL, by id. */
  definitions: Record<string, string>;
  runtime: Record<string, string>;
  /** What the last report before this one was made from; null for the first. */
  previous: Previous | null;
}

/** What 'changed since the last report' is computed from. */
export interface Previous {
  asOf: string;
  fingerprint: string;
  rows: Record<string, number>;
  code: string;
  definitions: Record<string, string>;
}

export interface Manifest {
  lookbook: string;
  /** SHA-256 of the inputs. */
  run: string;
  inputs: Inputs;
  /** Key of each report: the hash of all that it depends on, as its appendix prints it. */
  reports: Record<string, string>;
  /** SHA-256 of each published file, by path. */
  files: Record<string, string>;
  /** What the analyses keep for the service, by '<analysis>/<name>'; the files lie in artifacts/, named by their content. */
  artifacts: Record<string, { file: string; sha256: string; bytes: number }>;
  /** What computed an analysis, where that is found out at run time. */
  engines: Record<string, string>;
}

export function runId(inputs: Inputs): string {
  return sha256(inputs);
}

/** @returns the manifest of a published folder, or null where there is none. */
export function readManifest(folder: string): Manifest | null {
  const file = join(folder, 'manifest.json');
  if (!existsSync(file)) return null;
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Manifest;
  } catch (error) {
    throw new LookbookError(
      'usage',
      { what: 'not a manifest', where: file, mend: 'make the report again, or restore the file' },
      { cause: error },
    );
  }
}

/** The newest published run of a shop before a day. */
export function previousRun(shopFolder: string, asOf: string): Previous | null {
  if (!existsSync(shopFolder)) return null;
  const days = readdirSync(shopFolder)
    .filter((name) => /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(name) && name < asOf)
    .sort();
  for (const day of days.reverse()) {
    const manifest = readManifest(join(shopFolder, day));
    if (!manifest) continue;
    const { source, code, definitions } = manifest.inputs;
    return { asOf: manifest.inputs.asOf, fingerprint: source.fingerprint, rows: source.rows, code, definitions };
  }
  return null;
}
