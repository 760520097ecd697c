import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type CsvRecord, walkRecords } from '#source/records.ts';
import { scratch } from '../scratch.ts';

const plain = (line: number, fields: number): CsvRecord => ({ line, fields, isBroken: false });

test.each<[string, CsvRecord[]]>([
  ['', []],
  ['a,b\n1,2\n', [plain(1, 2), plain(2, 2)]],
  ['a,b\r\n1,2', [plain(1, 2), plain(2, 2)]],
  ['a,b\n\n\r\n1,2\n', [plain(1, 2), plain(4, 2)]],
  ['a,b\n"x\ny,""z""\r\n",2\n3,4\n', [plain(1, 2), plain(2, 2), plain(5, 2)]],
  ['a,b\n,\n1\n1,2,3\n', [plain(1, 2), plain(2, 2), plain(3, 1), plain(4, 3)]],
  ['a,b\n5" disk,2\n', [plain(1, 2), plain(2, 2)]],
  ['a,b\n"x"y,2\n', [plain(1, 2), { line: 2, fields: 2, isBroken: true }]],
  ['a,b\n1,"2\n3,4\n', [plain(1, 2), { line: 2, fields: 2, isBroken: true }]],
])('walks %j', async (text, expected) => {
  const path = join(scratch(), 'a.csv');
  writeFileSync(path, text);
  const found: CsvRecord[] = [];
  await walkRecords(path, ',', (record) => found.push(record) === 0);
  expect(found).toEqual(expected);
});
