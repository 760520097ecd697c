import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Analysis } from '../../src/contract/analysis.ts';
import type { Cell } from '../../src/contract/row.ts';
import { type Engine, identifier } from '../../src/warehouse/engine.ts';
import { loadModels } from '../../src/warehouse/model.ts';
import { renderSql } from '../../src/warehouse/render.ts';
import { labelled } from './compare.ts';
import { fixture, moment } from './fixture.ts';
import { googleSql, runDuckDB, runGoogle } from './shops.ts';
import { type ColumnType, decode, type Relation, startZetaSQL, unavailable, type ZetaSQL } from './zetasql.ts';

const reason = unavailable();
if (reason) console.warn(`the dialect tests are skipped: ${reason}`);

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

async function paramsOf(folder: string): Promise<Record<string, Cell>> {
  const path = join(folder, 'analysis.ts');
  if (!existsSync(path)) return {};
  const { default: analysis } = (await import(/* @vite-ignore */ pathToFileURL(path).href)) as { default?: Analysis };
  if (!analysis) throw new Error(`${relative(root, path)} has no default export`);
  return analysis.params;
}
