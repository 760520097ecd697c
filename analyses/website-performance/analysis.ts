import { defineAnalysis } from '#contract/analysis.ts';
import type { Formatter } from '#contract/format.ts';
import type { Metric } from '#contract/metric.ts';
import { prose } from '#contract/prose.ts';
import type { Table } from '#contract/table.ts';
import { ratio, total } from '../shared/change.ts';
import { weeksSpan } from '../shared/day.ts';
import { counted, moved, percent, sentence, spelled, standingWords } from '../shared/words.ts';
import { websiteFigures } from './figures.ts';
import { websiteFindings } from './findings.ts';
import { fullSpan, type Group, isClear, isIdentifiedByBuying, measure, minSessions, type Step, type Traffic } from './traffic.ts';

export default defineAnalysis({
  id: 'website-performance',
  area: 'website',
  question: 'How many came to the site, how many of them bought, and where are the others lost?',
  requires: ['events'],
  params: {},
  inputs: { weeks: 'weeks.sql', days: 'days.sql', slices: 'slices.sql' },
  run(tables, context) {
    const traffic = measure(tables, context);
    const { figures, omitted } = websiteFigures(traffic);
    return {
      headline: headline(traffic),
      summary: summary(traffic),
      metrics: [traffic.metrics.sessions.metric, traffic.metrics.conversion.metric, ...spanMetrics(traffic)],
      findings: websiteFindings(traffic),
      figures,
      tables: [stepTable(traffic), groupTable(traffic)],
      caveats: [
        ...(isIdentifiedByBuying(traffic)
          ? [
              prose`Nearly every session of a known customer ends in a purchase in this source: a visitor becomes known by buying. Conversion then moves with the share of sessions that are identified, and is no measure of how well the site sells.`,
            ]
          : []),
        ...(traffic.isMature
          ? []
          : [
              prose`${context.format.share(traffic.late)} of purchases come after the week in which their session began. The last week’s conversion is still incomplete: it is shown and not judged, and spans end a week earlier.`,
            ]),
        prose`A session of the data is what the shop’s tracking calls one; visitors who refuse tracking are missing.`,
        prose`The purchase page is also reached by orders that are cancelled later, so that purchases here exceed orders kept.`,
        prose`Sources are those of the session. A customer’s own source, in the other reports, is where the customer once came from.`,
      ],
      omitted,
      method: {
        text: [
          prose`Weeks and days are judged by forecasts from earlier ones alone. A day is called when its BH-adjusted p is below ${percent(context.format, 0.05)} and it is at least ${percent(context.format, 0.3)} from its expectation; a group when it differs from all other sessions by at least a tenth of their conversion, BH-adjusted.`,
          prose`Intervals of shares are Wilson’s; differences of shares have Newcombe’s interval. The later span is ${context.format.count(traffic.spanWeeks)} complete weeks, the earlier ${context.format.count(fullSpan)}.`,
        ],
        tested: traffic.tested,
        called: traffic.called,
      },
    };
  },
});

function headline(traffic: Traffic): string {
  const { metrics, oddDays, change, all, format, spanWeeks, visitors } = traffic;
  const standing = metrics.conversion.metric.expected?.standing;
  if (all.sessions === 0) return prose`No session was recorded in the last ${format.count(spanWeeks)} weeks`;
  if (isIdentifiedByBuying(traffic)) {
    const share = ratio(visitors.find(({ value }) => value === 'identified')?.sessions, all.sessions);
    return prose`${format.share(share)} of sessions are identified, nearly all by buying`;
  }
  if (standing === 'above' || standing === 'below')
    return prose`Conversion of the week, ${format.share(metrics.conversion.metric.value)}, is ${standingWords[standing]}`;
  if (change && isClear(change))
    return prose`Conversion ${moved(change.difference)} to ${format.share(ratio(all.purchases, all.sessions))} in ${format.count(spanWeeks)} weeks`;
  if (oddDays.length > 0)
    return prose`Conversion is steady; ${spelled(format, oddDays.length, 'day')} ${oddDays.length === 1 ? 'stands' : 'stand'} out in traffic`;
  return prose`Traffic and conversion are within their normal range`;
}

function summary({ metrics, all, format, steps, sources, spanWeeks }: Traffic): string {
  const { sessions, conversion } = { sessions: metrics.sessions.metric, conversion: metrics.conversion.metric };
  if (sessions.value === null || all.sessions === 0) return prose`There is no complete week with sessions to report on.`;
  const best = sources.filter(({ isCalled }) => isCalled).toSorted((a, b) => b.conversion - a.conversion)[0];
  const cart = steps[2];
  return [
    prose`${counted(format, sessions.value, 'session')} came in the week and ${format.share(conversion.value)} of them bought.`,
    cart?.share != null
      ? prose`Over ${format.count(spanWeeks)} weeks ${format.share(cart.share)} of the sessions that saw a product filled a cart.`
      : '',
    best ? prose`${best.value} brings the sessions that buy most often, at ${format.share(best.conversion)}.` : '',
  ]
    .filter(Boolean)
    .join(' ');
}

function spanMetrics({ all, sources, visitors, format, spanEnd, spanWeeks }: Traffic): Metric[] {
  const period = weeksSpan(format, spanEnd, spanWeeks);
  const metric = (id: string, label: string, value: number | null, polarity: Metric['polarity']): Metric => ({
    ...{ id, definition: id, label, value, unit: 'share', polarity, n: all.sessions, period, comparisons: [] },
  });
  const identified = visitors.find(({ value }) => value === 'identified');
  return [
    metric('bounce_rate', 'Bounce rate', ratio(all.bounces, all.sessions), 'down'),
    metric(
      'identified_share',
      'Identified sessions',
      ratio(
        identified?.sessions ?? 0,
        total(sources, (group) => group.sessions),
      ),
      'none',
    ),
  ];
}

function stepTable({ steps, format, spanEnd, spanWeeks }: Traffic): Table {
  return {
    id: 'steps',
    title: stepTitle(steps, format),
    subtitle: prose`Share of the step before that goes on, ${weeksSpan(format, spanEnd, spanWeeks)}, and the ${format.count(fullSpan)} weeks before`,
    columns: [
      { key: 'step', label: 'Step', type: 'text' },
      { key: 'sessions', label: 'Sessions', type: 'count' },
      { key: 'share', label: 'Went on', type: 'share' },
      { key: 'before', label: prose`${sentence(format.word(fullSpan))} weeks before`, type: 'share' },
      { key: 'change', label: 'Change', type: 'points' },
      { key: 'low', label: 'From', type: 'points' },
      { key: 'high', label: 'To', type: 'points' },
    ],
    rows: steps.slice(1).map(({ step, sessions, share, before, test }) => ({
      ...{ step, sessions, share, before, change: test?.difference ?? null, low: test?.low ?? null, high: test?.high ?? null },
    })),
    note: prose`From and to are the ${percent(format, 0.95)} interval of the change.`,
  };
}

function stepTitle(steps: Step[], format: Formatter): string {
  const clear = steps
    .filter(({ test }) => test && isClear(test))
    .toSorted((a, b) => Math.abs(b.test!.difference) - Math.abs(a.test!.difference))[0];
  if (!clear) return 'No step of the funnel changed beyond chance';
  const size = format.points(Math.abs(clear.test!.difference)).replace('+', '');
  return prose`The step “${clear.step}” ${moved(clear.test!.difference)} ${size}`;
}

function groupTable({ sources, browsers, visitors, format, spanEnd, spanWeeks, all }: Traffic): Table {
  const named = (kind: string, groups: Group[]) =>
    groups.map(({ value, sessions, conversion, low, high, before, isCalled }) => ({
      ...{ kind, name: value, sessions, share: ratio(sessions, all.sessions), conversion, low, high, before: before.conversion },
      called: kind === 'Visitor' ? 'not compared' : isCalled ? 'beyond chance' : 'within chance',
    }));
  const called = [...sources, ...browsers].filter(({ isCalled }) => isCalled).length;
  return {
    id: 'groups',
    title:
      called === 0
        ? 'No source or browser converts measurably differently from the others'
        : sentence(
            prose`${spelled(format, called, 'group')} of sessions ${called === 1 ? 'converts' : 'convert'} differently from the others`,
          ),
    subtitle: prose`Sessions and conversion by source, browser and kind of visitor, ${weeksSpan(format, spanEnd, spanWeeks)}; groups of fewer than ${format.count(minSessions)} sessions are left out`,
    columns: [
      { key: 'kind', label: 'By', type: 'text' },
      { key: 'name', label: 'Group', type: 'text' },
      { key: 'sessions', label: 'Sessions', type: 'count' },
      { key: 'share', label: 'Share', type: 'share' },
      { key: 'conversion', label: 'Conversion', type: 'share' },
      { key: 'low', label: 'From', type: 'share' },
      { key: 'high', label: 'To', type: 'share' },
      { key: 'before', label: 'Span before', type: 'share' },
      { key: 'called', label: 'Against the rest', type: 'text' },
    ],
    rows: [...named('Source', sources), ...named('Browser', browsers), ...named('Visitor', visitors)],
    note: 'Visitors are not compared: nobody buys without being identified.',
  };
}
