import type { Finding } from '#contract/finding.ts';
import { listed, prose } from '#contract/prose.ts';
import { total } from '../shared/change.ts';
import type { Base } from './base.ts';
import { windowDays } from './cohorts.ts';
import { falseDiscovery, type Group, groupFloor, type Judged, overall, valueDays } from './groups.ts';

type Measure = 'repeat' | 'early';

/** Whether acquisition sources, ages and genders differ in what they bring. */
export function groupFindings(base: Base): Finding[] {
  const { sources, ages, genders } = base.groups;
  return [
    ...made(base, 'source', 'sources', sources, 'early', 'groups'),
    ...made(base, 'source', 'sources', sources, 'repeat', 'source-repeat'),
    ...made(base, 'group of age or gender', 'demographics', [...ages, ...genders], 'early', 'demographics'),
  ];
}

type Known = Group & { judged: Judged };

function made(base: Base, what: string, id: string, groups: readonly Group[], measure: Measure, proof: string): Finding[] {
  const { format } = base;
  const known = groups.flatMap((group): Known[] => (group[measure] ? [{ ...group, judged: group[measure] }] : []));
  if (known.length < 2) return [];
  const dimension = groups.filter((group) => group.dimension === groups[0]!.dimension);
  const all = overall(dimension)[measure] ?? 0;
  const n = total(dimension, (group) => (measure === 'repeat' ? group.observed : group.valued));
  const unit = measure === 'repeat' ? ('share' as const) : ('money' as const);
  const called = known.filter(({ judged }) => judged.isCalled);
  const about =
    measure === 'repeat'
      ? prose`ordering again within ${format.count(windowDays)} days`
      : prose`net revenue of the first ${format.count(valueDays)} days after the first order`;
  const shared = { id: `${id}-${measure}`, proof, polarity: 'up' as const };
  const rule = prose`BH-adjusted over ${format.count(known.length)} groups, with a floor of ${format.share(groupFloor)} of the others’ value`;
  const range = [...known].sort((a, b) => b.judged.value - a.judged.value || (a.value < b.value ? -1 : 1));
  const [high, low] = [range[0]!, range.at(-1)!];
  if (called.length === 0) {
    return [
      {
        ...shared,
        kind: 'nothing',
        claim: prose`No ${what} stands out in ${about}`,
        detail: prose`None of ${format.count(known.length)} differs from the others beyond chance and by ${format.share(groupFloor)} at least: from ${format.unit(low.judged.value, unit)} (${low.name}) to ${format.unit(high.judged.value, unit)} (${high.name}), ${format.unit(all, unit)} overall.`,
        evidence: { level: 'medium', rule, p: Math.min(...known.map(({ judged }) => judged.p)), n },
        stake: null,
        direction: 'neutral',
      },
    ];
  }
  const lead = called.toSorted((a, b) => b.judged.difference - a.judged.difference || (a.value < b.value ? -1 : 1))[0]!;
  const worst = called.toSorted((a, b) => a.judged.difference - b.judged.difference || (a.value < b.value ? -1 : 1))[0]!;
  const [best, weak] = [lead.judged.difference > 0 ? lead : null, worst.judged.difference < 0 ? worst : null];
  const told = best ?? weak!;
  const stake =
    weak && measure === 'early' ? gap(base, weak, all) : weak && base.yearly ? gap(base, weak, all, base.yearly.orderValue) : null;
  return [
    {
      ...shared,
      kind: 'state',
      claim:
        best && weak
          ? prose`${best.name} leads in ${about}, ${format.unit(best.judged.value, unit)}; ${weak.name} trails, ${format.unit(weak.judged.value, unit)}`
          : prose`${told.name} ${best ? 'leads' : 'trails'} in ${about}: ${format.unit(told.judged.value, unit)}, against ${format.unit(all, unit)} overall`,
      detail: prose`${listed(called.map(({ name }) => name))} ${called.length === 1 ? 'differs' : 'differ'} from the others beyond chance, of ${format.count(known.length)} tested. Customers of a ${what} differ in other ways too, so that this alone is no reason for what they do.`,
      effect: { value: told.judged.difference, unit },
      evidence: {
        level: 'high',
        rule: prose`${rule}, at ${format.share(falseDiscovery)}`,
        p: Math.max(...called.map(({ judged }) => judged.p)),
        n,
      },
      stake,
      direction: 'neutral',
      ...(id === 'sources'
        ? {
            action: {
              do: best
                ? prose`Shift a tenth of the acquisition budget towards ${best.name}${weak ? prose` and away from ${weak.name}` : ''}, and measure what it brings`
                : prose`Review what ${worst.name} costs against what its customers bring`,
              why: prose`First-time buyers by ${told.name} differ from the others by ${format.signed(told.judged.difference, unit)}.`,
              owner: 'Head of marketing',
              within: 'this quarter' as const,
            },
          }
        : {}),
      ...(best && id !== 'sources' ? { direction: 'neutral' as const } : {}),
    },
  ];
}

/** A year of a group's new customers at the value of all; an order each where `each` is its worth. */
function gap({ yearly, groups, format }: Base, weak: Known, all: number, each = 1): Finding['stake'] {
  const list = [groups.sources, groups.ages, groups.genders].find((group) => group[0]?.dimension === weak.dimension) ?? [];
  const buyers = total(list, (group) => group.buyers);
  if (!yearly || buyers === 0) return null;
  const a = yearly.newCustomers * (weak.buyers / buyers) * each;
  return {
    value: (all - weak.judged.value) * a,
    low: Math.max(0, all - weak.judged.high) * a,
    high: Math.max(0, all - weak.judged.low) * a,
    basis: prose`${format.count(yearly.newCustomers * (weak.buyers / buyers))} new customers a year of ${weak.name} at the average of all`,
  };
}
