import { readFileSync } from 'node:fs';
import type { PublishedRun } from '#run/artifacts.ts';
import { sha256 } from '#run/hash.ts';
import { intact, type RunReference, read, referenceTo, type ShopWords, shopOf, tableReader } from './artifact-file.ts';
import { type Customers, readCustomers } from './customers.ts';
import { parseModel, type ValueModel } from './model.ts';

/** Artifacts without which a run can't answer for customers' values. */
export const needed = ['customer-value/customers', 'value-model/model'] as const;

/** A run's customer value as it is served: plain data on shared memory, so that another thread reads it without a copy. */
export interface LoadedRun {
  reference: RunReference;
  shop: ShopWords;
  customers: Customers;
  model: ValueModel;
}

/**
 * Reads what a published run keeps of customers' values, and checks that it is what its manifest says.
 * @throws LookbookError (source) that names the file which is missing, changed or not of the expected form.
 */
export async function loadRun(run: PublishedRun): Promise<LoadedRun> {
  const [customersFile, modelFile] = await Promise.all(needed.map((name) => intact(run, name)));
  const model = await read(modelFile as string, 'a fitted value model', (file) => parseModel(JSON.parse(readFileSync(file, 'utf8'))));
  const shop = await shopOf(run);
  await using engine = await tableReader();
  const customers = await read(customersFile as string, 'a table of customers and their values', (file) => readCustomers(engine, file));
  return { reference: referenceTo(run), shop, customers, model };
}

/** Runs read before, by what they were read from: the last two, so that asking again costs nothing. */
export class LoadedRuns<Loaded> {
  readonly #load: (run: PublishedRun) => Promise<Loaded>;
  readonly #loaded = new Map<string, Promise<Loaded>>();

  constructor(load: (run: PublishedRun) => Promise<Loaded>) {
    this.#load = load;
  }

  /** @throws as `load`; a run that failed is read again when asked for again. */
  get(run: PublishedRun): Promise<Loaded> {
    const key = sha256({ manifest: run.manifest, folder: run.folder });
    const known = this.#loaded.get(key) ?? this.#load(run);
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
