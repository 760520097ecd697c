import { readFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { LookbookError } from '#contract/error.ts';
import type { PublishedRun } from '#run/artifacts.ts';
import { sha256, sha256File } from '#run/hash.ts';
import { openDuckDB } from '#warehouse/duckdb.ts';
import { type Customers, readCustomers } from './customers.ts';
import { parseModel, type ValueModel } from './model.ts';

/** Artifacts without which a run can't answer for customers' values. */
export const needed = ['customer-value/customers', 'value-model/model'] as const;

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

/** A run as it is served: plain data on shared memory, so that another thread reads it without a copy. */
export interface LoadedRun {
  reference: RunReference;
  shop: { name: string; currency: string; locale: string };
  customers: Customers;
  model: ValueModel;
}

const reportFile = z.object({ run: z.object({ shop: z.object({ name: z.string(), currency: z.string(), locale: z.string() }) }) });

/**
 * Reads what a published run keeps for the service, and checks that it is what its manifest says.
 * @throws LookbookError (source) that names the file which is missing, changed or not of the expected form.
 */
export async function loadRun({ shop, asOf, run, manifest, folder, artifacts }: PublishedRun): Promise<LoadedRun> {
  const [customersFile, modelFile] = await Promise.all(needed.map((name) => intact(artifacts, name, folder)));
  const model = await read(modelFile as string, 'a fitted value model', (file) => parseModel(JSON.parse(readFileSync(file, 'utf8'))));
  const about = await read(join(folder, 'report.json'), 'the report of a run', (file) =>
    reportFile.parse(JSON.parse(readFileSync(file, 'utf8'))),
  );
  await using engine = await opened();
  const customers = await read(customersFile as string, 'a table of customers and their values', (file) => readCustomers(engine, file));
  return { reference: { shop, asOf, run, manifest }, shop: about.run.shop, customers, model };
}

async function opened() {
  const engine = await openDuckDB({ threads: 1, memory: '512MB' });
  return Object.assign(engine, { [Symbol.asyncDispose]: async () => engine.close() });
}

async function intact(artifacts: PublishedRun['artifacts'], name: string, folder: string): Promise<string> {
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

async function read<T>(file: string, expected: string, open: (file: string) => T | Promise<T>): Promise<T> {
  try {
    return await open(file);
  } catch (error) {
    const found = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message;
    throw broken(file, 'cannot be read', expected, found, error);
  }
}

function broken(where: string, what: string, expected: string, found: string, cause?: unknown): LookbookError {
  const mend = 'make the run again: npm run report -- customer-value --no-cache';
  return new LookbookError('source', { what, where, expected, found, mend }, { cause });
}

/** Runs read before, by what they were read from: the last two, so that asking again costs nothing. */
export class LoadedRuns {
  readonly #loaded = new Map<string, Promise<LoadedRun>>();

  /** @throws LookbookError as `loadRun`; a run that failed is read again when asked for again. */
  get(run: PublishedRun): Promise<LoadedRun> {
    const key = sha256({ manifest: run.manifest, folder: run.folder });
    const known = this.#loaded.get(key) ?? loadRun(run);
    this.#loaded.delete(key);
    this.#loaded.set(key, known);
    known.catch(() => this.#loaded.delete(key));
    for (const old of this.#loaded.keys()) {
      if (this.#loaded.size <= 2) break;
      this.#loaded.delete(old);
    }
    return known;
  }
}
