import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accepts, matches } from '#api/accept.ts';
import { encodeCursor, offsetOf } from '#api/cursor.ts';
import { horizonInDays, longestHorizonDays } from '#api/horizon.ts';
import { addId, emptyIndex, idOf, rowOf } from '#api/id-index.ts';
import { Lru } from '#api/lru.ts';
import { days, months, weeks, years } from '#stats/clv/unit.ts';

describe('horizon', () => {
  it.each([
    ['52w', 364],
    ['90d', 90],
    ['1.5d', 1.5],
    ['12m', 365.25],
    ['1y', 365.25],
    [weeks(52), 364],
    [days(1), 1],
    [months(6), 182.625],
    [years(2), 730.5],
    [`${longestHorizonDays}d`, longestHorizonDays],
  ] as const)('%j is %d days', (horizon, value) => {
    expect(horizonInDays(horizon)).toBeCloseTo(value, 9);
  });

  it.each(['', '52', 'w', '52 w', '-1w', '0d', '1e3d', '52W', '261w', 52, null, undefined, {}, Number.NaN])('%j is none', (horizon) => {
    expect(() => horizonInDays(horizon as never)).toThrow('a length with its unit');
  });
});

describe('index of ids', () => {
  it('finds what was put in, and nothing else', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string({ unit: 'binary', maxLength: 12 }), { maxLength: 200 }),
        fc.array(fc.string({ unit: 'binary' })),
        (ids, others) => {
          const kept = ids.filter((id) => id.isWellFormed());
          const index = emptyIndex(
            kept.length,
            kept.reduce((sum, id) => sum + Buffer.byteLength(id), 0),
          );
          for (const [row, id] of kept.entries()) addId(index, row, id);
          for (const [row, id] of kept.entries()) {
            expect(rowOf(index, id)).toBe(row);
            expect(idOf(index, row)).toBe(id);
          }
          for (const id of others.filter((other) => other.isWellFormed())) expect(rowOf(index, id)).toBe(kept.indexOf(id));
        },
      ),
    );
  });

  it('refuses an id twice, and more than there is room for', () => {
    const index = emptyIndex(2, 4);
    addId(index, 0, 'ab');
    expect(() => addId(index, 1, 'ab')).toThrow('twice');
    expect(() => addId(index, 1, 'abc')).toThrow('room');
    expect(() => addId(index, 2, 'c')).toThrow('room');
  });

  it('of nobody knows nobody', () => {
    expect(rowOf(emptyIndex(0, 0), '')).toBe(-1);
  });
});

describe('accept', () => {
  it.each([
    [undefined, true],
    ['*/*', true],
    ['application/json', true],
    ['APPLICATION/JSON', true],
    ['application/json; charset=utf-8', true],
    ['text/html, application/xhtml+xml, */*;q=0.8', true],
    ['application/*;q=0.5', true],
    ['text/html', false],
    ['*/*;q=0', false],
    ['application/json;q=0, */*', false],
    ['application/json;q=0.000', false],
    ['application/json;q=x', false],
    ['nonsense', false],
  ])('%j admits JSON: %s', (header, admits) => {
    expect(accepts(header, 'application/json')).toBe(admits);
  });

  it.each([
    [undefined, false],
    ['"a"', true],
    ['W/"a"', true],
    ['"b" , "a"', true],
    ['*', true],
    ['a', false],
    ['"ab"', false],
  ])('If-None-Match %j matches "a": %s', (header, isMatch) => {
    expect(matches(header, '"a"')).toBe(isMatch);
  });
});

describe('cursor', () => {
  const list = { manifest: 'ab'.repeat(32), within: 90, horizon: 365 };

  it('comes back as it went', () => {
    expect(offsetOf(encodeCursor({ ...list, offset: 50 }), list)).toBe(50);
  });

  it('is never a crash', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(() => offsetOf(text, list)).toThrow(expect.objectContaining({ name: 'Problem', status: 400 }));
      }),
    );
    for (const value of [[], [1, 2, 3, 4], ['ab'.repeat(8), 90, 365, -1], ['ab'.repeat(8), 90, 365, 1.5], { length: 4 }, null]) {
      const text = Buffer.from(JSON.stringify(value)).toString('base64url');
      expect(() => offsetOf(text, list)).toThrow(expect.objectContaining({ status: 400 }));
    }
  });
});

describe('what was asked for last', () => {
  it('is remembered, the rest forgotten', () => {
    const lru = new Lru<number>(2);
    const made: string[] = [];
    const get = (key: string) => lru.get(key, () => made.push(key));
    for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) get(key);
    expect(made).toEqual(['a', 'b', 'c', 'b']);
  });
});
