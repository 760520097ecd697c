import { existsSync } from 'node:fs';
import { type ColumnTable, from } from 'arquero';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Context, Result } from '#contract/analysis.ts';
import { formatter } from '#contract/format.ts';
import type { Row } from '#contract/row.ts';
import { type Capability, capabilities } from '#contract/shop.ts';
import analysis from '../../analyses/product-performance/analysis.ts';
import { exactAbove, exactBelow } from '../../analyses/product-performance/exact.ts';
import type { CategoryWeek, Product } from '../../analyses/product-performance/input.ts';
import { nameOf } from '../../analyses/product-performance/product.ts';
import { returnBlocks, returnsOf } from '../../analyses/product-performance/returned.ts';
import { spreadOf } from '../../analyses/product-performance/spread.ts';
import { addWeeks } from '../../analyses/shared/day.ts';

const week = '2026-11-09';
const asOf = '2026-11-15';

function context(has: readonly Capability[] = capabilities): Context {
  const shop = { id: 'shop', name: 'Shop', currency: 'EUR', timezone: 'UTC', locale: 'en-GB', capabilities: [...has] };
  return { shop, asOf, week, seed: 1, params: {}, format: formatter(shop) };
}

function product(id: string, over: Partial<Product> = {}): Product {
  return {
    product_id: id,
    name: `Thing ${id}`,
    brand: 'Brand',
    category: 'Jeans',
    department: 'Women',
    units: 200,
    gross_amount: 8000,
    net_revenue: 7500,
    profit: 3000,
    view_sessions: 10,
    purchase_sessions: 2,
    units_delivered: 100,
    units_returned: 8,
    delivered_13w: 50,
    returned_13w: 4,
    gross_13w: 2400,
    first_sale_date: '2023-01-10',
    units_13w: 60,
    units_prior_13w: 60,
    net_revenue_13w: 2300,
    net_revenue_prior_13w: 2200,
    ...over,
  };
}

interface World {
  weeks: number;
  categories: Record<string, { units: number; price: number; off?: number }>;
  products: Product[];
  /** Changes rows of a category's week, counted back from the last: 0 is the week reported. */
  bend?: (row: CategoryWeek, back: number) => CategoryWeek;
}

/** Tables of a shop whose categories sell evenly, with a small wave so that ranges have a width. */
function world({ weeks, categories, products, bend = (row) => row }: World): Record<string, ColumnTable> {
  const rows = Object.entries(categories).flatMap(([category, { units, price, off = 0.05 }], c) =>
    Array.from({ length: weeks }, (_, i) => {
      const back = weeks - 1 - i;
      const sold = units + ((i * 7 + c * 3) % 5) - 2;
      const list = sold * price;
      const gross = list * (1 - off - ((i * 3 + c) % 4) * 0.002);
      return bend(
        {
          week: addWeeks(week, -back),
          category,
          orders: sold,
          units: sold,
          gross_amount: gross,
          refund_amount: 0,
          net_revenue: gross,
          net_cost: gross / 2,
          list_amount: list,
        },
        back,
      );
    }),
  );
  const total = (list: CategoryWeek[], pick: (row: CategoryWeek) => number) => list.reduce((sum, row) => sum + pick(row), 0);
  const shop = [...Map.groupBy(rows, (row) => row.week)].map(([monday, list]) => ({
    week: monday,
    is_complete: true,
    orders: total(list, (row) => row.orders),
    units: total(list, (row) => row.units),
    gross_amount: total(list, (row) => row.gross_amount),
    refund_amount: total(list, (row) => row.refund_amount),
    net_revenue: total(list, (row) => row.net_revenue),
    margin: total(list, (row) => row.net_revenue - (row.net_cost ?? 0)),
  }));
  const sum = (list: Product[], pick: (p: Product) => number) => list.reduce((all, p) => all + pick(p), 0);
  const byCategory = [...Map.groupBy(products, (p) => p.category)];
  return Object.fromEntries(
    Object.entries({
      weeks: shop,
      categories: rows,
      brands: [{ brand: 'Brand', orders_now: 40, orders_prior: 38, orders_year: 41, units_now: 50, net_now: 900, net_prior: 850 }],
      products,
      catalogue: [
        {
          products: products.length,
          products_sold: products.length,
          products_ever: products.length,
          units: 100,
          squares: 595,
          view_sessions: sum(products, (p) => p.view_sessions),
          purchase_sessions: sum(products, (p) => p.purchase_sessions),
          stock_units: 10,
          stock_cost: 500,
          stock_age_days: 40,
        },
      ],
      delivered: byCategory.map(([category, list]) => ({
        category,
        delivered: sum(list, (p) => p.units_delivered),
        returned: sum(list, (p) => p.units_returned),
        delivered_13w: sum(list, (p) => p.delivered_13w),
        returned_13w: sum(list, (p) => p.returned_13w),
      })),
      views: byCategory.map(([category, list]) => ({
        category,
        view_sessions: sum(list, (p) => p.view_sessions),
        purchase_sessions: sum(list, (p) => p.purchase_sessions),
      })),
      returns: [],
      pareto: [
        { step: 1, products: 2, gross_amount: 80, leading: 2 },
        { step: 2, products: 6, gross_amount: 20, leading: 0 },
      ],
      stock: [
        { category: 'Jeans', age_band: '0–30', age_from: 0, stock_units: 6, stock_cost: 300 },
        { category: 'Jeans', age_band: '181–365', age_from: 181, stock_units: 4, stock_cost: 200 },
      ],
    }).map(([name, list]) => [name, from(list as object[])]),
  );
}

const even = { Jeans: { units: 60, price: 50 }, Socks: { units: 80, price: 8 }, Coats: { units: 40, price: 120 } };
const found = (result: Result, id: string) => result.findings.find((finding) => finding.id === id);
const table = (result: Result, id: string) => result.tables.find((one) => one.id === id)!;
const texts = (result: Result) => JSON.stringify(result);

describe('exactAbove', () => {
  it.each([
    // Fisher's tea: 3 of 4 against 1 of 4: (16 + 1) / 70.
    [3, 4, 1, 4, 17 / 70],
    [4, 4, 0, 4, 1 / 70],
    [0, 4, 4, 4, 1],
    // One of 252 ways to choose 5 of 10.
    [5, 5, 0, 5, 1 / 252],
  ])('%i of %i against %i of %i', (a, n, b, m, p) => {
    expect(exactAbove({ successes: a, n }, { successes: b, n: m })).toBeCloseTo(p, 10);
  });

  it('has tails that cover everything once, and the observed value twice', () => {
    const count = fc.integer({ min: 1, max: 40 });
    fc.assert(
      fc.property(count, count, fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), (n, m, a, b) => {
        const own = { successes: Math.round(a * n), n };
        const rest = { successes: Math.round(b * m), n: m };
        const [above, below] = [exactAbove(own, rest), exactBelow(own, rest)];
        expect(above + below).toBeGreaterThanOrEqual(1 - 1e-9);
        expect(Math.max(above, below)).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('returnsOf', () => {
  const plain = Array.from({ length: 12 }, (_, i) => product(`p${i}`, { delivered_13w: 50, returned_13w: 3 + (i % 3) }));
  const whole = (list: Product[]) => [
    {
      category: 'Jeans',
      delivered: list.reduce((sum, p) => sum + p.units_delivered, 0),
      returned: list.reduce((sum, p) => sum + p.units_returned, 0),
      delivered_13w: list.reduce((sum, p) => sum + p.delivered_13w, 0),
      returned_13w: list.reduce((sum, p) => sum + p.returned_13w, 0),
    },
  ];

  it('calls a product whose recent deliveries come back, though its whole history is mild', () => {
    const faulty = product('bad', { delivered_13w: 60, returned_13w: 27, units_delivered: 400, units_returned: 50 });
    const list = [...plain, faulty];
    const { called, products } = returnsOf(list, whole(list));
    expect(called.map(({ id }) => id)).toEqual(['bad']);
    expect(products[0]).toMatchObject({ id: 'bad', window: 'recent', rate: 27 / 60, restRate: 48 / 600, isCalled: true });
  });

  it('does not let a product with few deliveries lead or be called', () => {
    const tiny = product('tiny', { delivered_13w: 3, returned_13w: 3, units_delivered: 10, units_returned: 4 });
    const list = [...plain, tiny];
    const { called, products } = returnsOf(list, whole(list));
    expect(called).toEqual([]);
    const line = products.find(({ id }) => id === 'tiny')!;
    expect(line.p).toBeNull();
    expect(line.shrunk.value).toBeLessThan(0.25);
  });

  it('needs five points above the rest however sure it is', () => {
    const huge = product('huge', { delivered_13w: 100_000, returned_13w: 12_000 });
    const list = [...plain, huge];
    const { products } = returnsOf(list, whole(list));
    const line = products.find(({ id }) => id === 'huge')!;
    expect(line.p).toBeLessThan(0.05);
    expect(line.isCalled).toBe(false);
  });
});

it('cuts return rates into blocks of four weeks that add up', () => {
  const rows = Array.from({ length: 8 }, (_, i) => [
    { category: 'Jeans', product_id: null, week: addWeeks(week, -i), delivered: 10, returned: 2 },
    { category: 'Jeans', product_id: 'a', week: addWeeks(week, -i), delivered: 4, returned: 1 },
  ]).flat();
  expect(returnBlocks(rows, product('a'), week)).toEqual([
    { week: addWeeks(week, -7), own: { successes: 4, n: 16 }, rest: { successes: 4, n: 24 } },
    { week: addWeeks(week, -3), own: { successes: 4, n: 16 }, rest: { successes: 4, n: 24 } },
  ]);
});

describe('spreadOf', () => {
  const catalogue = {
    products: 4,
    products_sold: 4,
    products_ever: 4,
    view_sessions: 0,
    purchase_sessions: 0,
    stock_units: 0,
    stock_cost: 0,
    stock_age_days: null,
  };

  it('counts the leading products and draws the curve', () => {
    const spread = spreadOf(
      [
        { step: 1, products: 2, gross_amount: 80, leading: 2 },
        { step: 2, products: 6, gross_amount: 20, leading: 0 },
      ],
      null,
    )!;
    expect(spread).toMatchObject({ products: 8, leading: 2, share: 0.25, gross: 100, dispersion: null });
    expect(spread.curve).toEqual([
      { products: 0, sales: 0 },
      { products: 0.25, sales: 0.8 },
      { products: 1, sales: 1 },
    ]);
  });

  it.each([
    // Units 1, 2, 3, 6: mean 3, variance (4 + 1 + 0 + 9) / 3.
    ['uneven', 12, 50, 14 / 9],
    ['all alike', 12, 36, 0],
  ])('measures dispersion of units: %s', (_, units, squares, value) => {
    const steps = [{ step: 1, products: 4, gross_amount: 10, leading: 4 }];
    expect(spreadOf(steps, { ...catalogue, units, squares })!.dispersion!.value).toBeCloseTo(value, 12);
  });
});

describe('a shop with history', () => {
  const products = Array.from({ length: 20 }, (_, i) => product(`p${i}`, { category: ['Jeans', 'Socks', 'Coats'][i % 3]! }));

  it('finds nothing where nothing happens, and says how much it tested', () => {
    const result = analysis.run(world({ weeks: 120, categories: even, products }), context());
    expect(result.findings.filter(({ kind }) => kind === 'change')).toEqual([]);
    expect(result.headline).toBe('No category, brand or product stands out from chance');
    expect(result.method.called).toBe(0);
    expect(result.method.tested).toBeGreaterThan(50);
    expect(found(result, 'returns')).toMatchObject({ kind: 'nothing' });
  });

  it('finds a promotion: a deep discount with more units', () => {
    const bend = (row: CategoryWeek, back: number): CategoryWeek => {
      if (row.category !== 'Socks' || back > 1) return row;
      const units = row.units * 2.4;
      const list = units * 8;
      return {
        ...row,
        units: Math.round(units),
        list_amount: list,
        gross_amount: list * 0.75,
        net_revenue: list * 0.75,
        net_cost: list * 0.4,
      };
    };
    const result = analysis.run(world({ weeks: 120, categories: even, products, bend }), context());
    const finding = found(result, 'weeks')!;
    expect(finding.kind).toBe('change');
    expect(finding.claim).toMatch(/^From 2 to 15 November 2026 Socks made up .* at 25\.0% off list: a promotion shows\.$/);
    const marked = result.figures.find(({ id }) => id === 'weekly-discount')!.rows.filter((row) => row.is_called);
    expect(marked.map(({ week: monday }) => monday)).toEqual(['2026-11-02', '2026-11-09']);
  });

  it('finds the faulty product with its stake by hand', () => {
    const bad = product('bad', { name: 'Mom Jeans', delivered_13w: 60, returned_13w: 27, gross_13w: 3600, units_13w: 90 });
    const result = analysis.run(world({ weeks: 120, categories: even, products: [...products, bad] }), context());
    const finding = found(result, 'returns')!;
    expect(finding).toMatchObject({ kind: 'change', direction: 'bad', evidence: { n: 60 } });
    expect(finding.claim).toBe('45.0% of Mom Jeans come back, against 8.0% in the rest of Jeans.');
    // (0.45 − 0.08) × 60 pieces × 4 spans a year × €40.
    expect(finding.stake!.value).toBeCloseTo(0.37 * 60 * 4 * 40, 2);
    expect(result.headline).toBe('Mom Jeans comes back 45.0% of the time');
  });

  it('adds up: categories, products with other, and brands with other give the total of the shop', () => {
    const result = analysis.run(world({ weeks: 120, categories: even, products }), context());
    const sum = (rows: Row[], key: string) => rows.reduce((all, row) => all + Number(row[key] ?? 0), 0);
    const total = Number(result.metrics.find(({ id }) => id === 'net_revenue')!.value);
    for (const id of ['categories', 'risen']) {
      const { rows, total: whole } = table(result, id);
      expect(sum(rows, 'net')).toBeCloseTo(total, 2);
      expect(whole!.net).toBeCloseTo(total, 2);
      expect(sum(rows, 'change')).toBeCloseTo(Number(whole!.change), 2);
      expect(sum(rows, 'units')).toBe(whole!.units);
    }
    const figure = result.figures.find(({ id }) => id === 'category-change')!;
    expect(sum(figure.rows, 'change')).toBeCloseTo(Number(table(result, 'categories').total!.change), 2);
  });

  it('is the same twice, and differs between shops', () => {
    const run = (units: number) =>
      analysis.run(world({ weeks: 120, categories: { ...even, Jeans: { units, price: 50 } }, products }), context());
    expect(texts(run(60))).toBe(texts(run(60)));
    expect(run(60).summary).not.toBe(run(61).summary);
  });

  it('leaves out what the shop can’t offer, with reasons', () => {
    const result = analysis.run(world({ weeks: 120, categories: even, products }), context(['orders', 'products']));
    expect(result.omitted).toMatchObject({
      'stock-age': 'the data hold no inventory',
      'margin-category': 'the data hold no costs',
      viewed: 'the data hold no visits',
    });
    expect(result.metrics.map(({ id }) => id)).toEqual(['net_revenue', 'units', 'discount_share', 'return_rate']);
  });

  it('prints hostile names without control characters and never too long', () => {
    const hostile = product('bad', {
      name: `<script>alert(1)</script>\u202E\u0000\n{{value 'x'}} ${'long '.repeat(40)}`,
      delivered_13w: 60,
      returned_13w: 30,
    });
    const result = analysis.run(world({ weeks: 120, categories: even, products: [...products, hostile] }), context());
    expect(found(result, 'returns')!.claim).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect([...nameOf(hostile)].length).toBeLessThanOrEqual(60);
    expect(nameOf({ name: '\u0000\n' })).toBe('Unnamed product');
  });
});

describe('degenerate shops', () => {
  const zero = product('p', {
    units: 0,
    gross_amount: 0,
    net_revenue: 0,
    profit: null,
    view_sessions: 0,
    purchase_sessions: 0,
    units_delivered: 0,
    units_returned: 0,
    delivered_13w: 0,
    returned_13w: 0,
    gross_13w: 0,
    first_sale_date: null,
    units_13w: 0,
    units_prior_13w: 0,
    net_revenue_13w: 0,
    net_revenue_prior_13w: 0,
  });
  const dead = { Jeans: { units: 2, price: 50 } };
  const cases: [string, Record<string, ColumnTable>][] = [
    ['no table', {}],
    ['no row', Object.fromEntries(Object.keys(analysis.inputs).map((name) => [name, from([])]))],
    ['three weeks', world({ weeks: 3, categories: even, products: [zero] })],
    ['thirteen weeks', world({ weeks: 13, categories: even, products: [product('a')] })],
    ['half a year', world({ weeks: 26, categories: even, products: [product('a'), zero] })],
    ['one category, one product', world({ weeks: 80, categories: { Jeans: even.Jeans }, products: [product('a')] })],
    [
      'nothing sold',
      world({
        weeks: 80,
        categories: dead,
        products: [zero],
        bend: (row) => ({ ...row, orders: 0, units: 0, gross_amount: 0, net_revenue: 0, net_cost: 0, list_amount: 0 }),
      }),
    ],
    [
      'more refunds than sales, without costs or list prices',
      world({
        weeks: 80,
        categories: even,
        products: [product('a', { profit: null, net_revenue_13w: -5 })],
        bend: (row) => ({ ...row, refund_amount: 2 * row.gross_amount, net_revenue: -row.gross_amount, net_cost: null, list_amount: null }),
      }),
    ],
    ['everything returned', world({ weeks: 80, categories: even, products: [product('a', { returned_13w: 50, units_returned: 100 })] })],
  ];

  it.each(cases)('%s: runs, with finite numbers and a word on each missing part', (_, tables) => {
    const result = analysis.run(tables, context());
    const walk = (value: unknown): void => {
      if (typeof value === 'number') expect(Number.isFinite(value)).toBe(true);
      else if (value && typeof value === 'object') Object.values(value).forEach(walk);
    };
    const { figures, ...rest } = result;
    walk(rest);
    for (const { rows, title } of figures) {
      walk(rows);
      expect(title).not.toMatch(/NaN|undefined|null/);
    }
    expect(JSON.stringify(rest)).not.toMatch(/NaN|Infinity|undefined/);
    expect(result.headline.length).toBeGreaterThan(0);
    const known = new Set([...figures.map(({ id }) => id), ...result.tables.map(({ id }) => id)]);
    for (const { proof } of result.findings) expect(known.has(proof) || proof in result.omitted).toBe(true);
    expect(Object.values(result.omitted).every((reason) => reason.length > 0)).toBe(true);
  });
});

const thelook = new URL('../../../shared/data/thelook/', import.meta.url);
describe.skipIf(!existsSync(thelook))('theLook (skipped where ../shared/data/thelook is absent)', () => {
  it('counts in SQL the products that make four fifths of gross sales, as a sort would', async () => {
    const { DuckDBInstance } = await import('@duckdb/node-api');
    const { readFileSync } = await import('node:fs');
    const { renderSql } = await import('#warehouse/render.ts');
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    const [items, orders] = ['order_items', 'orders'].map((name) => new URL(`${name}.parquet`, thelook).pathname);
    const last = '2026-08-10';
    await connection.run(`
      create table order_items_enriched as
      select cast(items.product_id as varchar) as product_id, items.status <> 'Cancelled' as is_sale,
        cast(round(items.sale_price, 2) as decimal(18, 2)) as gross_amount,
        cast(date_trunc('week', orders.created_at) as date) as order_week
      from '${items}' as items join '${orders}' as orders on orders.order_id = items.order_id`);
    const sql = renderSql(readFileSync(new URL('../../analyses/product-performance/pareto.sql', import.meta.url), 'utf8'), {
      dialect: 'duckdb',
      ref: (name) => name,
      source: (name) => name,
      wall: '2026-08-17 00:00:00',
      asOf: '2026-08-16',
      week: last,
      timezone: 'UTC',
    });
    const steps = (await connection.runAndReadAll(sql)).getRowObjectsJS();
    const leading = steps.reduce((sum, row) => sum + Number(row.leading), 0);
    const sold = (
      await connection.runAndReadAll(
        `select cast(sum(gross_amount) as double) as gross from order_items_enriched
         where is_sale and order_week <= date '${last}' and order_week > date '${addWeeks(last, -52)}' group by product_id`,
      )
    )
      .getRowObjectsJS()
      .map((row) => Number(row.gross))
      .sort((a, b) => b - a);
    const whole = sold.reduce((sum, gross) => sum + gross, 0);
    let [count, running] = [0, 0];
    while (running < 0.8 * whole - 1e-6) running += sold[count++]!;
    expect(leading).toBe(count);
    expect(steps.reduce((sum, row) => sum + Number(row.products), 0)).toBe(sold.length);
  });
});
