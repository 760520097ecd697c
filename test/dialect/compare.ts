import type { Cell } from '../../src/contract/row.ts';

/** A row by column; a float that differs from the other engine's in its last digits only takes the other's value. */
export function labelled(columns: { name: string; type: string }[], row: Cell[], other: Cell[] = row): Record<string, Cell> {
  return Object.fromEntries(columns.map(({ name, type }, i) => [name, type === 'float64' ? near(row[i]!, other[i]!) : row[i]!]));
}

function near(cell: Cell, other: Cell): Cell {
  if (typeof cell !== 'number' || typeof other !== 'number') return cell;
  return Math.abs(cell - other) <= 1e-12 * Math.max(Math.abs(cell), Math.abs(other)) ? other : cell;
}
