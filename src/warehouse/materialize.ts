import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Entry, fileOf, noteBuilt, readIndex, writeIndex } from './cache.ts';
import { duckdbVersion } from './duckdb.ts';
import { type Engine, identifier, literal } from './engine.ts';
import { parquet } from './export.ts';
import { limited } from './limited.ts';
import type { Model } from './model.ts';
import { renderSql } from './render.ts';

/** A raw table of the snapshot: its Parquet file and what stands for its content. */
export interface RawTable {
  path: string;
  fingerprint: string;
}

/** The instants and the zone that a model's SQL may depend on; see RenderContext. */
export interface Moment {
  wall: string;
  asOf: string;
  week: string;
  timezone: string;
}

export interface Decision {
  model: string;
  decision: 'built' | 'reused';
  /** 'nothing changed', 'first run', 'sql changed', 'model changed (stg_orders)', 'input changed (orders)', 'as-of changed' … */
  why: string;
  /** Milliseconds that the model took; 0 when reused. */
  took: number;
}

export interface PlanOptions extends Moment {
  /** Each after those that it reads, as `loadModels` gives them. */
  models: Model[];
  snapshot: Record<string, RawTable>;
  /** Models wanted; they and what they read are made. All by default. */
  need?: string[];
}

export interface MaterializeOptions extends PlanOptions {
  engine: Engine;
  /** Holds the Parquet of the tables and index.json; made if absent. */
  folder: string;
  /** Called at the end, in the order of the models. */
  log?: (decision: Decision) => void;
}

/** In the order of the models. */
export interface Materialized {
  built: string[];
  reused: string[];
  /** SHA-256 of all that a model's rows depend on, for each model that was made, views too. */
  keys: Record<string, string>;
}

/**
 * Makes the wanted models and what they read: afterwards each is a relation of its name, each raw table `raw_<name>`. A table is
 * written once, as `<folder>/<model>-<key>.parquet` ordered by its key, and found again while its key stays the same; the bytes do
 * not depend on threads or folder.
 * @throws QueryError naming the model; Error for an unknown model or a raw table that is not in the snapshot.
 */
export async function materialize(options: MaterializeOptions): Promise<Materialized> {
  const { engine, folder, log } = options;
  const plans = planned(options, engine.version);
  await mkdir(folder, { recursive: true });
  const index = await readIndex(folder);
  await exposeRaw(options, plans);
  const decisions = new Map<string, Decision>();
  const ready = new Map<string, Promise<void>>();
  const gate = limited(2);
  const make = async (plan: Plan): Promise<void> => {
    await Promise.all(plan.model.refs.map((ref) => ready.get(ref)));
    const name = plan.model.name;
    if (plan.model.materialized === 'view') return createView(engine, name, plan.sql);
    const last = index.models[name];
    const kept = await intact(folder, plan, index.files[fileOf(name, plan.key)]);
    let took = 0;
    if (kept !== 'intact') {
      const start = performance.now();
      index.files[fileOf(name, plan.key)] = await gate(() => write(engine, folder, plan));
      took = performance.now() - start;
    }
    await createView(engine, name, `select * from read_parquet(${literal(join(folder, fileOf(name, plan.key)))})`);
    const decision = kept === 'intact' ? 'reused' : 'built';
    decisions.set(name, { model: name, decision, why: explain(plan, last, kept, plans, index.models), took });
  };
  for (const plan of plans.values()) ready.set(plan.model.name, make(plan));
  const outcomes = await Promise.allSettled(ready.values());
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (!failed) for (const plan of plans.values()) noteBuilt(index, plan.model.name, plan.entry);
  await writeIndex(folder, index);
  const inOrder = [...plans.keys()].flatMap((name) => decisions.get(name) ?? []);
  for (const decision of inOrder) log?.(decision);
  if (failed) throw failed.reason;
  const named = (decision: Decision['decision']) => inOrder.filter((d) => d.decision === decision).map(({ model }) => model);
  return { built: named('built'), reused: named('reused'), keys: keysOf(plans) };
}

/**
 * The keys that `materialize` would give, without an engine and without making anything.
 * @throws Error for an unknown model or a raw table that is not in the snapshot.
 */
export function modelKeys(options: PlanOptions, engineVersion: string = duckdbVersion): Record<string, string> {
  return keysOf(planned(options, engineVersion));
}

function keysOf(plans: Map<string, Plan>): Record<string, string> {
  return Object.fromEntries([...plans].map(([name, { key }]) => [name, key]));
}

interface Plan {
  model: Model;
  sql: string;
  key: string;
  entry: Entry;
}

function wanted(models: Model[], need: string[] = models.map((model) => model.name)): Model[] {
  const byName = new Map(models.map((model) => [model.name, model]));
  const all = new Set<string>();
  const visit = (name: string): void => {
    const model = byName.get(name);
    if (!model) throw new Error(`there is no model '${name}'`);
    if (all.has(name)) return;
    all.add(name);
    model.refs.forEach(visit);
  };
  need.forEach(visit);
  return models.filter((model) => all.has(model.name));
}

function planned(options: PlanOptions, engine: string): Map<string, Plan> {
  const { snapshot, wall, asOf, week, timezone } = options;
  const plans = new Map<string, Plan>();
  for (const model of wanted(options.models, options.need)) {
    const sql = renderSql(model.sql, {
      ...{ dialect: 'duckdb', wall, asOf, week, timezone, label: model.name },
      ref: identifier,
      source: (name) => identifier(`raw_${name}`),
    });
    const sources = model.sources.map((name) => {
      const raw = snapshot[name];
      if (!raw) throw new Error(`${model.name}: the snapshot has no table '${name}'`);
      return [name, raw.fingerprint];
    });
    const entry: Entry = {
      ...{ key: '', template: hash(model.sql), sql: hash(sql), moment: { wall, asOf, week, timezone }, engine },
      refs: Object.fromEntries(model.refs.map((name) => [name, plans.get(name)!.key])),
      sources: Object.fromEntries(sources),
    };
    entry.key = hash(JSON.stringify([entry.sql, model.key, model.materialized, entry.refs, entry.sources, entry.engine, parquet]));
    plans.set(model.name, { model, sql, key: entry.key, entry });
  }
  return plans;
}

async function write(engine: Engine, folder: string, { model, sql, key }: Plan): Promise<{ bytes: number; sha256: string }> {
  const path = join(folder, fileOf(model.name, key));
  const partial = `${path}.tmp-${process.pid}`;
  try {
    const order = model.key.map(identifier).join(', ');
    await engine.run(`copy (select * from (${sql}\n) as rows order by ${order}) to ${literal(partial)} (${parquet})`, model.name);
    const content = await readFile(partial);
    await rename(partial, path);
    return { bytes: content.length, sha256: hash(content) };
  } finally {
    await rm(partial, { force: true });
  }
}

async function intact(folder: string, { model, key }: Plan, known: { bytes: number; sha256: string } | undefined) {
  const path = join(folder, fileOf(model.name, key));
  const found = await stat(path).catch(() => null);
  if (!found) return 'missing';
  if (!known || found.size !== known.bytes) return 'damaged';
  return hash(await readFile(path)) === known.sha256 ? 'intact' : 'damaged';
}

async function exposeRaw({ engine, snapshot }: MaterializeOptions, plans: Map<string, Plan>): Promise<void> {
  for (const name of new Set([...plans.values()].flatMap(({ model }) => model.sources))) {
    await createView(engine, `raw_${name}`, `select * from read_parquet(${literal(snapshot[name]!.path)})`);
  }
}

function createView(engine: Engine, name: string, sql: string): Promise<void> {
  return engine.run(`create or replace view ${identifier(name)} as ${sql}`, name);
}

function explain(
  plan: Plan,
  last: Entry | undefined,
  kept: 'intact' | 'missing' | 'damaged',
  plans: Map<string, Plan>,
  before: Record<string, Entry>,
): string {
  if (!last) return kept === 'intact' ? 'found from an earlier run' : 'first run';
  if (last.key === plan.key) return kept === 'intact' ? 'nothing changed' : `its file is ${kept}`;
  if (kept === 'intact') return 'found from an earlier run';
  return causes(plan, plans, before, new Set([plan.model.name])).join(', ');
}

/** What changed since the last run, followed through the models that this one reads. */
function causes(plan: Plan, plans: Map<string, Plan>, before: Record<string, Entry>, seen: Set<string>, depth = 0): string[] {
  const { model, entry } = plan;
  const last = before[model.name];
  const own = depth === 0 ? 'sql changed' : `model changed (${model.name})`;
  if (!last) return [depth === 0 ? 'first run' : `model is new (${model.name})`];
  const found = new Set<string>();
  if (last.engine !== entry.engine) return ['engine changed'];
  if (last.template !== entry.template) found.add(own);
  else if (last.sql !== entry.sql) {
    const { asOf, wall, week, timezone } = entry.moment;
    const { moment } = last;
    if (moment.timezone !== timezone) found.add('timezone changed');
    else found.add(moment.asOf !== asOf || moment.wall !== wall || moment.week !== week ? 'as-of changed' : own);
  }
  for (const [name, fingerprint] of Object.entries(entry.sources)) {
    if (last.sources[name] !== fingerprint) found.add(`input changed (${name})`);
  }
  for (const [ref, key] of Object.entries(entry.refs)) {
    if (last.refs[ref] === key || seen.has(ref)) continue;
    seen.add(ref);
    for (const cause of causes(plans.get(ref)!, plans, before, seen, depth + 1)) found.add(cause);
  }
  return found.size > 0 ? [...found].sort() : [own];
}

function hash(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
