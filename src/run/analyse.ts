import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ColumnTable } from 'arquero';
import type { Analysis, Artifact, CatalogTable, Context, Relation, Result } from '#contract/analysis.ts';
import { LookbookError } from '#contract/error.ts';
import { formatter } from '#contract/format.ts';
import type { Cell } from '#contract/row.ts';
import type { Capability, Shop } from '#contract/shop.ts';
import { renderSql } from '#warehouse/render.ts';
import type { KeyParts } from './cache.ts';
import { type Entry, inOrder, readsOf } from './graph.ts';
import { sha256 } from './hash.ts';
import type { ModuleHashes } from './sources.ts';

/** The instants that a run's SQL depends on. */
export interface Moment {
  wall: string;
  asOf: string;
  week: string;
  timezone: string;
}

/** An input as it will be queried: SQL over models, or a table of the catalogue. */
export interface PlannedInput {
  name: string;
  source: Query | { catalog: CatalogTable };
}

/** SQL over models and over what other analyses hand on ('value-model:scores'). */
export interface Query {
  sql: string;
  models: string[];
  relations: string[];
  /** The .sql file, or the relation that is read whole. */
  file: string;
}

export interface PlannedAnalysis {
  analysis: Analysis;
  folder: string;
  narrative: string;
  /** Capabilities that the shop lacks; the analysis then has no inputs and does not run. */
  missing: Capability[];
  params: Record<string, Cell>;
  inputs: PlannedInput[];
  exports: { name: string; source: Query }[];
}

/** @throws LookbookError (usage) for a missing file, an unknown parameter, or SQL that can't be rendered. */
export function planAnalysis(
  { analysis, folder }: Entry,
  { shop, moment, overrides }: { shop: Shop; moment: Moment; overrides: Record<string, Cell> },
): PlannedAnalysis {
  for (const key of Object.keys(overrides)) {
    if (!(key in analysis.params)) {
      const expected = Object.keys(analysis.params).join(', ') || 'none: this analysis has no parameters';
      throw new LookbookError('usage', { what: `unknown parameter «${key}»`, where: `params.${analysis.id}`, expected });
    }
  }
  const params = { ...analysis.params, ...overrides };
  const missing = analysis.requires.filter((capability) => !shop.capabilities.includes(capability));
  const context = { ...moment, params };
  const runs = missing.length === 0;
  const inputs = runs ? Object.entries(analysis.inputs).map(([name, input]) => planInput(name, input, folder, context)) : [];
  const exports = runs
    ? Object.entries(analysis.exports ?? {}).map(([name, file]) => ({ name, source: planQuery(file, folder, context) }))
    : [];
  return { analysis, folder, narrative: readBeside(folder, 'narrative.hbs'), missing, params, inputs, exports };
}

/** Plans each analysis after those that it reads; where one of these can't run, neither can it. */
export function planAnalyses(
  entries: Map<string, Entry>,
  { shop, moment, overrides }: { shop: Shop; moment: Moment; overrides: Record<string, Record<string, Cell>> },
): PlannedAnalysis[] {
  const plans = new Map<string, PlannedAnalysis>();
  for (const entry of inOrder(entries)) {
    const { id, requires } = entry.analysis;
    const inherited = readsOf(entry).flatMap((read) => plans.get(read)?.missing ?? []);
    const analysis = { ...entry.analysis, requires: [...new Set([...requires, ...inherited])] };
    plans.set(id, planAnalysis({ ...entry, analysis }, { shop, moment, overrides: overrides[id] ?? {} }));
  }
  return [...plans.values()];
}

type QueryContext = Moment & { params: Record<string, Cell> };

function planInput(name: string, input: string, folder: string, context: QueryContext): PlannedInput {
  if (input.startsWith('catalog:')) return { name, source: { catalog: input.slice('catalog:'.length) as CatalogTable } };
  if (input.endsWith('.sql')) return { name, source: planQuery(input, folder, context) };
  if (!/^[a-z0-9-]+:[a-z0-9_-]+$/.test(input)) {
    throw new LookbookError('usage', {
      what: `input «${input}» is no input`,
      where: join(folder, 'analysis.ts'),
      expected: 'a .sql file, catalog:<table>, or <analysis>:<relation>',
    });
  }
  return { name, source: { sql: `select * from "${input}"`, models: [], relations: [input], file: input } };
}

function planQuery(input: string, folder: string, context: QueryContext): Query {
  const models = new Set<string>();
  const relations = new Set<string>();
  const sql = renderSql(readBeside(folder, input), {
    ...context,
    dialect: 'duckdb',
    label: `${folder}/${input}`,
    ref: (model) => {
      models.add(model);
      return `"${model}"`;
    },
    relation: (analysis, name) => {
      relations.add(`${analysis}:${name}`);
      return `"${analysis}:${name}"`;
    },
    source: (table) => {
      throw new LookbookError('usage', { what: `an analysis reads models, not the raw table «${table}»`, where: join(folder, input) });
    },
  });
  return { sql, models: [...models], relations: [...relations], file: input };
}

function readBeside(folder: string, name: string): string {
  const file = join(folder, name);
  if (!existsSync(file)) throw new LookbookError('usage', { what: 'no such file', where: file, mend: 'add it beside analysis.ts' });
  return readFileSync(file, 'utf8');
}

/** What an analysis' result depends on; the narrative and the pages come after it. */
export function analysisKey(
  plan: PlannedAnalysis,
  {
    hashes,
    modelKeys,
    relationKeys,
    catalogKey,
    context,
    runtime,
  }: {
    hashes: ModuleHashes;
    modelKeys: Record<string, string>;
    /** SHA-256 of each relation that other analyses have handed on, by '<analysis>:<relation>'. */
    relationKeys: Record<string, string>;
    catalogKey: string;
    context: Omit<Context, 'format' | 'params'>;
    runtime: string;
  },
): KeyParts {
  const parts: KeyParts = {
    code: hashes.of(join(plan.folder, 'analysis.ts')),
    parameters: sha256(plan.params),
    'as-of': `${context.asOf} ${context.week}`,
    shop: sha256(context.shop),
    seed: String(context.seed),
    runtime,
  };
  for (const { name, source } of [...plan.inputs, ...plan.exports]) {
    if ('catalog' in source) {
      parts[`input ${name}`] = catalogKey;
      continue;
    }
    parts[`sql ${name}`] = sha256(source.sql);
    for (const model of source.models) parts[`input ${model}`] = modelKeys[model] ?? '';
    for (const relation of foreign(plan, source)) parts[`input ${relation}`] = relationKeys[relation] ?? '';
  }
  return parts;
}

/** Relations of other analyses that a query reads. */
export function foreign({ analysis }: PlannedAnalysis, { relations }: Query): string[] {
  return relations.filter((relation) => !relation.startsWith(`${analysis.id}:`));
}

/** What an analysis has made: its result as the pages print it, and what it hands on. */
export interface Made {
  result: Result;
  relations: Record<string, Relation>;
  artifacts: Record<string, Artifact>;
}

/** Gives an analysis its tables and checks that what comes back is plain JSON without NaN, which would print as a hole. */
export async function analyse(
  plan: PlannedAnalysis,
  tableOf: (input: PlannedInput) => Promise<ColumnTable>,
  context: Omit<Context, 'format' | 'params'>,
): Promise<Made> {
  const tables = Object.fromEntries(await Promise.all(plan.inputs.map(async (input) => [input.name, await tableOf(input)] as const)));
  const given = { ...context, params: plan.params, format: formatter(context.shop) };
  const { relations = {}, artifacts = {}, ...result } = await plan.analysis.run(tables, given);
  refuseNonFinite(result, plan.analysis.id);
  refuseNonFinite(artifacts, `${plan.analysis.id}.artifacts`);
  return { result: JSON.parse(JSON.stringify(result)) as Result, relations, artifacts };
}

function refuseNonFinite(value: unknown, path: string): void {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new LookbookError('render', {
      what: `a number is ${value}`,
      where: path,
      mend: 'make it null, or leave the figure out with a reason in «omitted»',
    });
  }
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return;
  for (const [key, inner] of Object.entries(value)) refuseNonFinite(inner, `${path}.${key}`);
}
