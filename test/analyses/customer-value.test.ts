import * as aq from 'arquero';
import { describe, expect, it } from 'vitest';
import { renderSvg } from '#chart/svg.ts';
import type { Result } from '#contract/analysis.ts';
import analysis from '../../analyses/customer-value/analysis.ts';
import { addWeeks } from '../../analyses/shared/day.ts';
import { context, lastWeek } from './sales-fixture.ts';

type Rows = Record<string, unknown>[];
type Tables = Partial<Record<keyof typeof analysis.inputs, Rows>>;

/** Tables of a shop; what is left out is empty. */
async function runOn(given: Tables): Promise<Result> {
  const tables = Object.fromEntries(
    Object.keys(analysis.inputs).map((name) => {
      const rows = (given as Record<string, Rows>)[name] ?? [];
      return [name, rows.length > 0 ? aq.from(rows) : aq.table({ none: [] })];
    }),
  );
  return analysis.run(tables, { ...context({ capabilities: ['orders'] }), params: analysis.params });
}

const finding = (result: Result, id: string) => result.findings.find((one) => one.id === id);
const metric = (result: Result, id: string) => result.metrics.find((one) => one.id === id);
const table = (result: Result, id: string) => result.tables.find((one) => one.id === id);
const figure = (result: Result, id: string) => result.figures.find((one) => one.id === id);
const list = <T>(n: number, make: (i: number) => T) => Array.from({ length: n }, (_, i) => make(i));

/** 100 new customers of 50 each, and 900 others of 20; a purchase is worth 100, nothing scatters but its number. */
function totals(changes: Record<string, unknown> = {}): Rows {
  const common = {
    ...{ usual: 100, first_mean: 1, first_square: 1, repeater_first_mean: 1, own_mean: 1, own_first: 1 },
    ...{ repeat_mean: 1, repeat_square: 1, pair_moment: 0, square_moment: 0, least_alive: 0.2, p_purchase_90: 0.1, purchases_365: 0.5 },
  };
  return [
    {
      ...{ is_new: false, customers: 900, scored: 900, repeaters: 450, total_value: 180_000, value_365: 18_000 },
      ...{ p_alive: 0.5, discounted_365: 0.2, single_moment: 0.2, ...common, ...changes },
    },
    {
      ...{ is_new: true, customers: 100, scored: 100, repeaters: 20, total_value: 12_000, value_365: 5000 },
      ...{ p_alive: 0.8, discounted_365: 0.4, single_moment: 0.5, ...common, ...changes },
    },
  ];
}

/** A listed customer; value 300 = 6 × the average of 50: purchases if alive 3 × the average 0.5, spend 2 × the average 125. */
function listed(place: number, changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    ...{ place, customer_id: `c${place}`, first_order_date: '2026-07-01', last_order_date: '2026-08-01', x: 1, t_days: 46 },
    ...{ recency_days: 15, m: 120, first_value: 80, total_value: 200, p_alive: 0.8, purchases_90: 0.5, p_purchase_90: 0.4 },
    ...{ discounted_365: 1.2, spend: 250, value_365: 300, value_low: 0, value_high: 900 },
    ...{ country: 'France', source: 'Search', first_category: 'Jeans', ...changes },
  };
}

/** New customers of a year ago: 100 of the top tenth who brought `top` each, 900 others who brought 50, all with a scatter of a half. */
function yearAgo(top: number): Rows {
  const row = (is_top: boolean, customers: number, each: number) => ({
    ...{ is_top, repeats: is_top ? 1 : 0, customers, buyers: customers / 2, later_value: customers * each, expected: customers * each },
    ...{ later_mean: each / 100, later_square: 1.25 * (each / 100) ** 2, usual: 100 },
  });
  return [row(true, 100, top), row(false, 900, 50)];
}

function group(dimension: string, value: string, customers: number, beyond: number, within = ''): Record<string, unknown> {
  return {
    ...{ dimension, value, within_value: within, customers, repeaters: customers / 4, total_value: 100 * customers },
    ...{ value_365: (50 + 100 * beyond) * customers, beyond_mean: beyond, beyond_square: 0.04 + beyond ** 2 },
    beyond_cube: beyond ** 3 + 3 * beyond * 0.04,
  };
}

function weeks(of: (back: number) => number, n = 40): Rows {
  return list(n, (i) => {
    const mean = of(n - 1 - i);
    return {
      ...{
        week: addWeeks(lastWeek, i - n + 1),
        customers: 50,
        repeaters: 5,
        first_value: 5000 + 50 * ((i * 7) % 5),
        value_365: 5000 * mean,
      },
      ...{
        first_mean: 1,
        first_square: 1.2,
        expected_mean: mean,
        expected_square: mean ** 2 + 0.04,
        expected_cube: mean ** 3 + 0.12 * mean,
      },
    };
  });
}

function action(is_high: boolean, is_active: boolean, customers: number, value: number, potential: number): Record<string, unknown> {
  return {
    ...{ is_high, is_active, customers, new_customers: is_active ? 10 : 0, repeaters: customers, total_value: 2 * value, value_365: value },
    ...{ potential, least_potential: is_high ? 60 : 1, p_alive: 0.5, recency_days: is_active ? 30 : 400 },
    ...{ single_moment: 0.1, pair_moment: 0, square_moment: 0 },
  };
}

const actions: Rows = [
  action(true, true, 150, 12_000, 15_000),
  action(true, false, 50, 1000, 6000),
  action(false, true, 500, 9000, 10_000),
  action(false, false, 300, 1000, 4000),
];

const steps: Rows = [
  { step: 20, customers: 90, value_365: 1800 },
  { step: 320, customers: 10, value_365: 3200 },
];

/** A shop in which the list held a year ago. */
const shop: Tables = {
  totals: totals(),
  list: [listed(1), listed(2, { x: 3, discounted_365: 1.1, spend: 100, value_365: 110 })],
  ...{ steps, actions, yearAgo: yearAgo(150) },
  groups: ['source', 'country', 'region', 'category'].flatMap((dimension) => [
    group(dimension, 'One', 400, 0),
    group(dimension, 'Two', 400, 0.005),
  ]),
  weeks: weeks((back) => 0.6 - 0.004 * back + 0.01 * ((back * 5) % 3)),
};

describe('customer-value', () => {
  it('says who is expected to bring how much, and why each is on the list', async () => {
    const result = await runOn(shop);
    expect(result.headline).toBe('The 2 new customers to look after are expected to bring €410.00 in a year');
    expect(metric(result, 'recent_customers')).toMatchObject({
      value: 100,
      n: 1000,
      period: 'first purchases of 19 May to 16 August 2026',
    });
    expect(metric(result, 'expected_value_new')!.value).toBe(5000);
    expect(metric(result, 'expected_value_all')!.value).toBe(23_000);
    // 0.8 × 1.5 × 250 = 300 over 0.8 × 0.5 × 125 = 50: three times the purchases, twice the spend.
    // 0.8 × 1.375 × 100 = 110: 2.75 times the purchases.
    expect(
      table(result, 'list')!.rows.map(({ customer, why, orders }) => [customer, String(why).replaceAll('\u00a0', ' '), orders]),
    ).toEqual([
      ['c1', 'orders 3.00 ×, spend 2.00 ×', 2],
      ['c2', 'orders 2.75 ×', 4],
    ]);
    expect(table(result, 'list')!.total).toMatchObject({ expected: 410, spent: 400, orders: 6 });
    // 410 less twice the average of 50.
    expect(finding(result, 'new-list')).toMatchObject({
      evidence: { level: 'high' },
      stake: { value: 310 },
      action: { within: 'this week' },
    });
  });

  it('tries the list on those who were new a year ago', async () => {
    const held = await runOn(shop);
    expect(metric(held, 'list_lift')).toMatchObject({ value: 3, n: 1000 });
    // Standard errors: a half of the mean over √99 and √899; 3 × exp(±1.96 × √(0.25/99 + 0.25/899)).
    expect(metric(held, 'list_lift')!.interval!.low).toBeCloseTo(2.7043, 3);
    expect(metric(held, 'list_lift')!.interval!.high).toBeCloseTo(3.328, 3);
    expect(finding(held, 'year-ago')).toMatchObject({ kind: 'state', stake: null });
  });

  it('says that the order is chance where it would have told nothing a year ago', async () => {
    const result = await runOn({ ...shop, list: list(30, (i) => listed(i + 1)), yearAgo: yearAgo(52) });
    expect(result.headline).toBe('New customers can hardly be told apart: each is worth about €50.00 in a year');
    expect(result.summary).toContain('act on new customers as a group, not on single names');
    expect(finding(result, 'new-list')).toMatchObject({ evidence: { level: 'low' }, stake: null });
    expect(finding(result, 'new-list')!.action!.do).toContain('all 100 new customers');
    expect(finding(result, 'year-ago')).toMatchObject({ kind: 'nothing' });
    const { rows, total } = table(result, 'list')!;
    expect(rows.map(({ customer }) => customer)).toEqual([...list(10, (i) => `c${i + 1}`), 'Next 20']);
    expect(rows.reduce((sum, { expected }) => sum + Number(expected), 0)).toBe(Number(total!.expected));
    expect(result.caveats[0]).toContain('mostly chance in this shop');
  });

  it.each([
    ['nobody bought twice', { repeaters: 0 }, 'No customer has bought a second time'],
    ['nobody is held to have left', { least_alive: 1 }, 'no model of who is still a customer'],
  ])('distrusts the list where %s', async (_, changes, why) => {
    const result = await runOn({ ...shop, totals: totals(changes), yearAgo: [] });
    expect(result.headline).toContain('can hardly be told apart');
    expect(result.summary).toContain(why);
    expect(result.omitted['year-ago']).toContain('fewer than 200');
  });

  it('says that an untried list is untried', async () => {
    const result = await runOn({ ...shop, yearAgo: [] });
    expect(finding(result, 'new-list')).toMatchObject({ evidence: { level: 'medium' } });
    expect(result.caveats[0]).toContain('whether its order holds is not known');
    expect(finding(result, 'year-ago')).toBeUndefined();
  });

  it('asks for all where the list holds all', async () => {
    const few = totals().map((row) => (row.is_new ? { ...row, customers: 2, scored: 2, value_365: 410, total_value: 400 } : row));
    const result = await runOn({ ...shop, totals: few });
    expect(finding(result, 'new-list')).toMatchObject({ claim: expect.stringContaining('All 2 new customers together'), stake: null });
    expect(table(result, 'list')!.title).toContain('All 2 new customers by expected value');
  });

  it('warns where last year brought more than the scores expect', async () => {
    const more = yearAgo(150).map((row) => ({ ...row, expected: Number(row.later_value) / 2 }));
    const result = await runOn({ ...shop, yearAgo: more });
    expect(result.caveats[0]).toContain('brought 2.00 times what the same scores expect');
    expect(result.caveats[0]).toContain('likely too low');
  });

  it('counts customers, money and owner of each group of action, and what winning back would bring', async () => {
    const result = await runOn(shop);
    const { rows, total } = table(result, 'actions')!;
    expect(rows.map(({ group: name, customers, expected, owner }) => [name, customers, expected, owner])).toEqual([
      ['Look after: high value, active', 150, 12_000, 'Customer service lead'],
      ['Win back: high value, quiet', 50, 1000, 'Head of CRM'],
      ['Develop: lower value, active', 500, 9000, 'Head of CRM'],
      ['Let be: lower value, quiet', 300, 1000, 'Head of marketing'],
    ]);
    expect(total).toMatchObject({ customers: 1000, expected: 23_000, potential: 35_000 });
    // A tenth of 6,000 − 1,000.
    expect(finding(result, 'win-back')!.stake).toMatchObject({ value: 500, low: 0, high: 1000 });
  });

  it('holds what the top tenth of new customers has', async () => {
    const result = await runOn(shop);
    expect(metric(result, 'expected_top_tenth_share')!.value).toBeCloseTo(3200 / 5000, 12);
    const bins = figure(result, 'distribution')!.rows;
    expect(bins.reduce((sum, { share }) => sum + Number(share), 0)).toBeCloseTo(1, 12);
    expect(figure(result, 'distribution')!.title).toBe('Half of new customers are expected to bring €20.00 or less');
  });

  it('calls a source that is worth more at equal age, and says well that others are not', async () => {
    const source = [group('source', 'Search', 400, -0.05), group('source', 'Email', 100, 0.2), group('source', 'Radio', 60, 0.3)];
    const result = await runOn({ ...shop, groups: [...source, ...shop.groups!.filter(({ dimension }) => dimension !== 'source')] });
    const found = finding(result, 'value-source')!;
    expect(found).toMatchObject({ kind: 'state', action: { owner: 'Head of marketing' } });
    expect(found.claim).toContain('Email');
    // 0.2 × 100 a customer against (−0.05 × 400 + 0.3 × 60)/460 × 100.
    expect(found.effect!.value).toBeCloseTo(20 + 200 / 460, 9);
    expect(finding(result, 'value-country')).toBeUndefined();
    const rows = table(result, 'groups')!.rows.filter(({ kind }) => kind === 'Source');
    expect(rows.map(({ name, verdict }) => [name, verdict])).toEqual([
      ['Search', 'less'],
      ['Email', 'more'],
      ['Radio', 'too few'],
    ]);
    expect(finding(await runOn(shop), 'value-groups')).toMatchObject({ kind: 'nothing', stake: null });
  });

  it('keeps regions of one name in two countries apart, and pools small ones', async () => {
    const region = [
      group('region', 'Victoria', 200, 0, 'Australia'),
      group('region', 'Victoria', 150, 0, 'Canada'),
      ...list(3, (i) => group('region', `Small ${i}`, 20, 0, 'Chile')),
    ];
    const result = await runOn({ ...shop, groups: [...region, group('source', 'Search', 410, 0)] });
    expect(table(result, 'regions')!.rows.map(({ name, customers }) => [name, customers])).toEqual([
      ['Victoria, Australia', 200],
      ['Victoria, Canada', 150],
      ['Others', 60],
    ]);
    expect(table(result, 'regions')!.total).toMatchObject({ name: 'All', customers: 410 });
  });

  it('finds a week that won better customers than its age lets expect, and none where there is none', async () => {
    const usual = (back: number) => 0.6 - 0.004 * back + 0.01 * ((back * 5) % 3);
    const quiet = await runOn(shop);
    expect(finding(quiet, 'value-weeks')).toMatchObject({ kind: 'nothing' });
    const odd = await runOn({ ...shop, weeks: weeks((back) => usual(back) + (back === 10 ? 0.25 : 0)) });
    const found = finding(odd, 'value-weeks')!;
    expect(found).toMatchObject({ direction: 'good', stake: { once: true } });
    const day = addWeeks(lastWeek, -10);
    expect(
      figure(odd, 'by-week')!
        .rows.filter(({ is_outside }) => is_outside)
        .map(({ week }) => week),
    ).toEqual([day]);
  });

  it('stands a shop with nothing in it, with one customer, and without a score', async () => {
    const one = totals({
      customers: 1,
      scored: 1,
      repeaters: 0,
      value_365: 30,
      total_value: 80,
      single_moment: 0.3,
      repeat_mean: 0,
      repeat_square: 0,
    }).slice(1);
    const none = totals({ scored: 0, value_365: 0, usual: 0, discounted_365: 0, p_alive: 0, single_moment: 0 });
    const shops: [Tables, string][] = [
      [{}, 'Nobody has bought yet'],
      [
        { totals: one, list: [listed(1, { x: 0, m: null, value_365: 30 })] },
        'New customers can hardly be told apart: each is worth about €30.00 in a year',
      ],
      [{ totals: none }, 'It is too early to say what a customer will be worth'],
      [{ totals: totals().slice(0, 1) }, 'No customer was won in the last 90 days'],
      [{ ...shop, weeks: weeks(() => 0, 3), steps: [] }, 'The 2 new customers to look after are expected to bring €410.00 in a year'],
    ];
    for (const [tables, headline] of shops) {
      const result = await runOn(tables);
      expect(result.headline).toBe(headline);
      expect(
        JSON.stringify(result, (_, value) => (typeof value === 'number' && !Number.isFinite(value) ? 'not finite' : value)),
      ).not.toContain('not finite');
      for (const drawn of result.figures) await renderSvg(drawn, 'wide', drawn.id);
    }
  });

  it('prints hostile names as they are, and the same each time', async () => {
    const name = '<script>alert(1)</script>=HYPERLINK("x")';
    const hostile = {
      ...shop,
      groups: [group('source', name, 400, 0), group('source', 'Two', 400, 0.3)],
      list: [listed(1, { customer_id: name })],
    };
    const result = await runOn(hostile);
    for (const drawn of result.figures) {
      const svg = await renderSvg(drawn, 'wide', drawn.id);
      expect(svg).not.toContain('<script>');
    }
    expect(JSON.stringify(await runOn(hostile))).toBe(JSON.stringify(result));
  });

  it('shares no number between two shops by accident', async () => {
    const scaled = (rows: Rows, factor: number): Rows =>
      rows.map((row) =>
        Object.fromEntries(
          Object.entries(row).map(([key, value]) => [
            key,
            typeof value === 'number' && /value|usual|spend|^m$|potential|expected$/.test(key) && !/mean|square|cube/.test(key)
              ? value * factor
              : value,
          ]),
        ),
      );
    const texts = (result: Result) =>
      [result.headline, result.summary, ...result.findings.flatMap(({ claim, detail }) => [claim, detail])]
        .join(' ')
        .match(/€[0-9.,]*[0-9][kM]?/g)!;
    const other = Object.fromEntries(Object.entries(shop).map(([key, rows]) => [key, scaled(rows ?? [], 1.37)])) as Tables;
    const [a, b] = [new Set(texts(await runOn(shop))), new Set(texts(await runOn(other)))];
    expect([...a].filter((text) => b.has(text))).toEqual([]);
  });
});
