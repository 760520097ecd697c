import { random } from '../random.ts';
import type { Calendar } from './calendar.ts';
import { type Customers, process } from './customers.ts';
import { places } from './places.ts';
import { faded, isIn, type Planted } from './planted.ts';

/** How buying departs from the bare process. */
export const habits = {
  /** Share of first orders placed in the session of the sign-up; the others follow after an exponential time, mean in weeks. */
  firstAtOnce: 0.62,
  firstLagWeeks: 0.9,
  /** Probability that an order is preceded by a cancelled attempt, and that a customer who never buys cancels one. */
  cancelledAttempt: 0.0385,
  cancelledByOthers: 0.02,
};

/** Columns, a row an order in the order of time; the index plus one is the id. */
export interface Purchases {
  count: number;
  customer: Int32Array;
  at: Int32Array;
  cancelled: Uint8Array;
  /** Sum of the items' sale prices, USD, two decimals. */
  value: Float64Array;
}

/**
 * Draws each customer's orders. Orders that are not cancelled follow BG/NBD exactly in operational time from the first one on; only the
 * outage and the fading region take purchases away, after the process has run. Values are Gamma(p, nu) given the customer.
 */
export function purchases(customers: Customers, seed: number, calendar: Calendar, planted: Planted): Purchases {
  const draw = random(seed, 'purchases');
  const end = calendar.operational(calendar.close);
  const who: number[] = [];
  const when: number[] = [];
  const isCancelled: number[] = [];
  const add = (customer: number, at: number, cancelled: number) => {
    who.push(customer);
    when.push(at);
    isCancelled.push(cancelled);
  };
  const attempt = (customer: number, after: number, before: number) => {
    const at = Math.floor(before - draw.exponential(1 / 21_600));
    add(customer, Math.max(Math.min(at, before - 1), after + 1), 1);
  };

  for (let i = 0; i < customers.count; i++) {
    const signup = customers.signup[i]!;
    if (customers.buys[i] === 0) {
      if (draw.uniform() < habits.cancelledByOthers) attempt(i, signup, Math.min(calendar.close, signup + 7200));
      continue;
    }
    const isAtOnce = draw.uniform() < habits.firstAtOnce;
    const minutes = 1200 + Math.floor(2400 * draw.uniform());
    let time = isAtOnce
      ? calendar.operational(signup + minutes)
      : calendar.operational(signup + 1200) + draw.exponential(1 / habits.firstLagWeeks);
    const country = places[customers.place[i]!]!.country;
    for (let number = 0; time < end; number++) {
      const at = Math.floor(calendar.clock(time));
      // The first order shares its sign-up's fate in the fading region.
      const lost = Math.max(
        isIn(planted.outage, at) && !(isAtOnce && number === 0) ? planted.outage.lost : 0,
        number > 0 ? faded(planted, country, at) : 0,
      );
      const isLost = draw.uniform() < lost;
      if (!isLost) {
        add(i, at, 0);
        if (draw.uniform() < habits.cancelledAttempt) attempt(i, signup, at);
      } else if (number === 0) break;
      if (number > 0 && draw.uniform() < customers.dropout[i]!) break;
      time += draw.exponential(customers.rate[i]!);
    }
  }

  const count = who.length;
  const keys = Float64Array.from(when, (at, i) => at * 16_777_216 + i).sort();
  const result: Purchases = {
    count,
    customer: new Int32Array(count),
    at: new Int32Array(count),
    cancelled: new Uint8Array(count),
    value: new Float64Array(count),
  };
  for (let place = 0; place < count; place++) {
    const i = keys[place]! % 16_777_216;
    const customer = who[i]!;
    result.customer[place] = customer;
    result.at[place] = when[i]!;
    result.cancelled[place] = isCancelled[i]!;
    result.value[place] = Math.max(0.01, Math.round(100 * draw.gamma(process.gammaGamma.p, customers.nu[customer]!)) / 100);
  }
  return result;
}
