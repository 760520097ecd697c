import type { Finding } from '#contract/finding.ts';
import { listed, prose } from '#contract/prose.ts';
import { median } from '#stats/mean.ts';
import { total } from '../shared/change.ts';
import { directionOf, percent, sentence, someOf, spelled } from '../shared/words.ts';
import { monthName, strongest, weekdayNames } from './figures-season.ts';
import { yearPairWeeks } from './pair.ts';
import type { Sales } from './sales.ts';
import type { Season } from './season.ts';

/** What earlier years did next, and the pattern of the week and the year. */
export function seasonFindings(sales: Sales): (Finding | null)[] {
  return [ahead(sales), pattern(sales, 'weekday', sales.weekday), pattern(sales, 'month', sales.season)];
}

function ahead(sales: Sales): Finding | null {
  const { format, ahead: known, weeks } = sales;
  const { years, isOneWay } = known;
  if (years.length === 0) return null;
  const changes = years.map(({ change }) => change);
  const middle = median(changes)!;
  const [low, high] = [Math.min(...changes), Math.max(...changes)];
  const now = total(weeks.slice(-yearPairWeeks), (row) => row.net_revenue);
  const span = spelled(format, yearPairWeeks, 'week');
  const was = (change: number) => prose`${change > 0 ? 'rose' : 'fell'} ${format.share(Math.abs(change))}`;
  const claim =
    years.length === 1
      ? prose`Last year net revenue ${was(middle)} over the ${span} after this one.`
      : isOneWay
        ? prose`In each of the last ${spelled(format, years.length, 'year')} net revenue ${middle > 0 ? 'rose' : 'fell'} over the ${span} after this one, by ${format.share(Math.min(Math.abs(low), Math.abs(high)))} to ${format.share(Math.max(Math.abs(low), Math.abs(high)))}.`
        : prose`The last ${spelled(format, years.length, 'year')} disagree on what the next ${span} bring (${format.change(low)} to ${format.change(high)}).`;
  const asksFor = isOneWay && years.length > 1;
  return {
    id: 'season-ahead',
    claim,
    detail: prose`Against the ${span} before, by year: ${listed(years.map(({ year, change }) => prose`${year} ${format.change(change)}`))}. Growth and one-off events of those years are part of these numbers.`,
    kind: asksFor ? 'state' : 'nothing',
    effect: {
      value: middle * now,
      unit: 'money',
      interval: { low: low * now, high: high * now, basis: 'lowest and highest of earlier years' },
    },
    evidence: {
      level: asksFor && years.length > 2 ? 'medium' : 'low',
      rule: 'Same direction in each earlier year, two at least',
      n: years.length,
    },
    stake: asksFor
      ? {
          value: middle * now,
          low: low * now,
          high: high * now,
          basis: prose`the next ${span} against the last ${format.word(yearPairWeeks)}, once a year`,
        }
      : null,
    direction: asksFor ? directionOf(middle, 'up') : 'neutral',
    polarity: 'up',
    ...(asksFor
      ? {
          action: {
            do:
              middle > 0
                ? prose`Plan stock and service of the next ${span} for ${format.share(Math.max(0, low))} to ${format.share(high)} more`
                : prose`Plan the next ${span} on lower sales, and move campaigns to where they pay`,
            why: 'Each earlier year went the same way',
            owner: 'Supply planner',
            within: 'this week' as const,
          },
        }
      : {}),
    proof: 'weekly-net-revenue',
  };
}

function pattern(sales: Sales, kind: 'weekday' | 'month', season: Season | null): Finding | null {
  if (!season) return null;
  const { format } = sales;
  const called = season.list.filter(({ isCalled }) => isCalled);
  const most = strongest(season.list);
  const name = (key: number) => (kind === 'weekday' ? weekdayNames[key - 1]! : monthName(key, sales));
  const unit = kind === 'weekday' ? 'day' : 'month';
  const p = Math.min(...season.list.map((item) => item.p));
  const evidence = {
    level: called.length ? ('high' as const) : ('medium' as const),
    rule: prose`BH-adjusted p over ${spelled(format, season.list.length, unit)}, with a least effect`,
    p,
    n: season.n,
  };
  const proof = kind === 'weekday' ? 'season-weekday' : 'season-month';
  if (!most) {
    return {
      id: `season-${kind}`,
      claim: kind === 'weekday' ? 'No weekday stands out from the average day.' : 'No calendar month stands out from its year.',
      detail: prose`None of ${spelled(format, season.list.length, unit)} differs measurably from the average ${unit}.`,
      kind: 'nothing',
      evidence,
      stake: null,
      direction: 'neutral',
      proof,
    };
  }
  const words = called
    .toSorted((a, b) => b.index - a.index || a.key - b.key)
    .map(({ key, index }) => prose`${name(key)} ${format.change(index - 1)}`);
  const weekly = total(sales.weeks.slice(-52), (row) => row.net_revenue);
  return {
    id: `season-${kind}`,
    claim: prose`${name(most.key)} runs ${format.share(Math.abs(most.index - 1))} ${most.index > 1 ? 'above' : 'below'} the average ${unit}.`,
    detail: sentence(
      prose`${someOf(format, called.length, season.list.length)} differ from the average: ${listed(words)}. For ${name(most.key)} the ${percent(format, 0.95)} interval is ${format.change(most.low - 1)} to ${format.change(most.high - 1)}.`,
    ),
    kind: 'state',
    evidence,
    stake: null,
    direction: 'neutral',
    ...(weekly > 0
      ? {
          action: {
            do:
              kind === 'weekday'
                ? prose`Set campaign days, service shifts and picking by the pattern of the week: ${words[0]!} to ${words.at(-1)!}`
                : prose`Set stock and campaigns by the pattern of the year: ${words[0]!} to ${words.at(-1)!}`,
            why: prose`It held over ${spelled(format, season.n, kind === 'weekday' ? 'week' : 'year')}`,
            owner: kind === 'weekday' ? 'Head of operations' : 'Supply planner',
            within: 'this quarter' as const,
          },
        }
      : {}),
    proof,
  };
}
