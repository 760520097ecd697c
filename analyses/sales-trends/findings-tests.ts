import type { Finding } from '#contract/finding.ts';
import { listed, prose } from '#contract/prose.ts';
import { change, ratio, total } from '../shared/change.ts';
import { directionOf, percent, sentence, someOf, spelled } from '../shared/words.ts';
import { valueName } from './figures-change.ts';
import { judgedWeeks } from './outliers.ts';
import type { Sales } from './sales.ts';

/** Segments whose share of orders differs from last year's. */
export function shifts(sales: Sales): Finding | null {
  const { format, shifts: measured, pairs, weeks } = sales;
  if (!measured || measured.tested === 0 || !pairs.year) return null;
  const { tested, called } = measured;
  const kinds = 'categories, countries, sources and customer types';
  const first = called[0];
  const evidence: Finding['evidence'] = {
    level: first ? 'high' : 'medium',
    rule: 'BH-adjusted score test of shares of orders, with a least change',
    n: total(
      weeks.filter(({ week }) => [...pairs.year!.after, ...pairs.year!.before].includes(week)),
      (row) => row.orders,
    ),
  };
  const base = { id: 'shifts', evidence, stake: null, direction: 'neutral' as const, proof: 'contributions' };
  if (!first) {
    return {
      ...base,
      claim: prose`None of ${format.count(tested)} ${kinds} has a share of orders that differs from last year’s.`,
      detail: 'Differences of the contributions from last year are within what chance explains.',
      kind: 'nothing',
    };
  }
  const named = called
    .slice(0, 3)
    .map(
      ({ dimension, value, before, after }) => prose`${valueName(dimension, value)} (${format.share(before)} to ${format.share(after)})`,
    );
  return {
    ...base,
    claim: prose`${listed(called.slice(0, 3).map(({ dimension, value }) => valueName(dimension, value)))} changed ${called.length === 1 ? 'its' : 'their'} share of orders against last year.`,
    detail: prose`${listed(named)}. ${sentence(someOf(format, called.length, tested))} ${kinds} ${called.length === 1 ? 'was' : 'were'} called over ${spelled(format, pairs.year.after.length, 'week')}, after adjustment for their number. Shares within a dimension move together: what one gains others lose.`,
    kind: 'change',
    evidence: { ...evidence, p: first.p },
    effect: {
      value: first.after - first.before,
      unit: 'share',
      interval: {
        low: first.low,
        high: first.high,
        basis: prose`${percent(format, 0.95)} interval, ${valueName(first.dimension, first.value)}`,
      },
    },
    action: {
      do: prose`Ask who is in charge of ${listed(called.slice(0, 3).map(({ dimension, value }) => valueName(dimension, value)))} what changed since last year`,
      why: 'Their share of orders moved further than chance explains',
      owner: 'Commercial lead',
      within: 'this month',
    },
  };
}

/** Days of the last quarter outside what the days before led to expect. */
export function days(sales: Sales): Finding | null {
  const { format, outliers, weeks } = sales;
  const judged = outliers.filter(({ standing }) => standing !== 'unknown');
  if (judged.length === 0) return null;
  const outside = judged.filter(({ isOutside }) => isOutside);
  const recent = weeks.slice(-judgedWeeks);
  const orderValue =
    ratio(
      total(recent, (row) => row.gross_amount),
      total(recent, (row) => row.orders),
    ) ?? 0;
  const gap = (of: (day: (typeof outside)[number]) => number) => orderValue * outside.reduce((sum, day) => sum + day.value! - of(day), 0);
  const furthest = outside
    .toSorted((a, b) => a.p! - b.p! || (a.date < b.date ? -1 : 1))
    .slice(0, 3)
    .toSorted((a, b) => (a.date < b.date ? -1 : 1));
  const dates = listed(furthest.map(({ date }) => format.dayMonth(date)));
  const named = furthest.map(({ date, value, expected }) => prose`${format.date(date)} (${format.change(change(value, expected) ?? 0)})`);
  const isCalled = outside.length > 0;
  const sides = new Set(outside.map(({ standing }) => standing));
  const way =
    sides.size > 1
      ? 'left their expected range'
      : sides.has('below')
        ? 'fell below their expected range'
        : 'rose above their expected range';
  const value = gap(({ expected }) => expected!);
  return {
    id: 'days',
    claim: isCalled
      ? prose`Orders ${way} on ${spelled(format, outside.length, 'day')} of the last quarter.`
      : prose`None of ${format.count(judged.length)} days of the last quarter left its expected range.`,
    detail: [
      isCalled ? prose`Against expectation: ${listed(named)}${outside.length > named.length ? ', the furthest out' : ''}.` : '',
      'Each day is judged by level, slope and weekday pattern of the days before it, and called after adjustment for the number of days.',
    ]
      .filter(Boolean)
      .join(' '),
    kind: isCalled ? 'change' : 'nothing',
    evidence: {
      level: isCalled ? 'high' : 'medium',
      rule: 'Forecast range by day, and BH-adjusted p over all days',
      ...(isCalled ? { p: Math.min(...outside.map(({ p }) => p!)) } : {}),
      n: judged.length,
    },
    stake: isCalled
      ? {
          value,
          low: gap(({ high }) => high!),
          high: gap(({ low }) => low!),
          basis: 'orders of these days against their expectations, at the average order value of the quarter, counted once',
          once: true,
        }
      : null,
    direction: isCalled ? directionOf(value, 'up') : 'neutral',
    polarity: 'up',
    ...(isCalled
      ? {
          action: {
            do:
              value < 0
                ? prose`Check site, payments and tracking on ${dates}, and set an alarm on hourly orders`
                : prose`Find out what was different on ${dates}`,
            why: 'An alarm shows such a day while it can still be mended',
            owner: 'Head of e-commerce',
            within: 'this week' as const,
          },
        }
      : {}),
    proof: 'daily-orders',
  };
}
