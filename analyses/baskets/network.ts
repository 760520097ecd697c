import { dots, frame, type Label, rules, texts, vegaLite } from '#chart/layer.ts';
import { clean, textWidth, truncate } from '#chart/measure.ts';
import { assemble, blank, type ChartOptions, number, type Variant } from '#chart/options.ts';
import { C } from '#chart/theme.ts';
import type { Figure } from '#contract/figure.ts';
import type { Row } from '#contract/row.ts';

export interface NetworkOptions extends Omit<ChartOptions, 'unit' | 'height'> {
  /** Columns: ids and names of the two ends of a link. */
  ends: { from: string; to: string; fromName: string; toName: string };
  /** Column of the strength of a link, and of what is written at it. */
  weight: string;
  written: string;
}

interface Node {
  id: string;
  name: string;
  x: number;
  y: number;
  /** Its name stands above it, where links run below. */
  isAbove: boolean;
}

const lineHeight = 13;
const pitch = 62;

/** Items as dots, links as lines as strong as their weight: what hangs together stands together, the largest first. */
export function network(options: NetworkOptions): Figure {
  return assemble('Network', options, (variant) => draw(options, variant));
}

function draw(o: NetworkOptions, { width, compact }: Variant) {
  if (o.rows.length === 0) return blank(width);
  const cell = compact ? width : width / 2;
  const { nodes, height } = placed(o, width, cell);
  const heaviest = Math.max(...o.rows.map((row) => number(row, o.weight) ?? 0)) || 1;
  const labels = [...nodes.values()].flatMap(({ name, x, y, isAbove }) => {
    const lines = wrapped(name, cell * 0.47);
    const from = isAbove ? y - 2 - lines.length * lineHeight : y + 15;
    return lines.map((t, i): Label => ({ x: inside(x, t, width), y: from + i * lineHeight, t, a: 'center', c: C.text }));
  });
  const links = o.rows.map((row) => {
    const [a, b] = [nodes.get(String(row[o.ends.from]))!, nodes.get(String(row[o.ends.to]))!];
    // Of an item with several partners, what is written stands beside each partner, away from the links.
    const partner = a.isAbove ? b : b.isAbove ? a : null;
    const t = clean(row[o.written]);
    const style = { t, c: C.accent, w: 600 } as const;
    if (partner) labels.push({ ...style, x: Math.min(partner.x - 6, width - textWidth(t, 10, 600)), y: partner.y - 12 });
    else labels.push({ ...style, x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 - 10, a: 'center' });
    const strength = Math.max(0, number(row, o.weight) ?? 0) / heaviest;
    return { x: a.x, y: a.y, x2: b.x, y2: b.y, c: C['accent-soft'], w: 1 + 5 * Math.sqrt(strength) };
  });
  const area = frame(width, height, { left: 0, right: 0, top: 0, bottom: 0 });
  return vegaLite(area, [rules(links), dots([...nodes.values()].map(({ x, y }) => ({ x, y, s: 90 }))), texts(labels)]);
}

/**
 * Places of the items. One item with its partners stands at the left of them, two such parts beside each other where there is room; other shapes
 * stand around a circle, which needs the whole width.
 */
function placed(o: NetworkOptions, width: number, cell: number): { nodes: Map<string, Node>; height: number } {
  const nodes = new Map<string, Node>();
  const across = Math.round(width / cell);
  let [top, column, tallest] = [0, 0, 0];
  for (const part of components(o)) {
    const hub = hubOf(o, part);
    const partners = part.filter((id) => id !== hub);
    const head = partners.length > 1 ? 26 : 0;
    const height = hub === null ? Math.min(340, 140 + part.length * 16) : head + partners.length * pitch;
    if (column === across || (hub === null && column > 0)) [top, column, tallest] = [top + tallest, 0, 0];
    const left = column * cell;
    const put = (id: string, x: number, y: number, isAbove = false) => nodes.set(id, { id, name: nameOf(o, id), x, y, isAbove });
    if (hub !== null) put(hub, left + cell * 0.25, top + 18 + head, partners.length > 1);
    partners.forEach((id, i) => {
      const angle = (2 * Math.PI * i) / partners.length - Math.PI / 2;
      if (hub !== null) put(id, left + cell * (partners.length > 1 ? 0.68 : 0.75), top + 18 + head + i * pitch);
      else put(id, width / 2 + Math.cos(angle) * width * 0.32, top + height / 2 + Math.sin(angle) * (height / 2 - 34));
    });
    tallest = Math.max(tallest, height);
    column += hub === null ? across : 1;
  }
  return { nodes, height: Math.ceil(top + tallest) };
}

function inside(x: number, t: string, width: number): number {
  const half = textWidth(t) / 2;
  return Math.min(Math.max(x, half), width - half);
}

/** A name on two lines at most. */
function wrapped(name: string, room: number): string[] {
  const words = clean(name).split(' ');
  let first = '';
  while (words.length > 0 && textWidth(`${first} ${words[0]}`.trim()) <= room) first = `${first} ${words.shift()}`.trim();
  if (first === '') return [truncate(clean(name), room)];
  return words.length > 0 ? [first, truncate(words.join(' '), room)] : [first];
}

function nameOf(o: NetworkOptions, id: string): string {
  const own = o.rows.find((row) => String(row[o.ends.from]) === id);
  if (own) return String(own[o.ends.fromName]);
  return String(o.rows.find((row) => String(row[o.ends.to]) === id)?.[o.ends.toName] ?? id);
}

/** The item that all links of a part share, the first of two; null where there is none. */
function hubOf(o: NetworkOptions, part: readonly string[]): string | null {
  const own = o.rows.filter((row) => part.includes(String(row[o.ends.from])));
  return part.find((id) => own.every((row) => String(row[o.ends.from]) === id || String(row[o.ends.to]) === id)) ?? null;
}

/** Ids that hang together by links, the largest sets first, else in the order of the rows. */
function components(o: NetworkOptions): string[][] {
  const of = new Map<string, Set<string>>();
  const link = (row: Row) => {
    const [from, to] = [String(row[o.ends.from]), String(row[o.ends.to])];
    const merged = new Set([...(of.get(from) ?? [from]), ...(of.get(to) ?? [to])]);
    for (const id of merged) of.set(id, merged);
  };
  o.rows.forEach(link);
  const order = [...new Set(o.rows.flatMap((row) => [String(row[o.ends.from]), String(row[o.ends.to])]))];
  return [...new Set(of.values())]
    .map((set) => order.filter((id) => set.has(id)))
    .sort((a, b) => b.length - a.length || order.indexOf(a[0]!) - order.indexOf(b[0]!));
}
