import type { Formatter } from '#contract/format.ts';
import type { Metric, Polarity, Unit } from '#contract/metric.ts';
import { two } from './layer.ts';
import { textWidth } from './measure.ts';
import { tickLabels } from './scale.ts';
import { colour, type Role } from './theme.ts';
import { escapeXml } from './xml.ts';

export interface SparkOptions {
  width?: number | undefined;
  height?: number | undefined;
  /** Words for assistive technology; without them the drawing is hidden from it, since the text beside it says the same. */
  label?: string | undefined;
}

/**
 * A line with its expected range for a KPI tile. The last point is in the signal colour where it left the range in the bad direction.
 * @returns an SVG, 199 × 36 px unless told; empty text where fewer than two values are known.
 */
export function sparkline(
  history: NonNullable<Metric['history']>,
  polarity: Polarity,
  { width = 199, height = 36, label }: SparkOptions = {},
): string {
  const known = history.filter((point) => point.value !== null && Number.isFinite(point.value));
  const last = known.at(-1);
  if (!last || known.length < 2) return '';
  const values = history.flatMap(({ value, low, high }) => [value, low, high]).filter((v): v is number => v !== null && Number.isFinite(v));
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const pad = 4;
  const x = (i: number) => two(1 + (i / (history.length - 1)) * (width - 2 - pad));
  const y = (value: number) => two(most === least ? height / 2 : pad + ((most - value) / (most - least)) * (height - 2 * pad));
  const banded = history.map((point, i) => ({ ...point, i })).filter((point) => point.low !== null && point.high !== null);
  const band =
    banded.length < 2
      ? ''
      : `<path fill="${colour('faint')}" d="M${[...banded.map((p) => `${x(p.i)},${y(p.high!)}`), ...banded.toReversed().map((p) => `${x(p.i)},${y(p.low!)}`)].join('L')}Z"/>`;
  let isOpen = false;
  const line = history
    .map(({ value }, i) => {
      if (value === null || !Number.isFinite(value)) {
        isOpen = false;
        return '';
      }
      const step = `${isOpen ? 'L' : 'M'}${x(i)},${y(value)}`;
      isOpen = true;
      return step;
    })
    .join('');
  const value = last.value!;
  const isBad =
    (polarity === 'up' && last.low !== null && value < last.low) || (polarity === 'down' && last.high !== null && value > last.high);
  const end = `<circle cx="${x(history.lastIndexOf(last))}" cy="${y(value)}" r="3" fill="${colour(isBad ? 'signal' : 'accent')}"/>`;
  return svg(
    width,
    height,
    label,
    `${band}<path fill="none" stroke="${colour('mute')}" stroke-width="1.5" stroke-linejoin="round" d="${line}"/>${end}`,
  );
}

/**
 * An estimate with its interval and zero, for a decision: the value above, the limits below.
 * @returns an SVG, 190 × 44 px unless told.
 */
export function intervalBar(
  value: number,
  low: number,
  high: number,
  { format, unit, width = 190, height = 44, label }: SparkOptions & { format: Formatter; unit: Unit },
): string {
  const [least, most] = [Math.min(0, low, value), Math.max(0, high, value)];
  const span = most - least || 1;
  const [lowText, highText] = limits(low, high, unit, format);
  const side = Math.max(textWidth(lowText), textWidth(highText)) / 2 + 2;
  const x = (v: number) => two(side + ((v - least) / span) * (width - 2 * side));
  const middle = 22;
  const ends = [
    { v: low, t: lowText },
    { v: high, t: highText },
  ].filter(({ v }, i) => v !== 0 && (i === 0 || high !== low));
  const below = spaced([{ x: x(0), t: '0' }, ...ends.map(({ v, t }) => ({ x: x(v), t }))], width);
  const text = (at: number, y: number, t: string, role: Role, extra = '') =>
    `<text x="${two(at)}" y="${y}" text-anchor="middle" font-size="10" fill="${colour(role)}"${extra}>${escapeXml(t)}</text>`;
  const shown = format.signed(value, unit);
  const half = textWidth(shown, 10, 600) / 2;
  const top = Math.min(Math.max(x(value), half), width - half);
  return svg(
    width,
    height,
    label,
    `<path stroke="${colour('rule')}" d="M0,${middle}H${width}"/>` +
      `<rect x="${x(low)}" y="${middle - 3}" width="${two(Math.max(1, x(high) - x(low)))}" height="6" fill="${colour('accent-soft')}"/>` +
      `<path stroke="${colour('ink')}" stroke-width="1.25" d="M${x(0)},${middle - 5}V${middle + 5}"/>` +
      `<circle cx="${x(value)}" cy="${middle}" r="3.75" fill="${colour('accent')}"/>` +
      text(top, middle - 10, shown, 'ink', ' font-weight="600"') +
      below.map(({ x: at, t }) => text(at, middle + 18, t, 'mute')).join(''),
  );
}

/**
 * The cover's bars: one a period, from zero, the last one in colour.
 * @returns an SVG, 642 × 118 px unless told.
 */
export function coverBars(rows: { date: string; value: number | null }[], { width = 642, height = 118, label }: SparkOptions = {}): string {
  const most = Math.max(0, ...rows.map((row) => row.value ?? 0));
  if (rows.length === 0 || most === 0) return '';
  const slot = width / rows.length;
  const bar = two(Math.min(slot * 0.38, 12));
  const step = rows.length > 1 ? (width - bar) / (rows.length - 1) : 0;
  const bars = rows.map(({ value }, i) => {
    const tall = two((Math.max(0, value ?? 0) / most) * height);
    const role: Role = i === rows.length - 1 ? 'accent' : 'grey';
    return `<rect x="${two(i * step)}" y="${two(height - tall)}" width="${bar}" height="${tall}" fill="${colour(role)}"/>`;
  });
  return svg(width, height, label, bars.join(''));
}

/** Both limits to three digits, in one scale unless they are too far apart for one. */
function limits(low: number, high: number, unit: Unit, format: Formatter): [string, string] {
  const rounded = [low, high].map((v) => Number(v.toPrecision(3)));
  const [small, large] = rounded.map(Math.abs).sort((a, b) => a - b) as [number, number];
  const texts =
    small === 0 || small / large > 0.02 ? tickLabels(rounded, unit, format) : rounded.flatMap((v) => tickLabels([v], unit, format));
  return [texts[0]!, texts[1]!];
}

/** Texts under a line, moved apart; zero gives way where there is no room. */
function spaced(texts: { x: number; t: string }[], width: number): { x: number; t: string }[] {
  const gap = 5;
  const sorted = texts.toSorted((a, b) => a.x - b.x);
  const need = sorted.reduce((sum, { t }) => sum + textWidth(t) + gap, -gap);
  if (need > width) return sorted.filter(({ t }) => t !== '0');
  const placed = sorted.map((text) => ({ ...text, half: textWidth(text.t) / 2 }));
  let edge = 0;
  for (const text of placed) {
    text.x = Math.max(text.x, edge + text.half);
    edge = text.x + text.half + gap;
  }
  let end = width;
  for (const text of placed.toReversed()) {
    text.x = Math.min(text.x, end - text.half);
    end = text.x - text.half - gap;
  }
  return placed;
}

function svg(width: number, height: number, label: string | undefined, body: string): string {
  const role = label === undefined ? 'aria-hidden="true"' : `role="img" aria-label="${escapeXml(label)}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${role} width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="Inter,system-ui,sans-serif">${body}</svg>`;
}
