import { describe, expect, it } from 'vitest';
import { renderSvg } from '#chart/svg.ts';
import type { Result } from '#contract/analysis.ts';
import analysis from '../../analyses/cross-sell/analysis.ts';
import { campaign } from '../../analyses/cross-sell/campaign.ts';
import type { EarlierRow, TodayRow } from '../../analyses/cross-sell/input.ts';
import { Rates } from '../../analyses/cross-sell/rates.ts';
import { addRaw, engineOf, type Raw } from '../warehouse/models/shop.ts';
import { contextOf, inputsOf, type Moment, runOn, tablesOf, texts } from './baskets-shop.ts';

const moment: Moment = { wall: '2026-11-16 00:00:00', asOf: '2026-11-15', week: '2026-11-09', timezone: 'UTC' };
const finding = (result: Result, id: string) => result.findings.find((one) => one.id === id);
const table = (result: Result, id: string) => result.tables.find((one) => one.id === id);
const metric = (result: Result, id: string) => result.metrics.find((one) => one.id === id)!.value;

const earlier = (over: Partial<EarlierRow> = {}): EarlierRow => ({
  mark: 1,
  band: 1,
  segment: 1,
  category: 'Socks',
  pairs: 1000,
  bought: 50,
  ...over,
});
const today = (over: Partial<TodayRow> = {}): TodayRow => ({
  ...{
    band: 1,
    segment: 1,
    category: 'Socks',
    pairs: 100,
    price: 2000,
    cost: 800,
    without_cost: 0,
    face_value: 900,
    in_purchase_sessions: 0,
  },
  ...over,
});
const customers = [{ segment: 1, customers: 90, customers_fresh: 80 }];
const first = (id: number, over = {}) => ({
  ...{ customer_id: `c${id}`, product_id: `p${id}`, name: `Sock ${id}`, category: 'Socks', band: 1, segment: 1, views: 2 },
  ...{ last_viewed_date: '2026-11-12', price: 20 + id },
  ...over,
});
const visitors = [
  { is_identified: false, sessions: 40, views_left: 50, price_left: 999 },
  { is_identified: true, sessions: 60, views_left: 30, price_left: 500 },
];
const run = (rows: { earlier: EarlierRow[]; today: TodayRow[]; first?: object[]; customers?: object[] }, params = {}) =>
  analysis.run(tablesOf({ customers, first: [], visitors, ...rows }), contextOf(analysis, moment, params)) as Result;

describe('what is worth something', () => {
  const result = run({
    earlier: [earlier(), earlier({ band: 3, pairs: 4000, bought: 8 })],
    today: [today(), today({ band: 3, pairs: 300, price: 9000, cost: 3000 })],
    first: [first(1), first(2), first(3, { customer_id: 'c2' })],
  });

  it('is price times the chance of what had not been bought either', () => {
    // 2,000 at 5% and 9,000 at 0.2%.
    expect(metric(result, 'viewed_not_bought_value')).toBe(118);
    expect(metric(result, 'viewed_not_bought')).toBe(400);
    expect(metric(result, 'late_conversion')).toBeCloseTo(58 / 5000, 12);
    expect(table(result, 'bands')!.rows.map(({ worth }) => worth)).toEqual([100, 0, 18, 0]);
    const { interval } = result.metrics.find(({ id }) => id === 'viewed_not_bought_value')!;
    expect(interval!.low).toBeGreaterThan(80);
    expect(interval!.low).toBeLessThan(118);
    expect(interval!.high).toBeGreaterThan(118);
    expect(interval!.high).toBeLessThan(165);
  });

  it('is acted on by expected sales, once a customer', () => {
    expect(table(result, 'first')!.rows.map(({ customer_id, price, expected }) => [customer_id, price, expected])).toEqual([
      ['c2', 23, 1.15],
      ['c1', 21, 1.05],
    ]);
  });

  it('brings by a campaign what it adds, less its cost', () => {
    // 1,200 of margin on the fresh pairs at 5%, of it 10%, less 80 contacts at 5 cents.
    const row = table(result, 'campaign')!.rows[1]!;
    expect(row).toMatchObject({ revenue: 10, margin: 6, cost: 4, net: 2 });
    expect(metric(result, 'campaign_gain')).toBe(2);
    expect(finding(result, 'worth')!.stake).toMatchObject({ value: 26, low: -13, high: 104 });
    expect(finding(result, 'worth')!.action!.owner).toBe('CRM lead');
  });

  it('fades with the age of the view', () => {
    expect(finding(result, 'soon')!.claim).toContain('5.0%');
    expect(finding(result, 'soon')!.claim).toContain('0.2%');
  });

  it('counts unknown visitors and lists none', () => {
    expect(result.caveats.join(' ')).toContain('40 visits of 100');
  });

  it('hands its chances on', () => {
    expect(result.relations!.chances).toEqual({
      band: Int32Array.of(1, 3),
      segment: Int32Array.of(1, 1),
      category: ['Socks', 'Socks'],
      chance: Float64Array.of(0.05, 0.002),
    });
  });

  it('draws', async () => {
    for (const figure of result.figures) expect(await renderSvg(figure, 'wide', 'x')).toContain('<svg');
  });
});

it('advises against a campaign that costs more than it adds', () => {
  const result = run({ earlier: [earlier()], today: [today()] }, { contact_cost: 2 });
  expect(table(result, 'campaign')!.title).toContain('lose');
  expect(finding(result, 'worth')).toMatchObject({ stake: null, direction: 'neutral' });
  expect(finding(result, 'worth')).not.toHaveProperty('action');
  expect(result.headline).toContain('less than it costs');
});

it('says sales where costs of products are unknown', () => {
  const result = run({ earlier: [earlier()], today: [today({ without_cost: 1 })] });
  expect(table(result, 'campaign')!.columns.map(({ key }) => key)).not.toContain('margin');
  expect(finding(result, 'worth')!.stake!.basis).toContain('extra sales');
});

it('says that nothing is won where nothing is ever bought later', () => {
  const result = run({ earlier: [earlier({ bought: 0 })], today: [today()] });
  expect(finding(result, 'worth')).toMatchObject({ kind: 'nothing', stake: null });
  expect(result.headline).toBe('What was viewed and not bought is not bought later');
  expect(result.omitted).toHaveProperty('campaign');
});

it('takes cancelled orders for what they are', () => {
  const result = run({ earlier: [earlier()], today: [today({ in_purchase_sessions: 90 })], first: [first(1)] });
  expect(result.headline).toContain('cancelled orders');
  expect(result.omitted).toMatchObject({ first: expect.stringContaining('nobody to remind'), campaign: expect.any(String) });
  expect(finding(result, 'worth')).not.toHaveProperty('action');
});

it('is too early to tell for a young shop', () => {
  const result = run({ earlier: [], today: [today()] });
  expect(result.headline).toBe('Too early to tell what views are worth');
  expect(metric(result, 'viewed_not_bought_value')).toBeNull();
  expect(texts(result)).not.toMatch(/NaN|Infinity|undefined/);
});

it('stands absent inputs', async () => {
  const result = await analysis.run({}, contextOf(analysis, moment));
  expect(result.headline).toBe('Nothing viewed is left unbought by a known customer');
  expect(texts(result)).not.toMatch(/NaN|Infinity|undefined/);
});

it('prints hostile names as text', () => {
  const name = `<img src=x onerror=alert(1)>\n=HYPERLINK("x") \u202e${'y'.repeat(200)}`;
  const result = run({
    earlier: [earlier({ category: name }), earlier()],
    today: [today({ category: name }), today()],
    first: [first(1, { name, category: name })],
  });
  expect(String(table(result, 'first')!.rows[0]!.product)).not.toMatch(/[\n\u202e]/);
  expect(String(table(result, 'categories')!.rows[0]!.category).length).toBeLessThanOrEqual(40);
});

describe('Rates', () => {
  it('draw a category to the others as far as chance explains it', () => {
    const rates = new Rates([
      earlier({ category: 'a', bought: 90 }),
      earlier({ category: 'b', bought: 30 }),
      earlier({ category: 'c', pairs: 10, bought: 2 }),
    ]);
    const at = (category: string) => rates.chance({ band: 1, segment: 1, category });
    expect(at('a')).toBeGreaterThan(0.07);
    expect(at('a')).toBeLessThan(0.09);
    expect(at('c')).toBeLessThan(0.12);
    expect(at('unseen')).toBeCloseTo(122 / 2010, 12);
    expect(rates.categories.filter(({ isCalled }) => isCalled).map(({ name }) => name)).toEqual(['a', 'b']);
  });

  it('leave categories alike where they are', () => {
    const rates = new Rates([earlier({ category: 'a' }), earlier({ category: 'b', bought: 52 })]);
    expect(rates.spread).toBe(0);
    expect(rates.chance({ band: 1, segment: 1, category: 'a' })).toBe(rates.chance({ band: 1, segment: 1, category: 'b' }));
  });

  it('take the rate of the band where a segment was never seen, and none for old views', () => {
    const rates = new Rates([earlier()]);
    expect(rates.chance({ band: 1, segment: 0, category: 'Socks' })).toBe(0.05);
    expect(rates.chance({ band: 5, segment: 1, category: 'Socks' })).toBe(0);
  });

  it('have intervals that cover as often as they say', () => {
    let covered = 0;
    for (let i = 0; i < 200; i++) {
      // Binomial quantiles of 400 pairs at 5%, evenly.
      const bought = [11, 13, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 26, 28, 31][i % 15]!;
      const [sum] = new Rates([earlier({ pairs: 400, bought })]).sums([[{ band: 1, segment: 1, category: 'Socks', weight: 1 }]], i);
      if (sum!.low <= 0.05 && sum!.high >= 0.05) covered++;
    }
    expect(covered / 200).toBeGreaterThan(0.85);
  });
});

it('campaign: what a test finds at four fifths', () => {
  const { detectable, breakEven } = campaign({ purchases: 100, revenue: 5000, margin: 2000 }, 2000, {
    uplift: { low: 0.05, middle: 0.1, high: 0.2 },
    contact: 0.1,
  });
  // (1.96 + 0.84) · sqrt(2 · 0.05 · 0.95 / 1000) / 0.05.
  expect(detectable!.round).toBeCloseTo(0.5461, 3);
  expect(detectable!.year).toBeCloseTo(0.5461 / Math.sqrt(13), 3);
  expect(breakEven).toBeCloseTo(0.1, 12);
});

describe('the queries', () => {
  const user = (id: number) => [id, '2025-01-01 08:00:00', 'Spain', 'Madrid', 'Madrid', 40.4, -3.7, 'F', 30, 'Search'];
  const view = (id: number, customer: number | null, day: string, product: number) => [
    id,
    customer,
    `s${id}`,
    1,
    `${day} 10:00:00`,
    'product',
    `/product/${product}`,
    'Email',
    'Chrome',
  ];
  const order = (id: number, customer: number, day: string) => [
    id,
    customer,
    'Complete',
    `${day} 12:00:00`,
    `${day} 12:00:00`,
    `${day} 12:00:00`,
    null,
  ];
  const item = (id: number, product: number) => [id, id, product, 'Complete', 20, '2026-01-01 00:00:00', '2026-01-01 00:00:00', null];
  // The earlier days are 19 October, 21 September, 24 August and 27 July.
  const raw: Raw = {
    users: [1, 2, 3].map(user),
    products: [1, 2, 3].map((id) => [id, `Product ${id}`, 'Acme', 'Socks', 'Men', 20, 8, 1]),
    orders: [order(1, 1, '2026-10-25'), order(2, 2, '2026-11-01'), order(3, 2, '2026-09-01')],
    order_items: [item(1, 1), item(2, 1), item(3, 3)],
    events: [
      // Open on 19 October for four days, bought within 28.
      view(1, 1, '2026-10-15', 1),
      // Open for 62 days on 21 September and for 90 on 19 October, then bought; open for 6 on 27 July and 34 on 24 August.
      view(2, 2, '2026-07-21', 1),
      // Bought before 21 September, so open on 24 August alone; bought within 28 days of it.
      view(3, 2, '2026-08-20', 3),
      // Still open today, since 3 days.
      view(4, 3, '2026-11-12', 2),
      view(5, null, '2026-11-13', 2),
    ],
  };

  it('follow pairs over the earlier days and today', async () => {
    const engine = await engineOf();
    await addRaw(engine, raw);
    const tables = await inputsOf(engine, analysis, moment);
    const rows = (name: string, ...keys: string[]) =>
      (tables[name]!.objects() as Record<string, unknown>[]).map((row) => keys.map((key) => row[key]));
    expect(rows('earlier', 'mark', 'band', 'segment', 'pairs', 'bought')).toEqual([
      [1, 1, 0, 1, 1],
      [1, 3, 1, 1, 1],
      [2, 3, 1, 1, 0],
      [3, 1, 0, 1, 1],
      [3, 3, 0, 1, 0],
      [4, 1, 0, 1, 0],
    ]);
    expect(rows('today', 'band', 'segment', 'pairs', 'price', 'cost')).toEqual([[1, 0, 1, 20, 8]]);
    expect(rows('customers', 'segment', 'customers', 'customers_fresh')).toEqual([[0, 1, 1]]);
    expect(rows('first', 'customer_id', 'product_id', 'last_viewed_date')).toEqual([['3', '2', '2026-11-12']]);
    expect(rows('visitors', 'is_identified', 'sessions', 'views_left')).toEqual([
      [false, 1, 1],
      [true, 1, 1],
    ]);
  });

  it.each<[string, Raw]>([
    ['an empty shop', {}],
    ['views without orders', { users: raw.users!, products: raw.products!, events: raw.events! }],
    ['orders without views', { users: raw.users!, products: raw.products!, orders: raw.orders!, order_items: raw.order_items! }],
  ])('stand %s', async (_, rows) => {
    const engine = await engineOf();
    await addRaw(engine, rows);
    const result = await runOn(engine, analysis, moment);
    expect(texts(result)).not.toMatch(/NaN|Infinity|undefined/);
    const shown = [...result.figures, ...result.tables].map(({ id }) => id);
    expect([...shown, ...Object.keys(result.omitted)].sort()).toEqual(
      ['bands', 'campaign', 'categories', 'category-rates', 'category-worth', 'decay', 'first', 'segment-worth'].sort(),
    );
  });
});
