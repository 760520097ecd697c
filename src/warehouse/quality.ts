import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { replaceFile } from './cache.ts';
import { type Engine, identifier, literal } from './engine.ts';
import type { Moment } from './materialize.ts';
import type { Model, ModelTest } from './model.ts';
import { renderSql } from './render.ts';

const resultShape = z.object({
  model: z.string(),
  test: z.enum(['unique', 'not_null', 'relationships', 'accepted_values', 'reconciliation']),
  /** Column or columns; of a reconciliation its name. */
  column: z.string(),
  /** What it was held against: 'stg_orders.order_id', the accepted values; '' where there is nothing. */
  against: z.string(),
  severity: z.enum(['stop', 'warn']),
  /** Rows that were looked at; 0 for a reconciliation. */
  rows: z.number(),
  failed: z.number(),
  passed: z.boolean(),
  /** Keys of up to five rows that failed; never other values. */
  sample: z.array(z.string()).optional(),
});

/** How one data test of one model came out. */
export type TestResult = z.infer<typeof resultShape>;

export interface QualityOptions extends Moment {
  engine: Engine;
  models: Model[];
  /** As `materialize` gives them: the models to test. */
  keys: Record<string, string>;
  /** Results are kept here beside the tables, by content key. */
  folder: string;
  log?: (decision: { model: string; decision: 'tested' | 'reused'; failed: number }) => void;
}

export interface Quality {
  results: TestResult[];
  /** Tests that look at a model which was not made this time. */
  skipped: { model: string; test: string; missing: string }[];
}

/**
 * Runs the data tests of the models that were made, one query a model; a model whose rows, and those that it is held against, are as
 * they were is not tested again. The caller decides what a failure does.
 * @throws QueryError naming the model.
 */
export async function testModels(options: QualityOptions): Promise<Quality> {
  const { models, keys, folder, log } = options;
  await mkdir(folder, { recursive: true });
  const skipped: Quality['skipped'] = [];
  const outcomes = await Promise.all(
    models
      .filter((model) => keys[model.name] && model.tests.length > 0)
      .map(async (model) => {
        const checks = model.tests.map((test) => checkOf(model, test, options));
        const runnable = checks.filter(({ reads, column, result }) => {
          const missing = reads.find((name) => !keys[name]);
          if (missing) skipped.push({ model: model.name, test: `${result.test} ${column}`, missing });
          return !missing;
        });
        const key = hash([runnable.map(({ sql, reads }) => [sql, reads.map((name) => keys[name])]), keys[model.name]]);
        const path = join(folder, `${model.name}-${keys[model.name]!.slice(0, 16)}.tests.json`);
        const kept = await stored(path, key);
        const results = kept ?? (await run(options.engine, model, runnable));
        if (!kept) await replaceFile(path, JSON.stringify({ key, results }));
        log?.({ model: model.name, decision: kept ? 'reused' : 'tested', failed: results.filter((result) => !result.passed).length });
        return results;
      }),
  );
  return { results: outcomes.flat(), skipped };
}

interface Check {
  /** Scalar expression that counts failures: over the model's rows where `scan` is set, else a query of its own. */
  sql: string;
  scan: boolean;
  /** Query of the keys of rows that failed. */
  rows: string;
  column: string;
  /** Other models that it looks at. */
  reads: string[];
  result: Pick<TestResult, 'test' | 'column' | 'against' | 'severity'>;
}

function checkOf(model: Model, test: ModelTest, moment: Moment): Check {
  const relation = identifier(model.name);
  const keyOf = (alias: string) => `concat_ws(' · ', ${model.key.map((name) => `${alias}.${identifier(name)}::varchar`).join(', ')})`;
  const failing = (condition: string) => `select ${keyOf('m')} as id from ${relation} as m where ${condition}`;
  const column = 'columns' in test ? test.columns.join(', ') : 'column' in test ? test.column : test.name;
  const about = (against: string) => ({ test: test.kind, column, against, severity: test.severity });
  switch (test.kind) {
    case 'not_null': {
      const condition = test.columns.map((name) => `m.${identifier(name)} is null`).join(' or ');
      return { sql: `count(*) filter (where ${condition})`, scan: true, rows: failing(condition), column, reads: [], result: about('') };
    }
    case 'accepted_values': {
      const name = `m.${identifier(test.column)}`;
      const condition = `${name} is not null and ${name}::varchar not in (${test.values.map(literal).join(', ')})`;
      const result = about(test.values.join(', '));
      return { sql: `count(*) filter (where ${condition})`, scan: true, rows: failing(condition), column, reads: [], result };
    }
    case 'unique': {
      const names = test.columns.map(identifier).join(', ');
      const repeated = `select ${names}, count(*) - 1 as extra from ${relation} group by ${names} having count(*) > 1`;
      const id = test.columns.map((name) => `${identifier(name)}::varchar`).join(', ');
      const rows = `select concat_ws(' · ', ${id}) as id from (${repeated})`;
      return { sql: `(select coalesce(sum(extra), 0) from (${repeated}))`, scan: false, rows, column, reads: [], result: about('') };
    }
    case 'relationships': {
      const name = identifier(test.column);
      const orphan = `m.${name} is not null and m.${name} not in (select ${identifier(test.field)} from ${identifier(test.to)} where ${identifier(test.field)} is not null)`;
      // A table that this shop does not have leaves nothing to refer to.
      const sql = `(select case when (select count(*) from ${identifier(test.to)}) = 0 then 0 else (select count(*) from ${relation} as m where ${orphan}) end)`;
      return { sql, scan: false, rows: failing(orphan), column, reads: [test.to], result: about(`${test.to}.${test.field}`) };
    }
    case 'reconciliation': {
      const reads = new Set<string>();
      const ref = (name: string) => {
        reads.add(name);
        return identifier(name);
      };
      const label = `${model.name}, test ${test.name}`;
      const { wall, asOf, week, timezone } = moment;
      const source = (name: string) => identifier(`raw_${name}`);
      const query = renderSql(test.sql, { dialect: 'duckdb', wall, asOf, week, timezone, ref, source, label });
      const rows = `select row_number() over ()::varchar as id from (${query}\n) where false`;
      reads.delete(model.name);
      return { sql: `(select count(*) from (${query}\n))`, scan: false, rows, column, reads: [...reads], result: about('') };
    }
  }
}

async function run(engine: Engine, model: Model, checks: Check[]): Promise<TestResult[]> {
  const counts = checks.map(({ sql }, i) => `${sql} as t${i}`);
  const counted = await engine.columns(
    `select count(*) as total,\n${counts.join(',\n')}\nfrom ${identifier(model.name)} as m`,
    `tests of ${model.name}`,
  );
  const total = counted.total![0] as number;
  return Promise.all(
    checks.map(async ({ rows, result }, i) => {
      const failed = counted[`t${i}`]![0] as number;
      const outcome = { model: model.name, ...result, rows: result.test === 'reconciliation' ? 0 : total, failed, passed: failed === 0 };
      if (failed === 0) return outcome;
      const { id } = await engine.columns(`select id from (${rows}) order by id limit 5`, `tests of ${model.name}`);
      return { ...outcome, sample: id as string[] };
    }),
  );
}

async function stored(path: string, key: string): Promise<TestResult[] | null> {
  try {
    const kept = z.object({ key: z.string(), results: z.array(resultShape) }).parse(JSON.parse(await readFile(path, 'utf8')));
    return kept.key === key ? kept.results : null;
  } catch {
    return null;
  }
}

function hash(content: unknown): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}
