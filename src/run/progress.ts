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
  /** Columns of a terminal, which shows the steps under way in its last line; null where there is none, as in CI. */
  columns: number | null;
  write: (text: string) => void;
  now: () => number;
}

export function progress({ quiet, columns, write, now }: ProgressOptions): Progress {
  const timings: Record<string, number> = {};
  const underWay = new Set<string>();
  const put = (text: string) => {
    if (!quiet) write(`${columns === null ? '' : clear}${text}\n${status()}`);
  };
  const status = () => (columns === null || underWay.size === 0 ? '' : fitted(`… ${[...underWay].join(', ')}`, columns));
  return {
    timings,
    line: put,
    async step(name, work) {
      const start = now();
      let what = '';
      underWay.add(name);
      if (!quiet && columns !== null) write(`${clear}${status()}`);
      try {
        const result = await work((text) => {
          what = text;
        });
        timings[name] = (now() - start) / 1000;
        underWay.delete(name);
        put(`${(timings[name] ?? 0).toFixed(1).padStart(5)} s  ${name}${what ? `: ${what}` : ''}`);
        return result;
      } catch (error) {
        underWay.clear();
        if (!quiet && columns !== null) write(clear);
        throw error;
      }
    },
  };
}

const clear = '\r\x1b[K';

/** A line that wraps can't be overwritten. */
function fitted(text: string, columns: number): string {
  return text.length < columns ? text : `${text.slice(0, Math.max(1, columns - 2))}…`;
}
