import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Engine } from '#warehouse/engine.ts';
import { corner } from './corner.ts';
import { addRaw, build, engineOf, type Moment, rawTables } from './shop.ts';

const thelook = new URL('../../../../shared/data/thelook/', import.meta.url);
const absent = existsSync(thelook) ? '' : ', for ../shared/data/thelook is absent';

/** Raw tables as they would have been just before the wall: what came later is deleted, times are taken back, and statuses with them. */
async function truncate(engine: Engine, wall: string): Promise<void> {
  const at = `timestamp '${wall}'`;
  const steps = ['users', 'events', 'inventory_items'].map((name) => `delete from raw_${name} where created_at >= ${at}`);
  steps.push(
    `delete from raw_order_items where order_id in (select order_id from raw_orders where created_at >= ${at})`,
    `delete from raw_orders where created_at >= ${at}`,
    `update raw_inventory_items set sold_at = null where sold_at >= ${at}`,
  );
  for (const table of ['raw_orders', 'raw_order_items']) {
    steps.push(
      `update ${table} set status = 'Complete', returned_at = null where returned_at >= ${at}`,
      `update ${table} set status = 'Shipped', delivered_at = null where delivered_at >= ${at}`,
      `update ${table} set status = 'Processing', shipped_at = null where shipped_at >= ${at}`,
    );
  }
  for (const step of steps) await engine.run(step, step);
}

/** Number of rows and a hash of the content of each model, except what counts the rows after the wall. */
async function contents(engine: Engine, moment: Moment): Promise<Record<string, unknown>> {
  const models = await build(engine, moment);
  const found: Record<string, unknown> = {};
  for (const { name } of models) {
    const from = /exclusions/.test(name) ? `(select * from ${name} where not past_wall)` : name;
    const columns = await engine.columns(
      `select count(*) as n, coalesce(sum(hash(t)::decimal(38, 0)), 0)::varchar as content from ${from} as t`,
    );
    found[name] = [columns.n![0], columns.content![0]];
  }
  return found;
}

async function expectWall(engine: Engine, moment: Moment): Promise<void> {
  const full = await contents(engine, moment);
  await truncate(engine, moment.wall);
  expect(await contents(engine, moment)).toEqual(full);
}

describe('marts of the full data equal those of the data as they were then', () => {
  const moments: Moment[] = [
    { wall: '2020-12-21 00:00:00', asOf: '2020-12-20', week: '2020-12-14', timezone: 'UTC' },
    { wall: '2020-12-24 00:00:00', asOf: '2020-12-23', week: '2020-12-14', timezone: 'UTC' },
    { wall: '2020-12-27 09:00:00', asOf: '2020-12-26', week: '2020-12-14', timezone: 'Asia/Tokyo' },
    { wall: '2021-01-01 03:00:00', asOf: '2020-12-31', week: '2020-12-21', timezone: 'America/Sao_Paulo' },
    { wall: '2021-01-05 00:00:00', asOf: '2021-01-04', week: '2020-12-28', timezone: 'UTC' },
    { wall: '2021-01-11 00:00:00', asOf: '2021-01-10', week: '2021-01-04', timezone: 'UTC' },
    { wall: '2021-01-11 03:00:00', asOf: '2021-01-10', week: '2021-01-04', timezone: 'America/Sao_Paulo' },
    { wall: '2021-01-12 08:00:00', asOf: '2021-01-11', week: '2021-01-04', timezone: 'America/Los_Angeles' },
  ];
  test.each(moments)('corner cases as of $asOf in $timezone', async (moment) => {
    const engine = await engineOf();
    await addRaw(engine, corner);
    await expectWall(engine, moment);
  });

  test.skipIf(absent)(`every fortieth customer of theLook${absent}`, async () => {
    const engine = await engineOf();
    for (const name of rawTables) {
      const who = {
        users: 'id % 40 = 0',
        orders: 'user_id % 40 = 0',
        order_items: 'user_id % 40 = 0',
        events: 'coalesce(user_id, id) % 40 = 0',
        inventory_items: 'id % 40 = 0',
      }[name];
      await engine.run(`create table raw_${name} as select * from '${thelook.pathname}${name}.parquet' where ${who ?? 'true'}`);
    }
    await expectWall(engine, { wall: '2026-06-15 04:00:00', asOf: '2026-06-14', week: '2026-06-08', timezone: 'America/New_York' });
  });
});
