import type { Figure } from '#contract/figure.ts';
import type { Cell, Row } from '#contract/row.ts';
import type { Table } from '#contract/table.ts';

/**
 * Rows as RFC 4180 CSV: CRLF, a header, quotes where needed. Text that a spreadsheet would run as a formula (it starts with
 * = + - @, tab or line break) gets a leading apostrophe; numbers never do. Null is empty.
 */
export function csv(columns: { key: string; label: string }[], rows: Row[]): string {
  const lines = [columns.map((column) => quoted(guarded(column.label))).join(',')];
  for (const row of rows) lines.push(columns.map((column) => field(row[column.key] ?? null)).join(','));
  return `${lines.join('\r\n')}\r\n`;
}

/** The plotted rows of a figure, all columns in their order. */
export function figureCsv({ rows }: Figure): string {
  const keys: string[] = [];
  for (const row of rows) for (const key of Object.keys(row)) if (!keys.includes(key)) keys.push(key);
  return csv(
    keys.map((key) => ({ key, label: key })),
    rows,
  );
}

/** A table as printed: its columns by label where it has one, the total last. */
export function tableCsv({ columns, rows, total }: Table): string {
  return csv(
    columns.map(({ key, label }) => ({ key, label: label || key })),
    total ? [...rows, total] : rows,
  );
}

function field(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell !== 'string') return String(cell);
  return quoted(guarded(cell));
}

function guarded(text: string): string {
  return /^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text;
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
