import { describe, expect, it } from 'vitest';
import { changesSince } from '#run/changes.ts';

const previous = {
  asOf: '2026-01-04',
  fingerprint: 'f1',
  rows: { orders: 10, users: 5 },
  code: 'c1',
  definitions: { aov: '1', orders: '1', old: '1' },
};
const source = (fingerprint: string, rows: Record<string, number>) => ({ kind: 'files', fingerprint, rows, files: [] });
const texts = (inputs: Parameters<typeof changesSince>[0]) => changesSince(inputs, String, (day) => day).map(({ text }) => text);

describe('changes since the last report', () => {
  it('says so when there is no earlier report', () => {
    expect(texts({ previous: null, source: source('f1', {}), code: 'c1', definitions: {} })[0]).toMatch('first report');
  });

  it('tells data, definitions and code apart', () => {
    const inputs = {
      previous,
      source: source('f2', { orders: 12, users: 4, events: 7 }),
      code: 'c2',
      definitions: { aov: '2', orders: '1', units: '1' },
    };
    expect(texts(inputs)).toEqual([
      'New data since the report of 2026-01-04: orders +2 rows, users −1 rows and events +7 rows.',
      'Definitions changed: aov; added: units; removed: old since the report of 2026-01-04.',
      'The program has changed since the report of 2026-01-04.',
    ]);
  });

  it.each([
    ['f1', { orders: 10, users: 5 }, 'same snapshot'],
    ['f2', { orders: 10, users: 5 }, 'changed in place'],
  ])('reads snapshot %s', (fingerprint, rows, text) => {
    expect(texts({ previous, source: source(fingerprint, rows), code: 'c1', definitions: previous.definitions })[0]).toMatch(text);
  });
});
