/** Tells a person what a run is doing; always on standard error, so that standard output carries results alone. */
export interface Progress {
  /** Runs a step and reports how long it took; `say` adds what it did. */
  step<T>(name: string, work: (say: (what: string) => void) => Promise<T> | T): Promise<T>;
  line(text: string): void;
  /** Seconds a step took, by name, in order. */
  timings: Record<string, number>;
}

export interface ProgressOptions {
  quiet: boolean;
  /** A terminal shows the step that is under way and overwrites it. */
  terminal: boolean;
  write: (text: string) => void;
  now: () => number;
}

export function progress({ quiet, terminal, write, now }: ProgressOptions): Progress {
  const timings: Record<string, number> = {};
  const clear = terminal ? '\r\x1b[K' : '';
  const put = (text: string) => {
    if (!quiet) write(`${clear}${text}\n`);
  };
  return {
    timings,
    line: put,
    async step(name, work) {
      const start = now();
      let what = '';
      if (terminal && !quiet) write(`${clear}… ${name}`);
      const result = await work((text) => {
        what = text;
      });
      timings[name] = (now() - start) / 1000;
      put(`${(timings[name] ?? 0).toFixed(1).padStart(5)} s  ${name}${what ? `: ${what}` : ''}`);
      return result;
    },
  };
}
