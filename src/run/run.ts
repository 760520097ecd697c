import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LookbookError } from '#contract/error.ts';
import { readSite, siteHtml } from '#report/site.ts';
import { lastCompleteWeek } from '#source/calendar.ts';
import { lastOrderDayOnOrBefore, readSnapshot, type Snapshot, takeSnapshot } from '#source/snapshot.ts';
import { type Moment, planAnalyses } from './analyse.ts';
import { artifactFolder, pruneArtifacts } from './artifacts.ts';
import { Cache, type Decision } from './cache.ts';
import { type Catalogue, loadCatalogue } from './catalogue.ts';
import { definitionHashes } from './definitions.ts';
import { lock } from './lock.ts';
import { type Inputs, previousRun, runId } from './manifest.ts';
import { checkDay, type RunOptions } from './options.ts';
import { addDays, lastWeek, localDay, wall } from './period.ts';
import type { Progress } from './progress.ts';
import { recover, replaceFile } from './publication.ts';
import { findPublished, type PublishedReport, publish } from './publish.ts';
import { runtimeVersions } from './runtime.ts';
import { shopOf, sourceOf } from './shops.ts';
import { pruneSnapshots } from './snapshots.ts';
import { hashFolders, ModuleHashes } from './sources.ts';
import { stopIfAsked } from './stop.ts';
import type { Facts } from './study.ts';

/** What a run needs from outside: the project, the day, a screen, and a way to be stopped. */
export interface World {
  /** Project folder: reports, analyses, templates, code. */
  root: string;
  /** Today, 'YYYY-MM-DD', in UTC: a week that is not over by then is never reported by default. */
  today: string;
  progress: Progress;
  signal: AbortSignal;
}

/** What a run has made. */
export interface RunSummary {
  shop: string;
  asOf: string;
  run: string;
  folder: string;
  index: string;
  /** True when the published files were those of the same inputs already. */
  unchanged: boolean;
  reports: PublishedReport[];
  quality: { passed: number; warned: number; failed: number };
  warnings: string[];
  decisions: Decision[];
  seconds: Record<string, number>;
}

/** A run made again, to be compared, must rest on the same earlier report. */
export interface Pinned {
  previous?: Inputs['previous'];
}

/** Snapshots kept beside those that published reports were made from. */
const keptSnapshots = 3;

const codeFolders = ['src', 'analyses', 'templates', 'reports', 'package-lock.json'];

/**
 * Source to published reports. What was made of the same inputs before is reused; what is published is replaced whole or not at all.
 * @throws LookbookError with the exit code of its kind.
 */
export async function run(options: RunOptions, world: World, pinned: Pinned = {}): Promise<RunSummary> {
  mkdirSync(options.out, { recursive: true });
  const release = await lock(options.out, {
    waitSeconds: 600,
    onWait: (pid) => world.progress.line(`waiting for the run with process ${pid}, which is using ${options.out}`),
  });
  try {
    return await locked(options, world, pinned);
  } finally {
    release();
  }
}

async function locked(options: RunOptions, world: World, pinned: Pinned): Promise<RunSummary> {
  const { progress, root, today, signal } = world;
  const site = join(options.out, 'site');
  recover(join(site, options.shop));
  const catalogue = await loadCatalogue(root, options.reports, options.only);
  refuseUnknownParams(options, catalogue);
  const snapshot = await snapshotOf(options, progress);
  await stopIfAsked(signal);
  const warnings = [...snapshot.warnings];
  const shop = shopOf(options, snapshot.capabilities);
  const moment = await momentOf(options, snapshot, shop.timezone, today, warnings);
  for (const warning of warnings) progress.line(`         note: ${warning}`);
  const plans = planAnalyses(catalogue.analyses, { shop, moment, overrides: options.params });
  const inputs = inputsOf(options, snapshot, moment, root, pinned.previous ?? previousRun(join(site, shop.id), moment.asOf));
  const id = runId(inputs);
  const folder = join(site, shop.id, moment.asOf);
  const summary = { shop: shop.id, asOf: moment.asOf, run: id, folder, index: join(site, 'index.html'), warnings };
  const published = options.cache ? findPublished(folder, artifactFolder(options.out), id, options.formats) : null;
  if (published) {
    progress.line(`         nothing changed: ${folder} holds the reports of these inputs`);
    const decisions: Decision[] = [{ step: 'run', decision: 'reused', why: 'nothing changed' }];
    return { ...summary, reports: published.reports, quality: published.quality, unchanged: true, decisions, seconds: progress.timings };
  }
  // Engine, charts and browser are loaded only where something has to be made.
  const [{ Study }, { Printing }, { makePages }] = await Promise.all([import('./study.ts'), import('./printing.ts'), import('./pages.ts')]);
  const cache = new Cache(join(options.out, 'cache', 'steps'), options.cache);
  const hashes = new ModuleHashes(root);
  const { runtime } = inputs;
  const printerCode = hashes.of(join(root, 'src/report/pdf.ts'));
  const version = (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version;
  await using printing = new Printing({ cache, progress, code: printerCode, runtime, date: moment.asOf, producer: `Lookbook ${version}` });
  await using study = new Study({ options, snapshot, shop, moment, plans, cache, hashes, runtime, progress, signal });
  const printer = options.formats.includes('pdf') ? printing : null;
  printer?.warm();
  const [{ results, artifacts }, facts] = await Promise.all([study.results(), study.facts()]);
  await stopIfAsked(signal);
  if (options.onFailedTest === 'stop') stopOnFailure(facts);
  const { reports } = catalogue;
  const pages = await makePages({
    root,
    reports,
    plans,
    results,
    facts,
    shop,
    moment,
    inputs,
    options,
    version,
    cache,
    hashes,
    printing: printer,
    progress,
    signal,
  });
  if (printer && printing.missing) warnings.push(`no PDF was made: ${printing.missing.message}`);
  await stopIfAsked(signal);
  const { passed, warned, failed } = facts.quality;
  const quality = { passed, warned, failed };
  const made = await progress.step('publish', async (say) => {
    say(folder);
    const period = { first: moment.week, last: addDays(moment.week, 6) };
    const data = { run: { id, shop, asOf: moment.asOf, period }, quality };
    const { reports: done, removed } = publish(
      folder,
      pages,
      data,
      results,
      { lookbook: version, run: id, inputs, artifacts },
      options.formats,
    );
    if (removed.length > 0)
      warnings.push(
        `removed, since they rest on other data, code or settings: ${removed.join(', ')}; run without a report's name to make them again`,
      );
    const { runs, unreadable } = await readSite(site);
    for (const name of unreadable) warnings.push(`${name} is left out of the start page: its report.json can't be read`);
    replaceFile(summary.index, siteHtml(runs));
    return done;
  });
  cache.close();
  await study.prune();
  pruneArtifacts(options.out);
  pruneSnapshots(options.out, snapshot.fingerprint, keptSnapshots);
  return {
    ...summary,
    reports: made,
    quality,
    unchanged: false,
    decisions: [...study.decisions, ...cache.decisions],
    seconds: progress.timings,
  };
}

async function snapshotOf(options: RunOptions, progress: Progress): Promise<Snapshot> {
  return progress.step('snapshot', async (say) => {
    const kept = options.snapshot && (await readSnapshot(join(options.out, 'snapshots', options.snapshot)));
    if (kept) return kept;
    const source = sourceOf(options);
    const taken = await takeSnapshot(source, join(options.out, 'snapshots'), () => {});
    const rows = Object.values(taken.tables).reduce((sum, table) => sum + table.rows, 0);
    say(`${rows.toLocaleString('en-GB')} rows of ${source.describe()}${taken.reused ? ', unchanged: read again' : ''}`);
    return taken;
  });
}

/** A parameter for an analysis that does not exist is a typing error; one for an analysis left out of this run is not. */
function refuseUnknownParams({ params, reports, only }: RunOptions, { analyses }: Catalogue): void {
  if (reports.length > 0 || only.length > 0) return;
  for (const id of Object.keys(params)) {
    if (analyses.has(id)) continue;
    throw new LookbookError('usage', { what: `no analysis «${id}»`, where: 'params', expected: [...analyses.keys()].join(', ') });
  }
}

async function momentOf(options: RunOptions, snapshot: Snapshot, timezone: string, today: string, warnings: string[]): Promise<Moment> {
  const asOf = options.asOf ?? (await lastWeekOfData(snapshot, timezone, today, warnings));
  checkDay(asOf, '--as-of');
  return { asOf, week: lastWeek(asOf), wall: wall(asOf, timezone), timezone };
}

async function lastWeekOfData(snapshot: Snapshot, timezone: string, today: string, warnings: string[]): Promise<string> {
  const newest = snapshot.lastOrderAt && localDay(snapshot.lastOrderAt, timezone);
  const last = newest && newest <= today ? newest : await lastOrderDayOnOrBefore(snapshot, today, timezone);
  if (last === null || snapshot.firstOrderAt === null) {
    throw new LookbookError('source', {
      what: 'every order lies in the future',
      where: 'orders.created_at',
      expected: `an order on or before ${today}`,
      found: `the first is of ${snapshot.firstOrderAt}`,
      mend: 'mend the dates, or give the day to report on with --as-of DATE',
    });
  }
  const sunday = lastCompleteWeek(last, today);
  if (sunday >= localDay(snapshot.firstOrderAt, timezone)) return sunday;
  warnings.push(`no week is complete yet: reporting up to the last order, ${last}`);
  return last;
}

function inputsOf(options: RunOptions, snapshot: Snapshot, moment: Moment, root: string, previous: Inputs['previous']): Inputs {
  const { shopSettings, reports, only, formats, seed, onFailedTest, demo, params } = options;
  return {
    shop: options.shop,
    asOf: moment.asOf,
    week: moment.week,
    options: { shopSettings, reports, only, formats, seed, onFailedTest, demo, params },
    source: {
      kind: snapshot.source,
      fingerprint: snapshot.fingerprint,
      rows: Object.fromEntries(Object.entries(snapshot.tables).map(([name, { rows }]) => [name, rows])),
      files: snapshot.files,
    },
    code: hashFolders(root, codeFolders),
    definitions: definitionHashes(),
    runtime: runtimeVersions(),
    previous,
  };
}

function stopOnFailure({ quality }: Facts): void {
  const failed = quality.tests.filter(({ status }) => status === 'failed');
  if (failed.length === 0) return;
  const mend = 'mend the data, or set onFailedTest to «watermark» to report all the same';
  throw new LookbookError(
    'quality',
    failed.map(({ model, test, failures }) => ({ what: `data test failed: ${test}`, where: model, found: `${failures} rows`, mend })),
  );
}
