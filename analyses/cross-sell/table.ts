import { prose } from '#contract/prose.ts';
import type { Row } from '#contract/row.ts';
import type { Table } from '#contract/table.ts';
import { cents, ratio, total } from '../shared/change.ts';
import { productName } from '../shared/product-name.ts';
import { counted, percent, sentence } from '../shared/words.ts';
import { nothingYet } from './figure.ts';
import type { Band } from './input.ts';
import { type Study, shownFirst } from './study.ts';
import { bandWords, horizon, windowDays } from './words.ts';

/** A table, or the reason why this shop can't have it. */
export type Filled = { id: string } & ({ table: Table } | { omitted: string });

const filled = (table: Table): Filled => ({ id: table.id, table });

export function crossSellTables(s: Study): Filled[] {
  return [bands(s), categories(s), first(s), scenarios(s)];
}

function bands(s: Study): Filled {
  const id = 'bands';
  const { format, today, rates, all, old } = s;
  if (s.pairs === 0 || !rates.isMeasured) return { id, omitted: nothingYet(s) };
  const rows = ([1, 2, 3, 4] as Band[]).map((band): Row => {
    const own = today.filter((row) => row.band === band);
    const { n, bought } = rates.band(band);
    return {
      since: sentence(bandWords(format, band)),
      pairs: total(own, (row) => row.pairs),
      price: cents(total(own, (row) => row.price)),
      measured: n,
      bought,
      rate: ratio(bought, n),
      worth: cents(total(own, (row) => row.price * rates.chance(row))),
    };
  });
  return filled({
    id,
    title: prose`${format.money(all.price)} of products viewed and not bought are worth ${format.money(all.worth.value)}, not ${format.money(s.faceValue)}`,
    subtitle: prose`Pairs of an identified customer and a product; bought within ${format.count(horizon)} days, as measured on four earlier days among pairs that had not been bought either`,
    columns: [
      { key: 'since', label: 'Last viewed', type: 'text' },
      { key: 'pairs', label: 'Pairs now', type: 'count' },
      { key: 'price', label: 'At list price', type: 'money' },
      { key: 'measured', label: 'Earlier pairs', type: 'count' },
      { key: 'bought', label: 'Bought', type: 'count' },
      { key: 'rate', label: 'Share', type: 'share' },
      { key: 'worth', label: 'Worth', type: 'money' },
    ],
    rows,
    total: {
      since: prose`All of ${format.count(windowDays)} days`,
      pairs: s.pairs,
      price: cents(all.price),
      measured: rates.pairs,
      bought: rates.bought,
      rate: ratio(rates.bought, rates.pairs),
      worth: cents(all.worth.value),
    },
    note: prose`${format.money(s.faceValue)} is the price times the conversion of all first views, most of which are bought in the same visit: a pair that is still open has not. ${old > 0 ? prose`${counted(format, old, 'pair')} viewed longer ago ${old === 1 ? 'counts' : 'count'} as nothing.` : ''}`,
  });
}

function categories(s: Study): Filled {
  const id = 'categories';
  const { format, rates } = s;
  if (s.pairs === 0 || !rates.isMeasured || s.isCancelled) return { id, omitted: nothingYet(s) };
  const signal = new Map(rates.categories.map((one) => [one.name, one]));
  const rows = s.categories.map(({ name, pairs, price, worth }): Row => {
    const own = signal.get(name);
    return {
      category: productName(name, 40),
      pairs,
      price: cents(price),
      chance: ratio(worth.value, price),
      worth: cents(worth.value),
      low: cents(worth.low),
      high: cents(worth.high),
      signal: own?.p == null ? 'too few' : own.isCalled ? (own.factor > 1 ? 'bought later more' : 'bought later less') : 'as others',
    };
  });
  return filled({
    id,
    title:
      s.all.worth.value > 0
        ? prose`${productName(s.categories[0]!.name, 40)}: ${format.share(s.categories[0]!.worth.value / s.all.worth.value)} of the worth of what was viewed and left`
        : 'No category is bought later',
    subtitle: prose`Viewed within ${format.count(windowDays)} days and not bought; worth is price times chance within ${format.count(horizon)} days, with its ${percent(format, 0.95)} interval`,
    columns: [
      { key: 'category', label: 'Category', type: 'text' },
      { key: 'pairs', label: 'Pairs', type: 'count' },
      { key: 'price', label: 'At list price', type: 'money' },
      { key: 'chance', label: 'Chance', type: 'share' },
      { key: 'worth', label: 'Worth', type: 'money' },
      { key: 'low', label: 'From', type: 'money' },
      { key: 'high', label: 'To', type: 'money' },
      { key: 'signal', label: 'Signal', type: 'text' },
    ],
    rows,
    total: {
      category: 'All categories',
      pairs: s.pairs,
      price: cents(s.all.price),
      chance: ratio(s.all.worth.value, s.all.price),
      worth: cents(s.all.worth.value),
      low: cents(s.all.worth.low),
      high: cents(s.all.worth.high),
      signal: null,
    },
    note: 'Chance is by money: dear products weigh more. Limits of the categories do not add up to those of the whole.',
  });
}

function first(s: Study): Filled {
  const id = 'first';
  const { format, first: list } = s;
  if (list.length === 0)
    return {
      id,
      omitted:
        s.fresh.pairs === 0 && !s.isCancelled
          ? prose`nothing was viewed and left in the last ${format.count(horizon)} days`
          : nothingYet(s),
    };
  return filled({
    id,
    title: prose`The ${format.count(list.length)} pairs to act on first are worth ${format.money(cents(total(list, (row) => row.expected)))} of ${format.money(cents(total(list, (row) => row.price)))}`,
    subtitle: prose`By price times chance, at most one a customer, of ${counted(format, s.fresh.pairs, 'pair')} viewed in the last ${format.count(horizon)} days`,
    columns: [
      { key: 'customer_id', label: 'Customer', type: 'text' },
      { key: 'product', label: 'Product', type: 'text' },
      { key: 'category', label: 'Category', type: 'text' },
      { key: 'orders', label: 'Orders', type: 'text' },
      { key: 'views', label: 'Views', type: 'count' },
      { key: 'viewed', label: 'Viewed', type: 'text' },
      { key: 'price', label: 'Price', type: 'money' },
      { key: 'chance', label: 'Chance', type: 'share' },
      { key: 'expected', label: 'Worth', type: 'money' },
    ],
    rows: list.map((row) => ({
      customer_id: row.customer_id,
      product_id: row.product_id,
      product: productName(row.name),
      category: productName(row.category, 40),
      orders: (['none', 'one', 'several'] as const)[row.segment],
      views: row.views,
      viewed: format.dayMonth(row.last_viewed_date).replaceAll(' ', '\u00a0'),
      last_viewed_date: row.last_viewed_date,
      price: row.price,
      chance: row.chance,
      expected: row.expected,
    })),
    note: prose`The list is cut at ${format.count(shownFirst)}; all pairs with their chances are stored with the run. Customers are ids: names and addresses are not in these data.`,
  });
}

function scenarios(s: Study): Filled {
  const id = 'campaign';
  const { format, campaign, assumptions } = s;
  if (!campaign || !(campaign.base.purchases > 0)) return { id, omitted: nothingYet(s) };
  const { base, contacts, breakEven } = campaign;
  const hasMargin = base.margin !== null;
  const middle = campaign.scenarios[1]!;
  return filled({
    id,
    title:
      middle.net === null
        ? prose`One round could add ${format.money(middle.revenue)} at an uplift of ${percent(format, middle.uplift)}`
        : middle.net > 0
          ? prose`One round could win ${format.money(middle.net)} after its cost at an uplift of ${percent(format, middle.uplift)}`
          : prose`One round would lose ${format.money(Math.abs(middle.net))} at an uplift of ${percent(format, middle.uplift)}`,
    subtitle: prose`Writing once to ${counted(format, contacts, 'customer')} about what they viewed in the last ${format.count(horizon)} days, at ${format.moneyExact(assumptions.contact)} each; uplift and cost are assumed`,
    columns: [
      { key: 'written', label: 'Uplift assumed', type: 'text' },
      { key: 'purchases', label: 'Extra purchases', type: 'ratio' },
      { key: 'revenue', label: 'Extra sales', type: 'money' },
      ...(hasMargin ? ([{ key: 'margin', label: 'Extra margin', type: 'money' }] as const) : []),
      { key: 'cost', label: 'Cost', type: 'money' },
      ...(hasMargin ? ([{ key: 'net', label: 'Left over', type: 'money' }] as const) : []),
    ],
    rows: campaign.scenarios.map((one) => ({ ...one, written: percent(format, one.uplift) })),
    note: prose`Without it ${format.ratio(base.purchases)} purchases worth ${format.money(base.revenue)} are expected from these pairs anyway. ${breakEven === null ? '' : breakEven > 1 ? 'The cost is more than all of their margin.' : prose`The cost is met at an uplift of ${format.share(breakEven)}.`}`,
  });
}
