import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const worded = new Set(
  'headline lede summary claim detail title subtitle note alt do why basis rule label period caveats text omitted'.split(' '),
);
const silent = new Set(['spec', 'narrow', 'half', 'rows', 'total', 'columns', 'artifacts', 'history']);

/** Every text of a result that a reader sees, by its place: 'findings.week.claim'. */
export function claimsOf(value: unknown, place = '', isWorded = false): Map<string, string> {
  if (typeof value === 'string') return new Map(isWorded ? [[place, value]] : []);
  if (value === null || typeof value !== 'object') return new Map();
  return new Map(
    Object.entries(value).flatMap(([key, inner]) => {
      if (silent.has(key)) return [];
      const name = Array.isArray(value) ? ((inner as { id?: string } | null)?.id ?? key) : key;
      const isText = worded.has(key) || (isWorded && typeof inner === 'string');
      return [...claimsOf(inner, place ? `${place}.${name}` : name, isText)];
    }),
  );
}

/** Paragraphs, headings and points of a page, without charts, tables and SQL. */
export function paragraphsOf(html: string): string[] {
  const body = html.replace(/<(style|svg|pre|code|table|footer)\b[\s\S]*?<\/\1>/g, '');
  const found = [...body.matchAll(/<(p|li|h[1-4]|dd)\b[^>]*>([\s\S]*?)<\/\1>/g)].map(([, , inner]) => inner as string);
  return [
    ...new Set(
      found.map((inner) =>
        inner
          .replace(/<[^>]*>/g, ' ')
          .replace(/\s+/g, ' ')
          .trim(),
      ),
    ),
  ];
}

/** Numbers that the code in some folders holds, as they print: 0.95 as '95.0', 13 weeks as '13' and 91 days. They are the same for every shop. */
export function constantsOf(root: string, ...folders: string[]): Set<string> {
  const texts = folders
    .map((folder) => join(root, folder))
    .flatMap((folder) =>
      readdirSync(folder)
        .filter((name) => /\.(ts|sql)$/.test(name))
        .map((name) => readFileSync(join(folder, name), 'utf8')),
    );
  const values = texts
    .flatMap((text) => text.match(/(?<![\w.])[0-9][0-9_]*(?:\.[0-9]+)?(?![\w.])/g) ?? [])
    .map((text) => Number(text.replaceAll('_', '')));
  return new Set(
    values.flatMap((value) => [
      String(value),
      value.toFixed(1),
      value.toFixed(2),
      String(value * 7),
      (value * 100).toFixed(1),
      value.toLocaleString('en-GB'),
    ]),
  );
}
