import { type Helper, helper } from './helper.ts';

/** Type names of a model's columns, as each engine writes them. */
export const typeNames = {
  string: { duckdb: 'varchar', googlesql: 'string' },
  int64: { duckdb: 'bigint', googlesql: 'int64' },
  float64: { duckdb: 'double', googlesql: 'float64' },
  numeric: { duckdb: 'decimal(18, 2)', googlesql: 'numeric' },
  bool: { duckdb: 'boolean', googlesql: 'bool' },
  date: { duckdb: 'date', googlesql: 'date' },
  timestamp: { duckdb: 'timestamp', googlesql: 'timestamp' },
} as const;

export type ColumnType = keyof typeof typeNames;

const typed = (name: string, dialect: 'duckdb' | 'googlesql') => {
  const type = typeNames[name as ColumnType];
  if (!type) throw new Error(`unknown type '${name}'; one of ${Object.keys(typeNames).join(', ')}`);
  return type[dialect];
};

/** Casts and text. */
export const types: Record<string, Helper> = {
  /** Name of a type. */
  type: helper(
    'name',
    (name) => typed(name, 'duckdb'),
    (name) => typed(name, 'googlesql'),
  ),
  /** NULL of a type. */
  null_of: helper(
    'name',
    (name) => `cast(null as ${typed(name, 'duckdb')})`,
    (name) => `cast(null as ${typed(name, 'googlesql')})`,
  ),
  string: helper(
    'x',
    (x) => `cast(${x} as varchar)`,
    (x) => `cast(${x} as string)`,
  ),
  /** A whole number as INT64; engines round fractions differently, so cut them first. */
  int64: helper(
    'x',
    (x) => `cast(${x} as bigint)`,
    (x) => `cast(${x} as int64)`,
  ),
  float64: helper(
    'x',
    (x) => `cast(${x} as double)`,
    (x) => `cast(${x} as float64)`,
  ),
  /** 'YYYY-MM-DD' text of a date. */
  date_text: helper(
    'date',
    (d) => `strftime(${d}, '%Y-%m-%d')`,
    (d) => `format_date('%F', ${d})`,
  ),
  /** The text itself as a literal, quoted for the engine. */
  text: helper(
    'words',
    (words) => `'${words.replaceAll("'", "''")}'`,
    (words) => `'${words.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n')}'`,
  ),
  /** First group of a pattern (RE2; write [0-9], not \d); NULL without a match. */
  regexp_extract: helper(
    'x pattern',
    (x, pattern) => `nullif(regexp_extract(${x}, '${pattern.replaceAll("'", "''")}', 1), '')`,
    (x, pattern) => `nullif(regexp_extract(${x}, r'${pattern}'), '')`,
  ),
  regexp_contains: helper(
    'x pattern',
    (x, pattern) => `regexp_matches(${x}, '${pattern.replaceAll("'", "''")}')`,
    (x, pattern) => `regexp_contains(${x}, r'${pattern}')`,
  ),
};
