import { Worker } from 'node:worker_threads';
import type { LoadedRun } from './load.ts';
import { Lru } from './lru.ts';
import { Problem } from './problem.ts';
import type { FromKeeper, KeeperOptions, ReadyRun, Task, TaskResults, ToKeeper } from './protocol.ts';
import { type Outlook, Valuation } from './valuation.ts';

export interface KeeperEvents {
  /** A run took the place of the one before. */
  served(run: LoadedRun): void;
  /** The published run can't be served; the one before still is. */
  trouble(message: string): void;
  recovered(): void;
}

const mostWaiting = 256;

/** A run as requests see it. It never changes: a request that holds it finishes with it, whatever is published meanwhile. */
export interface Served {
  readonly loaded: LoadedRun;
  readonly valuation: Valuation;
  /** Rows by value; remembered for the lists asked for last. @throws Problem (busy) */
  ranking(within: number, horizonDays: number): Promise<Uint32Array>;
  /** At once where they are stored. @throws Problem (busy) */
  outlooks(rows: Uint32Array, horizonDays: number): Outlook[] | Promise<Outlook[]>;
  /** Bodies made before. */
  readonly bodies: Lru<Promise<string>>;
}

/**
 * Keeps the newest run in memory: a thread of its own looks for it, reads it, ranks and scores, so that requests go on meanwhile. If the
 * thread dies it is started again, and what is served stays.
 */
export class Keeper {
  readonly #options: KeeperOptions;
  readonly #events: KeeperEvents;
  readonly #start: (options: KeeperOptions) => Worker;
  readonly #waiting = new Map<number, { resolve: (result: never) => void; reject: (error: Error) => void }>();
  #thread: Worker | null = null;
  #next = 1;
  #closed = false;
  served: Served | null = null;
  trouble: string | null = null;
  passedOver: string[] = [];

  constructor(options: KeeperOptions, events: KeeperEvents, start = startThread) {
    this.#options = options;
    this.#events = events;
    this.#start = start;
  }

  /** Resolves after the first look, whatever it found. */
  start(): Promise<void> {
    return new Promise((resolve) => this.#spawn(resolve));
  }

  async close(): Promise<void> {
    this.#closed = true;
    const thread = this.#thread;
    if (!thread) return;
    const ended = new Promise<void>((resolve) => thread.once('exit', () => resolve()));
    this.#post({ kind: 'stop' });
    const timer = setTimeout(() => thread.terminate(), 5000);
    await ended;
    clearTimeout(timer);
  }

  #spawn(looked: () => void): void {
    const thread = this.#start(this.#options);
    this.#thread = thread;
    thread.on('message', (message: FromKeeper) => {
      this.#hear(message);
      if (message.kind === 'run' || message.kind === 'well' || message.kind === 'trouble') looked();
    });
    thread.on('error', (error) => this.#inTrouble('the thread that reads runs died', String(error.stack)));
    thread.on('exit', () => {
      if (!this.#closed) this.#inTrouble('the thread that reads runs ended', 'the thread that reads runs ended; starting another');
      this.#thread = null;
      for (const { reject } of this.#waiting.values()) reject(busy());
      this.#waiting.clear();
      looked();
      if (!this.#closed) setTimeout(() => !this.#closed && this.#spawn(() => {}), 1000).unref();
    });
    if (this.served) this.#post({ kind: 'adopt', loaded: this.served.loaded });
  }

  #hear(message: FromKeeper): void {
    if (message.kind === 'run') {
      this.served = this.#serve(message.ready);
      this.#recovered(message.ready.passedOver);
      this.#events.served(message.ready.loaded);
    } else if (message.kind === 'well') this.#recovered(message.passedOver);
    else if (message.kind === 'trouble') this.#inTrouble(message.what, message.message);
    else {
      const waiting = this.#waiting.get(message.id);
      this.#waiting.delete(message.id);
      if (message.kind === 'done') waiting?.resolve(message.result as never);
      else if (message.kind === 'gone') waiting?.reject(busy());
      else waiting?.reject(new Error(message.message));
    }
  }

  #recovered(passedOver: string[]): void {
    const before = this.trouble;
    this.trouble = null;
    this.passedOver = passedOver;
    if (before !== null) this.#events.recovered();
  }

  #told = '';

  #inTrouble(what: string, message: string): void {
    const isNew = this.trouble === null || this.#told !== message;
    this.trouble = what;
    this.#told = message;
    if (isNew) this.#events.trouble(message);
  }

  #serve({ loaded, first }: ReadyRun): Served {
    const valuation = new Valuation(loaded.customers, loaded.model);
    const run = loaded.reference.manifest;
    const rankings = new Lru<Promise<Uint32Array>>(16);
    const key = (within: number, horizonDays: number) => `${within} ${horizonDays}`;
    rankings.get(key(first.within, loaded.model.horizonDays), () => Promise.resolve(first.ranked));
    return {
      loaded,
      valuation,
      ranking: (within, horizonDays) =>
        remembered(rankings, key(within, horizonDays), () => this.#ask({ kind: 'rank', run, within, horizonDays })),
      outlooks: (rows, horizonDays) =>
        valuation.isAtHand({ horizonDays })
          ? valuation.outlooks(rows, { horizonDays })
          : this.#ask({ kind: 'outlooks', run, rows, horizonDays }),
      bodies: new Lru(64),
    };
  }

  #ask<K extends Task['kind']>(task: Task & { kind: K }): Promise<TaskResults[K]> {
    if (this.#thread === null || this.#waiting.size >= mostWaiting) return Promise.reject(busy());
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#post({ kind: 'task', id, task });
    });
  }

  #post(message: ToKeeper): void {
    this.#thread?.postMessage(message);
  }
}

function startThread(workerData: KeeperOptions): Worker {
  return new Worker(new URL('./keeper-thread.ts', import.meta.url), { workerData });
}

/** As `lru.get`, but what failed is made anew. */
export function remembered<V>(lru: Lru<Promise<V>>, key: string, make: () => Promise<V>): Promise<V> {
  const made = lru.get(key, make);
  made.catch(() => lru.delete(key));
  return made;
}

function busy(): Problem {
  return new Problem('busy', 'Too much is being computed.', { headers: { 'retry-after': '1' } });
}
