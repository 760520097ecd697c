import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Analysis } from '#contract/analysis.ts';
import { LookbookError } from '#contract/error.ts';

/** An analysis and the folder of its SQL and narrative. */
export interface Entry {
  analysis: Analysis;
  folder: string;
}

const relationPattern = /\{\{~?\s*relation\s+['"]([^'"]+)['"]\s+['"][^'"]+['"]\s*~?\}\}/g;

/** Analyses whose relations an analysis reads, as inputs or in its SQL; without itself. */
export function readsOf({ analysis, folder }: Entry): string[] {
  const { id, inputs, exports = {} } = analysis;
  const files = [...Object.values(inputs), ...Object.values(exports)];
  const named = files.flatMap((input) => {
    if (input.endsWith('.sql')) {
      const file = join(folder, input);
      return existsSync(file) ? [...readFileSync(file, 'utf8').matchAll(relationPattern)].map(([, name]) => name!) : [];
    }
    return input.startsWith('catalog:') ? [] : [input.split(':')[0]!];
  });
  return [...new Set(named)].filter((name) => name !== id).sort();
}

/**
 * Each entry after those that it reads.
 * @throws LookbookError (usage) for analyses that read each other in a circle.
 */
export function inOrder(entries: Map<string, Entry>): Entry[] {
  const ordered = new Map<string, Entry>();
  const visit = (id: string, path: string[]): void => {
    if (ordered.has(id)) return;
    if (path.includes(id)) {
      throw new LookbookError('usage', {
        what: `analyses read each other in a circle: ${[...path, id].join(' → ')}`,
        where: `analyses/${id}`,
        mend: 'let one of them do without the other',
      });
    }
    const entry = entries.get(id);
    if (!entry)
      throw new LookbookError('usage', {
        what: `no analysis «${id}»`,
        where: `analyses/${path.at(-1)}`,
        expected: [...entries.keys()].join(', '),
      });
    for (const read of readsOf(entry)) visit(read, [...path, id]);
    ordered.set(id, entry);
  };
  for (const id of entries.keys()) visit(id, []);
  return [...ordered.values()];
}
