import { renderSvg } from '#chart/svg.ts';
import { formatter } from '#contract/format.ts';
import { coverHtml, openingOf } from './cover.ts';
import { figureCsv, tableCsv } from './csv.ts';
import { depthContents, depthPagesOf } from './depth.ts';
import { type Draw, Drawings } from './drawings.ts';
import { type Names, namesOf } from './names.ts';
import { type Narrative, renderNarrative } from './narrative.ts';
import { overviewContents, overviewPagesOf } from './overview.ts';
import { checkPage, isAvailable, type PageModel } from './page.ts';
import { footerText } from './stamp.ts';
import { contentPolicy, styleOf } from './style.ts';
import { render, safe } from './template.ts';

/** A report ready to be written, and printed. */
export interface Rendered {
  id: string;
  title: string;
  headline: string;
  lede: string;
  lang: string;
  /** Self-contained: no script, no request. */
  html: string;
  /** CSV of each figure and table that the report shows, by path relative to it. */
  files: { path: string; text: string }[];
}

/**
 * A report as one self-contained HTML page, for screens and for print.
 * @param draw how charts are drawn; share one `remembered(renderSvg)` over reports.
 * @throws LookbookError('render') for a page model with a hole or a narrative that names what is not there.
 */
export async function renderHtml(model: PageModel, draw: Draw = renderSvg): Promise<Rendered> {
  checkPage(model);
  const { report, run } = model;
  const format = formatter(run.shop);
  const names = namesOf(model);
  const drawings = new Drawings();
  const narratives = new Map<string, Narrative>();
  for (const { analysis, result, narrative } of model.sections) {
    if (!isAvailable(result)) continue;
    narratives.set(analysis.id, renderNarrative({ analysis, result, source: narrative, format, depth: report.depth, drawings, names }));
  }
  const opening = openingOf(model);
  const layout = { model, narratives, opening, names, drawings, format };
  const isOverview = report.depth === 'overview';
  const pages = isOverview ? overviewPagesOf(layout) : depthPagesOf(layout);
  const contents = isOverview ? overviewContents(pages) : depthContents(pages);
  const footer = footerText(run, report.title, format);
  const title = `${report.title}: ${opening.headline}`;
  const view = {
    lang: run.shop.locale,
    generator: `${run.generator.name} ${run.generator.version}`,
    description: opening.lede,
    title,
    shop: run.shop.name,
    report: report.title,
    watermark: run.watermark ?? '',
    watermarkText: `${format.count(run.quality.failed)} data tests failed; see freshness and quality of the data.`,
    cover: safe(coverHtml(model, opening, contents, format)),
    contents,
    pages,
    fits: isOverview,
    footer,
  };
  const unstyled = await drawings.fill(render('layout', { ...view, csp: '', style: '' }), draw);
  const style = styleOf(unstyled + footer, footer);
  const html = unbroken(unstyled)
    .replace('<style></style>', () => `<style>${style}</style>`)
    .replace('content=""', () => `content="${contentPolicy(style)}"`);
  return {
    id: report.id,
    title,
    headline: opening.headline,
    lede: opening.lede,
    lang: run.shop.locale,
    html,
    files: shownFiles(model, names, html),
  };
}

/**
 * Keeps a sign with its amount and points with their number where a line ends: browsers break '−$5' behind the minus. Words between tags
 * alone; drawings and code are left as they are.
 */
function unbroken(html: string): string {
  return html.replace(
    /<(svg|style|title|pre|code)\b[\s\S]*?<\/\1>|<[^>]*>|[−+]?[0-9][0-9.,]* pt\b|[−+](?=[^\s\d<])[^\s<]*[0-9][^\s<]*/g,
    (found) => (found.startsWith('<') ? found : `<span class="nb">${found}</span>`),
  );
}

function shownFiles({ sections }: PageModel, names: Names, html: string): Rendered['files'] {
  return sections.flatMap(({ analysis, result }) => {
    if (!isAvailable(result)) return [];
    const all = [
      ...result.figures.map((figure) => ({ path: names.file(analysis.id, figure.id), write: () => figureCsv(figure) })),
      ...result.tables.map((table) => ({ path: names.file(analysis.id, table.id), write: () => tableCsv(table) })),
    ];
    return all.filter(({ path }) => html.includes(`href="${path}"`)).map(({ path, write }) => ({ path, text: write() }));
  });
}
