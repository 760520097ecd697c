import Handlebars from 'handlebars';
import type { Result } from '#contract/analysis.ts';
import { LookbookError } from '#contract/error.ts';
import type { Finding } from '#contract/finding.ts';
import type { Formatter } from '#contract/format.ts';
import type { Cell } from '#contract/row.ts';
import { actionViews } from './action.ts';
import type { Delta } from './delta.ts';
import type { Drawings } from './drawings.ts';
import { figureView } from './figure.ts';
import { findingView, stakePeriod } from './finding.ts';
import { intervalText, primaryDelta, tileViews } from './kpi.ts';
import type { Names } from './names.ts';
import { checkNarrative, type Fault, narrativeHelpers, type OverviewPage } from './narrative-check.ts';
import { compareFindings } from './rank.ts';
import { tableView } from './table.ts';
import { escapeHtml, render, safe } from './template.ts';

/**
 * What an analysis' narrative.hbs may say. It is Handlebars with these helpers only; each argument is a literal id in quotes. Literal
 * text is HTML of `<p> <ul> <ol> <li> <em> <strong>` without attributes, and holds NO DIGIT (numbers come from metrics, findings,
 * tables). The section head (question, `headline`, `summary`) is placed by the report; a narrative starts below it.
 *
 * Where it shows:
 * - `{{#in-depth}} … {{/in-depth}}`: in the in-depth report alone. Text outside both kinds of block shows there too.
 * - `{{#overview}} … {{/overview}}`: in the weekly overview alone, on its page "What drove it", under a small head with the analysis'
 *   area and headline. Keep it to one or two figures.
 * - `{{#overview 'week'}} … {{/overview}}`: on the overview's page "The week", under its own head (for the sales analysis: six tiles
 *   and one full-width figure; "Watch this" is added by the report). Blocks may stand beside each other, never inside each other.
 * - `{{#overview 'areas'}} … {{/overview}}`: on the overview's page "Beyond the week", in half of its width under the analysis' headline:
 *   one figure, drawn at half width.
 *
 * Numbers in sentences (escaped, formatted for the shop; a null value prints as an en dash):
 * - `{{value 'metric-id'}}` → '€1.84M'   · `{{change 'metric-id'}}` → '+6.1%' (shares: '+0.9 pt') on the metric's first comparison
 * - `{{change 'metric-id' 'same week last year'}}` → against that comparison   · `{{base 'metric-id' 'prior week'}}` → the compared value
 * - `{{n 'metric-id'}}` → rows behind it, '21,480'   · `{{period 'metric-id'}}` → '10 to 16 August 2026'
 * - `{{interval 'metric-id'}}` → '€1.70M to €1.95M (95% interval)': the interval, or else the expected range
 * - `{{standing 'metric-id'}}` → 'inside its expected range' / 'above …' / 'below …' / 'without a known range yet'
 * - `{{effect 'finding-id'}}` → signed effect   · `{{stake 'finding-id'}}` → '€12.4k a year' or 'no stated amount'
 * - `{{param 'weeks'}}` → parameter of the run   · `{{tested}}`, `{{called}}` → the method's counts
 *
 * Blocks:
 * - `{{kpis 'net_revenue' 'orders' …}}`: tiles of metrics: value, change on prior week and on the same week last year, sparkline
 *   (from `history`), standing against the expected range. Three a row; use three or six.
 * - `{{figure 'id'}}`: a chart with title, subtitle, note and the link to its rows. · `{{#pair}}{{figure 'a'}}{{figure 'b'}}{{/pair}}`:
 *   two half-width charts beside each other.
 * - `{{table 'id'}}`: a table with total and note. An id in `omitted` prints a line 'Not shown: reason' (figures and tables).
 * - `{{finding 'id'}}`: claim, detail, evidence and stake. · `{{findings}}`: all, ranked. · `{{actions}}`: numbered decisions of the
 *   findings that have an action, ranked. · `{{caveats}}`: the limits, as a list. · `{{heading 'Words'}}`: a sub-heading (no digit).
 * - `{{#if-has 'figure-or-table-or-metric-id'}} … {{else}} … {{/if-has}}`: whether this result holds it (not omitted, value known).
 *
 * Anything else throws with the analysis and the line: an unknown helper or id, a figure or table shown twice, a typed digit, `{{{`, a partial, an attribute.
 */
export interface NarrativeInput {
  analysis: { id: string; area: string; params: Record<string, Cell> };
  result: Result;
  /** Text of narrative.hbs. */
  source: string;
  format: Formatter;
  depth: 'overview' | 'in-depth';
  /** Where charts are asked for; they are drawn and put in place after the page is complete. */
  drawings: Drawings;
  /** Names of data files and anchors in this report. */
  names: Names;
}

/** Rendered blocks of a narrative: HTML without charts yet (see `Drawings.fill`); empty where it says nothing. */
export interface Narrative {
  /** Of the in-depth report. */
  body: string;
  /** Of the overview, by page. */
  overview: Record<OverviewPage, string>;
  /** Ids of the figures, tables and tiles that the overview shows, by page. */
  shown: Record<OverviewPage, Set<string>>;
}

/**
 * Renders an analysis' narrative strictly.
 * @throws LookbookError('render') that names the analysis and the line.
 */
export function renderNarrative(input: NarrativeInput): Narrative {
  const { analysis, source, depth } = input;
  const template = compile(analysis.id, source);
  const overview = { week: '', drivers: '', areas: '' };
  const shown = { week: new Set<string>(), drivers: new Set<string>(), areas: new Set<string>() };
  const body = template({}, { helpers: helpersFor(input, { overview, shown }) }).trim();
  return { body: depth === 'in-depth' ? body : '', overview, shown };
}

type Template = (context: object, options: { helpers: Record<string, Helper> }) => string;
type Helper = (this: unknown, ...args: never[]) => unknown;
type Options = { fn(context: object): string; inverse(context: object): string; loc?: { start: { line: number } } };

const compiled = new Map<string, Template>();

function compile(analysis: string, source: string): Template {
  const known = compiled.get(source);
  if (known) return known;
  const where = `analyses/${analysis}/narrative.hbs`;
  let faults: Fault[];
  try {
    faults = checkNarrative(source);
  } catch (cause) {
    throw new LookbookError('render', { what: (cause as Error).message, where }, { cause });
  }
  if (faults.length)
    throw new LookbookError(
      'render',
      faults.map(({ line, what }) => ({ what, where: `${where}:${line}` })),
    );
  const knownHelpers = Object.fromEntries(Object.keys(narrativeHelpers).map((name) => [name, true]));
  const template = Handlebars.create().compile(source, {
    strict: true,
    knownHelpers: knownHelpers as never,
    knownHelpersOnly: true,
  }) as Template;
  compiled.set(source, template);
  return template;
}

function helpersFor(input: NarrativeInput, { overview, shown: onPage }: Pick<Narrative, 'overview' | 'shown'>): Record<string, Helper> {
  const { analysis, result, format, depth, names, drawings } = input;
  const ranked = [...result.findings].sort(compareFindings).map((finding) => ({ analysis: analysis.id, finding }));
  const method = depth === 'in-depth' ? names.anchor('method', analysis.id) : '';
  const level = 3;

  const fail = (what: string, options: Options, known: string[]): never => {
    const line = options.loc ? `:${options.loc.start.line}` : '';
    throw new LookbookError('render', {
      what,
      where: `analyses/${analysis.id}/narrative.hbs${line}`,
      expected: known.length ? `one of ${known.join(', ')}` : 'none, since the result has none',
    });
  };
  const pick = <T extends { id: string }>(kind: string, list: T[], id: string, options: Options): T =>
    list.find((item) => item.id === id) ??
    fail(
      `the result has no ${kind} '${id}'`,
      options,
      list.map((item) => item.id),
    );
  const metric = (id: string, options: Options) => pick('metric', result.metrics, id, options);
  const finding = (id: string, options: Options) => pick('finding', result.findings, id, options);
  const comparison = (id: string, label: string, options: Options) => {
    const { comparisons } = metric(id, options);
    return (
      comparisons.find((c) => c.label === label) ??
      fail(
        `metric '${id}' has no comparison '${label}'`,
        options,
        comparisons.map((c) => c.label),
      )
    );
  };
  const change = (id: string, label: string | undefined, options: Options): Delta =>
    primaryDelta(metric(id, options), label === undefined ? undefined : comparison(id, label, options).label, format) ??
    fail(`metric '${id}' has nothing to be compared with`, options, []);
  const shown = (id: string) => (Object.hasOwn(result.omitted, id) ? result.omitted[id] : undefined);
  const omitted = (reason: string) => safe(render('omitted', { reason }));
  let page: OverviewPage | null = null;
  const printed = new Set<string>();
  const first = (kind: string, id: string): boolean => {
    const isFirst = !printed.has(`${kind} ${id}`);
    printed.add(`${kind} ${id}`);
    return isFirst;
  };
  const once = (id: string, options: Options) => {
    if (!first('figure', id)) fail(`'${id}' stands in the report twice`, options, []);
    if (page) onPage[page].add(id);
  };
  const findingHtml = (item: Finding) =>
    render('finding', {
      level,
      ...findingView(item, format, {
        own: first('finding', item.id) ? names.anchor('finding', analysis.id, item.id) : '',
        proof: shown(item.proof) === undefined && depth === 'in-depth' ? names.anchor('figure', analysis.id, item.proof) : '',
      }),
    });
  return {
    value: (id: string, o: Options) => {
      const { value, unit } = metric(id, o);
      return format.unit(value, unit);
    },
    change: (...args: (string | Options)[]) => {
      const o = args.at(-1) as Options;
      return change(args[0] as string, args.length > 2 ? (args[1] as string) : undefined, o).text;
    },
    base: (id: string, label: string, o: Options) => format.unit(comparison(id, label, o).value, metric(id, o).unit),
    n: (id: string, o: Options) => format.count(metric(id, o).n),
    period: (id: string, o: Options) => metric(id, o).period,
    interval: (id: string, o: Options) => intervalText(metric(id, o), format) || fail(`metric '${id}' has no interval`, o, []),
    standing: (id: string, o: Options) => standingWords[metric(id, o).expected?.standing ?? 'unknown'],
    effect: (id: string, o: Options) => {
      const { effect } = finding(id, o);
      return effect ? format.signed(effect.value, effect.unit) : fail(`finding '${id}' has no effect`, o, []);
    },
    stake: (id: string, o: Options) => {
      const { stake } = finding(id, o);
      return stake ? `${format.money(stake.value)} ${stakePeriod(stake)}` : 'no stated amount';
    },
    param: (name: string, o: Options) => {
      const value = Object.hasOwn(analysis.params, name) ? analysis.params[name] : undefined;
      if (value === undefined || value === null) return fail(`no parameter '${name}'`, o, Object.keys(analysis.params));
      return typeof value === 'number' && Number.isInteger(value) ? format.count(value) : String(value);
    },
    tested: () => format.count(result.method.tested),
    called: () => format.count(result.method.called),
    kpis: (...args: (string | Options)[]) => {
      const o = args.at(-1) as Options;
      const metrics = (args.slice(0, -1) as string[]).map((id) => metric(id, o));
      for (const { id } of metrics) if (page) onPage[page].add(id);
      return safe(render('kpis', tileViews(metrics, format)));
    },
    figure: (id: string, o: Options) => {
      const reason = shown(id);
      if (reason !== undefined) return omitted(reason);
      const found = pick('figure', result.figures, id, o);
      once(id, o);
      return safe(render('figure', figureView(found, { analysis: analysis.id, level, method, half: page === 'areas' }, names, drawings)));
    },
    table: (id: string, o: Options) => {
      const reason = shown(id);
      if (reason !== undefined) return omitted(reason);
      const found = pick('table', result.tables, id, o);
      once(id, o);
      return safe(render('table', tableView(found, { analysis: analysis.id, method }, names, format)));
    },
    finding: (id: string, o: Options) => safe(findingHtml(finding(id, o))),
    findings: () => safe(render('findings', { findings: ranked.map((item) => safe(findingHtml(item.finding))) })),
    actions: () => safe(render('actions', { level, actions: actionViews(ranked, format) })),
    caveats: () => safe(render('caveats', { caveats: result.caveats })),
    heading: (words: string) => safe(`<h${level} class="sub">${escapeHtml(words)}</h${level}>`),
    pair(this: unknown, o: Options) {
      return safe(`<div class="two">${o.fn(this as object)}</div>`);
    },
    overview(this: unknown, ...args: (string | Options)[]) {
      const o = args.at(-1) as Options;
      if (depth !== 'overview') return '';
      page = args.length > 1 ? (args[0] as OverviewPage) : 'drivers';
      overview[page] += o.fn(this as object).trim();
      page = null;
      return '';
    },
    'in-depth'(this: unknown, o: Options) {
      return depth === 'in-depth' ? o.fn(this as object) : '';
    },
    'if-has'(this: unknown, id: string, o: Options) {
      return hasContent(result, id, (what, known) => fail(what, o, known)) ? o.fn(this as object) : o.inverse(this as object);
    },
  };
}

const standingWords = {
  above: 'above its expected range',
  inside: 'inside its expected range',
  below: 'below its expected range',
  unknown: 'without a known range yet',
} as const;

function hasContent(result: Result, id: string, fail: (what: string, known: string[]) => never): boolean {
  if (Object.hasOwn(result.omitted, id)) return false;
  const metric = result.metrics.find((m) => m.id === id);
  if (metric) return metric.value !== null;
  const shown = [...result.figures, ...result.tables];
  return (
    shown.some((x) => x.id === id) ||
    fail(
      `the result has no figure, table or metric '${id}'`,
      shown.map((x) => x.id),
    )
  );
}
