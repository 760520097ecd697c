import type { LoadedRun } from './load.ts';
import { Lru } from './lru.ts';
import type { KeeperOptions } from './protocol.ts';
import { type KeeperEvents, remembered, type Start, starter, ThreadKeeper } from './thread-keeper.ts';
import { type Outlook, Valuation } from './valuation.ts';

/** Work that would hold up other requests. */
export type ValueTask =
  | { kind: 'rank'; within: number; horizonDays: number }
  | { kind: 'outlooks'; rows: Uint32Array; horizonDays: number };

/** A run, ready to be served: with the list that is asked for most. */
export interface ReadyValues {
  loaded: LoadedRun;
  first: { within: number; ranked: Uint32Array };
}

/** A run as requests see it. It never changes: a request that holds it finishes with it, whatever is published meanwhile. */
export interface ServedValues {
  readonly loaded: LoadedRun;
  readonly valuation: Valuation;
  /** Rows by value; remembered for the lists asked for last. @throws Problem (busy) */
  ranking(within: number, horizonDays: number): Promise<Uint32Array>;
  /** At once where they are stored. @throws Problem (busy) */
  outlooks(rows: Uint32Array, horizonDays: number): Outlook[] | Promise<Outlook[]>;
  /** Bodies made before. */
  readonly bodies: Lru<Promise<string>>;
}

/** Keeps customers' values. */
export class ValueKeeper extends ThreadKeeper<LoadedRun, ReadyValues, ValueTask, ServedValues> {
  constructor(options: KeeperOptions, events: KeeperEvents<LoadedRun>, start: Start = starter('./value-thread.ts')) {
    super(options, events, start);
  }

  protected serve({ loaded, first }: ReadyValues): ServedValues {
    const valuation = new Valuation(loaded.customers, loaded.model);
    const run = loaded.reference.manifest;
    const rankings = new Lru<Promise<Uint32Array>>(16);
    const key = (within: number, horizonDays: number) => `${within} ${horizonDays}`;
    rankings.get(key(first.within, loaded.model.horizonDays), () => Promise.resolve(first.ranked));
    return {
      loaded,
      valuation,
      ranking: (within, horizonDays) =>
        remembered(rankings, key(within, horizonDays), () => this.ask(run, { kind: 'rank', within, horizonDays })),
      outlooks: (rows, horizonDays) =>
        valuation.isAtHand({ horizonDays })
          ? valuation.outlooks(rows, { horizonDays })
          : this.ask(run, { kind: 'outlooks', rows, horizonDays }),
      bodies: new Lru(64),
    };
  }
}
