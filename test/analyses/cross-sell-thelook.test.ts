import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Result } from '#contract/analysis.ts';
import { openDuckDB } from '#warehouse/duckdb.ts';
import analysis from '../../analyses/cross-sell/analysis.ts';
import { values } from '../warehouse/models/shop.ts';
import { addParquet, runOn } from './baskets-shop.ts';

const thelook = fileURLToPath(new URL('../../../shared/data/thelook', import.meta.url));
const absent = existsSync(thelook) ? '' : ' (skipped: ../shared/data/thelook is absent)';
const finding = (result: Result, id: string) => result.findings.find((one) => one.id === id);
const metric = (result: Result, id: string) => result.metrics.find((one) => one.id === id)!.value;

describe.skipIf(absent)(`theLook${absent}`, () => {
  let result: Result;
  let open: unknown[][];
  beforeAll(async () => {
    const engine = await openDuckDB({ threads: 2 });
    await addParquet(engine, thelook);
    result = await runOn(engine, analysis, { wall: '2026-08-22 00:00:00', asOf: '2026-08-21', week: '2026-08-10', timezone: 'UTC' });
    // The same pairs from the raw rows: viewed by a known customer in 180 days, in no order of theirs that was not cancelled.
    open = await values(
      engine,
      `select count(*) from (
        select user_id, regexp_extract(uri, '/product/([0-9]+)', 1)::bigint as product_id, max(created_at) as seen from raw_events
        where event_type = 'product' and user_id is not null and created_at < timestamp '2026-08-22' group by all
      ) as v where seen >= timestamp '2026-08-22' - interval 180 day and not exists (
        select 1 from raw_order_items as i join raw_orders as o on o.order_id = i.order_id
        where i.user_id = v.user_id and i.product_id = v.product_id and i.status <> 'Cancelled' and o.created_at < timestamp '2026-08-22')`,
    );
    engine.close();
  });

  it('holds cancelled orders, and nobody to remind', () => {
    expect(metric(result, 'viewed_not_bought')).toBe(Number(open[0]![0]));
    expect(result.headline).toContain('cancelled orders');
    expect(finding(result, 'worth')).toMatchObject({ stake: null });
  });
});
