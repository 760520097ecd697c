import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);
const packages = [
  '@duckdb/node-api',
  '@fontsource/inter',
  '@fontsource/jetbrains-mono',
  '@fontsource/source-serif-4',
  '@sparticuz/chromium',
  '@tensorflow/tfjs-backend-wasm',
  'arquero',
  'canvas',
  'handlebars',
  'pdf-lib',
  'puppeteer-core',
  'vega',
  'vega-lite',
];

/** Versions of everything that can change a byte of a report: Node, its ICU, the SQL engine, the browser, the fonts. */
export function runtimeVersions(): Record<string, string> {
  const versions: Record<string, string> = {
    node: process.versions.node,
    icu: process.versions.icu ?? '',
    platform: `${process.platform}-${process.arch}`,
  };
  for (const name of packages) versions[name] = packageVersion(name);
  return versions;
}

function packageVersion(name: string): string {
  for (const folder of require.resolve.paths(name) ?? []) {
    try {
      return (JSON.parse(readFileSync(join(folder, name, 'package.json'), 'utf8')) as { version: string }).version;
    } catch {}
  }
  throw new Error(`${name} is not installed below ${dirname(import.meta.url)}`);
}
