import Handlebars from 'handlebars';
import { LookbookError } from '#contract/error.ts';
import type { Cell } from '#contract/row.ts';
import type { Dialect } from './dialect/helper.ts';
import { helpers } from './dialect/index.ts';

/** Everything that a .sql template may depend on. */
export interface RenderContext {
  dialect: Dialect;
  /** Relation of a model: a quoted name, or any SQL that can follow `from`. */
  ref: (name: string) => string;
  /** Relation of a raw table of the snapshot. */
  source: (name: string) => string;
  /** Relation that another analysis hands on; absent where there is none to read. */
  relation?: (analysis: string, name: string) => string;
  /** First instant that does not count, UTC, 'YYYY-MM-DD HH:MM:SS'. */
  wall: string;
  /** Last day that counts, 'YYYY-MM-DD' in the shop's timezone. */
  asOf: string;
  /** Monday of the last complete ISO week, 'YYYY-MM-DD'. */
  week: string;
  /** IANA zone in which days, weeks and hours are cut. */
  timezone: string;
  /** Values of `{{param 'name'}}`. */
  params?: Record<string, Cell>;
  /** Model or query named in an error. */
  label?: string;
}

/** Templates see helpers only; not even Object's own properties. */
const nothing: object = Object.assign(Object.create(null), { [Symbol.toPrimitive]: () => 'the helpers' });
const builtIn = ['ref', 'source', 'relation', 'wall', 'as_of', 'week', 'param'];
const parametersOf: Record<string, string[]> = { ref: ['name'], source: ['name'], param: ['name'], relation: ['analysis', 'name'] };
const knownHelpers = Object.fromEntries([...builtIn, ...Object.keys(helpers)].map((name) => [name, true]));

/**
 * SQL of a template for one engine. Besides the dialect helpers (see dialect/), a template knows `{{ref 'model'}}`,
 * `{{source 'table'}}`, `{{relation 'analysis' 'name'}}`, `{{wall}}` (TIMESTAMP), `{{as_of}}` and `{{week}}` (DATE), and `{{param 'name'}}` (a literal).
 * @throws LookbookError naming the model for an unknown helper, model, table or parameter, or a wrong number of arguments.
 */
export function renderSql(template: string, context: RenderContext): string {
  try {
    const known = checked(context);
    const engine = Handlebars.create();
    for (const [name, { args, [known.dialect]: write }] of Object.entries(helpers)) {
      engine.registerHelper(name, (...given: unknown[]) => write(exactly(name, args, given.slice(0, -1)), known));
    }
    const registered: Record<string, (...given: string[]) => string> = {
      ref: (name) => known.ref(plainName('model', name)),
      source: (name) => known.source(plainName('raw table', name)),
      relation: (analysis, name) => {
        if (!known.relation) throw new Error('relations of analyses can be read by queries of analyses only');
        return known.relation(String(analysis), String(name));
      },
      wall: () => (known.dialect === 'duckdb' ? `timestamp '${known.wall}'` : `timestamp '${known.wall}+00'`),
      as_of: () => `date '${known.asOf}'`,
      week: () => `date '${known.week}'`,
      param: (name) => parameter(known, String(name)),
    };
    for (const [name, write] of Object.entries(registered)) {
      const args = parametersOf[name] ?? [];
      engine.registerHelper(name, (...given: unknown[]) => write(...exactly(name, args, given.slice(0, -1))));
    }
    return engine.compile(template, { noEscape: true, strict: true, knownHelpers, knownHelpersOnly: true })(nothing);
  } catch (error) {
    if (error instanceof LookbookError) throw error;
    throw new LookbookError(
      'usage',
      {
        what: `this SQL template cannot be rendered: ${error instanceof Error ? error.message : String(error)}`,
        where: context.label ?? 'query',
        mend: `helpers are ${Object.keys(knownHelpers).join(', ')}`,
      },
      { cause: error },
    );
  }
}

function checked(context: RenderContext): RenderContext {
  const shapes: [keyof RenderContext, RegExp][] = [
    ['wall', /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/],
    ['asOf', /^\d{4}-\d\d-\d\d$/],
    ['week', /^\d{4}-\d\d-\d\d$/],
    ['timezone', /^[A-Za-z][A-Za-z0-9_+\-/]*$/],
  ];
  for (const [key, shape] of shapes) {
    if (!shape.test(String(context[key]))) throw new Error(`${key} is '${String(context[key])}'`);
  }
  return context;
}

function exactly(name: string, args: string[], given: unknown[]): string[] {
  if (given.length !== args.length) throw new Error(`{{${name}}} takes (${args.join(', ')}), not ${given.length} arguments`);
  return given.map((value, i) => {
    if (typeof value !== 'string' && typeof value !== 'number') throw new Error(`{{${name}}}: ${args[i]} is not text`);
    return String(value);
  });
}

function plainName(kind: string, name: string | undefined): string {
  if (!name || !/^[a-z][a-z0-9_]*$/.test(name)) throw new Error(`'${name}' is not a name of a ${kind}`);
  return name;
}

function parameter({ params = {}, dialect }: RenderContext, name: string): string {
  const value = Object.hasOwn(params, name) ? params[name] : undefined;
  if (value === undefined) throw new Error(`no parameter '${name}'`);
  if (typeof value === 'string') return helpers.text![dialect]([value], { timezone: 'UTC' });
  if (typeof value === 'number' && !Number.isFinite(value)) throw new Error(`parameter '${name}' is ${value}`);
  return String(value);
}
