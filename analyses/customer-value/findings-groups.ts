import type { Finding } from '#contract/finding.ts';
import { listed, prose } from '#contract/prose.ts';
import { weekEnd } from '../shared/day.ts';
import { percent, sentence, spelled } from '../shared/words.ts';
import { type Dimension, dimensions, falseDiscovery, type Group, groupFloor } from './groups.ts';
import type { Value } from './value.ts';

type Called = Group & { judged: NonNullable<Group['judged']> };

const names: Record<Dimension, { one: string; many: string; proof: string }> = {
  source: { one: 'acquisition source', many: 'sources', proof: 'groups' },
  country: { one: 'country', many: 'countries', proof: 'groups' },
  region: { one: 'region', many: 'regions', proof: 'regions' },
  category: { one: 'first category', many: 'first categories', proof: 'categories' },
};

const daysAYear = 365;

/** Where customers of more value come from, and weeks that won better or worse ones. */
export function groupFindings(value: Value): Finding[] {
  const made = dimensions.flatMap((dimension) => difference(value, dimension) ?? []);
  const others = [made.length === 0 ? alike(value) : null, weekFinding(value)];
  return [...made, ...others.filter((finding) => finding !== null)];
}

function difference(value: Value, dimension: Dimension): Finding | null {
  const { format, groups, wonDays } = value;
  const list = groups.byDimension[dimension];
  const known = list.filter((group): group is Called => group.judged !== null);
  const called = known
    .filter(({ judged }) => judged.isCalled)
    .sort((a, b) => b.judged.difference - a.judged.difference || (a.name < b.name ? -1 : 1));
  const told = called[0] && called[0].judged.difference > 0 ? called[0] : called.at(-1);
  if (!told || groups.mean === null) return null;
  const { one, proof } = names[dimension];
  const { judged, customers, name } = told;
  const isMore = judged.difference > 0;
  const scale = (daysAYear / wonDays) * customers;
  const others = called.filter((group) => group !== told).map((group) => group.name);
  return {
    id: `value-${dimension}`,
    kind: 'state',
    claim: prose`Customers won by ${one} ${name} are expected to bring ${format.money(judged.value)} each, ${isMore ? 'more' : 'less'} than the ${format.money(groups.mean)} of all`,
    detail: prose`${format.count(called.length)} of ${format.count(known.length)} tested differ beyond chance at equal age${others.length > 0 ? prose`, ${listed(others.slice(0, 4))} too` : ''}. Groups differ in more than their ${one}, so that it alone need not be the reason.`,
    effect: { value: judged.difference, unit: 'money' },
    evidence: {
      level: judged.p < falseDiscovery / 5 ? 'high' : 'medium',
      rule: prose`BH-adjusted within its dimension, and ${percent(format, groupFloor)} of the mean at least`,
      p: judged.p,
      n: groups.customers,
    },
    stake: {
      value: (judged.value - groups.mean) * scale,
      low: (judged.low - groups.mean) * scale,
      high: (judged.high - groups.mean) * scale,
      basis: prose`what a year’s ${format.count(Math.round(scale))} new customers of ${name} bring in twelve months beyond as many of the average`,
    },
    direction: 'neutral',
    ...(dimension === 'source'
      ? {
          action: {
            do: prose`Compare what a customer from ${name} costs with what one is expected to bring, before budgets move`,
            why: prose`${format.signed(judged.difference, 'money')} a customer against the others in twelve months.`,
            owner: 'Head of marketing',
            within: 'this quarter' as const,
          },
        }
      : {}),
    proof,
  };
}

/** 'Nothing found', said for all dimensions together; null where nothing could be tested. */
function alike({ format, groups }: Value): Finding | null {
  const tested = dimensions.filter((dimension) => groups.byDimension[dimension].some(({ judged }) => judged));
  if (tested.length === 0) return null;
  const counts = tested.map((dimension) => {
    const known = groups.byDimension[dimension].filter(({ judged }) => judged).length;
    return spelled(format, known, names[dimension].one, names[dimension].many);
  });
  return {
    id: 'value-groups',
    kind: 'nothing',
    claim: 'Where customers come from, and what they bought first, does not tell what they will be worth',
    detail: prose`${sentence(listed(counts))} were compared at equal age: none differs from the others beyond chance and by ${percent(format, groupFloor)} of the mean at least. Differences between them in a single month are noise until they last.`,
    evidence: {
      level: 'medium',
      rule: prose`BH-adjusted within each dimension, and ${percent(format, groupFloor)} of the mean at least`,
      n: groups.customers,
    },
    stake: null,
    direction: 'neutral',
    proof: 'groups',
  };
}

function weekFinding({ format, weeks }: Value): Finding | null {
  if (weeks.tested === 0) return null;
  const out = weeks.weeks.filter(({ isCalled }) => isCalled);
  const last = out.at(-1);
  const n = weeks.weeks.reduce((sum, row) => sum + row.customers, 0);
  const rule = prose`Limits about the curve over age, BH-adjusted over ${format.count(weeks.tested)} weeks`;
  if (!last || last.each === null || last.usual === null || last.low === null || last.high === null) {
    return {
      id: 'value-weeks',
      kind: 'nothing',
      claim: prose`None of ${format.count(weeks.tested)} weeks has won customers worth more or less than usual at their age`,
      detail: 'What differs between the weeks is how many were won, and what chance adds.',
      evidence: { level: 'medium', rule, n },
      stake: null,
      direction: 'neutral',
      proof: 'by-week',
    };
  }
  const isMore = last.each > last.usual;
  const money = (each: number) => (each - last.usual!) * last.customers;
  const half = ((last.high - last.low) / 2) * last.customers;
  return {
    id: 'value-weeks',
    kind: 'state',
    claim: prose`Customers won from ${format.span(last.week, weekEnd(last.week))} are expected to bring ${format.money(last.each)} each, ${isMore ? 'above' : 'below'} the usual ${format.money(last.usual)}`,
    detail: prose`${sentence(spelled(format, out.length, 'week'))} of ${format.count(weeks.tested)} ${out.length === 1 ? 'stands' : 'stand'} outside; the limits of this one are ${format.money(last.low)} to ${format.money(last.high)}, for ${format.count(last.customers)} customers. Look what ran in that week before it is repeated.`,
    effect: { value: last.each - last.usual, unit: 'money' },
    evidence: {
      level: last.p !== null && last.p < falseDiscovery / 5 ? 'high' : 'medium',
      rule,
      ...(last.p === null ? {} : { p: last.p }),
      n,
    },
    stake: {
      value: money(last.each),
      low: money(last.each) - half,
      high: money(last.each) + half,
      basis: 'expected of the customers of that week beyond as many usual ones',
      once: true,
    },
    direction: isMore ? 'good' : 'bad',
    polarity: 'up',
    proof: 'by-week',
  };
}
