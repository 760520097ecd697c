import type { ColumnTable } from 'arquero';
import type { Relation } from '#contract/analysis.ts';
import type { Cell } from '#contract/row.ts';

/** Column name → values, all of one length. */
export type Columns = Record<string, Cell[]>;

/**
 * A SQL engine. Calls may overlap: each takes a connection of its own, so nothing but tables and views survives a call
 * (no temporary tables, no session settings). Rows keep the query's ORDER BY; end it in a total order.
 * Values: DECIMAL, BIGINT and DOUBLE as number, DATE as 'YYYY-MM-DD', TIMESTAMP as ISO 8601 UTC, NULL as null.
 */
export interface Engine {
  readonly kind: 'duckdb';
  /** Version of the engine; part of every cache key. */
  readonly version: string;
  /** @param label model or query named in an error. @throws QueryError */
  run(sql: string, label?: string): Promise<void>;
  /** @throws QueryError; Error when a number is beyond 2^53 or a type has no JS form. */
  columns(sql: string, label?: string): Promise<Columns>;
  /** `columns` as an Arquero table. */
  table(sql: string, label?: string): Promise<ColumnTable>;
  /** Writes columns as a new table, in their order. @throws RangeError for columns of different lengths or numbers that are not finite. */
  insert(table: string, relation: Relation): Promise<void>;
  /** Statements under way fail. */
  close(): void;
}

/** A statement that the engine refused: names the model or query, and quotes the line of its SQL where the engine tells it. */
export class QueryError extends Error {
  readonly label: string;
  /** 1-based line in the SQL; absent where the engine does not say. */
  readonly line?: number;

  constructor(label: string, sql: string, cause: unknown) {
    const text = cause instanceof Error ? cause.message : String(cause);
    const line = Number(/^LINE (\d+):/m.exec(text)?.[1] ?? Number.NaN);
    const quoted = sql.split('\n')[line - 1]?.trim();
    const message = text.split(/\n+LINE \d+:/)[0]!.trim();
    super(`${label}${quoted ? `, line ${line}` : ''}: ${message}${quoted ? `\n  ${quoted}` : ''}${advice(text)}`, { cause });
    this.name = 'QueryError';
    this.label = label;
    if (quoted) this.line = line;
  }
}

function advice(text: string): string {
  if (/No space left/i.test(text)) return '\n  to mend: free some disk space, or give another folder for the cache';
  if (/^Out of Memory/i.test(text)) return '\n  to mend: raise the memory limit, or free disk space for spilling';
  return '';
}

/** A name or path as a SQL string literal. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A name as a SQL identifier. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
