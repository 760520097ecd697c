import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { sha256 } from './hash.ts';

const importPattern = /(?:\bfrom|\bimport)\s*\(?\s*['"]([^'"]+)['"]/g;

/** Hash of a module and of all project modules that it imports, directly or not; a .sql or .hbs beside it is not part of it. */
export class ModuleHashes {
  readonly #root: string;
  readonly #aliases: [string, string][];
  readonly #imports = new Map<string, string[]>();
  readonly #texts = new Map<string, string>();

  /** @param root the project folder, whose package.json names the import aliases. */
  constructor(root: string) {
    this.#root = root;
    const { imports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { imports: Record<string, string> };
    this.#aliases = Object.entries(imports).map(([alias, target]) => [alias.replace('*', ''), target.replace('*', '')]);
  }

  of(entry: string): string {
    const files = [...this.#closure(resolve(entry))].sort();
    return sha256(files.map((file) => [relative(this.#root, file), sha256(this.#read(file))]));
  }

  #closure(entry: string): Set<string> {
    const seen = new Set<string>();
    const open = [entry];
    for (let file = open.pop(); file !== undefined; file = open.pop()) {
      if (seen.has(file)) continue;
      seen.add(file);
      open.push(...this.#importsOf(file));
    }
    return seen;
  }

  #importsOf(file: string): string[] {
    const known = this.#imports.get(file);
    if (known) return known;
    const found: string[] = [];
    if (/\.[mc]?[tj]s$/.test(file)) {
      for (const [, specifier] of this.#read(file).matchAll(importPattern)) {
        const target = this.#resolve(specifier as string, file);
        if (target && existsSync(target)) found.push(target);
      }
    }
    this.#imports.set(file, found);
    return found;
  }

  #resolve(specifier: string, from: string): string | null {
    if (specifier.startsWith('.')) return resolve(dirname(from), specifier);
    const alias = this.#aliases.find(([prefix]) => specifier.startsWith(prefix));
    return alias ? resolve(this.#root, alias[1] + specifier.slice(alias[0].length)) : null;
  }

  #read(file: string): string {
    let text = this.#texts.get(file);
    if (text === undefined) {
      text = readFileSync(file, 'utf8');
      this.#texts.set(file, text);
    }
    return text;
  }
}

/** Hash of every file below folders (sorted by path), for templates and for the code as a whole. */
export function hashFolders(root: string, folders: string[]): string {
  const files = folders.flatMap((folder) => walk(join(root, folder))).sort();
  return sha256(files.map((file) => [relative(root, file), sha256(readFileSync(file))]));
}

function walk(path: string): string[] {
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [path];
  return readdirSync(path)
    .filter((name) => !name.startsWith('.') && name !== 'node_modules')
    .flatMap((name) => walk(join(path, name)));
}
