import { appendFileSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { scratch } from '../scratch.ts';
import { tinyShop, writeShop } from '../source/fixture.ts';
import { type Place, report, verify } from './command.ts';
import { projectCopy, reportsOf, workplace } from './project.ts';
import { filesBelow } from './tree.ts';

const root = projectCopy();
const cwd = workplace({ shop: 'thelook', timezone: 'America/New_York' });
const place: Place = { root, cwd };
const run = 'output/site/thelook/2026-06-28';
const published = join(cwd, run);
const data = scratch();

beforeAll(async () => {
  await writeShop(tinyShop(), 'parquet', data);
  const all = (await reportsOf(root)).map(({ id }) => id);
  const plain = await report([...all, '--data', data, '--format', 'html,json', '--quiet'], place);
  expect(plain).toMatchObject({ code: 0, stderr: '' });
  const printed = await report(['data', '--data', data, '--as-of', '2026-06-21', '--quiet'], place);
  expect(printed).toMatchObject({ code: 0, stderr: '' });
});

describe('a run made again', () => {
  test('has the same bytes, pages and prints, results and rows', async () => {
    const earlier = join(cwd, 'output/site/thelook/2026-06-21');
    const files = filesBelow(earlier);
    for (const kind of ['data.html', 'data.pdf', 'report.json']) expect(files).toContain(kind);
    expect(files.filter((name) => name.endsWith('.csv')).length).toBeGreaterThan(3);
    const ending = await verify(['output/site/thelook/2026-06-21', '--quiet'], place);
    expect(ending).toEqual({ code: 0, signal: null, stdout: `${files.length - 1} of ${files.length - 1} files identical\n`, stderr: '' });
  });

  test('has the same bytes in another timezone and locale, named from another folder', async () => {
    const env = { TZ: 'Asia/Kolkata', LC_ALL: 'de_DE.UTF-8', LANG: 'de_DE.UTF-8' };
    const kept = Object.keys((JSON.parse(readFileSync(join(published, 'manifest.json'), 'utf8')) as { artifacts: object }).artifacts);
    expect(kept).toContain('customer-value/customers');
    const all = filesBelow(published).length - 1 + kept.length;
    const ending = await verify([published, '--quiet'], { root, cwd: scratch(), env });
    expect(ending).toEqual({ code: 0, signal: null, stdout: `${all} of ${all} files identical\n`, stderr: '' });
  });

  test('says which file was changed since, and which is gone', async () => {
    const tampered = join(cwd, 'output/site/thelook/2026-06-21');
    appendFileSync(join(tampered, 'data.html'), ' ');
    const csv = filesBelow(tampered).find((name) => name.endsWith('.csv')) as string;
    rmSync(join(tampered, csv));
    const ending = await verify([tampered, '--quiet'], place);
    expect(ending).toMatchObject({ code: 1, stderr: '' });
    const { length } = filesBelow(tampered);
    expect(ending.stdout.split('\n').sort()).toEqual(
      ['', `missing    ${csv}`, 'damaged    data.html', `${length - 2} of ${length} files identical`].sort(),
    );
  });

  test('without its snapshot needs the rows again', async () => {
    renameSync(join(cwd, 'output/snapshots'), join(cwd, 'output/gone'));
    const without = await verify([run, '--quiet'], place);
    expect(without).toMatchObject({ code: 3, stdout: '' });
    expect(without.stderr).toContain('add --data DIR');
  });

  test('is not found where there is none', async () => {
    const ending = await verify(['output/site/thelook/1999-01-03'], place);
    expect(ending).toMatchObject({ code: 2, stdout: '' });
    expect(ending.stderr).toContain('no manifest.json');
  });
});
