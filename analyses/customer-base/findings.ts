import type { Finding } from '#contract/finding.ts';
import { prose } from '#contract/prose.ts';
import { ratio } from '../shared/change.ts';
import { weeksSpan } from '../shared/day.ts';
import { comparedWords, directionOf, percent, spelled } from '../shared/words.ts';
import { artefact } from './artefact.ts';
import type { Base } from './base.ts';
import { burst } from './burst.ts';
import { isClear, windowDays } from './cohorts.ts';
import { groupFindings } from './findings-groups.ts';

const alpha = 0.05;
const point = 0.01;

export function customerFindings(base: Base): Finding[] {
  const made = [burstFinding(base), growthFinding(base), repeatFinding(base), silentFinding(base), spendFinding(base)];
  return [...made.filter((finding) => finding !== null), ...groupFindings(base)];
}

function burstFinding({ format, signupWeeks, signups, yearly }: Base): Finding | null {
  const found = burst(signupWeeks);
  if (!found) return null;
  const excess = found.signups - found.expected;
  const usual = signups.curve.find(({ days }) => days === windowDays)?.share;
  const worth = yearly?.orderValue ?? 0;
  const last = found.weeks.at(-1)!;
  const point = signupWeeks.expectation.points.at(-1)!;
  return {
    id: 'signup-burst',
    kind: 'change',
    claim: prose`${format.count(found.signups)} sign-ups from ${weeksSpan(format, last, found.weeks.length)}, where ${format.count(Math.round(found.expected))} were to be expected`,
    detail: prose`The range for the last week was ${format.count(Math.round(point.low!))} to ${format.count(Math.round(point.high!))}. A burst at the very end of the data is not yet a success: it may come from an import, from a test, from fake accounts or from how the data were made, and none of it has had time to buy.`,
    effect: { value: excess, unit: 'count' },
    evidence: { level: 'high', rule: signupWeeks.expectation.basis, ...(point.p === null ? {} : { p: point.p }), n: found.signups },
    stake: usual
      ? {
          value: excess * usual.value * worth,
          low: 0,
          high: excess * usual.high * worth,
          basis: prose`first orders of the sign-ups beyond expectation, if they ordered within ${format.count(windowDays)} days as earlier ones did; nothing if they are not real`,
        }
      : null,
    direction: 'neutral',
    polarity: 'up',
    action: {
      do: prose`Check the sign-ups from ${weeksSpan(format, last, found.weeks.length)} by source and by hand before a campaign is credited with them`,
      why: prose`${format.count(Math.round(excess))} more than expected would distort every rate per sign-up of the coming months.`,
      owner: 'Growth lead',
      within: 'this week',
    },
    proof: 'signups',
  };
}

function growthFinding(base: Base): Finding | null {
  const { format, year, months, yearly } = base;
  const test = year?.test.active;
  if (!year || !test) return null;
  const isCalled = test.p < alpha;
  const difference = year.now.active - year.before.active;
  const fresh = year.now.new - year.before.new;
  const scale = 12 / year.months;
  const recent = months.slice(-year.months);
  const each = ratio(
    recent.reduce((sum, row) => sum + row.net_revenue, 0),
    year.now.active,
  );
  const worth = scale * year.before.active * (each ?? 0);
  const isLedByNew = Math.abs(fresh) >= Math.abs(difference - fresh);
  const doubt = isCalled && test.value > 0 ? artefact(base) : null;
  const surplus = (year.now.new - recent.reduce((sum, row) => sum + row.signups, 0)) / year.months;
  const detail = [
    prose`New customers account for ${format.signed(Math.round(fresh / year.months), 'count')} of ${format.signed(Math.round(difference / year.months), 'count')} a month, returning ones for ${format.signed(Math.round((difference - fresh) / year.months), 'count')}; the latter also grow with the number of past buyers. The interval of the growth is ${format.change(test.low)} to ${format.change(test.high)}, and rather too narrow, since months resemble their neighbours.`,
    surplus > 0 ? prose`New customers exceed sign-ups: at least ${format.count(Math.round(surplus))} a month had signed up earlier.` : '',
    doubt ?? '',
  ]
    .filter(Boolean)
    .join(' ');
  return {
    id: 'active-growth',
    kind: isCalled ? 'change' : 'nothing',
    claim: isCalled
      ? prose`${format.count(year.now.active / year.months)} customers bought in an average month, ${comparedWords(format, test.value)} the year before`
      : prose`The number of customers who buy in a month, ${format.count(year.now.active / year.months)}, has not moved beyond chance in a year`,
    detail,
    effect: {
      value: difference / year.months,
      unit: 'count',
      interval: {
        low: (test.low * year.before.active) / year.months,
        high: (test.high * year.before.active) / year.months,
        basis: prose`${percent(format, 1 - alpha)} interval over ${spelled(format, year.months, 'pair')} of months`,
      },
    },
    evidence: {
      level: test.p < alpha / 5 && !doubt ? 'high' : isCalled ? 'medium' : 'low',
      rule: prose`Paired months, quasi-Poisson, ${percent(format, 1 - alpha)} interval`,
      p: test.p,
      n: year.now.active,
    },
    stake:
      each === null || !yearly
        ? null
        : {
            value: test.value * worth,
            low: test.low * worth,
            high: test.high * worth,
            basis: prose`the difference in active customers, at ${format.money(each)} of net revenue per active customer and month, a year`,
          },
    direction: isCalled ? directionOf(test.value, 'up') : 'neutral',
    polarity: 'up',
    ...(isCalled
      ? {
          action:
            test.value > 0 && isLedByNew
              ? {
                  do: 'Set a target for second orders beside the one for new customers',
                  why: 'Most of the growth is first orders, which have to be won anew each month.',
                  owner: 'Head of CRM',
                  within: 'this month' as const,
                }
              : test.value > 0
                ? {
                    do: 'Keep what brings customers back, and measure it with a group held out',
                    why: 'Most of the growth comes from customers who had bought before.',
                    owner: 'Head of CRM',
                    within: 'this quarter' as const,
                  }
                : {
                    do: isLedByNew
                      ? 'Review acquisition by source against last year'
                      : 'Ask customers of last year who have not come back why',
                    why: isLedByNew
                      ? 'Fewer first orders account for most of the fall.'
                      : 'Fewer returning customers account for most of the fall.',
                    owner: isLedByNew ? 'Head of marketing' : 'Head of CRM',
                    within: 'this month' as const,
                  },
        }
      : {}),
    proof: 'active-customers',
  };
}

function repeatFinding(base: Base): Finding | null {
  const { format, cohorts, yearly } = base;
  const { recent, before, change } = cohorts;
  if (!recent) return null;
  const { rate, buyers } = recent.cohort;
  const isCalled = change !== null && isClear(change);
  const worth = yearly ? yearly.newCustomers * yearly.orderValue : null;
  const span = prose`${format.month(recent.first)} to ${format.month(recent.last)}`;
  const doubt = artefact(base);
  const newest = cohorts.months.at(-1);
  return {
    id: 'repeat-rate',
    kind: isCalled ? 'change' : change ? 'nothing' : 'state',
    claim:
      isCalled && before
        ? prose`${format.share(rate.value)} of first-time buyers ordered again within ${format.count(windowDays)} days, after ${format.share(before.rate.value)} the year before`
        : prose`${format.share(rate.value)} of first-time buyers order again within ${format.count(windowDays)} days${change ? ', no clear change in a year' : ''}`,
    detail: [
      prose`Of ${format.count(buyers)} first orders of ${span}, each seen for the whole ${format.count(windowDays)} days; the interval is ${format.share(rate.low)} to ${format.share(rate.high)}.`,
      change ? prose`The difference lies between ${format.points(change.low)} and ${format.points(change.high)}.` : '',
      doubt && newest ? prose`${doubt} Confirm the rise in the shop’s own system before planning with it.` : '',
    ]
      .filter(Boolean)
      .join(' '),
    ...(change
      ? {
          effect: {
            value: change.difference,
            unit: 'share',
            interval: { low: change.low, high: change.high, basis: prose`${percent(format, 1 - alpha)} interval (Newcombe)` },
          },
        }
      : {}),
    evidence: {
      level: doubt ? 'low' : isCalled ? 'high' : 'medium',
      rule: change ? prose`Two proportions of closed cohorts, with a floor of one point` : prose`Closed cohorts, Wilson’s interval`,
      ...(change ? { p: change.p } : {}),
      n: buyers,
    },
    stake:
      worth === null
        ? null
        : isCalled && change
          ? {
              value: change.difference * worth,
              low: change.low * worth,
              high: change.high * worth,
              basis: prose`the difference times a year of new customers, one order of ${format.money(yearly!.orderValue)} each`,
            }
          : {
              value: point * worth,
              low: 0,
              high: 2 * point * worth,
              basis: prose`one point more of a year’s new customers, one order of ${format.money(yearly!.orderValue)} each; the range is none to two`,
            },
    direction: isCalled && !doubt ? directionOf(change!.difference, 'up') : 'neutral',
    polarity: 'up',
    action: {
      do: prose`Test one message to first-time buyers within ${format.count(30)} days of their order, with a group held out`,
      why:
        worth === null
          ? 'The second order is the first that tells a customer from a passer-by.'
          : prose`Each point more of second orders is worth about ${format.money(point * worth)} a year.`,
      owner: 'Head of CRM',
      within: 'this month',
    },
    proof: cohorts.quarters.length >= 2 ? 'repeat-cohorts' : 'orders-per-customer',
  };
}

function silentFinding({ format, signups, yearly }: Base): Finding | null {
  const { silent, observed, curve, first, last } = signups;
  if (!silent || !first || !last || !yearly) return null;
  const month = curve.find(({ days }) => days === 30);
  const worth = point * yearly.signups * yearly.orderValue;
  return {
    id: 'never-ordered',
    kind: 'state',
    claim: prose`${format.share(silent.value)} of those who sign up place no order in their first year`,
    detail: prose`Of ${format.count(observed)} sign-ups of ${format.month(first)} to ${format.month(last)}, all seen for a year${month ? prose`; ${format.share(month.share.value)} had ordered after ${format.count(month.days)} days` : ''}. The interval is ${format.share(silent.low)} to ${format.share(silent.high)}.`,
    evidence: { level: 'high', rule: prose`Sign-ups seen for a whole year, Wilson’s interval`, n: observed },
    stake: {
      value: worth,
      low: 0,
      high: 2 * worth,
      basis: prose`one sign-up more in a hundred that places one order of ${format.money(yearly.orderValue)}, a year; the range is none to two`,
    },
    direction: 'neutral',
    polarity: 'down',
    action: {
      do: prose`Test a welcome series that ends in a first-order offer, with a group held out`,
      why: prose`Each point fewer without an order is worth about ${format.money(worth)} a year.`,
      owner: 'Head of CRM',
      within: 'this quarter',
    },
    proof: 'first-order',
  };
}

function spendFinding({ format, spend, week }: Base): Finding | null {
  if (!spend) return null;
  const { tenth, concentration, perBuyer } = spend;
  const oftenTop = ratio(tenth.orders, tenth.customers);
  const often = ratio(spend.orders - tenth.orders, spend.buyers - tenth.customers);
  const per = ratio(tenth.netRevenue, tenth.customers);
  if (oftenTop === null || often === null || per === null) return null;
  const worth = point * tenth.netRevenue;
  return {
    id: 'concentration',
    kind: 'state',
    claim: prose`The top tenth of buyers brings ${format.share(tenth.share)} of net revenue`,
    detail: prose`${format.count(tenth.customers)} buyers of ${weeksSpan(format, week, 52)} spent ${format.money(per)} each, against ${format.money(perBuyer)} overall; they ordered ${format.ratio(oftenTop)} times, the others ${format.ratio(often)} times. The Gini coefficient is ${format.ratio(concentration.gini.value)} (${format.ratio(concentration.gini.low)} to ${format.ratio(concentration.gini.high)}).`,
    effect: {
      value: tenth.share - tenth.to,
      unit: 'share',
      interval: {
        low: tenth.low - tenth.to,
        high: tenth.high - tenth.to,
        basis: prose`above an equal share, ${percent(format, 1 - alpha)} bootstrap interval`,
      },
    },
    evidence: { level: 'high', rule: prose`Bootstrap over buyers`, n: spend.buyers },
    stake: {
      value: worth,
      low: point * tenth.low * spend.netRevenue,
      high: point * tenth.high * spend.netRevenue,
      basis: prose`one in a hundred of the top tenth lost for a year`,
    },
    direction: 'neutral',
    action: {
      do: prose`Give the ${format.count(tenth.customers)} buyers of the top tenth a service of their own, and watch their next order`,
      why: prose`Each of them brings as much as ${format.ratio(per / perBuyer)} average buyers.`,
      owner: 'Customer service lead',
      within: 'this quarter',
    },
    proof: 'concentration',
  };
}
