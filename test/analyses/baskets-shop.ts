import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ColumnTable, from, table } from 'arquero';
import type { Analysis, Context, Result } from '#contract/analysis.ts';
import { formatter } from '#contract/format.ts';
import type { Cell } from '#contract/row.ts';
import { capabilities } from '#contract/shop.ts';
import { type Engine, identifier } from '#warehouse/engine.ts';
import { loadModels } from '#warehouse/model.ts';
import { renderSql } from '#warehouse/render.ts';

export interface Moment {
  wall: string;
  asOf: string;
  week: string;
  timezone: string;
}

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Runs an analysis on tables of raw rows `raw_<name>`: builds the models that its queries read, and no others. */
export async function runOn(engine: Engine, analysis: Analysis, moment: Moment, params: Record<string, Cell> = {}): Promise<Result> {
  const tables = await inputsOf(engine, analysis, moment, params);
  return analysis.run(tables, contextOf(analysis, moment, params));
}

export function contextOf(analysis: Analysis, moment: Moment, params: Record<string, Cell> = {}, has = [...capabilities]): Context {
  const shop = { id: 'shop', name: 'Shop', currency: 'USD', timezone: moment.timezone, locale: 'en-GB', capabilities: has };
  return { shop, ...moment, seed: 1, params: { ...analysis.params, ...params }, format: formatter(shop) };
}

export async function inputsOf(
  engine: Engine,
  analysis: Analysis,
  moment: Moment,
  params: Record<string, Cell> = {},
): Promise<Record<string, ColumnTable>> {
  const context = { dialect: 'duckdb' as const, source: (name: string) => identifier(`raw_${name}`), ...moment };
  const queries = Object.entries(analysis.inputs).map(
    ([name, file]) => [name, readFileSync(join(root, 'analyses', analysis.id, file), 'utf8')] as const,
  );
  const wanted = new Set(queries.flatMap(([, sql]) => refsOf(sql)));
  const models = await loadModels('thelook');
  const needed = models.toReversed().filter(({ name, refs }) => {
    if (!wanted.has(name)) return false;
    for (const ref of refs) wanted.add(ref);
    return true;
  });
  for (const { name, materialized, sql } of needed.reverse()) {
    await engine.run(`create or replace ${materialized} ${name} as ${renderSql(sql, { ...context, ref: identifier, label: name })}`, name);
  }
  const tables: Record<string, ColumnTable> = {};
  for (const [name, sql] of queries) {
    tables[name] = table(
      await engine.columns(renderSql(sql, { ...context, ref: identifier, label: name, params: { ...analysis.params, ...params } }), name),
    );
  }
  return tables;
}

const refsOf = (sql: string) => [...sql.matchAll(/{{ref '(\w+)'}}/g)].map((found) => found[1]!);

/** Views `raw_<name>` of the Parquet files of a folder. */
export async function addParquet(engine: Engine, folder: string): Promise<void> {
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.parquet'))) {
    await engine.run(
      `create or replace view ${identifier(`raw_${file.replace('.parquet', '')}`)} as select * from '${join(folder, file)}'`,
    );
  }
}

/** Literal rows as tables. */
export const tablesOf = (rows: Record<string, object[]>): Record<string, ColumnTable> =>
  Object.fromEntries(Object.entries(rows).map(([name, list]) => [name, from(list)]));

/** Everything a result says and shows. */
export function texts(result: Result): string {
  const { headline, summary, findings, figures, tables, caveats, method } = result;
  return JSON.stringify([headline, summary, findings, figures.map(({ spec, narrow, half, ...rest }) => rest), tables, caveats, method]);
}
