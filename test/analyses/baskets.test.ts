import { beforeAll, describe, expect, it } from 'vitest';
import { renderSvg } from '#chart/svg.ts';
import type { Result } from '#contract/analysis.ts';
import { frequentItemsets } from '#stats/basket/eclat.ts';
import { transactions } from '#stats/basket/transactions.ts';
import { random } from '#stats/random.ts';
import { openDuckDB } from '#warehouse/duckdb.ts';
import analysis from '../../analyses/baskets/analysis.ts';
import { bundles, weeksCovered } from '../../analyses/baskets/bundle.ts';
import { powerOf, productPairs } from '../../analyses/baskets/pairs.ts';
import { addRaw, engineOf, type Raw, values } from '../warehouse/models/shop.ts';
import { contextOf, inputsOf, type Moment, runOn, texts } from './baskets-shop.ts';

const moment: Moment = { wall: '2026-11-16 00:00:00', asOf: '2026-11-15', week: '2026-11-09', timezone: 'UTC' };
const table = (result: Result, id: string) => result.tables.find((one) => one.id === id);
const finding = (result: Result, id: string) => result.findings.find((one) => one.id === id);

/** Orders of literal baskets, one a day; a product's category is its first letter, its department by case. */
function raw(baskets: readonly (readonly string[])[], names: (id: number, item: string) => string = (_, item) => `Product ${item}`): Raw {
  const items = [...new Set(baskets.flat())].sort();
  const idOf = new Map(items.map((item, i) => [item, i + 1]));
  const day = (i: number) => new Date(Date.parse('2024-01-01T12:00:00Z') + i * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
  return {
    users: [[1, '2023-12-01 08:00:00', 'Spain', 'Madrid', 'Madrid', 40.4, -3.7, 'F', 30, 'Search']],
    products: items.map((item, i) => [
      i + 1,
      names(i + 1, item),
      'Acme',
      item.slice(0, 1),
      item === item.toUpperCase() ? 'Men' : 'Women',
      20,
      8,
      1,
    ]),
    orders: baskets.map((_, i) => [i, 1, 'Complete', day(i), day(i), day(i), null]),
    order_items: baskets.flatMap((basket, i) =>
      basket.map((item, j) => [100_000 * j + i, i, idOf.get(item)!, 'Complete', 20, day(i), day(i), null]),
    ),
  };
}

/** Random baskets of 24 products in three categories; `pull` puts b1 with a1 half of the time. */
function drawn(seed: number, count: number, pull: boolean): string[][] {
  const draw = random(seed, 'baskets');
  return Array.from({ length: count }, () => {
    const own = new Set<string>();
    for (let i = 1 + draw.poisson(1); i > 0; i--) own.add(`${'abc'[draw.integer(3)]}${draw.integer(8)}`);
    if (pull && own.has('a1') && draw.uniform() < 0.6) own.add('b1');
    return [...own];
  });
}

const shopTables = async (rows: Raw) => {
  const engine = await engineOf();
  await addRaw(engine, rows);
  return engine;
};

describe('item_pairs', () => {
  it('counts what the baskets hold, whole and by half', async () => {
    const baskets = drawn(2, 400, true);
    const engine = await shopTables(raw(baskets));
    await inputsOf(engine, analysis, moment);
    const coded = transactions(baskets);
    const counts = new Map(frequentItemsets(coded, { support: 1 / 400, maxLength: 2 }).map(({ items, count }) => [items.join(), count]));
    const early = transactions(baskets.slice(0, 200));
    const earlyCount = (names: string[]) => baskets.slice(0, 200).filter((basket) => names.every((name) => basket.includes(name))).length;
    expect(early.size).toBe(200);
    const found = await values(engine, 'select * from item_pairs');
    const expected = [...counts].filter(([key, count]) => key.includes(',') && count >= 2).length;
    expect(found.length).toBe(expected);
    for (const [a, b, both, ofA, ofB, all, bothFirst, aFirst, bFirst, first] of found as [string, string, ...number[]][]) {
      const [x, y] = [Number(a) - 1, Number(b) - 1].sort((p, q) => p - q) as [number, number];
      expect(both).toBe(counts.get(`${x},${y}`));
      expect([ofA, ofB, all, first]).toEqual([counts.get(String(Number(a) - 1)), counts.get(String(Number(b) - 1)), 400, 200]);
      const [nameA, nameB] = [coded.items[Number(a) - 1]!, coded.items[Number(b) - 1]!];
      expect([bothFirst, aFirst, bFirst]).toEqual([earlyCount([nameA, nameB]), earlyCount([nameA]), earlyCount([nameB])]);
    }
  });

  it('leaves baskets of more than a hundred products out of all counts', async () => {
    const huge = Array.from({ length: 101 }, (_, i) => `a${i}`);
    const engine = await shopTables(raw([huge, huge, ['a1', 'a2'], ['a1', 'a2'], ['a3']]));
    const result = await runOn(engine, analysis, moment);
    expect(await values(engine, 'select baskets_both, baskets_a, baskets from item_pairs')).toEqual([[2, 2, 3]]);
    expect(result.caveats.join(' ')).toContain('2 baskets of more than a hundred products are left out');
  });
});

describe('a shop with one planted pair', () => {
  let result: Result;
  beforeAll(async () => {
    const engine = await openDuckDB({ threads: 2 });
    await addRaw(engine, raw(drawn(3, 3000, true)));
    result = await runOn(engine, analysis, moment);
    engine.close();
  });

  it('is called, alone, with its rule and its bundle', () => {
    expect(result.headline).toBe('One pair of products belongs together beyond chance');
    expect(table(result, 'rules')!.rows.map(({ from, to }) => [from, to].sort())).toEqual([['Product a1', 'Product b1']]);
    const [bundle] = table(result, 'bundles')!.rows;
    expect(bundle).toMatchObject({ price: 40, product_a: expect.any(String) });
    expect(Number(bundle!.extra)).toBeCloseTo(2.5 * Number(bundle!.low), 1);
    expect(Number(bundle!.high)).toBeCloseTo(2 * Number(bundle!.extra), 1);
    expect(finding(result, 'pairs')!.stake!.value).toBe(table(result, 'bundles')!.total!.extra);
  });

  it('counts what is tested', () => {
    expect(result.method.tested).toBeGreaterThanOrEqual((24 * 23) / 2);
    expect(result.method.called).toBe(1 + (finding(result, 'categories')!.kind === 'nothing' ? 0 : 1));
  });

  it('draws', async () => {
    for (const figure of result.figures)
      for (const variant of ['wide', 'narrow'] as const) expect(await renderSvg(figure, variant, 'x')).toContain('<svg');
  });
});

it('says so where nothing belongs together', async () => {
  const result = await runOn(await shopTables(raw(drawn(4, 3000, false))), analysis, moment);
  expect(finding(result, 'pairs')).toMatchObject({ kind: 'nothing', stake: null });
  expect(finding(result, 'pairs')!.claim).toMatch(/^None of 276 pairs of products is bought together beyond chance/);
  expect(result.headline).toBe('Nothing in the baskets belongs together beyond chance');
  expect(result.omitted).toHaveProperty('graph');
  const shared = table(result, 'shared')!;
  expect(Number(shared.total!.chance)).toBeCloseTo(Number(shared.total!.seen), -2);
});

it.each<[string, string[][]]>([
  ['no order', []],
  ['one order of one product', [['a']]],
  ['one order', [['a', 'b']]],
  ['the same order again and again', Array.from({ length: 60 }, () => ['a', 'b', 'c'])],
  ['one product', Array.from({ length: 60 }, () => ['a'])],
  ['products that are all of their categories', Array.from({ length: 200 }, (_, i) => (i % 3 ? ['a', 'b'] : ['c', 'D']))],
])('stands %s', async (_, baskets) => {
  const result = await runOn(await shopTables(raw(baskets)), analysis, moment);
  expect(texts(result)).not.toMatch(/NaN|Infinity|undefined/);
  const shown = [...result.figures, ...result.tables].map(({ id }) => id);
  expect([...shown, ...Object.keys(result.omitted)].sort()).toEqual(
    ['brand-pairs', 'bundles', 'categories-first', 'categories-second', 'category-pairs', 'graph', 'rules', 'shared', 'strongest'].sort(),
  );
  for (const { value } of result.metrics) if (value !== null) expect(Number.isFinite(value)).toBe(true);
});

it('stands absent inputs', async () => {
  const result = await analysis.run({}, contextOf(analysis, moment));
  expect(result.headline).toBe('No basket to learn from yet');
});

it('prints hostile names as one line of text', async () => {
  const evil = (id: number) => `<script>alert(${id})</script>\n=cmd|' /C calc'!A0 \u202e ${'x'.repeat(300)}`;
  const result = await runOn(await shopTables(raw(drawn(3, 3000, true), evil)), analysis, moment);
  const row = table(result, 'rules')!.rows[0]!;
  expect(String(row.from)).not.toMatch(/[\n\u202e]/);
  expect(String(row.from).length).toBeLessThanOrEqual(60);
  for (const figure of result.figures) expect(await renderSvg(figure, 'wide', 'x')).not.toContain('<script');
});

it('gives the same result again', async () => {
  const engine = await shopTables(raw(drawn(3, 1500, true)));
  expect(JSON.stringify(await runOn(engine, analysis, moment))).toBe(JSON.stringify(await runOn(engine, analysis, moment)));
});

describe('bundles', () => {
  const product = (id: string, over = {}) => ({
    ...{ product_id: id, name: id, brand: 'Acme', category: id, department: 'Men', cost: 6, baskets: 100, baskets_first: 50 },
    ...{ baskets_52w: 60, meetings: 200, units: 100, gross_amount: 1000 },
    ...over,
  });
  const shop = {
    ...{
      baskets: 1000,
      baskets_first: 500,
      baskets_left_out: 0,
      baskets_several: 600,
      lines: 2000,
      meetings_twice: 3000,
      first_date: '2024-01-01',
    },
    ...{ split_date: '2025-06-01', products: 10, products_frequent: 10, frequent_baskets: 1000, most_baskets: 100 },
  };
  const pair = { product_a: 'a', product_b: 'b', baskets_both: 40, baskets_both_first: 20, baskets_both_52w: 20 };
  const group = (category: string, other: string | null, meetings: number) => ({
    ...{ department: 'Men', category, other_department: other === null ? null : 'Men', other_category: other, meetings },
  });
  const meetings = [group('a', null, 2000), group('b', null, 2000), group('a', 'b', 100), group('b', 'a', 100)];

  it('are single buyers times the share assumed times the price of the partner', () => {
    const found = productPairs(shop, [pair], [product('a'), product('b', { gross_amount: 3000, cost: 10 })], meetings, 5);
    expect(found.called).toHaveLength(1);
    const [bundle] = bundles(found.called, { low: 0.02, middle: 0.05, high: 0.1 }, 26);
    // Twice 26 weeks: 80 baskets with each alone, 40 with both, at prices of 10 and 30.
    expect(bundle).toMatchObject({ price: 40, both: 40, single: 160, extra: { value: 160, low: 64, high: 320 } });
    expect(bundle!.margin).toBeCloseTo(0.05 * (80 * 20 + 80 * 4), 10);
    expect(bundle!.breakEven).toBeCloseTo(96 / (40 * (40 + 8)), 10);
    expect(bundles(found.called, { low: 0.02, middle: 0.05, high: 0.1 }, 0)).toEqual([]);
  });

  it('know of weeks and of missing costs', () => {
    expect(weeksCovered('2026-11-09', '2026-11-09')).toBe(1);
    expect(weeksCovered('2026-11-12', '2026-11-09')).toBe(0);
    expect(weeksCovered('2020-01-01', '2026-11-09')).toBe(52);
    expect(weeksCovered(null, '2026-11-09')).toBe(0);
    const found = productPairs(shop, [pair], [product('a', { cost: null }), product('b')], meetings, 5);
    expect(bundles(found.called, { low: 0.02, middle: 0.05, high: 0.1 }, 52)[0]).toMatchObject({ margin: null, breakEven: null });
  });

  it('say what could be found', () => {
    const power = powerOf(shop, 100, 45, 5)!;
    expect(power.expected).toBeCloseTo((100 * 100 * 3000) / 2000 ** 2, 10);
    expect(power.count).toBeGreaterThanOrEqual(3 * power.expected);
    expect(powerOf(shop, 0, 45, 5)).toBeNull();
    expect(powerOf(shop, 100, 0, 5)).toBeNull();
  });
});

it('two shops share no number by accident', async () => {
  const [one, other] = await Promise.all(
    [drawn(3, 3000, true), drawn(9, 2371, true)].map(async (baskets) => runOn(await shopTables(raw(baskets)), analysis, moment)),
  );
  expect(one!.summary).not.toBe(other!.summary);
  const numbers = (result: Result) =>
    new Set(result.findings.flatMap(({ claim, detail }) => `${claim} ${detail}`.match(/[0-9][0-9,.]{3,}/g) ?? []));
  expect([...numbers(one!)].filter((number) => numbers(other!).has(number))).toEqual([]);
});
