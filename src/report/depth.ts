import { listed } from '#contract/prose.ts';
import {
  changesHtml,
  definitionsHtml,
  joined,
  limitsHtml,
  manifestHtml,
  methodsHtml,
  methodViews,
  qualityHtml,
  sqlHtml,
} from './appendix.ts';
import { available, type Content } from './cover.ts';
import { capital, headline, stakeLimits, stakePeriod } from './finding.ts';
import type { Layout, PageView } from './overview.ts';
import { readingLines } from './overview.ts';
import { isAvailable } from './page.ts';
import { type Ranked, rankFindings, type Tier, tierOf, tiers } from './rank.ts';
import { render } from './template.ts';
import { areaName, unavailableText } from './words.ts';

/** Heads of the groups of findings, and how a sentence counts them: one, several, and all that there are. */
const tierWords: Record<Tier, { head: string; one: string; many: string; all: string }> = {
  lasting: { head: 'Changes that go on', one: 'change that goes on', many: 'changes that go on', all: 'all of them changes that go on' },
  possible: { head: 'What could be won', one: 'that could pay', many: 'that could pay', all: 'all of which could pay' },
  past: { head: 'What is over', one: 'that is over', many: 'that are over', all: 'all of what is over' },
  unpriced: {
    head: 'Without money at stake',
    one: 'without money at stake',
    many: 'without money at stake',
    all: 'none with money at stake',
  },
};

/** A list of findings up to this many lines leaves room on its page for the section to follow on, and so does one that runs over. */
const shortList = 12;
const fullPage = 22;

/** The in-depth report's pages: ranked findings, a section an analysis, the appendix. */
export function depthPagesOf(layout: Layout): PageView[] {
  const { page, lines } = findingsPage(layout);
  const [first, ...others] = sectionPages(layout);
  const follows = (lines <= shortList || lines > fullPage) && first?.style === 'page' ? { style: 'page flows' } : {};
  return [page, ...(first ? [{ ...first, ...follows }] : []), ...others, ...appendixPages(layout)];
}

export function depthContents(pages: PageView[]): Content[] {
  return pages.map(({ anchor, kicker, title }) => ({
    anchor,
    title: kicker === title || kicker === 'Findings' ? title : `${kicker}: ${title}`,
    minor: kicker === 'Appendix',
  }));
}

function findingsPage({ model, names, format }: Layout): { page: PageView; lines: number } {
  const results = available(model);
  const ranked = rankFindings(results.map(({ id, result }) => ({ analysis: id, findings: result.findings })));
  const found = ranked.filter(({ finding }) => finding.kind !== 'nothing');
  const count = found.length;
  const methods = results.map(({ result }) => result.method);
  const sum = (key: 'tested' | 'called') => format.count(methods.reduce((total, method) => total + method[key], 0));
  const word = format.word(count);
  const proofOf = ({ analysis, finding }: Ranked) => {
    const section = model.sections.find((s) => s.analysis.id === analysis)!;
    const isShown = isAvailable(section.result) && !Object.hasOwn(section.result.omitted, finding.proof);
    return isShown ? names.anchor('figure', analysis, finding.proof) : names.anchor('section', analysis);
  };
  const areaOf = (analysis: string) =>
    results.length > 1 ? areaName(model.sections.find((s) => s.analysis.id === analysis)!.analysis.area) : '';
  const nothing = ranked
    .filter(({ finding }) => finding.kind === 'nothing')
    .map((item) => ({ claim: headline(item.finding.claim), area: areaOf(item.analysis), proof: proofOf(item) }));
  const rowOf = (item: Ranked) => {
    const { evidence, stake, effect, action, direction, claim } = item.finding;
    return {
      claim: headline(claim),
      area: areaOf(item.analysis),
      proof: proofOf(item),
      certainty: capital(evidence.level),
      rule: `${capital(evidence.rule)}, n ${format.count(evidence.n)}`,
      tone: effect && direction !== 'neutral' ? direction : '',
      effect: effect ? format.signed(effect.value, effect.unit) : '–',
      stake: stake ? `${format.money(stake.value)} ${stakePeriod(stake)}` : '–',
      limits: stake ? stakeLimits(stake, format) : '',
      owner: action?.owner ?? '–',
      within: action ? capital(action.within) : '',
    };
  };
  const groups = tiers
    .map((tier) => ({
      ...tierWords[tier],
      head: count > 1 ? tierWords[tier].head : '',
      rows: found.filter(({ finding }) => tierOf(finding) === tier).map(rowOf),
    }))
    .filter(({ rows }) => rows.length > 0);
  const counted = groups.map(({ rows, one, many }) => `${format.word(rows.length)} ${rows.length === 1 ? one : many}`);
  const page = {
    anchor: 'page-findings',
    kicker: 'Findings',
    question: '',
    title: findingsTitle(found, capital(word), groups.length === 1 ? `, ${groups[0]!.all}` : `: ${listed(counted)}`),
    intro: '',
    body: joined(
      render('executive', {
        caption: `${count > 1 ? 'In each group by value at stake and certainty. ' : ''}${sum('tested')} series and groups were tested for a signal, ${sum('called')} called.`,
        groups,
        nothing,
      }),
    ),
    style: 'page',
  };
  return { page, lines: 2 * count + groups.length + nothing.length };
}

function findingsTitle(found: Ranked[], count: string, groups: string): string {
  if (found.length === 1) return headline(found[0]!.finding.claim);
  return `${count} findings${found.length > 0 ? groups : ''}`;
}

function sectionPages({ model, narratives, names }: Layout): PageView[] {
  return model.sections.map(({ analysis, result }) => {
    const head = { anchor: names.anchor('section', analysis.id), kicker: areaName(analysis.area), question: analysis.question };
    if (!isAvailable(result)) {
      return {
        ...head,
        title: 'Not available from this source',
        intro: '',
        body: joined(render('unavailable', { text: unavailableText(result.unavailable) })),
        style: 'page flows whole minor-head',
      };
    }
    return { ...head, title: result.headline, intro: result.summary, body: joined(narratives.get(analysis.id)?.body ?? ''), style: 'page' };
  });
}

function appendixPages({ model, names, format }: Layout): PageView[] {
  const { run } = model;
  const part = (anchor: string, title: string, ...body: string[]): PageView => ({
    anchor: `appendix-${anchor}`,
    kicker: 'Appendix',
    question: '',
    title,
    intro: '',
    body: joined(...body),
    style: anchor === 'definitions' ? 'page minor-head' : 'page flows minor-head',
  });
  return [
    part('definitions', 'Definitions', definitionsHtml(model)),
    part('methods', 'Methods', render('caveats', { caveats: readingLines }), methodsHtml(methodViews(model, names, format))),
    part('limits', 'Limits', limitsHtml(model)),
    part('data', 'Data: what changed, freshness and quality', changesHtml(run), qualityHtml(run, format)),
    part('sql', 'Queries', sqlHtml(model)),
    part('manifest', 'How this report was made', manifestHtml(run, format)),
  ];
}
