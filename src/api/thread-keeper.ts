import { Worker } from 'node:worker_threads';
import type { Lru } from './lru.ts';
import { Problem } from './problem.ts';
import type { FromKeeper, KeeperOptions, ToKeeper } from './protocol.ts';

export interface KeeperEvents<Loaded> {
  /** A run took the place of the one before. */
  served(run: Loaded): void;
  /** The published run can't be served; the one before still is. */
  trouble(message: string): void;
  recovered(): void;
}

const mostWaiting = 256;

/** Starts the thread; another way in a test. */
export type Start = (options: KeeperOptions) => Worker;

export function starter(file: string): Start {
  return (workerData) => new Worker(new URL(file, import.meta.url), { workerData });
}

/**
 * Keeps the newest run of one part in memory: a thread of its own looks for it, reads it and computes, so that requests go on meanwhile. If
 * the thread dies it is started again, and what is served stays.
 */
export abstract class ThreadKeeper<Loaded, Ready, Task, Served extends { loaded: Loaded }> {
  readonly #options: KeeperOptions;
  readonly #events: KeeperEvents<Loaded>;
  readonly #start: Start;
  readonly #waiting = new Map<number, { resolve: (result: never) => void; reject: (error: Error) => void }>();
  #thread: Worker | null = null;
  #next = 1;
  #closed = false;
  #told = '';
  served: Served | null = null;
  trouble: string | null = null;
  /** No run carries this part, and none did: not a fault where others are served. */
  isAbsent = false;
  /** Newer days whose runs lack this part. */
  passedOver: string[] = [];

  constructor(options: KeeperOptions, events: KeeperEvents<Loaded>, start: Start) {
    this.#options = options;
    this.#events = events;
    this.#start = start;
  }

  protected abstract serve(ready: Ready): Served;

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

  /** @throws Problem (busy) where too much is waiting, the thread is gone, or the run has long been replaced. */
  protected ask<Result>(run: string, task: Task): Promise<Result> {
    if (this.#thread === null || this.#waiting.size >= mostWaiting) return Promise.reject(busy());
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#post({ kind: 'task', id, run, task });
    });
  }

  #spawn(looked: () => void): void {
    const thread = this.#start(this.#options);
    this.#thread = thread;
    thread.on('message', (message: FromKeeper<Ready>) => {
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

  #hear(message: FromKeeper<Ready>): void {
    if (message.kind === 'run') {
      this.served = this.serve(message.ready);
      this.#recovered(message.passedOver);
      this.#events.served(this.served.loaded);
    } else if (message.kind === 'well') this.#recovered(message.passedOver);
    else if (message.kind === 'trouble') this.#inTrouble(message.what, message.message, message.isAbsent);
    else {
      const waiting = this.#waiting.get(message.id);
      this.#waiting.delete(message.id);
      if (message.kind === 'done') waiting?.resolve(message.result as never);
      else if (message.kind === 'gone') waiting?.reject(busy());
      else waiting?.reject(new Error(message.message));
    }
  }

  #recovered(passedOver: string[]): void {
    const wasInTrouble = this.trouble !== null && !this.isAbsent;
    this.trouble = null;
    this.isAbsent = false;
    this.passedOver = passedOver;
    if (wasInTrouble) this.#events.recovered();
  }

  #inTrouble(what: string, message: string, isAbsent = false): void {
    const isNew = this.trouble === null || this.#told !== message;
    this.trouble = what;
    this.isAbsent = isAbsent;
    this.#told = message;
    if (isNew && !isAbsent) this.#events.trouble(message);
  }

  #post(message: ToKeeper<Loaded, Task>): void {
    this.#thread?.postMessage(message);
  }
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
