import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LookbookError } from '#contract/error.ts';
import type { Rendered } from '#report/html.ts';
import { renderHtml } from '#report/html.ts';
import { readingLines } from '#report/overview.ts';
import { compareFindings } from '#report/rank.ts';
import { cssString } from '#report/style.ts';
import { wordCount } from '#report/words.ts';
import { fixture, halden, kita, nasty } from './fixture.ts';

const depths = ['overview', 'in-depth'] as const;
const pages = new Map<string, Rendered>();
for (const depth of depths) pages.set(depth, await renderHtml(fixture(depth)));
const html = (depth: (typeof depths)[number]) => pages.get(depth)!.html;
const text = (page: string) =>
  page
    .replace(/<style>.*?<\/style>/gs, '')
    .replace(/<svg.*?<\/svg>/gs, ' ')
    .replace(/<[^>]+>/g, ' ');

describe.each(depths)('%s page', (depth) => {
  it('makes no request and runs no script', () => {
    const page = html(depth);
    expect(page).not.toMatch(/<script/i);
    expect(page).not.toMatch(/\s(?:src|action|on[a-z]+)=/);
    const urls = [...page.matchAll(/https?:\/\/[^"'\s)<]+/g)].map(([url]) => url).filter((url) => url !== 'http://www.w3.org/2000/svg');
    expect(urls).toEqual([]);
    expect([...page.matchAll(/url\(([^)]{0,40})/g)].every(([, url]) => url!.startsWith('data:font/woff2') || url!.startsWith('#'))).toBe(
      true,
    );
  });

  it('allows its own style alone, by hash', () => {
    const style = /<style>(.*?)<\/style>/s.exec(html(depth))![1]!;
    const hash = createHash('sha256').update(style).digest('base64');
    expect(html(depth)).toContain(`default-src &#x27;none&#x27;; style-src &#x27;sha256-${hash}&#x27;`.replaceAll('&#x27;', "'"));
  });

  it('has one h1 and skips no level', () => {
    const levels = [...html(depth).matchAll(/<h([1-6])[ >]/g)].map(([, level]) => Number(level));
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    for (const [i, level] of levels.entries()) if (i > 0) expect(level).toBeLessThanOrEqual(levels[i - 1]! + 1);
  });

  it('has landmarks, language, skip link and unique ids', () => {
    const page = html(depth);
    for (const part of ['<html lang="en-GB">', '<main id="main"', 'href="#main"', '<nav class="side"', '<footer'])
      expect(page).toContain(part);
    const ids = [...page.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id!);
    expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
    const targets = [...page.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id!);
    expect(targets.filter((id) => !ids.includes(id))).toEqual([]);
  });

  it('gives each chart a title and alternative text, and hides the ornaments', () => {
    const charts = [...html(depth).matchAll(/<svg[^>]*>/g)].map(([tag]) => tag);
    expect(charts.length).toBeGreaterThan(3);
    for (const tag of charts) expect(tag).toMatch(/aria-hidden="true"|role="img" aria-label(?:ledby)?="[^"]+"/);
    for (const [, described] of html(depth).matchAll(/<desc[^>]*>(.*?)<\/desc>/g))
      expect(described).toMatch(/^(Line|Bar) chart of .+ where |^Heat map of .+ where /);
  });

  it('links each figure and table to its rows, and writes them', () => {
    const links = [...html(depth).matchAll(/href="(data\/[^"]+)" data-file/g)].map(([, path]) => path!);
    expect(links.length).toBeGreaterThan(3);
    expect(
      pages
        .get(depth)!
        .files.map((f) => f.path)
        .sort(),
    ).toEqual([...new Set(links)].sort());
    for (const link of links) expect(link).toMatch(/^data\/[a-z-]+\.csv$/);
  });

  it('states period, data-as-of, timezone and currency on page one and in the foot', () => {
    const cover = /<section class="cover".*?<\/section>/s.exec(html(depth))![0];
    for (const part of ['10 to 16 August 2026', '16 August 2026, 23:58', 'Europe/Berlin', 'EUR']) {
      expect(cover).toContain(part);
      expect(/<footer.*<\/footer>/s.exec(html(depth))![0]).toContain(part);
    }
  });

  it('says what the source lacks, and what would unlock it', () => {
    expect(text(html(depth))).toContain('Not available from this source: events. To unlock it, add the table events.');
  });

  it('holds no hole', () => {
    expect(text(html(depth))).not.toMatch(/undefined|NaN|\[object|Infinity|<!--chart/);
  });
});

describe('overview', () => {
  it('says on page one what happened, why and what next in at most 120 words', () => {
    const { headline, lede } = pages.get('overview')!;
    expect(headline).toMatch(/^Revenue rose to/);
    expect(lede).toMatch(/^Net revenue was .*Next: move spend/);
    expect(wordCount(`${headline} ${lede}`)).toBeLessThanOrEqual(120);
  });

  it('stays within 120 words when everything is long', async () => {
    const model = fixture('overview');
    const { result } = model.sections[0]!;
    if ('unavailable' in result) throw new Error('the fixture has sales');
    const long = `${'The week went on and on with more of the same. '.repeat(30)}`;
    result.summary = long;
    result.findings[0]!.detail = long;
    const { headline, lede } = await renderHtml(model);
    expect(wordCount(`${headline} ${lede}`)).toBeLessThanOrEqual(120);
  });

  it('does not say the claim of a finding whose numbers the summary has', async () => {
    const { lede } = pages.get('overview')!;
    expect(lede).toMatch(/New customers came to [0-9,]+, below/);
    expect(lede).not.toContain('New customers fell to');
    const model = fixture('overview');
    const { result } = model.sections[0]!;
    if ('unavailable' in result) throw new Error('the fixture has sales');
    result.summary = 'Net revenue was high.';
    expect((await renderHtml(model)).lede).toContain('New customers fell to');
  });

  it('compares nothing in a first report', async () => {
    const model = fixture('overview');
    model.run.changes = [{ kind: 'data', text: 'This is the first report.' }];
    expect(text((await renderHtml(model)).html)).toMatch(
      /Data\s+This is the first report\.\s+Definitions\s+Nothing to compare with\.\s+Code\s+Nothing to compare with\./,
    );
  });

  it('shows of each analysis only what its narrative puts under overview', () => {
    expect(html('overview')).not.toContain('What was found');
    expect(html('overview')).not.toContain('appendix-');
    expect(html('in-depth')).toContain('What was found');
  });

  it('warns of what the cover does not say already', () => {
    expect(text(html('overview'))).toMatch(/Watch this\s+Poland fell for the third week\./);
  });
});

describe('a line end', () => {
  it('parts neither a sign from its amount nor points from their number', async () => {
    const model = fixture('overview');
    const { result } = model.sections[0]!;
    if ('unavailable' in result) throw new Error('the fixture has sales');
    result.summary = 'Refunds took −€481.34 (−2.4 pt), less than <b>−€9</b> & more than 12% of a pt.';
    const page = (await renderHtml(model)).html;
    expect(page).toContain('took <span class="nb">−€481.34</span> (<span class="nb">−2.4 pt</span>), less');
    expect(page).toContain('&lt;b&gt;<span class="nb">−€9&lt;/b&gt;</span> &amp; more than 12% of a pt.');
    expect(page).not.toMatch(/<(title|desc|text)[^>]*>[^<]*<span/);
  });
});

describe('code', () => {
  it('has its own font, where there is code', () => {
    expect(html('in-depth')).toContain("font-family:'JetBrains Mono'");
    expect(html('overview')).not.toContain("font-family:'JetBrains Mono'");
  });
});

describe('the page of what drove it', () => {
  it('does not repeat the cover: its claim is the finding that its charts prove', async () => {
    const model = fixture('overview');
    const { result } = model.sections[0]!;
    if ('unavailable' in result) throw new Error('the fixture has sales');
    model.sections[0]!.narrative = "{{#overview}}{{figure 'weekly-revenue'}}{{/overview}}";
    const proven = result.findings.toSorted(compareFindings).find(({ proof }) => proof === 'weekly-revenue')!;
    const page = (await renderHtml(model)).html;
    expect(/id="page-drivers-h">([^<]*)</.exec(page)?.[1]).toBe(proven.claim.replace(/\.$/, ''));
  });
});

describe('in depth', () => {
  it('has findings, definitions, methods, limits, queries of its analyses and the manifest', () => {
    const page = text(html('in-depth'));
    for (const part of [
      'Three findings: two changes that go on and one without money at stake',
      'Net revenue, as the register says it.',
      'Tested for a signal: 12; called: 3.',
      'from kpi_weekly',
      'c0ffee',
    ]) {
      expect(page).toContain(part);
    }
    expect(page).not.toContain('select secret');
  });

  it('prints a watermark when tests failed', async () => {
    const model = fixture('in-depth');
    model.run.watermark = 'Data tests failed';
    const page = (await renderHtml(model)).html;
    expect(page.match(/class="watermark"/g)).toHaveLength(1);
    expect(page).toContain('role="note"><strong>Data tests failed</strong>');
  });
});

describe('names from the data', () => {
  it.each(depths)('are text wherever they stand (%s)', async (depth) => {
    const { html: page, files } = await renderHtml(fixture(depth, { ...halden, hostile: nasty }));
    expect(page).not.toMatch(/<script/i);
    expect(page.match(/<\/style>/g)).toHaveLength(1);
    expect(page).toContain('&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt;');
    expect(page).toContain('{{constructor}}');
    expect(files.every(({ text: csv }) => !/(^|,|\n)[=+@]/.test(csv))).toBe(true);
  });

  it('can not forge a chart', async () => {
    const { html: page } = await renderHtml(fixture('overview', { ...halden, hostile: '<!--chart 0-->' }));
    expect(page).toContain('&lt;!--chart 0--&gt;');
  });

  it('stay a string in the page foot', () => {
    expect(cssString('a"</style>\\b & c')).toBe('"a\\000022 \\00003c /style\\00003e \\00005c b \\000026  c"');
  });
});

describe('determinism', () => {
  it('gives equal pages for equal models', async () => {
    expect((await renderHtml(fixture('overview'))).html).toBe(html('overview'));
  });

  it('gives two shops no shared headline number', async () => {
    const numbers = (page: Rendered) => new Set([...`${page.headline} ${page.lede}`.matchAll(/\d[\d.,]*/g)].map(([n]) => n));
    const other = numbers(await renderHtml(fixture('overview', kita)));
    for (const n of numbers(pages.get('overview')!)) expect(other).not.toContain(n);
  });

  it('types no number into templates or into the reading notes', () => {
    const folder = join(import.meta.dirname, '../../templates');
    for (const file of readdirSync(folder).filter((f) => f.endsWith('.hbs'))) {
      const words = readFileSync(join(folder, file), 'utf8')
        .replace(/\{\{[^}]*\}\}+/g, '')
        .replace(/<[^>]*>/g, '');
      expect([file, words.match(/[0-9]/)]).toEqual([file, null]);
    }
    for (const line of readingLines) expect(line).not.toMatch(/[0-9]/);
  });
});

describe('an empty report', () => {
  it('still says what is missing when no analysis can run', async () => {
    const model = fixture('overview');
    for (const section of model.sections) section.result = { unavailable: ['orders'] };
    model.run.dataAsOf = null;
    const { headline, html: page } = await renderHtml(model);
    expect(headline).toBe('This source does not offer what the report needs');
    expect(text(page)).toContain('add the tables orders and order_items');
  });

  it('names the analysis when a result has a hole', async () => {
    const model = fixture('overview');
    (model.sections[0]!.result as { headline: string }).headline = '';
    await expect(renderHtml(model)).rejects.toThrow(LookbookError);
  });
});
