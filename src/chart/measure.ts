import { createRequire } from 'node:module';
import { fontSize } from './theme.ts';

export type Weight = 400 | 500 | 600;

const require = createRequire(import.meta.url);
const subsets = ['latin', 'latin-ext', 'cyrillic', 'greek'] as const;
type Pen = { font: string; measureText(text: string): { width: number } };
let pen: Pen | undefined;
const known = new Map<string, number>();

/** Registers the static fonts once: as `Inter` for Vega, and one family a subset, so that no system font is ever measured. */
export function registerFonts(): Pen {
  if (pen) return pen;
  const { GlobalFonts, createCanvas } = require('canvas') as typeof import('canvas');
  for (const subset of subsets) {
    for (const weight of [400, 500, 600]) {
      const path = require.resolve(`@fontsource/inter/files/inter-${subset}-${weight}-normal.woff2`);
      GlobalFonts.registerFromPath(path, `Lookbook ${subset}`);
      if (subset === 'latin') GlobalFonts.registerFromPath(path, 'Inter');
    }
  }
  pen = createCanvas(8, 8).getContext('2d') as unknown as Pen;
  return pen;
}

/** Width of a text in CSS px, in Inter. Scripts that Inter lacks count by the em, so that the result never depends on the machine. */
export function textWidth(text: string, size: number = fontSize, weight: Weight = 400): number {
  const key = `${size} ${weight} ${text}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const context = registerFonts();
  let width = 0;
  for (const { subset, run } of runs(text)) {
    if (subset === null) {
      for (const c of run) width += size * em(c);
    } else {
      context.font = `${weight} ${size}px "Lookbook ${subset}"`;
      width += context.measureText(run).width;
    }
  }
  if (known.size > 20_000) known.clear();
  known.set(key, width);
  return width;
}

/** A text cut to a width with an ellipsis; as it is where it fits. Never cuts inside a character. */
export function truncate(text: string, width: number, size: number = fontSize, weight: Weight = 400): string {
  if (textWidth(text, size, weight) <= width) return text;
  const letters = Array.from(new Intl.Segmenter('en').segment(text.slice(0, 400)), (s) => s.segment);
  let low = 0;
  let high = letters.length;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (textWidth(`${letters.slice(0, middle).join('').trimEnd()}…`, size, weight) <= width) low = middle;
    else high = middle - 1;
  }
  return `${letters.slice(0, low).join('').trimEnd()}…`;
}

/** A text as it may be drawn: one line, without control and direction marks, well-formed Unicode. */
export function clean(value: unknown): string {
  if (value === null || value === undefined) return '–';
  const text = String(value)
    .toWellFormed()
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML forbids
    .replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufffe\uffff]+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return text === '' ? '(blank)' : text;
}

function runs(text: string): { subset: (typeof subsets)[number] | null; run: string }[] {
  const result: { subset: (typeof subsets)[number] | null; run: string }[] = [];
  for (const c of text) {
    const subset = subsetOf(c.codePointAt(0) ?? 32);
    const last = result.at(-1);
    if (last && last.subset === subset) last.run += c;
    else result.push({ subset, run: c });
  }
  return result;
}

// Unicode ranges of the font's own CSS.
function subsetOf(c: number): (typeof subsets)[number] | null {
  if (c <= 0xff || c === 0x131 || (c >= 0x152 && c <= 0x153) || (c >= 0x2000 && c <= 0x206f) || c === 0x20ac || c === 0x2122)
    return 'latin';
  if (c === 0x2191 || c === 0x2193 || c === 0x2212 || c === 0x2215) return 'latin';
  if ((c >= 0x100 && c <= 0x2ba) || (c >= 0x1e00 && c <= 0x1eff) || (c >= 0x20a0 && c <= 0x20c0)) return 'latin-ext';
  if ((c >= 0x400 && c <= 0x45f) || (c >= 0x490 && c <= 0x491)) return 'cyrillic';
  if (c >= 0x370 && c <= 0x3ff) return 'greek';
  return null;
}

function em(c: string): number {
  const point = c.codePointAt(0) ?? 0;
  if (/\p{M}|\u200d|\ufe0f/u.test(c)) return 0;
  if (
    point >= 0x1100 &&
    (/\p{Extended_Pictographic}/u.test(c) || /[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60]/.test(c))
  )
    return 1.1;
  return 0.62;
}
