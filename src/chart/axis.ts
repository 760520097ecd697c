import type { Formatter } from '#contract/format.ts';
import type { Unit } from '#contract/metric.ts';
import type { Label, Segment } from './layer.ts';
import { textWidth } from './measure.ts';
import { thin } from './place.ts';
import { position, type Scale, tickLabels } from './scale.ts';
import { C } from './theme.ts';

/** Grid lines, ticks and their texts, in px of the plot area. */
export interface Axis {
  lines: Segment[];
  labels: Label[];
}

/** Room that the texts of a vertical axis need, with the gap to the plot. */
export function yRoom(scale: Scale, unit: Unit, format: Formatter): number {
  return Math.ceil(Math.max(...tickLabels(scale.ticks, unit, format).map((t) => textWidth(t)))) + 8;
}

/** Horizontal grid with texts on the left; the zero or base line is stronger. */
export function yAxis(scale: Scale, unit: Unit, format: Formatter, width: number, height: number): Axis {
  const texts = tickLabels(scale.ticks, unit, format);
  const ys = scale.ticks.map((tick) => position(scale, tick, height, 0));
  return {
    lines: ys.map((y, i) => ({ x: 0, y, x2: width, y2: y, c: isBase(scale, i) ? C.rule : C.faint })),
    labels: ys.map((y, i) => ({ x: -8, y, t: texts[i]!, a: 'right' })),
  };
}

/** Texts under the plot with short ticks; `base` draws the line. */
export function xAxis(
  ticks: { x: number; t: string }[],
  width: number,
  height: number,
  reach: { left: number; right: number },
  base = true,
): Axis {
  const labels = thin(
    ticks.map(({ x, t }): Label => ({ x, y: height + 7, t, a: 'center', b: 'top' })),
    -reach.left,
    width + reach.right,
  );
  return {
    lines: [
      ...(base ? [{ x: 0, y: height, x2: width, y2: height, c: C.rule }] : []),
      ...ticks.map(({ x }) => ({ x, y: height, x2: x, y2: height + 4, c: C.rule })),
    ],
    labels,
  };
}

/** Vertical grid with texts below, for horizontal bars and dots. */
export function valueAxis(
  scale: Scale,
  unit: Unit,
  format: Formatter,
  width: number,
  height: number,
  reach: { left: number; right: number },
): Axis {
  const texts = tickLabels(scale.ticks, unit, format);
  const xs = scale.ticks.map((tick) => position(scale, tick, 0, width));
  return {
    lines: xs.map((x) => ({ x, y: 0, x2: x, y2: height, c: C.faint })),
    labels: thin(
      xs.map((x, i): Label => ({ x, y: height + 6, t: texts[i]!, a: 'center', b: 'top' })),
      -reach.left,
      width + reach.right,
    ),
  };
}

function isBase(scale: Scale, i: number): boolean {
  const hasZero = scale.ticks.includes(0);
  return hasZero ? scale.ticks[i] === 0 : i === 0;
}
