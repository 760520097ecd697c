import { join } from 'node:path';
import type { ColumnTable } from 'arquero';
import type { CatalogTable, Context, Result } from '#contract/analysis.ts';
import type { Shop } from '#contract/shop.ts';
import type { Freshness, Quality } from '#report/page.ts';
import type { Snapshot } from '#source/snapshot.ts';
import { catalogTables } from '#warehouse/catalog.ts';
import { openDuckDB } from '#warehouse/duckdb.ts';
import type { Engine } from '#warehouse/engine.ts';
import { materialize, modelKeys, type RawTable } from '#warehouse/materialize.ts';
import { loadModels, type Model } from '#warehouse/model.ts';
import { profileTables } from '#warehouse/profile.ts';
import { testModels } from '#warehouse/quality.ts';
import { analyse, analysisKey, type Moment, type PlannedAnalysis, type PlannedInput } from './analyse.ts';
import type { Cache, Decision } from './cache.ts';
import { sha256 } from './hash.ts';
import type { RunOptions } from './options.ts';
import type { Progress } from './progress.ts';
import type { ModuleHashes } from './sources.ts';
import { stopIfAsked } from './stop.ts';

/** What the pages print of the data as a whole. */
export interface Facts {
  quality: Quality;
  freshness: Freshness[];
  /** Newest order that counts, ISO 8601 UTC. */
  dataAsOf: string | null;
}

export interface StudyOptions {
  options: RunOptions;
  snapshot: Snapshot;
  shop: Shop;
  moment: Moment;
  plans: PlannedAnalysis[];
  cache: Cache;
  hashes: ModuleHashes;
  runtime: Record<string, string>;
  progress: Progress;
  signal: AbortSignal;
}

/** Models, data tests and analyses of one run. The engine is opened only when a result is not in the cache. */
export class Study implements AsyncDisposable {
  readonly decisions: Decision[] = [];
  readonly #given: StudyOptions;
  readonly #context: Omit<Context, 'format' | 'params'>;
  readonly #raw: Record<string, RawTable>;
  readonly #folder: string;
  #models: Model[] = [];
  #keys: Record<string, string> = {};
  #built: Promise<Built> | null = null;

  constructor(given: StudyOptions) {
    const { snapshot, shop, moment, options } = given;
    this.#given = given;
    this.#context = { shop, asOf: moment.asOf, week: moment.week, seed: options.seed };
    this.#raw = Object.fromEntries(
      Object.entries(snapshot.tables).map(([name, { file }]) => [name, { path: file, fingerprint: sha256([snapshot.fingerprint, name]) }]),
    );
    this.#folder = join(options.out, 'cache', 'models');
  }

  /** Results by analysis, in the order of the plans; an analysis that the shop can't feed is left out. */
  async results(): Promise<Map<string, Result>> {
    const { plans, cache, hashes, runtime, progress, signal } = this.#given;
    await this.#prepare();
    const catalogKey = sha256(this.#keys);
    const results = new Map<string, Result>();
    for (const plan of plans) {
      if (plan.missing.length > 0) continue;
      await stopIfAsked(signal);
      const { id } = plan.analysis;
      const parts = analysisKey(plan, { hashes, modelKeys: this.#keys, catalogKey, context: this.#context, runtime: sha256(runtime) });
      const kept = cache.find(id, parts);
      if (kept) {
        results.set(id, JSON.parse(kept.toString()) as Result);
        continue;
      }
      const built = await this.#build();
      const result = await progress.step(id, (say) =>
        analyse(plan, (input) => tableOf(input, built), this.#context).then((made) => {
          say(`${made.findings.length} findings, ${made.figures.length} figures, ${made.tables.length} tables`);
          return made;
        }),
      );
      cache.store(id, parts, JSON.stringify(result));
      results.set(id, result);
    }
    return results;
  }

  async facts(): Promise<Facts> {
    const { cache } = this.#given;
    const parts = { models: sha256(this.#keys), asOf: this.#context.asOf };
    const kept = cache.find('data tests', parts);
    if (kept) return JSON.parse(kept.toString()) as Facts;
    const { facts } = await this.#build();
    cache.store('data tests', parts, JSON.stringify(facts));
    return facts;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const built = await this.#built?.catch(() => null);
    built?.engine.close();
  }

  async #prepare(): Promise<void> {
    const { options, plans, moment } = this.#given;
    const models = await loadModels(options.shop);
    const isWhole = plans.some(({ inputs }) => inputs.some(({ source }) => 'catalog' in source));
    const read = plans.flatMap(({ inputs }) => inputs.flatMap(({ source }) => ('models' in source ? source.models : [])));
    const staging = models.filter(({ layer }) => layer === 'staging').map(({ name }) => name);
    const need = isWhole ? models.map(({ name }) => name) : [...new Set([...staging, ...read])];
    this.#models = models;
    this.#keys = modelKeys({ ...moment, models, snapshot: this.#raw, need });
  }

  #build(): Promise<Built> {
    this.#built ??= this.#buildOnce();
    return this.#built;
  }

  async #buildOnce(): Promise<Built> {
    const { options, moment, progress } = this.#given;
    const shared = { models: this.#models, folder: this.#folder, snapshot: this.#raw, ...moment };
    const engine = await openDuckDB({ threads: options.threads, memory: options.memory, folder: join(options.out, 'cache', 'spill') });
    try {
      const { keys } = await progress.step('models', async (say) => {
        const made = await materialize({
          ...shared,
          engine,
          need: Object.keys(this.#keys),
          log: ({ model, decision, why }) =>
            this.decisions.push({ step: `model ${model}`, decision: decision === 'built' ? 'run' : 'reused', why }),
        });
        say(`${made.built.length} built, ${made.reused.length} reused`);
        return made;
      });
      return await progress.step('data tests', async (say) => {
        const [{ results: tests }, profile] = await Promise.all([
          testModels({ ...shared, engine, keys }),
          profileTables({ ...shared, engine, keys }),
        ]);
        const catalog = await catalogTables({ engine, models: this.#models, keys, tests, profile });
        const facts = factsOf(catalog, this.#given.moment.asOf);
        say(`${facts.quality.passed} passed, ${facts.quality.warned} warned, ${facts.quality.failed} failed`);
        return { engine, catalog, facts };
      });
    } catch (error) {
      engine.close();
      throw error;
    }
  }
}

interface Built {
  engine: Engine;
  catalog: Record<CatalogTable, ColumnTable>;
  facts: Facts;
}

async function tableOf({ name, source }: PlannedInput, { engine, catalog }: Built): Promise<ColumnTable> {
  return 'catalog' in source ? catalog[source.catalog] : engine.table(source.sql, `${source.file} (${name})`);
}

/** Days after which a table whose newest row is older than the as-of day counts as late. */
const lateAfterDays = 7;

function factsOf(catalog: Record<CatalogTable, ColumnTable>, asOf: string): Facts {
  const tests = (
    catalog.tests.objects() as { model: string; test: string; column: string; severity: string; failed: number; passed: boolean }[]
  ).map((t) => ({
    model: t.model,
    test: `${t.test} ${t.column}`,
    status: t.passed ? ('passed' as const) : t.severity === 'warn' ? ('warned' as const) : ('failed' as const),
    failures: t.failed,
  }));
  const staged = catalog.models.objects() as { model: string; layer: string; rows: number; latest: string | null }[];
  const freshness = staged
    .filter(({ layer, model }) => layer === 'staging' && model !== 'stg_exclusions')
    .map(
      ({ model, rows, latest }): Freshness => ({
        table: model.replace(/^stg_/, ''),
        rows,
        newest: latest,
        status: statusOf(rows, latest, asOf),
      }),
    );
  const count = (status: string) => tests.filter((test) => test.status === status).length;
  return {
    quality: { passed: count('passed'), warned: count('warned'), failed: count('failed'), tests },
    freshness,
    dataAsOf: freshness.find(({ table }) => table === 'orders')?.newest ?? null,
  };
}

function statusOf(rows: number, latest: string | null, asOf: string): Freshness['status'] {
  if (rows === 0) return 'empty';
  if (latest === null) return 'fresh';
  return (Date.parse(`${asOf}T00:00:00Z`) - Date.parse(latest)) / 86_400_000 > lateAfterDays ? 'late' : 'fresh';
}
