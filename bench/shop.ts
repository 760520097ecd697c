import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../', import.meta.url));

/** The shop that is measured. */
export interface BenchShop {
  id: 'thelook' | 'demo';
  name: string;
  /** Arguments of the report command. */
  args: string[];
  /** Folder of the shop's files; null for the demo, which makes them. */
  data: string | null;
}

const customers = 100_000;

/**
 * theLook's export beside the project, or where it is absent a demo of the same size.
 * @param folder where the command will run; the demo's configuration is written into it.
 */
export function benchShop(folder: string): BenchShop {
  const data = join(root, '../shared/data/thelook');
  if (existsSync(data)) return { id: 'thelook', name: 'theLook', args: ['--shop', 'thelook', '--data', data], data };
  writeFileSync(join(folder, 'lookbook.config.json'), JSON.stringify({ shop: 'demo', demo: { customers } }));
  return { id: 'demo', name: `demo of ${customers} customers`, args: [], data: null };
}
