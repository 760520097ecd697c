import type { Rendered } from './html.ts';
import { isAvailable, type PageModel, type RunInfo } from './page.ts';

/** A report of a run, as report.json names it. */
export interface Published {
  model: PageModel;
  rendered: Rendered;
  /** Formats that were written. */
  formats: ('html' | 'pdf')[];
}

/**
 * `report.json` of a run: what it is, its reports with headline and files, and each analysis' results once (without chart
 * specifications and plotted rows, which stand in the CSV files). Keys are sorted at each depth, so that equal results are equal bytes.
 */
export function runJson(run: RunInfo, published: Published[]): string {
  const analyses: Record<string, unknown> = {};
  for (const { model } of published) {
    for (const { analysis, result } of model.sections) {
      if (!isAvailable(result)) {
        analyses[analysis.id] = { ...analysis, unavailable: result.unavailable };
        continue;
      }
      const { artifacts: _, figures, ...rest } = result;
      analyses[analysis.id] = {
        ...analysis,
        ...rest,
        figures: figures.map(({ spec: _spec, narrow: _narrow, rows, ...words }) => ({ ...words, n: rows.length })),
      };
    }
  }
  const { sql: _sql, ...about } = run;
  const reports = published.map(({ model, rendered, formats }) => ({
    id: model.report.id,
    title: model.report.title,
    reader: model.report.reader,
    depth: model.report.depth,
    headline: rendered.headline,
    lede: rendered.lede,
    sections: model.report.sections,
    files: Object.fromEntries(formats.map((format) => [format, `${model.report.id}.${format}`])),
    data: rendered.files.map(({ path }) => path),
  }));
  return `${JSON.stringify(sorted({ format: 1, run: about, reports, analyses }), null, 1)}\n`;
}

/** The same value with the keys of each object in order. */
export function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [key, sorted(inner)]));
}
