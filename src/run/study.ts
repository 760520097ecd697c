import { join } from 'node:path';
import type { ColumnTable } from 'arquero';
import type { CatalogTable, Context, Result } from '#contract/analysis.ts';
import { lateAfterDays } from '#contract/freshness.ts';
import type { Shop } from '#contract/shop.ts';
import type { Freshness, Quality } from '#report/page.ts';
import type { Snapshot } from '#source/snapshot.ts';
import { prune } from '#warehouse/cache.ts';
import { catalogTables } from '#warehouse/catalog.ts';
import { openDuckDB } from '#warehouse/duckdb.ts';
import type { Engine } from '#warehouse/engine.ts';
import { limited } from '#warehouse/limited.ts';
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
  /** Days after which a table is late, in the freshness box as in the analysis of the data. */
  readonly #late: number;
  #models: Model[] = [];
  #keys: Record<string, string> = {};
  /** Of the models' rows and of what is said and tested of them. */
  #catalogKey = '';
  #prepared: Promise<void> | null = null;
  #built: Promise<Engine> | null = null;
  #tested: Promise<Tested> | null = null;

  constructor(given: StudyOptions) {
    const { snapshot, shop, moment, options } = given;
    this.#given = given;
    this.#late = Number(options.params['data-structure']?.lateAfterDays ?? lateAfterDays);
    this.#context = { shop, asOf: moment.asOf, week: moment.week, seed: options.seed };
    this.#raw = Object.fromEntries(
      Object.entries(snapshot.tables).map(([name, table]) => [name, { path: table.file, fingerprint: table.sha256 }]),
    );
    this.#folder = join(options.out, 'cache', 'models', shop.id);
  }

  /** Results by analysis, in the order of the plans; an analysis that the shop can't feed is left out. */
  async results(): Promise<Map<string, Result>> {
    const { plans, cache, hashes, runtime, progress, signal } = this.#given;
    await this.#prepare();
    const gate = limited(2);
    const resultOf = async (plan: PlannedAnalysis): Promise<[string, Result]> => {
      const { id } = plan.analysis;
      const parts = analysisKey(plan, {
        hashes,
        modelKeys: this.#keys,
        catalogKey: this.#catalogKey,
        context: this.#context,
        runtime: sha256(runtime),
      });
      const kept = cache.find(id, parts);
      if (kept) return [id, JSON.parse(kept.toString()) as Result];
      const engine = await this.#build();
      const catalog = plan.inputs.some(({ source }) => 'catalog' in source) ? (await this.#test()).catalog : null;
      return gate(async () => {
        await stopIfAsked(signal);
        const result = await progress.step(id, async (say) => {
          const made = await analyse(plan, (input) => tableOf(input, engine, catalog), this.#context);
          say(`${made.findings.length} findings, ${made.figures.length} figures, ${made.tables.length} tables`);
          return made;
        });
        cache.store(id, parts, JSON.stringify(result));
        return [id, result];
      });
    };
    return new Map(await Promise.all(plans.filter(({ missing }) => missing.length === 0).map(resultOf)));
  }

  /** May run beside `results`: data tests and analyses read the same models. */
  async facts(): Promise<Facts> {
    const { cache } = this.#given;
    await this.#prepare();
    const parts = { models: this.#catalogKey, asOf: this.#context.asOf, late: String(this.#late) };
    const kept = cache.find('data tests', parts);
    if (kept) return JSON.parse(kept.toString()) as Facts;
    const { facts } = await this.#test();
    cache.store('data tests', parts, JSON.stringify(facts));
    return facts;
  }

  /** Removes models that none of the last runs of this shop used. */
  async prune(): Promise<void> {
    if (this.#built) await prune(this.#folder, keptVersions);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const engine = await this.#built?.catch(() => null);
    engine?.close();
    await this.#tested?.catch(() => null);
  }

  #prepare(): Promise<void> {
    this.#prepared ??= this.#prepareOnce();
    return this.#prepared;
  }

  async #prepareOnce(): Promise<void> {
    const { options, moment } = this.#given;
    const models = await loadModels(options.shop);
    this.#models = models;
    this.#keys = modelKeys({ ...moment, models, snapshot: this.#raw });
    const described = models.map(({ name, grain, entity, columns, tests }) => ({ name, grain, entity, columns, tests }));
    this.#catalogKey = sha256([this.#keys, described]);
  }

  #build(): Promise<Engine> {
    this.#built ??= this.#buildOnce();
    return this.#built;
  }

  #test(): Promise<Tested> {
    this.#tested ??= this.#testOnce();
    return this.#tested;
  }

  async #buildOnce(): Promise<Engine> {
    const { options, progress } = this.#given;
    const engine = await openDuckDB({ threads: options.threads, memory: options.memory, folder: join(options.out, 'cache', 'spill') });
    try {
      await progress.step('models', async (say) => {
        const made = await materialize({
          ...this.#shared(),
          engine,
          need: Object.keys(this.#keys),
          log: ({ model, decision, why }) =>
            this.decisions.push({ step: `model ${model}`, decision: decision === 'built' ? 'run' : 'reused', why }),
        });
        say(`${made.built.length} built, ${made.reused.length} reused`);
      });
      return engine;
    } catch (error) {
      engine.close();
      throw error;
    }
  }

  async #testOnce(): Promise<Tested> {
    const engine = await this.#build();
    const made = { ...this.#shared(), engine, keys: this.#keys };
    return this.#given.progress.step('data tests', async (say) => {
      const [{ results: tests }, profile] = await Promise.all([testModels(made), profileTables(made)]);
      const catalog = await catalogTables({ ...made, tests, profile });
      const facts = factsOf(catalog, this.#given.moment.asOf, this.#late);
      say(`${facts.quality.passed} passed, ${facts.quality.warned} warned, ${facts.quality.failed} failed`);
      return { catalog, facts };
    });
  }

  #shared() {
    return { models: this.#models, folder: this.#folder, snapshot: this.#raw, ...this.#given.moment };
  }
}

type Catalog = Record<CatalogTable, ColumnTable>;

interface Tested {
  catalog: Catalog;
  facts: Facts;
}

async function tableOf({ name, source }: PlannedInput, engine: Engine, catalog: Catalog | null): Promise<ColumnTable> {
  if ('sql' in source) return engine.table(source.sql, `${source.file} (${name})`);
  if (!catalog) throw new Error(`${name}: the catalogue is not made`);
  return catalog[source.catalog];
}

/** Versions of each model that stay in the cache: two days can be reported in turn without making either anew. */
const keptVersions = 3;

function factsOf(catalog: Record<CatalogTable, ColumnTable>, asOf: string, late: number): Facts {
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
        status: statusOf(rows, latest, asOf, late),
      }),
    );
  const count = (status: string) => tests.filter((test) => test.status === status).length;
  return {
    quality: { passed: count('passed'), warned: count('warned'), failed: count('failed'), tests },
    freshness,
    dataAsOf: freshness.find(({ table }) => table === 'orders')?.newest ?? null,
  };
}

function statusOf(rows: number, latest: string | null, asOf: string, late: number): Freshness['status'] {
  if (rows === 0) return 'empty';
  if (latest === null) return 'fresh';
  return (Date.parse(`${asOf}T00:00:00Z`) - Date.parse(latest)) / 86_400_000 > late ? 'late' : 'fresh';
}
