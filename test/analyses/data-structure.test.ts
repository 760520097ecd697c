import * as aq from 'arquero';
import { describe, expect, it } from 'vitest';
import { renderSvg } from '#chart/svg.ts';
import type { Result } from '#contract/analysis.ts';
import analysis from '../../analyses/data-structure/analysis.ts';
import { context } from './sales-fixture.ts';

const models = [
  {
    model: 'stg_customers',
    layer: 'staging',
    entity: 'customer',
    grain: 'one row a customer',
    key: 'customer_id',
    rows: 3,
    latest: '2026-08-01T10:00:00Z',
  },
  {
    model: 'stg_orders',
    layer: 'staging',
    entity: 'order',
    grain: 'one row an order',
    key: 'order_id',
    rows: 4,
    latest: '2026-08-16T23:00:00Z',
  },
  { model: 'kpi_weekly', layer: 'marts', entity: 'week', grain: 'one row a week', key: 'week', rows: 2, latest: null },
];
const columns = [
  { model: 'stg_customers', column: 'customer_id', type: 'string', is_key: true, refers_to: null },
  { model: 'stg_customers', column: 'city', type: 'string', is_key: false, refers_to: null },
  { model: 'stg_orders', column: 'order_id', type: 'string', is_key: true, refers_to: null },
  { model: 'stg_orders', column: 'customer_id', type: 'string', is_key: false, refers_to: 'stg_customers.customer_id' },
];
const relationships = [
  {
    from_model: 'stg_orders',
    from_column: 'customer_id',
    to_model: 'stg_customers',
    to_column: 'customer_id',
    cardinality: 'many to one',
    rows: 4,
    orphans: 0,
  },
];
const profile = [
  {
    table: 'stg_customers',
    column: 'city',
    type: 'text',
    rows: 3,
    nulls: 2,
    distinct: 1,
    min: null,
    max: null,
    negative: 0,
    future: 0,
    empty: 0,
    literal_null: 1,
  },
  {
    table: 'stg_orders',
    column: 'order_id',
    type: 'text',
    rows: 4,
    nulls: 0,
    distinct: 4,
    min: null,
    max: null,
    negative: 0,
    future: 0,
    empty: 0,
    literal_null: 0,
  },
];
const tests = [{ model: 'stg_orders', test: 'unique', column: 'order_id', severity: 'stop', rows: 4, failed: 0, passed: true }];
const exclusions = [
  { table_name: 'orders', reason: 'cancelled_order', treatment: 'dropped', past_wall: false, excluded_rows: 1 },
  { table_name: 'orders', reason: 'ordered_after_as_of', treatment: 'dropped', past_wall: true, excluded_rows: 77 },
];

const all = { models, columns, relationships, profile, tests, exclusions };
const runOn = (changes: Partial<typeof all> = {}): Result =>
  analysis.run(
    Object.fromEntries(
      Object.entries({ ...all, ...changes }).map(([name, rows]) => [name, rows.length > 0 ? aq.from(rows) : aq.table({ model: [] })]),
    ),
    {
      ...context(),
      params: analysis.params,
    },
  );
const rowsOf = (result: Result, id: string) => result.tables.find((table) => table.id === id)?.rows;

describe('data-structure', () => {
  it('counts the tables that the reports see, and their age', () => {
    const result = runOn();
    expect(rowsOf(result, 'entities')?.map(({ table, rows, age }) => [table, rows, age])).toEqual([
      ['customers', 3, 15],
      ['orders', 4, 0],
    ]);
    expect(result.metrics.find(({ id }) => id === 'rows_read')?.value).toBe(7);
    expect(result.findings.find(({ id }) => id === 'freshness')?.claim).toBe('customers is behind by more than 7 days');
  });

  it('shows nothing of what lies after the as-of day', () => {
    const result = runOn();
    expect(rowsOf(result, 'exclusions')).toEqual([
      { table: 'orders', reason: 'cancelled order', treatment: 'left out of sales', rows: 1, share: 0.25 },
    ]);
    expect(JSON.stringify(result)).not.toContain('77');
  });

  it('names gaps and odd values', () => {
    const result = runOn();
    expect(rowsOf(result, 'columns')).toEqual([{ column: 'customers.city', rows: 3, missing: 2, share: 2 / 3, negative: 0, empty: 1 }]);
  });

  it('says so when references or tests fail', () => {
    const broken = runOn({
      relationships: relationships.map((r) => ({ ...r, orphans: 2 })),
      tests: [...tests, { model: 'stg_orders', test: 'not_null', column: 'status', severity: 'stop', rows: 4, failed: 3, passed: false }],
    });
    expect(broken.headline).toBe('1 of 2 data tests failed: read the figures with care');
    expect(broken.findings.find(({ id }) => id === 'keys')?.claim).toBe('2 of 4 references lead nowhere');
    expect(broken.findings.find(({ id }) => id === 'tests')?.action?.owner).toBe('Data owner');
    expect(broken.method).toMatchObject({ tested: 2, called: 1 });
    expect(runOn().headline).toBe('Every reference leads somewhere, and the data pass their tests');
  });

  it('has an answer for empty tables', async () => {
    const result = runOn({
      models: models.map((m) => ({ ...m, rows: 0, latest: null as unknown as string })),
      profile: [],
      relationships: [],
      exclusions: [],
      tests: [],
    });
    expect(JSON.stringify(result)).not.toMatch(/NaN|Infinity|undefined/);
    expect(result.omitted.erd).toContain('no table has a row');
    const drawn = await Promise.all(runOn().figures.map((figure) => renderSvg(figure, 'narrow', figure.id)));
    expect(drawn.every((svg) => svg.includes('<title'))).toBe(true);
  });
});
