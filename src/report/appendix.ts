import type { Formatter } from '#contract/format.ts';
import { capital } from './finding.ts';
import type { Names } from './names.ts';
import { isAvailable, type PageModel, type RunInfo } from './page.ts';
import { stamp } from './stamp.ts';
import { render, safe } from './template.ts';
import { areaName } from './words.ts';

const changeTitles = { data: 'Data', definition: 'Definitions', code: 'Code' } as const;

export interface MethodView {
  anchor: string;
  title: string;
  text: string[];
  counts: string;
}

/** How each analysis made its numbers, with what it tested and called. */
export function methodViews({ sections }: PageModel, names: Names, format: Formatter): MethodView[] {
  return sections.flatMap(({ analysis, result }) => {
    if (!isAvailable(result)) return [];
    const { tested, called, text } = result.method;
    const counts =
      tested === 0 ? 'Nothing was tested for a signal.' : `Tested for a signal: ${format.count(tested)}; called: ${format.count(called)}.`;
    return [{ anchor: names.anchor('method', analysis.id), title: `${areaName(analysis.area)}: ${analysis.question}`, text, counts }];
  });
}

export function methodsHtml(views: MethodView[]): string {
  return render('methods', { methods: views });
}

/** What changed since the last report: data, definitions and code apart. */
export function changesHtml({ changes }: RunInfo): string {
  const groups = (['data', 'definition', 'code'] as const).map((kind) => ({
    title: changeTitles[kind],
    lines: changes.filter((change) => change.kind === kind).map((change) => change.text),
    none: 'Nothing to compare with.',
  }));
  return render('changes', { groups });
}

/** Freshness of each table, counts of data tests, and the tests that did not pass. */
export function qualityHtml(run: RunInfo, format: Formatter): string {
  const { passed, warned, failed, tests } = run.quality;
  const failing = tests.filter((test) => test.status !== 'passed');
  return render('quality', {
    summary: `${format.count(passed)} data tests passed, ${format.count(warned)} warned, ${format.count(failed)} failed.`,
    freshness: run.freshness.map((line) => ({
      table: line.table,
      rows: format.count(line.rows),
      newest: stamp(line.newest, run),
      status: line.newest === null && line.status === 'fresh' ? 'Undated' : capital(line.status),
      tone:
        line.newest === null && line.status === 'fresh'
          ? 'flat'
          : line.status === 'late'
            ? 'bad'
            : line.status === 'fresh'
              ? 'good'
              : 'flat',
    })),
    tests: failing.map((test) => ({
      model: test.model,
      test: test.test,
      failures: format.count(test.failures),
      status: capital(test.status),
      tone: test.status === 'failed' ? 'bad' : 'flat',
    })),
  });
}

/** Definitions that the report's metrics name, in the register's order; all of them where `used` is absent. */
export function definitionsHtml(model: PageModel): string {
  const used = new Set(model.sections.flatMap(({ result }) => (isAvailable(result) ? result.metrics.map((m) => m.definition) : [])));
  return render('definitions', { definitions: model.run.definitions.filter((d) => used.has(d.id)) });
}

/** The limits of each analysis, under its question. */
export function limitsHtml({ sections }: PageModel): string {
  const limits = sections.flatMap(({ analysis, result }) =>
    isAvailable(result) && result.caveats.length
      ? [{ title: `${areaName(analysis.area)}: ${analysis.question}`, lines: result.caveats }]
      : [],
  );
  return limits.length ? render('limits', { limits }) : render('caveats', { caveats: [] });
}

/** The queries of the report's analyses, as they were run. */
export function sqlHtml({ run, sections }: PageModel): string {
  const ids = new Set(sections.map((s) => s.analysis.id));
  return render('sql', { sql: run.sql.filter(({ name }) => !name.includes('/') || ids.has(name.slice(0, name.indexOf('/')))) });
}

/** What made this report, so that it can be made again. */
export function manifestHtml(run: RunInfo, format: Formatter): string {
  const rows = [
    ['Shop', `${run.shop.name} (${run.shop.id})`],
    ['As of', format.date(run.asOf)],
    ['Week', format.week(run.week)],
    ['Data as of', stamp(run.dataAsOf, run)],
    ['Timezone, currency, locale', [run.shop.timezone, run.shop.currency, run.shop.locale].join(', ')],
    ['Generator', `${run.generator.name} ${run.generator.version}`],
    ['Seed', String(run.seed)],
    ...Object.entries(run.parameters).map(([name, value]) => [`Parameter ${name}`, String(value)]),
    ['SHA-256 of the inputs', run.manifestHash],
  ];
  return render('manifest', { rows: rows.map(([term, text]) => ({ term, text })) });
}

/** `safe` over several fragments. */
export function joined(...parts: string[]): ReturnType<typeof safe> {
  return safe(parts.filter(Boolean).join('\n'));
}
