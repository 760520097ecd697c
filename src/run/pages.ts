import { join } from 'node:path';
import type { Result } from '#contract/analysis.ts';
import { LookbookError } from '#contract/error.ts';
import { formatter } from '#contract/format.ts';
import type { Report } from '#contract/report.ts';
import type { Shop } from '#contract/shop.ts';
import { remembered } from '#report/drawings.ts';
import { type Rendered, renderHtml } from '#report/html.ts';
import type { PageModel, RunInfo, Section } from '#report/page.ts';
import type { Moment, PlannedAnalysis } from './analyse.ts';
import type { Cache, KeyParts } from './cache.ts';
import { changesSince } from './changes.ts';
import { definitions } from './definitions.ts';
import { sha256 } from './hash.ts';
import type { Inputs } from './manifest.ts';
import type { RunOptions } from './options.ts';
import { addDays } from './period.ts';
import type { Printing } from './printing.ts';
import type { Progress } from './progress.ts';
import { hashFolders, type ModuleHashes } from './sources.ts';
import { stopIfAsked } from './stop.ts';
import type { Facts } from './study.ts';

/** A finished report. */
export interface Page extends Rendered {
  depth: Report['depth'];
  reader: string;
  /** Hash of all that the page depends on; printed in its appendix. */
  key: string;
  /** Null where no PDF was asked for, or no browser was found. */
  pdf: Uint8Array | null;
}

export interface PagesOptions {
  root: string;
  reports: Report[];
  plans: PlannedAnalysis[];
  results: Map<string, Result>;
  facts: Facts;
  shop: Shop;
  moment: Moment;
  inputs: Inputs;
  options: RunOptions;
  version: string;
  cache: Cache;
  hashes: ModuleHashes;
  printing: Printing | null;
  progress: Progress;
  signal: AbortSignal;
}

/** Renders each report and hands it to the printer at once, so that one is printed while the next is drawn. */
export async function makePages(given: PagesOptions): Promise<Page[]> {
  const { reports, root, hashes, cache, progress, signal, printing } = given;
  const pageCode = sha256([hashes.of(join(root, 'src/report/html.ts')), hashFolders(root, ['templates'])]);
  const charts = await import('#chart/svg.ts');
  const draw = remembered(charts.renderSvg);
  const pages: Promise<Page>[] = [];
  for (const report of reports) {
    await stopIfAsked(signal);
    const model = pageModel(report, given);
    const parts = pageKey(model, pageCode, given);
    const key = sha256(parts);
    const step = `${report.id}.html`;
    const kept = cache.find(step, parts);
    const rendered = kept
      ? (JSON.parse(kept.toString()) as Rendered)
      : await progress.step(step, async (say) => {
          const made = await renderHtml({ ...model, run: { ...model.run, manifestHash: key } }, draw);
          cache.store(step, parts, JSON.stringify(made));
          say(made.headline);
          return made;
        });
    const pdf = printing ? printing.print(report.id, rendered) : Promise.resolve(null);
    pdf.catch(() => {});
    pages.push(pdf.then((bytes) => ({ ...rendered, depth: report.depth, reader: report.reader, key, pdf: bytes })));
  }
  return Promise.all(pages);
}

function pageModel(report: Report, given: PagesOptions): PageModel {
  const sections = report.sections.map((id) => section(id, given));
  if (sections.length === 0) throw new LookbookError('usage', { what: 'a report without sections', where: `reports/${report.id}.ts` });
  return { report, sections, run: runInfo(sections, given) };
}

function section(id: string, { plans, results }: PagesOptions): Section {
  const plan = plans.find(({ analysis }) => analysis.id === id) as PlannedAnalysis;
  const { area, question } = plan.analysis;
  return {
    analysis: { id, area, question, params: plan.params },
    result: results.get(id) ?? { unavailable: plan.missing },
    narrative: plan.narrative,
  };
}

function runInfo(sections: Section[], { facts, shop, moment, inputs, options, version, plans }: PagesOptions): RunInfo {
  const format = formatter(shop);
  const ids = sections.map(({ analysis }) => analysis.id);
  const params = Object.fromEntries(
    sections.flatMap(({ analysis }) => Object.entries(analysis.params).map(([key, value]) => [`${analysis.id}.${key}`, value])),
  );
  const sql = plans
    .filter(({ analysis }) => ids.includes(analysis.id))
    .flatMap(({ analysis, inputs: queries, exports }) =>
      [...queries, ...exports].flatMap(({ source }) =>
        'sql' in source && source.file.endsWith('.sql') ? [{ name: `${analysis.id}/${source.file}`, text: source.sql.trim() }] : [],
      ),
    );
  const { failed } = facts.quality;
  return {
    shop,
    asOf: moment.asOf,
    week: moment.week,
    period: { first: moment.week, last: addDays(moment.week, 6) },
    dataAsOf: facts.dataAsOf,
    generator: { name: 'Lookbook', version },
    seed: options.seed,
    parameters: params,
    quality: facts.quality,
    freshness: facts.freshness,
    manifestHash: '',
    sql,
    definitions,
    changes: changesSince(inputs, format.count, format.date),
    ...(failed > 0 ? { watermark: 'Data tests failed' } : {}),
  };
}

function pageKey({ report, sections, run }: PageModel, pageCode: string, { inputs }: PagesOptions): KeyParts {
  const parts: KeyParts = {
    report: sha256(report),
    pages: pageCode,
    run: sha256(run),
    snapshot: inputs.source.fingerprint,
    runtime: sha256(inputs.runtime),
  };
  for (const { analysis, result, narrative } of sections) {
    parts[`input ${analysis.id}`] = sha256(result);
    parts[`narrative ${analysis.id}`] = sha256(narrative);
  }
  return parts;
}
