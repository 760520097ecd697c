import type { Finding } from '#contract/finding.ts';
import { listed, prose } from '#contract/prose.ts';
import { counted, percent } from '../shared/words.ts';
import type { Assortment } from './assortment.ts';
import { nameOf } from './product.ts';
import { excessRefunds, leastDelivered, leastExcess, type ReturnLine } from './returned.ts';

/** Products and categories that come back more often than the rest; always one called `returns` where anything was delivered. */
export function returnsFindings(a: Assortment): Finding[] {
  const { returns, format } = a;
  if (!returns.shop) return [];
  const rule = prose`One-sided exact test, BH-adjusted p, at least ${format.points(leastExcess)} above the rest, from ${format.count(leastDelivered.tested)} delivered pieces`;
  const first = returns.called.find(({ product }) => product !== null);
  const category = returns.called.find(({ product }) => product === null);
  if (first || category) {
    return [
      ...(first ? [productFinding(a, first, rule)] : []),
      ...(category ? [categoryFinding(a, category, rule, first ? 'returns-categories' : 'returns')] : []),
    ];
  }
  const { rate, low, high, own } = returns.shop;
  const highest = returns.categories[0];
  return [
    {
      ...{ id: 'returns', kind: 'nothing', direction: 'neutral', stake: null, polarity: 'down', proof: 'returns-category' },
      claim: prose`${format.share(rate)} of delivered pieces come back, and no product or category stands out.`,
      detail: [
        prose`Tested: ${format.count(returns.tested)} products and categories; none called.`,
        highest ? prose`The highest category, ${highest.category}, has ${format.share(highest.rate)}.` : '',
        prose`The shop’s rate is known to within ${format.share(low)} to ${format.share(high)}.`,
      ]
        .filter(Boolean)
        .join(' '),
      effect: { value: rate, unit: 'share', interval: { low, high, basis: prose`${percent(format, 0.95)} interval` } },
      evidence: { level: 'medium', rule, n: own.n },
    },
  ];
}

function productFinding(a: Assortment, line: ReturnLine, rule: string): Finding {
  const { format, returns, weeks } = a;
  const product = line.product!;
  const others = returns.called
    .flatMap((other) => (other.product && other !== line ? [prose`${nameOf(other.product)} (${format.share(other.rate)})`] : []))
    .slice(0, 3);
  const stake = excessRefunds(line, weeks.length);
  const window = line.window === 'recent' ? 'orders of the last weeks' : 'all orders';
  const rest = line.restRate!;
  const kind = product.department ? prose`${product.category}, ${product.department}` : product.category;
  return {
    ...{ id: 'returns', kind: line.window === 'recent' ? 'change' : 'state', direction: 'bad', polarity: 'down' },
    claim: prose`${format.share(line.rate)} of ${nameOf(product)} come back, against ${format.share(rest)} in the rest of ${product.category}.`,
    detail: [
      prose`${format.count(line.own.successes)} of ${counted(format, line.own.n, 'piece')} delivered in ${window} (${kind}); ${format.share(line.shrunk.value)} when drawn to the mean of all products.`,
      line.window === 'recent' ? prose`Over all its orders it is ${format.share(line.allRate)}.` : '',
      others.length > 0
        ? prose`Also called: ${listed(others)}.`
        : prose`Of ${format.count(returns.testedProducts)} products tested no other is called.`,
      'Returns of the latest deliveries are still to come.',
    ]
      .filter(Boolean)
      .join(' '),
    effect: {
      value: line.rate - rest,
      unit: 'share',
      interval: { low: line.low - rest, high: line.high - rest, basis: prose`${percent(format, 0.95)} interval` },
    },
    evidence: { level: 'high', rule, p: line.p!, n: line.own.n },
    stake: stake && { ...stake, basis: 'refunds above the rest of the category, a year at the pace of these deliveries' },
    action: {
      do:
        line.window === 'recent'
          ? prose`Stop selling ${nameOf(product)} until a batch has been inspected and the reasons given for its returns are read`
          : prose`Read the reasons given for returns of ${nameOf(product)}, and mend its description or drop it`,
      why: prose`It comes back ${format.ratio(rest > 0 ? line.rate / rest : null)} times as often as the rest of ${product.category}`,
      owner: 'Quality manager',
      within: line.window === 'recent' ? 'this week' : 'this month',
    },
    proof: 'returns-product',
  };
}

function categoryFinding(a: Assortment, line: ReturnLine, rule: string, id: string): Finding {
  const { format, returns } = a;
  const rest = line.restRate!;
  const others = returns.called
    .filter((other) => other.product === null && other !== line)
    .slice(0, 3)
    .map((other) => prose`${other.id} (${format.share(other.rate)})`);
  return {
    ...{ id, kind: 'state', direction: 'bad', polarity: 'down', stake: null, proof: 'returns-category' },
    claim: prose`${format.share(line.rate)} of ${line.category} come back, against ${format.share(rest)} in the rest of the shop.`,
    detail: [
      prose`${format.count(line.own.successes)} of ${counted(format, line.own.n, 'piece')} delivered. What kind a category is can be the reason; products called are left out of the test.`,
      others.length > 0 ? prose`Also called: ${listed(others)}.` : '',
    ]
      .filter(Boolean)
      .join(' '),
    effect: {
      value: line.rate - rest,
      unit: 'share',
      interval: { low: line.low - rest, high: line.high - rest, basis: prose`${percent(format, 0.95)} interval` },
    },
    evidence: { level: 'high', rule, p: line.p!, n: line.own.n },
    action: {
      do: prose`Read the reasons given for returns of ${line.category}, and mend sizes and descriptions first`,
      why: prose`It comes back ${format.ratio(rest > 0 ? line.rate / rest : null)} times as often as the rest`,
      owner: 'Category manager',
      within: 'this month',
    },
  };
}
