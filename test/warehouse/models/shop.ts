import { onTestFinished } from 'vitest';
import type { Row } from '#contract/row.ts';
import { openDuckDB } from '#warehouse/duckdb.ts';
import { type Engine, identifier } from '#warehouse/engine.ts';
import { loadModels, type Model } from '#warehouse/model.ts';
import { renderSql } from '#warehouse/render.ts';

export interface Moment {
  wall: string;
  asOf: string;
  week: string;
  timezone: string;
}

/** Columns of the raw tables, as a snapshot of theLook's export gives them. */
const rawColumns: Record<string, string> = {
  users:
    'id bigint, created_at timestamp, country varchar, state varchar, city varchar, latitude double, longitude double, gender varchar, age bigint, traffic_source varchar',
  orders:
    'order_id bigint, user_id bigint, status varchar, created_at timestamp, shipped_at timestamp, delivered_at timestamp, returned_at timestamp',
  order_items:
    'id bigint, order_id bigint, product_id bigint, status varchar, sale_price double, shipped_at timestamp, delivered_at timestamp, returned_at timestamp',
  products:
    'id bigint, name varchar, brand varchar, category varchar, department varchar, retail_price double, cost double, distribution_center_id bigint',
  events:
    'id bigint, user_id bigint, session_id varchar, sequence_number bigint, created_at timestamp, event_type varchar, uri varchar, traffic_source varchar, browser varchar',
  inventory_items: 'id bigint, product_id bigint, created_at timestamp, sold_at timestamp, cost double',
  distribution_centers: 'id bigint, name varchar, latitude double, longitude double',
};

export type Raw = Record<string, (string | number | null)[][]>;

export const rawTables = Object.keys(rawColumns);

/** An engine that is closed with the test. */
export async function engineOf(threads = 2): Promise<Engine> {
  const engine = await openDuckDB({ threads });
  onTestFinished(() => engine.close());
  return engine;
}

/** Raw tables `raw_<name>` with literal rows, their values in the order of `rawColumns`. */
export async function addRaw(engine: Engine, raw: Raw): Promise<void> {
  for (const [name, columns] of Object.entries(rawColumns)) {
    await engine.run(`create or replace table raw_${name} (${columns})`);
    const rows = (raw[name] ?? []).map((row) => `(${row.map(literalOf).join(', ')})`);
    if (rows.length > 0) await engine.run(`insert into raw_${name} values ${rows.join(', ')}`, name);
  }
}

/** Every model as a table or a view of its name over `raw_<name>`. */
export async function build(engine: Engine, moment: Moment): Promise<Model[]> {
  const models = await loadModels('thelook');
  for (const model of models) {
    const { materialized, name } = model;
    await engine.run(`create or replace ${materialized} ${name} as ${rendered(model.sql, moment, name)}`, name);
  }
  return models;
}

function rendered(sql: string, moment: Moment, label: string): string {
  return renderSql(sql, { dialect: 'duckdb', ref: identifier, source: (table) => identifier(`raw_${table}`), ...moment, label });
}

export async function rows(engine: Engine, sql: string): Promise<Row[]> {
  const columns = await engine.columns(sql);
  const names = Object.keys(columns);
  return (columns[names[0]!] ?? []).map((_, i) => Object.fromEntries(names.map((name) => [name, columns[name]![i] ?? null])));
}

/** Rows as arrays, for comparing with literal tables. */
export async function values(engine: Engine, sql: string): Promise<unknown[][]> {
  return (await rows(engine, sql)).map((row) => Object.values(row));
}

function literalOf(value: string | number | null): string {
  if (value === null) return 'null';
  return typeof value === 'number' ? String(value) : `'${value.replaceAll("'", "''")}'`;
}
