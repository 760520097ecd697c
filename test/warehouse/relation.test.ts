import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDuckDB } from '#warehouse/duckdb.ts';
import type { Engine } from '#warehouse/engine.ts';
import { exportQuery } from '#warehouse/export.ts';
import { scratch } from '../scratch.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openDuckDB();
});
afterAll(() => engine.close());

describe('a relation', () => {
  it('becomes a table with its rows in order, over several chunks', async () => {
    const n = 5000;
    const x = Int32Array.from({ length: n }, (_, i) => n - i);
    const value = Float64Array.from({ length: n }, (_, i) => i / 3);
    const label = Array.from({ length: n }, (_, i) => (i % 7 === 0 ? null : `'${i}"`));
    await engine.insert('an:alysis', { x, value, label });
    const read = await engine.columns('select * from "an:alysis"');
    expect(read.x).toEqual([...x]);
    expect(read.value).toEqual([...value]);
    expect(read.label).toEqual(label);
  });

  it.each([
    ['a number is not finite', { x: new Float64Array([1, Number.NaN]) }, /t\.x: a number is not finite/],
    ['columns differ in length', { x: new Float64Array(2), y: ['a'] }, /t\.y: 1 rows, where x has 2/],
    ['there is no column', {}, /without columns/],
  ])('is refused where %s', async (_, relation, message) => {
    await expect(engine.insert('t', relation)).rejects.toThrow(message);
  });

  it('may be empty', async () => {
    await engine.insert('empty', { x: new Int32Array(0), name: [] });
    expect(await engine.columns('select * from empty')).toEqual({ x: [], name: [] });
  });
});

describe('an export', () => {
  it('is named by its content and leaves nothing beside it', async () => {
    const folder = scratch();
    const made = await exportQuery(engine, 'select i from range(3) as t(i) order by i desc', folder, 'a query');
    expect(readdirSync(folder)).toEqual([made.file]);
    expect(await engine.columns(`select * from '${join(folder, made.file)}'`)).toEqual({ i: [2, 1, 0] });
    await expect(exportQuery(engine, 'select nothing', folder, 'a query')).rejects.toThrow(/a query/);
    expect(readdirSync(folder)).toEqual([made.file]);
  });
});
