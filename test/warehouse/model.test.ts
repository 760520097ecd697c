import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { loadModels } from '#warehouse/model.ts';
import { scratch } from './models.ts';

const described = (grain: string, rest = '') => `grain: ${grain}\nkey: [a]\nmaterialized: view\ncolumns:\n  a: string, The letter\n${rest}`;
const sql = (from: string) => `with final as (select a from ${from})\nselect * from final\n`;
const entities = `stg_a:\n  ${described('one row a letter').replaceAll('\n', '\n  ')}`;

/** A folder of models, each file by its path. */
function folderOf(files: Record<string, string>): URL {
  const folder = scratch();
  for (const layer of ['staging/thelook', 'intermediate', 'marts']) mkdirSync(join(folder, layer), { recursive: true });
  for (const [path, text] of Object.entries({ 'staging/entities.yml': entities, ...files })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return pathToFileURL(`${folder}/`);
}

describe('the models of the project', () => {
  test('each comes after what it reads, and only staging reads raw tables', async () => {
    const models = await loadModels('thelook');
    const seen = new Set<string>();
    for (const { name, layer, refs, sources } of models) {
      for (const ref of refs) expect([name, ref, seen.has(ref)]).toEqual([name, ref, true]);
      seen.add(name);
      if (layer !== 'staging') expect([name, sources]).toEqual([name, []]);
    }
    expect(seen.size).toBe(models.length);
  });

  test('each is one lower-case pipeline that ends in final, with a unique key', async () => {
    for (const { name, sql, tests, key, materialized } of await loadModels('thelook')) {
      expect([name, /^with [\s\S]*\nselect \* from final\n$/.test(sql)]).toEqual([name, true]);
      const keywords = sql.replaceAll(/'[^']*'/g, '').match(/\b(SELECT|FROM|JOIN|WHERE|GROUP|CASE|WHEN|AS|ON)\b/g);
      expect([name, keywords]).toEqual([name, null]);
      const isUnique = tests.some((test) => test.kind === 'unique' && test.columns.join() === key.join());
      if (materialized === 'table') expect([name, isUnique]).toEqual([name, true]);
    }
  });

  test('weekly and monthly measures differ by nothing but the period', async () => {
    const models = await loadModels('thelook');
    const [weekly, monthly] = ['kpi_weekly', 'kpi_monthly'].map((name) => models.find((model) => model.name === name)!.sql);
    const lastDay = ["{{add_days 'sales.week' 6}}", "{{add_days (add_months 'sales.month' 1) -1}}"];
    expect(monthly!.replace(lastDay[1]!, '').replaceAll('month', 'period')).toBe(
      weekly!.replace(lastDay[0]!, '').replaceAll('week', 'period'),
    );
  });

  test('the demo shop and theLook share their staging', async () => {
    expect(await loadModels('demo')).toEqual(await loadModels('thelook'));
  });
});

describe('reading a folder', () => {
  test('an entity that the shop lacks is an empty relation', async () => {
    const [model] = await loadModels('thelook', folderOf({}));
    expect(model).toMatchObject({
      name: 'stg_a',
      layer: 'staging',
      refs: [],
      sources: [],
      columns: [{ name: 'a', type: 'string', description: 'The letter' }],
    });
    expect(model!.sql).toContain("{{null_of 'string'}} as a");
  });

  test('tests keep their severity; stop is the default', async () => {
    const tests = 'tests:\n  - unique: [a]\n  - accepted_values: { column: a, values: [x] }\n    severity: warn\n';
    const folder = folderOf({ 'marts/b.sql': sql("{{ref 'stg_a'}}"), 'marts/b.yml': described('one row a letter', tests) });
    const model = (await loadModels('thelook', folder)).find(({ name }) => name === 'b')!;
    expect(model.refs).toEqual(['stg_a']);
    expect(model.tests).toEqual([
      { kind: 'unique', columns: ['a'], severity: 'stop' },
      { kind: 'accepted_values', column: 'a', values: ['x'], severity: 'warn' },
    ]);
  });

  const good = { 'marts/b.sql': sql("{{ref 'stg_a'}}"), 'marts/b.yml': described('one row a letter') };
  test.each<[string, Record<string, string>, RegExp]>([
    ['an unknown model', { 'marts/b.sql': sql("{{ref 'c'}}") }, /^b: there is no model 'c'/],
    ['a model that reads itself', { 'marts/b.sql': sql("{{ref 'b'}}") }, /in a circle[\s\S]*b → b/],
    [
      'a circle',
      { 'marts/b.sql': sql("{{ref 'c'}}"), 'marts/c.sql': sql("{{ref 'b'}}"), 'marts/c.yml': described('one row a letter') },
      /in a circle[\s\S]*b → c → b/,
    ],
    ['a .sql without .yml', { 'marts/c.sql': sql("{{ref 'stg_a'}}") }, /c\.yml: this model is not described/],
    ['a .yml that is no YAML', { 'marts/b.yml': 'grain: [' }, /b\.yml/],
    ['a key misspelt in a .yml', { 'marts/b.yml': `${good['marts/b.yml']}garin: x\n` }, /marts\/b\.yml: the description[\s\S]*garin/],
    [
      'a column of no type',
      { 'marts/b.yml': good['marts/b.yml'].replace('string', 'varchar') },
      /b: column a is not described[\s\S]*varchar/,
    ],
    ['a test of no column', { 'marts/b.yml': described('one row a letter', 'tests:\n  - unique: [z]\n') }, /b: key or tests[\s\S]*z/],
    ['a staging model that is no entity', { 'staging/thelook/stg_z.sql': sql("{{source 'z'}}") }, /stg_z: this staging model is no entity/],
    ['an unknown helper', { 'marts/b.sql': sql("{{reff 'stg_a'}}") }, /^b: this SQL template[\s\S]*reff/],
  ])('%s is an error that names it', async (_, files, message) => {
    await expect(loadModels('thelook', folderOf({ ...good, ...files }))).rejects.toThrow(message);
  });

  test('an unknown shop is an error that names those there are', async () => {
    await expect(loadModels('zalando')).rejects.toThrow(/zalando: there are no staging models[\s\S]*thelook, demo/);
  });
});
