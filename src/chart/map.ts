import type { Figure, Spec } from '#contract/figure.ts';
import { listed } from '#contract/prose.ts';
import type { Row } from '#contract/row.ts';
import { countryOnMap, mapNames, outline } from './country.ts';
import { type Label, two } from './layer.ts';
import { clean, textWidth, truncate } from './measure.ts';
import { assemble, blank, type ChartOptions, number, numbers, type Variant } from './options.ts';
import { type Area, alongLine, extent, overlaps, Placing } from './place.ts';
import { tickLabels } from './scale.ts';
import { C, fontSize, sequence } from './theme.ts';

export interface MapOptions extends ChartOptions {
  /** Column of countries: English or local names, or ISO codes. */
  country: string;
  value: string;
  /** Circles on top, such as cities or distribution centres: columns of their own rows. */
  bubbles?: { rows: Row[]; lat: string; lon: string; value: string } | undefined;
}

/** A world map in classes of one colour, the largest countries named. Countries that the map lacks are listed in the note. */
export function worldMap(options: MapOptions): Figure {
  const rows = options.rows.toSorted(
    (a, b) => (number(b, options.value) ?? Number.NEGATIVE_INFINITY) - (number(a, options.value) ?? Number.NEGATIVE_INFINITY),
  );
  const lost = rows
    .filter((row) => countryOnMap(String(row[options.country])) === null)
    .map((row) => truncate(clean(row[options.country]), 160));
  const { format } = options;
  const names = lost.length > 6 ? [...lost.slice(0, 5), `${format.count(lost.length - 5)} more`] : lost;
  const missing = lost.length === 0 ? undefined : `Not on the map: ${listed(names)}.`;
  const note = [options.note, missing].filter(Boolean).join(' ');
  return assemble('World map', { ...options, rows, note: note === '' ? undefined : note }, (variant) =>
    draw({ ...options, rows }, variant),
  );
}

function draw(o: MapOptions, { width, compact }: Variant): Spec {
  const values = numbers(o.rows, o.value);
  if (values.length === 0) return blank(width);
  const project = equalEarth(width);
  const mapHeight = Math.ceil(project(0, -56)[1]);
  const legend = 30;
  const breaks = classBreaks(values);
  const fills = sequence.slice(sequence.length - 1 - breaks.length).map((s) => s.fill);
  // Two names of one country are added where values can be; of rates the higher stands.
  const isSum = o.unit === 'money' || o.unit === 'count';
  const byCountry = new Map<string, number>();
  for (const row of o.rows) {
    const name = countryOnMap(String(row[o.country]));
    const value = number(row, o.value);
    if (name !== null && value !== null) byCountry.set(name, isSum ? (byCountry.get(name) ?? 0) + value : (byCountry.get(name) ?? value));
  }
  const classes = [...byCountry].map(([name, value]) => ({ name, c: fills[breaks.filter((b) => value >= b).length]! }));
  const labels: Label[] = [];
  const placing = new Placing({ x: 0, y: 0, x2: width, y2: mapHeight });
  const written: Area[] = [];
  const leaders: { x: number; y: number; x2: number; y2: number }[] = [];
  const largest = [...byCountry].toSorted((a, b) => b[1] - a[1]).slice(0, compact ? 3 : 5);
  for (const [name] of largest) {
    const [x, y] = centre(name, project);
    const dot = { x: x - 5, y: y - 5, x2: x + 5, y2: y + 5 };
    placing.block(dot);
    written.push(dot);
  }
  for (const [name, value] of largest) {
    const [x, y] = centre(name, project);
    const t = `${short[name] ?? name} ${o.format.unit(value, o.unit)}`;
    const placed = labelPlace(placing, written, x, y, t, width);
    if (!placed) continue;
    labels.push(placed);
    written.push(extent(placed));
    const edge = placed.a === 'right' ? placed.x + 4 : placed.a === 'left' ? placed.x - 4 : placed.x;
    leaders.push({ x, y, x2: edge, y2: placed.a === 'center' ? placed.y + (placed.y < y ? 7 : -7) : placed.y });
    placing.block(
      ...alongLine([
        { x, y },
        { x: edge, y: placed.y },
      ]),
    );
  }
  const bubbles = bubblesOf(o, project);
  return {
    $schema: 'https://vega.github.io/schema/vega/v6.json',
    width,
    height: mapHeight + legend,
    padding: 0,
    autosize: { type: 'none' },
    background: null,
    data: [
      { name: 'rows' },
      { name: 'classes', values: classes },
      {
        name: 'world',
        format: { type: 'topojson', feature: 'countries' },
        transform: [
          { type: 'filter', expr: "datum.properties.name !== 'Antarctica'" },
          { type: 'lookup', from: 'classes', key: 'name', fields: ['properties.name'], values: ['c'], as: ['c'], default: C.faint },
        ],
      },
      { name: 'bubbles', values: bubbles },
      { name: 'leaders', values: leaders.map(({ x, y, x2, y2 }) => ({ x: two(x), y: two(y), x2: two(x2), y2: two(y2) })) },
      { name: 'swatches', values: swatches(o, breaks, fills, mapHeight + legend - 8, width, labels) },
      { name: 'labels', values: labels.map(({ x, y, t, a = 'left', c = C.ink, w = 500 }) => ({ x: two(x), y: two(y), t, a, c, w })) },
    ],
    projections: [{ name: 'earth', type: 'equalEarth', scale: two(width / reachX), translate: [two(width / 2), two(project(0, 0)[1])] }],
    marks: [
      {
        type: 'shape',
        from: { data: 'world' },
        encode: { update: { fill: { field: 'c' }, stroke: { value: C.paper }, strokeWidth: { value: 0.5 } } },
        transform: [{ type: 'geoshape', projection: 'earth' }],
      },
      {
        type: 'symbol',
        from: { data: 'bubbles' },
        encode: {
          update: {
            x: { field: 'x' },
            y: { field: 'y' },
            size: { field: 's' },
            fill: { value: C.signal },
            fillOpacity: { value: 0.55 },
            stroke: { value: C.signal },
          },
        },
      },
      {
        type: 'rule',
        from: { data: 'leaders' },
        encode: {
          update: {
            x: { field: 'x' },
            y: { field: 'y' },
            x2: { field: 'x2' },
            y2: { field: 'y2' },
            stroke: { value: C.ink },
            strokeWidth: { value: 0.75 },
          },
        },
      },
      {
        type: 'symbol',
        from: { data: 'leaders' },
        encode: {
          update: {
            x: { field: 'x' },
            y: { field: 'y' },
            size: { value: 12 },
            fill: { value: C.ink },
            stroke: { value: C.paper },
            strokeWidth: { value: 1 },
          },
        },
      },
      {
        type: 'rect',
        from: { data: 'swatches' },
        encode: { update: { x: { field: 'x' }, y: { field: 'y' }, x2: { field: 'x2' }, y2: { field: 'y2' }, fill: { field: 'c' } } },
      },
      {
        type: 'text',
        from: { data: 'labels' },
        encode: {
          update: {
            x: { field: 'x' },
            y: { field: 'y' },
            text: { field: 't' },
            align: { field: 'a' },
            baseline: { value: 'middle' },
            fill: { field: 'c' },
            fontWeight: { field: 'w' },
            fontSize: { value: fontSize },
            font: { value: 'Inter' },
          },
        },
      },
    ],
  };
}

const short: Record<string, string> = { 'United States of America': 'United States', 'Bosnia and Herz.': 'Bosnia' };

/** The nearest place over open water where a label fits; none rather than one that hides a coast. */
function labelPlace(placing: Placing, written: Area[], x: number, y: number, t: string, width: number): Label | null {
  const candidates: Label[] = [];
  for (let d = 20; d <= 20 + width / 5; d += 10) {
    for (let k = 0; k < 16; k++) {
      const [dx, dy] = [Math.cos((k * Math.PI) / 8), Math.sin((k * Math.PI) / 8)];
      candidates.push({ x: x + dx * d, y: y + dy * d, t, c: C.ink, w: 500, a: Math.abs(dx) < 0.3 ? 'center' : dx < 0 ? 'right' : 'left' });
    }
  }
  const others = written.filter((box) => x < box.x || x > box.x2 || y < box.y || y > box.y2);
  const isClear = (label: Label) =>
    !others.some((box) =>
      alongLine(
        [
          { x, y },
          { x: label.x, y: label.y },
        ],
        1,
      ).some((part) => overlaps(part, box)),
    );
  return placing.place(candidates.filter((label) => isClear(label) && !onLand(label, width)));
}

let land: { box: [number, number, number, number]; ring: [number, number][] }[] | undefined;

/** Whether any part of a label stands on land. */
function onLand(label: Label, width: number): boolean {
  land ??= landRings();
  const w = textWidth(label.t, 10, 500);
  const left = label.a === 'right' ? label.x - w : label.a === 'center' ? label.x - w / 2 : label.x;
  const k = reachX / width;
  for (let i = 0; i <= 6; i++) {
    for (const dy of [-5, 0, 5]) {
      const [x, y] = [(left + (w * i) / 6) * k, (label.y + dy) * k];
      if (land.some(({ box, ring }) => x >= box[0] && x <= box[2] && y >= box[1] && y <= box[3] && inRing(ring, x, y))) return true;
    }
  }
  return false;
}

function landRings() {
  const project = equalEarth(reachX);
  return mapNames().flatMap((name) =>
    outline(name).map((points) => {
      const ring = points.map(([lon, lat]) => project(lon, lat));
      const xs = ring.map((p) => p[0]);
      const ys = ring.map((p) => p[1]);
      return { ring, box: [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)] as [number, number, number, number] };
    }),
  );
}

function inRing(ring: [number, number][], x: number, y: number): boolean {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [a, b] = [ring[i]!, ring[j]!];
    if (a[1] > y !== b[1] > y && x < ((b[0] - a[0]) * (y - a[1])) / (b[1] - a[1]) + a[0]) inside = !inside;
  }
  return inside;
}

/** Width of the projected world at scale 1: 2π ⋅ 2 / (√3 ⋅ 1.340264). */
const reachX = (4 * Math.PI) / (Math.sqrt(3) * 1.340264);

/** Equal Earth (Šavrič, Patterson, Jenny 2018) fitted to a width, its top at 84° north. */
function equalEarth(width: number): (lon: number, lat: number) => [number, number] {
  const scale = width / reachX;
  const raw = (lon: number, lat: number): [number, number] => {
    const m = Math.sqrt(3) / 2;
    const t = Math.asin(m * Math.sin((lat * Math.PI) / 180));
    const [t2, t6] = [t * t, t ** 6];
    return [
      ((lon * Math.PI) / 180) * (Math.cos(t) / (m * (1.340264 - 3 * 0.081106 * t2 + t6 * (7 * 0.000893 + 9 * 0.003796 * t2)))),
      t * (1.340264 - 0.081106 * t2 + t6 * (0.000893 + 0.003796 * t2)),
    ];
  };
  const top = raw(0, 84)[1];
  return (lon, lat) => {
    const [x, y] = raw(lon, lat);
    return [width / 2 + scale * x, scale * (top - y)];
  };
}

/** Centre of gravity of a country's largest part, in px. */
function centre(name: string, project: (lon: number, lat: number) => [number, number]): [number, number] {
  let best: [number, number] = [0, 0];
  let largest = -1;
  for (const points of outline(name)) {
    const ring = points.map(([lon, lat]) => project(lon, lat));
    let [area, cx, cy] = [0, 0, 0];
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [a, b] = [ring[j]!, ring[i]!];
      const cross = a[0] * b[1] - b[0] * a[1];
      area += cross;
      cx += (a[0] + b[0]) * cross;
      cy += (a[1] + b[1]) * cross;
    }
    if (Math.abs(area) > largest) {
      largest = Math.abs(area);
      best = [cx / (3 * area), cy / (3 * area)];
    }
  }
  return best;
}

function bubblesOf({ bubbles }: MapOptions, project: (lon: number, lat: number) => [number, number]) {
  if (!bubbles) return [];
  const most = Math.max(0, ...numbers(bubbles.rows, bubbles.value)) || 1;
  return bubbles.rows
    .flatMap((row) => {
      const [lat, lon, value] = [number(row, bubbles.lat), number(row, bubbles.lon), number(row, bubbles.value)];
      if (lat === null || lon === null || value === null || value <= 0) return [];
      const [x, y] = project(lon, lat);
      return [{ x: two(x), y: two(y), s: two(8 + (value / most) * 240) }];
    })
    .toSorted((a, b) => b.s - a.s);
}

/** At most four round limits between classes: of 1, 2, 5 where values span decades, else evenly spaced. */
export function classBreaks(values: number[]): number[] {
  const high = values.reduce((a, b) => Math.max(a, b));
  const low = values.reduce((a, b) => Math.min(a, b));
  if (low === high) return [];
  const positive = values.filter((v) => v > 0);
  if (low >= 0 && positive.length > 0 && high / Math.min(...positive) > 15) {
    const series: number[] = [];
    for (let p = Math.floor(Math.log10(high)); series.length < 12; p--)
      for (const m of [5, 2, 1]) series.push(Number((m * 10 ** p).toPrecision(2)));
    return series
      .filter((v) => v < high && v > Math.min(...positive))
      .filter((_, i) => i < 7)
      .filter((_, i, all) => all.length <= 4 || i % 2 === 0)
      .slice(0, 4)
      .reverse();
  }
  const rough = (high - low) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((m) => m * power >= rough * 0.999) ?? 10) * power;
  const breaks: number[] = [];
  for (let k = Math.floor(low / step) + 1; k * step < high && breaks.length < 4; k++) breaks.push(Number((k * step).toPrecision(12)));
  return breaks;
}

/** The classes under the map, each limit written where two classes meet; countries without a value first. */
function swatches(o: MapOptions, breaks: number[], fills: string[], y: number, width: number, labels: Label[]) {
  const texts = breaks.map((limit) => tickLabels([limit], o.unit, o.format)[0]!);
  const each = Math.max(28, ...texts.map((t) => textWidth(t) + 10));
  const plainText = 'None';
  const result = [{ x: 0, y: y - 4, x2: 14, y2: y + 4, c: C.faint }];
  labels.push({ x: 20, y, t: plainText, c: C.mute, w: 400 });
  const start = 20 + textWidth(plainText) + 22;
  const size = Math.min(each, (width - start) / (breaks.length + 1));
  for (const [i, c] of fills.slice(0, breaks.length + 1).entries()) {
    result.push({ x: two(start + i * size), y: y - 4, x2: two(start + (i + 1) * size - 1), y2: y + 4, c });
  }
  for (const [i, t] of texts.entries()) labels.push({ x: start + (i + 1) * size, y: y - 12, t, a: 'center', c: C.mute, w: 400 });
  return result;
}
