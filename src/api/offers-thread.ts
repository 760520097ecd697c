import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import { parentPort } from 'node:worker_threads';
import type { PublishedRun } from '#run/artifacts.ts';
import { Adviser, type Wish } from './adviser.ts';
import { loadOffers, neededToRecommend } from './offers.ts';
import { type OfferedRun, usualK } from './offers-keeper.ts';
import type { Outcome, Waiting } from './protocol.ts';
import { emptyShelf, put, type Shelf } from './shelf.ts';
import { watch } from './watch.ts';

/** Customers for whom lists are made ahead, at most; the others' are made when they are asked for, and stay. */
const mostAhead = 200_000;
/** How long a run that replaces another is kept back, so that it doesn't begin with empty shelves. */
const headStartMilliseconds = 3000;
/** Lists are made ahead for so long, then there is as long a rest: half a processor at most. */
const stretchMilliseconds = 10;

const say = (outcome: Outcome) => parentPort!.postMessage(outcome);
const fresh = new WeakMap<OfferedRun, Adviser>();
const runOf = new WeakMap<Adviser, OfferedRun>();
/** Counts up to end a filling of shelves: that of a run which another takes the place of. */
let filling = 0;

watch({
  needs: neededToRecommend,
  async load(run: PublishedRun): Promise<OfferedRun> {
    const { offers, index } = await loadOffers(run);
    const shelves = { customers: emptyShelf(offers.residents.count, usualK), products: emptyShelf(offers.products.count, usualK) };
    const loaded = { offers, shelves, progress: new Int32Array(new SharedArrayBuffer(8)) };
    fresh.set(loaded, new Adviser(offers, index));
    return loaded;
  },
  reference: ({ offers }) => offers.reference,
  hold(loaded) {
    const adviser = fresh.get(loaded) ?? new Adviser(loaded.offers);
    runOf.set(adviser, loaded);
    if (!fresh.has(loaded)) void fill(adviser);
    return adviser;
  },
  async ready(loaded, adviser, isFirst) {
    if (isFirst) void fill(adviser);
    else
      await Promise.race([
        fill(adviser, performance.now() + headStartMilliseconds),
        sleep(headStartMilliseconds, undefined, { ref: false }),
      ]);
    return loaded;
  },
  work(tasks: Waiting<Wish>[], held: ReadonlyMap<string, Adviser>) {
    for (const { id, run, task } of tasks) {
      const adviser = held.get(run);
      if (!adviser) {
        say({ kind: 'gone', id });
        continue;
      }
      try {
        const result = adviser.list(task);
        shelve(adviser, task, result);
        say({ kind: 'done', id, result });
      } catch (error) {
        say({ kind: 'failed', id, message: (error as Error).message });
      }
    }
  },
  stop() {
    filling++;
  },
});

type Result = ReturnType<Adviser['list']>;

function shelve(adviser: Adviser, wish: Wish, list: Result): void {
  const { customers, products } = runOf.get(adviser)!.shelves;
  if (wish.k !== usualK) return;
  if (wish.kind === 'similar') put(products, wish.product, list);
  if (wish.kind === 'customer' && wish.exclude.length === 0) put(customers, wish.customer, list);
}

/**
 * Makes lists ahead, one customer and one product in turn, while nothing is asked; those likely to be asked for come first.
 * @param restless until when to make no rest.
 */
async function fill(adviser: Adviser, restless = 0): Promise<void> {
  const own = ++filling;
  const { shelves, progress } = runOf.get(adviser)!;
  const people = adviser.customers().subarray(0, mostAhead);
  const goods = adviser.products();
  progress.set([0, people.length + goods.length]);
  let begun = performance.now();
  const make = async (shelf: Shelf, row: number | undefined, wish: (row: number) => Wish) => {
    if (row === undefined) return;
    if (shelf.state[row] === 0) put(shelf, row, adviser.list(wish(row)));
    progress[0]!++;
    const now = performance.now();
    if (now - begun < stretchMilliseconds || now < restless) return turn();
    await sleep(now - begun);
    begun = performance.now();
  };
  for (let i = 0; i < Math.max(people.length, goods.length) && own === filling; i++) {
    await make(shelves.customers, people[i], (customer) => ({ kind: 'customer', customer, k: usualK, exclude: [] }));
    await make(shelves.products, goods[i], (product) => ({ kind: 'similar', product, k: usualK }));
  }
}
