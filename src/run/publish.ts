import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Result } from '#contract/analysis.ts';
import type { Shop } from '#contract/shop.ts';
import { isIntact } from './artifacts.ts';
import { sha256, sha256File } from './hash.ts';
import { type Manifest, readManifest } from './manifest.ts';
import type { Format } from './options.ts';
import type { Page } from './pages.ts';
import { Publication } from './publication.ts';

/** A published report, as a summary names it. */
export interface PublishedReport {
  id: string;
  title: string;
  headline: string;
  files: { html?: string; pdf?: string };
}

/** What report.json adds to the pages: the results behind them. */
export interface PublishedData {
  run: { id: string; shop: Shop; asOf: string; period: { first: string; last: string } };
  quality: { passed: number; warned: number; failed: number };
  reports: (PublishedReport & { data: string[]; depth: string; reader: string; lede: string; key: string })[];
  analyses: Record<string, unknown>;
}

/** Finds what stands published of exactly these inputs, with every file and artifact as its manifest says, and every print that was asked for; null otherwise. */
export function findPublished(folder: string, artifacts: string, run: string, formats: Format[]): PublishedData | null {
  const manifest = readManifest(folder);
  if (manifest?.run !== run) return null;
  for (const [name, hash] of Object.entries(manifest.files)) {
    const file = join(folder, name);
    if (!existsSync(file) || sha256File(file) !== hash) return null;
  }
  if (!Object.values(manifest.artifacts).every((kept) => isIntact(artifacts, kept))) return null;
  const last = lastPublished(folder);
  const lacksPrint = formats.includes('pdf') && last?.reports.some(({ files }) => files.pdf === undefined);
  return lacksPrint ? null : last;
}

/**
 * Writes pages, rows, results and manifest, and puts them in place of the last publication in one step. Reports that were published of
 * the same inputs and are not made again stay beside them.
 */
export function publish(
  folder: string,
  pages: Page[],
  data: Omit<PublishedData, 'reports' | 'analyses'>,
  results: Map<string, Result>,
  manifest: Omit<Manifest, 'files' | 'reports' | 'engines'>,
  formats: Format[],
): { reports: PublishedReport[]; removed: string[] } {
  const last = readManifest(folder);
  const kept = last && sameMaterial(last, manifest) ? lastPublished(folder) : null;
  const publication = new Publication(folder);
  const files: Record<string, string> = {};
  const write = (name: string, bytes: string | Uint8Array) => {
    publication.write(name, bytes);
    files[name] = sha256(bytes);
    return name;
  };
  try {
    const made = pages.map(({ id, title, headline, lede, depth, reader, key, html, pdf, files: rows }) => {
      const names = {
        ...(formats.includes('html') ? { html: write(`${id}.html`, html) } : {}),
        ...(pdf ? { pdf: write(`${id}.pdf`, pdf) } : {}),
      };
      const data = rows.map(({ path, text }) => write(path, text));
      return { id, title, headline, files: names, data, depth, reader, lede, key };
    });
    const others = (kept?.reports ?? []).filter(({ id }) => !pages.some((page) => page.id === id));
    for (const name of others.flatMap((report) => [...Object.values(report.files), ...report.data])) {
      publication.keep(name);
      files[name] = last?.files[name] as string;
    }
    const reports = [...made, ...others].sort(
      (a, b) => Number(b.depth === 'overview') - Number(a.depth === 'overview') || (a.id < b.id ? -1 : 1),
    );
    const analyses = { ...kept?.analyses, ...Object.fromEntries([...results].map(([id, result]) => [id, withoutDrawings(result)])) };
    write('report.json', `${JSON.stringify({ ...data, reports, analyses }, null, 1)}\n`);
    const keys = Object.fromEntries(reports.map(({ id, key }) => [id, key]));
    const engines = { ...(kept ? last?.engines : {}), ...enginesOf(results) };
    const artifacts = sorted({ ...(kept ? last?.artifacts : {}), ...manifest.artifacts });
    publication.write(
      'manifest.json',
      `${JSON.stringify({ ...manifest, reports: keys, files: sorted(files), artifacts, engines: sorted(engines) }, null, 2)}\n`,
    );
    publication.commit();
    const removed = Object.keys(last?.reports ?? {}).filter((id) => !(id in keys));
    return { reports: made.map(({ id, title, headline, files: names }) => ({ id, title, headline, files: names })), removed };
  } catch (error) {
    publication.discard();
    throw error;
  }
}

function enginesOf(results: Map<string, Result>): Record<string, string> {
  return Object.fromEntries([...results].flatMap(([id, { method }]) => (method.engine ? [[id, method.engine]] : [])));
}

/** Figures as words: their rows stand in the CSV files, and the charts in the pages. */
function withoutDrawings({ figures, ...result }: Result): unknown {
  return { ...result, figures: figures.map(({ spec: _spec, narrow: _narrow, rows, ...words }) => ({ ...words, n: rows.length })) };
}

/** Whether two publications rest on the same data, code and settings, and differ only in which reports were asked for. */
function sameMaterial(last: Manifest, now: Omit<Manifest, 'files' | 'reports' | 'engines'>): boolean {
  const material = ({ inputs }: Pick<Manifest, 'inputs'>) => sha256({ ...inputs, options: { ...inputs.options, reports: [], only: [] } });
  return now.inputs.options.only.length === 0 && last.inputs.options.only.length === 0 && material(last) === material(now);
}

function lastPublished(folder: string): PublishedData | null {
  const file = join(folder, 'report.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as PublishedData) : null;
}

function sorted<T>(files: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1)));
}
