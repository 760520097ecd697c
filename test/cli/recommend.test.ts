import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recommendProducts, similarProducts } from '#api/index.ts';
import { recommendOptions, recommendUsage } from '#api/recommend-line.ts';
import { recommendationCsv, recommendationTable } from '#api/recommendation-listing.ts';
import type { LookbookError } from '#contract/error.ts';
import { ownFolder } from '../api/client.ts';
import type { OfferOptions } from '../api/made-offers.ts';
import { outFolder, publishRun } from '../api/published.ts';
import { start } from './command.ts';

const productIds = ['=cmd|calc', '+1+1', '-2+3', '@SUM(A1)', '\tx', 'with "quotes"'];
const productNames = ['\u001b[31mred\u202e', '=1+1', 'A lamp "of oak", long', '顧客'];
const offers: OfferOptions = { customers: 40, beyond: 3, newcomers: 3, productIds, productNames };
const { out: place, remove } = outFolder();
const out = join(place, 'output');
const recommend = (...args: string[]) => start('recommend', args, { cwd: place }).ended;

beforeAll(() => publishRun(out, { customers: 10, locale: 'de-DE', offers }));
afterAll(remove);

describe('options', () => {
  it('are those of the configuration where the command line is silent', () => {
    expect(recommendOptions(['--customer', '7'], {}, '/shop')).toEqual({
      ...{ out: '/shop/output', shop: null, asOf: null, asked: { customerId: '7' }, k: 10, exclude: [], format: 'table', help: false },
    });
    const argv = ['--products', 'a,b', '-k', '5', '--exclude=c,d', '--exclude', 'e', '--format', 'csv', '--shop', 'demo', '--out', 'y'];
    expect(recommendOptions(argv, { shop: 'thelook', asOf: '2026-11-15' }, '/shop')).toEqual({
      ...{ out: '/shop/y', shop: 'demo', asOf: '2026-11-15', asked: { productIds: ['a', 'b'] }, k: 5, exclude: ['c', 'd', 'e'] },
      ...{ format: 'csv', help: false },
    });
    expect(recommendOptions(['--similar=p', '--k=3'], {}, '/shop')).toMatchObject({ asked: { similarTo: 'p' }, k: 3 });
  });

  it.each([
    [[], 'one of --customer, --products and --similar'],
    [['--customer', 'a', '--similar', 'b'], 'more than one'],
    [['--products', ','], 'no product is named'],
    [['--similar', 'a', '--exclude', 'b'], 'nothing can be left out'],
    [['--customer', 'a', '-k', '0'], '1 to 100'],
    [['--customer', 'a', '-k', '101'], '1 to 100'],
    [['--customer', 'a', '-k', 'ten'], '1 to 100'],
    [['--customer', 'a', '--format', 'jsn'], 'did you mean «json»?'],
    [['--custmer', 'a'], 'did you mean --customer?'],
    [['--customer', 'a', '--as-of', '2026-02-30'], 'YYYY-MM-DD'],
    [['7'], '7'],
  ])('%j is refused', (argv, hint) => {
    const refused = (): LookbookError => {
      try {
        recommendOptions(argv, {}, '/shop');
      } catch (error) {
        return error as LookbookError;
      }
      throw new Error('accepted');
    };
    expect([refused().exitCode, refused().message]).toEqual([2, expect.stringContaining(hint)]);
  });

  it('are all in the help', () => {
    for (const flag of ['customer', 'products', 'similar', 'k', 'exclude', 'format', 'shop', 'as-of', 'out', 'help']) {
      expect(recommendUsage).toContain(`--${flag}`);
    }
  });
});

describe('npm run recommend', () => {
  it('prints a table for people, of the only shop in output/', async () => {
    const { code, stdout, stderr } = await recommend('--customer', 'c000003', '-k', '4');
    expect([code, stderr]).toEqual([0, '']);
    const [title, run, judged, empty, head, ...rows] = stdout.trimEnd().split('\n');
    expect(title).toBe('Halden & Moor: embedding blended with a collaborative filter');
    expect(run).toMatch(/^as of 15\. November 2026, run 000000000000, manifest [0-9a-f]{12}$/);
    expect(judged).toMatch(/^judged: foretells what customers buy better than best sellers do/);
    expect(empty).toBe('');
    expect(head).toMatch(/^ +product +name +category +price +why$/);
    expect(rows).toHaveLength(4);
    for (const row of rows) expect(row).toMatch(/,\d\d\s€/);
  });

  it('prints JSON that is the answer to the last digit', async () => {
    const { stdout } = await recommend('--customer', 'c000003', '--exclude', 'p0010,p0011', '--format', 'json');
    expect(JSON.parse(stdout)).toEqual(await recommendProducts({ customerId: 'c000003', exclude: ['p0010', 'p0011'], out }));
    const similar = await recommend('--similar', 'p0020', '-k3', '--format=json');
    expect(JSON.parse(similar.stdout)).toEqual(await similarProducts('p0020', { k: 3, out }));
  });

  it('prints CSV and nothing else, notes apart', async () => {
    const { code, stdout, stderr } = await recommend('--products', 'p0020,nope', '--format', 'csv');
    expect([code, stderr]).toEqual([0, 'note: the run does not know 1 of the products\n']);
    const lines = stdout.split('\r\n');
    expect(lines).toHaveLength(12);
    expect(lines[0]).toMatch(/^rank,product_id,name,/);
  });

  it('says on standard error where a list is the fallback', async () => {
    const { code, stdout, stderr } = await recommend('--customer', 'c000043');
    expect([code, stderr]).toEqual([
      0,
      'note: the customer has bought and viewed nothing yet: this is what is popular in Bavaria, Germany\n',
    ]);
    expect(stdout).toContain('popular in Bavaria, Germany');
  });

  it.each([
    [['--similar', 'nope'], 2, 'no such product'],
    [['--customer', 'a', '--shop', 'dmo'], 2, 'did you mean «demo»?'],
    [['--customer', 'a', '--as-of', '2026-11-14'], 2, '2026-11-15'],
    [['--customer', 'a', '--out', 'nowhere'], 3, 'npm run report'],
    [[], 2, '--customer'],
  ])('%j ends with exit code %d', async (args, exit, hint) => {
    const { code, stdout, stderr } = await recommend(...args);
    expect([code, stdout]).toEqual([exit, '']);
    expect(stderr).toContain(hint);
  });

  it('helps', async () => {
    expect(await recommend('--help')).toMatchObject({ code: 0, stdout: `${recommendUsage}\n`, stderr: '' });
  });

  it('says that a newer run was passed over, and what a run lacks', async () => {
    const own = ownFolder();
    await publishRun(join(own, 'output'), { customers: 5, offers });
    await publishRun(join(own, 'output'), { customers: 5, asOf: '2026-11-22' });
    const there = (...args: string[]) => start('recommend', ['--customer', 'c000001', ...args], { cwd: own }).ended;
    expect(await there('--format', 'csv')).toMatchObject({
      ...{ code: 0, stderr: 'note: the run of 2026-11-22 has no recommendations; this rests on 2026-11-15\n' },
    });
    expect(await there('--as-of', '2026-11-22')).toMatchObject({ code: 3, stderr: expect.stringContaining('recommendations/index') });
  });

  it('changes nothing', () => {
    expect(readdirSync(out).sort()).toEqual(['artifacts', 'site']);
    expect(readdirSync(place)).toEqual(['output']);
  });
});

describe('a list', () => {
  it('as CSV runs no formula', async () => {
    const answer = await recommendProducts({ customerId: 'nobody', k: 100, out });
    const lines = recommendationCsv(answer).split('\r\n');
    for (const id of ["'=cmd|calc", "'+1+1", "'-2+3", "'@SUM(A1)", "'\tx", '"with ""quotes"""']) {
      expect(lines.filter((line) => line.includes(`,${id},`))).toHaveLength(1);
    }
    for (const line of lines.slice(1)) expect(line).not.toMatch(/,[=+@\t]/);
  });

  it('as a table moves no cursor', async () => {
    const text = recommendationTable(await recommendProducts({ customerId: 'nobody', k: 100, out }));
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(text).toContain('\\u{1b}[31mred\\u{202e}');
    const similar = recommendationTable(await similarProducts('=cmd|calc', { out }));
    expect(similar.split('\n')[0]).toBe('Halden & Moor: similar to \\u{1b}[31mred\\u{202e} by embedding');
  });

  it('of nothing says why', async () => {
    const answer = await recommendProducts({ customerId: 'c000003', k: 100, out });
    const text = recommendationTable({ ...answer, recommendations: [], note: 'nothing is left to recommend' });
    expect(text).toMatch(/\nnothing\n\nnothing is left to recommend\n$/);
  });
});
