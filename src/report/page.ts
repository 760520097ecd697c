import { z } from 'zod';
import type { Result } from '#contract/analysis.ts';
import { LookbookError } from '#contract/error.ts';
import type { Report } from '#contract/report.ts';
import type { Cell } from '#contract/row.ts';
import type { Capability, Shop } from '#contract/shop.ts';

/** Result of an analysis that the source can't feed. */
export interface Unavailable {
  unavailable: Capability[];
}

/** One analysis in a report. */
export interface Section {
  analysis: { id: string; area: string; question: string; params: Record<string, Cell> };
  result: Result | Unavailable;
  /** Text of the analysis' narrative.hbs. */
  narrative: string;
}

/** Age of one raw table. */
export interface Freshness {
  table: string;
  rows: number;
  /** Newest timestamp that counts, ISO 8601 UTC; null for tables without one. */
  newest: string | null;
  status: 'fresh' | 'late' | 'empty';
}

/** A data test of the models, as the quality box and the appendix print it. */
export interface TestLine {
  model: string;
  test: string;
  status: 'passed' | 'warned' | 'failed';
  /** Rows that break the test. */
  failures: number;
}

export interface Quality {
  passed: number;
  warned: number;
  failed: number;
  tests: TestLine[];
}

/** What the appendix needs to name a metric. */
export interface Definition {
  id: string;
  label: string;
  words: string;
  sql: string;
}

/** What a report knows about its run: plain JSON. */
export interface RunInfo {
  shop: Shop;
  /** Last day that counts, 'YYYY-MM-DD'. */
  asOf: string;
  /** Monday of the week reported. */
  week: string;
  /** First and last day of the week reported. */
  period: { first: string; last: string };
  /** Newest order in the snapshot, ISO 8601 UTC; null for a shop without orders. */
  dataAsOf: string | null;
  generator: { name: string; version: string };
  seed: number;
  parameters: Record<string, Cell>;
  quality: Quality;
  freshness: Freshness[];
  /** SHA-256 of the run's inputs, in hex. */
  manifestHash: string;
  /** Rendered SQL of the analyses' inputs, by name ('sales-trends/weekly.sql'). */
  sql: { name: string; text: string }[];
  definitions: Definition[];
  changes: { kind: 'data' | 'definition' | 'code'; text: string }[];
  /** Printed across each page when data tests failed. */
  watermark?: string;
}

/** All that a report is made of. */
export interface PageModel {
  report: Report;
  sections: Section[];
  run: RunInfo;
}

export function isAvailable(result: Result | Unavailable): result is Result {
  return !('unavailable' in result);
}

const id = z.string().regex(/^[a-z0-9]+(?:[-_][a-z0-9]+)*$/, 'lower-case words joined by - or _');
const text = z.string().trim().min(1);
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}/, 'YYYY-MM-DD');
const cell = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const row = z.record(z.string(), cell);
const unit = z.enum(['money', 'count', 'share', 'ratio', 'days', 'hours']);
const polarity = z.enum(['up', 'down', 'none']);
const level = z.enum(['high', 'medium', 'low']);
const interval = z.object({ low: z.number(), high: z.number(), basis: text }).refine((i) => i.low <= i.high, 'low must not exceed high');

const metric = z.object({
  id,
  definition: text,
  label: text,
  value: z.number().nullable(),
  unit,
  polarity,
  n: z.number().nonnegative(),
  period: text,
  comparisons: z.array(z.object({ label: text, value: z.number().nullable() })),
  interval: interval.optional(),
  expected: z
    .object({ low: z.number(), high: z.number(), basis: text, standing: z.enum(['above', 'inside', 'below', 'unknown']) })
    .optional(),
  history: z
    .array(z.object({ date: day, value: z.number().nullable(), low: z.number().nullable(), high: z.number().nullable() }))
    .optional(),
});

const finding = z.object({
  id,
  claim: text,
  detail: text,
  kind: z.enum(['change', 'state', 'nothing']),
  effect: z.object({ value: z.number(), unit, interval: interval.optional() }).optional(),
  evidence: z.object({ level, rule: text, p: z.number().min(0).max(1).optional(), n: z.number().nonnegative() }),
  stake: z.object({ value: z.number(), low: z.number(), high: z.number(), basis: text, once: z.boolean().optional() }).nullable(),
  direction: z.enum(['good', 'bad', 'neutral']),
  polarity: polarity.optional(),
  action: z.object({ do: text, why: text, owner: text, within: z.enum(['this week', 'this month', 'this quarter']) }).optional(),
  proof: text,
});

const figure = z.object({
  id,
  title: text,
  subtitle: text,
  alt: text,
  width: z.enum(['full', 'half']),
  rows: z.array(row),
  spec: z.looseObject({ $schema: text }),
  narrow: z.looseObject({ $schema: text }).optional(),
  half: z.looseObject({ $schema: text }).optional(),
  note: z.string().optional(),
});

const columnType = z.enum(['text', 'date', 'money', 'count', 'share', 'ratio', 'days', 'hours', 'change', 'points', 'bar']);
const table = z.object({
  id,
  title: text,
  subtitle: text,
  columns: z
    .array(z.object({ key: text, label: z.string(), type: columnType, polarity: polarity.optional(), signed: z.boolean().optional() }))
    .min(1),
  rows: z.array(row),
  total: row.optional(),
  note: z.string().optional(),
});

const result = z
  .object({
    headline: text,
    summary: text,
    metrics: z.array(metric),
    findings: z.array(finding),
    figures: z.array(figure),
    tables: z.array(table),
    caveats: z.array(text),
    omitted: z.record(z.string(), text),
    method: z.object({ text: z.array(text), tested: z.number().nonnegative(), called: z.number().nonnegative() }),
  })
  .superRefine((value, context) => {
    const issue = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message });
    unique('metrics', value.metrics, issue);
    unique('findings', value.findings, issue);
    unique('figures', [...value.figures, ...value.tables], issue);
    const shown = new Set([...value.figures, ...value.tables].map((x) => x.id).concat(Object.keys(value.omitted)));
    value.findings.forEach((f, i) => {
      if (!shown.has(f.proof)) issue(['findings', i, 'proof'], `no figure, table or omitted entry called '${f.proof}'`);
    });
    value.tables.forEach((t, i) => {
      const first = t.rows[0];
      for (const column of first ? t.columns : []) {
        if (!(column.key in first!)) issue(['tables', i, 'columns'], `no column '${column.key}' in the rows of table '${t.id}'`);
      }
    });
    if (value.method.called > value.method.tested) issue(['method', 'called'], 'more called than tested');
  });

const section = z.object({
  analysis: z.object({ id, area: text, question: text, params: row }),
  result: z.union([z.object({ unavailable: z.array(text).min(1) }), result]),
  narrative: z.string(),
});

const run = z.object({
  shop: z.object({ id, name: text, currency: text.length(3), timezone: text, locale: text, capabilities: z.array(text) }),
  asOf: day,
  week: day,
  period: z.object({ first: day, last: day }),
  dataAsOf: z.string().nullable(),
  generator: z.object({ name: text, version: text }),
  seed: z.number(),
  parameters: row,
  quality: z.object({
    passed: z.number(),
    warned: z.number(),
    failed: z.number(),
    tests: z.array(z.object({ model: text, test: text, status: z.enum(['passed', 'warned', 'failed']), failures: z.number() })),
  }),
  freshness: z.array(
    z.object({ table: text, rows: z.number(), newest: z.string().nullable(), status: z.enum(['fresh', 'late', 'empty']) }),
  ),
  manifestHash: text,
  sql: z.array(z.object({ name: text, text: z.string() })),
  definitions: z.array(z.object({ id: text, label: text, words: text, sql: z.string() })),
  changes: z.array(z.object({ kind: z.enum(['data', 'definition', 'code']), text })),
  watermark: z.string().optional(),
});

const report = z.object({ id, title: text, reader: text, depth: z.enum(['overview', 'in-depth']), sections: z.array(id).min(1) });

/**
 * Checks a page model before it is rendered, so that no page holds a hole: missing words, NaN, a proof, a column or a definition that is not there.
 * @throws LookbookError('render') that names the analysis and the path of each fault (at most ten).
 */
export function checkPage(model: PageModel): void {
  const complaints: { what: string; where: string }[] = [];
  const check = (schema: z.ZodType, value: unknown, where: string) => {
    const outcome = schema.safeParse(value);
    if (outcome.success) return;
    for (const issue of outcome.error.issues) complaints.push({ what: issue.message, where: [where, ...issue.path.map(String)].join('.') });
  };
  check(report, model.report, 'report');
  check(run, model.run, 'run');
  const defined = new Set(model.run.definitions.map(({ id }) => id));
  for (const [i, part] of model.sections.entries()) {
    const name = `analysis ${part?.analysis?.id ?? i}`;
    const { result: outcome, ...rest } = part;
    check(section.omit({ result: true }), rest, name);
    if (outcome && 'unavailable' in outcome) check(section.shape.result, outcome, `${name}.result`);
    else {
      check(result, outcome, `${name}.result`);
      for (const { id, definition } of outcome?.metrics ?? []) {
        if (!defined.has(definition))
          complaints.push({ what: `no definition '${definition}' in the metric register`, where: `${name}.result.metrics.${id}` });
      }
    }
  }
  if (complaints.length) throw new LookbookError('render', complaints.slice(0, 10));
}

function unique(kind: string, list: { id: string }[], issue: (path: (string | number)[], message: string) => void): void {
  const seen = new Set<string>();
  list.forEach((item, i) => {
    if (seen.has(item.id)) issue([kind, i, 'id'], `id '${item.id}' is used twice`);
    seen.add(item.id);
  });
}
