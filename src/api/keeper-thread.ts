import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { LookbookError } from '#contract/error.ts';
import { publishedRuns } from '#run/artifacts.ts';
import { type LoadedRun, loadRun, needed } from './load.ts';
import type { FromKeeper, KeeperOptions, ToKeeper } from './protocol.ts';
import { chooseRun } from './run-choice.ts';
import { Valuation } from './valuation.ts';

const { out, shop, asOf, every } = workerData as KeeperOptions;
const port = parentPort!;
const listed = 90;
const retryAfterLooks = 5;
const longestRequest = 15_000;
const valuations = new Map<string, Valuation>();
const say = (message: FromKeeper) => port.postMessage(message);

/** Tasks that came in since the last turn. */
type Waiting = ToKeeper & { kind: 'task' };
const waiting: Waiting[] = [];
let current: LoadedRun['reference'] | null = null;
let isStopping = false;
let next: NodeJS.Timeout | undefined;

port.on('message', (message: ToKeeper) => {
  if (message.kind === 'stop') {
    isStopping = true;
    clearTimeout(next);
    port.close();
  } else if (message.kind === 'adopt') adopt(message.loaded);
  else {
    if (waiting.length === 0) setImmediate(work);
    waiting.push(message);
  }
});

/** What came in together is scored together, for a call costs more than a customer. */
function work(): void {
  const together = Map.groupBy(waiting.splice(0), ({ id, task }) => (task.kind === 'rank' ? id : `${task.run} ${task.horizonDays}`));
  for (const batch of together.values()) {
    try {
      answer(batch);
    } catch (error) {
      for (const { id } of batch) say({ kind: 'failed', id, message: (error as Error).message });
    }
  }
}

function answer(batch: Waiting[]): void {
  const { id: only, task: first } = batch[0]!;
  const valuation = valuations.get(first.run);
  if (!valuation) {
    for (const { id } of batch) say({ kind: 'gone', id });
    return;
  }
  if (first.kind === 'rank') {
    say({ kind: 'done', id: only, result: valuation.ranking(first.within, first) });
    return;
  }
  const rows = batch.map(({ task }) => (task.kind === 'outlooks' ? task.rows : new Uint32Array()));
  const outlooks = valuation.outlooks(
    rows.flatMap((some) => [...some]),
    first,
  );
  let at = 0;
  for (const [i, { id }] of batch.entries()) {
    const end = at + rows[i]!.length;
    say({ kind: 'done', id, result: outlooks.slice(at, end) });
    at = end;
  }
}

/** Requests that began under the run before may still ask of it for a while; then its memory is given back. */
function adopt({ reference, customers, model }: LoadedRun): Valuation {
  const valuation = new Valuation(customers, model);
  valuations.set(reference.manifest, valuation);
  current = reference;
  const old = [...valuations.keys()].filter((manifest) => manifest !== reference.manifest);
  setTimeout(() => {
    for (const manifest of old) if (manifest !== current?.manifest) valuations.delete(manifest);
  }, longestRequest).unref();
  return valuation;
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
  try {
    const runs = publishedRuns(out);
    const { run, passedOver } = chooseRun(runs, { shop: shop ?? current?.shop ?? null, asOf }, needed, join(out, 'site'));
    refuseUnreadable(
      run.shop,
      run.asOf,
      runs.filter((one) => one.shop === run.shop).map((one) => one.asOf),
    );
    if (current?.manifest === run.manifest) say({ kind: 'well', passedOver });
    else {
      const loaded = await loadRun(run);
      const valuation = adopt(loaded);
      const ranked = valuation.ranking(listed, loaded.model);
      say({ kind: 'run', ready: { loaded, first: { within: listed, ranked }, passedOver } });
    }
    looksInTrouble = 0;
  } catch (error) {
    looksInTrouble = 1;
    const what = error instanceof LookbookError ? (error.complaints[0]?.what ?? 'a run cannot be read') : 'a run cannot be read';
    say({ kind: 'trouble', what, message: error instanceof LookbookError ? error.message : String((error as Error).stack) });
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

function traceOf(file: string): string {
  try {
    const { ino, size, mtimeMs } = statSync(file);
    return `${file} ${ino} ${size} ${mtimeMs}`;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? '';
  }
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

function entries(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

function watch(): void {
  void look().finally(() => {
    if (!isStopping) next = setTimeout(watch, every);
  });
}

watch();
