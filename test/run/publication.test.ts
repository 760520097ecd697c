import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Publication, recover, replaceFile } from '#run/publication.ts';
import { scratch } from '../scratch.ts';

describe('publication', () => {
  it('replaces the last one whole, keeping what is asked for', () => {
    const place = join(scratch(), '2026-01-04');
    mkdirSync(join(place, 'data'), { recursive: true });
    writeFileSync(join(place, 'a.html'), 'old a');
    writeFileSync(join(place, 'b.html'), 'old b');
    const draft = new Publication(place);
    draft.write('a.html', 'new a');
    draft.write('data/x.csv', 'x');
    expect(readFileSync(join(place, 'a.html'), 'utf8')).toBe('old a');
    draft.keep('b.html');
    draft.commit();
    expect(readdirSync(place).sort()).toEqual(['a.html', 'b.html', 'data']);
    expect(readFileSync(join(place, 'a.html'), 'utf8')).toBe('new a');
    expect(readFileSync(join(place, 'b.html'), 'utf8')).toBe('old b');
  });

  it('leaves the last one as it was when discarded', () => {
    const base = scratch();
    const place = join(base, '2026-01-04');
    mkdirSync(place);
    const draft = new Publication(place);
    draft.write('a.html', 'half');
    draft.discard();
    expect(readdirSync(base)).toEqual(['2026-01-04']);
  });

  it('recovers from a run killed at any point', () => {
    const base = scratch();
    mkdirSync(join(base, '2026-01-04.old'));
    mkdirSync(join(base, '2026-01-11'));
    mkdirSync(join(base, '2026-01-11.old'));
    mkdirSync(join(base, '2026-01-11.draft-99'));
    recover(base);
    expect(readdirSync(base).sort()).toEqual(['2026-01-04', '2026-01-11']);
  });

  it('replaces a file and leaves no half of one', () => {
    const file = join(scratch(), 'index.html');
    replaceFile(file, 'one');
    replaceFile(file, 'two');
    expect(readFileSync(file, 'utf8')).toBe('two');
    expect(() => replaceFile(join(file, 'below'), 'x')).toThrow();
    expect(existsSync(`${file}.${process.pid}.tmp`)).toBe(false);
  });
});
