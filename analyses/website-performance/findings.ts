import type { Finding } from '#contract/finding.ts';
import { listed, prose } from '#contract/prose.ts';
import { ratio, total } from '../shared/change.ts';
import { counted, moved, percent, sentence, spelled, standingWords } from '../shared/words.ts';
import { fullSpan, type Group, isClear, isIdentifiedByBuying, minSessions, type Traffic } from './traffic.ts';

const yearWeeks = 52;

export function websiteFindings(traffic: Traffic): Finding[] {
  return [
    weekFinding(traffic),
    conversionFinding(traffic),
    ...outageFindings(traffic),
    ...groupFindings(traffic),
    ...lossFindings(traffic),
  ];
}

function weekFinding({ metrics, format, dayExpectation }: Traffic): Finding {
  const { metric, expectation } = metrics.sessions;
  const point = expectation.points.at(-1);
  const standing = metric.expected?.standing ?? 'unknown';
  const isCalled = standing === 'above' || standing === 'below';
  return {
    id: 'sessions-week',
    kind: isCalled ? 'change' : 'nothing',
    claim: prose`Sessions of the week, ${format.count(metric.value)}, are ${standingWords[standing].replace('its', 'their')}`,
    detail:
      metric.expected && point
        ? prose`Earlier weeks lead to expect ${format.count(metric.expected.low)} to ${format.count(metric.expected.high)}.`
        : prose`There is not enough history to say what is normal.`,
    evidence: { level: isCalled ? 'high' : 'medium', rule: dayExpectation.basis, n: metric.n },
    stake: null,
    direction: standing === 'above' ? 'good' : standing === 'below' ? 'bad' : 'neutral',
    polarity: 'up',
    proof: 'sessions',
  };
}

function conversionFinding(traffic: Traffic): Finding {
  const { change, all, before, format, worth, mix, spanWeeks } = traffic;
  const [now, then] = [ratio(all.purchases, all.sessions), ratio(before.purchases, before.sessions)];
  const base = { id: 'conversion-change', proof: 'funnel', polarity: 'up' as const };
  if (!change || now === null || then === null) {
    return {
      ...base,
      ...{ kind: 'nothing', direction: 'neutral', stake: null },
      claim: prose`Conversion can’t be compared yet`,
      detail: prose`Two spans of ${format.count(fullSpan)} complete weeks with sessions are needed.`,
      evidence: { level: 'low', rule: 'Too little history', n: all.sessions },
    };
  }
  const isCalled = isClear(change);
  const yearly = (all.sessions / spanWeeks) * yearWeeks * (worth ?? 0);
  return {
    ...base,
    kind: isCalled ? 'change' : 'nothing',
    claim: isCalled
      ? prose`Conversion ${moved(change.difference)} ${format.points(Math.abs(change.difference)).replace('+', '')} to ${format.share(now)} over ${spelled(format, spanWeeks, 'week')}`
      : prose`Conversion of the last ${spelled(format, spanWeeks, 'week')}, ${format.share(now)}, has not moved beyond chance`,
    detail: [
      prose`It was ${format.share(then)} in the ${format.count(fullSpan)} weeks before; the difference lies between ${format.points(change.low)} and ${format.points(change.high)}.`,
      isCalled && mix
        ? prose`${format.points(mix.mix)} of it is a shift between anonymous and identified sessions, ${format.points(mix.within)} a change within them.`
        : '',
      isIdentifiedByBuying(traffic)
        ? prose`Here nearly every identified session buys: visitors are identified by buying, and conversion says how many are.`
        : '',
    ]
      .filter(Boolean)
      .join(' '),
    effect: {
      value: change.difference,
      unit: 'share',
      interval: { low: change.low, high: change.high, basis: prose`${percent(format, 0.95)} interval (Newcombe)` },
    },
    evidence: { level: isCalled ? 'high' : 'medium', rule: 'Two proportions', p: change.p, n: change.n },
    stake:
      isCalled && worth !== null && !isIdentifiedByBuying(traffic)
        ? {
            value: Math.abs(change.difference) * yearly,
            low: smaller(change.low, change.high) * yearly,
            high: Math.max(Math.abs(change.low), Math.abs(change.high)) * yearly,
            basis: prose`the difference times a year of sessions at the present rate, at ${format.money(worth)} of gross sales per session that buys`,
          }
        : null,
    direction: !isCalled || isIdentifiedByBuying(traffic) ? 'neutral' : change.difference > 0 ? 'good' : 'bad',
    ...(isCalled && change.difference < 0 && !isIdentifiedByBuying(traffic)
      ? {
          action: {
            do: prose`Find the step of the funnel that fell and undo the last change to it`,
            why: prose`Each point of conversion is worth ${format.money(yearly / 100)} a year.`,
            owner: 'Web product lead',
            within: 'this week' as const,
          },
        }
      : {}),
  };
}

function smaller(low: number, high: number): number {
  return low > 0 ? low : high < 0 ? -high : 0;
}

/** Odd days next to each other are one event. */
function outageFindings({ oddDays, format, all, worth, days }: Traffic): Finding[] {
  const events: (typeof oddDays)[] = [];
  for (const day of oddDays) {
    const last = events.at(-1);
    const isNext = last && Date.parse(day.date) - Date.parse((last.at(-1) as typeof day).date) === 86_400_000;
    if (isNext && Math.sign(day.sessions - day.expected) === Math.sign((last[0] as typeof day).sessions - (last[0] as typeof day).expected))
      last.push(day);
    else events.push([day]);
  }
  const conversion = ratio(all.purchases, all.sessions) ?? 0;
  const largest = events
    .toSorted((a, b) => gapOf(b) - gapOf(a) || ((a[0] as { date: string }).date < (b[0] as { date: string }).date ? 1 : -1))
    .slice(0, 3);
  return largest.map((event, i): Finding => {
    const [first, last] = [event[0] as (typeof oddDays)[number], event.at(-1) as (typeof oddDays)[number]];
    const sessions = total(event, (day) => day.sessions);
    const expected = total(event, (day) => day.expected);
    const isLow = sessions < expected;
    const money = Math.abs(expected - sessions) * conversion * (worth ?? 0);
    return {
      id: `odd-days-${i + 1}`,
      kind: 'change',
      claim: prose`Sessions were ${format.share(Math.abs(sessions - expected) / Math.max(expected, 1))} ${isLow ? 'below' : 'above'} expectation on ${format.span(first.date, last.date)}`,
      detail: prose`${counted(format, sessions, 'session')} came, where ${format.count(Math.round(expected))} were expected from the weekday and the weeks before. ${isLow ? 'The visits that did not come are not known to have come later.' : 'The data do not say where they came from.'}`,
      effect: { value: sessions - expected, unit: 'count' },
      evidence: {
        level: 'high',
        rule: prose`BH-adjusted over ${format.count(Math.min(days.length, 182))} days`,
        p: Math.max(...event.map(({ p }) => p)),
        n: sessions,
      },
      stake:
        isLow && worth !== null
          ? {
              value: -money,
              low: -money,
              high: -money * 0.5,
              basis: prose`the missing sessions at the usual conversion and ${format.money(worth)} of gross sales per session that buys; half of it if half of the visitors came back`,
              once: true,
            }
          : null,
      direction: isLow ? 'bad' : 'neutral',
      ...(isLow
        ? {
            action: {
              do: prose`Check site and tracking on ${format.span(first.date, last.date)}, and add an alert for such days`,
              why: prose`At the usual conversion a day like this goes with about ${format.money(money / event.length)} less of gross sales.`,
              owner: 'Head of engineering',
              within: 'this week' as const,
            },
          }
        : {}),
      proof: 'days',
    };
  });
}

function gapOf(event: { sessions: number; expected: number }[]): number {
  return Math.abs(total(event, (day) => day.sessions - day.expected));
}

function groupFindings(traffic: Traffic): Finding[] {
  const { format, all, worth, spanWeeks } = traffic;
  const conversion = ratio(all.purchases, all.sessions) ?? 0;
  const made = (id: string, what: string, groups: Group[], proof: string, owner: string): Finding[] => {
    const called = groups.filter(({ isCalled }) => isCalled);
    if (groups.length < 2) return [];
    if (called.length === 0) {
      return [
        {
          ...{ id, kind: 'nothing', direction: 'neutral', stake: null, proof },
          claim: prose`No ${what} converts measurably differently from the others`,
          detail: prose`${sentence(format.word(groups.length))} were compared; the differences are within chance or too small to matter.`,
          evidence: { level: 'medium', rule: prose`BH-adjusted, with a floor of a tenth of the conversion`, n: all.sessions },
        },
      ];
    }
    const best = called.toSorted((a, b) => b.difference - a.difference || (a.value < b.value ? -1 : 1))[0] as Group;
    const worst = called.toSorted((a, b) => a.difference - b.difference || (a.value < b.value ? -1 : 1))[0] as Group;
    const gap = worst.difference < 0 ? (conversion - worst.conversion) * (worst.sessions / spanWeeks) * yearWeeks * (worth ?? 0) : 0;
    const edge = (bound: number) => Math.max(0, conversion - bound) * (worst.sessions / spanWeeks) * yearWeeks * (worth ?? 0);
    const isFor = best.difference > 0;
    const lead = isFor ? best : worst;
    const told = gap > 0 ? worst : lead;
    return [
      {
        ...{ id, kind: 'state', direction: 'neutral', proof },
        claim:
          isFor && worst.difference < 0
            ? prose`${best.value} converts at ${format.share(best.conversion)}, ${worst.value} at ${format.share(worst.conversion)}`
            : prose`${lead.value} converts at ${format.share(lead.conversion)}, against ${format.share(conversion)} overall`,
        detail: prose`${listed(called.map(({ value }) => value))} differ${called.length === 1 ? 's' : ''} from the other sessions beyond chance${called.length === 1 ? '' : `; ${told.value}`} by ${format.points(told.difference)}. Who comes by a ${what} differs too, so the ${what} itself need not be the reason.`,
        effect: { value: told.difference, unit: 'share' },
        evidence: {
          level: 'high',
          rule: prose`BH-adjusted over ${format.word(groups.length)} groups`,
          p: Math.max(...called.map(({ p }) => p)),
          n: total(groups, (group) => group.sessions),
        },
        stake:
          gap > 0
            ? {
                value: gap,
                low: edge(worst.high),
                high: edge(worst.low),
                basis: prose`a year of ${worst.value} sessions at the conversion of all sessions`,
              }
            : null,
        ...(gap > 0
          ? {
              action: {
                do: prose`Review what ${worst.value} visitors find when they arrive, and test one change`,
                why: prose`They are ${format.share(worst.sessions / all.sessions)} of sessions.`,
                owner,
                within: 'this month' as const,
              },
            }
          : {}),
      },
    ];
  };
  return [
    ...made('sources', 'source', traffic.sources, 'sources', 'Growth lead'),
    ...made('browsers', 'browser', traffic.browsers, 'browsers', 'Web product lead'),
  ];
}

function lossFindings({ steps, format, worth, all, spanWeeks }: Traffic): Finding[] {
  const losses = steps.filter(({ share }) => share !== null);
  const worst = losses.toSorted((a, b) => (a.share ?? 1) - (b.share ?? 1))[0];
  const before = worst ? steps[steps.indexOf(worst) - 1] : undefined;
  if (!worst || !before || worst.share === null || worst.share >= 1 || before.sessions < minSessions) return [];
  const yearly = (before.sessions / spanWeeks) * yearWeeks;
  const onward = ratio(all.purchases, worst.sessions) ?? 0;
  const point = 0.01 * yearly * onward * (worth ?? 0);
  return [
    {
      id: 'largest-loss',
      kind: 'state',
      claim: prose`The largest loss is before “${worst.step}”: ${format.share(1 - worst.share)} of those at the step before do not go on`,
      detail: prose`${format.count(before.sessions - worst.sessions)} of ${format.count(before.sessions)} sessions end there. A loss is no fault by itself: many come to look.`,
      effect: { value: worst.share - 1, unit: 'share' },
      evidence: { level: 'medium', rule: prose`Counted over ${format.count(spanWeeks)} weeks`, n: before.sessions },
      stake:
        worth === null
          ? null
          : {
              value: point,
              low: 0,
              high: 2 * point,
              basis: prose`one more session in a hundred going on from the step before, if it then buys as the others do; the range is none to two`,
            },
      direction: 'neutral',
      action: {
        do: prose`Test one change at the step “${worst.step}”`,
        why: prose`One point more there is worth about ${format.money(point)} a year, if those who go on buy as the others do.`,
        owner: 'Web product lead',
        within: 'this quarter',
      },
      proof: 'funnel',
    },
  ];
}
