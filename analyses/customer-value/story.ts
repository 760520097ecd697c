import type { Method } from '#contract/analysis.ts';
import { prose } from '#contract/prose.ts';
import { defaultLevel } from '#stats/estimate.ts';
import { signalLevel } from '../shared/expected.ts';
import { counted, percent } from '../shared/words.ts';
import { activeFrom, highPart, quietDays } from './actions.ts';
import { falseDiscovery, groupFloor, minGroup } from './groups.ts';
import { liftFloor } from './trust.ts';
import type { Value } from './value.ts';
import { minWeek } from './weeks.ts';
import { withRange } from './words.ts';

/** Claim of the section. */
export function headline({ format, customers, isScored, fresh, list, listed, newDays, trust }: Value): string {
  if (customers === 0) return 'Nobody has bought yet';
  if (!isScored) return 'It is too early to say what a customer will be worth';
  if (!fresh) return prose`No customer was won in the last ${format.count(newDays)} days`;
  if (trust.level === 'weak')
    return prose`New customers can hardly be told apart: each is worth about ${format.money(fresh.each)} in a year`;
  return list.length === 1
    ? prose`The one new customer is expected to bring ${format.money(listed.value)} in a year`
    : prose`The ${format.count(list.length)} new customers to look after are expected to bring ${format.money(listed.value)} in a year`;
}

/** Who is expected to be worth most, how sure that is, and where value comes from. */
export function summary(value: Value): string {
  const { format, customers, isScored, fresh, list, listed, newDays, trust, expected, groups } = value;
  if (customers === 0) return 'The data hold no purchase up to the as-of date: an order that is neither cancelled nor returned.';
  if (!isScored)
    return prose`${counted(format, customers, 'customer')} ${customers === 1 ? 'has' : 'have'} bought, none long enough ago to show whether they come back.`;
  if (!fresh)
    return prose`All ${format.count(customers)} customers together are expected to bring ${withRange(format, expected)} in a year.`;
  const all = prose`All ${counted(format, fresh.customers, 'customer')} won in the last ${format.count(newDays)} days are expected to bring ${withRange(format, fresh.expected)}.`;
  if (trust.level === 'weak') {
    return prose`${trust.why}. The order of the list is therefore mostly first orders and chance: act on new customers as a group, not on single names. ${all}`;
  }
  const share = fresh.expected.value > 0 ? listed.value / fresh.expected.value : 0;
  const people = list.length / fresh.customers;
  const tells = list.length < fresh.customers;
  return [
    tells
      ? prose`${all} The list is ${format.share(people)} of them and ${format.share(share)} of the value: ${withRange(format, listed)}.`
      : all,
    groups.tested === 0
      ? ''
      : groups.called === 0
        ? 'No source, country, region or first category brings better customers than the others beyond chance.'
        : prose`${format.count(groups.called)} of ${format.count(groups.tested)} sources, places and first categories differ from the others.`,
  ]
    .filter(Boolean)
    .join(' ');
}

export function caveats(value: Value): string[] {
  const { format, customers, isScored, fresh, trust, yearAgo, hasAlive, newDays, list } = value;
  if (customers === 0 || !isScored) return [];
  const bias = yearAgo?.bias;
  const isOff = bias && (bias.low > 1 || bias.high < 1);
  return [
    trust.level === 'weak' && fresh
      ? 'The order of the list of new customers is mostly chance in this shop: it is shown so that it can be checked, not to be acted on by name.'
      : '',
    trust.level === 'untried' && fresh
      ? 'Too few customers were new a year ago to try the list on: whether its order holds is not known in this shop.'
      : '',
    isOff
      ? prose`The customers who were new a year ago brought ${format.ratio(bias.value)} times what the same scores expect of them (${format.ratio(bias.low)} to ${format.ratio(bias.high)}): amounts here are likely too ${bias.value > 1 ? 'low' : 'high'}, beyond their intervals.`
      : '',
    list.length > 0
      ? prose`An expected value is a mean over many futures: the interval of a single customer mostly begins at nought, as most buy again never or a few times. Amounts can be planned with for a list or a group, not for a name.`
      : '',
    prose`A purchase is an order that is neither cancelled nor, by now, entirely returned; several on one day count as one. The first purchase is left out of what a customer spends, and time runs from it, so that a customer’s clock starts at nought.`,
    prose`What is expected rests on when customers bought and how much, on nothing else: a customer of ${format.count(newDays)} days has told little, and a change in the shop, in prices or in advertising is not in it.`,
    hasAlive
      ? ''
      : 'The model in use holds every customer for active: silence has not told here who has left, and no group is called quiet.',
    'Groups differ in more than their name: that customers of a source are worth more does not show that more spent on it would bring more such customers.',
  ].filter(Boolean);
}

export function method(value: Value): Method {
  const { format, groups, weeks, newDays, wonDays, yearAgo } = value;
  const first = weeks.firsts.points.at(-1);
  const isJudged = first !== undefined && first.standing !== 'unknown';
  const count = format.count;
  return {
    text: [
      prose`Expected value: discounted purchases of the next ${count(365)} days times the expected value of one, by the model that the section on the model chooses; only scores of unique histories of purchases are computed, and joined to the customers in SQL.`,
      prose`Why a customer is on the list: value is P(alive) × purchases of a year if alive × value of a purchase. Each is given in multiples of the average new customer’s; the three multiply to the multiple of the average value.`,
      prose`Sums: what customers bring is a mixed Poisson number of purchases whose values scatter within and between customers; variances add up over customers, the error of the common level is added, and the ends are those of a gamma distribution (${percent(format, defaultLevel)}). The interval holds if the model does; how far the model was off on held-out purchases stands with it.`,
      prose`Tried on last year: customers whose first purchase was fewer than ${count(newDays)} days before the same day a year ago, ranked by today’s scores of alike histories, and what they brought since${yearAgo ? '' : ' (too few here)'}. The order counts as holding where the top tenth brought ${format.ratio(liftFloor)} times what the others did, by the lower end of the interval. Today’s parameters know that year, which flatters the sums, hardly the order.`,
      prose`Groups: customers won in the last ${count(wonDays)} days, each compared with all who came in the same ${count(30)} days; a group against all others, with the scatter and the skewness of all (Pearson’s type III), adjusted by Benjamini and Hochberg within each dimension, estimates drawn to the common mean by empirical Bayes; called below ${percent(format, falseDiscovery)}, from ${percent(format, groupFloor)} of the mean on, where the interval of the drawn estimate leaves the mean out. Groups of fewer than ${count(minGroup)} are pooled.`,
      prose`Weeks of acquisition: expected value against a parabola over age, limits by the scatter of customers and, where larger, of weeks (${percent(format, signalLevel)}), a tenth off at least; weeks of fewer than ${count(minWeek)} customers are not judged; called where p, adjusted over the weeks, is below ${percent(format, 1 - signalLevel)}.`,
      prose`Groups of action: the fifth of customers (${percent(format, highPart)}) with the highest value if active; active means P(alive) of ${percent(format, activeFrom)} at least and a purchase within ${count(quietDays)} days.`,
    ],
    tested: groups.tested + weeks.tested + (isJudged ? 1 : 0) + (yearAgo ? 1 : 0),
    called:
      groups.called + weeks.called + (isJudged && first.standing !== 'inside' ? 1 : 0) + (yearAgo && yearAgo.lift.low >= liftFloor ? 1 : 0),
  };
}
