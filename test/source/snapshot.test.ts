import { fork } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { LookbookError } from '#contract/error.ts';
import { filesSource } from '#source/files.ts';
import { lastOrderDayOnOrBefore, readSnapshot, type Snapshot, takeSnapshot } from '#source/snapshot.ts';
import type { Source } from '#source/source.ts';
import { thelook } from '#source/thelook.ts';
import { scratch } from '../scratch.ts';
import { personalMark, tinyShop, writeShop } from './fixture.ts';

const quiet = () => {};
const from = (data: string) => filesSource({ data, format: thelook });

function bytesOf({ folder }: Snapshot): Record<string, string> {
  return Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name)).toString('base64')]));
}

test('a second run on unchanged input reads the first snapshot, and says so', async () => {
  const data = await writeShop(tinyShop(), 'csv.gz');
  const out = scratch();
  const lines: string[] = [];
  const first = await takeSnapshot(from(data), out, (line) => lines.push(line));
  for (const name of readdirSync(data)) utimesSync(join(data, name), 1, 1);
  const second = await takeSnapshot(from(data), out, (line) => lines.push(line));
  expect([first.reused, second.reused]).toEqual([false, true]);
  expect({ ...second, reused: false }).toEqual(first);
  expect(lines).toEqual([
    `snapshot ${first.fingerprint.slice(0, 12)}: written from theLook files in ${data} (7 tables, 48 rows)`,
    `snapshot ${first.fingerprint.slice(0, 12)}: unchanged, read again (7 tables, 48 rows)`,
  ]);
});

test('the same input gives the same bytes in another place', async () => {
  const data = await writeShop(tinyShop(), 'csv');
  const other = join(scratch(), 'elsewhere');
  cpSync(data, other, { recursive: true });
  const [a, b] = [await takeSnapshot(from(data), scratch(), quiet), await takeSnapshot(from(other), scratch(), quiet)];
  expect(b.fingerprint).toBe(a.fingerprint);
  expect(bytesOf(b)).toEqual(bytesOf(a));
  expect(JSON.stringify(readFileSync(join(a.folder, 'snapshot.json'), 'utf8'))).not.toContain(data);
});

test('a changed byte gives another snapshot, and leaves the first', async () => {
  const data = await writeShop(tinyShop(), 'csv');
  const out = scratch();
  const first = await takeSnapshot(from(data), out, quiet);
  const path = join(data, 'products.csv');
  writeFileSync(path, readFileSync(path, 'utf8').replace('45.99', '45.98'));
  const second = await takeSnapshot(from(data), out, quiet);
  expect(second.fingerprint).not.toBe(first.fingerprint);
  expect(readdirSync(out).sort()).toEqual([first.fingerprint, second.fingerprint].sort());
});

test.each<[string, (folder: string) => void]>([
  ['a table is missing', (folder) => rmSync(join(folder, 'orders.parquet'))],
  ['a table is cut short', (folder) => truncateSync(join(folder, 'orders.parquet'), 100)],
  ['snapshot.json is missing', (folder) => rmSync(join(folder, 'snapshot.json'))],
  ['snapshot.json is cut short', (folder) => truncateSync(join(folder, 'snapshot.json'), 100)],
  ['snapshot.json is of another version', (folder) => writeFileSync(join(folder, 'snapshot.json'), '{"version":0,"tables":{}}')],
])('is written anew where %s', async (_, damage) => {
  const data = await writeShop(tinyShop(), 'parquet');
  const out = scratch();
  const first = await takeSnapshot(from(data), out, quiet);
  const before = bytesOf(first);
  damage(first.folder);
  expect(await readSnapshot(first.folder)).toBeUndefined();
  const second = await takeSnapshot(from(data), out, quiet);
  expect(second.reused).toBe(false);
  expect(bytesOf(second)).toEqual(before);
});

test('what a killed run has left is not used, and is removed', async () => {
  const dead = fork('-e', [], { execArgv: ['-e', '0'], stdio: 'ignore' });
  await new Promise((done) => dead.on('exit', done));
  const data = await writeShop(tinyShop(), 'parquet');
  const out = scratch();
  const left = join(out, `partial-${dead.pid}-abcdef`);
  mkdirSync(left);
  writeFileSync(join(left, 'orders.parquet'), 'half');
  const running = join(out, `partial-${process.ppid}-abcdef`);
  mkdirSync(running);
  const snapshot = await takeSnapshot(from(data), out, quiet);
  expect(readdirSync(out).sort()).toEqual([snapshot.fingerprint, `partial-${process.ppid}-abcdef`].sort());
});

test('a failed run leaves nothing behind, and the last good snapshot as it was', async () => {
  const data = await writeShop(tinyShop(), 'csv');
  const out = scratch();
  const good = await takeSnapshot(from(data), out, quiet);
  const before = bytesOf(good);
  const path = join(data, 'orders.csv');
  writeFileSync(path, readFileSync(path, 'utf8').replace('Complete,', '"Complete,'));
  await expect(takeSnapshot(from(data), out, quiet)).rejects.toThrow(LookbookError);
  expect(readdirSync(out)).toEqual([good.fingerprint]);
  expect(bytesOf(good)).toEqual(before);
});

test('two runs at once agree', async () => {
  const data = await writeShop(tinyShop(), 'csv.gz');
  const out = scratch();
  const both = await Promise.all([takeSnapshot(from(data), out, quiet), takeSnapshot(from(data), out, quiet)]);
  expect(both.map(({ folder }) => folder)).toEqual([both[0]!.folder, both[0]!.folder]);
  expect(readdirSync(out)).toEqual([both[0]!.fingerprint]);
  expect(bytesOf(both[0]!)).toEqual(bytesOf(both[1]!));
});

test('says where it can not write', async () => {
  const data = await writeShop(tinyShop(), 'csv');
  const out = join(data, 'orders.csv', 'snapshots');
  const thrown = await takeSnapshot(from(data), out, quiet).catch((error) => error);
  expect(thrown).toBeInstanceOf(LookbookError);
  expect(thrown.complaints).toEqual([
    { what: "the snapshot can't be written here (ENOTDIR)", where: out, mend: 'give an output folder that you may write to' },
  ]);
});

test.each(['ENOSPC', 'duckdb'])('says that the disk is full (%s)', async (kind) => {
  const error =
    kind === 'duckdb'
      ? new Error('IO Error: Could not write file: No space left on device')
      : Object.assign(new Error('write'), { code: kind });
  const full: Source = { ...from(await writeShop(tinyShop(), 'csv')), write: () => Promise.reject(error) };
  const out = scratch();
  const thrown = await takeSnapshot(full, out, quiet).catch((caught) => caught);
  expect(thrown.complaints).toMatchObject([{ what: 'the disk is full: the snapshot could not be written', where: out }]);
  expect(readdirSync(out)).toEqual([]);
});

test('notices a file that changes while it is read', async () => {
  const data = await writeShop(tinyShop(), 'csv');
  const source = from(data);
  await source.fingerprint();
  writeFileSync(join(data, 'users.csv'), readFileSync(join(data, 'users.csv'), 'utf8').replace('Austin', 'Dallas!'));
  await expect(takeSnapshot(source, scratch(), quiet)).rejects.toThrow('the file changed while it was being read');
});

test.each([
  ['2026-06-28', 'UTC', '2026-06-28'],
  ['2026-06-27', 'UTC', '2026-06-22'],
  ['2030-01-01', 'UTC', '2026-06-28'],
  ['2026-06-14', 'Europe/Berlin', '2026-06-10'],
  ['2026-06-15', 'Europe/Berlin', '2026-06-15'],
  ['2026-06-30', 'Asia/Tokyo', '2026-06-29'],
  ['2026-06-21', 'America/Los_Angeles', '2026-06-21'],
  ['2026-05-01', 'UTC', null],
])('the last order on or before %s in %s is on %s', async (today, timezone, day) => {
  const snapshot = await takeSnapshot(from(await writeShop(tinyShop(), 'parquet')), scratch(), quiet);
  expect(await lastOrderDayOnOrBefore(snapshot, today, timezone)).toBe(day);
});

test('neither log lines nor snapshot.json hold what is personal', async () => {
  const lines: string[] = [];
  const snapshot = await takeSnapshot(from(await writeShop(tinyShop(), 'parquet')), scratch(), (line) => lines.push(line));
  expect(lines.join('\n') + readFileSync(join(snapshot.folder, 'snapshot.json'), 'utf8')).not.toContain(personalMark);
});
