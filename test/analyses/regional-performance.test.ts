import { type ColumnTable, table } from 'arquero';
import { describe, expect, it } from 'vitest';
import type { Context, Result } from '#contract/analysis.ts';
import { formatter } from '#contract/format.ts';
import type { Row } from '#contract/row.ts';
import analysis from '../../analyses/regional-performance/analysis.ts';
import { addWeeks } from '../../analyses/shared/day.ts';

const week = '2026-08-10';
const shop = {
  id: 'test',
  name: 'Test',
  currency: 'USD',
  timezone: 'UTC',
  locale: 'en-US',
  capabilities: ['orders', 'geography', 'deliveries'],
} satisfies Context['shop'];
const context: Context = { shop, asOf: '2026-08-16', week, seed: 1, params: {}, format: formatter(shop) };

function columns(rows: Row[]): ColumnTable {
  return table(Object.fromEntries(Object.keys(rows[0] ?? {}).map((key) => [key, rows.map((row) => row[key])])));
}

interface Made {
  name: string;
  /** Orders a week in the last thirteen weeks, and before. */
  now: number;
  before: number;
}

/** Two years of steady weeks; each order is one customer's only one, worth 50. */
function shopOf(
  countries: Made[],
  centres: { name: string; hours: number[]; orders: number }[] = [],
  length = 104,
): Record<string, ColumnTable> {
  const weeks = Array.from({ length }, (_, i) => addWeeks(week, i + 1 - length));
  const recent = new Set(weeks.slice(-13));
  const at = (country: Made, day: string) => (recent.has(day) ? country.now : country.before);
  const year = (country: Made) => weeks.slice(-52).reduce((sum, day) => sum + at(country, day), 0);
  const spans = (country: Made) => {
    const [n, b, y] = [13 * country.now, length >= 26 ? 13 * country.before : 0, length >= 65 ? 13 * country.before : 0];
    return {
      ...{ orders_now: n, orders_before: b, orders_year: y, now_now: n, now_before: 0, now_year: 0 },
      ...{ before_before: b, before_year: 0, year_year: y, gross_amount: 50 * (n + b + y) },
    };
  };
  const cells = centres.flatMap(({ name, hours, orders }) => hours.map((h) => ({ name, h, orders })));
  return {
    weeks: columns(
      weeks.map((day) => {
        const orders = countries.reduce((sum, country) => sum + at(country, day), 0);
        return { week: day, is_complete: true, orders, gross_amount: 50 * orders, net_revenue: 50 * orders };
      }),
    ),
    countryWeeks: columns(
      countries.flatMap((country) =>
        weeks.map((day) => ({
          week: day,
          country: country.name,
          orders: at(country, day),
          gross_amount: 50 * at(country, day),
          net_revenue: 50 * at(country, day),
        })),
      ),
    ),
    places: columns(
      countries.map((country) => ({
        ...{ country: country.name, region: `${country.name} State`, city: `${country.name} City` },
        ...{
          orders: year(country),
          customers: year(country),
          units: year(country),
          gross_amount: 50 * year(country),
          net_revenue: 50 * year(country),
        },
      })),
    ),
    states: columns(countries.map((country) => ({ country: country.name, region: `${country.name} State`, ...spans(country) }))),
    baskets: columns(
      countries.map((country) => ({
        country: country.name,
        orders: year(country),
        customers: year(country),
        gross_amount: 50 * year(country),
        gross_squares: 2600 * year(country),
      })),
    ),
    parcels: columns(
      cells.flatMap(({ name, h, orders }) => [
        { centre: name, stage: 'total', hours: h, orders },
        { centre: name, stage: 'ordered', hours: 0, orders },
      ]),
    ),
    destinations: columns(
      centres.flatMap(({ name, hours, orders }) =>
        ['ship', 'transit', 'total'].map((stage) => ({
          ...{ centre: name, country: 'Aland', stage, orders: orders * hours.length },
          hours: orders * hours.reduce((a, b) => a + b, 0),
          squares: orders * hours.reduce((a, b) => a + b * b, 0),
        })),
      ),
    ),
    stages: columns([{ stage: 'total', items: 10, days: 35 }]),
  };
}

const steady: Made[] = [
  { name: 'Aland', now: 40, before: 40 },
  { name: 'Beland', now: 30, before: 30 },
  { name: 'Celand', now: 20, before: 20 },
];
const fading: Made[] = [...steady, { name: 'Deland', now: 10, before: 20 }];
const run = (tables: Record<string, ColumnTable>, changed: Partial<Context> = {}): Result =>
  analysis.run(tables, { ...context, ...changed });
const finding = (result: Result, id: string) => result.findings.find((item) => item.id === id);

/** Every number of a result is finite; every proof exists or is omitted. */
function isSound(result: Result): void {
  const walk = (value: unknown): void => {
    if (typeof value === 'number') expect(Number.isFinite(value)).toBe(true);
    else if (value && typeof value === 'object') Object.values(value).forEach(walk);
  };
  walk(result);
  expect(JSON.stringify(result)).not.toMatch(/NaN|Infinity/);
  const ids = new Set([...result.figures, ...result.tables].map(({ id }) => id).concat(Object.keys(result.omitted)));
  for (const { proof } of result.findings) expect(ids).toContain(proof);
  expect(new Set(result.findings.map(({ id }) => id)).size).toBe(result.findings.length);
}

describe('growth', () => {
  it('finds the one country that fades and no other', () => {
    const result = run(shopOf(fading));
    // Deland: 130 orders; its base of 520 in 26 weeks moved by the others (1170 of 2340) lets expect 260.
    expect(finding(result, 'growth-country')).toMatchObject({
      kind: 'change',
      direction: 'bad',
      effect: { value: -130 },
      evidence: { n: 130 },
    });
    expect(finding(result, 'growth-country')!.claim).toBe('Deland fades: orders are 50.0% below expectation');
    // 130 orders of 50 in 13 weeks, four times a year.
    expect(finding(result, 'growth-country')!.stake!.value).toBeCloseTo(26_000, 6);
    expect(result.findings.filter(({ kind }) => kind === 'change').map(({ claim }) => claim.split(' ')[0])).toEqual(['Deland', 'Deland']);
    expect(result.headline).toBe('Deland fades against expectation; three of four countries hold theirs');
    isSound(result);
  });

  it('calls nothing in a steady shop, and says how many were tested', () => {
    const result = run(shopOf(steady));
    expect(finding(result, 'growth-country')).toMatchObject({ kind: 'nothing', stake: null });
    expect(finding(result, 'growth-country')!.claim).toBe('None of the 3 countries grows or fades beyond chance');
    expect(result.method).toMatchObject({ tested: 9, called: 0 });
    isSound(result);
  });

  it('does not call a shift that all countries share', () => {
    const result = run(shopOf(steady.map((country) => ({ ...country, now: country.now * 2 }))));
    expect(result.method.called).toBe(0);
    expect(result.caveats.join(' ')).not.toContain('surge');
  });

  it('does not call a country that differs from one span only', () => {
    const tables = shopOf(fading);
    const odd = (tables.states!.objects() as Row[]).map((row) =>
      row.country === 'Deland' ? { ...row, orders_now: 260, now_now: 260, orders_year: 100, year_year: 100 } : row,
    );
    const result = run({ ...tables, states: columns(odd) });
    expect(finding(result, 'growth-country')!.kind).toBe('nothing');
    expect(finding(result, 'growth-country')!.detail).toContain('Deland differs from these spans together, but not from each');
  });

  it('takes orders of one customer as one piece of evidence', () => {
    const tables = shopOf([...steady, { name: 'Deland', now: 14, before: 20 }]);
    expect(finding(run(tables), 'growth-country')!.kind).toBe('change');
    // All by customers who order ten times a span.
    const bulk = (tables.states!.objects() as Row[]).map((row) => ({
      ...row,
      ...{ now_now: 10 * Number(row.now_now), before_before: 10 * Number(row.before_before), year_year: 10 * Number(row.year_year) },
    }));
    expect(finding(run({ ...tables, states: columns(bulk) }), 'growth-country')!.kind).toBe('nothing');
  });
});

describe('places', () => {
  it('adds up to the shop in each table', () => {
    const tables = shopOf([...fading, { name: 'Eland', now: 0.1, before: 0.1 }]);
    const result = run(tables);
    const whole = (tables.places!.objects() as Row[]).reduce((sum, row) => sum + Number(row.net_revenue), 0);
    for (const id of ['country-table', 'states-table', 'cities-table']) {
      const { rows, total } = result.tables.find((item) => item.id === id)!;
      expect(rows.reduce((sum, row) => sum + Number(row.net_revenue), 0)).toBeCloseTo(whole, 6);
      expect(total!.net_revenue).toBeCloseTo(whole, 2);
      expect(rows.at(-1)!).toMatchObject({ net_revenue: 260 });
    }
  });
});

describe('delivery', () => {
  const usual = [48, 72, 96];
  const centres = [
    { name: 'North', hours: usual, orders: 40 },
    { name: 'South', hours: usual, orders: 40 },
    { name: 'Slow', hours: [96, 120, 144], orders: 40 },
  ];

  it('finds the slow centre with its days', () => {
    const result = run(shopOf(steady, centres));
    expect(finding(result, 'slow-centre')).toMatchObject({ direction: 'bad', effect: { unit: 'days' } });
    expect(finding(result, 'slow-centre')!.effect!.value).toBeCloseTo(2, 9);
    expect(finding(result, 'slow-centre')!.claim).toBe('Slow delivers 2.0 days later than the other centres');
    const slow = result.tables.find(({ id }) => id === 'delivery')!.rows[0]!;
    // Mean of 96, 120 and 144 hours, taken at the middle of each hour.
    expect(slow).toMatchObject({ centre: 'Slow', standing: 'slow' });
    expect(slow.total).toBeCloseTo(5 + 1 / 48, 9);
    isSound(result);
  });

  it('finds none among equals', () => {
    const result = run(shopOf(steady, centres.slice(0, 2)));
    expect(finding(result, 'slow-centre')!.kind).toBe('nothing');
  });

  it('says what is missing where deliveries are unknown', () => {
    const result = run(shopOf(steady), { shop: { ...shop, capabilities: ['orders', 'geography'] } });
    expect(result.omitted).toMatchObject({
      centres: expect.stringContaining('deliveries'),
      days: expect.any(String),
      delivery: expect.any(String),
    });
    expect(finding(result, 'slow-centre')).toBeUndefined();
    isSound(result);
  });
});

describe('degenerate shops', () => {
  const cases: [string, Record<string, ColumnTable>][] = [
    ['no rows', {}],
    ['empty tables', Object.fromEntries(Object.keys(analysis.inputs).map((key) => [key, table({})]))],
    ['one country', shopOf(steady.slice(0, 1))],
    ['three weeks', shopOf(steady, [], 3)],
    ['half a year', shopOf(steady, [], 30)],
    ['one order', shopOf([{ name: 'Aland', now: 1 / 13, before: 0 }], [{ name: 'One', hours: [24], orders: 1 }], 13)],
    ['all cancelled', shopOf([{ name: 'Aland', now: 0, before: 0 }])],
    ['a country that stops', shopOf([...steady, { name: 'Deland', now: 0, before: 20 }])],
    ['a country that begins', shopOf([...steady, { name: 'Deland', now: 20, before: 0 }])],
  ];
  it.each(cases)('%s', (_, tables) => {
    isSound(run(tables));
  });

  it('keeps hostile names apart and as they are', () => {
    const names = ['<script>alert(1)</script>', '{{constructor}}', '=HYPERLINK("x")', '__proto__'];
    const result = run(shopOf(names.map((name, i) => ({ name, now: i === 1 ? 10 : 40, before: 40 }))));
    expect(finding(result, 'growth-country')!.claim).toContain('{{constructor}} fades');
    isSound(result);
  });

  it('gives the same result twice and another for another shop', () => {
    const one = JSON.stringify(run(shopOf(fading)));
    expect(JSON.stringify(run(shopOf(fading)))).toBe(one);
    const other = run(shopOf(fading.map((country) => ({ ...country, now: country.now * 3, before: country.before * 7 }))));
    expect(JSON.stringify(other.findings)).not.toBe(JSON.stringify(run(shopOf(fading)).findings));
  });
});
