import { barChart } from '#chart/bar.ts';
import { erd } from '#chart/erd.ts';
import { funnel } from '#chart/funnel.ts';
import { heatmap } from '#chart/heatmap.ts';
import { histogram } from '#chart/histogram.ts';
import { dotInterval } from '#chart/interval.ts';
import { lineChart } from '#chart/line.ts';
import { worldMap } from '#chart/map.ts';
import { smallMultiples } from '#chart/multiples.ts';
import { paretoCurve } from '#chart/pareto.ts';
import { rankedBars } from '#chart/ranked.ts';
import { scatter } from '#chart/scatter.ts';
import { waterfall } from '#chart/waterfall.ts';
import type { Figure } from '#contract/figure.ts';
import { formatter } from '#contract/format.ts';
import type { Unit } from '#contract/metric.ts';
import type { Cell, Row } from '#contract/row.ts';

export const format = formatter({ currency: 'EUR', locale: 'en-GB' });

export function common(rows: Row[], unit: Unit = 'money', text = 'Claim') {
  return { id: 'figure', title: text, subtitle: 'Weekly', of: text, reason: text, format, unit, rows };
}

export function weeks(n: number): string[] {
  return Array.from({ length: n }, (_, i) => new Date(Date.UTC(2025, 8, 22 + 7 * i)).toISOString().slice(0, 10));
}

/** One figure of each builder, from the same names and values; as many rows as values. */
export function everyFigure(names: string[], values: (number | null)[], unit: Unit = 'money'): Record<string, Figure> {
  const days = weeks(values.length);
  const text = names[0] ?? '';
  const rows = values.map((v, i): Row => {
    const name: Cell = names[i % names.length] ?? '';
    return {
      name,
      v,
      low: v === null ? null : v - 1,
      high: v === null ? null : v + 1,
      day: days[i]!,
      i,
      share: i === 0 ? null : 0.5,
      hot: i % 2 === 0,
      kind: 'step',
      y: i % 3,
    };
  });
  const o = common(rows, unit, text);
  const band = { low: 'low', high: 'high' };
  const tables = names.map((name, i) => ({
    name: `${name}${i}`,
    rows: i,
    columns: [
      { name, type: name, key: 'primary' as const },
      { name: `to ${i}`, type: 'x' },
    ],
  }));
  return {
    line: lineChart({
      ...o,
      x: 'day',
      y: 'v',
      band,
      expectedLabel: text,
      marks: 'hot',
      annotations: [{ date: days[0]!, label: text }],
      compare: 'low',
      compareLabel: text,
    }),
    series: lineChart({ ...o, x: 'day', y: 'v', series: 'name', width: 'half' }),
    numeric: lineChart({ ...o, x: 'i', y: 'v', xTitle: text }),
    bars: barChart({ ...o, x: 'name', y: 'v', color: 'hot', low: 'low', high: 'high', xTitle: text }),
    time: barChart({ ...o, x: 'day', y: 'v', temporal: true }),
    ranked: rankedBars({ ...o, label: 'name', value: 'v', top: 5, detail: 'name', emphasis: 'hot' }),
    signed: rankedBars({ ...o, label: 'name', value: 'v', low: 'low', high: 'high', signed: true, width: 'half' }),
    interval: dotInterval({ ...o, label: 'name', value: 'v', low: 'low', high: 'high', reference: 0, referenceLabel: text }),
    waterfall: waterfall({ ...o, label: 'name', value: 'v', kind: 'kind' }),
    heatmap: heatmap({ ...o, x: 'name', y: 'y', value: 'v', xTitle: text }),
    cells: heatmap({ ...o, x: 'i', y: 'name', value: 'v', label: false }),
    histogram: histogram({ ...o, bin: 'name', value: 'v', emphasis: 'hot', xTitle: text }),
    funnel: funnel({ ...o, step: 'name', value: 'v', share: 'share', emphasis: 'hot' }),
    pareto: paretoCurve({ ...o, x: 'i', y: 'v', xUnit: 'count', markers: [{ x: 0, y: values[0] ?? 0, label: text }], xTitle: text }),
    scatter: scatter({
      ...o,
      x: 'v',
      y: 'i',
      xUnit: unit,
      yUnit: 'count',
      label: 'name',
      emphasis: 'hot',
      size: 'v',
      xTitle: text,
      yTitle: text,
    }),
    multiples: smallMultiples({ ...o, x: 'day', y: 'v', panel: 'name', band, marks: 'hot' }),
    map: worldMap({ ...o, country: 'name', value: 'v', bubbles: { rows: [{ lat: 1, lon: 2, v: 3 }], lat: 'lat', lon: 'lon', value: 'v' } }),
    erd: erd({
      ...o,
      tables,
      links: tables.slice(1).map((table) => ({ from: table.name, to: tables[0]!.name, fromColumn: table.columns[1]!.name })),
    }),
  };
}

/** Elements, attributes and texts of an SVG; throws where it is not well-formed XML. */
export function parseSvg(svg: string): { tags: { name: string; attributes: Record<string, string> }[]; texts: string[] } {
  const open: string[] = [];
  const tags: { name: string; attributes: Record<string, string> }[] = [];
  const texts: string[] = [];
  let at = 0;
  while (at < svg.length) {
    const tag = matchAt(/<(\/?)([a-zA-Z]+)((?: [a-zA-Z][a-zA-Z0-9-]*="[^"<]*")*)(\/?)>/y, svg, at);
    if (tag) {
      const [all, closes, name, raw, empty] = tag as unknown as [string, string, string, string, string];
      if (closes) {
        if (open.pop() !== name) throw new Error(`</${name}> closes another element at ${at}`);
      } else {
        const pairs = [...raw.matchAll(/ ([a-zA-Z][a-zA-Z0-9-]*)="([^"]*)"/g)].map((m) => [m[1]!, m[2]!] as const);
        if (new Set(pairs.map(([key]) => key)).size < pairs.length) throw new Error(`an attribute twice in ${all}`);
        tags.push({ name, attributes: Object.fromEntries(pairs) });
        if (!empty) open.push(name);
      }
      at += all.length;
      continue;
    }
    const text = matchAt(/[^<]+/y, svg, at)?.[0];
    if (text === undefined) throw new Error(`not well-formed at ${at}: ${svg.slice(at, at + 60)}`);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML forbids
    if (/&(?!amp;|lt;|gt;|quot;)|>|[\u0000-\u0008\u000b\u000c\u000e-\u001f]/.test(text) || !text.isWellFormed())
      throw new Error(`not escaped: ${text}`);
    texts.push(text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&'));
    at += text.length;
  }
  if (open.length > 0) throw new Error(`not closed: ${open.join(' ')}`);
  return { tags, texts };
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
