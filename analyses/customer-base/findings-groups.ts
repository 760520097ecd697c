import type { Finding } from '#contract/finding.ts';
import { listed, prose } from '#contract/prose.ts';
import { total } from '../shared/change.ts';
import { percent, sentence } from '../shared/words.ts';
import type { Base } from './base.ts';
import { windowDays } from './cohorts.ts';
import { falseDiscovery, type Group, groupFloor, type Judged, type Measure, overall, valueDays } from './groups.ts';

/** Whether acquisition sources, ages and genders differ in what they bring. */
export function groupFindings(base: Base): Finding[] {
  const { sources, ages, genders } = base.groups;
  return [
    ...made(base, 'sources', sources, 'first', 'source-first'),
    ...made(base, 'sources', sources, 'repeat', 'source-repeat'),
    ...made(base, 'sources', sources, 'early', 'groups'),
    ...made(base, 'demographics', [...ages, ...genders], 'early', 'demographics'),
  ];
}

type Known = Group & { judged: Judged };

const units = { first: 'share', repeat: 'share', early: 'money' } as const;

function made(base: Base, id: 'sources' | 'demographics', groups: readonly Group[], measure: Measure, proof: string): Finding[] {
  const { format } = base;
  const known = groups.flatMap((group): Known[] => (group[measure] ? [{ ...group, judged: group[measure] }] : []));
  if (known.length < 2) return [];
  const dimension = groups.filter((group) => group.dimension === groups[0]!.dimension);
  const all = overall(dimension)[measure] ?? 0;
  const n = total(dimension, (group) => group[measure]?.n ?? 0);
  const unit = units[measure];
  const show = ({ name, judged }: Known) => prose`${name} (${format.unit(judged.value, unit)})`;
  const about = {
    first: prose`sign-ups that order within ${format.count(windowDays)} days`,
    repeat: prose`buyers who order again within ${format.count(windowDays)} days`,
    early: prose`net revenue of a customer’s first ${format.count(valueDays)} days`,
  }[measure];
  const rule = prose`BH-adjusted within its dimension, and ${percent(format, groupFloor)} from the others at least`;
  const range = known.toSorted((a, b) => b.judged.value - a.judged.value || (a.value < b.value ? -1 : 1));
  const called = range.filter(({ judged }) => judged.isCalled);
  const shared = { id: `${id}-${measure}`, proof, polarity: 'up' as const };
  const what = id === 'sources' ? 'acquisition source' : 'age or gender';
  const [best, weak] = [called.find(({ judged }) => judged.difference > 0), called.findLast(({ judged }) => judged.difference < 0)];
  const told = best ?? weak;
  if (!told) {
    return [
      {
        ...shared,
        kind: 'nothing',
        claim: prose`No ${what} stands out in ${about}`,
        detail: prose`From ${show(range.at(-1)!)} to ${show(range[0]!)}, ${format.unit(all, unit)} overall: none of ${format.word(known.length)} differs from the others beyond chance and by ${percent(format, groupFloor)} at least.`,
        evidence: { level: 'medium', rule, n },
        stake: null,
        direction: 'neutral',
      },
    ];
  }
  const p = Math.max(...called.map(({ judged }) => judged.p));
  const isSource = id === 'sources';
  return [
    {
      ...shared,
      kind: 'state',
      claim:
        best && weak
          ? sentence(prose`${about}: most for ${show(best)}, least for ${show(weak)}`)
          : sentence(prose`${about}: ${best ? 'most' : 'least'} for ${show(told)}, against ${format.unit(all, unit)} overall`),
      detail: prose`${listed(called.map(({ name }) => name))} ${called.length === 1 ? 'differs' : 'differ'} from the others beyond chance, of ${format.word(known.length)} tested. Groups differ in more than their ${what}, so that it alone need not be the reason.`,
      effect: { value: told.judged.difference, unit },
      evidence: { level: p < falseDiscovery / 5 ? 'high' : 'medium', rule, p, n },
      stake: isSource ? stake(base, told, all, measure) : null,
      direction: 'neutral',
      ...(isSource
        ? {
            action: {
              do: best
                ? prose`Compare what a customer costs by source, and shift a tenth of the budget towards ${best.name} if the cost allows`
                : prose`Compare what ${told.name} costs with what its customers bring`,
              why: prose`${sentence(about)}: ${format.signed(told.judged.difference, unit)} for ${told.name} against the others.`,
              owner: 'Head of marketing',
              within: 'this quarter' as const,
            },
          }
        : {}),
    },
  ];
}

/** What a year of a source's sign-ups or new customers brings more, or less, than as many of the average. */
function stake({ yearly, groups, customers, buyers, format }: Base, told: Known, all: number, measure: Measure): Finding['stake'] {
  if (!yearly || customers === 0 || buyers === 0 || groups.sources.length === 0) return null;
  const people = measure === 'first' ? (yearly.signups * told.customers) / customers : (yearly.newCustomers * told.buyers) / buyers;
  const each = people * (measure === 'early' ? 1 : yearly.orderValue);
  const { value, low, high } = told.judged;
  return {
    value: (value - all) * each,
    low: (low - all) * each,
    high: (high - all) * each,
    basis: prose`a year of ${format.count(Math.round(people))} ${measure === 'first' ? 'sign-ups' : 'new customers'} of ${told.name} against as many of the average${measure === 'early' ? '' : prose`, one order of ${format.money(yearly.orderValue)} each`}`,
  };
}
