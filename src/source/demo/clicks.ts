import { random } from '../random.ts';
import type { Items } from './baskets.ts';
import type { Calendar } from './calendar.ts';
import type { Customers } from './customers.ts';
import type { Purchases } from './purchases.ts';
import { chooseView, type Shelves } from './shelf.ts';
import { strayShare, tastes } from './tastes.ts';
import type { Sessions } from './traffic.ts';

export const eventTypes = ['home', 'department', 'product', 'cart', 'cancel', 'purchase'] as const;
const [home, department, product, cart, cancel, purchase] = [0, 1, 2, 3, 4, 5] as const;

/** How sessions without an order end: left at once, looked at a department, at products, left a full cart, emptied it. */
const endings = {
  known: [0.34, 0.16, 0.34, 0.1, 0.06],
  anonymous: [0.6, 0.13, 0.19, 0.05, 0.03],
};

/** Columns, a row an event, session by session; the index plus one is the id. */
export interface Clicks {
  count: number;
  session: Int32Array;
  sequence: Int32Array;
  type: Int32Array;
  at: Int32Array;
  /** Product of the page, or whose department page it is; −1 elsewhere. */
  product: Int32Array;
}

/** Writes out each session's events with theLook's grammar: home, department, product …, cart, then cancel or purchase. */
export function clicks(
  sessions: Sessions,
  purchases: Purchases,
  items: Items,
  customers: Customers,
  shelves: Shelves,
  calendar: Calendar,
  seed: number,
): Clicks {
  const draw = random(seed, 'clicks');
  let capacity = Math.max(1024, sessions.count * 3);
  let columns = Array.from({ length: 5 }, () => new Int32Array(capacity));
  let count = 0;
  const types: number[] = [];
  const pages: number[] = [];
  const page = (type: number, ref: number) => {
    types.push(type);
    pages.push(ref);
  };

  for (let s = 0; s < sessions.count; s++) {
    const customer = sessions.customer[s]!;
    const order = sessions.order[s]!;
    const hint = sessions.hint[s]!;
    const at = sessions.at[s]!;
    types.length = 0;
    pages.length = 0;
    const look = () => {
      const taste = draw.uniform() < strayShare ? draw.integer(tastes.length) : customers.taste[customer]!;
      return chooseView(shelves.at(at, customers.gender[customer]!, taste), draw);
    };
    if (order >= 0) {
      const from = items.first[order]!;
      const to = items.first[order + 1]!;
      if (draw.uniform() < 0.7) page(home, -1);
      if (draw.uniform() < 0.8) page(department, items.product[from]!);
      for (let j = from; j < to; j++) page(product, items.product[j]!);
      if (draw.uniform() < 0.3) page(product, look());
      page(cart, -1);
      page(purchase, -1);
    } else {
      const ending = draw.categorical(sessions.isAnonymous[s] === 1 ? endings.anonymous : endings.known);
      const seen = hint >= 0 ? hint : look();
      if (ending === 0) {
        if (hint >= 0 || draw.uniform() < 0.5) page(product, seen);
        else page(home, -1);
      } else {
        if (ending === 1 || draw.uniform() < 0.3) page(home, -1);
        if (ending === 1 || draw.uniform() < 0.5) page(department, seen);
        if (ending > 1) {
          page(product, seen);
          for (let more = draw.poisson(0.45); more > 0; more--) page(product, look());
        }
        if (ending > 2) page(cart, -1);
        if (ending > 3) page(cancel, -1);
      }
    }
    if (count + types.length > capacity) {
      capacity = 2 * capacity + types.length;
      columns = columns.map((old) => {
        const wider = new Int32Array(capacity);
        wider.set(old);
        return wider;
      });
    }
    const begin = count;
    let spent = 0;
    for (let e = 0; e < types.length; e++) {
      if (e > 0) spent += 8 + Math.floor(draw.exponential(1 / 70));
      columns[0]![count] = s;
      columns[1]![count] = e + 1;
      columns[2]![count] = types[e]!;
      columns[3]![count] = spent;
      columns[4]![count] = pages[e]!;
      count++;
    }
    // A purchase ends at its order and begins after the sign-up; another session that would outlast the shop ends with it.
    const room = order >= 0 ? purchases.at[order]! - customers.signup[customer]! - 1 : calendar.close - 1 - at;
    const squeeze = spent > room ? Math.max(0, room) / spent : 1;
    const start = order >= 0 ? purchases.at[order]! - Math.floor(spent * squeeze) : at;
    for (let e = begin; e < count; e++) columns[3]![e] = start + Math.floor(columns[3]![e]! * squeeze);
  }
  const [session, sequence, type, moment, ref] = columns.map((column) => column.subarray(0, count)) as [
    Int32Array,
    Int32Array,
    Int32Array,
    Int32Array,
    Int32Array,
  ];
  return { count, session, sequence, type, at: moment, product: ref };
}
