import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Cell } from '../../src/contract/row.ts';
import { type Engine, identifier } from '../../src/warehouse/engine.ts';
import { loadModels, type Model } from '../../src/warehouse/model.ts';
import { labelled } from './compare.ts';
import { emptyFixture, fixture, moment, otherMoment } from './fixture.ts';
import { googleSql, rawRelations, runDuckDB, runGoogle } from './shops.ts';
import { decode, type Relation, startZetaSQL, unavailable, type Value, type ZetaSQL } from './zetasql.ts';

const reason = unavailable();
if (reason) console.warn(`the dialect tests are skipped: ${reason}`);

const models = await loadModels('thelook');

describe.skipIf(reason)('models', () => {
  let zetasql: ZetaSQL;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'lookbook-dialect-'));
    zetasql = await startZetaSQL();
  });
  afterAll(() => {
    zetasql?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const catalog: Record<string, Pick<Relation, 'columns'>> = {
    ...rawRelations({}),
    ...Object.fromEntries(models.map((model) => [model.name, { columns: model.columns }])),
  };

  test.each(models.map((model) => [model.name, model] as const))(
    '%s has the columns that its .yml describes, in GoogleSQL',
    async (name, model) => {
      const columns = await zetasql.analyze(googleSql(model.sql, moment, name), catalog);
      expect(columns).toEqual(model.columns.map(({ name, type }) => ({ name, type })));
    },
  );

  const queries = models.flatMap(({ name, tests }) =>
    tests.flatMap((check) => (check.kind === 'reconciliation' ? [[`${name}: ${check.name}`, check.sql] as const] : [])),
  );
  test.each(queries)('data test %s is GoogleSQL too', async (name, sql) => {
    expect(await zetasql.analyze(googleSql(sql, moment, name), catalog)).not.toEqual([]);
  });

  describe.each([
    ['a shop that reaches every branch', fixture, moment],
    ['the same at an earlier day and in another zone', fixture, otherMoment],
    ['a shop without rows', emptyFixture, moment],
  ])('%s', (_title, rows, when) => {
    let google: Record<string, Value[][]>;
    let engine: Engine;
    beforeAll(async () => {
      google = await runGoogle(zetasql, models, rows, when);
      engine = await runDuckDB(models, rows, when, mkdtempSync(join(folder, 'shop-')));
    });
    afterAll(() => engine?.close());

    test.each(models.map((model) => [model.name, model] as const))('%s: the same rows from both engines', async (_, model) => {
      const duckdb = await duckRows(engine, model);
      const byGoogle = sorted(
        google[model.name]!.map((row) => row.map(decode)),
        model,
      );
      expect(byGoogle.length).toBe(duckdb.length);
      byGoogle.forEach((row, i) => {
        expect(labelled(model.columns, row, duckdb[i])).toEqual(labelled(model.columns, duckdb[i]!));
      });
    });

    test.each(models.map((model) => [model.name, model] as const))('%s: the types that its .yml describes, in DuckDB', async (_, model) => {
      const { column_name, column_type } = await engine.columns(`describe ${identifier(model.name)}`);
      const found = column_name!.map((name, i) => `${name} ${column_type![i]}`);
      expect(found).toEqual(model.columns.map(({ name, type }) => `${name} ${duckTypes[type]}`));
    });

    if (rows === fixture) {
      test('no model is empty', () => {
        expect(models.filter(({ name }) => google[name]!.length === 0).map(({ name }) => name)).toEqual([]);
      });
    }
  });
});

const duckTypes: Record<Model['columns'][number]['type'], string> = {
  ...{ string: 'VARCHAR', int64: 'BIGINT', float64: 'DOUBLE', numeric: 'DECIMAL(18,2)' },
  ...{ bool: 'BOOLEAN', date: 'DATE', timestamp: 'TIMESTAMP' },
};

async function duckRows(engine: Engine, model: Model): Promise<Cell[][]> {
  const columns = await engine.columns(`select * from ${identifier(model.name)}`, model.name);
  const values = model.columns.map(({ name }) => columns[name]!);
  return sorted(
    values[0]!.map((_, i) => values.map((column) => column[i]!)),
    model,
  );
}

function sorted(rows: Cell[][], model: Model): Cell[][] {
  const places = model.key.map((name) => model.columns.findIndex((column) => column.name === name));
  const key = (row: Cell[]) => JSON.stringify(places.map((place) => row[place]));
  return rows.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
}
