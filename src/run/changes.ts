import { listed } from '#contract/prose.ts';
import type { Inputs } from './manifest.ts';

export interface Change {
  kind: 'data' | 'definition' | 'code';
  text: string;
}

/** What differs between this run and the report before it: data, definitions and code apart. */
export function changesSince(
  inputs: Pick<Inputs, 'previous' | 'source' | 'code' | 'definitions'>,
  count: (value: number) => string,
  date: (day: string) => string,
): Change[] {
  const { previous, source } = inputs;
  if (!previous) return [{ kind: 'data', text: 'This is the first report of this shop: there is no earlier one to compare with.' }];
  const since = `since the report of ${date(previous.asOf)}`;
  return [
    { kind: 'data', text: dataChange(previous, source, since, count) },
    { kind: 'definition', text: definitionChange(previous.definitions, inputs.definitions, since) },
    { kind: 'code', text: previous.code === inputs.code ? `The program is the same ${since}.` : `The program has changed ${since}.` },
  ];
}

function dataChange(
  previous: NonNullable<Inputs['previous']>,
  source: Inputs['source'],
  since: string,
  count: (value: number) => string,
): string {
  if (previous.fingerprint === source.fingerprint) return `The data is the same snapshot as before; only the date has moved ${since}.`;
  const tables = Object.keys(source.rows).filter((table) => (previous.rows[table] ?? 0) !== source.rows[table]);
  if (tables.length === 0) return `Rows were changed in place ${since}; no table has grown or shrunk.`;
  const moves = tables.map((table) => {
    const difference = (source.rows[table] as number) - (previous.rows[table] ?? 0);
    return `${table} ${difference > 0 ? '+' : '−'}${count(Math.abs(difference))} rows`;
  });
  return `New data ${since}: ${listed(moves)}.`;
}

function definitionChange(before: Record<string, string>, now: Record<string, string>, since: string): string {
  const added = Object.keys(now).filter((id) => !(id in before));
  const removed = Object.keys(before).filter((id) => !(id in now));
  const edited = Object.keys(now).filter((id) => id in before && before[id] !== now[id]);
  const parts = [
    ...(edited.length > 0 ? [`changed: ${listed(edited)}`] : []),
    ...(added.length > 0 ? [`added: ${listed(added)}`] : []),
    ...(removed.length > 0 ? [`removed: ${listed(removed)}`] : []),
  ];
  return parts.length > 0 ? `Definitions ${parts.join('; ')} ${since}.` : `All definitions are the same ${since}.`;
}
