import type { Label } from './layer.ts';
import { textWidth } from './measure.ts';
import { fontSize } from './theme.ts';

/** A box in px that text must keep clear of. */
export interface Area {
  x: number;
  y: number;
  x2: number;
  y2: number;
}

/** The box that a label covers. */
export function extent({ x, y, t, a = 'left', b = 'middle', w = 400, s = fontSize }: Label): Area {
  const width = textWidth(t, s, w);
  const left = a === 'left' ? x : a === 'right' ? x - width : x - width / 2;
  const top = b === 'middle' ? y - s * 0.6 : b === 'top' ? y : y - s;
  return { x: left, y: top, x2: left + width, y2: top + s * 1.2 };
}

export function overlaps(a: Area, b: Area): boolean {
  return a.x < b.x2 && b.x < a.x2 && a.y < b.y2 && b.y < a.y2;
}

/** How much two boxes share, in px². */
function shared(a: Area, b: Area): number {
  return Math.max(0, Math.min(a.x2, b.x2) - Math.max(a.x, b.x)) * Math.max(0, Math.min(a.y2, b.y2) - Math.max(a.y, b.y));
}

/** Boxes around a line, so that a text can keep clear of it. */
export function alongLine(points: { x: number; y: number }[], clear = 2): Area[] {
  const areas: Area[] = [];
  for (let i = 1; i < points.length; i++) {
    const [p, q] = [points[i - 1]!, points[i]!];
    const steps = Math.max(1, Math.ceil(Math.max(Math.abs(q.x - p.x), Math.abs(q.y - p.y)) / 6));
    for (let k = 0; k < steps; k++) {
      const at = (f: number) => ({ x: p.x + (q.x - p.x) * f, y: p.y + (q.y - p.y) * f });
      const [s, e] = [at(k / steps), at((k + 1) / steps)];
      areas.push({
        x: Math.min(s.x, e.x) - clear,
        y: Math.min(s.y, e.y) - clear,
        x2: Math.max(s.x, e.x) + clear,
        y2: Math.max(s.y, e.y) + clear,
      });
    }
  }
  return areas;
}

/** Text already placed, and what it must keep clear of. */
export class Placing {
  readonly taken: Area[];
  readonly bounds: Area;

  constructor(bounds: Area, taken: Area[] = []) {
    this.bounds = bounds;
    this.taken = [...taken];
  }

  block(...areas: Area[]): void {
    this.taken.push(...areas);
  }

  /** Takes the first candidate that is inside the bounds and clear of everything; null where none is. */
  place(candidates: Label[]): Label | null {
    for (const label of candidates) {
      const box = extent(label);
      if (!this.inside(box) || this.taken.some((area) => overlaps(area, box))) continue;
      this.taken.push(box);
      return label;
    }
    return null;
  }

  /** Takes the candidate inside the bounds that covers the least: for labels that must be drawn. */
  must(candidates: Label[]): Label | null {
    const free = this.place(candidates);
    if (free) return free;
    let best: Label | null = null;
    let least = Number.POSITIVE_INFINITY;
    for (const label of candidates) {
      const box = extent(label);
      if (!this.inside(box)) continue;
      const cover = this.taken.reduce((sum, area) => sum + shared(area, box), 0);
      if (cover < least) [best, least] = [label, cover];
    }
    if (best) this.taken.push(extent(best));
    return best;
  }

  private inside(box: Area): boolean {
    const { x, y, x2, y2 } = this.bounds;
    return box.x >= x && box.x2 <= x2 && box.y >= y && box.y2 <= y2;
  }
}

/** Moves texts in one column apart so that each keeps its line height, in order, inside `low` to `high`. */
export function dodge(ys: number[], gap: number, low: number, high: number): number[] {
  const order = ys.map((_, i) => i).sort((a, b) => ys[a]! - ys[b]! || a - b);
  const result = [...ys];
  let floor = low;
  for (const i of order) {
    result[i] = Math.max(result[i]!, floor);
    floor = result[i]! + gap;
  }
  let ceiling = high;
  for (const i of order.toReversed()) {
    result[i] = Math.min(result[i]!, ceiling);
    ceiling = result[i]! - gap;
  }
  return result;
}

/** A label moved so that it lies between two edges. */
export function inward(label: Label, low: number, high: number): Label {
  const box = extent(label);
  return { ...label, x: label.x + Math.max(0, low - box.x) - Math.max(0, box.x2 - high) };
}

/** Every k-th label, with the least k at which none touches the next. */
export function every(labels: Label[], gap = 5): Label[] {
  const boxes = labels.map(extent);
  for (let k = 1; k < labels.length; k++) {
    let edge = Number.NEGATIVE_INFINITY;
    const fits = boxes.every((box, i) => {
      if (i % k !== 0) return true;
      const free = box.x >= edge + gap;
      edge = box.x2;
      return free;
    });
    if (fits) return labels.filter((_, i) => i % k === 0);
  }
  return labels.slice(0, 1);
}

/** Labels of an axis, left to right, without those that would touch the one before; the first and last move inward to fit. */
export function thin(labels: Label[], low: number, high: number, gap = 8): Label[] {
  const kept: Label[] = [];
  let edge = Number.NEGATIVE_INFINITY;
  for (const label of labels) {
    const box = extent(label);
    const shift = Math.max(0, low - box.x) - Math.max(0, box.x2 - high);
    if (box.x + shift < edge + gap) continue;
    kept.push({ ...label, x: label.x + shift });
    edge = box.x2 + shift;
  }
  return kept;
}
