import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Result } from '#contract/analysis.ts';
import { analyse, planAnalysis } from '#run/analyse.ts';
import { filesSource } from '#source/files.ts';
import { takeSnapshot } from '#source/snapshot.ts';
import { thelook } from '#source/thelook.ts';
import { openDuckDB } from '#warehouse/duckdb.ts';
import { materialize } from '#warehouse/materialize.ts';
import { loadModels } from '#warehouse/model.ts';
import analysis from '../../analyses/customer-base/analysis.ts';
import { shop } from './sales-fixture.ts';

const data = resolve(import.meta.dirname, '../../../shared/data/thelook');
const reason = existsSync(data) ? '' : ' (skipped: ../shared/data/thelook is not there)';
const moment = { wall: '2026-08-17 00:00:00', asOf: '2026-08-16', week: '2026-08-10', timezone: 'UTC' };

describe.skipIf(reason)(`customer base of theLook${reason}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'lookbook-customers-'));
  let result: Result;
  let own: Record<string, unknown[]>;

  beforeAll(async () => {
    const snapshot = await takeSnapshot(filesSource({ data, format: thelook }), folder, () => {});
    const engine = await openDuckDB();
    const at = { ...shop, id: 'thelook', capabilities: snapshot.capabilities };
    const plan = planAnalysis({ analysis, folder: resolve('analyses/customer-base') }, { shop: at, moment, overrides: {} });
    const raw = Object.entries(snapshot.tables).map(([name, { file }]) => [name, { path: file, fingerprint: name }] as const);
    await materialize({
      ...moment,
      engine,
      folder: join(folder, 'models'),
      models: await loadModels('thelook'),
      need: plan.inputs.flatMap(({ source }) => ('models' in source ? source.models : [])),
      snapshot: Object.fromEntries(raw),
    });
    ({ result } = await analyse(plan, ({ source }) => engine.table('sql' in source ? source.sql : ''), { shop: at, ...moment, seed: 1 }));
    own = await engine.columns(`
      with sales as (
        select user_id, created_at::date as day, row_number() over (partition by user_id order by created_at, order_id) as place
        from '${data}/orders.parquet'
        where status <> 'Cancelled' and created_at < timestamp '${moment.wall}'
      ),
      firsts as (
        select a.day, b.day - a.day <= 90 as is_repeat
        from sales as a left join sales as b on b.user_id = a.user_id and b.place = 2
        where a.place = 1
      ),
      spent as (
        select o.user_id, sum(case when i.returned_at < timestamp '${moment.wall}' then 0 else round(i.sale_price, 2) end) as net
        from '${data}/orders.parquet' as o join '${data}/order_items.parquet' as i using (order_id)
        where o.status <> 'Cancelled' and o.created_at::date between date '2025-08-18' and date '2026-08-16'
        group by o.user_id
      ),
      ranked as (select net, row_number() over (order by net desc, user_id) as place, count(*) over () as n from spent)
      select
        (select count(*) from '${data}/users.parquet' where created_at < timestamp '${moment.wall}') as customers,
        (select count(distinct user_id) from sales) as buyers,
        (select count(*) from firsts where day between date '2025-05-01' and date '2026-04-30') as firsts,
        (select count(*) from firsts where day between date '2025-05-01' and date '2026-04-30' and is_repeat) as repeats,
        (select count(*) from spent) as spenders,
        (select sum(net) filter (place <= n / 10) / sum(net) from ranked) as tenth,
        (select count(*) from '${data}/users.parquet' where created_at >= timestamp '2026-08-10' and created_at < timestamp '${moment.wall}') as burst`);
    engine.close();
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('equals what plain SQL on the raw files says', () => {
    const metric = (id: string) => result.metrics.find((m) => m.id === id)!;
    expect(metric('customers').value).toBe(Number(own.customers![0]));
    expect(metric('buyers').value).toBe(Number(own.buyers![0]));
    expect(metric('repeat_rate_90d')).toMatchObject({ n: Number(own.firsts![0]), value: Number(own.repeats![0]) / Number(own.firsts![0]) });
    expect(metric('top_tenth_share_52w').n).toBe(Number(own.spenders![0]));
    expect(metric('top_tenth_share_52w').value).toBeCloseTo(Number(own.tenth![0]), 3);
  });

  it('names the burst of sign-ups, and doubts the rise of second orders', () => {
    const burst = result.findings.find(({ id }) => id === 'signup-burst')!;
    expect(burst).toMatchObject({ direction: 'neutral', evidence: { n: Number(own.burst![0]) } });
    expect(result.findings.find(({ id }) => id === 'repeat-rate')).toMatchObject({ direction: 'neutral', evidence: { level: 'low' } });
  });

  it('is a negative control for acquisition sources', () => {
    const kinds = Object.fromEntries(result.findings.map(({ id, kind }) => [id, kind]));
    expect(kinds).toMatchObject({ 'sources-first': 'nothing', 'sources-repeat': 'nothing', 'sources-early': 'nothing' });
  });
});
