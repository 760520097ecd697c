import type { Finding } from '#contract/finding.ts';
import { prose } from '#contract/prose.ts';
import { ratio, total } from '../shared/change.ts';
import { comparedWith } from '../shared/metric.ts';
import { comparedWords, directionOf, percent, spelled, standingWords } from '../shared/words.ts';
import { quarterWeeks, type YearGrowth } from './growth.ts';
import type { Sales } from './sales.ts';

const alpha = 0.05;
const quartersAYear = 4;

/** Growth on last year, and acquisition. */
export function growthFindings(sales: Sales): (Finding | null)[] {
  return [growth(sales), acquisition(sales)];
}

function evidence({ format }: Sales, { p, weeks }: YearGrowth): Finding['evidence'] {
  return {
    level: p <= 0.01 ? 'high' : p <= alpha ? 'medium' : 'low',
    rule: prose`${percent(format, 1 - alpha)} interval from the scatter of ${spelled(format, weeks, 'pair')} of weeks (quasi-Poisson)`,
    p,
    n: weeks,
  };
}

function growth(sales: Sales): Finding | null {
  const { format, growth: measured, longRun } = sales;
  if (!measured) return null;
  const { value, low, high, now, before, p, weeks } = measured;
  const isCalled = p <= alpha;
  const yearly = (rate: number) => rate * before * quartersAYear;
  return {
    id: 'growth',
    claim: isCalled
      ? prose`Net revenue of the last ${format.word(weeks)} weeks is ${comparedWords(format, value)} the same weeks last year.`
      : prose`Net revenue of the last ${format.word(weeks)} weeks does not differ measurably from the same weeks last year.`,
    detail: [
      prose`${format.money(now)} against ${format.money(before)}: ${format.change(value)}, interval ${format.change(low)} to ${format.change(high)}.`,
      longRun
        ? prose`The slope of the last two years is ${format.change(longRun.value)} a year (${format.change(longRun.low)} to ${format.change(longRun.high)}; weeks that resemble their neighbours make this interval too narrow).`
        : '',
    ]
      .filter(Boolean)
      .join(' '),
    kind: isCalled ? 'change' : 'nothing',
    effect: {
      value: now - before,
      unit: 'money',
      interval: { low: low * before, high: high * before, basis: prose`${percent(format, 1 - alpha)} interval` },
    },
    evidence: evidence(sales, measured),
    stake: isCalled
      ? { value: yearly(value), low: yearly(low), high: yearly(high), basis: 'difference of the quarter to last year’s, times four' }
      : null,
    direction: isCalled ? directionOf(value, 'up') : 'neutral',
    polarity: 'up',
    ...(isCalled
      ? {
          action:
            value > 0
              ? {
                  do: prose`Plan stock, staff and cash for growth of ${format.change(low)} to ${format.change(high)} on last year`,
                  why: 'A quarter of weeks grew beyond their usual scatter',
                  owner: 'Commercial lead',
                  within: 'this month' as const,
                }
              : {
                  do: 'Agree on a plan to recover sales, starting with the largest step of the change on last year',
                  why: 'A quarter of weeks fell beyond their usual scatter',
                  owner: 'Commercial lead',
                  within: 'this month' as const,
                },
        }
      : {}),
    proof: sales.months.length >= 2 ? 'monthly-net-revenue' : 'weekly-net-revenue',
  };
}

function acquisition(sales: Sales): Finding | null {
  const { format, newGrowth, kpis, weeks } = sales;
  const { metric } = kpis.new_customers;
  if (!newGrowth || metric.value === null) return null;
  const { value, low, high, now, before, p } = newGrowth;
  const isCalled = p <= alpha;
  const span = weeks.slice(-quarterWeeks);
  const orderValue =
    ratio(
      total(span, (row) => row.gross_amount),
      total(span, (row) => row.orders),
    ) ?? 0;
  const yearly = (rate: number) => rate * before * quartersAYear * orderValue;
  const prior = comparedWith(metric, 'prior week');
  return {
    id: 'acquisition',
    claim: isCalled
      ? prose`The shop wins ${format.share(Math.abs(value))} ${value > 0 ? 'more' : 'fewer'} new customers than in the same weeks last year: ${format.count(now / newGrowth.weeks)} a week.`
      : prose`New customers of the last ${format.word(newGrowth.weeks)} weeks, ${format.count(now / newGrowth.weeks)} a week, do not differ measurably from the same weeks last year.`,
    detail: prose`Over ${format.word(newGrowth.weeks)} weeks ${format.count(now)} against ${format.count(before)} (${format.change(low)} to ${format.change(high)}). This week: ${format.count(metric.value)}${prior === null ? '' : ` after ${format.count(prior)}`}, ${standingWords[metric.expected?.standing ?? 'unknown']}.`,
    kind: isCalled ? 'change' : 'nothing',
    effect: {
      value: now - before,
      unit: 'count',
      interval: { low: low * before, high: high * before, basis: prose`${percent(format, 1 - alpha)} interval` },
    },
    evidence: evidence(sales, newGrowth),
    stake: isCalled
      ? {
          value: yearly(value),
          low: yearly(low),
          high: yearly(high),
          basis: 'first orders alone, at the average order value of the quarter, a year',
        }
      : null,
    direction: isCalled ? directionOf(value, 'up') : 'neutral',
    polarity: 'up',
    ...(isCalled
      ? {
          action:
            value > 0
              ? {
                  do: 'Welcome the larger intake: prepare the second-order offer for it',
                  why: 'What new customers are worth depends on their second order',
                  owner: 'Head of CRM',
                  within: 'this month' as const,
                }
              : {
                  do: 'Review acquisition by source: spend, traffic and first-order conversion against last year',
                  why: 'Fewer new customers now mean fewer repeat orders later',
                  owner: 'Head of marketing',
                  within: 'this month' as const,
                },
        }
      : {}),
    proof: 'new-customers',
  };
}
