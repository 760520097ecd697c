import type { Finding } from '#contract/finding.ts';
import { listed, prose } from '#contract/prose.ts';
import { compareProportions } from '#stats/proportion.ts';
import { cents } from '../shared/change.ts';
import { productName } from '../shared/product-name.ts';
import { counted, percent } from '../shared/words.ts';
import { roundsAYear } from './campaign.ts';
import type { Band } from './input.ts';
import { type Deviation, falseDiscovery, leastExpected } from './rates.ts';
import type { Study } from './study.ts';
import { bandWords, horizon, segmentWords } from './words.ts';

export function crossSellFindings(s: Study): Finding[] {
  return [worth(s), soon(s), differ(s, 'segments'), differ(s, 'categories')].filter((finding) => finding !== null);
}

function worth(s: Study): Finding | null {
  const { format, rates, all, campaign, fresh, assumptions } = s;
  if (s.pairs === 0 || !rates.isMeasured) return null;
  const rule = prose`Bought within ${format.count(horizon)} days on four earlier days, of pairs not bought by then`;
  if (rates.bought === 0) {
    return {
      ...{ id: 'worth', kind: 'nothing', direction: 'neutral', stake: null, proof: 'bands' },
      claim: prose`None of ${format.count(rates.pairs)} products viewed and not bought was bought within ${format.count(horizon)} days after: there is nothing to win here.`,
      detail: prose`${format.count(s.pairs)} such pairs stand open now; at list price they come to ${format.money(all.price)}, and their worth is at most ${format.money(all.worth.high)}. ${purchaseWords(s)}`,
      evidence: { level: 'high', rule, n: rates.pairs },
    };
  }
  const middle = campaign?.scenarios[1];
  const yearly = (share: number) => cents(share * roundsAYear);
  const nets = campaign?.scenarios.map(({ net, revenue }) => net ?? revenue) ?? [];
  const pays = middle !== undefined && (middle.net ?? middle.revenue) > 0;
  const test = campaign?.detectable;
  return {
    ...{ id: 'worth', kind: 'state', direction: pays ? 'good' : 'neutral', polarity: 'up', proof: pays ? 'campaign' : 'bands' },
    claim: prose`${format.money(all.price)} of products viewed and not bought are worth ${format.money(all.worth.value)} within ${format.count(horizon)} days, ${format.share(fresh.worth.value / Math.max(all.worth.value, 1e-9))} of it in views of the last ${format.count(horizon)} days.`,
    detail: [
      prose`${format.count(rates.bought)} of ${format.count(rates.pairs)} such pairs were bought within ${format.count(horizon)} days after four earlier days; at the conversion of all first views the same products would come to ${format.money(s.faceValue)}.`,
      purchaseWords(s),
      middle && campaign
        ? prose`Writing to ${counted(format, campaign.contacts, 'customer')} with a view of the last ${format.count(horizon)} days ${middle.net === null ? prose`could add ${format.money(middle.revenue)} of sales` : middle.net > 0 ? prose`could win ${format.money(middle.net)} a round` : prose`would lose ${format.money(Math.abs(middle.net))} a round`} if it raises the chance to buy by ${percent(format, middle.uplift)}.`
        : '',
    ]
      .filter(Boolean)
      .join(' '),
    effect: {
      value: cents(all.worth.value),
      unit: 'money',
      interval: { low: cents(all.worth.low), high: cents(all.worth.high), basis: prose`${percent(format, 0.95)} interval` },
    },
    evidence: { level: 'medium', rule, n: rates.pairs },
    stake:
      middle === undefined || !pays
        ? null
        : {
            value: yearly(middle.net ?? middle.revenue),
            low: yearly(Math.min(...nets)),
            high: yearly(Math.max(...nets)),
            basis: prose`${middle.net === null ? 'extra sales' : 'extra margin less contacts'} in ${format.count(roundsAYear)} rounds a year at an uplift of ${percent(format, assumptions.uplift.middle)} (${percent(format, assumptions.uplift.low)} to ${percent(format, assumptions.uplift.high)}), assumed and not measured`,
          },
    ...(pays && campaign
      ? {
          action: {
            do: prose`Remind customers within a week of what they viewed, and leave a random half of them out`,
            why:
              test && test.year <= assumptions.uplift.high
                ? prose`What a reminder adds is not known: with half left out, a year of rounds shows an uplift of ${format.share(test.year)} or more`
                : prose`What a reminder adds is not known${test ? prose`, and even a year of rounds with half left out shows it only from an uplift of ${format.share(test.year)}` : ''}: its low cost is the reason to try, not proof`,
            owner: 'CRM lead',
            within: 'this month',
          },
        }
      : {}),
  };
}

/** Where most open pairs come from sessions that bought: they are cancelled orders, not hesitant viewers. */
export function purchaseWords({ format, inPurchase, isCancelled }: Study): string {
  return inPurchase !== null && isCancelled
    ? prose`${format.share(inPurchase)} of the open pairs come from visits that ended in a purchase: their orders were cancelled, or something else was bought.`
    : '';
}

function soon(s: Study): Finding | null {
  const { format, rates } = s;
  const recent = rates.band(1);
  const later = ([2, 3, 4] as Band[]).map((band) => rates.band(band)).reduce((a, b) => ({ n: a.n + b.n, bought: a.bought + b.bought }));
  if (recent.n < 30 || later.n < 30 || rates.bought === 0) return null;
  const test = compareProportions({ successes: later.bought, n: later.n }, { successes: recent.bought, n: recent.n })!;
  const [now, then] = [recent.bought / recent.n, later.bought / later.n];
  if (test.p > falseDiscovery) return null;
  const sooner = test.difference > 0;
  return {
    ...{ id: 'soon', kind: 'state', direction: 'neutral', stake: null, proof: 'decay' },
    claim: prose`${format.share(now)} of pairs viewed ${bandWords(format, 1)} are bought within ${format.count(horizon)} days, of those viewed before ${format.share(then)}.`,
    detail: s.isCancelled
      ? 'Visits that were under way on those days and then bought account for such purchases where open pairs are cancelled orders.'
      : sooner
        ? prose`A reminder has to come within days. Pairs that are older are many and worth little each.`
        : prose`The age of a view is no reason to leave a pair out.`,
    effect: {
      value: test.difference,
      unit: 'share',
      interval: { low: test.low, high: test.high, basis: prose`${percent(format, 0.95)} interval` },
    },
    evidence: { level: 'high', rule: 'Two proportions, two-sided test', p: test.p, n: recent.n + later.n },
  };
}

function differ({ format, rates, isCancelled }: Study, id: 'segments' | 'categories'): Finding | null {
  if (isCancelled) return null;
  const list = rates[id];
  const tested = list.filter(({ p }) => p !== null);
  if (tested.length < 2) return null;
  const called = tested
    .filter(({ isCalled }) => isCalled)
    .toSorted((a, b) => Math.abs(Math.log(b.factor + 0.01)) - Math.abs(Math.log(a.factor + 0.01)));
  const name = (one: Deviation) => (id === 'segments' ? segmentWords[Number(one.name) as 0 | 1 | 2] : productName(one.name, 40));
  const rule = prose`BH-adjusted exact Poisson p over ${format.count(tested.length)} ${id} with ${format.count(leastExpected)} or more purchases expected`;
  const n = tested.reduce((sum, { pairs }) => sum + pairs, 0);
  const proof = id === 'categories' ? 'category-rates' : 'bands';
  const first = called[0];
  if (!first) {
    return {
      ...{ id, kind: 'nothing', direction: 'neutral', stake: null, proof },
      claim:
        id === 'segments'
          ? 'Customers with and without earlier orders buy later alike.'
          : 'No category is bought later more or less often than the others.',
      detail: prose`Tested: ${format.count(tested.length)} ${id}, given the age of the view${id === 'categories' ? ' and the customer’s orders' : ''}; none called.`,
      evidence: { level: 'medium', rule, n },
    };
  }
  const others = called.slice(1, 4).map((one) => prose`${name(one)} (${format.ratio(one.factor)} times)`);
  return {
    ...{ id, kind: 'state', direction: 'neutral', stake: null, proof },
    claim:
      id === 'segments'
        ? prose`Customers in the segment «${name(first)}» buy what they viewed ${format.ratio(first.factor)} times as often as views of that age are bought.`
        : prose`Products of ${name(first)} are bought later ${format.ratio(first.factor)} times as often as others viewed as long ago by such customers.`,
    detail: [
      prose`${format.count(first.bought)} later purchases where ${format.ratio(first.expected)} were expected.`,
      others.length > 0 ? prose`Also called: ${listed(others)}.` : '',
    ]
      .filter(Boolean)
      .join(' '),
    effect: {
      value: first.bought - first.expected,
      unit: 'count',
      interval: {
        low: (first.low - 1) * first.expected,
        high: (first.high - 1) * first.expected,
        basis: prose`purchases beyond the expected, ${percent(format, 0.95)} interval`,
      },
    },
    evidence: { level: 'high', rule, ...(first.p === null ? {} : { p: first.p }), n },
  };
}
