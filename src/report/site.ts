import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { formatter } from '#contract/format.ts';
import { contentPolicy, styleOf } from './style.ts';
import { render } from './template.ts';

const runFile = z.object({
  run: z.object({
    shop: z.object({ id: z.string(), name: z.string(), currency: z.string(), locale: z.string() }),
    asOf: z.string().regex(/^\d{4}-\d{2}-\d{2}$/),
    period: z.object({ first: z.string(), last: z.string() }),
  }),
  reports: z.array(
    z.object({ title: z.string(), headline: z.string(), files: z.object({ html: z.string().optional(), pdf: z.string().optional() }) }),
  ),
});

/** A published run and where it lies. */
export interface SiteRun extends z.infer<typeof runFile> {
  /** Path from the site's root, 'demo/2026-08-16'. */
  folder: string;
}

/** Published runs below a site's root: `<shop>/<as-of>/report.json`. Folders without a readable one are named in `unreadable`. */
export async function readSite(root: string): Promise<{ runs: SiteRun[]; unreadable: string[] }> {
  const runs: SiteRun[] = [];
  const unreadable: string[] = [];
  for (const shop of await foldersIn(root)) {
    for (const asOf of await foldersIn(join(root, shop))) {
      const text = await readFile(join(root, shop, asOf, 'report.json'), 'utf8').catch(() => null);
      if (text === null) continue;
      const parsed = runFile.safeParse(parsedJson(text));
      const folder = `${encodeURIComponent(shop)}/${encodeURIComponent(asOf)}`;
      if (parsed.success) runs.push({ ...parsed.data, folder });
      else unreadable.push(join(shop, asOf));
    }
  }
  return { runs, unreadable };
}

/** The site's index: for each shop the newest run's reports with their headlines, then the past runs. */
export function siteHtml(runs: SiteRun[]): string {
  const shops = Map.groupBy(runs, (run) => run.run.shop.id);
  const views = [...shops.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, list]) => {
      const [newest, ...past] = list.toSorted((a, b) => (a.run.asOf < b.run.asOf ? 1 : -1)) as [SiteRun, ...SiteRun[]];
      return { name: newest.run.shop.name, newest: runView(newest), past: past.map(runView) };
    });
  const unstyled = render('site', { csp: '', style: '', shops: views });
  const style = styleOf(unstyled, '');
  return unstyled
    .replace('<style></style>', () => `<style>${style}</style>`)
    .replace('content=""', () => `content="${contentPolicy(style)}"`);
}

function runView({ run, reports, folder }: SiteRun) {
  const format = formatter(run.shop);
  return {
    asOf: format.date(run.asOf),
    period: format.span(run.period.first, run.period.last),
    reports: reports.map(({ title, headline, files }) => ({
      title: title.endsWith(`: ${headline}`) ? title.slice(0, -headline.length - 2) : title,
      headline,
      html: files.html ? link(folder, files.html) : link(folder, files.pdf ?? 'report.json'),
      pdf: files.html && files.pdf ? link(folder, files.pdf) : '',
    })),
  };
}

function link(folder: string, file: string): string {
  return `${folder}/${encodeURIComponent(file)}`;
}

async function foldersIn(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map((entry) => entry.name)
    .sort();
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
