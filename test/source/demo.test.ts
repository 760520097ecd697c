import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { demoSource } from '#source/demo.ts';
import { takeSnapshot } from '#source/snapshot.ts';
import { scratch } from '../scratch.ts';

const options = { customers: 300, seed: 1, end: '2026-08-23' };

test('writes the demo shop as a snapshot like any other, and finds it again', async () => {
  const out = scratch();
  const first = await takeSnapshot(demoSource(options), out, () => {});
  expect(first.tables.users!.rows).toBe(300);
  expect(first.capabilities).toEqual(['orders', 'products', 'events', 'costs', 'geography', 'inventory', 'deliveries', 'returns']);
  expect(existsSync(join(first.folder, 'truth.json'))).toBe(true);
  const second = await takeSnapshot(demoSource(options), out, () => {});
  expect({ ...second, reused: false }).toEqual(first);
  expect(second.reused).toBe(true);
});

test('its fingerprint follows the options', async () => {
  const prints = await Promise.all(
    [options, { ...options, seed: 2 }, { ...options, customers: 301 }, { ...options }].map((one) => demoSource(one).fingerprint()),
  );
  expect(new Set(prints).size).toBe(3);
  expect(prints[3]).toBe(prints[0]);
});

test('a shop without orders has nothing to report on', async () => {
  await expect(takeSnapshot(demoSource({ ...options, customers: 0 }), scratch(), () => {})).rejects.toThrow('has no rows');
});
