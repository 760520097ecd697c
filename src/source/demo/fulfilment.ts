import { random } from '../random.ts';
import type { Items } from './baskets.ts';
import { type Calendar, day } from './calendar.ts';
import type { Product } from './catalogue.ts';
import { centres } from './centres.ts';
import type { Customers } from './customers.ts';
import { countries, places } from './places.ts';
import type { Planted } from './planted.ts';
import type { Purchases } from './purchases.ts';

export const statuses = ['Cancelled', 'Processing', 'Shipped', 'Complete', 'Returned'] as const;
const status = { cancelled: 0, processing: 1, shipped: 2, complete: 3, returned: 4 } as const;

/** Mean and least days from delivery to return. */
export const returnDays = { least: 2, mean: 11 };

/** A moment that has not come by the end of the shop. */
export const never = -2_147_483_648;

/** Moments in seconds of the calendar, `never` where there is none by the end. */
export interface Progress {
  status: Int32Array;
  shipped: Int32Array;
  delivered: Int32Array;
  returned: Int32Array;
}

/**
 * Ships, delivers and takes back. The items of an order from one distribution centre travel together; an order is as far as its slowest item,
 * and Returned only when all its items are.
 */
export function fulfil(
  purchases: Purchases,
  items: Items,
  customers: Customers,
  products: Product[],
  planted: Planted,
  calendar: Calendar,
  seed: number,
): { orders: Progress; items: Progress } {
  const draw = random(seed, 'fulfilment');
  const { close } = calendar;
  const lines = progress(items.count);
  const orders = progress(purchases.count);
  const shipAt = new Float64Array(centres.length);
  const arriveAt = new Float64Array(centres.length);

  for (let i = 0; i < purchases.count; i++) {
    if (purchases.cancelled[i] === 1) {
      orders.status[i] = status.cancelled;
      for (let j = items.first[i]!; j < items.first[i + 1]!; j++) lines.status[j] = status.cancelled;
      continue;
    }
    const at = purchases.at[i]!;
    const { distance } = countries[places[customers.place[purchases.customer[i]!]!]!.country]!;
    shipAt.fill(0);
    let shipped = 0;
    let delivered = 0;
    let returned = 0;
    for (let j = items.first[i]!; j < items.first[i + 1]!; j++) {
      const index = items.product[j]!;
      const product = products[index]!;
      const centre = centres[product.centre]!;
      if (shipAt[product.centre] === 0) {
        shipAt[product.centre] = Math.floor(at + 1800 + day * draw.gamma(3, 3 / centre.shipDays));
        arriveAt[product.centre] = Math.floor(shipAt[product.centre]! + 7200 + day * draw.gamma(6, 6 / (centre.transitDays * distance)));
      }
      const leave = shipAt[product.centre]!;
      const arrive = arriveAt[product.centre]!;
      const isFaulty = index === planted.fault.product && at >= planted.fault.from;
      const comesBack = draw.uniform() < (isFaulty ? planted.fault.returns : product.returns);
      const extra = returnDays.mean - returnDays.least;
      const back = comesBack ? Math.floor(arrive + day * (returnDays.least + draw.gamma(2, 2 / extra))) : Number.POSITIVE_INFINITY;
      shipped = Math.max(shipped, leave);
      delivered = Math.max(delivered, arrive);
      returned = Math.max(returned, back);
      set(lines, j, leave, arrive, back, close);
    }
    set(orders, i, shipped, delivered, returned, close);
  }
  return { orders, items: lines };
}

function progress(count: number): Progress {
  const moments = () => new Int32Array(count).fill(never);
  return { status: new Int32Array(count), shipped: moments(), delivered: moments(), returned: moments() };
}

function set(rows: Progress, i: number, shipped: number, delivered: number, returned: number, close: number): void {
  rows.status[i] =
    returned < close ? status.returned : delivered < close ? status.complete : shipped < close ? status.shipped : status.processing;
  if (shipped < close) rows.shipped[i] = shipped;
  if (delivered < close) rows.delivered[i] = delivered;
  if (returned < close) rows.returned[i] = returned;
}
