import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ColumnTable } from 'arquero';
import type { Analysis, CatalogTable, Context, Result } from '#contract/analysis.ts';
import { LookbookError } from '#contract/error.ts';
import { formatter } from '#contract/format.ts';
import type { Cell } from '#contract/row.ts';
import type { Capability, Shop } from '#contract/shop.ts';
import { renderSql } from '#warehouse/render.ts';
import type { KeyParts } from './cache.ts';
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
  source: { sql: string; models: string[]; file: string } | { catalog: CatalogTable };
}

export interface PlannedAnalysis {
  analysis: Analysis;
  folder: string;
  narrative: string;
  /** Capabilities that the shop lacks; the analysis then has no inputs and does not run. */
  missing: Capability[];
  params: Record<string, Cell>;
  inputs: PlannedInput[];
}

/** @throws LookbookError (usage) for a missing file, an unknown parameter, or SQL that can't be rendered. */
export function planAnalysis(
  { analysis, folder }: { analysis: Analysis; folder: string },
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
  const inputs =
    missing.length > 0 ? [] : Object.entries(analysis.inputs).map(([name, input]) => planInput(name, input, folder, { ...moment, params }));
  return { analysis, folder, narrative: readBeside(folder, 'narrative.hbs'), missing, params, inputs };
}

function planInput(name: string, input: string, folder: string, context: Moment & { params: Record<string, Cell> }): PlannedInput {
  if (input.startsWith('catalog:')) return { name, source: { catalog: input.slice('catalog:'.length) as CatalogTable } };
  if (!input.endsWith('.sql')) {
    throw new LookbookError('usage', { what: `input «${input}» is neither a .sql file nor catalog:…`, where: join(folder, 'analysis.ts') });
  }
  const models = new Set<string>();
  const sql = renderSql(readBeside(folder, input), {
    ...context,
    dialect: 'duckdb',
    label: `${folder}/${input}`,
    ref: (model) => {
      models.add(model);
      return `"${model}"`;
    },
    source: (table) => {
      throw new LookbookError('usage', { what: `an analysis reads models, not the raw table «${table}»`, where: join(folder, input) });
    },
  });
  return { name, source: { sql, models: [...models], file: input } };
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
    catalogKey,
    context,
    runtime,
  }: {
    hashes: ModuleHashes;
    modelKeys: Record<string, string>;
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
  for (const { name, source } of plan.inputs) {
    if ('catalog' in source) {
      parts[`input ${name}`] = catalogKey;
      continue;
    }
    parts[`sql ${name}`] = sha256(source.sql);
    for (const model of source.models) parts[`input ${model}`] = modelKeys[model] ?? '';
  }
  return parts;
}

/** Gives an analysis its tables and checks that what comes back is plain JSON without NaN, which would print as a hole. */
export async function analyse(
  plan: PlannedAnalysis,
  tableOf: (input: PlannedInput) => Promise<ColumnTable>,
  context: Omit<Context, 'format' | 'params'>,
): Promise<Result> {
  const tables = Object.fromEntries(await Promise.all(plan.inputs.map(async (input) => [input.name, await tableOf(input)] as const)));
  const result = plan.analysis.run(tables, { ...context, params: plan.params, format: formatter(context.shop) });
  refuseNonFinite(result, plan.analysis.id);
  return JSON.parse(JSON.stringify(result)) as Result;
}

function refuseNonFinite(value: unknown, path: string): void {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new LookbookError('render', {
      what: `a number is ${value}`,
      where: path,
      mend: 'make it null, or leave the figure out with a reason in «omitted»',
    });
  }
  if (value === null || typeof value !== 'object') return;
  for (const [key, inner] of Object.entries(value)) refuseNonFinite(inner, `${path}.${key}`);
}
