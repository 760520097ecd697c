import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { Report } from '#contract/report.ts';
import type { PublishedData } from '#run/publish.ts';
import { openDuck } from '#source/duck.ts';
import { loadModels } from '#warehouse/model.ts';
import { claimsOf, constantsOf, paragraphsOf } from './claims.ts';
import { report } from './command.ts';
import { folder, projectCopy, reportsOf, workplace } from './project.ts';
import { readJson } from './tree.ts';

const root = projectCopy();
let reports: Report[];
let results: [PublishedData, PublishedData];
/** Columns of the shop's own tables, as the models name them. */
let columns: number;
let pages: [Record<string, string[]>, Record<string, string[]>];

/** Two shops that have nothing in common but the code: other customers, brands and countries, another length of history, another day. */
beforeAll(async () => {
  reports = await reportsOf(root);
  const own = (await loadModels('thelook')).filter(({ layer, name }) => layer === 'staging' && name !== 'stg_exclusions');
  columns = own.reduce((sum, model) => sum + model.columns.length, 0);
  const [one, other] = [workplace({ demo: { customers: 1500 } }), workplace({ demo: { customers: 3000, seed: 6 } })];
  const seedling = await report(['data', '--format', 'json', '--quiet'], { root, cwd: other });
  expect(seedling).toMatchObject({ code: 0, stderr: '' });
  const data = folder();
  await part(join(other, 'output/snapshots'), data);
  const made = [
    await make(one, 'demo', '2026-11-15', []),
    await make(other, 'thelook', '2025-05-25', ['--shop', 'thelook', '--data', data, '--as-of', '2025-05-25']),
  ] as const;
  results = [made[0].data, made[1].data];
  pages = [made[0].pages, made[1].pages];
});

async function make(cwd: string, shop: string, asOf: string, args: string[]) {
  const ending = await report(['--format', 'html,json', '--quiet', ...args], { root, cwd });
  expect(ending).toMatchObject({ code: 0, stderr: '' });
  const published = join(cwd, 'output/site', shop, asOf);
  const texts = reports.map(({ id }) => [id, paragraphsOf(readFileSync(join(published, `${id}.html`), 'utf8'))]);
  return { data: readJson<PublishedData>(published, 'report.json'), pages: Object.fromEntries(texts) as Record<string, string[]> };
}

/** A part of a demo's rows: without some countries, brands, and categories. */
async function part(snapshots: string, to: string): Promise<void> {
  const from = join(snapshots, readdirSync(snapshots)[0] as string);
  await using duck = await openDuck();
  const users = `(select * from '${from}/users.parquet' where country not in ('Japan', 'France', 'Australia'))`;
  const products = `(select * from '${from}/products.parquet' where hash(brand) % 3 > 0 and hash(category) % 4 > 0)`;
  const bought = `(select * from '${from}/order_items.parquet' where user_id in (select id from ${users}) and product_id in (select id from ${products}))`;
  const queries: Record<string, string> = {
    users,
    products,
    order_items: bought,
    orders: `(select * from '${from}/orders.parquet' where order_id in (select order_id from ${bought}))`,
    events: `(select * from '${from}/events.parquet' where user_id is null or user_id in (select id from ${users}))`,
    inventory_items: `(select * from '${from}/inventory_items.parquet' where product_id in (select id from ${products}))`,
    distribution_centers: `(select * from '${from}/distribution_centers.parquet')`,
  };
  for (const [table, query] of Object.entries(queries)) await duck.run(`copy ${query} to '${to}/${table}.parquet' (format parquet)`);
}

/** Numbers that are the same for every shop: those that the code of an analysis holds, and the size of the models. */
function constants(...ids: string[]): Set<string> {
  const { quality, analyses } = results[0];
  const sizes = (analyses['data-structure'] as { tables: { rows: unknown[] }[] }).tables.map(({ rows }) => rows.length);
  const tests = quality.passed + quality.warned + quality.failed;
  const { version } = readJson<{ version: string }>(root, 'package.json');
  return new Set([
    ...constantsOf(root, 'analyses/shared', 'src/report', 'src/chart', 'src/warehouse', ...ids.map((id) => `analyses/${id}`)),
    ...[...sizes, columns, tests, version].map(String),
  ]);
}

test('a text that both shops have holds constants of the method alone', () => {
  const shared = Object.keys(results[0].analyses).flatMap((id) => {
    const [one, other] = results.map(({ analyses }) => claimsOf(analyses[id])) as [Map<string, string>, Map<string, string>];
    const same = [...one].filter(([place, text]) => other.get(place) === text);
    return accidents(same, constants(id)).map((text) => `${id}.${text}`);
  });
  expect(shared).toEqual([]);
});

test('a sentence that both shops have differs in its numbers, but for constants', () => {
  const shared = Object.keys(results[0].analyses).flatMap((id) => {
    const [one, other] = results.map(({ analyses }) => claimsOf(analyses[id])) as [Map<string, string>, Map<string, string>];
    const known = constants(id);
    return [...one].flatMap(([place, text]) =>
      agreeing(text, other.get(place) ?? '')
        .filter((value) => isTelling(value) && !known.has(value))
        .map((value) => `${id}.${place}: ${value} in «${text}»`),
    );
  });
  expect(shared).toEqual([]);
});

test('a paragraph that stands on the pages of both holds constants alone', () => {
  const shared = reports.flatMap(({ id, sections }) => {
    const known = constants(...sections);
    const same = pages[0][id]!.filter((text) => pages[1][id]!.includes(text));
    return accidents(
      same.map((text) => [id, text]),
      known,
    );
  });
  expect(shared).toEqual([]);
});

test('the reports say different things', () => {
  for (const { id } of reports) {
    const [one, other] = results.map((data) => data.reports.find((made) => made.id === id)?.lede);
    expect(one, id).not.toBe(other);
  }
});

const number = /(?<![\w.#])[0-9]+(?:[.,][0-9]+)*/g;

/** Texts with a number that is no constant; those of one or two digits after «0.», and whole ones below ten, meet by chance. */
function accidents(texts: [string, string][], known: Set<string>): string[] {
  return texts
    .filter(([, text]) =>
      (text.match(number) ?? []).some((value) => !known.has(value) && !/^[0-9]$|^0\.[0-9]{1,2}$|^100(\.0)?$/.test(value)),
    )
    .map(([place, text]) => `${place}: ${text}`);
}

/** Numbers at the same place of two texts that are the same but for their numbers. */
function agreeing(a: string, b: string): string[] {
  if (a === b || a.replaceAll(number, '#') !== b.replaceAll(number, '#')) return [];
  const [left, right] = [a.match(number) ?? [], b.match(number) ?? []];
  return left.filter((value, i) => value === right[i]);
}

/** Three digits or more: they do not meet by chance. */
function isTelling(value: string): boolean {
  return value.replace(/[.,]/g, '').replace(/^0+/, '').length >= 3 && !/^100(\.0)?$/.test(value);
}
