import { dotInterval } from '#chart/interval.ts';
import { lineChart } from '#chart/line.ts';
import { paretoCurve } from '#chart/pareto.ts';
import { rankedBars } from '#chart/ranked.ts';
import type { Figure } from '#contract/figure.ts';
import { prose } from '#contract/prose.ts';
import type { Row } from '#contract/row.ts';
import { cents, ratio, total } from '../shared/change.ts';
import { weekEnd, weeksAYear } from '../shared/day.ts';
import { counted, percent, sentence, someOf } from '../shared/words.ts';
import type { Assortment } from './assortment.ts';
import type { Measure } from './episode.ts';
import { leadingShare } from './spread.ts';

/** A figure, or the reason why this shop can't have it. */
export type Drawn = { id: string } & ({ figure: Figure } | { omitted: string });

const drawn = (figure: Figure): Drawn => ({ id: figure.id, figure });

export function assortmentFigures(a: Assortment): Drawn[] {
  return [categoryChange(a), categoryShare(a), weekly(a, 'share'), weekly(a, 'discount'), margins(a), pareto(a), stockAge(a)];
}

/** Why there is no comparison of spans. */
export function missingSpan({ format, weeks, spans }: Assortment): string {
  return spans.now
    ? prose`the data hold no whole span of the same length to compare with`
    : prose`a span needs complete weeks without a gap up to the week reported; the data hold ${format.count(weeks.length)} complete weeks`;
}

function categoryChange(a: Assortment): Drawn {
  const id = 'category-change';
  const { format, categories, spans } = a;
  if (!spans.now || !spans.prior || categories.length === 0) return { id, omitted: missingSpan(a) };
  const rows = categories.map(
    ({ category, now, prior, change }): Row => ({
      category,
      change,
      now: now.net,
      prior: prior!.net,
      units: now.units,
    }),
  );
  return drawn(
    rankedBars({
      id,
      format,
      unit: 'money',
      label: 'category',
      value: 'change',
      signed: true,
      top: 8,
      rows,
      title: (list) => {
        const named = list.filter(({ now }) => now !== null).toSorted((x, y) => Math.abs(Number(y.change)) - Math.abs(Number(x.change)));
        const whole = cents(total(list, (row) => Number(row.change)));
        return prose`${String(named[0]!.category)} moved most, ${format.signed(Number(named[0]!.change), 'money')}; all categories together ${format.signed(whole, 'money')}`;
      },
      subtitle: prose`Change of net revenue by category, ${spans.now.words} against ${spans.prior.words}; the bars add up to the change of the shop.`,
      of: 'the change of net revenue by category',
      reason: 'the bars add up to the change of the shop',
      note: 'Two spans next to each other differ by season too; the comparison with the same weeks last year does not.',
    }),
  );
}

function categoryShare(a: Assortment): Drawn {
  const id = 'category-share';
  const { format, categories, spans } = a;
  const tested = categories.filter(({ shift }) => shift !== null);
  const base = spans.year ?? spans.prior;
  if (!spans.now || !base || tested.length < 2) {
    return { id, omitted: spans.now && base ? 'fewer than two categories have enough orders to be tested' : missingSpan(a) };
  }
  const rows = tested.map(({ category, shift }): Row => {
    const { difference, low, high, before, after, p, n, isCalled } = shift!;
    return { category, difference, low, high, before, after, p, orders: n, is_called: isCalled };
  });
  const against = spans.year ? 'the same weeks last year' : 'the weeks before';
  return drawn(
    dotInterval({
      id,
      format,
      unit: 'share',
      label: 'category',
      value: 'difference',
      low: 'low',
      high: 'high',
      reference: 0,
      referenceLabel: 'No change',
      emphasis: 'is_called',
      polarity: 'up',
      signed: true,
      rows,
      title: (list) => {
        const called = list.filter((row) => row.is_called);
        const most = called.toSorted((x, y) => Math.abs(Number(y.difference)) - Math.abs(Number(x.difference)))[0];
        return most
          ? prose`${sentence(someOf(format, called.length, list.length))} categories changed ${called.length === 1 ? 'its' : 'their'} share of orders: ${called.length === 1 ? '' : 'most of all '}${String(most.category)} (${format.points(Number(most.difference))})`
          : prose`None of ${format.count(list.length)} categories changed its share of orders beyond chance`;
      },
      subtitle: prose`Share of orders that hold the category, ${spans.now.words} less ${base.words}, in percentage points; bars are ${percent(format, 0.95)} intervals.`,
      of: prose`the change of each category’s share of orders on ${against}`,
      reason: 'a share does not move with the shop as a whole',
    }),
  );
}

/** The category whose weeks are shown: the strongest promotion, else episode, else the one that left its expectation most. */
function shownCategory({ episodes: { promotions, list, series } }: Assortment): string | null {
  const least = series.toSorted((x, y) => x.least - y.least || (x.category < y.category ? -1 : 1))[0];
  return promotions[0]?.category ?? list[0]?.category ?? least?.category ?? null;
}

function weekly(a: Assortment, measure: Measure): Drawn {
  const id = `weekly-${measure}`;
  const { format, episodes } = a;
  const category = shownCategory(a);
  const series = episodes.series.find((one) => one.category === category);
  if (!series || category === null) return { id, omitted: 'no category sells enough units a week to be judged by week' };
  const points = series[measure].slice(-weeksAYear);
  const isFlat = points.every(({ value }) => value === null || Math.abs(value) < 0.0005);
  if (points.length < 2 || isFlat) {
    return { id, omitted: isFlat ? 'every unit sold at its list price' : 'too few weeks to draw' };
  }
  const called = new Set([
    ...episodes.list.filter((e) => e.category === category && e.measure === measure).flatMap(({ weeks }) => weeks),
    ...(measure === 'share'
      ? episodes.promotions.filter((p) => p.category === category && p.share.isCalled).flatMap(({ weeks }) => weeks)
      : []),
  ]);
  const rows = points.map(
    ({ date, value, expected, low, high }): Row => ({
      week: date,
      value,
      expected,
      low,
      high,
      is_called: called.has(date),
    }),
  );
  const what = measure === 'share' ? 'share of units' : 'discount';
  return drawn(
    lineChart({
      id,
      width: 'half',
      format,
      unit: 'share',
      x: 'week',
      y: 'value',
      band: { low: 'low', high: 'high' },
      expectedLabel: 'Expected range',
      marks: 'is_called',
      polarity: 'none',
      rows,
      title: (list) => {
        const marked = list.filter((row) => row.is_called);
        const [first, last] = [marked[0], marked.at(-1)];
        return first && last
          ? prose`${category}: ${what} out of range from ${format.span(String(first.week), weekEnd(String(last.week)))}`
          : prose`${category}: ${what} within its range over the last weeks`;
      },
      subtitle:
        measure === 'share'
          ? prose`${category}, share of the shop’s units by week`
          : prose`${category}, part of the list price not charged, by week`,
      of: prose`the weekly ${what} of ${category}`,
      reason: 'each week stands against a range made from earlier weeks only',
      note: 'Circles: weeks called, alone or together, after adjustment over all categories and weeks of the span.',
    }),
  );
}

function margins(a: Assortment): Drawn {
  const id = 'margin-category';
  const { format, categories, spans, whole } = a;
  if (!a.has('costs')) return { id, omitted: 'the data hold no costs' };
  const rows = categories.flatMap(({ category, now }): Row[] => {
    const share = now.net > 0 ? ratio(now.margin, now.net) : null;
    return share === null || now.orders < 10 ? [] : [{ category, share, margin: now.margin, net: now.net, text: format.money(now.margin) }];
  });
  const average = whole && whole.now.net > 0 ? ratio(whole.now.margin, whole.now.net) : null;
  if (!spans.now || rows.length < 2 || average === null)
    return { id, omitted: 'fewer than two categories have enough sales with a known cost' };
  return drawn(
    rankedBars({
      id,
      width: 'half',
      format,
      unit: 'share',
      label: 'category',
      value: 'share',
      detail: 'text',
      top: 30,
      rows,
      title: (list) =>
        prose`Margin runs from ${format.share(Number(list.at(-1)!.share))} (${String(list.at(-1)!.category)}) to ${format.share(Number(list[0]!.share))} (${String(list[0]!.category)})`,
      subtitle: prose`Gross margin over net revenue, and gross margin, by category, ${spans.now.words}; the shop: ${format.share(average)}`,
      of: 'the gross margin share by category',
      reason: 'categories differ in what is left of their revenue',
    }),
  );
}

function pareto({ format, spread }: Assortment): Drawn {
  const id = 'pareto';
  if (!spread) return { id, omitted: 'nothing was sold in the last year' };
  return drawn(
    paretoCurve({
      id,
      format,
      unit: 'share',
      x: 'products',
      y: 'sales',
      xTitle: 'Share of products sold, best sellers first',
      rows: spread.curve.map((point) => ({ ...point })),
      markers: [{ x: spread.share, y: leadingShare, label: prose`${format.share(spread.share)} make ${format.share(leadingShare)}` }],
      title: () =>
        prose`${format.count(spread.leading)} of ${counted(format, spread.products, 'product')} ${spread.leading === 1 ? 'makes' : 'make'} ${format.share(leadingShare)} of gross sales`,
      subtitle: prose`Gross sales of the last ${format.count(weeksAYear)} complete weeks, cumulated over the products sold`,
      of: 'cumulated gross sales over products',
      reason: prose`${format.share(spread.share)} of products reach ${format.share(leadingShare)}`,
    }),
  );
}

function stockAge(a: Assortment): Drawn {
  const id = 'stock-age';
  const { format, stock, asOf } = a;
  if (!a.has('inventory')) return { id, omitted: 'the data hold no inventory' };
  const [old, all] = [total(stock, ({ oldCost }) => oldCost), total(stock, ({ cost }) => cost)];
  if (!(all > 0) || !(old > 0)) return { id, omitted: all > 0 ? 'no piece in stock is older than half a year' : 'nothing is in stock' };
  return drawn(
    rankedBars({
      id,
      width: 'half',
      format,
      unit: 'money',
      label: 'category',
      value: 'old',
      detail: 'text',
      top: 16,
      rows: stock.map(({ category, oldCost, cost, oldUnits, units, share }) => ({
        category,
        old: oldCost,
        cost,
        old_units: oldUnits,
        units,
        share,
        text: format.share(share),
      })),
      title: (list) => {
        const sum = total(list, (row) => Number(row.old));
        return prose`${format.money(sum)} (${format.share(sum / all)}) of stock is older than half a year`;
      },
      subtitle: prose`Cost of unsold pieces older than ${format.count(180)} days, and its part of the category’s stock, on ${format.date(asOf)}`,
      of: 'old stock by category',
      reason: prose`${format.share(old / all)} of the money in stock is older than half a year`,
    }),
  );
}
