import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll } from 'vitest';
import type { Report } from '#contract/report.ts';

const repository = fileURLToPath(new URL('../../', import.meta.url));
const parts = ['src', 'analyses', 'reports', 'templates', 'package.json', 'package-lock.json'];

/** The pinned Node, which `npm run` would take. */
export const node = join(repository, 'node_modules/.bin/node');

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** @returns a new folder, which goes after the tests of the file that imports this. */
export function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'lookbook-end-to-end-'));
  folders.push(made);
  return made;
}

/** @returns the root of a copy of the project that a test may change, and that nobody else changes while the test runs. */
export function projectCopy(): string {
  const root = folder();
  for (const part of parts) cpSync(join(repository, part), join(root, part), { recursive: true });
  symlinkSync(join(repository, 'node_modules'), join(root, 'node_modules'));
  return root;
}

/** @returns a new folder to work in, with a configuration, as INIT_CWD names it. */
export function workplace(config: object): string {
  const made = join(folder(), 'shop');
  mkdirSync(made);
  configure(made, config);
  return made;
}

export function configure(place: string, config: object): void {
  writeFileSync(join(place, 'lookbook.config.json'), JSON.stringify(config));
}

/** Every report of a project. */
export async function reportsOf(root: string): Promise<Report[]> {
  const names = readdirSync(join(root, 'reports')).sort();
  return Promise.all(names.map((name) => load<Report>(join(root, 'reports', name))));
}

async function load<T>(file: string): Promise<T> {
  return ((await import(/* @vite-ignore */ pathToFileURL(file).href)) as { default: T }).default;
}
