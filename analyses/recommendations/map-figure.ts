import { along, boxes, frame, type Label, type Layer, texts, vegaLite } from '#chart/layer.ts';
import { clean, textWidth, truncate } from '#chart/measure.ts';
import { assemble, number, type Variant } from '#chart/options.ts';
import { extent, Placing } from '#chart/place.ts';
import { position, type Scale } from '#chart/scale.ts';
import { C, seriesColours, seriesText } from '#chart/theme.ts';
import type { Figure } from '#contract/figure.ts';
import { prose } from '#contract/prose.ts';
import type { Row } from '#contract/row.ts';
import { productName } from '../shared/product-name.ts';
import type { Study } from './study.ts';
import { candidateWords } from './words.ts';

const shapes = ['circle', 'square', 'triangle-up', 'diamond', 'circle'] as const;
const coloured = 4;
const other = coloured;
const named = 6;

/** The best-selling products by their served vectors, the largest categories in colour, the best sellers by name. */
export function mapFigure(study: Study): Figure {
  const { format, places, input, mapped, appraisal } = study;
  const kinds = new Map<string, number>();
  const kindOf = (p: number) => input.products[p]!.category;
  for (const { product } of places) kinds.set(kindOf(product), (kinds.get(kindOf(product)) ?? 0) + 1);
  const largest = [...kinds].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).slice(0, coloured);
  const groups = largest.map(([kind]) => kind);
  const rows = places.map(({ product, x, y }, rank) => {
    const group = groups.indexOf(kindOf(product));
    return {
      ...{ product: productName(input.products[product]!.name), category: productName(kindOf(product), 40), x, y },
      ...{ group: group < 0 ? other : group, customers: input.products[product]!.customers, named: rank < named },
    };
  });
  const counts = Array.from({ length: coloured + 1 }, (_, g) => rows.filter(({ group }) => group === g).length);
  const names = [...groups.map((kind) => productName(kind, 24)), 'other'];
  return assemble(
    'Scatter plot',
    {
      id: 'map',
      title: (drawn) => {
        const [near, all] = [nearSame(drawn), sameByChance(drawn)];
        return prose`Next to a product stands one of its category in ${format.share(near)} of cases; by chance ${format.share(all)}`;
      },
      subtitle: prose`${format.count(rows.length)} best-selling products by two main components of their vectors (${candidateWords(appraisal.served, study)}), ${format.share(mapped)} of their variance; near means similar.`,
      of: 'products in two dimensions',
      reason: 'products of a category stand in similar places',
      note: prose`The axes have no unit. Ringed: the ${format.word(Math.min(named, rows.length))} best sellers, with their names where there is room.`,
      ...{ format, rows },
    },
    (variant) => draw(rows, names, counts, variant),
  );
}

/** Part of the products whose nearest on the map is of their category. */
function nearSame(rows: readonly Row[]): number {
  const same = rows.filter((row) => {
    let least = Number.POSITIVE_INFINITY;
    let nearest = row;
    for (const one of rows) {
      const gap = (Number(one.x) - Number(row.x)) ** 2 + (Number(one.y) - Number(row.y)) ** 2;
      if (one === row || gap >= least) continue;
      least = gap;
      nearest = one;
    }
    return nearest.category === row.category;
  });
  return same.length / rows.length;
}

function sameByChance(rows: readonly Row[]): number {
  const sizes = [...Map.groupBy(rows, (row) => row.category).values()].map((part) => part.length);
  return sizes.reduce((sum, size) => sum + size * (size - 1), 0) / (rows.length * (rows.length - 1));
}

function draw(rows: Row[], names: string[], counts: number[], { width, compact }: Variant) {
  const keys = names.map((name, g) => ({ name, g })).filter(({ g }) => counts[g]! > 0);
  const lines: { x: number; y: number; name: string; g: number }[] = [];
  let [x, y] = [0, 0];
  for (const { name, g } of keys) {
    const room = textWidth(name) + 26;
    if (x + room > width && x > 0) [x, y] = [0, y + 15];
    lines.push({ x, y, name, g });
    x += room;
  }
  const top = y + 24;
  const area = frame(width, (compact ? 270 : 380) + top, { left: 0, right: 0, top, bottom: 4 });
  const domain = (column: string): Scale => {
    const values = rows.map((row) => number(row, column)!);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const room = 0.05 * (high - low || 1);
    return { domain: [low - room, high + room], ticks: [] };
  };
  const [across, up] = [domain('x'), domain('y')];
  const layer = (g: number): Layer => ({
    transform: [{ filter: `datum.group === ${g}` }],
    mark: {
      type: 'point',
      shape: shapes[g]!,
      filled: true,
      fill: seriesColours[g]!,
      opacity: g === other ? 0.6 : 0.9,
      size: g === other ? 18 : 34,
    },
    encoding: { x: along('x', across, 0, area.width), y: along('y', up, area.height, 0) },
  });
  const at = (row: Row) => ({ x: position(across, Number(row.x), 0, area.width), y: position(up, Number(row.y), area.height, 0) });
  const placing = new Placing({ x: 0, y: 0, x2: area.width, y2: area.height });
  const best = rows.filter((row) => row.named);
  for (const row of best) placing.block({ x: at(row).x - 5, y: at(row).y - 5, x2: at(row).x + 5, y2: at(row).y + 5 });
  const labels = best.flatMap((row) => {
    const t = truncate(clean(row.product), compact ? 110 : 190, 10, 500);
    const { x, y } = at(row);
    const style = { t, c: C.ink, w: 500 as const };
    const label = placing.place([
      { ...style, x: x + 8, y },
      { ...style, x: x - 8, y, a: 'right' },
      { ...style, x, y: y - 12, a: 'center' },
      { ...style, x, y: y + 13, a: 'center' },
      { ...style, x: x + 8, y: y - 12 },
      { ...style, x: x - 8, y: y + 12, a: 'right' },
    ]);
    return label ? [label] : [];
  });
  const key = lines.map(
    ({ x, y, name, g }): Label => ({ x: x + 12, y: y - top + 8, t: name, c: seriesText[g]!, w: g === other ? 400 : 500 }),
  );
  return vegaLite(area, [
    boxes([{ x: 0, y: 0, x2: area.width, y2: area.height, c: C.faint }], 0.5),
    ...[other, 0, 1, 2, 3].filter((g) => counts[g]! > 0).map(layer),
    rings(best.map(at)),
    boxes(labels.map(plate), 0.85),
    ...lines.map(({ x, y, g }) => mark(x + 4, y - top + 8, g)),
    texts([...labels, ...key]),
  ]);
}

const px = (field: string) => ({ field, type: 'quantitative', scale: null, axis: null });

function mark(x: number, y: number, g: number): Layer {
  return {
    data: { values: [{ x, y }] },
    mark: { type: 'point', shape: shapes[g]!, filled: true, fill: seriesColours[g]!, opacity: 1, size: g === other ? 24 : 40 },
    encoding: { x: px('x'), y: px('y') },
  };
}

/** Rings around the products that are named. */
function rings(points: { x: number; y: number }[]): Layer {
  return {
    data: { values: points },
    mark: { type: 'point', shape: 'circle', filled: false, stroke: C.ink, strokeWidth: 1.5, size: 70, opacity: 1 },
    encoding: { x: px('x'), y: px('y') },
  };
}

function plate(label: Label) {
  const { x, y, x2, y2 } = extent(label);
  return { x: x - 2, y, x2: x2 + 2, y2, c: C.paper };
}
