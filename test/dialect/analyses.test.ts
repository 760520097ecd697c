import { existsSync, globSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Analysis } from '../../src/contract/analysis.ts';
import type { Cell } from '../../src/contract/row.ts';
import { capabilities } from '../../src/contract/shop.ts';
import { analyse, type PlannedInput, planAnalyses } from '../../src/run/analyse.ts';
import { type Entry, readsOf } from '../../src/run/graph.ts';
import { type Engine, identifier } from '../../src/warehouse/engine.ts';
import { loadModels } from '../../src/warehouse/model.ts';
import { renderSql } from '../../src/warehouse/render.ts';
import { shop as sales } from '../analyses/sales-fixture.ts';
import { labelled } from './compare.ts';
import { fixture, moment } from './fixture.ts';
import { googleSql, relationName, runDuckDB, runGoogle } from './shops.ts';
import { type ColumnType, decode, encode, type Relation, startZetaSQL, unavailable, type ZetaSQL } from './zetasql.ts';

const reason = unavailable();
if (reason) console.warn(`the dialect tests are skipped: ${reason}`);

const shop = { ...sales, capabilities: [...capabilities] };
const root = fileURLToPath(new URL('../..', import.meta.url));
const models = await loadModels('thelook');
const files = globSync('analyses/*/*.sql', { cwd: root }).sort();

describe.skipIf(reason)('queries of the analyses', () => {
  let folder: string;
  let zetasql: ZetaSQL;
  let engine: Engine;
  const relations: Record<string, Relation> = {};
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'lookbook-dialect-'));
    zetasql = await startZetaSQL();
    engine = await runDuckDB(models, fixture, moment, folder);
    const rows = await runGoogle(zetasql, models, fixture, moment);
    for (const { name, columns } of models) relations[name] = { columns, rows: rows[name]! };
    Object.assign(relations, await handedOn(engine, zetasql, relations));
  });
  afterAll(() => {
    engine?.close();
    zetasql?.stop();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  test.skipIf(files.length > 0)('there are none yet', () => {});

  test.each(files)('%s: the same rows in the same order from both engines', async (file) => {
    const template = readFileSync(join(root, file), 'utf8');
    const params = await paramsOf(dirname(join(root, file)));
    const read = new Set<string>();
    const sql = renderSql(template, {
      ...{ dialect: 'duckdb', ...moment, label: file, params },
      ref: (name) => {
        read.add(name);
        return identifier(name);
      },
      relation: (analysis, name) => {
        read.add(relationName(analysis, name));
        return identifier(`${analysis}:${name}`);
      },
      source: (name) => {
        throw new Error(`${file}: an analysis reads models, not the raw table ${name}`);
      },
    });
    const needed = Object.fromEntries([...read].map((name) => [name, relations[name]!]));
    const googled = googleSql(template, moment, file, params);
    const columns = await zetasql.analyze(googled, needed);
    expect(columns.filter(({ type }) => !types.has(type))).toEqual([]);
    const google = (await zetasql.evaluate(googled, needed)).map((row) => row.map(decode));
    const byName = await engine.columns(sql, file);
    expect(Object.keys(byName)).toEqual(columns.map(({ name }) => name));
    const duckdb = (Object.values(byName)[0] ?? []).map((_, i): Cell[] => Object.values(byName).map((column) => column[i]!));
    expect(google.map((row, i) => labelled(columns, row, duckdb[i]))).toEqual(duckdb.map((row) => labelled(columns, row)));
  });
});

const types = new Set<string>(['string', 'int64', 'float64', 'numeric', 'bool', 'date', 'timestamp'] satisfies ColumnType[]);

/** Runs the analyses that hand something on, on the fixture, and gives what they hand on to both engines: relations, and exports made by each. */
async function handedOn(engine: Engine, zetasql: ZetaSQL, made: Record<string, Relation>): Promise<Record<string, Relation>> {
  const entries = new Map<string, Entry>();
  for (const name of readdirSync(join(root, 'analyses'))) {
    const folder = join(root, 'analyses', name);
    if (!existsSync(join(folder, 'analysis.ts'))) continue;
    const { default: analysis } = (await import(/* @vite-ignore */ pathToFileURL(join(folder, 'analysis.ts')).href)) as {
      default: Analysis;
    };
    entries.set(name, { analysis, folder });
  }
  const read = new Set([...entries.values()].flatMap(readsOf));
  const given: Record<string, Relation> = {};
  for (const plan of planAnalyses(entries, { shop, moment, overrides: {} })) {
    const { id } = plan.analysis;
    if (!read.has(id) && plan.exports.length === 0) continue;
    const tableOf = ({ source }: PlannedInput) => engine.table('sql' in source ? source.sql : 'select 1 as none', id);
    const { relations } = await analyse(plan, tableOf, { shop, ...moment, seed: 1 });
    for (const [name, columns] of Object.entries(relations)) {
      await engine.insert(`${id}:${name}`, columns);
      const types = Object.entries(columns).map(([column, values]) => ({ name: column, type: typeOf(values) }));
      const count = Object.values(columns)[0]!.length;
      const rows = Array.from({ length: count }, (_, i) => types.map(({ name: column, type }) => encode(columns[column]![i]!, type)));
      given[relationName(id, name)] = { columns: types, rows };
    }
    for (const { name, source } of plan.exports) {
      await engine.run(`create table ${identifier(`${id}:${name}`)} as ${source.sql}`, source.file);
      const sql = googleSql(readFileSync(join(plan.folder, source.file), 'utf8'), moment, source.file, plan.params);
      const read = [...source.models, ...source.relations.map((relation) => relationName(...(relation.split(':') as [string, string])))];
      const needed = Object.fromEntries(read.map((relation) => [relation, { ...made, ...given }[relation]!]));
      const columns = (await zetasql.analyze(sql, needed)) as Relation['columns'];
      given[relationName(id, name)] = { columns, rows: await zetasql.evaluate(sql, needed) };
    }
  }
  return given;
}

function typeOf(values: Float64Array | Int32Array | (string | null)[]): ColumnType {
  if (values instanceof Float64Array) return 'float64';
  return values instanceof Int32Array ? 'int64' : 'string';
}

async function paramsOf(folder: string): Promise<Record<string, Cell>> {
  const path = join(folder, 'analysis.ts');
  if (!existsSync(path)) return {};
  const { default: analysis } = (await import(/* @vite-ignore */ pathToFileURL(path).href)) as { default?: Analysis };
  if (!analysis) throw new Error(`${relative(root, path)} has no default export`);
  return analysis.params;
}
