import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { noteUsed, replaceFile } from './cache.ts';
import { type Columns, type Engine, identifier } from './engine.ts';
import type { ColumnType, Model } from './model.ts';

const columnShape = z.object({
  table: z.string(),
  column: z.string(),
  type: z.enum(['text', 'number', 'time', 'flag']),
  rows: z.number(),
  nulls: z.number(),
  /** Exact; only of texts with few values, of flags, and of keys without a unique test, else null. */
  distinct: z.number().nullable(),
  /** Of numbers and times only: a text could be anything. */
  min: z.union([z.number(), z.string()]).nullable(),
  max: z.union([z.number(), z.string()]).nullable(),
  /** Values that look wrong: below zero (prices, costs, ages), at or after the wall, '' and the word 'null'. */
  negative: z.number(),
  future: z.number(),
  empty: z.number(),
  literalNull: z.number(),
});

/** What one column of a staging table holds; no value of a text is shown. Raw tables are not profiled: they know what lies past the wall. */
export type ColumnProfile = z.infer<typeof columnShape>;

export interface ProfileOptions {
  engine: Engine;
  models: Model[];
  /** As `materialize` gives them. */
  keys: Record<string, string>;
  /** First instant that does not count, UTC, 'YYYY-MM-DD HH:MM:SS'. */
  wall: string;
  /** The profile is kept here by content key. */
  folder: string;
}

/** Columns with at most about so many values have them counted. */
const few = 1000;
/** A key of a larger table is not counted: half a second for two million rows. */
const many = 1_000_000;

/**
 * Profiles the staging tables that were made, at most two queries a table; the same rows are not profiled twice.
 * @throws QueryError naming the table.
 */
export async function profileTables({ models, keys, wall, folder, engine }: ProfileOptions): Promise<ColumnProfile[]> {
  const staging = models.filter((model) => model.layer === 'staging' && keys[model.name]);
  const inputs = [staging.map((model) => [model.name, keys[model.name], untestedKey(model)]), wall, columnShape.keyof().options];
  const key = createHash('sha256').update(JSON.stringify(inputs)).digest('hex');
  const path = join(folder, `profile-${key.slice(0, 16)}.profile.json`);
  const kept = await stored(path);
  const profiles = kept ?? (await Promise.all(staging.map((model) => profile(engine, model, wall)))).flat();
  if (!kept) await replaceFile(path, JSON.stringify(profiles));
  await noteUsed(folder, 'profile', key);
  return profiles;
}

async function stored(path: string): Promise<ColumnProfile[] | null> {
  try {
    return z.array(columnShape).parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return null;
  }
}

/** A key with a unique test needs no second count. */
function untestedKey({ key, tests }: Model): string[] {
  return key.length === 1 && !tests.some((test) => test.kind === 'unique' && test.columns.join() === key[0]) ? key : [];
}

const kinds: Record<ColumnType, ColumnProfile['type']> = {
  ...{ string: 'text', int64: 'number', float64: 'number', numeric: 'number' },
  ...{ bool: 'flag', date: 'time', timestamp: 'time' },
} as const;

async function profile(engine: Engine, model: Model, wall: string): Promise<ColumnProfile[]> {
  const { name: table } = model;
  const label = `profile of ${table}`;
  const columns = model.columns.map(({ name, type }) => ({ name, type: kinds[type] }));
  const aggregates = columns.flatMap(({ name, type }, i) => {
    const x = identifier(name);
    const count = (condition: string) => `count(*) filter (where ${condition})`;
    const odd = (applies: boolean, condition: string) => (applies ? count(condition) : '0');
    const range = type === 'number' || type === 'time';
    return [
      `${count(`${x} is null`)} as nulls_${i}`,
      `${type === 'text' && !isId(name) ? `approx_count_distinct(${x})` : type === 'flag' ? '2' : 'null'} as about_${i}`,
      `${range ? `min(${x})` : 'null'} as min_${i}`,
      `${range ? `max(${x})` : 'null'} as max_${i}`,
      `${odd(type === 'number' && neverNegative(name), `${x} < 0`)} as negative_${i}`,
      `${odd(type === 'time', `${x} >= timestamp '${wall}'`)} as future_${i}`,
      `${odd(type === 'text', `${x} = ''`)} as empty_${i}`,
      `${odd(type === 'text', `${x} in ('null', 'NULL', 'Null')`)} as literal_${i}`,
    ];
  });
  const found = await engine.columns(`select count(*) as total,\n${aggregates.join(',\n')}\nfrom ${identifier(table)}`, label);
  const one = (name: string) => found[name]![0]!;
  const alone = Number(one('total')) <= many ? untestedKey(model) : [];
  const isFew = (about: unknown) => typeof about === 'number' && about <= few;
  const counted = columns.filter(({ name }, i) => alone.includes(name) || isFew(found[`about_${i}`]![0])).map(({ name }) => name);
  const distinct = await distinctOf(engine, table, counted, label);
  return columns.map(({ name, type }, i) => ({
    ...{ table, column: name, type, rows: Number(one('total')), nulls: Number(one(`nulls_${i}`)) },
    ...{
      distinct: distinct.get(name) ?? null,
      min: one(`min_${i}`) as string | number | null,
      max: one(`max_${i}`) as string | number | null,
    },
    ...{ negative: Number(one(`negative_${i}`)), future: Number(one(`future_${i}`)) },
    ...{ empty: Number(one(`empty_${i}`)), literalNull: Number(one(`literal_${i}`)) },
  }));
}

async function distinctOf(engine: Engine, relation: string, names: string[], label: string): Promise<Map<string, number>> {
  if (names.length === 0) return new Map();
  const counts = names.map((name, i) => `count(distinct ${identifier(name)}) as d${i}`);
  const found: Columns = await engine.columns(`select ${counts.join(', ')} from ${identifier(relation)}`, label);
  return new Map(names.map((name, i) => [name, found[`d${i}`]![0] as number]));
}

function isId(name: string): boolean {
  return name.endsWith('_id');
}

/** Degrees may be below zero; the other numbers of a shop may not. */
function neverNegative(name: string): boolean {
  return !/latitude|longitude/.test(name);
}
