import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { ColumnTable } from 'arquero';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Result } from '#contract/analysis.ts';
import { formatter } from '#contract/format.ts';
import { planAnalysis } from '#run/analyse.ts';
import { demoSource } from '#source/demo.ts';
import { takeSnapshot } from '#source/snapshot.ts';
import { openDuckDB } from '#warehouse/duckdb.ts';
import type { Engine } from '#warehouse/engine.ts';
import { materialize } from '#warehouse/materialize.ts';
import { loadModels } from '#warehouse/model.ts';
import analysis from '../../analyses/value-segment/analysis.ts';
import { segments } from '../../analyses/value-segment/boundary.ts';
import { relationsOf, scored, segmentsByScore } from '../../analyses/value-segment/scorecard.ts';
import { measure, type Study } from '../../analyses/value-segment/study.ts';
import { shop as testShop } from './sales-fixture.ts';

const today = { wall: '2026-11-16 00:00:00', asOf: '2026-11-15', week: '2026-11-09', timezone: 'UTC' };
/** The day of the training: twice the holdout before today. */
const taught = { wall: '2025-11-17 00:00:00', asOf: '2025-11-16', week: '2025-11-10', timezone: 'UTC' };

describe('value-segment on the demo shop', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lookbook-segment-'));
  const engines: Engine[] = [];
  let tables: Record<string, ColumnTable>;
  let study: Study;
  let named: Record<string, unknown[]>;
  let ids: unknown[];
  let then: Record<string, unknown[]>;
  let asTaught: Record<string, unknown[]>;

  beforeAll(async () => {
    const snapshot = await takeSnapshot(demoSource({ customers: 6000 }), folder, () => {});
    const shop = { ...testShop, capabilities: snapshot.capabilities };
    const models = await loadModels('thelook');
    const raw = Object.fromEntries(Object.entries(snapshot.tables).map(([name, { file }]) => [name, { path: file, fingerprint: name }]));
    const at = async (moment: typeof today) => {
      const engine = await openDuckDB();
      engines.push(engine);
      await materialize({ ...moment, engine, folder: join(folder, moment.asOf), models, need: ['customer_value_features'], snapshot: raw });
      return engine;
    };
    const [engine, past] = [await at(today), await at(taught)];
    const plan = planAnalysis({ analysis, folder: resolve('analyses/value-segment') }, { shop, moment: today, overrides: {} });
    const sqlOf = (name: string) => {
      const source = [...plan.inputs, ...plan.exports].find((one) => one.name === name)!.source;
      return 'sql' in source ? source.sql : '';
    };
    tables = { rows: await engine.table(sqlOf('rows'), 'rows') };
    study = measure(tables, { shop, ...today, seed: 1, params: plan.params, format: formatter(shop) });
    for (const [name, relation] of Object.entries(relationsOf(study.learned!.card))) await engine.insert(`value-segment:${name}`, relation);
    named = await engine.columns(sqlOf('segments'), 'segments');
    ids = (
      await engine.columns(`select customer_id from customer_value_features where moment = 'today' order by first_order_date, customer_id`)
    ).customer_id!;
    const features = (moment: string) =>
      `select * exclude (moment, horizon_days, later_purchases, later_value) from customer_value_features where moment = '${moment}' order by customer_id`;
    then = await past.columns(features('today'));
    asTaught = await engine.columns(features('training'));
  });

  afterAll(() => {
    for (const engine of engines) engine.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('knows of the past what was known then: the features taught are those that a run of that day would have scored', () => {
    expect(asTaught.customer_id!.length).toBeGreaterThan(2000);
    expect(asTaught).toEqual(then);
  });

  it('names every customer in SQL as in TypeScript', () => {
    const { card } = study.learned!;
    const customers = study.moments.today!;
    const { score, chances } = scored(card, customers);
    const said = segmentsByScore(card, score);
    const place = new Map(ids.map((id, i) => [id, i]));
    expect(named.customer_id!.length).toBe(customers.all);
    const found = { segment: 0, score: 0, chance: 0 };
    named.customer_id!.forEach((id, row) => {
      const i = place.get(id)!;
      if (named.segment![row] !== segments[said[i]!]) found.segment++;
      found.score = Math.max(found.score, Math.abs(Number(named.expected_value![row]) - score[i]!));
      found.chance = Math.max(found.chance, Math.abs(Number(named.chance_high![row]) - chances[3 * i + 2]!));
    });
    expect(found.segment).toBe(0);
    expect(found.score).toBeLessThan(1e-9);
    expect(found.chance).toBeLessThan(1e-12);
  });

  it('finds the truth: value can be told beforehand, and learning is no better than the process by which the shop was made', () => {
    const { verdict, learned, rival } = study;
    const byId = Object.fromEntries(learned!.methods.map((method) => [method.id, method]));
    expect(byId.scorecard!.aucHigh!.low).toBeGreaterThan(0.7);
    expect(byId.scorecard!.kappa!.low).toBeGreaterThan(0.15);
    expect(byId['purchase-model']!.name).toBe('BG/NBD × Gamma-Gamma');
    expect(rival!.id).toBe('purchase-model');
    expect(['same', 'worse']).toContain(verdict);
    expect(byId.trees!.aucHigh!.value).toBeLessThan(byId['purchase-model']!.aucHigh!.value + 0.01);
    expect(learned!.card.tested.every(({ isIn }) => !isIn)).toBe(true);
  });

  it('says it in numbers that agree with each other', () => {
    const result = analysis.run(tables, {
      shop: testShop,
      ...today,
      seed: 1,
      params: analysis.params,
      format: formatter(testShop),
    }) as Result;
    const table = result.tables.find(({ id }) => id === 'segments')!;
    const sum = (key: string) => table.rows.reduce((total, row) => total + Number(row[key]), 0);
    expect(sum('taught')).toBeCloseTo(1, 12);
    expect(sum('came')).toBeCloseTo(1, 12);
    expect(sum('named')).toBe(study.learned!.judging.n);
    const heat = result.figures.find(({ id }) => id === 'segment-confusion')!.rows;
    expect(heat.reduce((total, row) => total + Number(row.customers), 0)).toBe(study.learned!.judging.n);
    const right = heat.find(({ came, said }) => came === 'High' && said === 'High')!;
    expect(table.rows[0]!.recall).toBeCloseTo(Number(right.share), 12);
    expect(JSON.stringify(result)).not.toMatch(/NaN|Infinity/);
  });
});
