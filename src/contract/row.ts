/** A value as it leaves the warehouse: DECIMAL and BIGINT as number, DATE as 'YYYY-MM-DD', TIMESTAMP as ISO 8601 UTC. */
export type Cell = string | number | boolean | null;
export type Row = Record<string, Cell>;
