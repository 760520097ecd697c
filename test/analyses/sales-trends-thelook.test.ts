import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Result } from '#contract/analysis.ts';
import type { Row } from '#contract/row.ts';
import { analyse, planAnalysis } from '#run/analyse.ts';
import { filesSource } from '#source/files.ts';
import { takeSnapshot } from '#source/snapshot.ts';
import { thelook } from '#source/thelook.ts';
import { openDuckDB } from '#warehouse/duckdb.ts';
import { materialize } from '#warehouse/materialize.ts';
import { loadModels } from '#warehouse/model.ts';
import analysis from '../../analyses/sales-trends/analysis.ts';
import { shop } from './sales-fixture.ts';

const data = resolve(import.meta.dirname, '../../../shared/data/thelook');
const reason = existsSync(data) ? '' : ' (skipped: ../shared/data/thelook is not there)';
const moment = { wall: '2026-06-01 00:00:00', asOf: '2026-05-31', week: '2026-05-25', timezone: 'UTC' };

const total = (rows: Row[], key: string) => rows.reduce((sum, row) => sum + Number(row[key]), 0);

describe.skipIf(reason)(`sales trends of theLook${reason}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'lookbook-sales-'));
  let result: Result;
  let own: Record<string, unknown[]>;

  beforeAll(async () => {
    const snapshot = await takeSnapshot(filesSource({ data, format: thelook }), folder, () => {});
    const engine = await openDuckDB();
    const at = { ...shop, id: 'thelook', capabilities: snapshot.capabilities };
    const plan = planAnalysis({ analysis, folder: resolve('analyses/sales-trends') }, { shop: at, moment, overrides: {} });
    const need = plan.inputs.flatMap(({ source }) => ('models' in source ? source.models : []));
    const raw = Object.entries(snapshot.tables).map(([name, { file }]) => [name, { path: file, fingerprint: name }] as const);
    await materialize({
      ...moment,
      engine,
      folder: join(folder, 'models'),
      models: await loadModels('thelook'),
      need,
      snapshot: Object.fromEntries(raw),
    });
    ({ result } = await analyse(plan, ({ source }) => engine.table('sql' in source ? source.sql : ''), {
      shop: at,
      asOf: moment.asOf,
      week: moment.week,
      seed: 1,
    }));
    own = await engine.columns(`
      with sold as (
        select o.created_at, i.sale_price, case when i.returned_at < timestamp '${moment.wall}' then i.returned_at end as returned_at
        from '${data}/order_items.parquet' as i
        join '${data}/orders.parquet' as o using (order_id)
        where o.status <> 'Cancelled' and o.created_at < timestamp '${moment.wall}'
      )
      select
        sum(case when created_at >= timestamp '2026-05-25' then round(sale_price, 2)::decimal(18, 2) else 0 end)
          - sum(case when returned_at >= timestamp '2026-05-25' then round(sale_price, 2)::decimal(18, 2) else 0 end) as week,
        sum(case when created_at >= timestamp '2026-01-01' then round(sale_price, 2)::decimal(18, 2) else 0 end)
          - sum(case when returned_at >= timestamp '2026-01-01' then round(sale_price, 2)::decimal(18, 2) else 0 end) as year_to_date,
        count(*) filter (created_at >= timestamp '2026-05-25') as units
      from sold`);
    engine.close();
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('equals what plain SQL on the raw files says', () => {
    const metric = (id: string) => result.metrics.find((m) => m.id === id)!.value;
    expect(metric('net_revenue')).toBeCloseTo(Number(own.week![0]), 2);
    expect(metric('units')).toBe(own.units![0]);
    expect(metric('net_revenue_ytd')).toBeCloseTo(Number(own.year_to_date![0]), 2);
  });

  it('splits the change so that it adds up, and finds no discounts', () => {
    const table = result.tables.find((t) => t.id === 'drivers')!;
    for (const column of ['week', 'year'] as const) {
      const steps = result.figures.find((f) => f.id === `bridge-${column}`)!.rows.filter((row) => row.kind === 'step');
      for (const sum of [total(steps, 'value'), total(table.rows, column)]) expect(sum).toBeCloseTo(Number(table.total![column]), 6);
      expect(steps.find((row) => row.step === 'Price against list')).toMatchObject({ value: 0 });
    }
  });

  it('is a negative control for seasons and shares', () => {
    const kinds = Object.fromEntries(result.findings.map(({ id, kind }) => [id, kind]));
    expect(kinds).toMatchObject({ segments: 'nothing', 'season-weekday': 'nothing', 'season-month': 'nothing' });
  });
});
