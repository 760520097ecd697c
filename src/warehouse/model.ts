import { readdir, readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { parse, YAMLParseError } from 'yaml';
import { z } from 'zod';
import { LookbookError } from '#contract/error.ts';
import { type ColumnType, typeNames } from './dialect/types.ts';
import { renderSql } from './render.ts';

export type { ColumnType } from './dialect/types.ts';

interface ModelColumn {
  name: string;
  type: ColumnType;
  description: string;
  personal?: false;
}

type Severity = 'stop' | 'warn';

/** What must hold of a model's rows. A reconciliation's SQL is a template that must return no rows. */
export type ModelTest = { severity: Severity } & (
  | { kind: 'unique'; columns: string[] }
  | { kind: 'not_null'; columns: string[] }
  | { kind: 'relationships'; column: string; to: string; field: string }
  | { kind: 'accepted_values'; column: string; values: string[] }
  | { kind: 'reconciliation'; name: string; sql: string }
);

export interface Model {
  name: string;
  layer: 'staging' | 'intermediate' | 'marts';
  /** File of the template; for an entity that the shop lacks, the file that describes the entities. */
  sqlPath: string;
  /** Template text. */
  sql: string;
  /** What one row is. */
  grain: string;
  key: string[];
  /** `table`: written once, as Parquet; `view`: computed where it is used. */
  materialized: 'view' | 'table';
  /** What the rows are, for a diagram: 'customer', 'order'. */
  entity?: string;
  columns: ModelColumn[];
  tests: ModelTest[];
  /** Models that the SQL reads. */
  refs: string[];
  /** Raw tables that the SQL reads. */
  sources: string[];
}

const ownModels = new URL('./models/', import.meta.url);
/** Staging folder of each shop. */
const stagingOf: Record<string, string> = { thelook: 'thelook', demo: 'thelook' };

const severity = { severity: z.enum(['stop', 'warn']).default('stop') };
const names = z.array(z.string()).min(1);
const testShape = z.union([
  z.strictObject({ unique: names, ...severity }),
  z.strictObject({ not_null: names, ...severity }),
  z.strictObject({ relationships: z.strictObject({ column: z.string(), to: z.string(), field: z.string() }), ...severity }),
  z.strictObject({ accepted_values: z.strictObject({ column: z.string(), values: names }), ...severity }),
  z.strictObject({ reconciliation: z.strictObject({ name: z.string(), sql: z.string() }), ...severity }),
]);
const shape = z.strictObject({
  grain: z.string(),
  key: names,
  materialized: z.enum(['view', 'table']),
  entity: z.string().optional(),
  columns: z.record(z.string(), z.string()),
  tests: z.array(testShape).default([]),
});
type Described = z.infer<typeof shape>;

/**
 * The models of a shop, each after those that it reads. A staging entity for which the shop has no .sql is an empty relation with the
 * entity's columns.
 * @param folder holds staging/, intermediate/ and marts/.
 * @throws LookbookError for an unknown shop, a .yml that breaks its shape, a .sql without .yml, an unknown model, or a cycle.
 */
export async function loadModels(shop: string, folder: URL = ownModels): Promise<Model[]> {
  const staging = stagingOf[shop];
  if (!staging) {
    const expected = Object.keys(stagingOf).join(', ');
    throw new LookbookError('usage', { what: 'there are no staging models for this shop', where: shop, expected });
  }
  const layers = await Promise.all([stagingModels(folder, staging), layerModels(folder, 'intermediate'), layerModels(folder, 'marts')]);
  return ordered(layers.flat());
}

async function stagingModels(folder: URL, shop: string): Promise<Model[]> {
  const entitiesPath = new URL('staging/entities.yml', folder);
  const entities = z.record(z.string(), z.unknown()).parse(await readYaml(entitiesPath));
  const files = await sqlFiles(new URL(`staging/${shop}/`, folder));
  const stray = [...files.keys()].filter((name) => !Object.hasOwn(entities, name));
  if (stray.length > 0)
    throw new LookbookError('usage', {
      what: 'this staging model is no entity',
      where: stray.join(', '),
      expected: Object.keys(entities).join(', '),
    });
  return Promise.all(
    Object.entries(entities).map(async ([name, raw]) => {
      const described = validated(raw, `staging/entities.yml, ${name}`);
      const file = files.get(name);
      const sql = file ? await readFile(file, 'utf8') : emptyRelation(columnsOf(described, name));
      return modelOf(name, 'staging', file ?? entitiesPath, sql, described);
    }),
  );
}

async function layerModels(folder: URL, layer: 'intermediate' | 'marts'): Promise<Model[]> {
  const files = await sqlFiles(new URL(`${layer}/`, folder));
  return Promise.all(
    [...files].map(async ([name, file]) => {
      const yml = new URL(`${name}.yml`, file);
      return modelOf(name, layer, file, await readFile(file, 'utf8'), validated(await readYaml(yml), `${layer}/${name}.yml`));
    }),
  );
}

async function sqlFiles(directory: URL): Promise<Map<string, URL>> {
  const files = (await readdir(directory)).filter((file) => file.endsWith('.sql')).sort();
  return new Map(files.map((file) => [basename(file, '.sql'), new URL(file, directory)]));
}

async function readYaml(file: URL): Promise<unknown> {
  try {
    return parse(await readFile(file, 'utf8'));
  } catch (error) {
    const what = error instanceof YAMLParseError ? error.message : 'this model is not described';
    throw new LookbookError(
      'usage',
      { what, where: file.pathname, expected: 'a .yml with grain, key, columns and tests' },
      { cause: error },
    );
  }
}

function validated(raw: unknown, where: string): Described {
  const result = shape.safeParse(raw);
  if (result.success) return result.data;
  throw new LookbookError('usage', { what: 'the description of this model breaks its shape', where, found: z.prettifyError(result.error) });
}

function modelOf(name: string, layer: Model['layer'], file: URL, sql: string, described: Described): Model {
  const columns = columnsOf(described, name);
  const tests = described.tests.map(testOf);
  const known = new Set(columns.map((column) => column.name));
  const named = [...described.key, ...tests.flatMap(columnsOfTest)];
  const unknown = named.filter((column) => !known.has(column));
  if (unknown.length > 0)
    throw new LookbookError('usage', { what: 'key or tests name a column that is not described', where: name, found: unknown.join(', ') });
  const { refs, sources } = readsOf(name, sql);
  const { grain, key, materialized, entity } = described;
  return {
    name,
    layer,
    sqlPath: file.pathname,
    sql,
    grain,
    key,
    materialized,
    ...(entity ? { entity } : {}),
    columns,
    tests,
    refs,
    sources,
  };
}

/** A column is written as 'type, description'. */
function columnsOf({ columns }: Described, where: string): ModelColumn[] {
  return Object.entries(columns).map(([name, text]) => {
    const [, type = '', description = ''] = /^(\w+), (.+)$/s.exec(text.trim()) ?? [];
    if (!Object.hasOwn(typeNames, type) || !description) {
      const expected = `'type, description' with a type of ${Object.keys(typeNames).join(', ')}`;
      throw new LookbookError('usage', { what: `column ${name} is not described`, where, expected, found: text });
    }
    return { name, type: type as ColumnType, description };
  });
}

function testOf(test: z.infer<typeof testShape>): ModelTest {
  const { severity } = test;
  if ('unique' in test) return { kind: 'unique', columns: test.unique, severity };
  if ('not_null' in test) return { kind: 'not_null', columns: test.not_null, severity };
  if ('relationships' in test) return { kind: 'relationships', ...test.relationships, severity };
  if ('accepted_values' in test) return { kind: 'accepted_values', ...test.accepted_values, severity };
  return { kind: 'reconciliation', ...test.reconciliation, severity };
}

function columnsOfTest(test: ModelTest): string[] {
  if ('columns' in test) return test.columns;
  return 'column' in test ? [test.column] : [];
}

function emptyRelation(columns: ModelColumn[]): string {
  const nulls = columns.map(({ name, type }) => `    {{null_of '${type}'}} as ${name}`).join(',\n');
  return `with final as (\n  select\n${nulls}\n  from (select 1 as one) as nothing\n  where false\n)\nselect * from final\n`;
}

/** Names that a template refers to, in order of first use. */
function readsOf(name: string, sql: string): { refs: string[]; sources: string[] } {
  const refs = new Set<string>();
  const sources = new Set<string>();
  const note = (set: Set<string>) => (read: string) => {
    set.add(read);
    return read;
  };
  const when = { wall: '2000-01-01 00:00:00', asOf: '2000-01-01', week: '2000-01-03', timezone: 'UTC' };
  renderSql(sql, { dialect: 'duckdb', ref: note(refs), source: note(sources), ...when, label: name });
  return { refs: [...refs], sources: [...sources] };
}

function ordered(models: Model[]): Model[] {
  const byName = new Map(models.map((model) => [model.name, model]));
  const done = new Set<Model>();
  const visit = (model: Model, path: string[]): void => {
    if (done.has(model)) return;
    const through = [...path, model.name];
    if (path.includes(model.name))
      throw new LookbookError('usage', { what: 'models read each other in a circle', where: model.name, found: through.join(' → ') });
    for (const ref of model.refs) {
      const read = byName.get(ref);
      if (!read)
        throw new LookbookError('usage', {
          what: `there is no model '${ref}'`,
          where: model.name,
          expected: [...byName.keys()].join(', '),
        });
      visit(read, through);
    }
    done.add(model);
  };
  for (const model of models) visit(model, []);
  return [...done];
}
