import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { testModels } from '#warehouse/quality.ts';
import { scratch } from '../models.ts';
import { corner, later, saoPaulo, utc } from './corner.ts';
import { addRaw, build, engineOf, type Moment, type Raw, rawTables, values } from './shop.ts';

const thelook = new URL('../../../../shared/data/thelook/', import.meta.url);
const absent = existsSync(thelook) ? '' : ', for ../shared/data/thelook is absent';

const march: Moment = { wall: '2021-04-01 00:00:00', asOf: '2021-03-31', week: '2021-03-22', timezone: 'UTC' };

/** Each order as its customer, its day, and its items: a price, and the day on which it came back; '×' is a cancelled order. */
function shopOf(...placed: [customer: number, day: string, ...items: [price: number, returned?: string][]][]): Raw {
  const at = (day: string | undefined) => (day && day !== '×' ? `${day} 12:00:00` : null);
  const status = (returned: string | undefined) => (returned === '×' ? 'Cancelled' : returned ? 'Returned' : 'Complete');
  const users = [...new Set(placed.map(([customer]) => customer)), 9];
  return {
    users: users.map((id) => [id, '2020-12-01 08:00:00', 'Spain', 'Madrid', 'Madrid', 40.4, -3.7, 'F', 30, 'Search']),
    products: [[1, 'Shirt', 'Acme', 'Tops', 'Men', 20, 8, 1]],
    orders: placed.map(([customer, day, ...items], i) => {
      const [, last] = items.at(-1)!;
      return [i, customer, status(last), at(day), at(day), at(day), at(last)];
    }),
    order_items: placed.flatMap(([, day, ...items], i) =>
      items.map(([price, returned], j) => [10 * i + j, i, 1, status(returned), price, at(day), at(day), at(returned)]),
    ),
  };
}

const shop = shopOf(
  // A first order that is cancelled; two orders of one day.
  [1, '2020-12-31', [99, '×']],
  [1, '2021-01-05', [50]],
  [2, '2021-01-01', [10]],
  [2, '2021-01-01', [5]],
  [2, '2021-01-31', [30]],
  [2, '2021-03-10', [7]],
  // Entirely returned: after the cut-off of 2 March; before it; the only order.
  [3, '2021-02-01', [40, '2021-03-15']],
  [3, '2021-03-20', [8]],
  [10, '2021-01-15', [25, '2021-02-01']],
  [10, '2021-01-20', [12]],
  [10, '2021-01-25', [14]],
  [4, '2021-02-01', [40, '2021-02-20']],
  // On the day of the cut-off; on the as-of day.
  [5, '2021-03-02', [9]],
  [6, '2021-03-31', [6]],
  // Returned in part, before and after the cut-off, and then entirely.
  [7, '2021-02-10', [20, '2021-02-25'], [10]],
  [7, '2021-03-05', [11, '2021-03-08'], [4]],
  [7, '2021-03-06', [5, '2021-03-25']],
  [8, '2021-02-02', [3, '×']],
);

const shopAt = async (raw: Raw, moment: Moment) => {
  const engine = await engineOf();
  await addRaw(engine, raw);
  const models = await build(engine, moment);
  return { engine, models };
};

const baseColumns = 'customer_id, first_order_date, last_order_date, x, t_x_days, t_days, first_value, repeat_value, total_value, m';
const base = `select ${baseColumns} from customer_value_base order by customer_id::bigint`;

test.each<[string, Moment, unknown[][]]>([
  [
    'an order that comes back after the wall counts',
    utc,
    [
      ['1', '2020-12-23', '2021-01-04', 1, 12, 18, 20, 10, 30, 10],
      ['2', '2020-12-31', '2021-01-01', 1, 1, 10, 18, 20, 38, 20],
    ],
  ],
  [
    'days are the shop’s: three orders of one evening, one on the as-of day',
    saoPaulo,
    [
      ['1', '2020-12-23', '2021-01-10', 2, 18, 18, 20, 30, 50, 15],
      ['2', '2020-12-31', '2020-12-31', 0, 0, 10, 38, 0, 38, null],
    ],
  ],
  [
    'the order has come back',
    later,
    [
      ['1', '2020-12-23', '2021-01-11', 1, 19, 53, 20, 20, 40, 20],
      ['2', '2020-12-31', '2021-01-01', 1, 1, 45, 18, 20, 38, 20],
    ],
  ],
])('histories of the corner cases: %s', async (_, moment, expected) => {
  const { engine } = await shopAt(corner, moment);
  expect(await values(engine, base)).toEqual(expected);
});

test('histories: cancelled and returned orders, one day of two orders, a single buyer, T = 0', async () => {
  const { engine } = await shopAt(shop, march);
  expect(await values(engine, base)).toEqual([
    ['1', '2021-01-05', '2021-01-05', 0, 0, 85, 50, 0, 50, null],
    ['2', '2021-01-01', '2021-03-10', 2, 68, 89, 15, 37, 52, 18.5],
    ['3', '2021-03-20', '2021-03-20', 0, 0, 11, 8, 0, 8, null],
    ['5', '2021-03-02', '2021-03-02', 0, 0, 29, 9, 0, 9, null],
    ['6', '2021-03-31', '2021-03-31', 0, 0, 0, 6, 0, 6, null],
    ['7', '2021-02-10', '2021-03-05', 1, 23, 49, 10, 4, 14, 4],
    ['10', '2021-01-20', '2021-01-25', 1, 5, 70, 12, 14, 26, 14],
  ]);
  expect(await values(engine, "select order_date, orders, net_amount from purchase_days where customer_id = '2' order by 1")).toEqual([
    ['2021-01-01', 2, 15],
    ['2021-01-31', 1, 30],
    ['2021-03-10', 1, 7],
  ]);
});

test('equal histories are one row, with the sums of their customers', async () => {
  const twins = shopOf(
    [1, '2021-03-01', [10]],
    [1, '2021-03-11', [4]],
    [2, '2021-03-01', [20]],
    [2, '2021-03-11', [5.5]],
    [2, '2021-03-11', [0.25]],
    [3, '2021-03-01', [30]],
    [4, '2021-03-01', [1]],
    [5, '2021-03-01', [2]],
    [5, '2021-03-12', [3]],
  );
  const { engine } = await shopAt(twins, march);
  expect(await values(engine, 'select * from customer_value_summary order by x, t_x_days, t_days')).toEqual([
    [0, 0, 30, 2, 0, 31],
    [1, 10, 30, 2, 9.75, 39.75],
    [1, 11, 30, 1, 3, 5],
  ]);
});

const holdout = `select customer_id, first_order_date, last_order_date_cal, x_cal, t_x_cal_days, t_cal_days, repeat_value_cal, total_value_cal, m_cal,
  x_holdout, value_holdout from customer_value_holdout order by customer_id::bigint`;
const cutoff = 'select distinct history_days, holdout_days, cutoff_date from customer_value_holdout';

test('holdout: a return after the cut-off is not known at it', async () => {
  const { engine } = await shopAt(shop, march);
  expect(await values(engine, cutoff)).toEqual([[89, 29, '2021-03-02']]);
  expect(await values(engine, holdout)).toEqual([
    ['1', '2021-01-05', '2021-01-05', 0, 0, 56, 0, 50, null, 0, 0],
    ['2', '2021-01-01', '2021-01-31', 1, 30, 60, 30, 45, 30, 1, 7],
    ['3', '2021-02-01', '2021-02-01', 0, 0, 29, 0, 40, null, 1, 8],
    ['5', '2021-03-02', '2021-03-02', 0, 0, 0, 0, 9, null, 0, 0],
    ['7', '2021-02-10', '2021-02-10', 0, 0, 20, 0, 10, null, 1, 4],
    ['10', '2021-01-20', '2021-01-25', 1, 5, 41, 14, 26, 14, 0, 0],
  ]);
  const { engine: corners } = await shopAt(corner, utc);
  expect(await values(corners, cutoff)).toEqual([[18, 6, '2021-01-04']]);
  expect(await values(corners, holdout)).toEqual([
    ['1', '2020-12-23', '2021-01-04', 1, 12, 12, 10, 40, 10, 0, 0],
    ['2', '2020-12-31', '2021-01-01', 1, 1, 4, 20, 38, 20, 0, 0],
  ]);
});

test.each([
  ['a third of the history', '2021-01-04', [[3, 1, '2021-01-03']]],
  ['no more than 26 weeks', '2022-12-31', [[729, 182, '2022-07-02']]],
  ['none within the first three days', '2021-01-03', []],
])('length of the holdout: %s', async (_, asOf, expected) => {
  const { engine } = await shopAt(shop, { ...march, asOf, wall: `${dayAfter(asOf)} 00:00:00` });
  expect(await values(engine, cutoff)).toEqual(expected);
});

const calibration = `select customer_id, first_order_date, last_order_date_cal, x_cal, t_x_cal_days, t_cal_days, total_value_cal - repeat_value_cal,
  repeat_value_cal, total_value_cal, m_cal from customer_value_holdout order by customer_id::bigint`;

describe('the calibration equals the histories of a run at the cut-off', () => {
  const agree = async (engine: Awaited<ReturnType<typeof engineOf>>, moment: Moment) => {
    await build(engine, moment);
    const calibrated = await values(engine, calibration);
    expect(calibrated.length).toBeGreaterThan(0);
    const [[, , asOf] = []] = await values(engine, cutoff);
    await build(engine, { ...moment, asOf: String(asOf), wall: `${dayAfter(String(asOf))}${moment.wall.slice(10)}` });
    expect(await values(engine, base)).toEqual(calibrated);
  };

  test.each<[string, Raw, Moment]>([
    ['own cases', shop, march],
    ['corner cases', corner, utc],
    ['corner cases, later', corner, later],
    ['corner cases, elsewhere', corner, saoPaulo],
  ])('%s', async (_, raw, moment) => {
    const engine = await engineOf();
    await addRaw(engine, raw);
    await agree(engine, moment);
  });

  test.skipIf(absent)(`every fortieth customer of theLook${absent}`, async () => {
    const engine = await engineOf();
    for (const name of rawTables) {
      const who = { users: 'id % 40 = 0', orders: 'user_id % 40 = 0', order_items: 'user_id % 40 = 0', products: 'true' }[name] ?? 'false';
      await engine.run(`create table raw_${name} as select * from '${thelook.pathname}${name}.parquet' where ${who}`);
    }
    await agree(engine, { wall: '2026-09-01 00:00:00', asOf: '2026-08-31', week: '2026-08-24', timezone: 'UTC' });
  });
});

const scores = 'select customer_id, recency_days, frequency, monetary, r_score, f_score, m_score from rfm order by customer_id::bigint';

test('rfm: a score is 1 and the whole fifths of buyers that are worse, so that equals score alike', async () => {
  const { engine } = await shopAt(shop, march);
  expect(await values(engine, scores)).toEqual([
    ['1', 85, 1, 50, 1, 1, 4],
    ['2', 21, 3, 52, 3, 5, 5],
    ['3', 11, 1, 8, 4, 1, 1],
    ['5', 29, 1, 9, 2, 1, 2],
    ['6', 0, 1, 6, 5, 1, 1],
    ['7', 26, 2, 14, 3, 3, 3],
    ['10', 65, 2, 26, 1, 3, 3],
  ]);
});

test('rfm: ties', async () => {
  const { engine: alike } = await shopAt(
    shopOf(...[1, 2, 3, 4, 5].map((id) => [id, '2021-03-01', [10]] as [number, string, [number]])),
    march,
  );
  expect(await values(alike, scores)).toEqual([1, 2, 3, 4, 5].map((id) => [String(id), 30, 1, 10, 1, 1, 1]));
  const { engine: apart } = await shopAt(
    shopOf(
      ...[1, 2, 3, 4, 5].map((id) => [id, `2021-03-0${id}`, [10 * id]] as [number, string, [number]]),
      ...[3, 4].map((id) => [id, '2021-02-01', [1]] as [number, string, [number]]),
    ),
    march,
  );
  expect(await values(apart, scores)).toEqual([
    ['1', 30, 1, 10, 1, 1, 1],
    ['2', 29, 1, 20, 2, 1, 2],
    ['3', 28, 2, 31, 3, 4, 3],
    ['4', 27, 2, 41, 4, 4, 4],
    ['5', 26, 1, 50, 5, 1, 5],
  ]);
  const { engine: single } = await shopAt(shopOf([1, '2021-03-31', [10]]), march);
  expect(await values(single, scores)).toEqual([['1', 0, 1, 10, 1, 1, 1]]);
});

test('orders of nobody are left out', async () => {
  const orders = shop.orders!.map((row) => (row[1] === 6 ? row.with(1, null) : row));
  const { engine, models } = await shopAt({ ...shop, orders }, march);
  expect(await values(engine, 'select count(*), sum(total_value) from customer_value_base')).toEqual([[6, 159]]);
  const keys = Object.fromEntries(models.map(({ name }) => [name, name.padEnd(16)]));
  const { results } = await testModels({ engine, models, keys, folder: scratch(), ...march });
  const own = results.filter(({ model }) => /^(customer_value_|purchase_days|rfm)/.test(model));
  expect(own.length).toBeGreaterThan(20);
  expect(own.filter(({ passed }) => !passed)).toEqual([]);
});

function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}
