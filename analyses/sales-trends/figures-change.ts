import { rankedBars } from '#chart/ranked.ts';
import { waterfall } from '#chart/waterfall.ts';
import { prose } from '#contract/prose.ts';
import type { Row } from '#contract/row.ts';
import { addedWords, movedBy } from '../shared/words.ts';
import { type Bridge, type Contribution, contributionsOf, type Dimension, shortened } from './bridge.ts';
import { type Drawn, drawn } from './figures-trend.ts';
import type { Pair } from './pair.ts';
import type { Sales } from './sales.ts';

const shownValues = 7;

/** What a dimension is called, one and many. */
export const dimensionWords: Record<Dimension, { one: string; many: string }> = {
  category: { one: 'category', many: 'categories' },
  country: { one: 'country', many: 'countries' },
  source: { one: 'source', many: 'traffic sources' },
  customer_type: { one: 'customer type', many: 'new and returning customers' },
};

/** A value of a dimension as printed. */
export function valueName(dimension: Dimension, value: string): string {
  if (dimension !== 'customer_type') return value;
  return { new: 'New customers', returning: 'Returning customers' }[value] ?? 'Customers unknown';
}

/** Why a comparison is missing. */
export function missingPair(id: Pair['id'], sales: Sales): string {
  if (!sales.now) return 'The week reported is not in the data.';
  return id === 'week' ? 'The data do not hold the week before.' : 'The data do not hold the same four weeks of last year.';
}

export function changeFigures(sales: Sales): Drawn[] {
  const figures: Drawn[] = [];
  for (const id of ['week', 'year'] as const) {
    const found = sales.bridges[id];
    figures.push(found ? drawn(bridgeFigure(found, sales)) : { id: `bridge-${id}`, omitted: missingPair(id, sales) });
    for (const dimension of id === 'week'
      ? (['category', 'country'] as const)
      : (['category', 'country', 'source', 'customer_type'] as const)) {
      figures.push(contributionFigure(id, dimension, sales));
    }
  }
  return figures;
}

function bridgeFigure({ pair, before, after, steps, hasListPrices }: Bridge, { format }: Sales) {
  const rows: Row[] = [
    { step: pair.beforeLabel, value: before, kind: 'start' },
    ...steps.map(({ label, value }) => ({ step: label, value, kind: 'step' })),
    { step: pair.afterLabel, value: after, kind: 'end' },
  ];
  return waterfall({
    id: `bridge-${pair.id}`,
    title: (list) => {
      const largest = list
        .filter((row) => row.kind === 'step')
        .toSorted((a, b) => Math.abs(Number(b.value)) - Math.abs(Number(a.value)))[0];
      const change = Number(list.at(-1)!.value) - Number(list[0]!.value);
      if (!largest || Number(largest.value) === 0) return 'No step moved net revenue';
      return prose`${String(largest.step)} ${addedWords(format, Number(largest.value))}; net revenue ${movedBy(format, change)} in all`;
    },
    subtitle: prose`Net revenue, ${pair.afterSpan} against ${pair.beforeSpan}; the steps add up exactly.`,
    of: prose`net revenue from ${pair.against} to now`,
    reason: 'volume, mix, price and refunds add up to the change',
    ...(pair.id === 'week'
      ? {
          note: hasListPrices
            ? 'Price against list compares what was paid with today’s list price; products chosen is the list value of a unit within its category.'
            : 'No list prices: value per unit holds price and choice of products together.',
        }
      : {}),
    format,
    unit: 'money',
    rows,
    label: 'step',
    value: 'value',
    kind: 'kind',
  });
}

function contributionFigure(id: Pair['id'], dimension: Dimension, sales: Sales): Drawn {
  const figureId = `${id}-${dimension.replace('_', '-')}`;
  const { format, segments } = sales;
  const pair = sales.pairs[id];
  if (!pair) return { id: figureId, omitted: missingPair(id, sales) };
  const list = contributionsOf(dimension, pair, segments);
  const own = list.filter(({ pooled }) => pooled === 0);
  if (own.length < 2) {
    return {
      id: figureId,
      omitted: prose`Fewer than two ${dimensionWords[dimension].many === 'new and returning customers' ? 'customer types' : dimensionWords[dimension].many} have enough orders to be shown.`,
    };
  }
  const rows = shortened(list, shownValues).map(
    (line): Row => ({
      value: lineName(line, sales),
      change: line.change,
      before: line.before,
      after: line.after,
      orders: line.orders,
      is_pooled: line.pooled > 0,
    }),
  );
  return drawn(
    rankedBars({
      id: figureId,
      width: 'half',
      title: (plotted) => {
        const largest = plotted
          .filter((row) => !row.is_pooled)
          .toSorted((a, b) => Math.abs(Number(b.change)) - Math.abs(Number(a.change)))[0]!;
        const whole = plotted.reduce((sum, row) => sum + Number(row.change), 0);
        return prose`${String(largest.value)} ${movedBy(format, Number(largest.change))}; the shop ${movedBy(format, whole)}`;
      },
      subtitle: prose`Change of net revenue by ${dimensionWords[dimension].one}, ${pair.afterSpan} on ${pair.against}`,
      of: prose`the change of net revenue by ${dimensionWords[dimension].one}`,
      reason: 'the bars add up to the change of the shop',
      format,
      unit: 'money',
      rows,
      label: 'value',
      value: 'change',
      pooled: 'is_pooled',
      signed: true,
    }),
  );
}

/** 'Jeans', or 'All other (12)'. */
export function lineName({ dimension, value, pooled }: Contribution, { format }: Pick<Sales, 'format'>): string {
  return pooled > 0 ? `${value} (${format.count(pooled)})` : valueName(dimension, value);
}
