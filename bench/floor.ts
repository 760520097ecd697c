import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { PrintBrowser } from '#report/browser.ts';
import { planAnalyses } from '#run/analyse.ts';
import { publishedRuns } from '#run/artifacts.ts';
import { loadCatalogue } from '#run/catalogue.ts';
import { readManifest } from '#run/manifest.ts';
import { resolveOptions } from '#run/options.ts';
import { wall } from '#run/period.ts';
import { shopOf } from '#run/shops.ts';
import { parquetOptions } from '#source/duck.ts';
import { keptColumns } from '#source/format.ts';
import { readSnapshot } from '#source/snapshot.ts';
import { thelook } from '#source/thelook.ts';
import { openDuckDB } from '#warehouse/duckdb.ts';
import { identifier, literal } from '#warehouse/engine.ts';
import { loadModels } from '#warehouse/model.ts';
import { profileTables } from '#warehouse/profile.ts';
import { testModels } from '#warehouse/quality.ts';
import { renderSql } from '#warehouse/render.ts';
import { root } from './shop.ts';

/** What a run can't do without, done by the bare engines: no cache, no Parquet between, no overlap. Prints the seconds after start-up. */
const [what, out, shopId, scratch] = process.argv.slice(2) as [keyof typeof floors, string, 'thelook' | 'demo', string];

const floors = { read, query, print };
await floors[what]();

/** The kept columns of each file, copied to Parquet. */
async function read(): Promise<void> {
  const { folder, files } = await taken();
  const data = files.length > 0 ? join(root, '../shared/data/thelook') : folder;
  const run = await duck();
  const start = performance.now();
  for (const table of thelook.tables) {
    const columns = keptColumns(table).map(({ name }) => identifier(name));
    const target = join(scratch, `${table.name}.parquet`);
    await run(`copy (select ${columns} from ${literal(join(data, `${table.name}.parquet`))}) to ${literal(target)} ${parquetOptions}`);
  }
  report(start);
}

/** Every model as a table in memory or a view, then every query of every analysis, of the data tests and of the profile. */
async function query(): Promise<void> {
  const snapshot = await taken();
  const { options } = resolve();
  const { asOf, week, options: asked } = inputs();
  const shop = shopOf(options, snapshot.capabilities);
  const moment = { asOf, week, wall: wall(asOf, shop.timezone), timezone: shop.timezone };
  const { analyses } = await loadCatalogue(root, asked.reports, []);
  const plans = planAnalyses(analyses, { shop, moment, overrides: {} });
  const queries = plans.flatMap(({ inputs: read, exports }) =>
    [...read, ...exports].flatMap(({ source }) => ('sql' in source ? [source.sql] : [])),
  );
  const relations = Object.entries(publishedRuns(out)[0]?.artifacts ?? {}).filter(([, { file }]) => file.endsWith('.parquet'));
  const models = await loadModels(shopId);
  const statements = models.map(({ name, sql, materialized }) => {
    const rendered = renderSql(sql, {
      ...moment,
      ...{ dialect: 'duckdb', label: name, ref: identifier, source: (table: string) => identifier(`raw_${table}`) },
    });
    return `create ${materialized === 'view' ? 'view' : 'table'} ${identifier(name)} as ${rendered}`;
  });
  const engine = await openDuckDB({ threads: 2, memory: '4GB' });
  const raw = Object.fromEntries(Object.entries(snapshot.tables).map(([name, { file }]) => [name, { path: file, fingerprint: name }]));
  const keys = Object.fromEntries(models.map(({ name }) => [name, name]));
  const start = performance.now();
  for (const [name, { path }] of Object.entries(raw))
    await engine.run(`create view ${identifier(`raw_${name}`)} as select * from ${literal(path)}`);
  for (const [name, { file }] of relations)
    await engine.run(`create view ${identifier(name.replace('/', ':'))} as select * from ${literal(file)}`);
  for (const sql of [...statements, ...queries]) await engine.run(sql);
  await testModels({ engine, models, keys, folder: scratch, ...moment });
  await profileTables({ engine, models, keys, wall: moment.wall, folder: scratch });
  report(start);
}

/** Each report printed once, two at a time. */
async function print(): Promise<void> {
  const { asOf } = inputs();
  const folder = join(out, 'site', shopId, asOf);
  const pages = readdirSync(folder)
    .filter((name) => name.endsWith('.html'))
    .map((name) => readFileSync(join(folder, name), 'utf8'));
  const start = performance.now();
  const browser = new PrintBrowser();
  const printNext = async () => {
    for (let html = pages.pop(); html !== undefined; html = pages.pop()) {
      const text = html;
      await browser.withPage(async (page) => {
        await page.setContent(text);
        await page.pdf({ preferCSSPageSize: true, printBackground: true, tagged: true, outline: true });
      });
    }
  };
  await Promise.all([printNext(), printNext()]);
  await browser.close();
  report(start);
}

async function duck(): Promise<(sql: string) => Promise<unknown>> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
  const connection = await instance.connect();
  await connection.run("set TimeZone = 'UTC'");
  return (sql) => connection.run(sql);
}

async function taken() {
  const [name] = readdirSync(join(out, 'snapshots'));
  const snapshot = name ? await readSnapshot(join(out, 'snapshots', name)) : undefined;
  if (!snapshot) throw new Error(`no snapshot in ${out}`);
  return snapshot;
}

function resolve() {
  return { options: resolveOptions([], { shop: shopId, data: '' }, root).run };
}

function inputs() {
  const folder = join(out, 'site', shopId);
  const [day] = readdirSync(folder);
  const manifest = readManifest(join(folder, day as string));
  if (!manifest) throw new Error(`no run in ${folder}`);
  return manifest.inputs;
}

function report(start: number): void {
  process.stdout.write(String((performance.now() - start) / 1000));
  process.exit();
}
