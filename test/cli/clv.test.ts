import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clvOptions, clvUsage } from '#api/command-line.ts';
import { highValueNewCustomers } from '#api/index.ts';
import { listCsv, listTable } from '#api/listing.ts';
import type { LookbookError } from '#contract/error.ts';
import { ownFolder } from '../api/client.ts';
import { outFolder, publishRun, unsupported } from '../api/published.ts';
import { start } from './command.ts';

const formulas = ['=cmd|calc', '+1+1', '-2+3', '@SUM(A1)', '\tx', 'with "quotes", and commas'];
const { out: place, remove } = outFolder();
const out = join(place, 'output');
const clv = (...args: string[]) => start('clv', args, { cwd: place }).ended;

beforeAll(() => publishRun(out, { customers: 60, ids: formulas, country: '\u001b[31mred\u202e', currency: 'EUR', locale: 'de-DE' }));
afterAll(remove);

describe('options', () => {
  it('are those of the configuration where the command line is silent', () => {
    expect(clvOptions([], {}, '/shop')).toEqual({
      out: '/shop/output',
      shop: null,
      asOf: null,
      newWithin: 90,
      top: 50,
      horizon: null,
      format: 'table',
      help: false,
    });
    expect(clvOptions([], { out: '/x', shop: 'thelook', asOf: '2026-01-04' }, '/shop')).toMatchObject({
      out: '/x',
      shop: 'thelook',
      asOf: '2026-01-04',
    });
    const argv = [
      '--new-within',
      '30',
      '--top=5',
      '--horizon',
      '52w',
      '--format',
      'csv',
      '--shop',
      'demo',
      '--as-of',
      '2026-11-15',
      '--out',
      'y',
    ];
    expect(clvOptions(argv, { shop: 'thelook' }, '/shop')).toMatchObject({
      newWithin: 30,
      top: 5,
      horizon: '52w',
      format: 'csv',
      shop: 'demo',
      asOf: '2026-11-15',
      out: '/shop/y',
    });
  });

  it.each([
    [['--new-withn', '90'], 'did you mean --new-within?'],
    [['--topp', '5'], 'did you mean --top?'],
    [['--fromat', 'csv'], 'did you mean --format?'],
    [['--format', 'jsn'], 'did you mean «json»?'],
    [['--format', 'xlsx'], 'table, csv, json'],
    [['--top', '0'], '--top'],
    [['--top', '5x'], '--top'],
    [['--top'], 'command line'],
    [['--new-within', '-1'], '--new-within'],
    [['--horizon', '52'], '52w, 90d'],
    [['--horizon', '9y'], '1826 days'],
    [['--as-of', '2026-02-30'], 'YYYY-MM-DD'],
    [['demo'], 'demo'],
  ])('%j is refused', (argv, hint) => {
    const refused = (): LookbookError => {
      try {
        clvOptions(argv, {}, '/shop');
      } catch (error) {
        return error as LookbookError;
      }
      throw new Error('accepted');
    };
    expect(refused().exitCode).toBe(2);
    expect(refused().message).toContain(hint);
  });

  it('are all in the help', () => {
    for (const flag of ['new-within', 'top', 'horizon', 'format', 'shop', 'as-of', 'out', 'help']) expect(clvUsage).toContain(`--${flag}`);
  });
});

describe('npm run clv', () => {
  it('prints a table for people, of the only shop in output/', async () => {
    const { code, stdout, stderr } = await clv('--top', '4');
    expect([code, stderr]).toEqual([0, '']);
    const [title, run, empty, head, ...rows] = stdout.trimEnd().split('\n');
    expect(title).toMatch(/^Halden & Moor: 4 of \d+ customers new within 90 days, by value expected within 365 days$/);
    expect(run).toMatch(/^as of 15\. November 2026, run 000000000000, manifest [0-9a-f]{12}$/);
    expect(empty).toBe('');
    expect(head).toMatch(
      /^ +customer +first order +orders +spent +P\(alive\) +P\(buys\) +value +95\s?% interval +source +country +first category$/,
    );
    expect(rows).toHaveLength(4);
    for (const row of rows) expect(row).toMatch(/,\d\d\s€/);
  });

  it('prints JSON that is the answer to the last digit', async () => {
    const { code, stdout } = await clv('--format', 'json', '--horizon', '26w');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual(await highValueNewCustomers({ out, horizon: '26w' }));
  });

  it('prints CSV and nothing else', async () => {
    const { code, stdout, stderr } = await clv('--format=csv', '--new-within=100000', '--top=1000');
    expect([code, stderr]).toEqual([0, '']);
    const lines = stdout.split('\r\n');
    expect(lines).toHaveLength(62);
    expect(lines[0]).toMatch(/^rank,customer_id,/);
  });

  it.each([
    [['--topp', '5'], 2, 'did you mean --top?'],
    [['--shop', 'dmo'], 2, 'did you mean «demo»?'],
    [['--as-of', '2026-11-14'], 2, '2026-11-15'],
    [['--out', 'nowhere'], 3, 'npm run report'],
  ])('%j ends with exit code %d', async (args, exit, hint) => {
    const { code, stdout, stderr } = await clv(...args);
    expect([code, stdout]).toEqual([exit, '']);
    expect(stderr).toContain(hint);
  });

  it('helps', async () => {
    expect(await clv('--help')).toMatchObject({ code: 0, stdout: `${clvUsage}\n`, stderr: '' });
  });

  it('takes what the configuration says, and names a wrong key of it', async () => {
    const other = { out: ownFolder() };
    await publishRun(join(other.out, 'runs'), { customers: 20 });
    writeFileSync(join(other.out, 'lookbook.config.json'), JSON.stringify({ out: 'runs' }));
    const there = () => start('clv', ['--format', 'csv'], { cwd: other.out }).ended;
    expect((await there()).code).toBe(0);
    writeFileSync(join(other.out, 'lookbook.config.json'), JSON.stringify({ outt: 'runs' }));
    expect(await there()).toMatchObject({ code: 2, stderr: expect.stringContaining('did you mean «out»?') });
  });

  it('says on standard error why a shop has no model', async () => {
    const other = { out: ownFolder() };
    await publishRun(join(other.out, 'output'), { customers: 20, model: unsupported });
    const { code, stderr, stdout } = await start('clv', [], { cwd: other.out }).ended;
    expect(code).toBe(0);
    expect(stderr).toBe("note: the shop can't carry the model: no customer has bought more than four times\n");
    expect(stdout).toContain('the model is not supported here');
  });

  it('changes nothing', () => {
    expect(readdirSync(out).sort()).toEqual(['artifacts', 'site']);
    expect(readdirSync(place)).toEqual(['output']);
  });
});

describe('a list', () => {
  it('as CSV runs no formula', async () => {
    const lines = listCsv(await highValueNewCustomers({ out, firstPurchaseWithinDays: 100_000, top: 1000 })).split('\r\n');
    for (const id of ["'=cmd|calc", "'+1+1", "'-2+3", "'@SUM(A1)", "'\tx", '"with ""quotes"", and commas"']) {
      expect(lines.filter((line) => line.includes(`,${id},`))).toHaveLength(1);
    }
    for (const line of lines.slice(1)) expect(line).not.toMatch(/,[=+@\t]/);
  });

  it('as a table moves no cursor, and stands in columns', async () => {
    const answer = await highValueNewCustomers({ out, firstPurchaseWithinDays: 100_000, top: 1000 });
    const wide = { ...answer.customers[0]!, customerId: '顧客', country: 'e\u0301' };
    const text = listTable({ ...answer, customers: [...answer.customers, wide] });
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(text).toContain('\\u{1b}[31mred\\u{202e}');
    const [head, ...rows] = text
      .split('\n')
      .slice(3)
      .filter((line) => line !== '');
    const at = head!.indexOf('first order');
    for (const row of rows.slice(0, -1)) expect(row.slice(at, at + 10)).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect(rows.at(-1)!.slice(at - 2, at + 8)).toMatch(/^\d{4}-\d\d-\d\d$/);
  });

  it('of nobody says so', async () => {
    const answer = await highValueNewCustomers({ out });
    expect(listTable({ ...answer, customers: [], found: 0 })).toContain('\nnobody\n');
  });
});
