import type { Finding } from '#contract/finding.ts';
import { listed, prose } from '#contract/prose.ts';
import { change } from '../shared/change.ts';
import { weeksSpan } from '../shared/day.ts';
import { signalLevel } from '../shared/expected.ts';
import { comparedWith } from '../shared/metric.ts';
import {
  addedWords,
  comparedWords,
  counted,
  directionOf,
  movedBy,
  movement,
  percent,
  sentence,
  someOf,
  spelled,
  standingWords,
} from '../shared/words.ts';
import { contributionsOf, type Dimension, type StepId } from './bridge.ts';
import { dimensionWords, valueName } from './figures-change.ts';
import { growthFindings } from './findings-growth.ts';
import { seasonFindings } from './findings-season.ts';
import { days, shifts } from './findings-tests.ts';
import { definitions } from './kpis.ts';
import { oddWeeks } from './outliers.ts';
import { yearPairWeeks } from './pair.ts';
import type { Sales } from './sales.ts';
import { surge } from './story.ts';
import { largestStep } from './tables.ts';

/** All findings that these sales carry, in reading order. */
export function salesFindings(sales: Sales): Finding[] {
  if (!sales.now) return [];
  return [
    week(sales),
    driver(sales),
    ...growthFindings(sales),
    segments(sales),
    shifts(sales),
    days(sales),
    measures(sales),
    anomalies(sales),
    ...seasonFindings(sales),
  ].filter((finding) => finding !== null);
}

const rule = ({ format }: Sales): string => prose`${percent(format, signalLevel)} forecast range made from earlier weeks only`;

function week(sales: Sales): Finding {
  const { format, kpis, week: monday } = sales;
  const { metric, expectation } = kpis.net_revenue;
  const value = metric.value ?? 0;
  const point = expectation.points.at(-1);
  const standing = metric.expected?.standing ?? 'unknown';
  const isCalled = standing === 'above' || standing === 'below';
  const lastYear = comparedWith(metric, 'same week last year');
  const onLastYear = change(value, lastYear);
  const known = point && point.expected !== null && point.low !== null && point.high !== null ? point : null;
  const gap = known ? value - known.expected! : null;
  const detail = [
    known
      ? prose`${format.money(known.expected)} was expected, and ${format.money(known.low)} to ${format.money(known.high)} is the normal range.`
      : prose`${counted(format, sales.weeks.length, 'complete week')} of history give no range to judge by.`,
    onLastYear === null ? '' : prose`That is ${comparedWords(format, onLastYear)} the same ISO week last year.`,
    isCalled ? (surge(sales) ?? '') : '',
  ];
  const finding: Finding = {
    id: 'week',
    claim: prose`Net revenue ${movement(format, value, comparedWith(metric, 'prior week'), 'money')} in the week, ${standingWords[standing]}.`,
    detail: detail.filter(Boolean).join(' '),
    kind: isCalled ? 'change' : standing === 'inside' ? 'nothing' : 'state',
    evidence: { level: isCalled ? 'high' : standing === 'inside' ? 'medium' : 'low', rule: rule(sales), n: metric.n },
    stake: null,
    direction: isCalled ? directionOf(standing === 'above' ? 1 : -1, 'up') : 'neutral',
    polarity: 'up',
    proof: 'weekly-net-revenue',
  };
  if (point?.p !== null && point?.p !== undefined) finding.evidence.p = point.p;
  if (gap !== null) {
    finding.effect = {
      value: gap,
      unit: 'money',
      interval: { low: value - known!.high!, high: value - known!.low!, basis: prose`against expected, ${metric.expected!.basis}` },
    };
  }
  if (isCalled && gap !== null) {
    finding.stake = {
      value: gap,
      low: value - known!.high!,
      high: value - known!.low!,
      basis: 'this week alone against its expectation, counted once',
      once: true,
    };
    finding.action =
      standing === 'below'
        ? {
            do: prose`Walk through ${weeksSpan(format, monday)} day by day: site, stock, payments and campaigns`,
            why: prose`Net revenue fell ${format.money(-gap)} short of what earlier weeks led to expect`,
            owner: 'Head of e-commerce',
            within: 'this week',
          }
        : {
            do: 'Find out what was different in the week, whether it will last, and whether stock covers it',
            why: prose`Net revenue came in ${format.money(gap)} above what earlier weeks led to expect`,
            owner: 'Head of e-commerce',
            within: 'this week',
          };
  }
  return finding;
}

const stepWords: Record<StepId, { name: string; up: string; down: string; owner: string }> = {
  volume: {
    name: 'The number of units sold',
    up: 'Check that stock and fulfilment can carry the higher number of units',
    down: 'Rebuild the number of units: compare traffic, conversion and availability with last year’s',
    owner: 'Head of operations',
  },
  mix: {
    name: 'The mix of categories',
    up: 'Keep the dearer categories in stock and in the shop window',
    down: 'Decide whether the move to cheaper categories is wanted, and place the dearer ones better if not',
    owner: 'Head of merchandising',
  },
  choice: {
    name: 'The choice of products within categories',
    up: 'Keep the dearer products of each category available',
    down: 'Review which cheaper products took over within categories, and their margin',
    owner: 'Head of merchandising',
  },
  price: {
    name: 'Price paid against list',
    up: 'Keep discounts at the present level, and watch the number of units',
    down: 'Review the discounts given, and what they sold more',
    owner: 'Pricing manager',
  },
  refunds: {
    name: 'Refunds',
    up: 'Note what reduced refunds, and keep to it',
    down: 'Review the products and centres with the most refunds',
    owner: 'Head of operations',
  },
  other: {
    name: 'Sales not assigned to a category',
    up: 'Assign a category to each product',
    down: 'Assign a category to each product',
    owner: 'Commercial analyst',
  },
};

function driver(sales: Sales): Finding | null {
  const { format, segments } = sales;
  const bridge = sales.bridges.year ?? sales.bridges.week;
  const largest = bridge && largestStep(bridge.steps);
  if (!bridge || !largest) return null;
  const { pair } = bridge;
  const spanWeeks = pair.after.length;
  const others = bridge.steps.filter((step) => step.id !== largest.id && Math.abs(step.value) >= 0.005);
  const leads = (['category', 'country'] as Dimension[]).flatMap((dimension) => {
    const own = contributionsOf(dimension, pair, segments).filter(({ pooled }) => pooled === 0);
    const first = own[0];
    return first && own.length > 1 && first.change !== 0
      ? [prose`${valueName(dimension, first.value)} (${dimensionWords[dimension].one}) ${format.signed(first.change, 'money')}`]
      : [];
  });
  const words = stepWords[largest.id];
  // A step asks for something only where the quarter moved the same way beyond its scatter.
  const isLasting = sales.growth !== null && sales.growth.p <= 0.05 && sales.growth.value * largest.value > 0;
  return {
    id: 'driver',
    claim: prose`Net revenue ${movedBy(format, bridge.change)} on ${pair.against}; ${words.name.toLowerCase()} ${addedWords(format, largest.value)}.`,
    detail: [
      others.length
        ? prose`The other steps: ${listed(others.map(({ label, value }) => prose`${label.toLowerCase()} ${format.signed(value, 'money')}`))}; the steps add up exactly.`
        : 'The steps add up exactly.',
      leads.length ? prose`Largest single contributions: ${listed(leads)}.` : '',
      'This is arithmetic, not cause.',
    ]
      .filter(Boolean)
      .join(' '),
    kind: 'state',
    effect: { value: largest.value, unit: 'money' },
    evidence: {
      level: pair.id === 'year' ? 'medium' : 'low',
      rule: prose`Exact decomposition over ${spelled(format, spanWeeks, 'week')}; that it lasts is not tested`,
      n: bridge.orders.before + bridge.orders.after,
    },
    stake: {
      value: largest.value,
      low: largest.value,
      high: largest.value,
      basis: prose`the step over ${spelled(format, spanWeeks, 'week')} alone, counted once`,
      once: true,
    },
    direction: directionOf(largest.value, 'up'),
    polarity: 'up',
    ...(isLasting
      ? {
          action: {
            do: largest.value > 0 ? words.up : words.down,
            why: prose`It is the largest step of the change on ${pair.against}`,
            owner: words.owner,
            within: 'this month' as const,
          },
        }
      : {}),
    proof: `bridge-${pair.id}`,
  };
}

function segments(sales: Sales): Finding | null {
  const { format, signals } = sales;
  const { tested, called } = signals;
  if (tested === 0) return null;
  const gap = called.reduce((sum, { now, expected }) => sum + now - expected, 0);
  const named = called
    .slice(0, 3)
    .map(
      ({ dimension, value, now, expected }) =>
        prose`${valueName(dimension, value)} (${format.signed(now - expected, 'money')} on its expected share)`,
    );
  const kinds = 'categories, countries, sources and customer types';
  const isCalled = called.length > 0;
  const finding: Finding = {
    id: 'segments',
    claim: isCalled
      ? prose`${listed(named)} ${called.length === 1 ? 'stands' : 'stand'} out of line with the shop this week.`
      : 'No category, country, source or customer type is out of line with the shop this week.',
    detail: prose`The share that each brings to net revenue was judged against its own past: after adjustment for their number ${someOf(format, called.length, tested)} ${kinds} with enough orders ${called.length > 1 ? 'stand' : 'stands'} out.`,
    kind: isCalled ? 'change' : 'nothing',
    evidence: {
      level: isCalled ? 'high' : 'medium',
      rule: 'Share outside its own forecast range, and BH-adjusted p over all segments tested',
      n: tested,
    },
    stake: null,
    direction: isCalled ? directionOf(gap, 'up') : 'neutral',
    polarity: 'up',
    proof: called[0]?.dimension === 'country' ? 'week-country' : 'week-category',
  };
  const first = called[0];
  if (!first) return finding;
  finding.evidence.p = first.p;
  finding.effect = {
    value: first.now - first.expected,
    unit: 'money',
    interval: { low: first.now - first.high, high: first.now - first.low, basis: 'forecast range' },
  };
  finding.stake = {
    value: first.now - first.expected,
    low: first.now - first.high,
    high: first.now - first.low,
    basis: prose`${valueName(first.dimension, first.value)}, this week alone against its expectation, counted once`,
    once: true,
  };
  finding.action = {
    do: prose`Look into ${valueName(first.dimension, first.value)}: what was different in the week`,
    why: 'Its share of net revenue is further from its own past than chance over all segments explains',
    owner: first.dimension === 'source' ? 'Head of marketing' : first.dimension === 'country' ? 'Country lead' : 'Head of merchandising',
    within: 'this week',
  };
  return finding;
}

function measures(sales: Sales): Finding | null {
  const { format, kpis } = sales;
  const judged = definitions
    .filter(({ id }) => id !== 'net_revenue')
    .map(({ id, label }) => ({ label, metric: kpis[id].metric }))
    .filter(({ metric }) => metric.expected && metric.expected.standing !== 'unknown');
  if (judged.length === 0) return null;
  const outside = judged.filter(({ metric }) => metric.expected!.standing !== 'inside');
  const sides = (['above', 'below'] as const).flatMap((side) => {
    const names = outside.filter(({ metric }) => metric.expected!.standing === side).map(({ label }) => label.toLowerCase());
    const plural = names.length === 1 && !/s$/.test(names[0]!) ? 'is' : 'are';
    return names.length ? [prose`${listed(names)} ${plural} ${side} the expected range`] : [];
  });
  const score = outside.reduce((sum, { metric }) => sum + (metric.expected!.standing === 'above' ? 1 : -1), 0);
  const isCalled = outside.length > 0;
  return {
    id: 'measures',
    claim: isCalled
      ? prose`${sentence(sides.join('; '))}.`
      : prose`All ${format.word(judged.length)} other measures of the week are within their normal range.`,
    detail: sentence(prose`${someOf(format, outside.length, judged.length)} measures called; each is judged against its own past.`),
    kind: isCalled ? 'change' : 'nothing',
    evidence: { level: 'medium', rule: rule(sales), n: sales.now!.orders },
    stake: null,
    direction: isCalled ? directionOf(score, 'up') : 'neutral',
    ...(isCalled
      ? {
          action: {
            do: 'Ask the owners of these measures for what changed in the week',
            why: 'They moved further than their past explains',
            owner: 'Commercial lead',
            within: 'this week' as const,
          },
        }
      : {}),
    proof: 'kpis',
  };
}

function anomalies(sales: Sales): Finding | null {
  const { format, kpis } = sales;
  const { judged, outside, called } = oddWeeks(kpis.net_revenue.expectation);
  if (judged.length < yearPairWeeks) return null;
  const worst = called.toSorted((a, b) => a.p! - b.p! || (a.date < b.date ? -1 : 1));
  const gap = called.reduce((sum, { value, expected }) => sum + value! - expected!, 0);
  const named = worst
    .slice(0, 3)
    .map(({ date, value, expected }) => prose`the week of ${format.date(date)} (${format.change(change(value, expected) ?? 0)})`);
  const isCalled = called.length > 0;
  return {
    id: 'anomalies',
    claim: isCalled
      ? prose`${sentence(spelled(format, called.length, 'week'))} of the last ${format.count(judged.length)} left the expected range beyond chance.`
      : outside.length === 0
        ? prose`None of the last ${format.count(judged.length)} weeks left its expected range.`
        : prose`${sentence(spelled(format, outside.length, 'week'))} of the last ${format.count(judged.length)} left the expected range, no more than chance explains.`,
    detail: prose`${isCalled ? `Against expectation: ${listed(named)}${called.length > 3 ? ', the furthest out' : ''}. ` : ''}Each week is judged by the weeks before it and called after adjustment for their number.`,
    kind: isCalled ? 'state' : 'nothing',
    evidence: { level: isCalled ? 'high' : 'medium', rule: prose`${rule(sales)}, BH-adjusted over the weeks`, n: judged.length },
    stake: isCalled
      ? {
          value: gap,
          low: called.reduce((sum, { value, high }) => sum + value! - high!, 0),
          high: called.reduce((sum, { value, low }) => sum + value! - low!, 0),
          basis: 'these weeks of the last year against their expectations',
        }
      : null,
    direction: isCalled ? directionOf(gap, 'up') : 'neutral',
    polarity: 'up',
    ...(isCalled
      ? {
          action: {
            do: prose`Write down the known cause of ${listed(worst.slice(0, 3).map(({ date }) => prose`the week of ${format.date(date)}`))}, and plan for what will come again`,
            why: 'An explained week can be repeated or prevented',
            owner: 'Commercial analyst',
            within: 'this month' as const,
          },
        }
      : {}),
    proof: 'weekly-net-revenue',
  };
}
