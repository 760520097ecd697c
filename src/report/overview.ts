import type { Finding } from '#contract/finding.ts';
import type { Formatter } from '#contract/format.ts';
import type { Metric } from '#contract/metric.ts';
import { listed } from '#contract/prose.ts';
import { actionViews } from './action.ts';
import { changesHtml, joined, qualityHtml } from './appendix.ts';
import { available, type Content, type Opening } from './cover.ts';
import type { Drawings } from './drawings.ts';
import { capital, headline } from './finding.ts';
import type { Names } from './names.ts';
import type { Narrative } from './narrative.ts';
import { isAvailable, type PageModel, type Section } from './page.ts';
import { compareFindings, type Ranked, rankFindings } from './rank.ts';
import { render, safe } from './template.ts';
import { areaName, lowered, sentence, unavailableText } from './words.ts';

/** A page or section under its head. */
export interface PageView {
  anchor: string;
  kicker: string;
  question: string;
  title: string;
  intro: string;
  body: ReturnType<typeof safe>;
  /** Classes: `page` starts a page in print; `flows` follows on where there is room; `whole` is not split; `minor-head` has a small head. */
  style: string;
}

/** What both depths are laid out from. */
export interface Layout {
  model: PageModel;
  narratives: Map<string, Narrative>;
  opening: Opening;
  names: Names;
  drawings: Drawings;
  format: Formatter;
}

const mostActions = 3;
/** Decisions in one line each, below those in full. */
const mostOpen = 5;
const mostCaveats = 5;

/**
 * The overview's pages: the week, what drove it, the other areas, what to do next, what we do not know, what changed. Each but the last
 * is one sheet in print; what does not fit gives way from the end, in the order in which it is marked `data-spare` (see `paginate`).
 */
export function overviewPagesOf(layout: Layout): PageView[] {
  const ranked = rankFindings(available(layout.model).map(({ id, result }) => ({ analysis: id, findings: result.findings })));
  const week = weekPage(layout, ranked);
  const drivers = driversPage(layout);
  const areas = areasPage(layout);
  return [
    ...(week ? [week] : []),
    ...(drivers ? [drivers] : []),
    ...(areas ? [areas] : []),
    nextPage(layout, ranked),
    limitsPage(layout),
    changesPage(layout),
  ];
}

/** Contents of the overview: 'The week: growth came from existing customers'. */
export function overviewContents(pages: PageView[]): Content[] {
  return pages.map(({ anchor, kicker, title }) => ({ anchor, title: kicker === title ? title : `${kicker}: ${title}`, minor: false }));
}

function sectionOf({ model }: Layout, id: string): Section {
  return model.sections.find((section) => section.analysis.id === id)!;
}

function weekPage(layout: Layout, ranked: Ranked[]): PageView | null {
  const { model, narratives, opening } = layout;
  const writers = model.sections.filter(({ analysis, result }) => isAvailable(result) && narratives.get(analysis.id)?.overview.week);
  const first = writers[0];
  if (!first || !isAvailable(first.result)) return null;
  const body = writers.map(({ analysis }) => narratives.get(analysis.id)!.overview.week);
  return {
    anchor: 'page-week',
    kicker: 'The week',
    question: '',
    ...(standings(first.result.metrics, narratives.get(first.analysis.id)!.shown.week, layout.format) ?? {
      title: first.result.headline,
      intro: first.result.summary,
    }),
    body: joined(...body, watchThis(layout, ranked, opening)),
    style: 'page',
  };
}

/** How many of the week's measures left their expected range, and which; those without a tile are named. Null where none has a range. */
function standings(metrics: Metric[], tiles: Set<string>, format: Formatter): { title: string; intro: string } | null {
  const judged = metrics.filter(({ expected }) => expected && expected.standing !== 'unknown');
  if (judged.length === 0) return null;
  const all = format.word(judged.length);
  const out = judged.filter(({ expected }) => expected?.standing !== 'inside');
  const named = (list: Metric[]) => listed(list.map(({ label }) => lowered(`${label} `).trim()));
  if (out.length === 0) {
    const others = judged.filter(({ id }) => !tiles.has(id));
    const rest = others.length > 0 && others.length < judged.length ? `Not drawn here, and normal too: ${named(others)}.` : '';
    return { title: `All ${all} measures of the week are within their normal range`, intro: rest };
  }
  const names = (side: string) => named(out.filter(({ expected }) => expected?.standing === side));
  const sides = ['above', 'below'].flatMap((side) => (names(side) ? [`${side}: ${names(side)}`] : []));
  return {
    title: `${capital(format.word(out.length))} of ${all} measures of the week left ${out.length === 1 ? 'its' : 'their'} expected range`,
    intro: `${capital(sides.join('; '))}.`,
  };
}

/** The worst that the cover does not say already; or, calmly, that nothing left its limits. */
function watchThis({ model, format }: Layout, ranked: Ranked[], { top }: Opening): string {
  const worst = (kind: 'change' | 'state') =>
    ranked.find(({ finding }) => finding.kind === kind && finding.direction === 'bad' && finding !== top?.finding)?.finding;
  const found = worst('change') ?? worst('state');
  if (found) return render('callout', { tone: 'bad', level: 3, title: 'Watch this', text: sentence(found.claim), more: found.detail });
  const methods = available(model).map(({ result }) => result.method);
  const sum = (key: 'tested' | 'called') => format.count(methods.reduce((total, method) => total + method[key], 0));
  const text = `No further finding is bad for the shop. ${sum('tested')} series and groups were tested for a signal, ${sum('called')} called.`;
  return render('callout', { tone: 'neutral', level: 3, title: 'Nothing to watch', text, more: '' });
}

/** The cover has said the headline and the summary of the lead analysis: here its claim is the finding that the page's charts prove. */
function driversPage(layout: Layout): PageView | null {
  const { model, narratives, opening } = layout;
  const writers = model.sections.filter(({ analysis, result }) => isAvailable(result) && narratives.get(analysis.id)?.overview.drivers);
  const first = writers[0];
  if (!first || !isAvailable(first.result)) return null;
  const isSaid = opening.headline === headline(first.result.headline);
  const proven = isSaid ? provenBy(narratives.get(first.analysis.id)!.shown.drivers, first.result.findings) : undefined;
  const head = proven
    ? { title: headline(proven.claim), intro: proven.detail }
    : { title: first.result.headline, intro: isSaid ? '' : first.result.summary };
  const blocks = writers.map((section, i) => {
    if (!isAvailable(section.result)) return '';
    return render('driver', {
      kicker: areaName(section.analysis.area),
      title: i === 0 ? '' : section.result.headline,
      intro: i === 0 ? '' : section.result.summary,
      body: joined(narratives.get(section.analysis.id)!.overview.drivers),
    });
  });
  return { anchor: 'page-drivers', kicker: 'What drove it', question: '', ...head, body: joined(...blocks), style: 'page' };
}

/** The first finding, by rank, whose proof is among what is shown. */
function provenBy(shown: Set<string>, findings: Finding[]): Finding | undefined {
  return findings.toSorted(compareFindings).find(({ proof }) => shown.has(proof));
}

/** The other areas side by side, each with its headline and one chart; the head is what matters most among them. */
function areasPage({ model, narratives }: Layout): PageView | null {
  const writers = model.sections.flatMap(({ analysis, result }) => {
    const body = narratives.get(analysis.id)?.overview.areas;
    return isAvailable(result) && body ? [{ analysis, result, body }] : [];
  });
  const ranked = rankFindings(writers.map(({ analysis, result }) => ({ analysis: analysis.id, findings: result.findings })));
  const lead =
    ranked.find(({ finding }) => finding.kind === 'change' && finding.direction === 'bad') ??
    ranked.find(({ finding }) => finding.kind !== 'nothing');
  if (writers.length === 0) return null;
  const areas = writers.map(({ analysis, result, body }) =>
    render('area', {
      kicker: areaName(analysis.area),
      title: result.headline,
      body: joined(body),
    }),
  );
  return {
    anchor: 'page-areas',
    kicker: 'Beyond the week',
    question: '',
    title: lead ? headline(lead.finding.claim) : 'Nothing stands out in the other areas',
    intro: '',
    body: joined(render('areas', { areas: areas.map((area) => safe(area)) })),
    style: 'page',
  };
}

function nextPage({ model, format }: Layout, ranked: Ranked[]): PageView {
  const all = actionViews(ranked, format);
  const actions = all.slice(0, mostActions);
  const open = all.slice(mostActions, mostActions + mostOpen);
  const count = actions.length;
  const found = ranked.filter(({ finding }) => finding.kind !== 'nothing').length;
  const rest = all.length - count;
  const word = format.word(count);
  const title =
    count === 0
      ? 'Nothing asks for a decision this week'
      : `${word.slice(0, 1).toUpperCase()}${word.slice(1)} ${count === 1 ? 'decision is' : 'decisions are'} ready`;
  const intro =
    `From ${format.count(found)} ${found === 1 ? 'finding' : 'findings'} of ${format.count(available(model).length)} analyses: measured changes first, ` +
    `then what could be won, then what is over; each by value at stake and certainty.${rest > 0 ? ` ${format.count(rest)} more ${rest === 1 ? 'stands' : 'stand'} in the in-depth reports, the first of them below.` : ''} Amounts may overlap; do not add them up.`;
  return {
    anchor: 'page-next',
    kicker: 'What to do next',
    question: '',
    title,
    intro,
    body: joined(render('actions', { level: 3, actions }), open.length > 0 ? render('open', { open }) : ''),
    style: 'page',
  };
}

function limitsPage(layout: Layout): PageView {
  const { model, format } = layout;
  const perAnalysis = available(model).map(({ id, result }) => ({
    area: areaName(sectionOf(layout, id).analysis.area),
    caveats: result.caveats,
  }));
  const caveats = interleaved(perAnalysis.map(({ area, caveats }) => caveats.map((text) => `${area}: ${text}`)));
  const missing = model.sections.flatMap(({ analysis, result }) =>
    isAvailable(result) ? [] : [`${areaName(analysis.area)}: ${unavailableText(result.unavailable)}`],
  );
  const rest = caveats.length - mostCaveats;
  return {
    anchor: 'page-limits',
    kicker: 'What we do not know yet',
    question: '',
    title: stateOfData(model, format),
    intro: '',
    body: joined(
      render('reading', {
        caveats: caveats.slice(0, mostCaveats),
        missing,
        isClear: caveats.length + missing.length === 0,
        more: rest > 0 ? `${format.count(rest)} more ${rest === 1 ? 'stands' : 'stand'} in the in-depth reports.` : '',
        reading: readingLines,
        tested: testedLine(model, format),
      }),
      qualityHtml(model.run, format),
    ),
    style: 'page minor-head',
  };
}

/** Whether the data passed their tests, and which tables are late. */
function stateOfData({ run: { quality, freshness } }: PageModel, format: Formatter): string {
  const { passed, warned, failed } = quality;
  const all = passed + warned + failed;
  const tests =
    all === 0
      ? 'The data were not tested'
      : failed + warned === 0
        ? `The data passed all ${format.count(all)} tests`
        : `${format.count(failed + warned)} of ${format.count(all)} data tests did not pass`;
  const late = freshness.filter(({ status }) => status === 'late').map(({ table }) => table);
  const tables = late.length > 0 ? `; ${listed(late)} ${late.length === 1 ? 'is' : 'are'} late` : '';
  return `${tests}${tables}; some limits remain`;
}

/** 'Tested for a signal, and in brackets called: sales 277 (12), …'. */
function testedLine(model: PageModel, format: Formatter): string {
  const counts = model.sections.flatMap(({ analysis, result }) =>
    isAvailable(result)
      ? [`${areaName(analysis.area).toLowerCase()} ${format.count(result.method.tested)} (${format.count(result.method.called)})`]
      : [],
  );
  return `Tested for a signal, and in brackets called: ${listed(counts)}.`;
}

/** First of each list, then second of each, and so on. */
function interleaved(lists: string[][]): string[] {
  const longest = Math.max(0, ...lists.map((list) => list.length));
  return Array.from({ length: longest }, (_, i) => lists.flatMap((list) => list.slice(i, i + 1))).flat();
}

function changesPage({ model }: Layout): PageView {
  return {
    anchor: 'page-changes',
    kicker: 'Since the last report',
    question: '',
    title: 'What changed in data, definitions and code',
    intro: '',
    body: joined(changesHtml(model.run)),
    style: 'page flows whole minor-head',
  };
}

export const readingLines = [
  'A change carries an arrow, a sign and a word. Colour repeats it where a value has left its range, and follows what is good for the shop. Per cent (%) compares values, points (pt) compares shares.',
  'Shaded bands are expected ranges. A value inside its range is normal variation, whatever its sign; only a value outside is called a signal.',
  'Whiskers and brackets are intervals: the estimate is uncertain within them. The letter n is the number of rows behind a number.',
  'At stake is an amount for a year at the present rate, or once for what has passed. It orders decisions; it is not a forecast.',
];
