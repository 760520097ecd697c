import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Analysis, Input } from '#contract/analysis.ts';
import { type Entry, inOrder, readsOf } from '#run/graph.ts';
import { scratch } from '../scratch.ts';

const entry = (id: string, inputs: Record<string, Input>, sql: Record<string, string> = {}, exports: Analysis['exports'] = {}): Entry => {
  const folder = scratch();
  for (const [name, text] of Object.entries(sql)) writeFileSync(join(folder, name), text);
  const run = () => {
    throw new Error('not run here');
  };
  return { folder, analysis: { id, area: 'value', question: '?', requires: [], params: {}, inputs, exports, run } };
};
const named = (...entries: Entry[]) => new Map(entries.map((each) => [each.analysis.id, each]));

describe('what an analysis reads of others', () => {
  it.each([
    ['nothing', entry('a', { days: 'days.sql', models: 'catalog:models' }, { 'days.sql': "select * from {{ref 'm'}}" }), []],
    ['a relation as an input', entry('a', { scores: 'b:scores' }), ['b']],
    ['a relation in its SQL', entry('a', { s: 's.sql' }, { 's.sql': `join {{relation 'b' 'scores'}} {{relation "c" "x"}}` }), ['b', 'c']],
    ['one in an export, and its own', entry('a', {}, { 'e.sql': "{{relation 'a' 'own'}} {{relation 'd' 'x'}}" }, { e: 'e.sql' }), ['d']],
  ])('%s', (_, given, expected) => {
    expect(readsOf(given)).toEqual(expected);
  });
});

describe('the order of a run', () => {
  it('puts each analysis after those that it reads', () => {
    const entries = named(
      entry('list', { s: 'model:scores', t: 'segment:points' }),
      entry('segment', { s: 'model:scores' }),
      entry('model', {}),
    );
    expect(inOrder(entries).map(({ analysis }) => analysis.id)).toEqual(['model', 'segment', 'list']);
  });

  it('names a circle', () => {
    const entries = named(entry('a', { s: 'b:x' }), entry('b', { s: 'c:x' }), entry('c', { s: 'a:x' }));
    expect(() => inOrder(entries)).toThrow(/a → b → c → a/);
  });
});
