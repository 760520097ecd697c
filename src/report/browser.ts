import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import { LookbookError } from '#contract/error.ts';
import { systemBrowsers } from './system-browser.ts';
import { unpackBrowser } from './unpack.ts';

const run = promisify(execFile);

export interface BrowserOptions {
  /** A Chrome or Chromium to use instead of the pinned one. */
  executable?: string | undefined;
  /** Environment to read CHROME_PATH and PATH from. */
  env?: Record<string, string | undefined> | undefined;
  /** Pages printed at once. */
  concurrency?: number | undefined;
  /** Milliseconds that one page may take. */
  timeout?: number | undefined;
  /** Told each browser that was launched, for tests and for manifests. */
  onLaunch?: ((browser: Browser) => void) | undefined;
}

/** Own flags: no network of its own, no first-run work, nothing that loosens web security. */
const flags = [
  '--headless',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-dev-shm-usage',
  '--disable-domain-reliability',
  '--disable-extensions',
  '--disable-gpu',
  '--disable-sync',
  '--font-render-hinting=none',
  '--force-color-profile=srgb',
  '--host-resolver-rules=MAP * ~NOTFOUND',
  '--lang=en-US',
  '--metrics-recording-only',
  '--mute-audio',
  '--no-default-browser-check',
  '--no-first-run',
  '--no-pings',
];

interface Found {
  executable: string;
  env: Record<string, string>;
}

/**
 * One browser for all reports. A crash is survived once: the browser is launched again and the page is made anew; a second crash is
 * an error that says so.
 */
export class PrintBrowser {
  readonly #options: BrowserOptions;
  #found: Promise<Found> | undefined;
  #browser: Promise<Browser> | undefined;
  #launches = 0;

  constructor(options: BrowserOptions = {}) {
    this.#options = options;
  }

  /** The browser's own version: 'HeadlessChrome/153.0…'. */
  async version(): Promise<string> {
    const browser = await this.#current();
    return whileConnected(browser, () => browser.version());
  }

  /**
   * Runs a task in a page of its own.
   * @throws LookbookError('render') when there is no browser, or it crashed twice.
   */
  async withPage<T>(task: (page: Page) => Promise<T>): Promise<T> {
    for (let attempt = 0; ; attempt += 1) {
      const browser = await this.#current();
      try {
        return await inPage(browser, task);
      } catch (error) {
        if (error instanceof LookbookError || !isCrash(error, browser)) throw error;
        if (!browser.connected) this.#forget(browser);
        if (attempt > 0 || this.#launches > 1) throw crashed(error);
      }
    }
  }

  async close(): Promise<void> {
    const browser = await this.#browser?.catch(() => undefined);
    this.#browser = undefined;
    if (browser) await whileConnected(browser, () => browser.close()).catch(() => undefined);
  }

  #forgotten = new WeakSet<Browser>();

  #forget(browser: Browser): void {
    if (this.#forgotten.has(browser)) return;
    this.#forgotten.add(browser);
    this.#browser = undefined;
  }

  #current(): Promise<Browser> {
    this.#browser ??= this.#launch();
    return this.#browser;
  }

  async #launch(): Promise<Browser> {
    this.#launches += 1;
    this.#found ??= find(this.#options);
    const { executable, env } = await this.#found;
    const timeout = Math.min(this.#options.timeout ?? longestStart, longestStart);
    try {
      const launched = puppeteer.launch({
        executablePath: executable,
        ignoreDefaultArgs: true,
        args: [...flags, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), 'about:blank'],
        env,
        pipe: true,
        timeout,
        protocolTimeout: this.#options.timeout ?? 180_000,
        handleSIGINT: false,
        handleSIGTERM: false,
        handleSIGHUP: false,
      });
      const browser = await within(timeout, launched);
      this.#options.onLaunch?.(browser);
      return browser;
    } catch (cause) {
      throw new LookbookError(
        'render',
        {
          what: 'the browser did not start',
          where: executable,
          found: (cause as Error).message.split('\n')[0] ?? '',
          mend: 'name another Chrome or Chromium in CHROME_PATH; HTML reports need none (--format html)',
        },
        { cause },
      );
    }
  }
}

const longestStart = 30_000;

/** One that dies while it starts may leave its launch without an end. */
async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  const timer = new AbortController();
  const late = sleep(milliseconds, null, { signal: timer.signal }).then(() => {
    throw new Error(`no answer within ${milliseconds / 1000} seconds`);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    timer.abort();
    late.catch(() => undefined);
  }
}

async function inPage<T>(browser: Browser, task: (page: Page) => Promise<T>): Promise<T> {
  const page = await whileConnected(browser, () => browser.newPage());
  try {
    const crash = new Promise<never>((_, reject) => page.once('error', reject));
    crash.catch(() => undefined);
    return await whileConnected(browser, () => Promise.race([task(page), crash]));
  } finally {
    await whileConnected(browser, () => page.close()).catch(() => undefined);
  }
}

/** What a browser is asked may never be answered once it is gone: then this rejects. */
async function whileConnected<T>(browser: Browser, ask: () => Promise<T>): Promise<T> {
  let leave = () => {};
  const lost = new Promise<never>((_, reject) => {
    leave = () => reject(new Error('browser disconnected'));
  });
  lost.catch(() => undefined);
  browser.once('disconnected', leave);
  try {
    if (!browser.connected) leave();
    return await Promise.race([lost, ask()]);
  } finally {
    browser.off('disconnected', leave);
  }
}

function isCrash(error: unknown, browser: Browser): boolean {
  return (
    !browser.connected || /crashed|disconnected|target closed|session closed|connection closed/i.test(String((error as Error).message))
  );
}

function crashed(cause: unknown): LookbookError {
  return new LookbookError(
    'render',
    {
      what: 'the browser crashed twice while printing',
      found: (cause as Error).message,
      mend: 'free memory (about 0.5 GB is needed) or name another Chrome in CHROME_PATH; or make HTML alone (--format html); the last published reports are as they were',
    },
    { cause },
  );
}

async function find({ executable, env: outer = process.env }: BrowserOptions): Promise<Found> {
  const env = environment(outer);
  const named = executable ?? outer.CHROME_PATH;
  if (named) {
    if (existsSync(named)) return { executable: named, env };
    throw new LookbookError('render', {
      what: 'there is no browser at the path given',
      where: named,
      mend: 'correct CHROME_PATH, or unset it to use the pinned browser',
    });
  }
  if (process.platform === 'linux' && process.arch === 'x64') {
    const pinned = await unpackBrowser();
    if (await lacksLibraries(pinned.executable)) env.LD_LIBRARY_PATH = pinned.libraries;
    if (!existsSync('/etc/fonts/fonts.conf')) env.FONTCONFIG_PATH = pinned.fonts;
    return { executable: pinned.executable, env };
  }
  const system = systemBrowsers(process.platform, outer).find((path) => existsSync(path));
  if (system) return { executable: system, env };
  throw new LookbookError('render', {
    what: 'no Chrome or Chromium was found for printing PDF',
    where: `${process.platform} ${process.arch}`,
    mend: 'install Google Chrome or Chromium, or name one in CHROME_PATH; HTML reports need none (--format html)',
  });
}

/** The same for each user and machine, so that it prints the same. */
function environment(outer: Record<string, string | undefined>): Record<string, string> {
  const kept = ['PATH', 'HOME', 'USERPROFILE', 'SYSTEMROOT', 'TMPDIR', 'TEMP', 'TMP', 'LOCALAPPDATA'];
  const own = Object.fromEntries(kept.flatMap((name) => (outer[name] === undefined ? [] : [[name, outer[name]]])));
  return { ...own, TZ: 'UTC', LANG: 'en_US.UTF-8' };
}

async function lacksLibraries(executable: string): Promise<boolean> {
  const outcome = await run('ldd', [executable]).catch(() => ({ stdout: '' }));
  return outcome.stdout.includes('not found');
}
