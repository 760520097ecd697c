import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Cache, difference } from '#run/cache.ts';
import { scratch } from '../scratch.ts';

describe('cache', () => {
  it('gives back what was stored under the same parts, and says why it runs otherwise', () => {
    const dir = scratch();
    const first = new Cache(dir);
    expect(first.find('sales', { sql: 'a', 'input orders': '1' })).toBeNull();
    first.store('sales', { sql: 'a', 'input orders': '1' }, 'result');
    first.close();
    const second = new Cache(dir);
    expect(second.find('sales', { sql: 'a', 'input orders': '1' })?.toString()).toBe('result');
    expect(second.find('sales', { sql: 'a', 'input orders': '2' })).toBeNull();
    expect([...first.decisions, ...second.decisions]).toEqual([
      { step: 'sales', decision: 'run', why: 'first run' },
      { step: 'sales', decision: 'reused', why: 'nothing changed' },
      { step: 'sales', decision: 'run', why: 'input changed (orders)' },
    ]);
  });

  it('never uses a damaged entry', () => {
    const dir = scratch();
    new Cache(dir).store('a', { k: '1' }, 'whole');
    const name = readdirSync(dir).find((file) => file.endsWith('.bin')) as string;
    writeFileSync(join(dir, name), 'half');
    expect(new Cache(dir).find('a', { k: '1' })).toBeNull();
  });

  it('runs every step when it is off', () => {
    const dir = scratch();
    new Cache(dir).store('a', { k: '1' }, 'x');
    const off = new Cache(dir, false);
    expect(off.find('a', { k: '1' })).toBeNull();
    expect(off.decisions[0]?.why).toBe('cache off');
  });

  it('keeps the most recently used entries', () => {
    const dir = scratch();
    const cache = new Cache(dir);
    for (const k of ['1', '2', '3', '4']) cache.store('a', { k }, k);
    cache.close(2);
    expect(readdirSync(dir).filter((file) => file.endsWith('.bin'))).toHaveLength(2);
  });

  it.each([
    [undefined, { a: '1' }, 'first run'],
    [{ a: '1' }, { a: '1' }, 'result no longer in the cache'],
    [
      { sql: '1', 'input orders': '1', 'input users': '1' },
      { sql: '2', 'input orders': '2', 'input users': '2' },
      'sql changed, input changed (orders, users)',
    ],
    [{ a: '1' }, { a: '1', seed: '2' }, 'seed changed'],
  ])('explains %j to %j', (before, now, why) => {
    expect(difference(before, now as Record<string, string>)).toBe(why);
  });
});
