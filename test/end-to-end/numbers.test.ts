import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { PublishedData } from '#run/publish.ts';
import { report } from './command.ts';
import { projectCopy, reportsOf, workplace } from './project.ts';
import { readJson } from './tree.ts';

const root = projectCopy();
const texts: Map<string, string>[] = [];
const pages: Map<string, Map<string, string>>[] = [];
let all: string[];

beforeAll(async () => {
  all = (await reportsOf(root)).map(({ id }) => id);
  const shops = [
    { customers: 1500, seed: 20, end: '2026-11-15' },
    { customers: 2100, seed: 5, end: '2026-08-23' },
  ];
  await Promise.all(
    shops.map(async (demo, i) => {
      const cwd = workplace({ demo });
      const ending = await report([...all, '--format', 'html,json', '--quiet'], { root, cwd });
      expect(ending).toMatchObject({ code: 0, stderr: '' });
      const folder = join(cwd, 'output/site/demo', demo.end);
      texts[i] = claims(readJson<PublishedData>(folder, 'report.json'));
      pages[i] = new Map(all.map((id) => [id, paragraphs(readFileSync(join(folder, `${id}.html`), 'utf8'))]));
    }),
  );
});

test('probe', () => {
  const [a, b] = texts as [Map<string, string>, Map<string, string>];
  for (const [key, text] of a) if (b.get(key) === text && /[0-9]/.test(text)) console.log('SAME', key, '|', text);
  for (const [key, text] of a) {
    const other = b.get(key);
    if (other === undefined || other === text) continue;
    const shared = sharedNumbers(text, other);
    if (shared.length) console.log('SHARED', shared.join(' '), '|', key, '|', text, '|', other);
  }
  for (const id of all) {
    const [p, q] = [pages[0]!.get(id)!, pages[1]!.get(id)!];
    for (const [text] of p) if (q.has(text) && /[0-9]/.test(text)) console.log('PAGE', id, '|', text);
  }
});

const number = /[0-9]+(?:[.,][0-9]+)*/g;

/** Numbers that stand at the same place of two texts that are the same but for their numbers. */
function sharedNumbers(a: string, b: string): string[] {
  if (a.replaceAll(number, '#') !== b.replaceAll(number, '#')) return [];
  const [left, right] = [a.match(number) ?? [], b.match(number) ?? []];
  return left.filter((value, i) => value === right[i]);
}

/** Every text of the results that a reader sees, by its place. */
function claims({ analyses, reports }: PublishedData): Map<string, string> {
  const found = new Map<string, string>();
  const walk = (value: unknown, path: string) => {
    if (value === null || typeof value !== 'object') return;
    for (const [key, inner] of Object.entries(value)) {
      if (['spec', 'narrow', 'rows', 'total', 'columns', 'artifacts', 'history', 'id', 'proof', 'within', 'owner'].includes(key)) continue;
      const name = Array.isArray(value) ? ((inner as { id?: string } | null)?.id ?? key) : key;
      if (typeof inner === 'string') found.set(`${path}.${name}`, inner);
      else walk(inner, `${path}.${name}`);
    }
  };
  walk(analyses, '');
  for (const { id, headline, lede } of reports) found.set(`${id}.headline`, headline).set(`${id}.lede`, lede);
  return found;
}

function paragraphs(html: string): Map<string, string> {
  const body = html.replace(/<style[\s\S]*?<\/style>|<svg[\s\S]*?<\/svg>|<pre[\s\S]*?<\/pre>/g, '');
  return new Map([...body.matchAll(/<(p|li|h[1-4]|dd)\b[^>]*>([\s\S]*?)<\/\1>/g)].map(([, , inner]) => [(inner as string).replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ').trim(), '']));
}
