import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { canonical, sha256 } from '#run/hash.ts';
import { ModuleHashes } from '#run/sources.ts';
import { scratch } from '../scratch.ts';

const project = (files: Record<string, string>) => {
  const root = scratch();
  writeFileSync(join(root, 'package.json'), '{"imports":{"#lib/*":"./lib/*"}}');
  mkdirSync(join(root, 'lib'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(root, name), text);
  return root;
};

const files = {
  'a.ts': "import { b } from './b.ts';\nimport type { T } from '#lib/t.ts';\nimport fs from 'node:fs';",
  'b.ts': "export const b = await import('./c.ts');",
  'c.ts': "import './a.ts'; export const c = 1;",
  'lib/t.ts': 'export type T = 1;',
  'other.ts': 'export const unused = 1;',
};

describe('module hashes', () => {
  it('are the same in another folder', () => {
    const [one, two] = [project(files), project(files)];
    expect(new ModuleHashes(one).of(join(one, 'a.ts'))).toBe(new ModuleHashes(two).of(join(two, 'a.ts')));
  });

  it.each([
    ['b.ts', true],
    ['c.ts', true],
    ['lib/t.ts', true],
    ['other.ts', false],
  ])('change with %s: %s', (name, changes) => {
    const [one, two] = [project(files), project({ ...files, [name]: `${files[name as keyof typeof files]} // edited` })];
    expect(new ModuleHashes(one).of(join(one, 'a.ts')) !== new ModuleHashes(two).of(join(two, 'a.ts'))).toBe(changes);
  });
});

describe('hash', () => {
  it('does not depend on the order of keys', () => {
    expect(canonical({ b: [{ d: 1, c: null }], a: 'x' })).toBe('{"a":"x","b":[{"c":null,"d":1}]}');
    expect(sha256('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});
