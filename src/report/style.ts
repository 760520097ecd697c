import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { chartVariables } from '#chart/theme.ts';

const require = createRequire(import.meta.url);

interface Face {
  family: string;
  package: string;
  file: string;
  weights: number[];
  /** For code: only where the page has some, and in Latin alone. */
  isCode?: boolean;
}

const faces: Face[] = [
  { family: 'Inter', package: '@fontsource/inter', file: 'inter', weights: [400, 500, 600] },
  { family: 'Source Serif 4', package: '@fontsource/source-serif-4', file: 'source-serif-4', weights: [400, 600] },
  { family: 'JetBrains Mono', package: '@fontsource/jetbrains-mono', file: 'jetbrains-mono', weights: [400], isCode: true },
];

const folders = new Map<string, string>();
const cache = new Map<string, string>();

/**
 * The whole stylesheet of a page: fonts as data URIs, the chart's variables in light and dark, `templates/report.css`, the page's foot.
 * Subsets beyond Latin come in only where the page's text needs them.
 */
export function styleOf(text: string, foot: string): string {
  const variables = `:root{${chartVariables('light')}}@media screen and (prefers-color-scheme:dark){:root{${chartVariables('dark')}}}`;
  const feet = `@media print{@page{@bottom-left{content:${cssString(foot)}}}}`;
  const css = readOnce('report.css', () => readFileSync(join(import.meta.dirname, '../../templates/report.css'), 'utf8'));
  return [fontFaces(text), variables, css, feet].join('\n');
}

/** The policy of a page without script: one inline style by its hash, fonts and images from the page itself, no network. */
export function contentPolicy(style: string): string {
  const hash = createHash('sha256').update(style).digest('base64');
  return `default-src 'none'; style-src 'sha256-${hash}'; style-src-attr 'unsafe-inline'; font-src data:; img-src data:; base-uri 'none'; form-action 'none'`;
}

/** A CSS string that holds any text, `</style>` too. */
export function cssString(text: string): string {
  const safe = [...text].map((c) => (/[A-Za-z0-9 .,:/·–]/.test(c) ? c : `\\${c.codePointAt(0)!.toString(16).padStart(6, '0')} `));
  return `"${safe.join('')}"`;
}

function fontFaces(text: string): string {
  const points = new Set<number>();
  for (const c of text) points.add(c.codePointAt(0)!);
  const rules: string[] = [];
  const hasCode = text.includes('<code');
  for (const face of faces) {
    if (face.isCode && !hasCode) continue;
    const ranges = JSON.parse(
      readOnce(`${face.file}/unicode`, () => readFileSync(join(folderOf(face.package), 'unicode.json'), 'utf8')),
    ) as Record<string, string>;
    for (const [subset, range] of Object.entries(ranges)) {
      if (subset !== 'latin' && (face.isCode || !covers(range, points))) continue;
      for (const weight of face.weights) {
        const url = readOnce(`${face.file}/${subset}/${weight}`, () =>
          readFileSync(join(folderOf(face.package), 'files', `${face.file}-${subset}-${weight}-normal.woff2`)).toString('base64'),
        );
        rules.push(
          `@font-face{font-family:'${face.family}';font-weight:${weight};font-display:block;src:url(data:font/woff2;base64,${url}) format('woff2');unicode-range:${range}}`,
        );
      }
    }
  }
  return rules.join('\n');
}

/** Whether a unicode-range ('U+0100-02BA,U+1E00') holds one of the code points; marks that every Latin page has don't count. */
function covers(range: string, points: Set<number>): boolean {
  const firstBeyondLatin = 0x100;
  const spans = range.split(',').map((part) => {
    const [from, to] = part.trim().replace(/^U\+/i, '').split('-');
    return [Number.parseInt(from!, 16), Number.parseInt(to ?? from!, 16)] as const;
  });
  for (const point of points) {
    if (point < firstBeyondLatin || (point >= 0x2000 && point < 0x2300)) continue;
    if (spans.some(([from, to]) => point >= from && point <= to)) return true;
  }
  return false;
}

function folderOf(name: string): string {
  const known = folders.get(name) ?? dirname(require.resolve(`${name}/package.json`));
  folders.set(name, known);
  return known;
}

function readOnce(key: string, read: () => string): string {
  const known = cache.get(key) ?? read();
  cache.set(key, known);
  return known;
}
