import { readFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { LookbookError } from '#contract/error.ts';
import type { PublishedRun } from '#run/artifacts.ts';
import { sha256File } from '#run/hash.ts';
import { openDuckDB } from '#warehouse/duckdb.ts';

/** The run that an answer rests on. */
export interface RunReference {
  shop: string;
  /** Last day that counts, 'YYYY-MM-DD'. */
  asOf: string;
  /** SHA-256 of the run's inputs. */
  run: string;
  /** SHA-256 of its manifest.json. */
  manifest: string;
}

export function referenceTo({ shop, asOf, run, manifest }: PublishedRun): RunReference {
  return { shop, asOf, run, manifest };
}

/** How a shop calls itself, and writes money. */
export interface ShopWords {
  name: string;
  currency: string;
  locale: string;
}

const reportFile = z.object({ run: z.object({ shop: z.object({ name: z.string(), currency: z.string(), locale: z.string() }) }) });

/** @throws LookbookError (source) where the folder isn't that of a published run. */
export function shopOf({ folder }: PublishedRun): Promise<ShopWords> {
  const open = (file: string) => reportFile.parse(JSON.parse(readFileSync(file, 'utf8'))).run.shop;
  return read(join(folder, 'report.json'), 'the report of a run', open);
}

/**
 * The file of an artifact, as the manifest says it is.
 * @throws LookbookError (source) where it is missing or has changed.
 */
export async function intact({ artifacts, folder }: PublishedRun, name: string): Promise<string> {
  const kept = artifacts[name];
  if (!kept) throw broken(folder, 'the run lacks an artifact', name, 'not in manifest.json');
  const found = await stat(kept.file).catch(() => null);
  if (!found) throw broken(kept.file, 'an artifact of the run is missing', name, 'no such file');
  if (found.size !== kept.bytes)
    throw broken(kept.file, 'an artifact of the run has changed', `${kept.bytes} bytes`, `${found.size} bytes`);
  const hash = sha256File(kept.file);
  if (hash !== kept.sha256) throw broken(kept.file, 'an artifact of the run has changed', `SHA-256 ${kept.sha256}`, hash);
  return kept.file;
}

/**
 * Reads a file.
 * @param expected what it is, for the error.
 * @throws LookbookError (source) naming the file where `open` throws.
 */
export async function read<T>(file: string, expected: string, open: (file: string) => T | Promise<T>): Promise<T> {
  try {
    return await open(file);
  } catch (error) {
    const found = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message;
    throw broken(file, 'cannot be read', expected, found, error);
  }
}

/** A small engine for reading tables, closed at the end of the block. */
export async function tableReader() {
  const engine = await openDuckDB({ threads: 1, memory: '512MB' });
  return Object.assign(engine, { [Symbol.asyncDispose]: async () => engine.close() });
}

function broken(where: string, what: string, expected: string, found: string, cause?: unknown): LookbookError {
  return new LookbookError('source', { what, where, expected, found, mend: 'make the run again: npm run report -- --no-cache' }, { cause });
}
