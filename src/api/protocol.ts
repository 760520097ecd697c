/** What a thread that keeps runs is started with. */
export interface KeeperOptions {
  /** Output folder of the runs, absolute. */
  out: string;
  shop: string | null;
  asOf: string | null;
  /** Milliseconds between two looks at the manifests. */
  every: number;
}

/** A task under way. */
export interface Waiting<Task> {
  kind: 'task';
  id: number;
  /** The manifest's hash of the run that is asked. */
  run: string;
  task: Task;
}

export type ToKeeper<Loaded, Task> = Waiting<Task> | { kind: 'adopt'; loaded: Loaded } | { kind: 'stop' };

/** The end of a task. */
export type Outcome =
  | { kind: 'done'; id: number; result: unknown }
  /** The run has long been replaced. */
  | { kind: 'gone'; id: number }
  | { kind: 'failed'; id: number; message: string };

export type FromKeeper<Ready> =
  | { kind: 'run'; ready: Ready; passedOver: string[] }
  /** Nothing is wrong, or no longer. */
  | { kind: 'well'; passedOver: string[] }
  /** The run that stands published can't be served. `what` names no path. `isAbsent`: no run carries what is needed, and none did. */
  | { kind: 'trouble'; what: string; message: string; isAbsent: boolean }
  | Outcome;
