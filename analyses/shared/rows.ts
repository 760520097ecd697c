import type { ColumnTable } from 'arquero';

/** Rows of an input as typed objects, in the query's order; none for an absent input. The type is the query's promise. */
export function rows<T extends object>(table: ColumnTable | undefined): T[] {
  return table ? (table.objects() as T[]) : [];
}
