import type { Wish } from './adviser.ts';
import type { Listed } from './listed.ts';
import { Lru } from './lru.ts';
import type { Offers } from './offers.ts';
import type { KeeperOptions } from './protocol.ts';
import { type Shelf, take } from './shelf.ts';
import { type KeeperEvents, remembered, type Start, starter, ThreadKeeper } from './thread-keeper.ts';

/** Places of the lists that are made ahead. */
export const usualK = 10;

export interface OfferedRun {
  offers: Offers;
  /** Lists of customers and of products, by row; filled while nothing else is asked. */
  shelves: { customers: Shelf; products: Shelf };
  /** Shared: how many lists of those to be made ahead are there, and how many those are. */
  progress: Int32Array;
}

/** Share of the lists to be made ahead that are there. */
export function madeAhead({ progress }: OfferedRun): number {
  const [made = 0, wanted = 0] = progress;
  return wanted === 0 ? 0 : made / wanted;
}

/** A run's recommender as requests see it. It never changes, but that lists are put on its shelves. */
export interface ServedOffers {
  readonly loaded: OfferedRun;
  /** At once where it was made ahead. @throws Problem (busy) */
  list(wish: Wish): Listed | Promise<Listed>;
}

/** Keeps the recommender. */
export class OffersKeeper extends ThreadKeeper<OfferedRun, OfferedRun, Wish, ServedOffers> {
  constructor(options: KeeperOptions, events: KeeperEvents<OfferedRun>, start: Start = starter('./offers-thread.ts')) {
    super(options, events, start);
  }

  protected serve(loaded: OfferedRun): ServedOffers {
    const { offers, shelves } = loaded;
    const run = offers.reference.manifest;
    const made = new Lru<Promise<Listed>>(1024);
    const askFor = (wish: Wish) => remembered(made, JSON.stringify(wish), () => this.ask<Listed>(run, wish));
    return {
      loaded,
      list(wish) {
        if (wish.kind === 'customer') return take(shelves.customers, wish.customer, wish.k, wish.exclude) ?? askFor(wish);
        if (wish.kind === 'similar') return take(shelves.products, wish.product, wish.k, []) ?? askFor(wish);
        return askFor(wish);
      },
    };
  }
}
