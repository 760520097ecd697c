import type { Figure } from '#contract/figure.ts';
import type { Row } from '#contract/row.ts';
import { frame, type Label, rules, type Segment, safe, texts, two, vegaLite } from './layer.ts';
import { clean, textWidth, truncate } from './measure.ts';
import { assemble, blank, type ChartOptions, number, numbers, type Variant } from './options.ts';
import { position, type Scale } from './scale.ts';
import { C } from './theme.ts';

export interface WaterfallOptions extends ChartOptions {
  label: string;
  /** Level for `start` and `end`, difference for `step`. */
  value: string;
  /** Column with 'start', 'step' or 'end'. */
  kind: string;
}

interface Stage {
  row: Row;
  from: number;
  to: number;
  isStep: boolean;
}

/**
 * A bridge from one level to another, top to bottom. Where the steps are small beside the levels, the levels are drawn as ticks and not
 * as bars, so that no bar starts anywhere but at zero or at the step before.
 * @throws Error when a start is not the first row, or the steps do not add up to the end (to a millionth of the larger level).
 */
export function waterfall(options: WaterfallOptions): Figure {
  const stages = staged(options);
  return assemble('Waterfall chart', options, (variant) => draw(options, stages, variant));
}

function staged({ id, rows, kind, value }: WaterfallOptions): Stage[] {
  let level = 0;
  let size = 0;
  return rows.map((row, i) => {
    const amount = number(row, value) ?? 0;
    size = Math.max(size, Math.abs(level), Math.abs(amount));
    if (row[kind] === 'step') {
      const from = level;
      level += amount;
      return { row, from, to: level, isStep: true };
    }
    if (row[kind] === 'start' && i > 0) throw new Error(`waterfall ${id}: a start in row ${i + 1}; only the first can be one`);
    if (row[kind] === 'end' && Math.abs(level - amount) > size * 1e-6 + 0.005)
      throw new Error(`waterfall ${id}: the steps lead to ${level}, the end is ${amount}`);
    level = amount;
    return { row, from: 0, to: amount, isStep: false };
  });
}

function draw(o: WaterfallOptions, stages: Stage[], { width, compact }: Variant) {
  if (numbers(o.rows, o.value).length === 0) return blank(width);
  const steps = stages.filter((stage) => stage.isStep);
  const reach = [...steps.flatMap(({ from, to }) => [from, to]), ...stages.filter((s) => !s.isStep).map((s) => s.to)];
  const [least, most] = [Math.min(...reach), Math.max(...reach)];
  const near = least > 0 && most - least < most * 0.4;
  const low = near ? least - (most - least) * 0.08 - (least === most ? 1 : 0) : Math.min(0, least);
  const high = near ? most + (most - least) * 0.02 : Math.max(0, most);
  const scale: Scale = { domain: low === high ? [0, 1] : [low, high], ticks: [] };
  const n = stages.length;
  const pitch = o.height ? o.height / n : n <= 9 ? 29 : 24;
  const bar = Math.min(pitch * 0.58, 17);
  const names = stages.map(({ row }) => clean(row[o.label]));
  const room = Math.min(Math.max(...names.map((t) => textWidth(t, 10, 500))), width * (compact ? 0.34 : 0.32)) + 12;
  const written = stages.map(({ row, isStep }) =>
    isStep ? o.format.signed(number(row, o.value), o.unit) : o.format.unit(number(row, o.value), o.unit),
  );
  const pad = Math.max(...written.map((t) => textWidth(t, 10, 600))) + 8;
  const area = frame(width, Math.ceil(pitch * n), { left: room, right: 0, top: 0, bottom: 0 });
  const from = low < 0 ? pad : 0;
  const at = (value: number) => position(scale, value, from, area.width - pad);
  const middle = (i: number) => (i + 0.5) * pitch;
  const joints: Segment[] = [];
  const labels: Label[] = [];
  const levels: Segment[] = [];
  stages.forEach((stage, i) => {
    const amount = number(stage.row, o.value) ?? 0;
    const y = middle(i);
    if (i > 0) joints.push({ x: at(stages[i - 1]!.to), y: middle(i - 1) + bar / 2, x2: at(stages[i - 1]!.to), y2: y - bar / 2, c: C.grey });
    labels.push({
      x: -area.left,
      y,
      t: truncate(names[i]!, room - 12, 10, stage.isStep ? 400 : 500),
      c: stage.isStep ? C.text : C.ink,
      w: stage.isStep ? 400 : 500,
    });
    const isLeft = amount < 0;
    const edge = stage.isStep ? stage.to : amount;
    const isOut = isLeft && at(edge) - 8 < textWidth(written[i]!, 10, 600);
    const start = isOut ? Math.max(stage.from, stage.to) : edge;
    labels.push({
      x: at(start) + (isLeft && !isOut ? -6 : 6),
      y,
      t: written[i]!,
      a: isLeft && !isOut ? 'right' : 'left',
      c: stage.isStep ? (isLeft ? C.signal : C.accent) : C.ink,
      w: stage.isStep ? 400 : 600,
    });
    if (!stage.isStep && near) levels.push({ x: at(amount), y: y - bar / 2, x2: at(amount), y2: y + bar / 2, c: C.ink, w: 3 });
  });
  const value = safe(o.value);
  const kind = safe(o.kind);
  return vegaLite(area, [
    near ? null : rules([{ x: at(0), y: 0, x2: at(0), y2: area.height, c: C.rule }]),
    {
      transform: [
        { window: [{ op: 'row_number', as: '_i' }] },
        { calculate: `datum.${kind} === 'step' && isValid(datum.${value}) ? datum.${value} : 0`, as: '_step' },
        { calculate: `datum.${kind} === 'step' ? 0 : datum.${value}`, as: '_level' },
        { window: [{ op: 'sum', field: '_step', as: '_sum' }] },
        { window: [{ op: 'first_value', field: '_level', as: '_start' }], frame: [null, null] },
        { calculate: `datum.${kind} === 'step' ? datum._start + datum._sum : datum.${value}`, as: '_to' },
        { calculate: `datum.${kind} === 'step' ? datum._to - datum._step : ${near ? 'datum._to' : '0'}`, as: '_from' },
      ],
      mark: { type: 'bar', orient: 'horizontal', height: two(bar) },
      encoding: {
        x: {
          field: '_to',
          type: 'quantitative',
          scale: { domain: scale.domain, range: [two(from), two(area.width - pad)], zero: false, nice: false, padding: 0 },
          axis: null,
        },
        x2: { field: '_from' },
        y: {
          field: '_i',
          type: 'quantitative',
          scale: { domain: [0.5, n + 0.5], range: [0, area.height], zero: false, nice: false, padding: 0 },
          axis: null,
        },
        fill: {
          condition: [
            { test: `datum.${kind} !== 'step'`, value: C.mute },
            { test: `datum.${value} < 0`, value: C.signal },
          ],
          value: C.accent,
        },
      },
    },
    rules(joints),
    rules(levels),
    texts(labels),
  ]);
}
