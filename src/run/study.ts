import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ColumnTable } from 'arquero';
import type { CatalogTable, Context, Result } from '#contract/analysis.ts';
import { LookbookError } from '#contract/error.ts';
import { lateAfterDays } from '#contract/freshness.ts';
import type { Shop } from '#contract/shop.ts';
import type { Freshness, Quality } from '#report/page.ts';
import type { Snapshot } from '#source/snapshot.ts';
import { prune } from '#warehouse/cache.ts';
import { catalogTables } from '#warehouse/catalog.ts';
import { openDuckDB } from '#warehouse/duckdb.ts';
import { type Engine, identifier, literal } from '#warehouse/engine.ts';
import { exportQuery } from '#warehouse/export.ts';
import { limited } from '#warehouse/limited.ts';
import { materialize, modelKeys, type RawTable } from '#warehouse/materialize.ts';
import { loadModels, type Model } from '#warehouse/model.ts';
import { profileTables } from '#warehouse/profile.ts';
import { testModels } from '#warehouse/quality.ts';
import { analyse, analysisKey, foreign, type Made, type Moment, type PlannedAnalysis, type PlannedInput } from './analyse.ts';
import { artifactFolder, isIntact, type Kept, keep } from './artifacts.ts';
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
  readonly #exposed = new Map<string, Promise<void>>();
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

  /** Results by analysis, in the order of the plans, and what they keep; an analysis that the shop can't feed is left out. */
  async results(): Promise<{ results: Map<string, Result>; artifacts: Record<string, Kept> }> {
    await this.#prepare();
    const gate = limited(2);
    const outcomes = new Map<string, Promise<Outcome>>();
    for (const plan of this.#given.plans.filter(({ missing }) => missing.length === 0)) {
      outcomes.set(plan.analysis.id, this.#outcomeOf(plan, outcomes, gate));
    }
    const ready = await Promise.all([...outcomes].map(async ([id, outcome]) => [id, await outcome] as const));
    return {
      results: new Map(ready.map(([id, { result }]) => [id, result])),
      artifacts: Object.fromEntries(
        ready.flatMap(([id, { kept }]) => Object.entries(kept).map(([name, file]) => [`${id}/${name}`, file] as const)),
      ),
    };
  }

  /** The outcome of one analysis, made or found, once those that it reads are there. */
  async #outcomeOf(plan: PlannedAnalysis, outcomes: Map<string, Promise<Outcome>>, gate: ReturnType<typeof limited>): Promise<Outcome> {
    const { cache, hashes, runtime, progress, signal, options } = this.#given;
    const { id } = plan.analysis;
    const relations = await relationsOf(plan, outcomes);
    const parts = analysisKey(plan, {
      hashes,
      modelKeys: this.#keys,
      relationKeys: Object.fromEntries(Object.entries(relations).map(([name, { sha256 }]) => [name, sha256])),
      catalogKey: this.#catalogKey,
      context: this.#context,
      runtime: sha256(runtime),
    });
    const folder = artifactFolder(options.out);
    const isWhole = (bytes: Buffer) =>
      Object.values((JSON.parse(bytes.toString()) as Outcome).kept).every((kept) => isIntact(folder, kept));
    const found = cache.find(id, parts, isWhole);
    if (found) return JSON.parse(found.toString()) as Outcome;
    const engine = await this.#build();
    const catalog = plan.inputs.some(({ source }) => 'catalog' in source) ? (await this.#test()).catalog : null;
    return gate(async () => {
      await stopIfAsked(signal);
      const outcome = await progress.step(id, async (say) => {
        await Promise.all(Object.entries(relations).map(([name, { file }]) => this.#expose(engine, name, join(folder, file))));
        const made = await analyse(plan, (input) => tableOf(input, engine, catalog), {
          ...this.#context,
          kept: join(options.out, 'cache', 'fetched'),
        });
        const { findings, figures, tables } = made.result;
        say(`${findings.length} findings, ${figures.length} figures, ${tables.length} tables`);
        return { result: made.result, kept: await this.#keep(plan, made, engine, folder) };
      });
      cache.store(id, parts, JSON.stringify(outcome));
      return outcome;
    });
  }

  /** Stores what an analysis hands on: its relations first, since its exports may read them. */
  async #keep({ analysis, exports }: PlannedAnalysis, made: Made, engine: Engine, folder: string): Promise<Record<string, Kept>> {
    const kept: Record<string, Kept> = {};
    mkdirSync(folder, { recursive: true });
    for (const [name, relation] of Object.entries(made.relations)) {
      const id = `${analysis.id}:${name}`;
      const table = `inserted ${id}`;
      await engine.insert(table, relation);
      kept[name] = await exportQuery(engine, `select * from ${identifier(table)}`, folder, id);
      await engine.run(`drop table ${identifier(table)}`, id);
      await this.#expose(engine, id, join(folder, kept[name].file));
    }
    for (const { name, source } of exports) kept[name] = await exportQuery(engine, source.sql, folder, `${analysis.id}/${source.file}`);
    for (const [name, artifact] of Object.entries(made.artifacts)) kept[name] = keep(folder, artifact);
    return kept;
  }

  #expose(engine: Engine, relation: string, file: string): Promise<void> {
    const exposed =
      this.#exposed.get(relation) ??
      engine.run(`create or replace view ${identifier(relation)} as select * from read_parquet(${literal(file)})`, relation);
    this.#exposed.set(relation, exposed);
    return exposed;
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

/** What an analysis has made, as the cache holds it. */
interface Outcome {
  result: Result;
  kept: Record<string, Kept>;
}

/** The relations of other analyses that a plan reads, by '<analysis>:<relation>'. */
async function relationsOf(plan: PlannedAnalysis, outcomes: Map<string, Promise<Outcome>>): Promise<Record<string, Kept>> {
  const queries = [...plan.inputs, ...plan.exports].flatMap(({ source }) => ('sql' in source ? foreign(plan, source) : []));
  const read = [...new Set(queries)].map(async (relation): Promise<[string, Kept]> => {
    const [id = '', name = ''] = relation.split(':');
    const kept = (await outcomes.get(id))?.kept ?? {};
    const file = kept[name];
    if (file) return [relation, file];
    throw new LookbookError('usage', {
      what: `the analysis «${id}» hands on no relation «${name}»`,
      where: `analyses/${plan.analysis.id}`,
      expected: Object.keys(kept).join(', ') || 'none',
    });
  });
  return Object.fromEntries(await Promise.all(read));
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
