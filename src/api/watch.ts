import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { LookbookError } from '#contract/error.ts';
import { type PublishedRun, publishedRuns } from '#run/artifacts.ts';
import type { RunReference } from './artifact-file.ts';
import type { FromKeeper, KeeperOptions, ToKeeper, Waiting } from './protocol.ts';
import { chooseRun } from './run-choice.ts';

/** One thing that runs are kept for, as the thread that keeps them does it. */
export interface Part<Loaded, Held, Ready, Task> {
  /** Artifacts that a run must carry. */
  needs: readonly string[];
  load(run: PublishedRun): Promise<Loaded>;
  reference(loaded: Loaded): RunReference;
  /** Makes a run ready to be asked: one just read, or one that another thread had. */
  hold(loaded: Loaded): Held;
  /** What is told of a run that is to be served. @param isFirst nothing is served yet, so that haste is called for. */
  ready(loaded: Loaded, held: Held, isFirst: boolean): Ready | Promise<Ready>;
  /** Answers tasks that came in together; `held` by the hash of a manifest. */
  work(tasks: Waiting<Task>[], held: ReadonlyMap<string, Held>): void;
  /** Ends what goes on besides. */
  stop?(): void;
}

const retryAfterLooks = 5;
const longestRequest = 15_000;

/** Runs in a thread of its own: looks for the newest run of a part, reads it, and works on what it is asked, until it is told to stop. */
export function watch<Loaded, Held, Ready, Task>(part: Part<Loaded, Held, Ready, Task>): void {
  const { out, shop, asOf, every } = workerData as KeeperOptions;
  const port = parentPort!;
  const say = (message: FromKeeper<Ready>) => port.postMessage(message);
  const holding = new Map<string, Held>();
  const waiting: Waiting<Task>[] = [];
  let current: RunReference | null = null;
  let pinned = shop;
  let isStopping = false;
  let next: NodeJS.Timeout | undefined;

  port.on('message', (message: ToKeeper<Loaded, Task>) => {
    if (message.kind === 'stop') {
      isStopping = true;
      clearTimeout(next);
      part.stop?.();
      port.close();
    } else if (message.kind === 'adopt') adopt(message.loaded, part.hold(message.loaded));
    else {
      if (waiting.length === 0) setImmediate(() => part.work(waiting.splice(0), holding));
      waiting.push(message);
    }
  });

  /** Requests that began under the run before may still ask of it for a while; then its memory is given back. */
  function adopt(loaded: Loaded, held: Held): void {
    const reference = part.reference(loaded);
    holding.set(reference.manifest, held);
    current = reference;
    const old = [...holding.keys()].filter((manifest) => manifest !== reference.manifest);
    setTimeout(() => {
      for (const manifest of old) if (manifest !== current?.manifest) holding.delete(manifest);
    }, longestRequest).unref();
  }

  let seen: string | null = null;
  let looksInTrouble = 0;
  let looksBetween = 0;

  async function look(): Promise<void> {
    // What a killed run left between its renames stays: after two looks it is no reason to wait.
    looksBetween = isBetweenRenames() ? looksBetween + 1 : 0;
    if (looksBetween === 1 || looksBetween === 2) return;
    const now = traces();
    if (now === seen && (looksInTrouble === 0 || ++looksInTrouble <= retryAfterLooks)) return;
    let runs: PublishedRun[] = [];
    try {
      runs = publishedRuns(out);
      const shops = new Set(runs.map((run) => run.shop));
      if (shops.size === 1) pinned ??= runs[0]!.shop;
      const { run, passedOver } = chooseRun(runs, { shop: pinned, asOf }, part.needs, join(out, 'site'));
      refuseUnreadable(
        run.shop,
        run.asOf,
        runs.filter((one) => one.shop === run.shop).map((one) => one.asOf),
      );
      if (current?.manifest === run.manifest) say({ kind: 'well', passedOver });
      else {
        const loaded = await part.load(run);
        const held = part.hold(loaded);
        const ready = await part.ready(loaded, held, current === null);
        adopt(loaded, held);
        say({ kind: 'run', ready, passedOver });
      }
      looksInTrouble = 0;
    } catch (error) {
      looksInTrouble = 1;
      const what = error instanceof LookbookError ? (error.complaints[0]?.what ?? 'a run cannot be read') : 'a run cannot be read';
      const message = error instanceof LookbookError ? error.message : String((error as Error).stack);
      const isAbsent = current === null && !runs.some((run) => part.needs.every((name) => Object.hasOwn(run.artifacts, name)));
      say({ kind: 'trouble', what, message, isAbsent });
    }
    seen = now;
  }

  /** A publication is moved into place by two renames; between them the day seems gone. */
  function isBetweenRenames(): boolean {
    return shopFolders().some((folder) => entries(folder).some((name) => name.endsWith('.old')));
  }

  /** Changes when any manifest does; only a reason to look, never to trust. */
  function traces(): string {
    return shopFolders()
      .flatMap((folder) => entries(folder).map((name) => join(folder, name, 'manifest.json')))
      .map(traceOf)
      .join('\n');
  }

  /** A newer day whose manifest can't be read is trouble, not a reason to go back to an older one in silence. */
  function refuseUnreadable(id: string, chosen: string, readable: string[]): void {
    if (asOf !== null) return;
    const days = entries(join(out, 'site', id)).filter((name) => /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(name) && name > chosen);
    const lost = days.find((day) => !readable.includes(day) && entries(join(out, 'site', id, day)).includes('manifest.json'));
    if (lost === undefined) return;
    const where = join(out, 'site', id, lost, 'manifest.json');
    throw new LookbookError('source', { what: 'the manifest of the newest run cannot be read', where, mend: 'make the run again' });
  }

  function shopFolders(): string[] {
    return shop === null ? entries(join(out, 'site')).map((name) => join(out, 'site', name)) : [join(out, 'site', shop)];
  }

  function again(): void {
    void look().finally(() => {
      if (!isStopping) next = setTimeout(again, every);
    });
  }

  again();
}

function traceOf(file: string): string {
  try {
    const { ino, size, mtimeMs } = statSync(file);
    return `${file} ${ino} ${size} ${mtimeMs}`;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? '';
  }
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}
