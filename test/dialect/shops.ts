import { join } from 'node:path';
import type { Cell, Row } from '../../src/contract/row.ts';
import { keptColumns, sqlType } from '../../src/source/format.ts';
import { thelook } from '../../src/source/thelook.ts';
import { openDuckDB } from '../../src/warehouse/duckdb.ts';
import { type Engine, identifier, literal } from '../../src/warehouse/engine.ts';
import { type Moment, materialize, type RawTable } from '../../src/warehouse/materialize.ts';
import type { Model } from '../../src/warehouse/model.ts';
import { renderSql } from '../../src/warehouse/render.ts';
import { encode, type Relation, type Value, type ZetaSQL } from './zetasql.ts';

export type RawRows = Record<string, Row[]>;

const rawTables = thelook.tables.map((table) => ({
  name: table.name,
  columns: keptColumns(table).map(({ name, type }) => ({ name, type })),
}));

/** Raw tables for GoogleSQL, under the names that `googleSql` gives them. */
export function rawRelations(rows: RawRows): Record<string, Relation> {
  return Object.fromEntries(
    rawTables.map(({ name, columns }): [string, Relation] => [
      `raw_${name}`,
      { columns, rows: (rows[name] ?? []).map((row) => columns.map((column) => encode(row[column.name] ?? null, column.type))) },
    ]),
  );
}

/** What an analysis hands on, as a table of GoogleSQL is named. */
export const relationName = (analysis: string, name: string): string => `${analysis.replaceAll('-', '_')}__${name}`;

/** A template for GoogleSQL, its models and raw tables by their names. */
export function googleSql(template: string, moment: Moment, label: string, params: Record<string, Cell> = {}): string {
  const quoted = (name: string) => `\`${name}\``;
  return renderSql(template, {
    ...{ dialect: 'googlesql', ...moment, label, params },
    ref: quoted,
    source: (name) => quoted(`raw_${name}`),
    relation: (analysis, name) => quoted(relationName(analysis, name)),
  });
}

/** Rows of every model by ZetaSQL, each computed from the rows of those before it. */
export async function runGoogle(zetasql: ZetaSQL, models: Model[], rows: RawRows, moment: Moment): Promise<Record<string, Value[][]>> {
  const relations = rawRelations(rows);
  const results: Record<string, Value[][]> = {};
  for (const model of models) {
    const read = [...model.refs, ...model.sources.map((name) => `raw_${name}`)];
    const needed = Object.fromEntries(read.map((name) => [name, relations[name]!]));
    const sql = googleSql(model.sql, moment, model.name);
    const made = await zetasql.evaluate(sql, needed).catch((error: Error) => {
      throw new Error(`${model.name}: ${error.message}`);
    });
    results[model.name] = made;
    relations[model.name] = { columns: model.columns.map(({ name, type }) => ({ name, type })), rows: made };
  }
  return results;
}

/** An engine that holds every model, made by DuckDB. */
export async function runDuckDB(models: Model[], rows: RawRows, moment: Moment, folder: string): Promise<Engine> {
  const engine = await openDuckDB({ threads: 2, folder: join(folder, 'spill') });
  const snapshot: Record<string, RawTable> = {};
  for (const { name, columns } of rawTables) {
    const path = join(folder, `${name}.parquet`);
    const types = columns.map((column) => `${identifier(column.name)} ${sqlType[column.type]}`).join(', ');
    await engine.run(`create or replace table ${identifier(`input_${name}`)} (${types})`, name);
    const lines = (rows[name] ?? []).map((row) => `(${columns.map((column) => sqlOf(row[column.name] ?? null)).join(', ')})`);
    if (lines.length > 0) await engine.run(`insert into ${identifier(`input_${name}`)} values ${lines.join(', ')}`, name);
    await engine.run(`copy ${identifier(`input_${name}`)} to ${literal(path)} (format parquet)`, name);
    snapshot[name] = { path, fingerprint: name };
  }
  await materialize({ engine, models, snapshot, folder: join(folder, 'cache'), ...moment });
  return engine;
}

function sqlOf(cell: Cell): string {
  if (cell === null) return 'null';
  if (typeof cell === 'string') return literal(cell.replace(/^([0-9]{4}-[0-9]{2}-[0-9]{2})T(.*)Z$/, '$1 $2'));
  return typeof cell === 'number' ? `${cell}::double` : String(cell);
}
