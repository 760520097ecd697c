import { PDFDocument } from 'pdf-lib';
import type { Page } from 'puppeteer-core';
import { LookbookError } from '#contract/error.ts';
import { type BrowserOptions, PrintBrowser } from './browser.ts';
import { paginate, sheet } from './pages.ts';
import { destinationPages, finishPdf, type PdfFacts } from './pdf-finish.ts';

/** A page to be printed. */
export interface PrintJob extends PdfFacts {
  html: string;
}

/** Links to data files are printed under this host, since a page without a base has none, and made relative again in the PDF. */
const placeholder = 'https://lookbook.invalid/';

/**
 * Prints reports as A4: tagged, with outline, contents page numbers, and the same bytes for the same HTML.
 * @returns PDFs in the order of the jobs.
 * @throws LookbookError('render') when there is no browser, it crashed twice, or a page can't be printed.
 */
export async function printPdfs(jobs: PrintJob[], options: BrowserOptions = {}): Promise<Uint8Array[]> {
  if (jobs.length === 0) return [];
  const browser = new PrintBrowser(options);
  const results = new Array<Uint8Array>(jobs.length);
  let next = 0;
  const worker = async () => {
    for (let i = next++; i < jobs.length; i = next++) {
      const job = jobs[i]!;
      results[i] = await browser
        .withPage((page) => printOne(page, job, options.timeout ?? 180_000))
        .catch((cause) => {
          next = jobs.length;
          if (cause instanceof LookbookError) throw cause;
          throw new LookbookError(
            'render',
            { what: `the report could not be printed: ${(cause as Error).message}`, where: job.title },
            { cause },
          );
        });
    }
  };
  try {
    const outcomes = await Promise.allSettled(Array.from({ length: Math.min(options.concurrency ?? 2, jobs.length) }, worker));
    const failure = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failure) throw failure.reason;
    return results;
  } finally {
    await browser.close();
  }
}

/** Prints one report in a page of a browser: once where the page numbers were foreseen, else again with those that the print had. */
export async function printOne(page: Page, job: PrintJob, timeout: number): Promise<Uint8Array> {
  await page.emulateMediaType('print');
  await page.setContent(job.html, { waitUntil: 'load', timeout });
  const headings = await page.evaluate(prepare, placeholder);
  let numbers = await page.evaluate(paginate, sheet);
  const most = 3;
  for (let pass = 1; ; pass += 1) {
    const bytes = await page.pdf({
      preferCSSPageSize: true,
      printBackground: true,
      tagged: true,
      outline: true,
      waitForFonts: true,
      timeout,
    });
    const pdf = await PDFDocument.load(bytes, { updateMetadata: false });
    const pages = destinationPages(pdf);
    const found = Object.fromEntries(Object.keys(numbers).map((anchor) => [anchor, String(pages.get(anchor) ?? '')]));
    const isSame = Object.entries(found).every(([anchor, number]) => numbers[anchor] === number);
    if (isSame || pass === most) return finishPdf(pdf, job, { headings, placeholder });
    numbers = found;
    await page.evaluate(number, numbers);
  }
}

/** In the page: opens what print can't open, gives data links a host, and tells the headings' text. */
async function prepare(host: string): Promise<string[]> {
  for (const details of document.querySelectorAll('details')) details.open = true;
  for (const link of document.querySelectorAll<HTMLAnchorElement>('a[data-file]')) link.href = host + link.getAttribute('href');
  await document.fonts.ready;
  return [...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map((h) => (h.textContent ?? '').replace(/\s+/g, ' ').trim());
}

/** In the page: fills the contents. */
function number(numbers: Record<string, string>): void {
  for (const element of document.querySelectorAll('[data-toc]')) element.textContent = numbers[element.getAttribute('data-toc')!] ?? '';
}
