import type { LoadedRun } from './load.ts';
import type { Outlook } from './valuation.ts';

/** What the thread that keeps the runs is started with. */
export interface KeeperOptions {
  /** Output folder of the runs, absolute. */
  out: string;
  shop: string | null;
  asOf: string | null;
  /** Milliseconds between two looks at the manifests. */
  every: number;
}

/** Work that would hold up other requests. `run` is the manifest's hash. */
export type Task =
  | { kind: 'rank'; run: string; within: number; horizonDays: number }
  | { kind: 'outlooks'; run: string; rows: Uint32Array; horizonDays: number };

export interface TaskResults {
  rank: Uint32Array;
  outlooks: Outlook[];
}

/** A run, ready to be served: with the list that is asked for most. */
export interface ReadyRun {
  loaded: LoadedRun;
  first: { within: number; ranked: Uint32Array };
  /** Newer days that lack customer value. */
  passedOver: string[];
}

export type ToKeeper = { kind: 'task'; id: number; task: Task } | { kind: 'adopt'; loaded: LoadedRun } | { kind: 'stop' };

export type FromKeeper =
  | { kind: 'run'; ready: ReadyRun }
  /** Nothing is wrong, or no longer. */
  | { kind: 'well'; passedOver: string[] }
  /** The run that stands published can't be served. `what` names no path. */
  | { kind: 'trouble'; what: string; message: string }
  | { kind: 'done'; id: number; result: TaskResults[Task['kind']] }
  /** The run has long been replaced. */
  | { kind: 'gone'; id: number }
  | { kind: 'failed'; id: number; message: string };
