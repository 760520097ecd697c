import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Engine } from '#warehouse/engine.ts';
import type { RawTable } from '#warehouse/materialize.ts';
import type { ColumnType, Model, ModelTest } from '#warehouse/model.ts';

/** A folder that goes with the test. */
export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'lookbook-warehouse-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export const moment = { wall: '2026-08-17 00:00:00', asOf: '2026-08-16', week: '2026-08-10', timezone: 'UTC' };

/** Columns as 'name type', the key first. */
export function model(name: string, sql: string, columns: string[], rest: Partial<Model> = {}): Model {
  const described = columns.map((column) => {
    const [title = '', type = 'string'] = column.split(' ');
    return { name: title, type: type as ColumnType, description: title };
  });
  const reads = (kind: string) => [...new Set([...sql.matchAll(new RegExp(`{{${kind} '(\\w+)'}}`, 'g'))].map((found) => found[1]!))];
  const layer = name.startsWith('stg_') ? 'staging' : 'marts';
  return {
    ...{ name, layer, sqlPath: `${name}.sql`, sql, grain: `one row a ${name}`, key: [described[0]!.name] },
    ...{ materialized: layer === 'staging' ? 'view' : 'table', columns: described, tests: [] as ModelTest[] },
    ...{ refs: reads('ref'), sources: reads('source') },
    ...rest,
  } as Model;
}

/** Writes raw tables as Parquet. */
export async function snapshotOf(engine: Engine, folder: string, tables: Record<string, string>): Promise<Record<string, RawTable>> {
  mkdirSync(folder, { recursive: true });
  const snapshot: Record<string, RawTable> = {};
  for (const [name, sql] of Object.entries(tables)) {
    const path = join(folder, `${name}.parquet`);
    await engine.run(`copy (${sql}) to '${path}' (format parquet)`, name);
    snapshot[name] = { path, fingerprint: `${name}: ${sql}` };
  }
  return snapshot;
}
