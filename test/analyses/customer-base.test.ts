import * as aq from 'arquero';
import { describe, expect, it } from 'vitest';
import { renderSvg } from '#chart/svg.ts';
import type { Result } from '#contract/analysis.ts';
import analysis from '../../analyses/customer-base/analysis.ts';
import { addMonths, addWeeks } from '../../analyses/shared/day.ts';
import { context, lastWeek } from './sales-fixture.ts';

type Rows = Record<string, (string | number | boolean | null)[]>;

/** Tables of a shop; what is left out is empty. */
function runOn(given: Partial<Record<keyof typeof analysis.inputs, Rows>>): Result {
  const tables = Object.fromEntries(
    Object.keys(analysis.inputs).map((name) => [name, aq.table((given as Record<string, Rows>)[name] ?? { none: [] })]),
  );
  return analysis.run(tables, context({ capabilities: ['orders'] }));
}

const finding = (result: Result, id: string) => result.findings.find((f) => f.id === id);
const metric = (result: Result, id: string) => result.metrics.find((m) => m.id === id);
const list = <T>(n: number, make: (i: number) => T) => Array.from({ length: n }, (_, i) => make(i));

/** Two years of months to July 2026: 10 new and 10 returning customers a month, then 12 and 18, with a little scatter. */
function months(scatter = 1): Rows {
  const of = (early: number, late: number) => list(24, (i) => (i < 12 ? early : late) + (i % 3) * scatter);
  const fresh = of(100, 120);
  const back = of(100, 180);
  return {
    month: list(24, (i) => addMonths('2026-07-01', i - 23)),
    is_complete: list(24, () => true),
    orders: fresh.map((n, i) => n + back[i]!),
    gross_amount: fresh.map((n, i) => 50 * (n + back[i]!)),
    net_revenue: fresh.map((n, i) => 40 * (n + back[i]!)),
    active_customers: fresh.map((n, i) => n + back[i]!),
    new_customers: fresh,
    returning_customers: back,
    signups: list(24, () => 200),
    new_net_revenue: fresh.map((n) => 40 * n),
    existing_net_revenue: back.map((n) => 40 * n),
  };
}

function weeks(last: number): Rows {
  return {
    week: list(60, (i) => addWeeks(lastWeek, i - 59)),
    is_complete: list(60, () => true),
    active_customers: list(60, () => 10),
    new_customers: list(60, () => 5),
    signups: list(60, (i) => (i === 59 ? last : 50 + ((i * 37) % 11))),
  };
}

/** Closed months of 100 first-time buyers, twelve of each rate. */
function cohorts(...rates: number[]): Rows {
  const n = rates.length * 12;
  return {
    month: [...list(n, (i) => addMonths('2026-05-01', i - n)), '2026-06-01'],
    buyers: list(n + 1, () => 100),
    observed: [...list(n, () => 100), 40],
    repeated: [...list(n, (i) => rates[Math.floor(i / 12)]!), 40],
  };
}

const orders: Rows = { orders: [0, 1, 2, 7], customers: [40, 30, 20, 10], net_revenue: [0, 900, 1400, 2000] };

function groups(rows: [value: string, members: number, started: number][], dimension = 'source'): Rows {
  const of = (make: (row: [string, number, number]) => number | string) => rows.map(make);
  return {
    dimension: of(() => dimension),
    value: of(([value]) => value),
    ...{ customers: of(([, n]) => n), buyers: of(([, , n]) => n), orders: of(([, , n]) => n), net_revenue: of(([, , n]) => 10 * n) },
    ...{ members: of(([, n]) => n), started: of(([, , n]) => n), observed: of(([, , n]) => n), repeated: of(([, , n]) => n / 4) },
    ...{ valued: of(([, , n]) => n), early_net: of(([, , n]) => 10 * n), early_square: of(([, , n]) => 200 * n) },
  };
}

describe('customer-base', () => {
  it('splits the growth of active customers into new and returning ones', () => {
    const result = runOn({ months: months(), orders });
    // 12 × (120 + 180) + scatter against 12 × 200 + scatter; the scatter is 0, 1, 2 for each side: 24 customers a year.
    expect(finding(result, 'active-growth')).toMatchObject({ kind: 'change', direction: 'good', effect: { value: 100 } });
    expect(finding(result, 'active-growth')!.detail).toContain('account for +20 of +100 a month, returning ones for +80');
    // 40 of net revenue an active customer and month, 1,200 more of them in a year.
    expect(finding(result, 'active-growth')!.stake!.value).toBeCloseTo(48_000, 6);
    expect(metric(result, 'active_customers')).toMatchObject({ value: 304, comparisons: [{ label: 'prior month', value: 302 }] });
  });

  it('counts second orders of cohorts alone that have been seen to the end', () => {
    const result = runOn({ months: months(), orders, cohorts: cohorts(20, 30) });
    expect(metric(result, 'repeat_rate_90d')).toMatchObject({ value: 0.3, n: 1200 });
    const change = finding(result, 'repeat-rate')!;
    expect(change).toMatchObject({ kind: 'change', direction: 'good', evidence: { n: 1200 } });
    expect(change.effect!.value).toBeCloseTo(0.1, 12);
    // A tenth of 1,452 new customers a year, an order of 50 each.
    expect(change.stake!.value).toBeCloseTo(0.1 * 1452 * 50, 6);
    const dates = result.figures.find(({ id }) => id === 'repeat-cohorts')!.rows.map(({ quarter }) => quarter);
    expect(dates.at(-1)).toBe('2026-01-01');
    expect(finding(runOn({ months: months(), cohorts: cohorts(20, 20), orders }), 'repeat-rate')).toMatchObject({ kind: 'nothing' });
  });

  it('doubts a rise where nobody ever orders more than a handful of times', () => {
    const few: Rows = { orders: [0, 1, 4], customers: [500, 900, 200], net_revenue: [0, 9000, 8000] };
    const result = runOn({ months: months(), orders: few, cohorts: cohorts(20, 30) });
    expect(finding(result, 'repeat-rate')).toMatchObject({ direction: 'neutral', evidence: { level: 'low' } });
    expect(result.caveats.join(' ')).toContain('No customer has ever ordered more than four times');
  });

  it('calls a burst of sign-ups a caveat, not a success', () => {
    const result = runOn({ weeks: weeks(300), months: months(), orders });
    expect(finding(result, 'signup-burst')).toMatchObject({ direction: 'neutral', evidence: { n: 300 } });
    expect(result.caveats[0]).toContain('300 sign-ups in the last week are a burst');
    expect(finding(runOn({ weeks: weeks(55), orders }), 'signup-burst')).toBeUndefined();
  });

  it('compares sources with each other, and pools small ones', () => {
    const rows: [string, number, number][] = [
      ['Search', 4000, 2000],
      ['Email', 2000, 1600],
      ['Display', 2000, 600],
      ['Radio', 20, 8],
      ['Poster', 10, 4],
    ];
    const result = runOn({ months: months(), orders, groups: groups(rows) });
    expect(finding(result, 'sources-first')).toMatchObject({ kind: 'state', claim: expect.stringContaining('Email (80.0%)') });
    expect(finding(result, 'sources-first')!.claim).toContain('Display (30.0%)');
    expect(finding(result, 'sources-repeat')).toMatchObject({ kind: 'nothing', stake: null });
    const table = result.tables.find(({ id }) => id === 'groups')!;
    expect(table.rows.map(({ name, customers }) => [name, customers])).toEqual([
      ['Search', 4000],
      ['Display', 2000],
      ['Email', 2000],
      ['Others', 30],
    ]);
  });

  it('splits revenue over tiers that add up, and holds the share of the top tenth', () => {
    // 90 buyers of 10 and 10 of 91: the top tenth holds 910 of 1,810.
    const spend: Rows = { step: [10, 91], customers: [90, 10], orders: [90, 30], repeaters: [0, 10], net_revenue: [900, 910] };
    const result = runOn({ spend, orders });
    expect(metric(result, 'top_tenth_share_52w')!.value).toBeCloseTo(910 / 1810, 12);
    // Gini of two groups: share of the rich in revenue less their share in buyers.
    expect(metric(result, 'revenue_gini_52w')!.value).toBeCloseTo(910 / 1810 - 0.1, 12);
    const table = result.tables.find(({ id }) => id === 'tiers')!;
    expect(table.rows.reduce((sum, { revenue }) => sum + Number(revenue), 0)).toBeCloseTo(1810, 9);
    expect(finding(result, 'concentration')!.detail).toContain('they ordered 3.00 times, the others 1.00 times');
  });

  it('shows customers by number of orders, those without one included', () => {
    const rows = runOn({ orders }).figures.find(({ id }) => id === 'orders-per-customer')!.rows;
    expect(rows.map(({ orders: bin, customers }) => [bin, customers])).toEqual([
      ...[
        ['0', 40],
        ['1', 30],
        ['2', 20],
        ['3', 0],
        ['4', 0],
        ['5', 0],
        ['6+', 10],
      ],
    ]);
  });

  it.each([
    ['an empty shop', {}],
    ['one customer without an order', { orders: { orders: [0], customers: [1], net_revenue: [0] } }],
    [
      'one order',
      {
        orders: { orders: [1], customers: [1], net_revenue: [5] },
        cohorts: { month: ['2026-08-01'], buyers: [1], observed: [0], repeated: [0] },
      },
    ],
    ['no revenue', { orders, spend: { step: [0], customers: [100], orders: [100], repeaters: [0], net_revenue: [0] } }],
    ['three weeks', { orders, weeks: Object.fromEntries(Object.entries(weeks(50)).map(([key, column]) => [key, column.slice(-3)])) }],
  ] as [string, Parameters<typeof runOn>[0]][])('says nothing wrong of %s', async (_, given) => {
    const result = runOn(given);
    expect(JSON.stringify(result)).not.toMatch(/NaN|Infinity|undefined/);
    for (const id of ['active-customers', 'repeat-cohorts', 'source-first', 'demographics'])
      expect(Object.keys(result.omitted)).toContain(id);
    for (const figure of result.figures) expect(await renderSvg(figure, 'wide', 'x')).toContain('<svg');
  });

  it('is the same each time, and draws hostile names as text', async () => {
    const hostile = '<script>alert(1)</script>{{constructor}}';
    const rows: [string, number, number][] = [
      [hostile, 2000, 1600],
      ['Email', 2000, 600],
    ];
    const given = { months: months(), weeks: weeks(300), orders, cohorts: cohorts(20, 30), groups: groups(rows) };
    const result = runOn(given);
    expect(runOn(given)).toEqual(result);
    for (const figure of result.figures) expect(await renderSvg(figure, 'wide', 'x')).not.toContain('<script');
  });

  it('puts each proof and each omission in its place', () => {
    const result = runOn({ months: months(), weeks: weeks(300), orders, cohorts: cohorts(20, 30) });
    const ids = [...result.figures, ...result.tables].map(({ id }) => id);
    for (const { proof } of result.findings) expect(ids).toContain(proof);
    for (const id of Object.keys(result.omitted)) expect(ids).not.toContain(id);
    expect(result.method.called).toBeLessThanOrEqual(result.method.tested);
  });
});
