import type { Method } from '#contract/analysis.ts';
import { prose } from '#contract/prose.ts';
import { counted, percent } from '../shared/words.ts';
import { purchaseWords } from './finding.ts';
import { falseDiscovery } from './rates.ts';
import type { Study } from './study.ts';
import { horizon, windowDays } from './words.ts';

export function headline({ format, rates, pairs, all, campaign, isCancelled }: Study): string {
  if (pairs === 0) return 'Nothing viewed is left unbought by a known customer';
  if (!rates.isMeasured) return 'Too early to tell what views are worth';
  if (rates.bought === 0) return 'What was viewed and not bought is not bought later';
  if (isCancelled) return 'What known customers viewed and did not buy is mostly cancelled orders';
  const middle = campaign?.scenarios[1];
  const isLoss = middle?.net !== undefined && middle.net !== null && middle.net <= 0;
  return isLoss
    ? prose`Views left open are worth ${format.money(all.worth.value)}, less than it costs to write about them`
    : prose`Views left open are worth ${format.money(all.worth.value)}, and only while they are fresh`;
}

export function summary(s: Study): string {
  const { format, rates, all, fresh, campaign } = s;
  if (s.pairs === 0) return 'No identified customer viewed a product in the window without having bought it before or since.';
  const open = prose`${counted(format, s.customers, 'known customer')} viewed ${counted(format, s.pairs, 'product')} in ${format.count(windowDays)} days without buying ${s.pairs === 1 ? 'it' : 'them'}, at list price ${format.money(all.price)}.`;
  if (!rates.isMeasured)
    return prose`${open} What becomes of such views can be measured once they are older than ${format.count(horizon)} days.`;
  if (rates.bought === 0)
    return prose`${open} On four earlier days none of ${format.count(rates.pairs)} such pairs was bought within ${format.count(horizon)} days. ${purchaseWords(s)}`;
  const middle = campaign?.scenarios[1];
  return [
    open,
    prose`Going by what became of such pairs before, ${format.money(all.worth.value)} of it is bought within ${format.count(horizon)} days (${format.money(all.worth.low)} to ${format.money(all.worth.high)}), ${format.money(fresh.worth.value)} of that after views of the last ${format.count(horizon)} days.`,
    purchaseWords(s),
    middle
      ? middle.net === null
        ? prose`A reminder that raises the chance by ${percent(format, middle.uplift)} would add ${format.money(middle.revenue)} of sales.`
        : prose`A reminder that raises the chance by ${percent(format, middle.uplift)} would ${middle.net > 0 ? 'leave' : 'lose'} ${format.money(Math.abs(middle.net))} after its cost.`
      : '',
  ]
    .filter(Boolean)
    .join(' ');
}

export function caveats(s: Study): string[] {
  const { format, visitors, rates, campaign } = s;
  if (s.pairs === 0) return [];
  const { known, unknown } = visitors;
  const sessions = (known?.sessions ?? 0) + (unknown?.sessions ?? 0);
  return [
    'A view is not an intention: many compare, and some will have bought elsewhere.',
    ...(rates.isMeasured
      ? [
          prose`The chances are those of earlier customers on four days, ${format.count(horizon)} days apart; they include what was bought without any reminder, and a change of season or prices since is not in them.`,
        ]
      : []),
    ...(campaign ? ['Uplift and cost of a contact are assumed. Only customers left out at random can show what a reminder adds.'] : []),
    ...(unknown && sessions > 0
      ? [
          prose`In the last ${format.count(horizon)} days ${counted(format, unknown.sessions, 'visit')} of ${format.count(sessions)} that viewed a product came from unknown visitors, who left ${counted(format, unknown.views_left, 'view')} unbought (${format.money(unknown.price_left)} at list price): counted here, and in no list.`,
        ]
      : []),
    ...(purchaseWords(s) ? [purchaseWords(s)] : []),
  ];
}

export function method({ format, rates, campaign, isCancelled }: Study): Method {
  const tested = isCancelled ? [] : [...rates.segments, ...rates.categories].filter(({ p }) => p !== null);
  return {
    tested: tested.length,
    called: tested.filter(({ isCalled }) => isCalled).length,
    text: [
      prose`An open pair is an identified customer and a product viewed in the last ${format.count(windowDays)} days and never bought by that customer. Its chance is measured on four earlier days, each ${format.count(horizon)} days before the next: of the pairs that were open then, the share bought within the ${format.count(horizon)} days after. The conversion of all first views is not used: most of it happens in the visit itself, and open pairs are those where it did not.`,
      prose`Chances go by days since the last view and by the customer’s orders then, times a factor for the category that is drawn to one as far as chance explains the spread (Poisson-gamma, moments; variance of the factors ${format.ratio(rates.spread)}). Intervals by simulation from the posteriors of rates and factors; the same customers may stand on several of the days, which the intervals do not show.`,
      prose`Segments and categories: later purchases against those expected, exact Poisson test, two-sided, at ${percent(format, falseDiscovery)} by Benjamini and Hochberg within each.`,
      campaign
        ? prose`Campaign: extra purchases are the assumed uplift times the purchases expected without it; margin at list price less cost; one contact a customer. What a test can show: two halves, two-sided at ${percent(format, falseDiscovery)}, found four times in five.`
        : 'No campaign is computed: there is nobody to write to, or nothing to expect.',
    ],
  };
}
