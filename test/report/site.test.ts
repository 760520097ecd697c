import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderHtml } from '#report/html.ts';
import { readSite, siteHtml } from '#report/site.ts';
import { fixture, halden, kita, nasty } from './fixture.ts';

let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'lookbook-site-'));
  const publish = async (folder: string, made = halden, asOf = '2026-08-16') => {
    const model = fixture('overview', made);
    model.run.asOf = asOf;
    const { title, headline, id } = await renderHtml(model);
    const text = JSON.stringify({ run: model.run, reports: [{ title, headline, files: { html: `${id}.html`, pdf: `${id}.pdf` } }] });
    await mkdir(join(root, folder), { recursive: true });
    await writeFile(join(root, folder, 'report.json'), text);
  };
  await publish('halden/2026-08-09', halden, '2026-08-09');
  await publish('halden/2026-08-16');
  await publish('kita/2026-08-16', { ...kita, hostile: nasty });
  await mkdir(join(root, 'halden/2026-08-02'));
  await mkdir(join(root, 'broken/2026-08-16'), { recursive: true });
  await writeFile(join(root, 'broken/2026-08-16/report.json'), '{"run":');
});
afterAll(() => rm(root, { recursive: true, force: true }));

describe('site', () => {
  it('reads published runs and names what it can not read', async () => {
    const { runs, unreadable } = await readSite(root);
    expect(runs.map((r) => r.folder)).toEqual(['halden/2026-08-09', 'halden/2026-08-16', 'kita/2026-08-16']);
    expect(unreadable).toEqual([join('broken', '2026-08-16')]);
  });

  it('lists the newest run of each shop with its headline, then past runs', async () => {
    const page = siteHtml((await readSite(root)).runs);
    expect(page.match(/<section class="shop">/g)).toHaveLength(2);
    expect(page.indexOf('halden/2026-08-16/weekly-overview.html')).toBeLessThan(page.indexOf('halden/2026-08-09/weekly-overview.html'));
    expect(page).toContain('href="halden/2026-08-16/weekly-overview.pdf"');
    expect(page).toContain('Revenue rose to');
    expect(page).toContain('&lt;script&gt;');
    expect(page).not.toMatch(/<script|https?:/);
  });

  it('is a page without any run', async () => {
    expect(siteHtml((await readSite(join(root, 'nowhere'))).runs)).toContain('No run has been published yet.');
  });
});
