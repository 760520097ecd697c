import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { pruneSnapshots } from '#run/snapshots.ts';
import { scratch } from '../scratch.ts';

const fingerprint = (digit: string) => digit.repeat(64);

/** Snapshots named by a digit, each used a second after the one before. */
function outputWith(digits: string[], published: string[]): string {
  const out = scratch();
  digits.forEach((digit, i) => {
    const folder = join(out, 'snapshots', fingerprint(digit));
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'orders.parquet'), digit);
    utimesSync(folder, 1000 + i, 1000 + i);
  });
  published.forEach((digit, i) => {
    const folder = join(out, 'site', `shop-${i}`, '2026-08-16');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ inputs: { source: { fingerprint: fingerprint(digit) } } }));
  });
  return out;
}

it.each<[string, string[], string[], string, number, string[]]>([
  ['fewer than are kept', ['1', '2'], [], '2', 3, ['1', '2']],
  ['the ones used last stay', ['1', '2', '3', '4'], [], '4', 2, ['3', '4']],
  ['the one in use counts as the newest', ['1', '2', '3', '4'], [], '1', 2, ['1', '4']],
  ['what a report was made from stays, in whichever shop', ['1', '2', '3', '4', '5'], ['1', '3'], '5', 1, ['1', '3', '5']],
])('%s', (_, digits, published, used, keepNewest, left) => {
  const out = outputWith(digits, published);
  const removed = pruneSnapshots(out, fingerprint(used), keepNewest);
  expect(readdirSync(join(out, 'snapshots')).sort()).toEqual(left.map(fingerprint));
  expect(removed.sort()).toEqual(digits.filter((digit) => !left.includes(digit)).map(fingerprint));
});

it('leaves alone what another run is writing', () => {
  const out = outputWith(['1', '2'], []);
  mkdirSync(join(out, 'snapshots', 'partial-1-abcdef'));
  expect(pruneSnapshots(out, fingerprint('2'), 1)).toEqual([fingerprint('1')]);
  expect(readdirSync(join(out, 'snapshots'))).toEqual([fingerprint('2'), 'partial-1-abcdef']);
});
