import { coverBars } from '#chart/spark.ts';
import type { Result } from '#contract/analysis.ts';
import { type Formatter, isoWeek } from '#contract/format.ts';
import type { Metric } from '#contract/metric.ts';
import { headline } from './finding.ts';
import { isAvailable, type PageModel } from './page.ts';
import { type Ranked, rankFindings } from './rank.ts';
import { stamp } from './stamp.ts';
import { render, safe } from './template.ts';
import { lowered, sentence, shortened, wordCount } from './words.ts';

/** Words of headline and lede together, at most. */
const mostWords = 120;
const ledeWords = 72;

export interface Opening {
  headline: string;
  lede: string;
  /** The finding that the lede names; absent where nothing was found. */
  top?: Ranked;
}

export interface Content {
  anchor: string;
  title: string;
  minor: boolean;
}

/** What happened, why, so what: the lead analysis' headline and summary, the finding with most at stake elsewhere, the first decision. */
export function openingOf(model: PageModel): Opening {
  const results = available(model);
  const lead = results[0]?.result;
  if (!lead) {
    return {
      headline: 'This source does not offer what the report needs',
      lede: 'Each section says which table or column would unlock it.',
    };
  }
  const ranked = rankFindings(results.map(({ id, result }) => ({ analysis: id, findings: result.findings })));
  const top = ranked.find(({ finding }) => finding.kind === 'change') ?? ranked.find(({ finding }) => finding.kind === 'state');
  const action = (top?.finding.action ? top : ranked.find(({ finding }) => finding.action))?.finding.action;
  const claim = top && !isSaid(top.finding.claim, `${lead.headline} ${lead.summary}`) ? sentence(top.finding.claim) : '';
  const next = action ? `Next: ${sentence(lowered(action.do))}` : '';
  const budget = Math.min(ledeWords, mostWords - wordCount(lead.headline)) - wordCount(next) - wordCount(claim);
  const lede = [shortened(lead.summary, Math.max(12, budget)), claim, next].filter(Boolean).join(' ');
  return { headline: headline(lead.headline), lede, ...(top ? { top } : {}) };
}

/** Whether a text holds every number of a claim, and so says it already. */
function isSaid(claim: string, text: string): boolean {
  const numbers = (part: string): string[] => part.match(/[0-9](?:[0-9.,]*[0-9])?/g) ?? [];
  const said = new Set(numbers(text));
  return numbers(claim).length > 0 && numbers(claim).every((number) => said.has(number));
}

export function coverHtml(model: PageModel, opening: Opening, contents: Content[], format: Formatter): string {
  const { run, report } = model;
  const art = artOf(available(model).map(({ result }) => result));
  const bars = art
    ? coverBars(art.history, { height: 96, label: `Bar chart of ${art.metric.label} by week where the newest is in colour` })
    : '';
  const { week, year } = isoWeek(run.week);
  const sizeOf = (text: string, most: number[]) => ['short', 'middle', 'long', 'huge'][most.filter((n) => text.length > n).length];
  return render('cover', {
    shop: run.shop.name,
    week: `Week ${week}, ${year}`,
    kicker: report.title,
    headline: opening.headline,
    size: sizeOf(opening.headline, [48, 84, 160]),
    lede: opening.lede,
    ledeSize: sizeOf(opening.lede, [170, 320]),
    art: bars ? safe(bars) : null,
    artNote: art ? `${art.metric.label} by week since ${format.month(art.history[0]!.date)}. The newest week in colour.` : '',
    meta: [
      { term: 'Period', text: format.span(run.period.first, run.period.last) },
      { term: 'Data as of', text: stamp(run.dataAsOf, run) },
      { term: 'Timezone and currency', text: `${run.shop.timezone}, ${run.shop.currency}` },
      { term: 'For', text: report.reader },
    ],
    contents,
  });
}

/** Results that the source can feed, in reading order. */
export function available({ sections }: PageModel): { id: string; result: Result }[] {
  return sections.flatMap(({ analysis, result }) => (isAvailable(result) ? [{ id: analysis.id, result }] : []));
}

/** The longest weekly history, net revenue before others. */
function artOf(results: Result[]): { metric: Metric; history: NonNullable<Metric['history']> } | undefined {
  const least = 8;
  const metrics = results.flatMap((result) => result.metrics).filter((m) => (m.history?.length ?? 0) >= least && isWeekly(m.history!));
  const metric =
    metrics.find((m) => m.id === 'net_revenue' || m.definition === 'net_revenue') ?? metrics.find((m) => m.unit === 'money') ?? metrics[0];
  return metric ? { metric, history: metric.history! } : undefined;
}

function isWeekly(history: NonNullable<Metric['history']>): boolean {
  const [first, second] = history;
  return first !== undefined && second !== undefined && Date.parse(second.date) - Date.parse(first.date) === 7 * 86_400_000;
}
