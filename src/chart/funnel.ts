import type { Figure } from '#contract/figure.ts';
import { along, boxes, frame, type Label, safe, texts, two, vegaLite } from './layer.ts';
import { clean, textWidth, truncate } from './measure.ts';
import { assemble, blank, type ChartOptions, number, numbers, type Variant } from './options.ts';
import { position, type Scale } from './scale.ts';
import { C } from './theme.ts';

export interface FunnelOptions extends ChartOptions {
  step: string;
  value: string;
  /** Column of the share of the step before (0 to 1) that went on; null on the first step. */
  share: string;
  /** Column of steps in the signal colour, such as the largest loss. */
  emphasis?: string | undefined;
}

/** Steps from the first to the last, bars from zero; what was lost since the step before is the pale rest of each bar. */
export function funnel(options: FunnelOptions): Figure {
  return assemble('Funnel chart', options, (variant) => draw(options, variant));
}

function draw(o: FunnelOptions, { width, compact }: Variant) {
  const values = numbers(o.rows, o.value);
  if (values.length === 0) return blank(width);
  const n = o.rows.length;
  const pitch = o.height ? o.height / n : 44;
  const bar = Math.min(pitch * 0.5, 22);
  const names = o.rows.map((row) => clean(row[o.step]));
  const room = Math.min(Math.max(...names.map((t) => textWidth(t, 10, 500))), width * (compact ? 0.3 : 0.28)) + 12;
  const right = Math.max(...o.rows.map((row) => textWidth(o.format.unit(number(row, o.value), o.unit), 10, 600))) + 8;
  const area = frame(width, Math.ceil(pitch * (n - 1) + bar + 2), { left: room, right: 0, top: 0, bottom: 0 });
  const scale: Scale = { domain: [0, Math.max(...values) || 1], ticks: [] };
  const reach = area.width - right;
  const at = (value: number) => position(scale, value, 0, reach);
  const labels: Label[] = [];
  const middle = (i: number) => i * pitch + bar / 2;
  const lost = o.rows.flatMap((row, i) => {
    const before = i === 0 ? null : number(o.rows[i - 1]!, o.value);
    const value = number(row, o.value);
    const share = number(row, o.share);
    const isHot = Boolean(o.emphasis && row[o.emphasis]);
    labels.push({ x: -room, y: middle(i), t: truncate(names[i]!, room - 12, 10, 500), c: C.ink, w: 500 });
    const edge = Math.max(value ?? 0, before ?? 0);
    labels.push({ x: at(edge) + 6, y: middle(i), t: o.format.unit(value, o.unit), c: C.ink, w: 600 });
    if (i > 0 && share !== null)
      labels.push({
        x: 0,
        y: middle(i) - bar / 2 - 9,
        t: `${o.format.share(share)} went on`,
        c: isHot ? C.signal : C.mute,
        w: isHot ? 600 : 400,
      });
    return before === null || value === null || before <= value
      ? []
      : [{ x: at(value), y: middle(i) - bar / 2, x2: at(before), y2: middle(i) + bar / 2 }];
  });
  return vegaLite(area, [
    boxes(lost),
    {
      transform: [{ window: [{ op: 'row_number', as: '_i' }] }, { calculate: '0', as: '_zero' }],
      mark: { type: 'bar', orient: 'horizontal', height: two(bar) },
      encoding: {
        x: along(o.value, scale, 0, reach),
        x2: { field: '_zero' },
        y: {
          field: '_i',
          type: 'quantitative',
          scale: { domain: [1, n + 1], range: [two(bar / 2), two(bar / 2 + pitch * n)], zero: false, nice: false, padding: 0 },
          axis: null,
        },
        fill: o.emphasis ? { condition: { test: `!!datum.${safe(o.emphasis)}`, value: C.signal }, value: C.accent } : { value: C.accent },
      },
    },
    texts(labels),
  ]);
}
