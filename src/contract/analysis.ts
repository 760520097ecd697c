import type { ColumnTable } from 'arquero';
import type { Figure } from './figure.ts';
import type { Finding } from './finding.ts';
import type { Formatter } from './format.ts';
import type { Metric } from './metric.ts';
import type { Cell } from './row.ts';
import type { Capability, Shop } from './shop.ts';
import type { Table } from './table.ts';

/** What an analysis may know besides its tables. There is no clock and no random source but these. */
export interface Context {
  shop: Shop;
  /** Last day that counts, inclusive, 'YYYY-MM-DD' in the shop's timezone. */
  asOf: string;
  /** Monday of the last complete ISO week on or before `asOf`. */
  week: string;
  seed: number;
  params: Record<string, Cell>;
  format: Formatter;
  /** Where an analysis keeps what it has fetched from outside by configuration, by its content; absent where nothing may be kept. */
  kept?: string;
}

/**
 * Where an input comes from: a .sql file beside the analysis, a table of the models' own metadata, or a relation or export of another
 * analysis ('value-model:scores'). SQL reads those too: `{{relation 'value-model' 'scores'}}`; that makes the graph of a run.
 */
export type Input = `${string}.sql` | `catalog:${CatalogTable}` | `${string}:${string}`;

/**
 * A table that an analysis hands on, to the SQL of others and of its own exports. Columns have one length; a Float64Array is a DOUBLE, an
 * Int32Array an INTEGER, a list a VARCHAR. Numbers are finite; for what is not known leave the row out.
 */
export type Relation = Record<string, Float64Array | Int32Array | (string | null)[]>;

/** What is stored with the run and served by the API: plain JSON, or bytes. */
export type Artifact = Uint8Array | string | number | boolean | null | readonly Artifact[] | { readonly [name: string]: Artifact };

/** The warehouse's own metadata: models, columns, relationships, data tests with results, profiles, and what was left out. */
export type CatalogTable = 'models' | 'columns' | 'relationships' | 'tests' | 'profile' | 'exclusions';

/** How the numbers were made, for the appendix. */
export interface Method {
  /** Paragraphs, made with `prose`. */
  text: string[];
  /** Number of hypotheses (series, categories, …) that were tested for a signal. */
  tested: number;
  /** Number of them that were called. */
  called: number;
  /** What computed it where that is found out at run time, for the manifest: 'wasm 4.22.0'. */
  engine?: string;
}

/** What an analysis gives back: plain JSON. */
export interface Result {
  /** Claim of the section, made with `prose`; at most about 12 words. */
  headline: string;
  /** One to three sentences under the headline, made with `prose`. */
  summary: string;
  metrics: Metric[];
  findings: Finding[];
  figures: Figure[];
  tables: Table[];
  /** Limits that a reader must know, made with `prose`. */
  caveats: string[];
  /** Figures and tables that this shop can't fill, by id, with the reason. */
  omitted: Record<string, string>;
  method: Method;
  /** Tables for the SQL of other analyses and of this one's exports, by name. */
  relations?: Record<string, Relation>;
  /** Fitted parameters, an embedding index: stored with the run by name, served by the API. Bytes only at the top. */
  artifacts?: Record<string, Artifact>;
}

export interface Analysis<Made extends Result | Promise<Result> = Result | Promise<Result>> {
  id: string;
  area: 'data' | 'sales' | 'products' | 'regions' | 'website' | 'customers' | 'value' | 'recommendations';
  /** Asked as a stakeholder would. */
  question: string;
  /** Without one of these the report says what is missing and which table would unlock it. */
  requires: Capability[];
  /** Defaults; a run may override them by configuration. */
  params: Record<string, Cell>;
  inputs: Record<string, Input>;
  /**
   * Tables that are stored with the run as Parquet and served by the API: name → a .sql file beside the analysis, which may read its own
   * relations and ends in a total `order by`. They never pass through `run`, whatever their size.
   */
  exports?: Record<string, `${string}.sql`>;
  /** Pure: the same tables and context give the same result. */
  run(tables: Record<string, ColumnTable>, context: Context): Made;
}

export function defineAnalysis<Made extends Result | Promise<Result>>(analysis: Analysis<Made>): Analysis<Made> {
  return analysis;
}
