import { histogram } from '#chart/histogram.ts';
import { dotInterval } from '#chart/interval.ts';
import type { Figure } from '#contract/figure.ts';
import { listed, prose } from '#contract/prose.ts';
import { addWeeks, weeksSpan } from '../shared/day.ts';
import { percent } from '../shared/words.ts';
import { type Delivery, dayFloor, deliveryWeeks, leastArrived } from './delivery.ts';
import type { Regions } from './regions.ts';

const interval = 0.95;
/** The last bin of the histogram holds this share of orders at most. */
const tail = 0.01;

/** Ids of the figures and the table that need deliveries. */
const deliveryIds = ['centres', 'days', 'delivery'];

export function deliveryFigures(regions: Regions): { figures: Figure[]; omitted: Record<string, string> } {
  const { delivery, format } = regions;
  const reason = noDelivery(regions);
  if (!delivery || reason !== null) return { figures: [], omitted: Object.fromEntries(deliveryIds.map((id) => [id, reason ?? ''])) };
  const figures: Figure[] = [];
  const omitted: Record<string, string> = {};
  if (delivery.centres.length > 1) figures.push(centreFigure(regions, delivery));
  else omitted.centres = prose`fewer than two centres with ${format.count(leastArrived)} orders that arrived`;
  figures.push(dayFigure(regions, delivery));
  return { figures, omitted };
}

/** Why nothing can be said about deliveries; null where it can. */
export function noDelivery({ delivery, format }: Regions): string | null {
  if (!delivery) return prose`not available from this source: deliveries`;
  if (delivery.centres.length === 0)
    return prose`no distribution centre with ${format.count(leastArrived)} orders that arrived, ordered at least ${format.word(deliveryWeeks.young)} weeks ago`;
  return null;
}

/** '2 February to 2 August 2026': when the orders judged were placed. */
export function deliverySpan({ format, week }: Regions): string {
  return weeksSpan(format, addWeeks(week, -deliveryWeeks.young), deliveryWeeks.span);
}

function centreFigure(regions: Regions, { centres }: Delivery): Figure {
  const { format } = regions;
  const known = centres.filter(({ difference }) => difference.total !== null);
  const slow = known.filter(({ standing }) => standing === 'slow');
  return dotInterval({
    ...{ id: 'centres', format, unit: 'days', label: 'centre', value: 'difference', low: 'low', high: 'high', emphasis: 'slow' },
    ...{ reference: 0, referenceLabel: prose`the other centres`, signed: true, polarity: 'down' },
    rows: known.map(({ name, difference, mean, arrived, standing }) => ({
      ...{ centre: name, difference: difference.total!.value, low: difference.total!.low, high: difference.total!.high },
      ...{ mean: mean.total?.value ?? null, orders: arrived, slow: standing === 'slow' },
    })),
    title: (drawn) => {
      const [worst] = drawn.filter((row) => row.slow);
      if (!worst) return prose`No distribution centre is slower than the others beyond chance`;
      return prose`${String(worst.centre)} takes ${format.unit(Number(worst.difference), 'days')} longer than the other centres`;
    },
    subtitle: prose`Mean days from order to arrival, less those of the other centres at equal destinations, with ${percent(format, interval)} intervals; ordered ${deliverySpan(regions)}`,
    of: 'days to arrival by distribution centre against the others',
    reason: slow.length > 0 ? prose`${listed(slow.map(({ name }) => name))} ${slow.length === 1 ? 'is' : 'are'} slow` : prose`none is slow`,
    note: prose`Orders of one centre alone. Coloured: slow, BH-adjusted, by at least ${format.unit(dayFloor, 'days')}.`,
  });
}

function dayFigure(regions: Regions, { histogram: bins, arrived, median, slowest }: Delivery): Figure {
  const { format } = regions;
  let beyond = 0;
  const kept = bins.toReversed().filter(({ orders }) => {
    beyond += orders;
    return beyond > arrived * tail;
  });
  const last = kept[0]?.days ?? 0;
  const over = bins.reduce((sum, { days, orders }) => sum + (days > last ? orders : 0), 0);
  const counts = new Map(bins.map(({ days, orders }) => [days, orders]));
  const rows = [
    ...Array.from({ length: last + 1 }, (_, days) => ({
      days: format.count(days),
      share: (counts.get(days) ?? 0) / arrived,
      orders: counts.get(days) ?? 0,
    })),
    ...(over > 0 ? [{ days: prose`over ${format.count(last)}`, share: over / arrived, orders: over }] : []),
  ];
  return histogram({
    ...{
      id: 'days',
      format,
      rows,
      unit: 'share',
      bin: 'days',
      value: 'share',
      xTitle: prose`Whole days from order to arrival`,
      height: 200,
    },
    title: () =>
      median && slowest
        ? prose`Half of the orders that arrived took at most ${format.unit(median.value, 'days')}, nine in ten at most ${format.unit(slowest.value, 'days')}`
        : prose`Days from order to arrival of ${format.count(arrived)} orders`,
    subtitle: prose`Share of the orders that arrived, by whole days; ordered ${deliverySpan(regions)}, from one centre alone`,
    of: 'days from order to arrival',
    reason: prose`${format.count(arrived)} orders arrived`,
  });
}
