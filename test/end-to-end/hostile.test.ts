import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { openDuck } from '#source/duck.ts';
import { scratch } from '../scratch.ts';
import { csvOf, type Kind, personalMark, type RawShop, tinyShop, writeShop } from '../source/fixture.ts';
import { type Ending, report } from './command.ts';
import { projectCopy, reportsOf, workplace } from './project.ts';
import { filesBelow } from './tree.ts';

const root = projectCopy();
const names = {
  script: '<script>alert(1)</script>',
  image: '"><img src=x onerror=alert(1)>',
  template: '{{constructor.constructor}}',
  formula: '=HYPERLINK("http://example.org","x")',
  command: '@SUM(1+1)*cmd|"/C calc"!A0',
  quote: `Robert'); drop table orders;--`,
};

/** Every name that a shop may choose is hostile: products, brands, categories, departments, cities, countries, sources, browsers. */
function hostileShop(): RawShop {
  const shop = tinyShop();
  const list = Object.values(names);
  const pick = (i: number) => list[i % list.length] as string;
  return {
    ...shop,
    users: shop.users!.map((row, i) => ({ ...row, country: pick(i), state: pick(i + 1), city: pick(i + 2), traffic_source: pick(i + 3) })),
    products: shop.products!.map((row, i) => ({
      ...row,
      name: pick(i),
      brand: pick(i + 1),
      category: pick(i + 2),
      department: pick(i + 3),
    })),
    events: shop.events!.map((row, i) => ({ ...row, traffic_source: pick(i), browser: pick(i + 1), city: pick(i + 2) })),
    distribution_centers: shop.distribution_centers!.map((row, i) => ({ ...row, name: pick(i) })),
  };
}

let all: string[];
let cwd: string;
let ending: Ending;
let published: string;

beforeAll(async () => {
  all = (await reportsOf(root)).map(({ id }) => id);
  cwd = workplace({ name: names.script });
  const data = await writeShop(hostileShop(), 'csv.gz');
  ending = await report([...all, '--shop', 'thelook', '--data', data, '--format', 'html,json'], { root, cwd });
  published = join(cwd, 'output/site/thelook/2026-06-28');
});

describe('names that would break a page, a template, a query or a spreadsheet', () => {
  test('leave the run as it is', () => {
    expect(ending).toMatchObject({ code: 0 });
    expect(ending.stdout).not.toContain('function Function');
  });

  test('stand on the pages as text', () => {
    const pages = [join(published, '../../index.html'), ...all.map((id) => join(published, `${id}.html`))].map((file) =>
      readFileSync(file, 'utf8'),
    );
    for (const page of pages) {
      expect(page).not.toMatch(/<script|<img src=x|onerror=alert(?![^<]*&gt;|[^<]*>)/i);
      expect(page).not.toContain('function Function');
      expect(page).not.toMatch(/href="(?:javascript:|http:\/\/example)/i);
    }
    expect(pages.join('')).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  });

  test('are no formulas in a table for a spreadsheet', () => {
    const tables = filesBelow(published).filter((name) => name.endsWith('.csv'));
    expect(tables.length).toBeGreaterThan(5);
    for (const name of tables) {
      for (const field of fieldsOf(readFileSync(join(published, name), 'utf8'))) {
        if (/^[=@\t\r]/.test(field) || (/^[+-]/.test(field) && Number.isNaN(Number(field)))) expect.fail(`${name}: ${field}`);
      }
    }
  });
});

describe('names of persons, their mail and their streets', () => {
  test('are in no file that a run leaves, and in nothing that it says', async () => {
    await expectNothingPersonal(cwd, ending);
  });

  test.each<Kind>(['csv', 'parquet'])('are in nothing that a run says of a broken %s', async (kind) => {
    const shop = tinyShop();
    const data = scratch();
    const broken = shop.users!.map((row) => ({ ...row, age: `${personalMark} is forty`, created_at: `${row.created_at}` }));
    await writeShop(without(shop, 'users'), kind, data);
    writeFileSync(join(data, 'users.csv'), `${csvOf('users', broken)}7,"${personalMark}`);
    const place = { root, cwd: workplace({}) };
    const failed = await report(['data', '--shop', 'thelook', '--data', data, '--format', 'html,json'], place);
    expect(failed.code).toBe(3);
    await expectNothingPersonal(place.cwd, failed);
  });
});

function without(shop: RawShop, table: string): RawShop {
  return Object.fromEntries(Object.entries(shop).filter(([name]) => name !== table));
}

async function expectNothingPersonal(folder: string, { stdout, stderr }: Ending): Promise<void> {
  expect(stdout).not.toContain(personalMark);
  expect(stderr).not.toContain(personalMark);
  await using duck = await openDuck();
  for (const name of filesBelow(folder)) {
    const file = join(folder, name);
    expect(readFileSync(file).includes(personalMark), name).toBe(false);
    if (!name.endsWith('.parquet')) continue;
    const rows = await duck.rows(`select count(*)::integer as n from '${file}' as t where contains(t::varchar, '${personalMark}')`);
    expect(rows, name).toEqual([{ n: 0 }]);
  }
}

/** Fields of CSV, quotes taken off. */
function fieldsOf(csv: string): string[] {
  return [...csv.matchAll(/(?:^|,|\r?\n)(?:"((?:[^"]|"")*)"|([^",\r\n]*))/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
  );
}
