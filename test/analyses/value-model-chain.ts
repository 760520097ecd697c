import { join, resolve } from 'node:path';
import type { ColumnTable } from 'arquero';
import { planAnalysis } from '#run/analyse.ts';
import { takeSnapshot } from '#source/snapshot.ts';
import type { Source } from '#source/source.ts';
import { openDuckDB } from '#warehouse/duckdb.ts';
import type { Engine } from '#warehouse/engine.ts';
import { materialize } from '#warehouse/materialize.ts';
import { loadModels } from '#warehouse/model.ts';
import analysis from '../../analyses/value-model/analysis.ts';
import { modelContext } from './value-model-fixture.ts';

/** The analysis' own inputs, from a source through snapshot and models; close the engine when done. */
export async function inputsFrom(
  source: Source,
  moment: { wall: string; asOf: string; week: string; timezone: string },
  folder: string,
): Promise<{ tables: Record<string, ColumnTable>; engine: Engine }> {
  const snapshot = await takeSnapshot(source, folder, () => {});
  const engine = await openDuckDB();
  const shop = { ...modelContext().shop, capabilities: snapshot.capabilities };
  const plan = planAnalysis({ analysis, folder: resolve('analyses/value-model') }, { shop, moment, overrides: {} });
  const raw = Object.entries(snapshot.tables).map(([name, { file }]) => [name, { path: file, fingerprint: name }] as const);
  await materialize({
    ...moment,
    engine,
    folder: join(folder, 'models'),
    models: await loadModels('thelook'),
    need: plan.inputs.flatMap(({ source }) => ('models' in source ? source.models : [])),
    snapshot: Object.fromEntries(raw),
  });
  const tables: Record<string, ColumnTable> = {};
  for (const { name, source } of plan.inputs) tables[name] = await engine.table('sql' in source ? source.sql : '', name);
  return { tables, engine };
}
