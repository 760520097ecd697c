import type { Finding } from '#contract/finding.ts';
import { prose } from '#contract/prose.ts';
import { defaultLevel } from '#stats/estimate.ts';
import { ratio } from '../shared/change.ts';
import { counted, percent } from '../shared/words.ts';
import { groupFindings } from './findings-groups.ts';
import { liftFloor } from './trust.ts';
import type { Value } from './value.ts';
import { reasonCounts, withRange } from './words.ts';

/** The list asks to be tried on all but a part of it, so that its worth can be measured. */
const heldOut = 0.2;
const wonBack = 0.1;

export function valueFindings(value: Value): Finding[] {
  const made = [listFinding(value), yearAgoFinding(value), winBackFinding(value), tenthFinding(value)];
  return [...made.filter((finding) => finding !== null), ...groupFindings(value)];
}

function listFinding(value: Value): Finding | null {
  const { format, fresh, list, listed, average, trust, newDays } = value;
  if (!fresh || !average || list.length === 0) return null;
  const open = list.filter(({ value_low }) => value_low === 0).length;
  const each = listed.value / list.length;
  const base = list.length * average.value;
  const rule = prose`sum of the listed, ${percent(format, defaultLevel)} interval`;
  const shared = { id: 'new-list', kind: 'state' as const, direction: 'neutral' as const, proof: 'list' };
  if (trust.level === 'weak') {
    return {
      ...shared,
      claim: prose`The list of new customers is no forecast of single names: ${format.count(open)} of ${format.count(list.length)} intervals begin at nought`,
      detail: prose`The listed are expected to bring ${withRange(format, listed)} together; who of them it will be is mostly chance: an offer by name would reward chance. Why the order is not to be trusted stands above.`,
      evidence: { level: 'low', rule, n: fresh.customers },
      stake: null,
      action: {
        do: prose`Send all ${format.count(fresh.customers)} new customers of the last ${format.count(newDays)} days the same second-order message, with a group held out`,
        why: 'The order of the list is mostly chance here, and a second purchase is what would tell customers apart.',
        owner: 'Head of CRM',
        within: 'this month',
      },
    };
  }
  if (list.length === fresh.customers) {
    return {
      ...shared,
      claim: prose`${list.length === 1 ? 'The one new customer is' : prose`All ${format.count(list.length)} new customers together are`} expected to bring ${format.money(listed.value)} in twelve months`,
      detail: prose`${withRange(format, listed)}, ${format.money(each)} each. There are so few that all of them can be looked after; the list tells where to begin.`,
      evidence: { level: 'medium', rule, n: fresh.customers },
      stake: null,
      action: {
        do: prose`Write to all new customers of the last ${format.count(newDays)} days in person, from the head of the list down`,
        why: prose`Each is expected to bring ${format.money(each)} in a year.`,
        owner: 'Head of CRM',
        within: 'this week',
      },
    };
  }
  return {
    ...shared,
    claim: prose`${counted(format, list.length, 'new customer')} of ${format.count(fresh.customers)} ${list.length === 1 ? 'is' : 'are'} expected to bring ${format.money(listed.value)} of ${format.money(fresh.expected.value)} in twelve months`,
    detail: prose`That is ${format.money(each)} each, ${format.ratio(each / average.value)} times the average new customer; the interval of the sum is ${format.money(listed.low)} to ${format.money(listed.high)}. They are on the list for ${reasonCounts(format, list) || 'being near the average'}. ${format.count(open)} of the single intervals begin at nought.`,
    effect: {
      value: each - average.value,
      unit: 'money',
      interval: {
        low: listed.low / list.length - average.value,
        high: listed.high / list.length - average.value,
        basis: prose`each, above the average new customer, ${percent(format, defaultLevel)}`,
      },
    },
    evidence: { level: trust.level === 'ranked' ? 'high' : 'medium', rule, n: fresh.customers },
    stake: {
      value: listed.value - base,
      low: listed.low - base,
      high: listed.high - base,
      basis:
        'what the listed are expected to bring beyond as many average new customers; how much of it care can keep, the group held out will show',
    },
    action: {
      do: prose`Write to the ${format.count(list.length)} listed new customers in person, with a random ${percent(format, heldOut)} held out`,
      why: prose`Each is expected to bring ${format.money(each)} in a year, the average new customer ${format.money(average.value)}.`,
      owner: 'Head of CRM',
      within: 'this week',
    },
  };
}

function yearAgoFinding({ format, yearAgo, trust }: Value): Finding | null {
  if (!yearAgo) return null;
  const { lift, bias, all, top, others } = yearAgo;
  const isHeld = lift.low >= liftFloor;
  const sums =
    bias.low > 1 || bias.high < 1
      ? prose`Together they brought ${format.ratio(bias.value)} times what was to be expected (${format.ratio(bias.low)} to ${format.ratio(bias.high)}): amounts are likely too ${bias.value > 1 ? 'low' : 'high'}.`
      : prose`Together they brought ${format.ratio(bias.value)} times what was to be expected (${format.ratio(bias.low)} to ${format.ratio(bias.high)}).`;
  return {
    id: 'year-ago',
    kind: isHeld ? 'state' : 'nothing',
    claim: isHeld
      ? prose`A year ago the top tenth of such a list went on to bring ${format.ratio(lift.value)} times what the others did`
      : prose`A year ago such a list would have told little: its top tenth brought ${format.ratio(lift.value)} times what the others did`,
    detail: prose`${format.money(top.came.value)} each of ${counted(format, top.customers, 'customer')}, against ${format.money(others.came.value)}; the interval of the multiple is ${format.ratio(lift.low)} to ${format.ratio(lift.high)}. ${sums}`,
    evidence: {
      level: trust.level === 'ranked' ? 'high' : 'medium',
      rule: prose`Tried on the new customers of a year ago; from ${format.ratio(liftFloor)} times on by the lower end`,
      n: all.customers,
    },
    stake: null,
    direction: 'neutral',
    proof: 'year-ago',
  };
}

function winBackFinding({ format, actions, hasAlive, customers }: Value): Finding | null {
  const group = actions.find(({ id }) => id === 'win-back');
  if (!group || !hasAlive) return null;
  const { row } = group;
  const more = row.potential - row.value_365;
  if (!(more > 0)) return null;
  return {
    id: 'win-back',
    kind: 'state',
    claim: prose`${counted(format, row.customers, 'customer')} who would be worth much ${row.customers === 1 ? 'has' : 'have'} gone quiet`,
    detail: prose`Their last purchase was ${format.count(row.recency_days)} days ago on average, P(alive) is ${format.share(row.p_alive)}. They have spent ${format.money(row.total_value)}; ${withRange(format, group.expected)} is expected of them in twelve months, ${format.money(row.potential)} if each were still active.`,
    evidence: { level: 'medium', rule: 'Model of purchases; silence beyond what each customer’s own pace lets expect', n: customers },
    stake: {
      value: wonBack * more,
      low: 0,
      high: 2 * wonBack * more,
      basis: prose`what one in ten of them brings in a year if active again; the range is none to two in ten`,
    },
    direction: 'neutral',
    action: {
      do: prose`Make the ${format.count(row.customers)} quiet customers of high value one personal offer, with a random tenth held out`,
      why: prose`Each would bring about ${format.money(ratio(row.potential, row.customers))} a year if active; now it is ${format.money(ratio(row.value_365, row.customers))}.`,
      owner: group.owner,
      within: 'this month',
    },
    proof: 'actions',
  };
}

function tenthFinding({ format, newSpread, trust }: Value): Finding | null {
  if (!newSpread) return null;
  const { tenth, concentration, customers, median, value } = newSpread;
  return {
    id: 'value-concentration',
    kind: 'state',
    claim: prose`The top tenth of new customers holds ${format.share(tenth.value)} of what is expected of them`,
    detail: prose`Between ${format.share(tenth.low)} and ${format.share(tenth.high)}; half of them are expected to bring ${format.money(median)} or less, the mean is ${format.money(value / customers)}. The Gini coefficient is ${format.ratio(concentration.gini.value)}. These are expectations: what will come is spread more unevenly, as chance adds to it.`,
    evidence: { level: trust.level === 'weak' ? 'low' : 'medium', rule: 'Bootstrap over new customers', n: customers },
    stake: null,
    direction: 'neutral',
    proof: 'concentration',
  };
}
