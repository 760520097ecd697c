import * as aq from 'arquero';
import { describe, expect, it } from 'vitest';
import { renderSvg } from '#chart/svg.ts';
import type { Result } from '#contract/analysis.ts';
import { addDays, addWeeks } from '../../analyses/shared/day.ts';
import analysis from '../../analyses/website-performance/analysis.ts';
import type { Slice } from '../../analyses/website-performance/traffic.ts';
import { context, lastWeek } from './sales-fixture.ts';

interface Site {
  weeks: { sessions: number; purchases: number; gross: number }[];
  days: number[];
  slices: Partial<Slice>[];
}

const empty = { product_sessions: 0, cart_sessions: 0, cancel_sessions: 0, purchase_sessions: 0, late_purchase_sessions: 0, bounces: 0 };
const columns = ['span', 'dimension', 'value', 'part', 'sessions', ...Object.keys(empty)];

function runOn({ weeks, days, slices }: Site, capabilities = ['orders', 'events'] as const): Result {
  const table = (names: string[], rows: object[]) =>
    rows.length > 0 ? aq.from(rows) : aq.table(Object.fromEntries(names.map((name) => [name, []])));
  const tables = {
    weeks: table(
      ['week', 'is_complete', 'orders', 'sessions', 'purchase_sessions', 'conversion', 'gross_amount'],
      weeks.map(({ sessions, purchases, gross }, i) => ({
        ...{ week: addWeeks(lastWeek, i + 1 - weeks.length), is_complete: true, orders: purchases, sessions, purchase_sessions: purchases },
        ...{ conversion: sessions > 0 ? purchases / sessions : null, gross_amount: gross },
      })),
    ),
    days: table(
      ['date', 'sessions', 'purchase_sessions'],
      days.map((sessions, i) => ({ date: addDays('2026-08-16', i + 1 - days.length), sessions, purchase_sessions: 0 })),
    ),
    slices: table(
      columns,
      slices.map((slice) => ({ span: 'now', dimension: 'source', value: 'Email', part: '0', sessions: 0, ...empty, ...slice })),
    ),
  };
  return analysis.run(tables, context({ capabilities: [...capabilities] }));
}

const source = (span: Slice['span'], value: string, sessions: number, purchases: number, late = 0): Partial<Slice> => ({
  ...{ span, dimension: 'source', value, sessions, product_sessions: sessions, cart_sessions: purchases * 2, purchase_sessions: purchases },
  late_purchase_sessions: late,
});
const steady = Array.from({ length: 60 }, (_, i) => ({ sessions: 1000 + ((i * 37) % 21), purchases: 100 + ((i * 13) % 7), gross: 5000 }));
const week = [100, 110, 120, 130, 140, 180, 200];
const quiet = Array.from({ length: 200 }, (_, i) => week[i % 7]! + ((i * 17) % 9));
const finding = (result: Result, id: string) => result.findings.find((f) => f.id === id);

describe('website-performance', () => {
  it('counts the funnel over both spans', () => {
    const result = runOn({
      weeks: steady,
      days: quiet,
      slices: [source('last', 'Email', 1000, 100), source('now', 'Email', 3000, 300), source('before', 'Email', 4000, 400)],
    });
    expect(result.tables.find(({ id }) => id === 'steps')?.rows.map(({ step, sessions, share }) => [step, sessions, share])).toEqual([
      ['Saw a product', 4000, 1],
      ['Filled the cart', 800, 0.2],
      ['Bought', 400, 0.5],
    ]);
    expect(finding(result, 'conversion-change')).toMatchObject({ kind: 'nothing', effect: { value: 0 } });
  });

  it('calls a change of conversion beyond chance, and says what it is made of', () => {
    const visitor = (span: Slice['span'], value: string, sessions: number, purchase_sessions: number) => ({
      span,
      dimension: 'visitor' as const,
      value,
      sessions,
      purchase_sessions,
    });
    const result = runOn({
      weeks: steady,
      days: quiet,
      slices: [
        ...[source('last', 'Email', 1000, 200), source('now', 'Email', 9000, 1800), source('before', 'Email', 10_000, 1000)],
        ...[visitor('now', 'identified', 6000, 2000), visitor('now', 'anonymous', 4000, 0)],
        ...[visitor('before', 'identified', 3000, 1000), visitor('before', 'anonymous', 7000, 0)],
      ],
    });
    const called = finding(result, 'conversion-change');
    expect(called).toMatchObject({ kind: 'change', direction: 'good' });
    expect(called?.effect?.value).toBeCloseTo(0.1, 12);
    // Identified sessions bought a third of the time in both spans: all of the change is a shift between the groups.
    expect(called?.detail).toContain('+10.0 pt of it is a shift between anonymous and identified sessions, 0.0 pt a change within them');
  });

  it('leaves a last week unjudged whose purchases are still to come', () => {
    const slices = [
      source('last', 'Email', 1000, 10),
      source('now', 'Email', 12_000, 1200, 240),
      source('before', 'Email', 13_000, 1300, 260),
    ];
    const result = runOn({ weeks: [...steady.slice(0, -1), { sessions: 1000, purchases: 10, gross: 500 }], days: quiet, slices });
    expect(result.caveats.join(' ')).toContain('20.0% of purchases come after the week');
    expect(result.metrics.find(({ id }) => id === 'conversion')?.expected?.standing).toBe('unknown');
    expect(finding(result, 'conversion-change')).toMatchObject({ kind: 'nothing', effect: { value: 0 } });
  });

  it('finds an outage of two days as one event, and no other', () => {
    const days = quiet.map((n, i) => (i === 150 || i === 151 ? Math.round(n * 0.2) : n));
    const result = runOn({ weeks: steady, days, slices: [source('now', 'Email', 12_000, 1200), source('before', 'Email', 13_000, 1300)] });
    const odd = result.findings.filter(({ id }) => id.startsWith('odd-days'));
    expect(odd).toHaveLength(1);
    expect(odd[0]).toMatchObject({ kind: 'change', direction: 'bad', stake: { once: true } });
    expect(odd[0]?.claim).toContain('28 to 29 June 2026');
  });

  it.each([
    { what: 'differ', email: 300, calls: 2 },
    { what: 'do not differ', email: 100, calls: 0 },
  ])('tells sources apart only where they $what', ({ email, calls }) => {
    const result = runOn({
      weeks: steady,
      days: quiet,
      slices: [
        source('now', 'Email', 1000, email),
        source('now', 'Search', 1000, 100),
        source('before', 'Email', 1000, 100),
        source('before', 'Search', 1000, 100),
      ],
    });
    expect(result.tables.find(({ id }) => id === 'groups')?.rows.filter(({ called }) => called === 'beyond chance')).toHaveLength(calls);
    expect(finding(result, 'sources')?.kind).toBe(calls > 0 ? 'state' : 'nothing');
  });

  it('says that conversion means little where visitors are identified by buying', () => {
    const slices = [
      ...[source('now', 'Email', 2000, 990), source('before', 'Email', 2000, 990)],
      { dimension: 'visitor' as const, value: 'identified', sessions: 1000, purchase_sessions: 990 },
      { dimension: 'visitor' as const, value: 'anonymous', sessions: 1000 },
    ];
    const result = runOn({ weeks: steady, days: quiet, slices });
    expect(result.headline).toBe('50.0% of sessions are identified, nearly all by buying');
    expect(result.caveats[0]).toContain('no measure of how well the site sells');
  });

  it.each([
    { what: 'no sessions at all', site: { weeks: [], days: [], slices: [] } },
    { what: 'one session', site: { weeks: [{ sessions: 1, purchases: 0, gross: 0 }], days: [1], slices: [source('last', 'Email', 1, 0)] } },
    { what: 'three weeks', site: { weeks: steady.slice(0, 3), days: quiet.slice(0, 21), slices: [source('now', 'Email', 3000, 300)] } },
    {
      what: 'nobody buys',
      site: {
        weeks: steady.map((w) => ({ ...w, purchases: 0, gross: 0 })),
        days: quiet,
        slices: [source('now', 'Email', 3000, 0), source('before', 'Email', 3000, 0)],
      },
    },
  ])('has an answer for $what', async ({ site }) => {
    const result = runOn(site);
    expect(JSON.stringify(result)).not.toMatch(/NaN|Infinity|undefined/);
    const known = new Set([...result.figures, ...result.tables].map(({ id }) => id).concat(Object.keys(result.omitted)));
    for (const { proof } of result.findings) expect(known).toContain(proof);
    for (const figure of result.figures) expect(await renderSvg(figure, 'wide', figure.id)).toContain('<svg');
  });
});
