import { dotInterval } from '#chart/interval.ts';
import { lineChart } from '#chart/line.ts';
import { listed, prose } from '#contract/prose.ts';
import type { Row } from '#contract/row.ts';
import { ratio, total } from '../shared/change.ts';
import { percent } from '../shared/words.ts';
import type { Assortment } from './assortment.ts';
import type { Drawn } from './figure.ts';
import { nameOf } from './product.ts';
import { type Block, blockWeeks, leastDelivered, type ReturnLine } from './returned.ts';

const drawnProducts = 12;

export function returnFigures(a: Assortment): Drawn[] {
  return [categories(a), products(a), course(a)];
}

/** Why return rates are missing. */
function missingReturns({ returns, format }: Pick<Assortment, 'returns' | 'format'>): string {
  return returns.shop ? prose`none has ${format.count(leastDelivered.tested)} delivered pieces` : 'no order of the span has been delivered';
}

function rateRow({ own, rate, low, high, shrunk, p, isCalled, restRate }: ReturnLine): Row {
  return {
    rate,
    low,
    high,
    shrunk: shrunk.value,
    returned: own.successes,
    delivered: own.n,
    rest_rate: restRate,
    p,
    is_called: isCalled,
  };
}

function categories(a: Assortment): Drawn {
  const id = 'returns-category';
  const { format, returns, spans, faulty } = a;
  if (!returns.shop || !spans.now || returns.categories.length < 2) return { id, omitted: missingReturns(a) };
  const { rate } = returns.shop;
  return {
    id,
    figure: dotInterval({
      id,
      width: 'half',
      format,
      unit: 'share',
      label: 'category',
      value: 'rate',
      given: true,
      low: 'low',
      high: 'high',
      reference: rate,
      referenceLabel: prose`Shop ${format.share(rate)}`,
      emphasis: 'is_called',
      polarity: 'down',
      rows: returns.categories.map((line) => ({ category: line.category, ...rateRow(line) })),
      title: (list) => {
        const called = list.filter((row) => row.is_called);
        return called.length > 0
          ? prose`${listed(called.slice(0, 3).map((row) => prose`${String(row.category)} (${format.share(Number(row.rate))})`))} come back more often than the rest`
          : prose`No category comes back more often than the rest of the shop beyond chance`;
      },
      ...(faulty
        ? {
            note: prose`${faulty.line.category} without ${nameOf(faulty.line.product!)}: ${format.share(faulty.line.restRate)}. It is tested without it.`,
          }
        : {}),
      subtitle: prose`Pieces returned of pieces delivered, orders of ${spans.now.words}; ${percent(format, 0.95)} intervals`,
      of: 'return rates by category',
      reason: prose`the shop’s rate is ${format.share(rate)}`,
    }),
  };
}

function products(a: Assortment): Drawn {
  const id = 'returns-product';
  const { format, returns } = a;
  const shown = returns.products.filter(({ p, own }) => p !== null && own.n >= leastDelivered.tested).slice(0, drawnProducts);
  if (!returns.shop || shown.length < 2) return { id, omitted: missingReturns(a) };
  const { rate } = returns.shop;
  const tested = returns.testedProducts;
  return {
    id,
    figure: dotInterval({
      id,
      format,
      unit: 'share',
      label: 'product',
      value: 'rate',
      given: true,
      low: 'low',
      high: 'high',
      reference: rate,
      referenceLabel: prose`Shop ${format.share(rate)}`,
      emphasis: 'is_called',
      polarity: 'down',
      rows: shown.map((line) => ({ product: nameOf(line.product!), product_id: line.id, ...rateRow(line) })),
      title: (list) => {
        const called = list.filter((row) => row.is_called);
        return called.length > 0
          ? prose`${String(called[0]!.product)}: ${format.share(Number(called[0]!.rate))} of pieces delivered come back`
          : prose`No product comes back more often than the rest of its category beyond chance`;
      },
      subtitle: prose`The ${format.count(shown.length)} highest return rates of ${format.count(tested)} products with ${format.count(leastDelivered.tested)} or more pieces delivered; ${percent(format, 0.95)} intervals`,
      of: 'the highest return rates by product',
      reason: prose`the shop’s rate is ${format.share(rate)}`,
      note: 'Ranked by the rate drawn to the mean as far as chance explains the spread, so that few deliveries can’t lead. In colour: called after adjustment over all products tested.',
    }),
  };
}

const rateOf = ({ successes, n }: Block['own']): number | null => (n < leastDelivered.listed ? null : ratio(successes, n));

function course({ faulty, format }: Assortment): Drawn {
  const id = 'returns-course';
  if (!faulty) return { id, omitted: 'no product’s return rate is called' };
  const name = nameOf(faulty.line.product!);
  const [product, rest] = ['Product', 'Rest'];
  const rows = faulty.blocks.flatMap(({ week, own, rest: others }): Row[] => [
    { week, who: product, rate: rateOf(own), returned: own.successes, delivered: own.n },
    { week, who: rest, rate: rateOf(others), returned: others.successes, delivered: others.n },
  ]);
  const known = rows.filter(({ who, rate }) => who === product && rate !== null);
  if (known.length < 2) return { id, omitted: 'the product called has too few deliveries a month to draw its course' };
  return {
    id,
    figure: lineChart({
      id,
      width: 'half',
      format,
      unit: 'share',
      x: 'week',
      y: 'rate',
      series: 'who',
      zero: true,
      rows: rows.filter(({ rate }) => rate !== null),
      title: (list) => {
        const own = list.filter(({ who }) => who === product);
        const pooled = (part: Row[]) =>
          ratio(
            total(part, (row) => Number(row.returned)),
            total(part, (row) => Number(row.delivered)),
          );
        const part = Math.max(1, Math.min(3, Math.floor(own.length / 2)));
        return prose`${format.share(pooled(own.slice(0, part)))} of its pieces came back at first, ${format.share(pooled(own.slice(-part)))} of late`;
      },
      subtitle: prose`${name}: return rate by ${format.word(blockWeeks)} weeks of orders, and of the rest of ${faulty.line.category}; the latest may still rise, as returns take time`,
      of: prose`return rates of ${name} and the rest of its category over a year`,
      reason: 'the product left the rate of its category',
    }),
  };
}
