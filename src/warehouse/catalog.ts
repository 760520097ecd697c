import type { ColumnTable } from 'arquero';
import * as aq from 'arquero';
import type { CatalogTable } from '#contract/analysis.ts';
import type { Cell, Row } from '#contract/row.ts';
import { type Engine, identifier, literal } from './engine.ts';
import type { Model } from './model.ts';
import type { ColumnProfile } from './profile.ts';
import type { TestResult } from './quality.ts';

export interface CatalogOptions {
  engine: Engine;
  models: Model[];
  /** As `materialize` gives them. */
  keys: Record<string, string>;
  tests: TestResult[];
  profile: ColumnProfile[];
}

/**
 * The warehouse's own metadata as tables, each in a total order:
 * - `models`: model, layer, entity, grain, key, materialized, columns, tests, refs, sources, rows, latest (newest instant; staging only)
 * - `columns`: model, position, column, type, description, is_key, refers_to
 * - `relationships`: from_model, from_column, to_model, to_column, cardinality, rows (that point somewhere), orphans
 * - `tests`: model, test, column, against, severity, rows, failed, passed
 * - `profile`: staging only: table, column, type, rows, nulls, distinct, min, max, negative, future, empty, literal_null
 * - `exclusions`: the rows of the mart data_exclusions; none where it was not made
 * Lists are joined by ', '. What is not known is null.
 */
export async function catalogTables(options: CatalogOptions): Promise<Record<CatalogTable, ColumnTable>> {
  const { engine, models, keys, tests, profile } = options;
  const made = models.filter((model) => keys[model.name]);
  const counts = await countRows(engine, made, tests, profile);
  const tables: Record<CatalogTable, ColumnTable> = {
    models: tableOf(
      modelFields,
      made.map((model) => modelRow(model, counts, profile)),
    ),
    columns: tableOf(columnFields, made.flatMap(columnRows)),
    relationships: tableOf(
      relationshipFields,
      made.flatMap((model) => relationshipRows(model, tests, profile, counts)),
    ),
    tests: tableOf(testFields, tests.map(testRow)),
    profile: tableOf(
      profileFields,
      profile.map((column) => profileRow(column, models, tests)),
    ),
    exclusions: await exclusionsOf(engine, models, keys),
  };
  return tables;
}

const modelFields = ['model', 'layer', 'entity', 'grain', 'key', 'materialized', 'columns', 'tests', 'refs', 'sources', 'rows', 'latest'];
const columnFields = ['model', 'position', 'column', 'type', 'description', 'is_key', 'refers_to'];
const relationshipFields = ['from_model', 'from_column', 'to_model', 'to_column', 'cardinality', 'rows', 'orphans'];
const testFields = ['model', 'test', 'column', 'against', 'severity', 'rows', 'failed', 'passed'];
const profileFields = [
  ...['table', 'column', 'type', 'rows', 'nulls', 'distinct', 'min', 'max'],
  ...['negative', 'future', 'empty', 'literal_null'],
];

function tableOf(fields: string[], rows: Row[]): ColumnTable {
  return aq.table(Object.fromEntries(fields.map((field): [string, Cell[]] => [field, rows.map((row) => row[field] ?? null)])));
}

/** Rows of each model: as the tests and the profile counted them, and counted now where they did not. */
async function countRows(engine: Engine, models: Model[], tests: TestResult[], profile: ColumnProfile[]): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const { table, rows } of profile) counts.set(table, rows);
  for (const { model, test, rows } of tests) if (test !== 'reconciliation') counts.set(model, rows);
  const rest = models.filter(({ name }) => !counts.has(name));
  if (rest.length === 0) return counts;
  const queries = rest.map(({ name }) => `select ${literal(name)} as model, count(*) as total from ${identifier(name)}`);
  const { model, total } = await engine.columns(`${queries.join('\nunion all\n')}\norder by model`, 'row counts');
  model!.forEach((name, i) => {
    counts.set(String(name), total![i] as number);
  });
  return counts;
}

function modelRow(model: Model, counts: Map<string, number>, profile: ColumnProfile[]): Row {
  const times = profile.filter(({ table, type }) => table === model.name && type === 'time');
  const latest = times
    .map(({ max }) => String(max ?? ''))
    .sort()
    .at(-1);
  const { name, layer, entity, grain, key, materialized, columns, tests, refs, sources } = model;
  return {
    ...{
      model: name,
      layer,
      entity: entity ?? null,
      grain,
      key: key.join(', '),
      materialized,
      columns: columns.length,
      tests: tests.length,
    },
    ...{ refs: refs.join(', '), sources: sources.join(', '), rows: counts.get(name) ?? null, latest: latest || null },
  };
}

function columnRows(model: Model): Row[] {
  return model.columns.map(({ name, type, description }, i) => {
    const link = model.tests.find((test) => test.kind === 'relationships' && test.column === name);
    const refersTo = link?.kind === 'relationships' ? `${link.to}.${link.field}` : null;
    return { model: model.name, position: i + 1, column: name, type, description, is_key: model.key.includes(name), refers_to: refersTo };
  });
}

function relationshipRows(model: Model, tests: TestResult[], profile: ColumnProfile[], counts: Map<string, number>): Row[] {
  return model.tests.flatMap((test) => {
    if (test.kind !== 'relationships') return [];
    const { column, to, field } = test;
    const result = tests.find(
      (r) => r.model === model.name && r.test === 'relationships' && r.column === column && r.against === `${to}.${field}`,
    );
    const known = profile.find((p) => p.table === model.name && p.column === column);
    const cardinality = model.key.length === 1 && model.key[0] === column ? 'one to one' : 'many to one';
    const rows = known ? known.rows - known.nulls : (counts.get(model.name) ?? null);
    return [
      { from_model: model.name, from_column: column, to_model: to, to_column: field, cardinality, rows, orphans: result?.failed ?? null },
    ];
  });
}

function testRow({ model, test, column, against, severity, rows, failed, passed }: TestResult): Row {
  return { model, test, column, against, severity, rows, failed, passed };
}

function profileRow({ literalNull, ...rest }: ColumnProfile, models: Model[], tests: TestResult[]): Row {
  const key = models.find(({ name }) => name === rest.table)?.key;
  const unique =
    key?.join() === rest.column ? tests.find((t) => t.model === rest.table && t.test === 'unique' && t.column === rest.column) : undefined;
  // NULLs count as one value in a unique test.
  const distinct = rest.distinct ?? (unique ? rest.rows - unique.failed - (rest.nulls > 0 ? 1 : 0) : null);
  return { ...rest, distinct, literal_null: literalNull };
}

async function exclusionsOf(engine: Engine, models: Model[], keys: Record<string, string>): Promise<ColumnTable> {
  const model = models.find(({ name }) => name === 'data_exclusions');
  if (model && keys[model.name]) {
    return engine.table(`select * from ${identifier(model.name)} order by ${model.key.map(identifier).join(', ')}`, model.name);
  }
  return tableOf(model?.columns.map(({ name }) => name) ?? ['table_name', 'reason'], []);
}
