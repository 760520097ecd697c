import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { ColumnTable } from 'arquero';
import * as aq from 'arquero';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Context, Result } from '#contract/analysis.ts';
import { formatter } from '#contract/format.ts';
import { planAnalysis } from '#run/analyse.ts';
import { filesSource } from '#source/files.ts';
import { takeSnapshot } from '#source/snapshot.ts';
import { thelook } from '#source/thelook.ts';
import { random } from '#stats/random.ts';
import { openDuckDB } from '#warehouse/duckdb.ts';
import { materialize } from '#warehouse/materialize.ts';
import { loadModels } from '#warehouse/model.ts';
import analysis from '../../analyses/value-segment/analysis.ts';
import { measure, methodOf, type Study } from '../../analyses/value-segment/study.ts';
import { shop as testShop } from './sales-fixture.ts';

const data = resolve(import.meta.dirname, '../../../shared/data/thelook');
const reason = existsSync(data) ? '' : ' (skipped: ../shared/data/thelook is not there)';
const moment = { wall: '2026-08-17 00:00:00', asOf: '2026-08-16', week: '2026-08-10', timezone: 'UTC' };

describe.skipIf(reason)(`value-segment on theLook${reason}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'lookbook-segment-'));
  let context: Context;
  let tables: Record<string, ColumnTable>;
  let study: Study;
  let own: Record<string, unknown[]>;

  beforeAll(async () => {
    const snapshot = await takeSnapshot(filesSource({ data, format: thelook }), folder, () => {});
    const engine = await openDuckDB();
    const shop = { ...testShop, id: 'thelook', capabilities: snapshot.capabilities };
    const plan = planAnalysis({ analysis, folder: resolve('analyses/value-segment') }, { shop, moment, overrides: {} });
    const raw = Object.entries(snapshot.tables).map(([name, { file }]) => [name, { path: file, fingerprint: name }] as const);
    const models = await loadModels('thelook');
    await materialize({
      ...moment,
      engine,
      folder: join(folder, 'models'),
      models,
      need: ['customer_value_features'],
      snapshot: Object.fromEntries(raw),
    });
    const source = plan.inputs[0]!.source;
    tables = { rows: await engine.table('sql' in source ? source.sql : '', 'rows') };
    context = { shop, ...moment, seed: 1, params: plan.params, format: formatter(shop) };
    study = measure(tables, context);
    own = await engine.columns(`
      with known as (
        select user_id, created_at, status <> 'Returned' or coalesce(returned_at, created_at) >= timestamp '2026-02-16' as is_kept
        from '${data}/orders.parquet'
        where status <> 'Cancelled' and created_at < timestamp '2026-02-16'
      )
      select count(distinct user_id) as customers from known where is_kept`);
    engine.close();
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('judges the customers whom plain SQL on the raw files finds', () => {
    expect(study.moments.judging!.date).toBe('2026-02-15');
    expect(study.moments.judging!.all).toBe(Number(own.customers![0]));
    expect(study.moments.judging!.n).toBe(20_000);
  });

  it('finds little: better than chance, no better than the last purchase, too weak to act on', () => {
    const card = methodOf(study.learned!, 'scorecard')!;
    const recency = methodOf(study.learned!, 'recency')!;
    expect(study.verdict).toBe('weak');
    expect(study.handed).toBeNull();
    expect(card.aucHigh!.low).toBeGreaterThan(0.5);
    expect(card.kappa!.high).toBeLessThan(0.1);
    expect(recency.gain!.auc.low).toBeLessThan(0);
    const result = analysis.run(tables, context) as Result;
    expect(result.headline).toBe('Who will be worth most can hardly be told beforehand here');
    expect(result.findings.every(({ kind }) => kind === 'nothing')).toBe(true);
  });

  it('finds nothing once what came is dealt out at random', () => {
    const draw = random(1, 'dealt');
    const rows = tables.rows!;
    const [moments, later] = [rows.array('moment') as string[], [...(rows.array('later_value') as ArrayLike<number> as number[])]];
    for (const name of ['training', 'judging']) {
      const places = moments.flatMap((at, i) => (at === name ? [i] : []));
      const dealt = draw.shuffle(places.map((i) => later[i]!));
      places.forEach((i, k) => {
        later[i] = dealt[k]!;
      });
    }
    const dealt = rows.assign(aq.table({ later_value: later }) as ColumnTable) as ColumnTable;
    expect(measure({ rows: dealt }, context).verdict).toBe('chance');
  });
});
