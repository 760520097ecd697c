import { dotInterval } from '#chart/interval.ts';
import { rankedBars } from '#chart/ranked.ts';
import type { Figure } from '#contract/figure.ts';
import { prose } from '#contract/prose.ts';
import type { Row } from '#contract/row.ts';
import { proportion } from '#stats/proportion.ts';
import { cents } from '../shared/change.ts';
import { productName } from '../shared/product-name.ts';
import { counted, percent, sentence } from '../shared/words.ts';
import type { Band } from './input.ts';
import type { Deviation } from './rates.ts';
import type { Study, Worth } from './study.ts';
import { bandWords, horizon, segmentWords, windowDays } from './words.ts';

/** A figure, or the reason why this shop can't have it. */
export type Drawn = { id: string } & ({ figure: Figure } | { omitted: string });

const leastPairs = 30;
const drawn = (figure: Figure): Drawn => ({ id: figure.id, figure });

export function crossSellFigures(s: Study): Drawn[] {
  return [decay(s), segmentWorth(s), categoryWorth(s), deviation(s)];
}

/** Why there is nothing to show. */
export function nothingYet({ rates, pairs, isCancelled }: Study): string {
  if (!rates.isMeasured) return 'no customer viewed a product early enough for a later purchase to be measured';
  if (pairs === 0) return 'no identified customer viewed a product without buying it';
  if (rates.bought > 0 && isCancelled)
    return 'most open pairs come from visits that ended in a purchase, so that there is nobody to remind';
  return 'no pair was bought later, so that nothing can be set against another';
}

function decay(s: Study): Drawn {
  const id = 'decay';
  const { format, rates } = s;
  const rows = ([1, 2, 3, 4] as Band[]).flatMap((band): Row[] => {
    const { n, bought } = rates.band(band);
    const share = n >= leastPairs ? proportion(bought, n) : null;
    return share
      ? [{ since: sentence(bandWords(format, band)), share: share.value, low: share.low, high: share.high, pairs: n, bought }]
      : [];
  });
  if (rows.length < 2) return { id, omitted: nothingYet(s) };
  return drawn(
    dotInterval({
      id,
      format,
      unit: 'share',
      label: 'since',
      value: 'share',
      low: 'low',
      high: 'high',
      given: true,
      rows,
      title: (list) => {
        const [first, last] = [list[0]!, list.at(-1)!];
        return Number(first.share) > Number(last.high)
          ? prose`${s.isCancelled ? 'Only what was just viewed is bought later' : 'A view is worth acting on at once'}: ${format.share(Number(first.share))} buy after a view ${String(first.since).toLowerCase()}, ${format.share(Number(last.share))} after one ${String(last.since).toLowerCase()}`
          : prose`Of what was viewed and not bought, ${format.share(Number(first.share))} is bought later, however long ago the view`;
      },
      subtitle: prose`Share of pairs of customer and product bought within ${format.count(horizon)} days, by the time since the last view, on four earlier days; bars are ${percent(format, 0.95)} intervals.`,
      of: 'the share of viewed and unbought products that are bought within the horizon, by the age of the view',
      reason: 'the chance is that of pairs which had not been bought by then',
    }),
  );
}

function worthRows(list: readonly (Worth & { label: string })[], format: Study['format']): Row[] {
  return list.map(({ label, pairs, price, worth }) => ({
    label,
    worth: cents(worth.value),
    low: cents(worth.low),
    high: cents(worth.high),
    pairs,
    price: cents(price),
    text: prose`of ${format.money(price)}`,
  }));
}

function segmentWorth(s: Study): Drawn {
  const id = 'segment-worth';
  const { format, segments, all } = s;
  if (!(all.worth.value > 0) || s.isCancelled || segments.length < 2) return { id, omitted: nothingYet(s) };
  return drawn(
    rankedBars({
      id,
      width: 'half',
      format,
      unit: 'money',
      label: 'label',
      value: 'worth',
      low: 'low',
      high: 'high',
      rows: worthRows(
        segments.map((one) => ({ ...one, label: segmentWords[one.segment] })),
        format,
      ),
      title: (list) => prose`${String(list[0]!.label)}: ${format.share(Number(list[0]!.worth) / all.worth.value)} of the worth`,
      subtitle: prose`Price times chance within ${format.count(horizon)} days, by customer; whiskers are ${percent(format, 0.95)} intervals.`,
      of: 'the worth of viewed and unbought products by customer segment',
      reason: 'the segments add up to the whole',
    }),
  );
}

function categoryWorth(s: Study): Drawn {
  const id = 'category-worth';
  const { format, categories, all } = s;
  if (!(all.worth.value > 0) || s.isCancelled || categories.length < 2) return { id, omitted: nothingYet(s) };
  const rows = worthRows(
    categories.slice(0, 8).map((one) => ({ ...one, label: productName(one.name, 40) })),
    format,
  );
  const rest = categories.length - rows.length;
  return drawn(
    rankedBars({
      id,
      width: 'half',
      format,
      unit: 'money',
      label: 'label',
      value: 'worth',
      low: 'low',
      high: 'high',
      rows,
      title: (list) => prose`${String(list[0]!.label)} first, with ${format.money(Number(list[0]!.worth))}`,
      subtitle: prose`Price times chance within ${format.count(horizon)} days, by category; whiskers are ${percent(format, 0.95)} intervals.`,
      of: 'the worth of viewed and unbought products by category',
      reason: 'categories differ in price and in the chance to be bought',
      ...(rest > 0 ? { note: prose`${counted(format, rest, 'smaller category is', 'smaller categories are')} in the table.` } : {}),
    }),
  );
}

function deviation(s: Study): Drawn {
  const id = 'category-rates';
  const { format, rates } = s;
  const tested = rates.categories.filter(({ p }) => p !== null);
  if (s.isCancelled) return { id, omitted: nothingYet(s) };
  if (tested.length < 2) return { id, omitted: 'fewer than two categories have enough later purchases to be compared' };
  return drawn(
    dotInterval({
      id,
      format,
      unit: 'ratio',
      label: 'category',
      value: 'factor',
      low: 'low',
      high: 'high',
      reference: 1,
      referenceLabel: 'as expected',
      emphasis: 'is_called',
      rows: tested.map(
        ({ name, factor, low, high, pairs, bought, expected, p, isCalled }: Deviation): Row => ({
          category: productName(name, 40),
          factor,
          low,
          high,
          pairs,
          bought,
          expected,
          p,
          is_called: isCalled,
        }),
      ),
      title: (list) => {
        const called = list.filter((row) => row.is_called);
        return called.length === 0
          ? prose`None of ${format.count(list.length)} categories is bought later more or less than others`
          : prose`${sentence(format.word(called.length))} of ${format.count(list.length)} categories ${called.length === 1 ? 'differs' : 'differ'} in later purchases, first ${String(called[0]!.category)}`;
      },
      subtitle: prose`Later purchases over those expected from the age of the view and the customer’s orders; bars are ${percent(format, 0.95)} intervals.`,
      of: 'later purchases of each category over expectation',
      reason: 'a category that is bought later more often is worth writing about first',
      note: prose`Views of the last ${format.count(windowDays)} days before each of four earlier days.`,
    }),
  );
}
