import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoDefaults } from '#source/demo/demo.ts';
import { type Workshop, workshop } from './workshop.ts';

let shop: Workshop;
beforeAll(async () => {
  shop = await workshop();
});
afterAll(() => shop[Symbol.asyncDispose]());

const end = `timestamp '${demoDefaults.end}' + interval 1 day`;

/** Mean and its standard error of a query's one column. */
async function estimate(query: string): Promise<{ mean: number; error: number; n: number }> {
  const [row] = await shop.rows(`select avg(x), stddev_samp(x) / sqrt(count(*)), count(*) from (${query}) as s(x)`);
  const [mean, error, n] = (row ?? []).map(Number);
  return { mean: mean!, error: error!, n: n! };
}

/** Expected repeat purchases by time t (Fader, Hardie and Lee 2005, equation 9), by the hypergeometric series. */
function expectedRepeats({ r, alpha, a, b }: { r: number; alpha: number; a: number; b: number }, t: number): number {
  const z = t / (alpha + t);
  let term = 1;
  let sum = 1;
  for (let k = 0; k < 5000 && term > 1e-14 * sum; k++) {
    term *= (((r + k) * (b + k)) / ((a + b - 1 + k) * (k + 1))) * z;
    sum += term;
  }
  return ((a + b - 1) / (a - 1)) * (1 - (alpha / (alpha + t)) ** r * sum);
}

describe('purchases', () => {
  const buyers = (excluded: string) => `select count(*) - 1 as x, epoch(${end} - min(o.created_at)) / 604800 as t
    from orders as o join users as u on u.id = o.user_id where status <> 'Cancelled' and country <> '${excluded}' group by user_id`;

  it.each([
    { law: { r: 0.2426, alpha: 4.4136, a: 0.7929, b: 2.4259 }, t: 39, expected: 1.1950476815 },
    { law: { r: 0.32, alpha: 9, a: 0.8, b: 2.2 }, t: 150, expected: 2.1896320775 },
  ])('are expected by a formula that agrees with quadrature over dropout at $t weeks', ({ law, t, expected }) => {
    // Midpoint rule with two million points of (1 − (alpha / (alpha + p t))^r) / p over Beta(a, b).
    expect(expectedRepeats(law, t)).toBeCloseTo(expected, 8);
  });

  it('repeat as BG/NBD expects outside the fading region', async () => {
    const rows = (await shop.rows(buyers(shop.truth.events.fading_region.country))).map((row) => row.map(Number) as [number, number]);
    const gaps = rows.map(([x, t]) => x - expectedRepeats(shop.truth.purchases.bgnbd, t));
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    const error = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0)) / gaps.length;
    expect(rows.length).toBeGreaterThan(6000);
    expect(Math.abs(mean)).toBeLessThan(4 * error);
    expect(error).toBeLessThan(0.05);
  });

  it('leave as many one-time buyers as BG/NBD expects', async () => {
    const { r, alpha } = shop.truth.purchases.bgnbd;
    const gap = await estimate(
      `select (x = 0)::int - pow(${alpha} / (${alpha} + t), ${r}) from (${buyers(shop.truth.events.fading_region.country)})`,
    );
    expect(Math.abs(gap.mean)).toBeLessThan(4 * gap.error);
  });

  it('have Gamma-Gamma values', async () => {
    const { p, q, v, mean } = shop.truth.purchases.gamma_gamma;
    expect(mean).toBeCloseTo((p * v) / (q - 1), 12);
    const orders = `select user_id, sum(sale_price) as value, row_number() over (partition by user_id order by min(created_at), order_id) as number
      from order_items group by user_id, order_id`;
    const first = await estimate(`select value from (${orders}) where number = 1`);
    expect(Math.abs(first.mean - mean)).toBeLessThan(4 * first.error);
    const [row] =
      await shop.rows(`select covar_samp(a.value, b.value), var_samp(a.value) from (${orders}) as a join (${orders}) as b using (user_id)
      where a.number = 1 and b.number = 2`);
    const [between, all] = (row ?? []).map(Number) as [number, number];
    const variance = mean ** 2 / (q - 2);
    expect(between / variance).toBeGreaterThan(0.7);
    expect(between / variance).toBeLessThan(1.3);
    expect(all / (variance + (mean ** 2 + variance) / p)).toBeGreaterThan(0.75);
    expect(all / (variance + (mean ** 2 + variance) / p)).toBeLessThan(1.25);
  });

  it('follow the week', async () => {
    const counts = (await shop.rows('select isodow(created_at), count(*) from orders group by 1 order by 1')).map(([, n]) => Number(n));
    const weights = shop.truth.season.weekday;
    const scale = weights.reduce((a, b) => a + b) / counts.reduce((a, b) => a + b);
    weights.forEach((weight, i) => {
      const relative = (counts[i]! * scale) / weight;
      expect(Math.abs(relative - 1), `weekday ${i + 1}`).toBeLessThan(4 / Math.sqrt(counts[i]!));
    });
  });

  it('are cancelled in about one of twenty-five, and never made by about a quarter', async () => {
    const cancelled = await estimate("select (status = 'Cancelled')::int from orders");
    expect(cancelled.mean).toBeGreaterThan(0.033);
    expect(cancelled.mean).toBeLessThan(0.047);
    const never = await estimate("select (id not in (select user_id from orders where status <> 'Cancelled'))::int from users");
    expect(never.mean).toBeGreaterThan(0.22);
    expect(never.mean).toBeLessThan(0.29);
  });

  it('come from acquisition with a peak before Christmas and a dip in summer', async () => {
    const monthly = new Map(
      (
        await shop.rows(
          "select month(created_at), count(*) from users where created_at >= timestamp '2023-12-01' and created_at < timestamp '2025-12-01' group by 1",
        )
      ).map(([month, n]) => [Number(month), Number(n)]),
    );
    const [summer, winter] = [monthly.get(7)! + monthly.get(8)!, monthly.get(11)! + monthly.get(12)!];
    expect(winter / summer).toBeGreaterThan(1.35);
    expect(winter / summer).toBeLessThan(2.1);
  });

  it('end as work in progress', async () => {
    const open = await shop.rows(
      `select status, min(created_at) > ${end} - interval 60 day, count(*) from orders where status in ('Processing', 'Shipped') group by 1 order by 1`,
    );
    expect(open.map(([status, recent]) => [status, recent])).toEqual([
      ['Processing', 'true'],
      ['Shipped', 'true'],
    ]);
    for (const [, , n] of open) expect(Number(n)).toBeGreaterThan(20);
  });
});

describe('planted events', () => {
  it('a promotion: units of its category rise, at its discount', async () => {
    const { category, discount, first, last, demand_factor } = shop.truth.events.promotion;
    const inside = `i.created_at >= timestamp '${first}' and i.created_at < timestamp '${last}' + interval 1 day`;
    const before = `i.created_at < timestamp '${first}' and i.created_at >= timestamp '${first}' - interval 56 day`;
    const share = (period: string) =>
      estimate(`select (category = '${category}')::int from order_items as i join products as p on p.id = product_id where ${period}`);
    const price = (period: string) =>
      estimate(
        `select sale_price / retail_price from order_items as i join products as p on p.id = product_id where category = '${category}' and ${period}`,
      );
    const lift = (await share(inside)).mean / (await share(before)).mean;
    expect(lift).toBeGreaterThan(1.35);
    expect(lift).toBeLessThan(demand_factor * 1.1);
    const cut = (await price(inside)).mean / (await price(before)).mean;
    expect(Math.abs(cut - (1 - discount))).toBeLessThan(0.03);
  });

  it('an outage: orders and sessions fall by the planted share', async () => {
    const { first, last, lost } = shop.truth.events.outage;
    const near = (rows: string) =>
      shop.rows(`with daily as (select created_at::date as d, count(*) as n from (${rows}) group by 1)
        select sum(n) filter (d between date '${first}' and date '${last}'),
          2 * avg(n) filter (d not between date '${first}' and date '${last}' and isodow(d) in (isodow(date '${first}'), isodow(date '${last}'))
            and abs(date_diff('day', d, date '${first}')) < 36) from daily`);
    for (const rows of ['select created_at from orders', 'select min(created_at) as created_at from events group by session_id']) {
      const [n, usual] = ((await near(rows))[0] ?? []).map(Number) as [number, number];
      const expected = (1 - lost) * usual;
      expect(Math.abs(n - expected), rows).toBeLessThan(4 * Math.sqrt(expected));
      expect(n, rows).toBeLessThan(usual / 2);
    }
  });

  it('a faulty product: its returns jump, and it is a best seller of its category', async () => {
    const { product_id, category, launched, first, return_rate, usual_rate } = shop.truth.events.faulty_product;
    const returns = (period: string) =>
      estimate(
        `select (status = 'Returned')::int from order_items where product_id = ${product_id} and status in ('Complete', 'Returned') and ${period}`,
      );
    const after = await returns(`created_at >= timestamp '${first}' and created_at < ${end} - interval 45 day`);
    const before = await returns(`created_at < timestamp '${first}'`);
    expect(after.n).toBeGreaterThan(40);
    expect(Math.abs(after.mean - return_rate)).toBeLessThan(4 * after.error);
    expect(Math.abs(before.mean - usual_rate)).toBeLessThan(4 * before.error);
    expect(before.mean + 4 * before.error).toBeLessThan(after.mean - 2 * after.error);
    expect(
      await shop.number(
        `select product_id from order_items join products as p on p.id = product_id where category = '${category}' and created_at >= timestamp '${launched}' group by 1 order by count(*) desc, 1 limit 1`,
      ),
    ).toBe(product_id);
  });

  it('a region that fades: its share of orders falls week by week', async () => {
    const { country, first, lost_at_end } = shop.truth.events.fading_region;
    const [row] =
      await shop.rows(`with o as (select date_diff('day', timestamp '${first}', o.created_at) / 7.0 as w, user_id, (country = '${country}')::int as here
        from orders as o join users as u on u.id = o.user_id),
      per as (select count(*) filter (w between -26 and 0) as b, count(*) filter (w between 20 and 26) as l from o where here = 1 group by user_id)
      select avg(here) filter (w between -26 and 0), avg(here) filter (w between 20 and 26), regr_slope(here, w) filter (w between 0 and 26),
        (select sqrt(sum(b * b) / pow(sum(b), 2) + sum(l * l) / pow(sum(l), 2)) from per) from o`);
    // The relative error counts customers, not orders: a few of them order often.
    const [before, late, slope, error] = (row ?? []).map(Number) as [number, number, number, number];
    const expected = 1 - lost_at_end * (23 / 26);
    expect(Math.abs(late / before / expected - 1)).toBeLessThan(4 * error);
    expect(slope).toBeLessThan(0);
  });

  it('fall within the last half year, the promotion into the last complete week', () => {
    const { promotion, outage, faulty_product, fading_region } = shop.truth.events;
    expect(shop.truth.period.last_complete_week).toEqual({ first: '2026-11-09', last: '2026-11-15' });
    expect([promotion.first, promotion.last]).toEqual(['2026-11-02', '2026-11-15']);
    expect([outage.first, outage.last]).toEqual(['2026-09-15', '2026-09-16']);
    expect(faulty_product.first).toBe('2026-07-27');
    expect([fading_region.first, fading_region.last]).toEqual(['2026-05-18', '2026-11-15']);
  });
});

describe('habits', () => {
  it('sources convert as planted', async () => {
    const found = await shop.rows(`select traffic_source, count(*), avg(bought::int) from (
      select session_id, traffic_source, bool_or(event_type = 'purchase') as bought from events group by all) group by 1`);
    expect(found).toHaveLength(5);
    for (const [source, n, rate] of found) {
      const planted = shop.truth.traffic.conversion_by_source[String(source)]!;
      expect(Math.abs(Number(rate) - planted), String(source)).toBeLessThan(4.5 * Math.sqrt((planted * (1 - planted)) / Number(n)));
    }
    expect(shop.truth.traffic.conversion).toBeGreaterThan(0.08);
    expect(shop.truth.traffic.conversion).toBeLessThan(0.12);
  });

  it('anonymous sessions are as many as planted', async () => {
    const found = await estimate('select (min(user_id) is null)::int from events group by session_id');
    expect(Math.abs(found.mean - shop.truth.traffic.anonymous_share)).toBeLessThan(0.01);
  });

  it('customers buy by source of sign-up as planted', async () => {
    const found =
      await shop.rows(`select traffic_source, count(*), avg((id in (select user_id from orders where status <> 'Cancelled'))::int) from users
      where created_at < ${end} - interval 60 day group by 1`);
    for (const [source, n, rate] of found) {
      const planted = shop.truth.purchases.buyers_by_source[String(source)]!;
      expect(Math.abs(Number(rate) - planted), String(source)).toBeLessThan(0.01 + 4 * Math.sqrt((planted * (1 - planted)) / Number(n)));
    }
  });

  it('returns depend on the product as planted', async () => {
    const { product_id } = shop.truth.events.faulty_product;
    const found = await shop.rows(`select product_id, count(*), count(*) filter (status = 'Returned') from order_items
      where status in ('Complete', 'Returned') and created_at < ${end} - interval 60 day and product_id <> ${product_id} group by 1`);
    const expected = found.reduce((sum, [id, n]) => sum + Number(n) * shop.truth.returns.by_product[Number(id) - 1]!, 0);
    const returned = found.reduce((sum, row) => sum + Number(row[2]), 0);
    expect(Math.abs(returned - expected)).toBeLessThan(4 * Math.sqrt(expected));
  });

  it('shipping and transit depend on the distribution centre as planted', async () => {
    const found =
      await shop.rows(`select d.name, avg(epoch(shipped_at - i.created_at)) / 86400, avg(epoch(delivered_at - shipped_at)) / 86400
      from order_items as i join products as p on p.id = product_id join distribution_centers as d on d.id = p.distribution_center_id
        join users as u on u.id = i.user_id
      where country = 'United States' and i.created_at < ${end} - interval 60 day and i.status <> 'Cancelled' group by 1`);
    expect(found).toHaveLength(10);
    for (const [name, ship, transit] of found) {
      const { ship_days, transit_days } = shop.truth.delivery[String(name)]!;
      expect(Math.abs(Number(ship) / ship_days - 1), String(name)).toBeLessThan(0.12);
      expect(Math.abs(Number(transit) / transit_days - 1), String(name)).toBeLessThan(0.12);
    }
  });

  it('planted pairs are bought together, others hardly', async () => {
    const baskets = shop.counts.orders!;
    for (const { first, second } of shop.truth.pairs) {
      const [row] =
        await shop.rows(`with b as (select bool_or(product_id = ${first.product_id}) as a, bool_or(product_id = ${second.product_id}) as b from order_items group by order_id)
        select count(*) filter (a), count(*) filter (b), count(*) filter (a and b) from b`);
      const [a, b, both] = (row ?? []).map(Number) as [number, number, number];
      expect(both, first.name).toBeGreaterThan(12);
      expect((both * baskets) / (a * b), first.name).toBeGreaterThan(5);
    }
    const planted = shop.truth.pairs.flatMap(({ first, second }) => [first.product_id, second.product_id]).join(', ');
    const lift = await shop.number(`with i as (select distinct order_id, product_id from order_items where product_id not in (${planted})),
        n as (select product_id, count(*) as n from i group by 1)
      select (select count(*) from i as a join i as b using (order_id) where a.product_id < b.product_id) * ${baskets}::double
        / (select sum(a.n * b.n) from n as a join n as b on a.product_id < b.product_id)`);
    expect(lift).toBeGreaterThan(0.4);
    expect(lift).toBeLessThan(1.6);
  });

  it('customers of one taste favour its brands', async () => {
    const own = shop.truth.tastes.map(({ brands }, i) => brands.map((brand) => `when '${brand}' then ${i}`).join(' ')).join(' ');
    const again =
      await estimate(`with g as (select user_id, order_id, case brand ${own} end as taste from order_items join products as p on p.id = product_id)
      select (a.taste = b.taste)::int from g as a join g as b on a.user_id = b.user_id and a.order_id < b.order_id`);
    const chance =
      await shop.number(`with g as (select case brand ${own} end as taste from order_items join products as p on p.id = product_id),
      s as (select count(*) / sum(count(*)) over () as share from g group by taste) select sum(share * share) from s`);
    expect(again.mean / chance).toBeGreaterThan(1.3);
  });

  it('some categories hold old stock', async () => {
    const found = new Map(
      (
        await shop.rows(
          `select p.category, avg(epoch(${end} - i.created_at)) / 86400 from inventory_items as i join products as p on p.id = i.product_id where i.sold_at is null group by 1`,
        )
      ).map(([name, age]) => [String(name), Number(age)]),
    );
    for (const [name, days] of Object.entries(shop.truth.stock_days))
      expect(Math.abs(found.get(name)! / (days + 1) - 1), name).toBeLessThan(0.35);
    expect(found.get('Outerwear & Coats')!).toBeGreaterThan(180);
  });

  it('an order is worth 60 to 90 dollars at plausible discounts', async () => {
    const value = await estimate('select sum(sale_price) from order_items group by order_id');
    expect(value.mean).toBeGreaterThan(60);
    expect(value.mean).toBeLessThan(90);
    const [row] = await shop.rows(
      'select quantile_cont(sale_price / retail_price, [0.01, 0.5])::varchar from order_items join products as p on p.id = product_id',
    );
    const [low, middle] = JSON.parse(String(row?.[0])) as [number, number];
    expect(low).toBeGreaterThan(0.6);
    expect(middle).toBeGreaterThan(0.9);
  });
});
