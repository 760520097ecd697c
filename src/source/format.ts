import type { Capability } from '#contract/shop.ts';

/** Types a raw column may have; timestamps are UTC. */
export type ColumnType = 'int64' | 'float64' | 'string' | 'timestamp';

/**
 * What the snapshot does with a column: `copied` as it is, `rounded` to one decimal (a place, not an address), `unused` (known, but no
 * model needs it), `personal` (never read past its name).
 */
export type ColumnUse = 'copied' | 'rounded' | 'unused' | 'personal';

/** How firmly a column is asked for: `filled` must be there and should have a value in each row, `named` must be there, `optional` may be absent. */
export type ColumnNeed = 'filled' | 'named' | 'optional';

export interface ColumnFormat {
  name: string;
  type: ColumnType;
  use: ColumnUse;
  need: ColumnNeed;
}

export interface TableFormat {
  name: string;
  /** Column that identifies a row. */
  key: string;
  required: boolean;
  columns: ColumnFormat[];
}

/** A capability is there when its tables have rows and its column, if it names one, has a value somewhere. */
export interface Unlock {
  capability: Capability;
  tables: string[];
  column?: string;
}

/** The raw tables of a kind of shop, as its owner exports them. */
export interface ShopFormat {
  id: string;
  /** For messages: 'theLook'. */
  name: string;
  tables: TableFormat[];
  unlocks: Unlock[];
}

/** DuckDB's type of a column in the snapshot. */
export const sqlType: Record<ColumnType, string> = { int64: 'BIGINT', float64: 'DOUBLE', string: 'VARCHAR', timestamp: 'TIMESTAMP' };

/** @returns the columns that a snapshot of this table has, in order. */
export function keptColumns(table: TableFormat): ColumnFormat[] {
  return table.columns.filter(({ use }) => use === 'copied' || use === 'rounded');
}

/** @returns whether a table has columns that identify a person; values of such a table are never quoted in a message. */
export function isPersonal(table: TableFormat): boolean {
  return table.columns.some(({ use }) => use === 'personal');
}
