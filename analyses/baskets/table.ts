import { prose } from '#contract/prose.ts';
import type { Row } from '#contract/row.ts';
import type { Table } from '#contract/table.ts';
import { cents, total } from '../shared/change.ts';
import { productName } from '../shared/product-name.ts';
import { counted, percent } from '../shared/words.ts';
import { type Bundle, extraOf } from './bundle.ts';
import { noPair } from './figure.ts';
import { leastMeetings, type Mixing } from './groups.ts';
import { type LongRule, leastConfidence } from './longer.ts';
import { falseDiscovery, type ProductPair } from './pairs.ts';
import type { Study } from './study.ts';

/** A table, or the reason why this shop can't have it. */
export type Filled = { id: string } & ({ table: Table } | { omitted: string });

const shownRules = 20;
const shownGroups = 12;
const filled = (table: Table): Filled => ({ id: table.id, table });

export function basketTables(s: Study): Filled[] {
  return [
    bundleTable(s),
    ruleTable(s),
    groupTable(s, s.categories, 'category-pairs'),
    groupTable(s, s.brands, 'brand-pairs'),
    sharedTable(s),
  ];
}

function bundleTable(s: Study): Filled {
  const id = 'bundles';
  const { format, bundles, take, weeks, pairs } = s;
  if (pairs.called.length === 0) return { id, omitted: noPair(s) };
  if (bundles.length === 0) {
    return {
      id,
      omitted: weeks === 0 ? 'the data hold no complete week' : 'no pair that was called held alike in both halves of the period',
    };
  }
  const shown = bundles.slice(0, shownRules);
  const all = extraOf(bundles);
  const row = ({ pair, price, both, single, extra, margin, breakEven }: Bundle): Row => ({
    bundle: `${productName(pair.from.name)} + ${productName(pair.to.name)}`,
    product_a: pair.from.product_id,
    product_b: pair.to.product_id,
    price,
    both: Math.round(both),
    single: Math.round(single),
    extra: extra.value,
    low: extra.low,
    high: extra.high,
    margin,
    break_even: breakEven,
  });
  const known = bundles.every(({ margin }) => margin !== null);
  return filled({
    id,
    title: prose`${counted(format, bundles.length, 'bundle')} could bring ${format.money(all.value)} a year if ${percent(format, take.middle)} of single buyers add the partner`,
    subtitle: prose`Baskets of the last ${format.count(weeks)} complete weeks, at the pace of a year; extra sales at full price if ${percent(format, take.low)}, ${percent(format, take.middle)} or ${percent(format, take.high)} of the baskets with one product alone add the other. These shares are assumed.`,
    columns: [
      { key: 'bundle', label: 'Bundle', type: 'text' },
      { key: 'price', label: 'Price', type: 'money' },
      { key: 'both', label: 'Both', type: 'count' },
      { key: 'single', label: 'One alone', type: 'count' },
      { key: 'extra', label: 'Extra sales', type: 'money' },
      { key: 'low', label: 'From', type: 'money' },
      { key: 'high', label: 'To', type: 'money' },
      ...(known
        ? ([
            { key: 'margin', label: 'Margin', type: 'money' },
            { key: 'break_even', label: 'Break-even', type: 'share' },
          ] as const)
        : []),
    ],
    rows: shown.map(row),
    total: {
      bundle: bundles.length > shown.length ? prose`All ${format.count(bundles.length)} bundles` : 'All bundles',
      price: null,
      both: total(shown.map(row), (line) => Number(line.both)),
      single: total(shown.map(row), (line) => Number(line.single)),
      extra: all.value,
      low: all.low,
      high: all.high,
      ...(known ? { margin: cents(total(bundles, ({ margin }) => margin)), break_even: null } : {}),
    },
    note: known
      ? 'Break-even: the discount on both products at which the extra margin is used up, since those who buy both anyway get it too. A deeper discount loses money unless it wins more buyers than assumed.'
      : 'Costs are not known for all of these products: margins and break-even discounts are left out.',
  });
}

function ruleTable(s: Study): Filled {
  const id = 'rules';
  const { format, pairs, longer } = s;
  if (pairs.called.length + longer.called.length === 0) return { id, omitted: noPair(s) };
  const rows = [...pairs.called.map((pair) => pairRow(pair)), ...longer.called.map((rule) => longRow(rule))];
  const shown = rows.slice(0, shownRules);
  const unstable = pairs.called.filter(({ stability }) => !stability.isStable).length;
  return filled({
    id,
    title: prose`${format.count(pairs.called.length)} of ${format.count(pairs.tested)} pairs are called; ${counted(format, pairs.list.length, 'pair meets', 'pairs meet')} often enough to be judged`,
    subtitle: prose`Rules from ${counted(format, pairs.least, 'joint basket')} on, over ${counted(format, s.shop.baskets, 'basket')}; expected by category and popularity; p adjusted, at most ${percent(format, falseDiscovery)} of those called expected to be false`,
    columns: [
      { key: 'from', label: 'Who buys', type: 'text' },
      { key: 'to', label: 'also buys', type: 'text' },
      { key: 'baskets', label: 'Baskets', type: 'count' },
      { key: 'expected', label: 'Expected', type: 'ratio' },
      { key: 'support', label: 'Support', type: 'text' },
      { key: 'confidence', label: 'Confidence', type: 'share' },
      { key: 'lift', label: 'Lift', type: 'ratio' },
      { key: 'conviction', label: 'Conviction', type: 'ratio' },
      { key: 'halves', label: 'Lift by half', type: 'text' },
      { key: 'signal', label: 'Both halves', type: 'text' },
    ],
    rows: shown.map((row) => written(row, s)),
    note: [
      prose`Support, confidence, lift and conviction are over all baskets, as usual; lift counts shared departments and large baskets as affinity, so that a pair is called by its expected baskets instead.`,
      longer.sets === null
        ? 'Sets of three products and more are too many to list at this count.'
        : prose`Of ${counted(format, longer.sets, 'set')} of three products and more, ${counted(format, longer.rules, 'rule')} with a confidence of at least ${percent(format, leastConfidence)} ${longer.rules === 1 ? 'is' : 'are'} not redundant; ${longer.called.length === 0 ? 'none adds' : prose`${format.count(longer.called.length)} ${longer.called.length === 1 ? 'adds' : 'add'}`} to its pairs beyond chance and by the same factor.`,
      unstable > 0 ? 'Where the halves differ, the pair is no bundle: a launch or an end of sale may be behind it.' : '',
      rows.length > shown.length ? prose`${format.count(rows.length - shown.length)} more are called.` : '',
    ]
      .filter(Boolean)
      .join(' '),
  });
}

interface RuleRow {
  from: string[];
  to: string;
  baskets: number;
  expected: number | null;
  support: number;
  confidence: number;
  lift: number;
  conviction: number;
  stability: ProductPair['stability'];
}

function pairRow({ from, to, count, expected, support, confidence, lift, stability }: ProductPair): RuleRow {
  const share = confidence / lift;
  const conviction = confidence < 1 ? (1 - share) / (1 - confidence) : Number.POSITIVE_INFINITY;
  return { from: [from.name], to: to.name, baskets: count, expected, support, confidence, lift, conviction, stability };
}

function longRow({ from, to, count, support, confidence, lift, conviction, stability }: LongRule): RuleRow {
  return {
    from: from.map(({ name }) => name),
    to: to.name,
    baskets: count,
    expected: null,
    support,
    confidence,
    lift,
    conviction,
    stability,
  };
}

function written(row: RuleRow, { format }: Study): Row {
  const [first, second] = row.stability.lifts;
  return {
    ...row,
    stability: null,
    from: row.from.map((name) => productName(name)).join(' + '),
    to: productName(row.to),
    support: prose`${format.ratio(row.support * 100)}%`,
    conviction: Number.isFinite(row.conviction) ? row.conviction : null,
    halves: prose`${format.ratio(first)}, ${format.ratio(second)}`,
    signal: row.stability.isStable ? 'alike' : row.stability.p === null ? 'one half only' : 'differ',
  };
}

function groupTable(s: Study, { tested, called, list }: Mixing, id: 'category-pairs' | 'brand-pairs'): Filled {
  const { format } = s;
  const [one, many] = id === 'category-pairs' ? ['Category', 'categories'] : ['Brand', 'brands'];
  if (tested === 0) return { id, omitted: prose`no two ${many} are expected to meet ${format.count(leastMeetings)} times` };
  const shown = (called.length > 0 ? called : list.filter(({ p }) => p !== null).toSorted((a, b) => b.factor - a.factor)).slice(
    0,
    called.length > 0 ? shownGroups : 5,
  );
  return filled({
    id,
    title:
      called.length > 0
        ? prose`${format.count(called.length)} of ${format.count(tested)} pairs of ${many} meet beyond their popularity`
        : prose`None of ${format.count(tested)} pairs of ${many} meets beyond its popularity`,
    subtitle: prose`Meetings are pairs of products in one basket; expected from the popularity of both ${many} in their departments. ${called.length > 0 ? 'The strongest' : 'The largest'} ${format.count(shown.length)}${called.length > 0 ? '' : ', none of them called'}`,
    columns: [
      { key: 'first', label: one!, type: 'text' },
      { key: 'second', label: 'with', type: 'text' },
      { key: 'baskets', label: 'Baskets', type: 'count' },
      { key: 'meetings', label: 'Meetings', type: 'count' },
      { key: 'expected', label: 'Expected', type: 'count' },
      { key: 'factor', label: 'Times', type: 'ratio' },
      { key: 'signal', label: 'Signal', type: 'text' },
    ],
    rows: shown.map(({ first, second, baskets, count, expected, factor, isCalled }) => ({
      first: labelOf(first, s),
      second: labelOf(second, s),
      baskets,
      meetings: count,
      expected,
      factor,
      signal: isCalled ? 'called' : 'within chance',
    })),
    note: prose`Baskets with several such meetings count as one event when this is judged. Pairs expected to meet fewer than ${format.count(leastMeetings)} times are not tested.${s.pairs.called.length > 0 ? ' The pairs of products that are called are part of these meetings.' : ''}`,
  });
}

const labelOf = ({ department, value }: { department: string; value: string }, { departments }: Study) =>
  departments ? `${productName(value, 40)}, ${productName(department, 20)}` : productName(value, 40);

function sharedTable(s: Study): Filled {
  const id = 'shared';
  const { format, shared, shop } = s;
  if (shared.length === 0) return { id, omitted: 'no basket holds two products' };
  const again = shared.filter(({ from }) => from > 1);
  const [seen, chance] = [total(again, (row) => row.seen), total(again, (row) => row.chance)];
  const beyond = again
    .map(({ from }) => {
      const own = again.filter((row) => row.from >= from);
      return { from, seen: total(own, (row) => row.seen), chance: total(own, (row) => row.chance) };
    })
    .find((tail) => tail.seen >= 5 && tail.seen > 2 * tail.chance);
  return filled({
    id,
    title: beyond
      ? prose`${format.count(beyond.seen)} pairs share ${format.count(beyond.from)} baskets or more, where chance makes ${format.count(beyond.chance)}`
      : prose`${format.count(seen)} pairs share more than one basket, where chance makes ${format.count(chance)}`,
    subtitle: prose`Pairs of products by the baskets they share, as seen and if products of a department met by popularity alone; ${counted(format, shop.baskets_several, 'basket')} of two products or more`,
    columns: [
      { key: 'baskets', label: 'Baskets shared', type: 'text' },
      { key: 'seen', label: 'Pairs seen', type: 'count' },
      { key: 'chance', label: 'By chance', type: 'count' },
    ],
    rows: shared.map(({ from, to, seen: own, chance: expected }) => ({
      baskets:
        to === null
          ? prose`${format.count(from)} or more`
          : to === from
            ? format.count(from)
            : prose`${format.count(from)} to ${format.count(to)}`,
      seen: own,
      chance: expected,
    })),
    total: { baskets: 'All pairs that meet', seen: total(shared, (row) => row.seen), chance: total(shared, (row) => row.chance) },
  });
}
