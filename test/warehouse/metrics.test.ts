import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { metricDefinition, metricSql, metrics } from '#warehouse/metrics.ts';
import { corner, later, saoPaulo, utc } from './models/corner.ts';
import { addRaw, build, engineOf, rows } from './models/shop.ts';

/** Columns of kpi_weekly and kpi_monthly, with the metric that each must equal. */
const columns = {
  net_revenue: 'net_revenue',
  gross_amount: 'gross_revenue',
  refund_amount: 'refunds',
  margin: 'gross_margin',
  margin_share: 'margin_share',
  orders: 'orders',
  cancelled_orders: 'cancelled_orders',
  cancellation_rate: 'cancellation_rate',
  units: 'units',
  aov: 'aov',
  active_customers: 'active_customers',
  new_customers: 'new_customers',
  returning_customers: 'returning_customers',
  repeat_order_share: 'repeat_order_share',
  returned_units: 'returned_units',
  return_share: 'return_share',
  discount_share: 'discount_share',
  sessions: 'sessions',
  purchase_sessions: 'purchase_sessions',
  conversion: 'conversion',
  signups: 'signups',
};

test.each([
  ['week', utc],
  ['week', saoPaulo],
  ['week', later],
  ['month', utc],
  ['month', saoPaulo],
])('kpi_%sly equals the register, recomputed for each period: %o', async (period, moment) => {
  const engine = await engineOf();
  await addRaw(engine, corner);
  await build(engine, moment);
  const last = period === 'week' ? 'week + 6' : 'last_day(month)';
  const kpis = await rows(engine, `select *, cast(${last} as date) as last from kpi_${period}ly order by ${period}`);
  expect(kpis.length).toBeGreaterThan(1);
  for (const kpi of kpis) {
    for (const [column, id] of Object.entries(columns)) {
      const metric = metricDefinition(id)!;
      const [found] = await rows(
        engine,
        `select ${metricSql(metric, String(kpi[period]), String(kpi.last))} as value from ${metric.grain}`,
      );
      const value = found!.value === null ? null : Number(found!.value);
      const expected = kpi[column] === null ? null : Number(kpi[column]);
      expect([kpi[period], id, value === null ? null : value.toFixed(9)]).toEqual([
        kpi[period],
        id,
        expected === null ? null : expected.toFixed(9),
      ]);
    }
  }
});

test('every metric with SQL is a number or NULL over the rows of its model', async () => {
  const engine = await engineOf();
  await addRaw(engine, corner);
  await build(engine, utc);
  for (const metric of metrics.filter(({ sql }) => sql !== '')) {
    const [found] = await rows(engine, `select ${metricSql(metric, '2020-12-21', '2021-01-10')} as value from ${metric.grain}`);
    expect([metric.id, found!.value === null || typeof found!.value === 'number']).toEqual([metric.id, true]);
  }
});

test.each([
  ['return_rate', 1 / 3],
  ['delivery_days', 10 / 3],
  ['ship_days', 1],
  ['bounce_rate', 2 / 5],
  ['cart_rate', 3 / 5],
  ['cart_to_purchase', 1 / 3],
  ['repeat_rate', 1],
  ['stock_value', 16.5],
  ['stock_age_days', 30],
  ['acquisition_rate', 1],
  ['revenue_per_customer', 34],
  ['units_per_order', 6 / 5],
])('%s of the corner cases is %d', async (id, expected) => {
  const engine = await engineOf();
  await addRaw(engine, corner);
  await build(engine, utc);
  const metric = metricDefinition(id)!;
  const [found] = await rows(engine, `select ${metricSql(metric, '2020-12-21', '2021-01-10')} as value from ${metric.grain}`);
  expect(found!.value).toBeCloseTo(expected, 9);
});

test('what is defined in words alone is made by an analysis, whose queries and method define it', () => {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const code = globSync('analyses/**/*.ts', { cwd: root }).map((file) => readFileSync(join(root, file), 'utf8'));
  const wordsAlone = metrics.filter(({ sql }) => sql === '').map(({ id }) => id);
  expect(wordsAlone.filter((id) => !code.some((text) => text.includes(`'${id}'`)))).toEqual([]);
});

test('ids are unique, words end in a full stop, and a period must be made of days', () => {
  expect(new Set(metrics.map(({ id }) => id)).size).toBe(metrics.length);
  for (const { words } of metrics) expect(words).toMatch(/^[A-Z].*\.$/s);
  expect(metricDefinition('nothing')).toBeUndefined();
  expect(() => metricSql(metrics[0]!, "2020-12-21' or true", '2021-01-10')).toThrow('is not a day');
});
