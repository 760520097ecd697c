import type { Figure, Spec } from '#contract/figure.ts';
import type { Row } from '#contract/row.ts';
import { boxes, type Dot, dots, frame, type Label, rules, type Segment, texts, vegaLite } from './layer.ts';
import { clean, textWidth, truncate } from './measure.ts';
import { assemble, blank, type ChartOptions, type Variant } from './options.ts';
import { C } from './theme.ts';

export interface ErdTable {
  name: string;
  rows: number | null;
  /** Columns with a `key` are drawn; the others are counted. */
  columns: { name: string; type: string; key?: 'primary' | 'foreign' | boolean | undefined }[];
}

/** `from` holds the key of `to`: many rows of `from` to one of `to`. */
export interface ErdLink {
  from: string;
  to: string;
  fromColumn?: string | undefined;
  toColumn?: string | undefined;
}

export interface ErdOptions extends Omit<ChartOptions, 'rows' | 'unit'> {
  tables: ErdTable[];
  links: ErdLink[];
}

interface Card {
  table: ErdTable;
  level: number;
  lines: { name: string; isPrimary: boolean; to: string | null }[];
  more: number;
  x: number;
  y: number;
  width: number;
  height: number;
}

const head = 44;
const lineHeight = 15;

/** Tables with their keys, those that are referred to on the left; a row of the figure is a column of a table. */
export function erd(options: ErdOptions): Figure {
  const rows: Row[] = options.tables.flatMap((table) =>
    table.columns.map((column) => {
      const link = linkOf(options, table.name, column.name);
      return {
        table: table.name,
        rows: table.rows,
        column: column.name,
        type: column.type,
        key: keyOf(column.key, link),
        refers_to: link?.to ?? null,
      };
    }),
  );
  return assemble('Entity relationship diagram', { ...options, rows }, (variant) =>
    variant.compact ? list(options, variant) : diagram(options, variant),
  );
}

function keyOf(key: ErdTable['columns'][number]['key'], link: ErdLink | undefined): string | null {
  if (key === 'primary' || key === 'foreign') return key;
  return link ? 'foreign' : key ? 'primary' : null;
}

function linkOf({ links }: ErdOptions, table: string, column: string): ErdLink | undefined {
  return links.find((link) => link.from === table && link.fromColumn === column);
}

function diagram(o: ErdOptions, { width: outer }: Variant): Spec {
  if (o.tables.length === 0) return blank(outer);
  // Room for the outlines of the outer boxes.
  const width = outer - 2;
  const levels = levelsOf(o);
  const across = Math.max(...levels.values()) + 1;
  const gap = across <= 3 ? 60 : 36;
  const boxWidth = Math.min(190, (width - gap * (across - 1)) / across);
  const lane = across === 1 ? 0 : (width - boxWidth * across) / (across - 1);
  const cards = o.tables.map((table) => card(o, table, levels.get(table.name) ?? 0, boxWidth));
  const columns = Array.from({ length: across }, (_, level) => cards.filter((c) => c.level === level));
  sortColumns(o, columns);
  const spaceY = 26;
  const tall = (column: Card[]) => column.reduce((sum, c) => sum + c.height + spaceY, -spaceY);
  const highest = Math.max(...columns.map(tall));
  columns.forEach((column, level) => {
    let y = (highest - tall(column)) / 2;
    for (const c of column) {
      c.x = level * (boxWidth + lane);
      c.y = y;
      y += c.height + spaceY;
    }
  });
  const { segments, ends, low, high } = routes(o, cards, highest, lane);
  const top = Math.max(0, -low) + 4;
  const bottom = Math.max(0, high - highest) + 4;
  const area = frame(outer, Math.ceil(highest + top + bottom), { left: 1, right: 1, top, bottom });
  return vegaLite(area, [rules(segments), ...drawCards(o, cards), dots(ends)]);
}

/** One table under the other, each foreign key naming its table: for narrow pages. */
function list(o: ErdOptions, { width }: Variant): Spec {
  if (o.tables.length === 0) return blank(width);
  const levels = levelsOf(o);
  const tables = o.tables.toSorted((a, b) => (levels.get(a.name) ?? 0) - (levels.get(b.name) ?? 0));
  let y = 0;
  const cards = tables.map((table) => {
    const c = card(o, table, 0, width);
    c.y = y;
    y += c.height + 12;
    return c;
  });
  const area = frame(width, Math.ceil(y - 8), { left: 0, right: 0, top: 2, bottom: 2 });
  return vegaLite(area, drawCards(o, cards, true));
}

function card(o: ErdOptions, table: ErdTable, level: number, width: number): Card {
  const keys = table.columns.filter((column) => column.key || linkOf(o, table.name, column.name));
  const lines = keys.slice(0, 8).map((column) => {
    const link = linkOf(o, table.name, column.name);
    return { name: column.name, isPrimary: keyOf(column.key, link) === 'primary', to: link?.to ?? null };
  });
  const more = table.columns.length - lines.length;
  return { table, level, lines, more, x: 0, y: 0, width, height: head + (lines.length + (more > 0 ? 1 : 0)) * lineHeight + 6 };
}

function drawCards(o: ErdOptions, cards: Card[], naming = false) {
  const fills = cards.flatMap(({ x, y, width, height }) => [
    { x, y, x2: x + width, y2: y + height, c: C.paper },
    { x, y, x2: x + width, y2: y + head - 6, c: C.faint },
  ]);
  const borders: Segment[] = cards.flatMap(({ x, y, width, height }) => [
    { x, y, x2: x + width, y2: y, c: C.mute },
    { x, y, x2: x, y2: y + height, c: C.rule },
    { x: x + width, y, x2: x + width, y2: y + height, c: C.rule },
    { x, y: y + height, x2: x + width, y2: y + height, c: C.rule },
  ]);
  const labels: Label[] = cards.flatMap((c): Label[] => {
    const count = c.table.rows === null ? 'Rows not counted' : `${o.format.count(c.table.rows)} ${c.table.rows === 1 ? 'row' : 'rows'}`;
    return [
      { x: c.x + 8, y: c.y + 13, t: truncate(clean(c.table.name), c.width - 16, 10, 600), c: C.ink, w: 600 },
      { x: c.x + 8, y: c.y + 27, t: truncate(count, c.width - 16) },
      ...c.lines.flatMap((line, i): Label[] => {
        const y = c.y + lineY(i);
        const to = naming && line.to ? `one of ${clean(line.to)}` : '';
        return [
          {
            x: c.x + 8,
            y,
            t: truncate(clean(line.name), c.width - 16 - textWidth(to), 10, line.isPrimary ? 500 : 400),
            c: C.text,
            w: line.isPrimary ? 500 : 400,
          },
          ...(to === '' ? [] : [{ x: c.x + c.width - 8, y, t: to, a: 'right' as const }]),
        ];
      }),
      ...(c.more > 0
        ? [{ x: c.x + 8, y: c.y + lineY(c.lines.length), t: `${o.format.count(c.more)} more ${c.more === 1 ? 'column' : 'columns'}` }]
        : []),
    ];
  });
  return [boxes(fills), rules(borders), texts(labels)];
}

function lineY(i: number): number {
  return head + i * lineHeight + lineHeight / 2 - 2;
}

/** Level of each table: 0 where it refers to none, else one more than the highest it refers to. Rings are cut. */
function levelsOf({ tables, links }: ErdOptions): Map<string, number> {
  const levels = new Map<string, number>();
  const names = new Set(tables.map((table) => table.name));
  const visit = (name: string, above: Set<string>): number => {
    const known = levels.get(name);
    if (known !== undefined) return known;
    const path = new Set([...above, name]);
    const targets = links
      .filter((link) => link.from === name && names.has(link.to) && !path.has(link.to))
      .map((link) => visit(link.to, path));
    const level = targets.length === 0 ? 0 : Math.max(...targets) + 1;
    levels.set(name, level);
    return level;
  };
  for (const { name } of tables) visit(name, new Set());
  return levels;
}

/** Orders each column by the mean place of what its tables refer to, so that lines cross less. */
function sortColumns({ links }: ErdOptions, columns: Card[][]): void {
  const place = new Map<string, number>();
  columns.forEach((column, level) => {
    const weight = (c: Card): number => {
      const places = links
        .filter((link) => link.from === c.table.name)
        .flatMap((link) => (place.has(link.to) ? [place.get(link.to)!] : []));
      const back = links.filter((link) => link.to === c.table.name).length;
      return level === 0 ? -back : places.length === 0 ? 1 : places.reduce((a, b) => a + b, 0) / places.length;
    };
    column.sort((a, b) => weight(a) - weight(b) || (a.table.name < b.table.name ? -1 : 1));
    column.forEach((c, i) => {
      place.set(c.table.name, (i + 0.5) / column.length);
    });
  });
}

/** Orthogonal lines from the key referred to (a bar) to the key that refers (a dot), passing between boxes and never through one. */
function routes(o: ErdOptions, cards: Card[], highest: number, lane: number) {
  const byName = new Map(cards.map((c) => [c.table.name, c]));
  const segments: Segment[] = [];
  const ends: Dot[] = [];
  const used: { x: number; x2: number; y: number }[] = [];
  const lanes = new Map<string, number>();
  const taken = new Map<number, number>();
  let [low, high] = [0, highest];
  // One lane for all lines out of a table; places in a gap follow the golden section, so that lanes stay apart.
  const laneX = (level: number, left: number, key: string): number => {
    const k = lanes.get(key) ?? taken.get(level) ?? 0;
    if (!lanes.has(key)) taken.set(level, k + 1);
    lanes.set(key, k);
    return left + lane * (0.22 + 0.56 * ((0.3 + k * 0.618) % 1));
  };
  const drawn = new Set<string>();
  for (const link of o.links) {
    const [child, parent] = [byName.get(link.from), byName.get(link.to)];
    if (!child || !parent || child.level <= parent.level || drawn.has(`${link.from} ${link.fromColumn} ${link.to}`)) continue;
    drawn.add(`${link.from} ${link.fromColumn} ${link.to}`);
    const [x1, y1] = [parent.x + parent.width, anchor(parent, link.toColumn)];
    const [x2, y2] = [child.x, anchor(child, link.fromColumn)];
    const out = laneX(parent.level, x1, `out of ${parent.table.name}`);
    const path: [number, number][] = [
      [x1, y1],
      [out, y1],
    ];
    if (child.level - parent.level > 1) {
      const between = cards.filter((c) => c.level > parent.level && c.level < child.level);
      const into = laneX(child.level - 1, x2 - lane, `into ${child.table.name} ${link.fromColumn}`);
      const y = corridor(between, used, out, into, (y1 + y2) / 2, highest);
      used.push({ x: out, x2: into, y });
      low = Math.min(low, y);
      high = Math.max(high, y);
      path.push([out, y], [into, y], [into, y2]);
    } else path.push([out, y2]);
    path.push([x2, y2]);
    for (let i = 1; i < path.length; i++)
      segments.push({ x: path[i - 1]![0], y: path[i - 1]![1], x2: path[i]![0], y2: path[i]![1], c: C.slate });
    segments.push({ x: x1 + 4, y: y1 - 4, x2: x1 + 4, y2: y1 + 4, c: C.slate });
    ends.push({ x: x2 - 3.5, y: y2, c: C.slate, s: 16 });
  }
  return { segments, ends, low, high };
}

function anchor(c: Card, column: string | undefined): number {
  const i = c.lines.findIndex((line) => line.name === column);
  const primary = c.lines.findIndex((line) => line.isPrimary);
  return c.y + (i >= 0 ? lineY(i) : primary >= 0 && column === undefined ? lineY(primary) : 13);
}

/** Height at which a line passes all boxes between, nearest to where it wants to be. */
function corridor(
  between: Card[],
  used: { x: number; x2: number; y: number }[],
  from: number,
  to: number,
  want: number,
  highest: number,
): number {
  const candidates = Array.from({ length: Math.ceil(highest / 4) + 40 }, (_, i) => i * 4 - 80);
  const free = candidates.filter(
    (y) =>
      !between.some((c) => y > c.y - 7 && y < c.y + c.height + 7) && !used.some((u) => Math.abs(u.y - y) < 6 && u.x < to && from < u.x2),
  );
  return free.toSorted((a, b) => Math.abs(a - want) - Math.abs(b - want) || a - b)[0] ?? -10;
}
