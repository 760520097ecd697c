import type { Spec } from '#contract/figure.ts';
import type { Weight } from './measure.ts';
import { type Scale, time } from './scale.ts';
import { C, fontSize } from './theme.ts';

export type Layer = Record<string, unknown>;

/** The plot area in CSS px, and the room around it. */
export interface Frame {
  width: number;
  height: number;
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** A text at a place in px of the plot area. `a` anchor, `b` baseline, `c` colour, `w` weight, `s` size, `r` rotation. */
export interface Label {
  x: number;
  y: number;
  t: string;
  a?: 'left' | 'center' | 'right';
  b?: 'middle' | 'alphabetic' | 'top' | 'bottom';
  c?: string;
  w?: Weight;
  s?: number;
}

/** A straight line in px. */
export interface Segment {
  x: number;
  y: number;
  x2: number;
  y2: number;
  c?: string;
  w?: number;
}

/** A filled rectangle in px. */
export interface Box {
  x: number;
  y: number;
  x2: number;
  y2: number;
  c?: string;
}

/** A dot in px; `o` open. */
export interface Dot {
  x: number;
  y: number;
  c?: string;
  s?: number;
  o?: boolean;
}

/** Plot area of a drawing of a given outer size. */
export function frame(width: number, height: number, room: { left: number; right: number; top: number; bottom: number }): Frame {
  return { width: width - room.left - room.right, height: height - room.top - room.bottom, ...room };
}

/** A layered Vega-Lite specification whose data set `rows` is left out; sizes are final, nothing is fitted by the renderer. */
export function vegaLite(area: Frame, layers: (Layer | null)[]): Spec {
  const { width, height, left, right, top, bottom } = area;
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    width: two(width),
    height: two(height),
    padding: { left: two(left), right: two(right), top: two(top), bottom: two(bottom) },
    autosize: { type: 'none' },
    background: null,
    data: { name: 'rows' },
    layer: layers.filter((layer) => layer !== null),
    config: {
      font: 'Inter',
      aria: false,
      view: { stroke: null, fill: null },
      style: { cell: { stroke: null } },
      text: { font: 'Inter', fontSize, fill: C.text },
    },
  };
}

/** A linear channel on a column of `rows`. */
export function along(column: string, scale: Scale, from: number, to: number): Layer {
  return {
    field: safe(column),
    type: 'quantitative',
    scale: { domain: scale.domain, range: [two(from), two(to)], zero: false, nice: false, padding: 0 },
    axis: null,
  };
}

/** A time channel on a column of days, in UTC. */
export function inTime(column: string, first: string, last: string, from: number, to: number): Layer {
  const scale = { type: 'utc', domain: [time(first), time(last)], range: [two(from), two(to)], nice: false, padding: 0 };
  return { field: safe(column), type: 'temporal', scale, axis: null };
}

/** A channel whose column holds px already. */
function px(column: string): Layer {
  return { field: column, type: 'quantitative', scale: null, axis: null };
}

export function texts(labels: Label[]): Layer | null {
  if (labels.length === 0) return null;
  const values = labels.map(({ x, y, t, a = 'left', b = 'middle', c = C.mute, w = 400, s = fontSize }) => ({
    x: two(x),
    y: two(y),
    t,
    a,
    b,
    c,
    w,
    s,
  }));
  return {
    data: { values },
    mark: {
      type: 'text',
      align: { expr: 'datum.a' },
      baseline: { expr: 'datum.b' },
      fontWeight: { expr: 'datum.w' },
      fontSize: { expr: 'datum.s' },
      fill: { expr: 'datum.c' },
    },
    encoding: { x: px('x'), y: px('y'), text: { field: 't', type: 'nominal' } },
  };
}

export function rules(segments: Segment[]): Layer | null {
  if (segments.length === 0) return null;
  const values = segments.map(({ x, y, x2, y2, c = C.rule, w = 1 }) => ({ x: two(x), y: two(y), x2: two(x2), y2: two(y2), c, w }));
  return {
    data: { values },
    mark: { type: 'rule', stroke: { expr: 'datum.c' }, strokeWidth: { expr: 'datum.w' } },
    encoding: { x: px('x'), y: px('y'), x2: { field: 'x2' }, y2: { field: 'y2' } },
  };
}

export function boxes(rectangles: Box[], opacity = 1): Layer | null {
  if (rectangles.length === 0) return null;
  const values = rectangles.map(({ x, y, x2, y2, c = C.faint }) => ({ x: two(x), y: two(y), x2: two(x2), y2: two(y2), c }));
  return {
    data: { values },
    mark: { type: 'rect', fill: { expr: 'datum.c' }, ...(opacity < 1 ? { opacity } : {}) },
    encoding: { x: px('x'), y: px('y'), x2: { field: 'x2' }, y2: { field: 'y2' } },
  };
}

export function dots(points: Dot[]): Layer | null {
  if (points.length === 0) return null;
  const values = points.map(({ x, y, c = C.accent, s = 46, o = false }) => ({ x: two(x), y: two(y), c, f: o ? C.paper : c, s }));
  return {
    data: { values },
    mark: {
      type: 'point',
      shape: 'circle',
      opacity: 1,
      fill: { expr: 'datum.f' },
      stroke: { expr: 'datum.c' },
      strokeWidth: 1.75,
      size: { expr: 'datum.s' },
    },
    encoding: { x: px('x'), y: px('y') },
  };
}

/** A column name that may stand in a specification: code, so anything else is a mistake of the programmer. */
export function safe(column: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(column)) throw new Error(`chart: «${column}» cannot be a column name; use letters, digits and _`);
  return column;
}

export function two(value: number): number {
  return Math.round(value * 100) / 100 || 0;
}
