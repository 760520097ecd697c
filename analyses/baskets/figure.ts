import { heatmap } from '#chart/heatmap.ts';
import { dotInterval } from '#chart/interval.ts';
import type { Figure } from '#contract/figure.ts';
import { prose } from '#contract/prose.ts';
import type { Row } from '#contract/row.ts';
import { productName } from '../shared/product-name.ts';
import { percent, sentence, spelled } from '../shared/words.ts';
import { leastGroupFactor } from './groups.ts';
import { network } from './network.ts';
import { falseDiscovery, leastFactor } from './pairs.ts';
import type { Study } from './study.ts';

/** A figure, or the reason why this shop can't have it. */
export type Drawn = { id: string } & ({ figure: Figure } | { omitted: string });

const shownPairs = 12;
const shownStrongest = 9;
const drawn = (figure: Figure): Drawn => ({ id: figure.id, figure });

export function basketFigures(s: Study): Drawn[] {
  return [graph(s), strongest(s), mixed(s, 0), mixed(s, 1)];
}

function graph(s: Study): Drawn {
  const id = 'graph';
  const { format, pairs } = s;
  if (pairs.called.length === 0) return { id, omitted: noPair(s) };
  const shown = pairs.called.slice(0, shownPairs);
  return drawn(
    network({
      id,
      format,
      ends: { from: 'from_id', to: 'to_id', fromName: 'from', toName: 'to' },
      weight: 'baskets',
      written: 'written',
      rows: shown.map(
        ({ from, to, count, expected, factor, confidence }): Row => ({
          from_id: from.product_id,
          from: productName(from.name),
          to_id: to.product_id,
          to: productName(to.name),
          baskets: count,
          expected,
          factor,
          confidence,
          written: prose`${format.count(count)} baskets, ${format.share(confidence)}`,
        }),
      ),
      title: (rows) =>
        prose`${sentence(spelled(format, rows.length, 'pair'))} of products ${rows.length === 1 ? 'belongs' : 'belong'} together, most surely ${String(rows[0]!.from)} with ${String(rows[0]!.to)}`,
      subtitle: prose`Joint baskets since ${format.date(s.shop.first_date ?? s.asOf)}, and the share of the rarer product’s baskets that hold the other; lines as strong as the baskets.`,
      of: 'the pairs of products that are bought together beyond chance',
      reason: 'each line is a pair that was called after adjustment for all pairs tested',
      ...(pairs.called.length > shown.length
        ? { note: prose`${format.count(pairs.called.length - shown.length)} more pairs are in the table.` }
        : {}),
    }),
  );
}

/** Why no pair of products is shown. */
export function noPair({ format, pairs, shop }: Study): string {
  if (shop.baskets_several === 0) return 'no basket holds two products';
  return pairs.list.length === 0
    ? prose`no two products meet in ${format.count(pairs.least)} baskets`
    : prose`none of ${format.count(pairs.tested)} pairs of products is bought together beyond chance`;
}

function strongest(s: Study): Drawn {
  const id = 'strongest';
  const { format, pairs } = s;
  const rows = pairs.list.slice(0, shownStrongest).map(
    ({ first, second, factor, low, high, count, expected, p, isCalled }): Row => ({
      pair: `${productName(first.name, 24)} + ${productName(second.name, 24)}`,
      product_a: first.product_id,
      product_b: second.product_id,
      factor,
      low,
      high,
      baskets: count,
      expected,
      p,
      is_called: isCalled,
    }),
  );
  if (rows.length === 0) return { id, omitted: noPair(s) };
  return drawn(
    dotInterval({
      id,
      format,
      unit: 'ratio',
      label: 'pair',
      value: 'factor',
      low: 'low',
      high: 'high',
      height: 38 + 19 * rows.length,
      reference: leastFactor,
      referenceLabel: prose`called beyond ${format.count(leastFactor)} times`,
      emphasis: 'is_called',
      rows,
      title: (list) => {
        const called = list.filter((row) => row.is_called).length;
        return called === 0
          ? 'Even the strongest pairs are within what their categories explain'
          : prose`${sentence(format.word(called))} of the ${format.word(list.length)} strongest pairs ${called === 1 ? 'goes' : 'go'} beyond what their categories explain`;
      },
      subtitle: prose`Joint baskets over those expected from each product’s part of its category’s meetings; bars are ${percent(format, 0.95)} intervals.`,
      of: 'how many times as often as expected pairs of products are bought together',
      reason: 'a pair counts only if its whole interval lies beyond the floor',
    }),
  );
}

/** A heat map of categories within one department: the one with the most meetings, or the next. */
function mixed(s: Study, place: 0 | 1): Drawn {
  const id = place === 0 ? 'categories-first' : 'categories-second';
  const { format, categories, departments } = s;
  const names = departments?.names ?? [...new Set(categories.list.map(({ first }) => first.department))];
  const department = names[place];
  const own = categories.list.filter(
    ({ first, second, p }) => p !== null && first.department === department && second.department === department,
  );
  if (department === undefined || own.length < 3) {
    return {
      id,
      omitted:
        department === undefined && place === 1
          ? 'the shop has one department only'
          : 'too few categories meet often enough to be compared',
    };
  }
  const rows = own.flatMap(({ first, second, factor, count, expected, p, isCalled }): Row[] => {
    const row = (a: string, b: string): Row => ({ category: a, other: b, factor, meetings: count, expected, p, is_called: isCalled });
    return first.value === second.value
      ? [row(first.value, second.value)]
      : [row(first.value, second.value), row(second.value, first.value)];
  });
  const order = [...new Set(rows.map((row) => String(row.category)))].sort();
  return drawn(
    heatmap({
      id,
      format,
      unit: 'ratio',
      width: 'half',
      x: 'other',
      y: 'category',
      value: 'factor',
      sortX: order,
      sortY: order,
      showX: (key) => String(key).slice(0, 3),
      label: false,
      rows,
      title: (list) => {
        const called = list.filter((row) => row.is_called).toSorted((a, b) => Number(b.factor) - Number(a.factor));
        const most = called[0];
        if (!most) return prose`${productName(department, 30)}: categories mix as popularity alone would have it`;
        return most.category === most.other
          ? prose`${productName(department, 30)}: ${String(most.category)} goes with its own kind, ${format.ratio(Number(most.factor))} times as often as expected`
          : prose`${productName(department, 30)}: ${String(most.category)} goes with ${String(most.other)}, ${format.ratio(Number(most.factor))} times as often as expected`;
      },
      subtitle: prose`Meetings of two categories over those expected from their popularity; called beyond ${format.ratio(leastGroupFactor)} at ${percent(format, falseDiscovery)}.`,
      of: prose`how often categories of ${productName(department, 30)} meet, over expectation`,
      reason: 'dark cells meet more often than popularity explains',
      note: 'Pale cells meet less often; empty ones are too rare to be judged. Columns stand in the order of the rows.',
    }),
  );
}
