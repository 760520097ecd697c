import type { Finding } from '#contract/finding.ts';
import { listed, prose } from '#contract/prose.ts';
import { productName } from '../shared/product-name.ts';
import { counted, percent, sentence, spelled } from '../shared/words.ts';
import { extraOf } from './bundle.ts';
import { type GroupMix, leastGroupFactor, leastMeetings, type Mixing } from './groups.ts';
import { falseDiscovery, leastFactor } from './pairs.ts';
import type { Study } from './study.ts';

export function basketFindings(s: Study): Finding[] {
  return [pairs(s), groups(s, s.categories, 'categories'), groups(s, s.brands, 'brands'), oneDepartment(s)].filter(
    (finding) => finding !== null,
  );
}

/** 'four', or 'less than one': an expected number of baskets. */
function expectedWords({ format }: Study, expected: number): string {
  return expected < 1 ? 'less than one' : format.word(Math.round(expected));
}

function pairs(s: Study): Finding | null {
  const { format, pairs: found, shop, power, stable, take } = s;
  if (shop.baskets_several === 0) return null;
  const rule = prose`BH-adjusted p over ${format.count(found.tested)} pairs of products, and an interval wholly beyond ${format.count(leastFactor)} times the expected`;
  const first = found.called[0];
  if (!first) {
    const most = found.list.length === 0 ? '' : prose`The strongest of them is within reach of what shared categories and tastes explain.`;
    const seen = power.best
      ? prose`Even the best seller, in ${format.count(power.best.baskets)} baskets, would need a partner that ${format.share(power.best.share)} of its buyers take as well.`
      : '';
    return {
      ...{ id: 'pairs', kind: 'nothing', direction: 'neutral', stake: null, proof: 'shared' },
      claim:
        found.tested === 0
          ? 'No two products are sold often enough to tell whether they belong together.'
          : prose`None of ${format.count(found.tested)} pairs of products is bought together beyond chance.`,
      detail: [
        prose`A pair is judged from ${counted(format, found.least, 'joint basket')} on; ${found.list.length === 0 ? 'no pair has so many' : prose`${counted(format, found.list.length, 'pair has', 'pairs have')} so many`}.`,
        chanceWords(s),
        most,
        seen,
      ]
        .filter(Boolean)
        .join(' '),
      evidence: { level: found.tested > 0 ? 'high' : 'low', rule, n: shop.baskets_several },
    };
  }
  const [from, to] = [productName(first.from.name), productName(first.to.name)];
  const extra = extraOf(s.bundles);
  const others = found.called
    .slice(1, 3)
    .map((pair) => prose`${productName(pair.from.name)} with ${productName(pair.to.name)} (${format.count(pair.count)})`);
  const moved = found.called.length - stable.length;
  return {
    ...{ id: 'pairs', kind: 'state', direction: 'good', polarity: 'up', proof: 'bundles' },
    claim: prose`${sentence(spelled(format, found.called.length, 'pair'))} of products ${found.called.length === 1 ? 'is' : 'are'} bought together far beyond chance, most surely ${from} with ${to}.`,
    detail: [
      prose`These two share ${format.count(first.count)} baskets where their categories and their own popularity explain ${expectedWords(s, first.expected)}.`,
      others.length > 0 ? prose`Next come ${listed(others)}.` : '',
      prose`At most ${percent(format, falseDiscovery)} of the pairs called are expected to be false.`,
      moved > 0
        ? prose`${sentence(counted(format, moved, 'pair'))} did not hold alike in both halves of the period and ${moved === 1 ? 'is' : 'are'} left out of the bundles.`
        : '',
    ]
      .filter(Boolean)
      .join(' '),
    effect: {
      value: first.count - first.expected,
      unit: 'count',
      interval: {
        low: (first.low - 1) * first.expected,
        high: (first.high - 1) * first.expected,
        basis: prose`joint baskets beyond the expected, ${percent(format, 0.95)} interval`,
      },
    },
    evidence: { level: 'medium', rule, p: first.p, n: shop.baskets_several },
    stake:
      s.bundles.length === 0
        ? null
        : {
            ...extra,
            basis: prose`extra sales a year if ${percent(format, take.middle)} (${percent(format, take.low)} to ${percent(format, take.high)}) of the buyers of one product alone add its partner: assumed, not measured`,
          },
    action: {
      do: prose`Show ${from} and ${to} on each other’s page and in the basket, with the other pairs of the table, at full price and to a random half of visitors`,
      why: prose`Customers put ${found.called.length === 1 ? 'this pair' : 'these pairs'} together themselves; what an offer adds has to be measured, and a discount would mostly go to those who buy both anyway`,
      owner: 'Head of merchandising',
      within: 'this month',
    },
  };
}

/** What pairs that share two baskets or more say: as many as chance makes, or more. */
export function chanceWords({ format, shared }: Study): string {
  const again = shared.filter(({ from }) => from > 1);
  if (shared.length === 0) return '';
  const [seen, chance] = [again.reduce((sum, row) => sum + row.seen, 0), again.reduce((sum, row) => sum + row.chance, 0)];
  return prose`${sentence(counted(format, seen, 'pair shares', 'pairs share'))} more than one basket; chance alone makes ${format.count(chance)}.`;
}

const nameOf = (one: GroupMix['first'], names: readonly string[] | undefined) =>
  names && names.length > 1 ? prose`${productName(one.value, 40)} (${productName(one.department, 30)})` : productName(one.value, 40);

function groups(s: Study, { tested, called }: Mixing, id: 'categories' | 'brands'): Finding | null {
  const { format } = s;
  if (tested < 2) return null;
  const names = s.departments?.names;
  const rule = prose`BH-adjusted p over ${format.count(tested)} pairs of ${id}, and at least ${format.ratio(leastGroupFactor)} times the expected`;
  const first = called.find((mix) => mix.a !== mix.b) ?? called[0];
  const proof = id === 'categories' ? 'category-pairs' : 'brand-pairs';
  if (!first) {
    return {
      ...{ id, kind: 'nothing', direction: 'neutral', stake: null, proof: 'shared' },
      claim: prose`No two ${id} meet more often than their popularity explains.`,
      detail: prose`Tested: ${format.count(tested)} pairs expected to meet ${format.count(leastMeetings)} times or more; none called.`,
      evidence: { level: 'high', rule, n: s.shop.baskets_several },
    };
  }
  const isSelf = first.a === first.b;
  const own = called.filter((mix) => mix.a === mix.b).map((mix) => nameOf(mix.first, names));
  return {
    ...{ id, kind: 'state', direction: 'neutral', stake: null, proof },
    claim: isSelf
      ? prose`Products of ${nameOf(first.first, names)} are bought with each other ${format.ratio(first.factor)} times as often as popularity explains.`
      : prose`${nameOf(first.first, names)} and ${nameOf(first.second, names)} are bought together ${format.ratio(first.factor)} times as often as popularity explains.`,
    detail: [
      prose`${sentence(format.word(called.length))} of ${format.count(tested)} pairs of ${id} tested ${called.length === 1 ? 'is' : 'are'} called.`,
      own.length > 0 ? prose`With their own kind go ${listed(own.slice(0, 4))}${own.length > 4 ? ' and others' : ''}.` : '',
      'Such mixing shows shared taste: it says what to show next to each other, not that one sells the other.',
    ]
      .filter(Boolean)
      .join(' '),
    effect: { value: first.count - first.expected, unit: 'count' },
    evidence: { level: 'high', rule, ...(first.p === null ? {} : { p: first.p }), n: first.baskets },
    ...(id === 'categories'
      ? {
          action: {
            do: isSelf
              ? prose`Offer a second product of ${nameOf(first.first, names)} in the basket`
              : prose`Link ${nameOf(first.first, names)} and ${nameOf(first.second, names)} in navigation and e-mails`,
            why: prose`They met ${format.count(first.count)} times where ${format.count(first.expected)} were expected`,
            owner: 'Head of merchandising',
            within: 'this quarter',
          },
        }
      : {}),
  };
}

function oneDepartment({ format, departments: found, shop }: Study): Finding | null {
  if (!found || found.within - found.expected < 0.1) return null;
  return {
    ...{ id: 'departments', kind: 'state', direction: 'neutral', stake: null, proof: 'shared' },
    claim: prose`${format.share(found.within)} of the products that meet in a basket come from one department; popularity alone gives ${format.share(found.expected)}.`,
    detail:
      'Pairs are therefore judged within their departments: two products for the same customers meet more often without having anything to do with each other.',
    effect: { value: found.within - found.expected, unit: 'share' },
    evidence: { level: 'high', rule: 'Counted over all baskets of two products or more', n: shop.baskets_several },
  };
}
