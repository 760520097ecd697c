import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Analysis } from '#contract/analysis.ts';
import { LookbookError } from '#contract/error.ts';
import { nearest } from '#contract/nearest.ts';
import type { Report } from '#contract/report.ts';
import { type Entry, readsOf } from './graph.ts';

/** What this project can make: its reports and their analyses. */
export interface Catalogue {
  reports: Report[];
  analyses: Map<string, Entry>;
}

/**
 * Loads the reports asked for, the analyses that they need, and those that these read.
 * @param root project folder with reports/ and analyses/.
 * @param asked report ids; all when empty.
 * @param only analysis ids to keep; all when empty. Reports left without a section are dropped.
 * @throws LookbookError (usage) for an unknown report or analysis.
 */
export async function loadCatalogue(root: string, asked: string[], only: string[]): Promise<Catalogue> {
  const known = idsIn(join(root, 'reports'), (name) => /^(.+)\.ts$/.exec(name)?.[1]);
  const folders = idsIn(join(root, 'analyses'), (name) => (existsSync(join(root, 'analyses', name, 'analysis.ts')) ? name : undefined));
  for (const id of asked) refuseUnknown(id, known, 'report');
  for (const id of only) refuseUnknown(id, folders, 'analysis');
  const loaded = await Promise.all(
    (asked.length > 0 ? [...new Set(asked)] : known).map((id) => load<Report>(join(root, 'reports', `${id}.ts`))),
  );
  const reports = loaded
    .map((report) => ({ ...report, sections: report.sections.filter((id) => only.length === 0 || only.includes(id)) }))
    .filter((report) => report.sections.length > 0)
    .sort((a, b) => Number(b.depth === 'overview') - Number(a.depth === 'overview'));
  const analyses = new Map<string, Entry>();
  const add = async (id: string, where: string): Promise<void> => {
    if (analyses.has(id)) return;
    if (!folders.includes(id)) throw new LookbookError('usage', { what: `no analysis «${id}»`, where, expected: folders.join(', ') });
    const folder = join(root, 'analyses', id);
    const entry = { analysis: await load<Analysis>(join(folder, 'analysis.ts')), folder };
    analyses.set(id, entry);
    for (const read of readsOf(entry)) await add(read, `analyses/${id}`);
  };
  for (const { id, sections } of reports) for (const section of sections) await add(section, `reports/${id}.ts`);
  return { reports, analyses };
}

function idsIn(folder: string, idOf: (name: string) => string | undefined): string[] {
  return readdirSync(folder)
    .map(idOf)
    .filter((id) => id !== undefined)
    .sort();
}

function refuseUnknown(id: string, known: string[], kind: string): void {
  if (known.includes(id)) return;
  const guess = nearest(id, known);
  throw new LookbookError('usage', {
    what: `no ${kind} «${id}»`,
    expected: known.join(', '),
    ...(guess ? { mend: `did you mean «${guess}»?` } : {}),
  });
}

async function load<T>(file: string): Promise<T> {
  const module = (await import(pathToFileURL(file).href)) as { default?: T };
  if (module.default === undefined) throw new LookbookError('usage', { what: 'no default export', where: file });
  return module.default;
}
