import * as aq from 'arquero';
import { describe, expect, it } from 'vitest';
import analysis from '../../analyses/sales-trends/analysis.ts';
import { dayOutliers } from '../../analyses/sales-trends/outliers.ts';
import { addDays, addWeeks } from '../../analyses/shared/day.ts';
import { context, lastWeek, runOn, type Sold, steadyShop } from './sales-fixture.ts';

const prior = addWeeks(lastWeek, -1);

// By hand: units 15 → 18, gross 200 → 292, refunds 10 → 30. Midpoint average price 5/9·9.5 + 4/9·21 = 14.6111;
// volume 3·14.6111 = 43.83; mix (9.5 − 14.6111)·(−2) + (21 − 14.6111)·5 = 42.17; price against list 9·10·(−0.1) = −9;
// products chosen 7.5·2 = 15; refunds −20; together 72.
const twoWeeks: Sold[] = [
  { week: prior, dimension: 'category', value: 'A', orders: 10, units: 10, gross: 100, refunds: 10, list: 100 },
  { week: prior, dimension: 'category', value: 'B', orders: 10, units: 5, gross: 100, refunds: 0, list: 100 },
  { week: lastWeek, dimension: 'category', value: 'A', orders: 12, units: 8, gross: 72, refunds: 0, list: 80 },
  { week: lastWeek, dimension: 'category', value: 'B', orders: 13, units: 10, gross: 220, refunds: 30, list: 220 },
];

describe('what the change is made of', () => {
  const result = runOn(twoWeeks);
  const table = (id: string) => result.tables.find((t) => t.id === id)!;

  it('splits the change on the prior week exactly', () => {
    const steps = result.figures.find((f) => f.id === 'bridge-week')!.rows.filter((row) => row.kind === 'step');
    expect(Object.fromEntries(steps.map((row) => [row.step, row.value]))).toEqual({
      'Units sold': 43.83,
      'Mix of categories': 42.17,
      'Products chosen': 15,
      'Price against list': -9,
      Refunds: -20,
    });
    expect(table('drivers').total).toMatchObject({ week: 72, year: null });
  });

  it('splits by orders and order value with the log mean', () => {
    const by = Object.fromEntries(table('drivers').rows.map((row) => [row.step, row.week]));
    // L(292, 200) = 92 / ln 1.46 = 243.106; × ln(25/20), ln((18/25)/(15/20)), ln((292/18)/(200/15));
    // 54.247, −9.924, 47.677: the cent that rounding leaves over goes to the largest.
    expect(by).toEqual({ 'Number of orders': 54.24, 'Units per order': -9.92, 'Value per unit': 47.68, Refunds: -20 });
  });

  it('draws a waterfall whose steps lead to the end', () => {
    const rows = result.figures.find((f) => f.id === 'bridge-week')!.rows;
    const steps = rows.filter((row) => row.kind === 'step').reduce((sum, row) => sum + Number(row.value), 0);
    expect(rows[0]).toMatchObject({ kind: 'start', value: 190 });
    expect(rows.at(-1)).toMatchObject({ kind: 'end', value: 262 });
    expect(190 + steps).toBeCloseTo(262, 8);
  });

  it('says what it cannot compare with', () => {
    expect(result.omitted['bridge-year']).toBe('The data do not hold the same four weeks of last year.');
    expect(result.findings.find((f) => f.id === 'driver')!.claim).toBe(
      'Net revenue rose €72.00 on the prior week; the number of units sold added €43.83.',
    );
    expect(result.headline).toBe('Net revenue rose 37.9% to €262.00 in the week');
  });
});

describe('measures of the week', () => {
  it('compares with the prior week and with 52 weeks before', () => {
    const result = runOn(steadyShop(60));
    const orders = result.metrics.find((m) => m.id === 'orders')!;
    const at = (week: string) =>
      steadyShop(60)
        .filter((s) => s.week === week && s.dimension === 'category')
        .reduce((sum, s) => sum + s.orders, 0);
    expect(orders.value).toBe(at(lastWeek));
    expect(orders.comparisons).toEqual([
      { label: 'prior week', value: at(addWeeks(lastWeek, -1)) },
      { label: 'same week last year', value: at(addWeeks(lastWeek, -52)) },
    ]);
    expect(orders.history).toHaveLength(52);
    expect(orders.expected?.standing).toBe('inside');
  });

  it('leaves the margin unknown where the shop has no costs', () => {
    const result = runOn(steadyShop(20), { capabilities: ['orders'] });
    expect(result.metrics.find((m) => m.id === 'margin_share')!.value).toBeNull();
  });

  it('counts year to date by complete days against the same dates', () => {
    const metric = runOn(steadyShop(120)).metrics.find((m) => m.id === 'net_revenue_ytd')!;
    expect(metric.period).toBe('1 January to 16 August 2026');
    expect(metric.comparisons[0]!.label).toBe('year to date last year');
    expect(metric.value).toBeGreaterThan(0);
    expect(metric.comparisons[0]!.value).toBeGreaterThan(0);
    expect(runOn(steadyShop(60)).metrics.find((m) => m.id === 'net_revenue_ytd')!.comparisons[0]!.value).toBeNull();
  });

  it('leaves weeks after the one reported, and incomplete ones, out', () => {
    const later = [...steadyShop(30), ...steadyShop(30).map((s) => ({ ...s, week: addWeeks(s.week, 30), gross: s.gross * 9 }))];
    expect(runOn(later).metrics[0]).toEqual(runOn(steadyShop(30)).metrics[0]);
  });
});

describe('signals', () => {
  const halved = (sold: Sold[], week: string) =>
    sold.map((s) =>
      s.week === week
        ? { ...s, orders: Math.round(s.orders / 2), units: Math.round(s.units / 2), gross: s.gross / 2, list: s.list / 2 }
        : s,
    );

  it('calls a week that halves, and finds nothing in a steady one', () => {
    const steady = runOn(steadyShop(60));
    expect(steady.findings.find((f) => f.id === 'week')).toMatchObject({ kind: 'nothing', stake: null });
    const fallen = runOn(halved(steadyShop(60), lastWeek));
    const week = fallen.findings.find((f) => f.id === 'week')!;
    expect(week).toMatchObject({ kind: 'change', direction: 'bad' });
    expect(week.stake!.value).toBeLessThan(0);
    expect(fallen.headline).toContain('below its expected range');
    expect(fallen.method.called).toBeGreaterThan(steady.method.called);
  });

  it('keeps an earlier week outside its range as an anomaly', () => {
    const week = addWeeks(lastWeek, -10);
    const result = runOn(halved(steadyShop(60), week));
    expect(result.findings.find((f) => f.id === 'anomalies')!.claim).toContain('One week of the last');
    expect(result.tables.find((t) => t.id === 'outside')!.rows[0]).toMatchObject({ week: 'Week 23, 2026' });
  });

  it('calls growth on last year with its interval', () => {
    const half = addWeeks(lastWeek, -40);
    const grown = steadyShop(80).map((s) =>
      s.week > half ? { ...s, gross: s.gross * 1.5, list: s.list * 1.5, refunds: s.refunds * 1.5 } : s,
    );
    const growth = runOn(grown).findings.find((f) => f.id === 'growth')!;
    expect(growth.kind).toBe('change');
    expect(growth.claim).toMatch(/^Net revenue of the last 13 weeks is (49|50|51)\.\d% above the same weeks last year\.$/);
    expect(growth.stake!.low).toBeLessThan(growth.stake!.value);
  });

  it('calls a share of orders that moved on last year, and not one that did not', () => {
    const recent = addWeeks(lastWeek, -3);
    const moved = steadyShop(60).map((s) => (s.value === 'Spain' && s.week >= recent ? { ...s, orders: Math.round(s.orders * 0.4) } : s));
    const find = (sold: Sold[]) => runOn(sold).findings.find((f) => f.id === 'shifts')!;
    expect(find(moved)).toMatchObject({ kind: 'change', claim: 'Spain changed its share of orders against last year.' });
    expect(find(steadyShop(60)).kind).toBe('nothing');
  });

  it('calls days of an outage that their weeks hide', () => {
    const days = Array.from({ length: 400 }, (_, i) => ({
      date: addDays('2026-08-16', i - 399),
      week: '',
      orders: 30 + ((i * 7) % 11),
      units: 0,
      new_customers: 0,
      gross_amount: 0,
      net_revenue: 0,
      margin: 0,
    }));
    const outage = days.map((day) => (day.date === '2026-07-07' ? { ...day, orders: 2 } : day));
    const outside = (list: typeof days) => dayOutliers(list, context()).filter(({ isOutside }) => isOutside);
    expect(outside(days)).toEqual([]);
    expect(outside(outage)).toMatchObject([{ date: '2026-07-07', value: 2, standing: 'below' }]);
    expect(dayOutliers(days, context())).toHaveLength(91);
  });

  it('finds the weekday pattern that the days hold', () => {
    const pattern = runOn(steadyShop(30)).findings.find((f) => f.id === 'season-weekday')!;
    expect(pattern.claim).toBe('Sunday runs 75.0% above the average day.');
  });
});

describe('contributions', () => {
  it('add up to the shop in each dimension', () => {
    const table = runOn(steadyShop(60)).tables.find((t) => t.id === 'contributions')!;
    for (const dimension of ['Category', 'Country']) {
      const lines = table.rows.filter((row) => row.dimension === dimension);
      expect(lines.length).toBeGreaterThan(0);
      const own = lines.reduce((sum, row) => sum + Number(row.change), 0);
      expect(own).toBeCloseTo(Number(table.total!.change), 6);
    }
  });

  it('pool values with few orders and many values', () => {
    const many = Array.from({ length: 15 }, (_, i) => `Category ${i}`).flatMap((value, i) =>
      [prior, lastWeek].map((week, j) => ({
        week,
        dimension: 'category',
        value,
        orders: i < 3 ? 2 : 20,
        units: 20,
        gross: 100 + i * (1 + j),
        refunds: 0,
        list: 200,
      })),
    );
    const rows = runOn(many).tables.find((t) => t.id === 'contributions')!.rows;
    expect(rows).toHaveLength(9);
    expect(rows.at(-1)!.value).toBe('All other (7)');
    expect(rows.reduce((sum, row) => sum + Number(row.change), 0)).toBe(105);
  });
});

describe('any shop', () => {
  const none = aq.table({});
  const shops: [string, Sold[]][] = [
    ['of three weeks', steadyShop(3)],
    ['of one order', [{ week: lastWeek, dimension: 'category', value: 'A', orders: 1, units: 1, gross: 10, refunds: 0, list: 10 }]],
    ['with all orders cancelled', steadyShop(40).map((s) => ({ ...s, orders: 0, units: 0, gross: 0, refunds: 0, list: 0 }))],
    ['with refunds only', steadyShop(30).map((s) => ({ ...s, orders: 0, units: 0, gross: 0, list: 0 }))],
    ['of three years', steadyShop(160)],
    ['whose last week is missing', steadyShop(30).map((s) => ({ ...s, week: addWeeks(s.week, -3) }))],
    ['that never varies', steadyShop(60).map((s) => ({ ...s, orders: 50, units: 50, gross: 500, refunds: 0, list: 500 }))],
    ['with hostile names', steadyShop(60, 1, ['<script>alert(1)</script>\n{{constructor}}', '=HYPERLINK("http://x")'])],
  ];

  it.each(shops)('%s gives numbers that are finite and proofs that exist', (_, sold) => {
    check(runOn(sold));
  });

  it('without any row says so', () => {
    const result = analysis.run({ weeks: none, months: none, days: none, segments: none }, context());
    check(result);
    expect(result.headline).toBe('No complete week of sales to report yet');
    expect(result.findings).toEqual([]);
    expect(result.metrics.every((m) => m.value === null)).toBe(true);
  });

  it('gives the same result twice', () => {
    expect(JSON.stringify(runOn(steadyShop(110)))).toBe(JSON.stringify(runOn(steadyShop(110))));
  });

  it('shares no amount of money with another', () => {
    const amounts = (factor: number) =>
      new Set(JSON.stringify(runOn(steadyShop(110, factor)).findings.map(({ claim, detail }) => claim + detail)).match(/€[\d,.]+\d[kM]?/g));
    const [a, b] = [amounts(1), amounts(3.37)];
    expect(a.size).toBeGreaterThan(5);
    expect([...a].filter((amount) => b.has(amount))).toEqual([]);
  });
});

function check(result: ReturnType<typeof runOn>): void {
  const text = JSON.stringify(result, (_, value) => (typeof value === 'number' && !Number.isFinite(value) ? 'NOT A NUMBER' : value));
  expect(text).not.toContain('NOT A NUMBER');
  expect(text).not.toMatch(/NaN|Infinity|undefined/);
  const shown = new Set([...result.figures, ...result.tables].map(({ id }) => id).concat(Object.keys(result.omitted)));
  for (const { proof } of result.findings) expect(shown).toContain(proof);
  expect(result.method.called).toBeLessThanOrEqual(result.method.tested);
  for (const { columns, rows } of result.tables) for (const { key } of columns) expect(Object.keys(rows[0]!)).toContain(key);
}
