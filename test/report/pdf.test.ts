import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { PDFBool, PDFDict, PDFDocument, PDFHexString, PDFName, PDFRawStream, PDFString } from 'pdf-lib';
import { beforeAll, describe, expect, it } from 'vitest';
import { LookbookError } from '#contract/error.ts';
import { PrintBrowser } from '#report/browser.ts';
import { type Rendered, renderHtml } from '#report/html.ts';
import { type PrintJob, printPdfs } from '#report/pdf.ts';
import { bookmarks, destinationPages } from '#report/pdf-finish.ts';
import { fixture } from './fixture.ts';
import { pageText } from './pdf-text.ts';

const run = promisify(execFile);
const facts = { producer: 'lookbook 0.1.0', asOf: '2026-08-16' };
const jobOf = ({ html, title, lang }: Rendered): PrintJob => ({ ...facts, html, title, lang });

let pages: Rendered[] = [];
let bytes: Uint8Array[] = [];
let pdfs: PDFDocument[] = [];
beforeAll(async () => {
  pages = await Promise.all((['overview', 'in-depth'] as const).map((depth) => renderHtml(fixture(depth))));
  bytes = await printPdfs(pages.map(jobOf));
  pdfs = await Promise.all(bytes.map((b) => PDFDocument.load(b, { updateMetadata: false })));
}, 120_000);

const objects = (pdf: PDFDocument) => pdf.context.enumerateIndirectObjects().map(([, object]) => object);
const dicts = (pdf: PDFDocument) => objects(pdf).filter((object) => object instanceof PDFDict);
const nameOf = (dict: PDFDict, key: string) => String(dict.lookup(PDFName.of(key)) ?? '');

describe('printed reports', () => {
  it('are A4; the overview has 4 to 6 pages', () => {
    expect(pdfs[0]!.getPageCount()).toBeGreaterThanOrEqual(4);
    expect(pdfs[0]!.getPageCount()).toBeLessThanOrEqual(6);
    for (const pdf of pdfs)
      for (const page of pdf.getPages()) expect([page.getWidth(), page.getHeight()].map(Math.round)).toEqual([595, 842]);
  });

  it('are tagged, titled, in the language of the shop, with pinned dates', () => {
    for (const [i, pdf] of pdfs.entries()) {
      expect(pdf.catalog.lookup(PDFName.of('MarkInfo'), PDFDict).lookup(PDFName.of('Marked'))).toBe(PDFBool.True);
      expect((pdf.catalog.lookup(PDFName.of('Lang')) as PDFString | PDFHexString).decodeText()).toBe('en-GB');
      expect(pdf.getTitle()).toBe(pages[i]!.title);
      expect(pdf.getProducer()).toBe('lookbook 0.1.0');
      expect(pdf.getCreationDate()?.toISOString()).toBe('2026-08-16T00:00:00.000Z');
      expect(pdf.getModificationDate()?.toISOString()).toBe('2026-08-16T00:00:00.000Z');
    }
  });

  it('embed each font as TrueType', () => {
    for (const pdf of pdfs) {
      const fonts = dicts(pdf).filter((dict) => nameOf(dict, 'Type') === '/Font');
      const descendants = fonts.filter((dict) => nameOf(dict, 'Subtype') !== '/Type0');
      expect(descendants.length).toBeGreaterThanOrEqual(4);
      for (const font of descendants) {
        expect(nameOf(font, 'Subtype')).toBe('/CIDFontType2');
        expect(font.lookup(PDFName.of('FontDescriptor'), PDFDict).lookup(PDFName.of('FontFile2'))).toBeInstanceOf(PDFRawStream);
        expect(nameOf(font, 'BaseFont')).toMatch(/Inter|SourceSerif4|JetBrainsMono/);
      }
    }
  });

  it('have bookmarks that read as the headings do', () => {
    for (const [i, pdf] of pdfs.entries()) {
      const titles = bookmarks(pdf).map(({ title }) => title);
      const headings = [...pages[i]!.html.matchAll(/<h[1-6][^>]*>(.*?)<\/h[1-6]>/gs)].map(([, inner]) =>
        inner!
          .replace(/<[^>]+>/g, '')
          .replaceAll('&amp;', '&')
          .replaceAll('&#x27;', "'")
          .trim(),
      );
      expect(titles).toEqual(headings);
    }
  });

  it('carry the right page numbers in the contents', async () => {
    for (const [i, pdf] of pdfs.entries()) {
      const anchors = [...pages[i]!.html.matchAll(/data-toc="([^"]+)"/g)].map(([, anchor]) => anchor!);
      const at = destinationPages(pdf);
      const numbers = anchors.map((anchor) => at.get(anchor)!);
      expect(numbers.every((n) => n >= 2 && n <= pdf.getPageCount())).toBe(true);
      expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
      const bare = (text: string) => text.replace(/&amp;/g, '&').replace(/\s+/g, '');
      const titles = [...pages[i]!.html.matchAll(/<a href="#[^"]+"><span>([^<]+)<\/span><span class="toc-n"/g)].map(([, title]) =>
        bare(title!),
      );
      expect(titles).toHaveLength(numbers.length);
      expect(bare(pageText(pdf, 0).join(''))).toContain(titles.map((title, k) => `${title}${numbers[k]}`).join(''));
    }
  });

  it('say page x of y, and where they come from, in the foot', () => {
    for (const pdf of pdfs) {
      const count = pdf.getPageCount();
      for (let i = 1; i < count; i += 1) {
        const text = pageText(pdf, i).join('').replace(/\s+/g, ' ');
        expect(text).toContain(`${i + 1} / ${count}`);
        for (const part of ['Halden & Moor', '10 to 16 August 2026', 'data as of 16 August 2026, 23:58', 'Europe/Berlin', 'EUR'])
          expect(text).toContain(part);
      }
    }
  });

  it('keep the cover to one page, however long its words', async () => {
    const model = fixture('overview');
    const { result } = model.sections[0]!;
    if ('unavailable' in result) throw new Error('the fixture has sales');
    const long = 'The week went on and on with more of the same in each place that was looked at. ';
    result.findings[0]!.claim = long.repeat(3).trim();
    result.summary = long.repeat(6);
    result.headline = long.repeat(2);
    model.report.reader = long;
    const page = await renderHtml(model);
    const [printed] = await printPdfs([jobOf(page)]);
    const pdf = await PDFDocument.load(printed!, { updateMetadata: false });
    expect(destinationPages(pdf).get('page-week')).toBe(2);
    expect(pageText(pdf, 0).join('').replace(/\s/g, '')).toMatch(/Sincethelastreport:Whatchangedindata,definitionsandcode\d$/);
  }, 60_000);

  it('keep the overview to its sheets: what does not fit gives way from the end', async () => {
    const model = fixture('overview');
    const areas = Array.from({ length: 7 }, (_, i) => {
      const section = structuredClone(model.sections[0]!);
      section.analysis.id = `area-${'abcdefg'[i]}`;
      section.narrative = "{{#overview 'areas'}}{{figure 'weekly-revenue'}}{{/overview}}";
      return section;
    });
    model.sections.push(...areas);
    model.report.sections.push(...areas.map(({ analysis }) => analysis.id));
    const page = await renderHtml(model);
    const [printed] = await printPdfs([jobOf(page)]);
    const pdf = await PDFDocument.load(printed!, { updateMetadata: false });
    expect(pdf.getPageCount()).toBeLessThanOrEqual(6);
    const at = destinationPages(pdf);
    expect(at.get('page-next')).toBe(at.get('page-areas')! + 1);
    const charts =
      pageText(pdf, at.get('page-areas')! - 1)
        .join('')
        .split('Rows').length - 1;
    expect(charts).toBeGreaterThanOrEqual(2);
    expect(charts).toBeLessThan(7);
  }, 60_000);

  it('describe each chart', () => {
    for (const [i, pdf] of pdfs.entries()) {
      const alts = dicts(pdf).flatMap((dict) => {
        const alt = dict.lookup(PDFName.of('Alt'));
        return alt instanceof PDFString || alt instanceof PDFHexString ? [alt.decodeText()] : [];
      });
      const wide = [...pages[i]!.html.matchAll(/<title id="[^"]*[a-z]-t">/g)];
      expect(wide.length).toBeGreaterThan(2);
      expect(alts.filter((alt) => / chart of | map of /.test(alt)).length).toBeGreaterThanOrEqual(3);
    }
  });

  it('link to data beside them, never to a place on this machine', () => {
    for (const pdf of pdfs) {
      const uris = dicts(pdf).flatMap((dict) => {
        const action = dict.lookup(PDFName.of('A'));
        const uri = action instanceof PDFDict ? action.lookup(PDFName.of('URI')) : undefined;
        return uri instanceof PDFString || uri instanceof PDFHexString ? [uri.decodeText()] : [];
      });
      expect(uris.length).toBeGreaterThan(2);
      for (const uri of uris) expect(uri).toMatch(/^data\/[a-z-]+\.csv$/);
    }
  });

  it('are the same bytes in another timezone and locale, in another process', async () => {
    const child = async (TZ: string, LANG: string) => {
      const env = { ...process.env, TZ, LANG, LC_ALL: LANG };
      const { stdout } = await run(process.execPath, ['test/report/print-child.ts'], { env });
      return stdout.trim();
    };
    const [one, two] = [await child('Asia/Tokyo', 'de_DE.UTF-8'), await child('America/Los_Angeles', 'C')];
    expect(one).toBe(two);
    const { createHash } = await import('node:crypto');
    expect(JSON.parse(one).pdf).toBe(createHash('sha256').update(bytes[0]!).digest('hex'));
  }, 60_000);
});

describe('the browser', () => {
  it('is launched again when it dies once', async () => {
    let launches = 0;
    const [pdf] = await printPdfs([jobOf(pages[0]!)], {
      onLaunch: (browser) => {
        launches += 1;
        if (launches === 1) browser.once('targetcreated', () => browser.process()?.kill('SIGKILL'));
      },
    });
    expect(launches).toBe(2);
    expect(Buffer.from(pdf!).equals(Buffer.from(bytes[0]!))).toBe(true);
  }, 60_000);

  it('is an error with a remedy when it dies twice', async () => {
    const dying = printPdfs([jobOf(pages[0]!)], {
      onLaunch: (browser) => browser.once('targetcreated', () => browser.process()?.kill('SIGKILL')),
    });
    await expect(dying).rejects.toThrow(/crashed twice[\s\S]*to mend/);
    await expect(dying).rejects.toBeInstanceOf(LookbookError);
  }, 60_000);

  it('is an error with a remedy when there is none', async () => {
    const none = printPdfs([jobOf(pages[0]!)], { env: { CHROME_PATH: '/nowhere/chrome' } });
    await expect(none).rejects.toThrow(/\/nowhere\/chrome: there is no browser[\s\S]*CHROME_PATH/);
    await expect(none).rejects.toMatchObject({ kind: 'render', exitCode: 5 });
  });

  it('keeps web security on', async () => {
    const browser = new PrintBrowser();
    let args: string[] = [];
    const spy = new PrintBrowser({ onLaunch: (b) => (args = b.process()?.spawnargs ?? []) });
    await spy.version();
    await spy.close();
    await browser.close();
    expect(args.join(' ')).toContain('--disable-background-networking');
    expect(args.join(' ')).not.toContain('web-security');
    expect(args.includes('--no-sandbox')).toBe(process.getuid?.() === 0);
  }, 60_000);
});
