import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PrintBrowser } from '#report/browser.ts';
import { renderHtml } from '#report/html.ts';
import { fixture } from './fixture.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const pages: Record<string, string> = {};
let browser: PrintBrowser;
beforeAll(async () => {
  browser = new PrintBrowser();
  for (const depth of ['overview', 'in-depth'] as const) pages[depth] = (await renderHtml(fixture(depth))).html;
});
afterAll(() => browser.close());

interface Violation {
  id: string;
  nodes: { html: string; failureSummary?: string }[];
}

describe.each(['overview', 'in-depth'])('%s page', (depth) => {
  it.each([
    ['wide', 1280, 'light'],
    ['wide and dark', 1280, 'dark'],
    ['a phone', 390, 'light'],
  ])('passes axe on %s', async (_, width, scheme) => {
    const found = await browser.withPage(async (page) => {
      await page.setViewport({ width, height: 900 });
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
      await page.setContent(pages[depth]!, { waitUntil: 'load' });
      await page.evaluate(axe);
      return page.evaluate(async () => {
        const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: Violation[] }> } };
        return (await axe.run()).violations;
      });
    });
    expect(found.map(({ id, nodes }) => `${id}: ${nodes[0]?.html} ${nodes[0]?.failureSummary}`)).toEqual([]);
  });

  it.each([360, 390, 420, 768, 1280])('never scrolls sideways at %i px', async (width) => {
    const reach = await browser.withPage(async (page) => {
      await page.setViewport({ width, height: 900 });
      await page.setContent(pages[depth]!, { waitUntil: 'load' });
      return page.evaluate(() => document.documentElement.scrollWidth);
    });
    expect(reach).toBeLessThanOrEqual(width);
  });
});
