import { type Random, random } from '../random.ts';
import type { Items } from './baskets.ts';
import { type Calendar, day, week } from './calendar.ts';
import type { Customers } from './customers.ts';
import { isIn, type Planted } from './planted.ts';
import type { Purchases } from './purchases.ts';

/** Where sessions come from: share of sessions, and relative conversion. */
export const channels = [
  { name: 'Email', share: 0.2, conversion: 1.7 },
  { name: 'Adwords', share: 0.3, conversion: 0.95 },
  { name: 'Organic', share: 0.18, conversion: 1.15 },
  { name: 'Facebook', share: 0.17, conversion: 0.65 },
  { name: 'YouTube', share: 0.15, conversion: 0.4 },
];

export const browsers = [
  { name: 'Chrome', share: 0.52, conversion: 1 },
  { name: 'Safari', share: 0.2, conversion: 1.05 },
  { name: 'Firefox', share: 0.18, conversion: 1 },
  { name: 'IE', share: 0.05, conversion: 0.5 },
  { name: 'Other', share: 0.05, conversion: 1 },
];

/** Mean visits that end without an order: after a sign-up, before and after each order; share of all sessions without a user. */
export const visits = { afterSignup: 2, beforeOrder: 1.9, afterOrder: 1.5, anonymousShare: 0.45, beforeDays: 3, afterDays: 25 };

/** Columns, a row a session in the order of time; the index plus one is the session's number. */
export interface Sessions {
  count: number;
  /** Start; for a purchase the moment of the order, which is its last event. */
  at: Int32Array;
  /** Customer whose place and taste it has. */
  customer: Int32Array;
  isAnonymous: Uint8Array;
  /** Order that it ends in, or −1. */
  order: Int32Array;
  /** Product that it is likely to look at, or −1. */
  hint: Int32Array;
  channel: Int32Array;
  browser: Int32Array;
}

/** Draws sessions: one for each order, visits of known customers around sign-up and orders, and anonymous ones in step with sales. */
export function sessions(
  purchases: Purchases,
  items: Items,
  customers: Customers,
  calendar: Calendar,
  planted: Planted,
  seed: number,
): Sessions {
  const draw = random(seed, 'sessions');
  const at: number[] = [];
  const who: number[] = [];
  const order: number[] = [];
  const hint: number[] = [];
  const add = (seconds: number, customer: number, orderIndex: number, product: number) => {
    if (orderIndex < 0) {
      if (seconds < calendar.open || seconds >= calendar.close) return;
      if (isIn(planted.outage, seconds) && draw.uniform() < planted.outage.lost) return;
    }
    at.push(Math.floor(seconds));
    who.push(customer);
    order.push(orderIndex);
    hint.push(product);
  };

  for (let i = 0; i < customers.count; i++) {
    const signup = customers.signup[i]!;
    const times = draw.poisson(visits.afterSignup);
    for (let visit = 0; visit < times; visit++) {
      const wait = visit === 0 ? 0 : draw.exponential(1 / 0.7);
      add(visit === 0 ? signup + 60 : Math.max(signup + 60, calendar.browsingClock(calendar.operational(signup) + wait)), i, -1, -1);
    }
  }
  for (let i = 0; i < purchases.count; i++) {
    const customer = purchases.customer[i]!;
    const moment = purchases.at[i]!;
    const signup = customers.signup[customer]!;
    add(moment, customer, i, -1);
    for (let visit = draw.poisson(visits.beforeOrder); visit > 0; visit--) {
      const before = shifted(draw, moment, -day * draw.exponential(1 / visits.beforeDays));
      const product = draw.uniform() < 0.55 ? items.product[items.first[i]! + draw.integer(items.first[i + 1]! - items.first[i]!)]! : -1;
      if (before > signup && before < moment - 1800) add(before, customer, -1, product);
    }
    for (let visit = draw.poisson(visits.afterOrder); visit > 0; visit--) {
      add(shifted(draw, moment, 3600 + day * draw.exponential(1 / visits.afterDays)), customer, -1, -1);
    }
  }
  const known = at.length;
  anonymous((known * visits.anonymousShare) / (1 - visits.anonymousShare));

  /** Weekly Poisson counts about the mean of five weeks' orders, so that anonymous traffic follows sales without copying them. */
  function anonymous(total: number): void {
    if (purchases.count === 0) return;
    const { weeks } = calendar;
    const firstOrder = new Int32Array(weeks + 1).fill(purchases.count);
    for (let i = purchases.count - 1; i >= 0; i--) firstOrder[Math.floor(purchases.at[i]! / week)] = i;
    for (let w = weeks - 1; w >= 0; w--) firstOrder[w] = Math.min(firstOrder[w]!, firstOrder[w + 1]!);
    for (let w = 0; w < weeks; w++) {
      const low = Math.max(0, w - 2);
      const high = Math.min(weeks, w + 3);
      const reference = firstOrder[high]! - firstOrder[low]!;
      const open = Math.min(high, calendar.close / week) - Math.max(low, calendar.open / week);
      const mean = (total * (reference / open)) / purchases.count;
      for (let n = draw.poisson(mean); n > 0; n--) {
        const like = purchases.customer[firstOrder[low]! + draw.integer(reference)]!;
        add(calendar.browsingClock(w + draw.uniform()), like, -1, -1);
      }
    }
  }

  const count = at.length;
  const keys = Float64Array.from(at, (seconds, i) => seconds * 16_777_216 + i).sort();
  const int = () => new Int32Array(count);
  const result: Sessions = {
    count,
    at: int(),
    customer: int(),
    isAnonymous: new Uint8Array(count),
    order: int(),
    hint: int(),
    channel: int(),
    browser: int(),
  };
  const weights = {
    channel: split(channels, purchases.count / Math.max(1, count)),
    browser: split(browsers, purchases.count / Math.max(1, count)),
  };
  for (let place = 0; place < count; place++) {
    const i = keys[place]! % 16_777_216;
    const side = order[i]! >= 0 ? 'bought' : 'left';
    result.at[place] = at[i]!;
    result.customer[place] = who[i]!;
    result.isAnonymous[place] = i >= known ? 1 : 0;
    result.order[place] = order[i]!;
    result.hint[place] = hint[i]!;
    result.channel[place] = draw.categorical(weights.channel[side]);
    result.browser[place] = draw.categorical(weights.browser[side]);
  }
  return result;
}

/** Conversion of each kind of session when `overall` of all sessions end in an order: relative conversions scaled to the mean, below 1. */
export function conversions(kinds: { share: number; conversion: number }[], overall: number): number[] {
  const mean = kinds.reduce((sum, { share, conversion }) => sum + share * conversion, 0);
  return kinds.map(({ conversion }) => Math.min(0.95, (overall * conversion) / mean));
}

/** Weights of the kinds among sessions that end in an order, and among those that do not. */
function split(kinds: { share: number; conversion: number }[], overall: number): { bought: number[]; left: number[] } {
  const rates = conversions(kinds, overall);
  return { bought: kinds.map(({ share }, i) => share * rates[i]!), left: kinds.map(({ share }, i) => share * (1 - rates[i]!)) };
}

/** Moves by a time, kept at about the same hour of the day. */
function shifted(draw: Random, seconds: number, by: number): number {
  const days = Math.round(by / day);
  return days === 0 ? seconds + by : seconds + days * day + 2400 * draw.normal();
}
