import type { Formatter } from '#contract/format.ts';
import type { Cell, Row } from '#contract/row.ts';
import type { Column, Table } from '#contract/table.ts';
import { type Tone, toneOf } from './delta.ts';
import type { Names } from './names.ts';

interface CellView {
  text: string;
  /** Right-aligned. */
  number: boolean;
  tone: Tone | '';
  /** In per cent of the column, to two decimals; null for other cells. A bar repeats the number of another column. */
  bar: { x: string; width: string; signal: boolean } | null;
}

export interface TableView {
  anchor: string;
  title: string;
  subtitle: string;
  note: string;
  head: { label: string; number: boolean; bar: boolean }[];
  rows: { head: string; cells: CellView[] }[];
  total: { head: string; cells: CellView[] } | null;
  empty: boolean;
  /** Columns, for the message of an empty table. */
  width: number;
  file: string;
  method: string;
}

/** A table as printed: numbers by unit and right-aligned, changes with sign and colour by polarity, bars on one scale a column. */
export function tableView(table: Table, place: { analysis: string; method: string }, names: Names, format: Formatter): TableView {
  const [first, ...rest] = table.columns as [Column, ...Column[]];
  const scales = new Map(rest.filter((c) => c.type === 'bar').map((c) => [c.key, scaleOf(table.rows, c.key)]));
  const line = (row: Row, isTotal: boolean) => ({
    head: show(row[first.key] ?? null, first.type, format),
    cells: rest.map((column) => {
      const cell = row[column.key] ?? null;
      const view = cellView(cell, column, isTotal ? undefined : scales.get(column.key), format);
      // A total that a column can't have is a blank, not a gap in the data.
      return isTotal && cell === null ? { ...view, text: '' } : view;
    }),
  });
  return {
    anchor: names.anchor('figure', place.analysis, table.id),
    title: table.title,
    subtitle: table.subtitle,
    note: table.note ?? '',
    head: table.columns.map(({ label, type }) => ({ label, number: isNumber(type), bar: type === 'bar' })),
    rows: table.rows.map((row) => line(row, false)),
    total: table.total ? line(table.total, true) : null,
    empty: table.rows.length === 0,
    width: table.columns.length,
    file: names.file(place.analysis, table.id),
    method: place.method,
  };
}

function isNumber(type: Column['type']): boolean {
  return type !== 'text' && type !== 'date' && type !== 'bar';
}

function cellView(cell: Cell, column: Column, scale: Scale | undefined, format: Formatter): CellView {
  const isBar = column.type === 'bar';
  const isChange = column.signed === true || column.type === 'change' || column.type === 'points';
  const text = isBar ? '' : column.signed ? plus(cell, column.type, format) : show(cell, column.type, format);
  const sign = isChange && typeof cell === 'number' && /[1-9]/.test(text) ? Math.sign(cell) : 0;
  return {
    text,
    number: isNumber(column.type),
    tone: isChange ? toneOf(sign, column.polarity ?? 'none') : '',
    bar: isBar && scale && typeof cell === 'number' ? barOf(cell, scale) : null,
  };
}

function show(cell: Cell, type: Column['type'], format: Formatter): string {
  if (cell === null) return '–';
  if (typeof cell === 'boolean') return cell ? 'yes' : 'no';
  if (type === 'date' && typeof cell === 'string') return /^\d{4}-\d{2}-\d{2}/.test(cell) ? format.date(cell) : cell;
  if (typeof cell === 'string') return cell;
  if (type === 'change') return format.change(cell);
  if (type === 'points') return format.points(cell);
  if (type === 'text' || type === 'date' || type === 'bar') return format.count(cell);
  return format.unit(cell, type);
}

/** A difference in the column's own unit, with its sign. */
function plus(cell: Cell, type: Column['type'], format: Formatter): string {
  const isUnit = type !== 'text' && type !== 'date' && type !== 'bar' && type !== 'change' && type !== 'points';
  return isUnit && typeof cell === 'number' ? format.signed(cell, type) : show(cell, type, format);
}

interface Scale {
  low: number;
  high: number;
}

/** From zero, to the least and the greatest value. */
function scaleOf(rows: Row[], key: string): Scale {
  const values = rows.map((row) => row[key]).filter((value) => typeof value === 'number');
  return { low: Math.min(0, ...values), high: Math.max(0, ...values) };
}

function barOf(value: number, { low, high }: Scale): CellView['bar'] {
  const span = high - low || 1;
  const from = ((Math.min(0, value) - low) / span) * 100;
  const width = (Math.abs(value) / span) * 100;
  return { x: from.toFixed(2), width: width.toFixed(2), signal: value < 0 };
}
