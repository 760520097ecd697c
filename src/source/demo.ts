import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { checkOptions, type DemoOptions, demoDefaults } from './demo/options.ts';
import { hashText } from './hash.ts';
import type { Source, WrittenTable } from './source.ts';
import { thelook } from './thelook.ts';

/** Code that decides the demo's rows, below src/source. */
const modules = ['random.ts', 'demo/'];

/**
 * The simulated shop as a source, with theLook's tables. What was planted is written beside them, as truth.json.
 * @param options size, seed and last day; the defaults make a shop whose reports are done within a minute.
 */
export function demoSource(options: Partial<DemoOptions>): Source {
  const complete = checkOptions({ ...demoDefaults, ...options });
  return {
    id: 'demo',
    format: thelook,
    describe: () => `the simulated shop (${complete.customers} customers, seed ${complete.seed}, up to ${complete.end})`,
    fingerprint: async () => hashText(JSON.stringify([complete, await codeHashes()])),
    async write(folder) {
      const { writeDemo } = await import('./demo/demo.ts');
      await writeDemo(complete, folder);
      const table: WrittenTable = { present: true, absent: [], leftOut: [], ignored: [] };
      return { tables: Object.fromEntries(thelook.tables.map(({ name }) => [name, table])), files: [], warnings: [] };
    },
  };
}

async function codeHashes(): Promise<[string, string][]> {
  const root = fileURLToPath(new URL('./', import.meta.url));
  const files = [];
  for (const module of modules) {
    if (!module.endsWith('/')) files.push(module);
    else for (const name of (await readdir(root + module)).sort()) files.push(module + name);
  }
  return Promise.all(files.map(async (file): Promise<[string, string]> => [file, hashText(await readFile(root + file, 'utf8'))]));
}
