export type Dialect = 'duckdb' | 'googlesql';

/** What a helper may know besides its arguments: the shop's IANA zone, in which days and hours are cut. */
interface Zone {
  timezone: string;
}

type Writer = (args: string[], zone: Zone) => string;

/** One thing that DuckDB and GoogleSQL spell differently: the names of its arguments (SQL text each) and how each engine writes it. */
export interface Helper {
  args: string[];
  duckdb: Writer;
  googlesql: Writer;
}

/** A helper whose writers take their arguments by position. */
export function helper(args: string, duckdb: (...args: string[]) => string, googlesql: (...args: string[]) => string): Helper {
  return { args: named(args), duckdb: (given) => duckdb(...given), googlesql: (given) => googlesql(...given) };
}

/** A helper that cuts by the shop's timezone; the writers get the zone's name first. */
export function zoned(
  args: string,
  duckdb: (zone: string, ...args: string[]) => string,
  googlesql: (zone: string, ...args: string[]) => string,
): Helper {
  return {
    args: named(args),
    duckdb: (given, { timezone }) => duckdb(timezone, ...given),
    googlesql: (given, { timezone }) => googlesql(timezone, ...given),
  };
}

function named(args: string): string[] {
  return args.split(' ').filter(Boolean);
}
