import { parentPort } from 'node:worker_threads';
import { loadRun, needed } from './load.ts';
import type { Outcome, Waiting } from './protocol.ts';
import { Valuation } from './valuation.ts';
import type { ReadyValues, ValueTask } from './value-keeper.ts';
import { watch } from './watch.ts';

const listed = 90;
const say = (outcome: Outcome) => parentPort!.postMessage(outcome);

watch({
  needs: needed,
  load: loadRun,
  reference: ({ reference }) => reference,
  hold: ({ customers, model }) => new Valuation(customers, model),
  ready: (loaded, valuation): ReadyValues => ({ loaded, first: { within: listed, ranked: valuation.ranking(listed, loaded.model) } }),
  /** What came in together is scored together, for a call costs more than a customer. */
  work(tasks: Waiting<ValueTask>[], held: ReadonlyMap<string, Valuation>) {
    const together = Map.groupBy(tasks, ({ id, run, task }) => (task.kind === 'rank' ? id : `${run} ${task.horizonDays}`));
    for (const batch of together.values()) {
      try {
        answer(batch, held);
      } catch (error) {
        for (const { id } of batch) say({ kind: 'failed', id, message: (error as Error).message });
      }
    }
  },
});

function answer(batch: Waiting<ValueTask>[], held: ReadonlyMap<string, Valuation>): void {
  const { id: only, run, task: first } = batch[0]!;
  const valuation = held.get(run);
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
