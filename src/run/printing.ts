import { LookbookError } from '#contract/error.ts';
import { PrintBrowser } from '#report/browser.ts';
import type { Rendered } from '#report/html.ts';
import { printOne } from '#report/pdf.ts';
import type { Cache } from './cache.ts';
import { sha256 } from './hash.ts';
import type { Progress } from './progress.ts';

export interface PrintingOptions {
  cache: Cache;
  progress: Progress;
  /** Hash of the code that prints. */
  code: string;
  runtime: Record<string, string>;
  /** 'YYYY-MM-DD', stamped into the file in place of the clock. */
  date: string;
  /** 'Lookbook 0.1.0'. */
  producer: string;
}

const timeout = 180_000;

/** Prints reports with one browser, two at a time. Without a browser on this machine, the reports go without PDF. */
export class Printing implements AsyncDisposable {
  readonly #given: PrintingOptions;
  readonly #browser = new PrintBrowser({ timeout });
  #version: Promise<string> | null = null;
  readonly #waiting: (() => void)[] = [];
  #running = 0;
  /** Why there is no PDF; null while there is one. */
  missing: LookbookError | null = null;

  constructor(given: PrintingOptions) {
    this.#given = given;
  }

  /** Starts the browser ahead of time, while the processor waits for data. */
  warm(): void {
    this.#start().catch(() => {});
  }

  /** @returns the PDF, or null where there is no browser. @throws LookbookError (render) when the browser fails at the page. */
  async print(id: string, { html, title, lede, lang }: Rendered): Promise<Uint8Array | null> {
    const { cache, progress, code, runtime, date, producer } = this.#given;
    const parts = { page: sha256(html), printer: code, runtime: sha256(runtime), date, producer };
    const step = `${id}.pdf`;
    const kept = cache.find(step, parts);
    if (kept) return kept;
    try {
      await this.#start();
    } catch (error) {
      // One that has started and died since is started again where it prints.
      if (error instanceof LookbookError) {
        this.missing = error;
        return null;
      }
    }
    return this.#turn(() =>
      progress.step(step, async (say) => {
        const bytes = await this.#printed({ html, title, lang, subject: lede, producer, asOf: date });
        cache.store(step, parts, bytes);
        say(`${Math.round(bytes.length / 1024)} kB`);
        return bytes;
      }),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#version?.catch(() => null);
    await this.#browser.close();
  }

  #start(): Promise<string> {
    this.#version ??= this.#browser.version();
    return this.#version;
  }

  async #printed(job: Parameters<typeof printOne>[1]): Promise<Uint8Array> {
    try {
      return await this.#browser.withPage((page) => printOne(page, job, timeout));
    } catch (cause) {
      if (cause instanceof LookbookError) throw cause;
      throw new LookbookError(
        'render',
        { what: `the report could not be printed: ${(cause as Error).message}`, where: job.title },
        { cause },
      );
    }
  }

  async #turn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= 2) await new Promise<void>((go) => this.#waiting.push(go));
    this.#running += 1;
    try {
      return await work();
    } finally {
      this.#running -= 1;
      this.#waiting.shift()?.();
    }
  }
}
