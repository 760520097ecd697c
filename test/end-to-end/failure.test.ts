import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { scratch } from '../scratch.ts';
import { type RawShop, tinyShop, writeShop } from '../source/fixture.ts';
import { type Place, report } from './command.ts';
import { configure, folder, projectCopy, workplace } from './project.ts';
import { filesBelow, hashesBelow } from './tree.ts';

const root = projectCopy();
const isRoot = process.getuid?.() === 0;
const tiny = scratch();
const words = ['data', '--shop', 'thelook', '--quiet'];

beforeAll(() => writeShop(tinyShop(), 'parquet', tiny));

const newPlace = (config = {}): Place => ({ root, cwd: workplace(config) });

describe('a source that can not be read', () => {
  test('a folder that is not there', async () => {
    const ending = await report([...words, '--data', 'nowhere'], newPlace());
    expect(ending).toMatchObject({ code: 3, stdout: '' });
    expect(ending.stderr).toMatch(/nowhere: the data folder is not there\n {2}expected: [\s\S]*to mend: /);
  });

  test('a folder without tables', async () => {
    const data = folder();
    writeFileSync(join(data, 'notes.txt'), 'nothing here');
    const ending = await report([...words, '--data', data], newPlace());
    expect(ending).toMatchObject({ code: 3, stdout: '' });
    expect(ending.stderr).toContain(data);
    expect(ending.stderr).toMatch(/expected: [\s\S]*to mend: /);
  });

  test('a table cut short', async () => {
    const data = await writeShop(tinyShop(), 'parquet');
    writeFileSync(join(data, 'orders.parquet'), 'PAR1 and then nothing');
    const ending = await report([...words, '--data', data], newPlace());
    expect(ending).toMatchObject({ code: 3, stdout: '' });
    expect(ending.stderr).toMatch(/orders\.parquet: [\s\S]*to mend: /);
  });
});

describe('an output that can not be written', () => {
  test('because a file is in its place', async () => {
    const place = newPlace();
    writeFileSync(join(place.cwd, 'taken'), 'a file');
    const ending = await report([...words, '--data', tiny, '--out', 'taken'], place);
    expect(ending).toMatchObject({ code: 1, stdout: '' });
    expect(ending.stderr).toMatch(/taken[\s\S]*to mend: /);
    expect(ending.stderr).not.toContain('defect');
  });

  test.skipIf(isRoot)(`because it is closed to this user${isRoot ? ', which can not be: this is root' : ''}`, async () => {
    const place = newPlace();
    mkdirSync(join(place.cwd, 'closed'), { mode: 0o500 });
    const ending = await report([...words, '--data', tiny, '--out', 'closed'], place);
    expect(ending).toMatchObject({ code: 1, stdout: '' });
    expect(ending.stderr).toMatch(/closed[\s\S]*EACCES[\s\S]*to mend: /);
  });

  const mountable = canMount();
  test.skipIf(!mountable)(
    `because the disk is full${mountable ? '' : ', which needs a disk to fill: mount is not allowed here'}`,
    async () => {
      const disk = mounted('4m');
      const place = newPlace();
      const filled = [...words, '--data', tiny, '--format', 'html,json', '--out', disk];
      expect(await report(filled, place)).toMatchObject({ code: 0, stderr: '' });
      const site = join(disk, 'site');
      const before = hashesBelow(site);
      fill(disk);
      const ending = await report([...filled, '--as-of', '2026-06-28', '--seed', '2', '--no-cache'], place);
      expect(ending).toMatchObject({ code: 1, stdout: '' });
      expect(ending.stderr).toMatch(/disk is full[\s\S]*to mend: [\s\S]*--out DIR/);
      expect(ending.stderr).not.toContain('defect');
      expect(hashesBelow(site)).toEqual(before);
    },
  );

  test.skipIf(!mountable)(`because the disk is too small for the snapshot${mountable ? '' : ', which needs mount'}`, async () => {
    const disk = mounted('64k');
    const ending = await report(['data', '--quiet', '--format', 'html', '--out', disk], newPlace({ demo: { customers: 300 } }));
    expect(ending.stdout).toBe('');
    expect([1, 3]).toContain(ending.code);
    expect(ending.stderr).toMatch(/disk is full[\s\S]*to mend: /);
    expect(filesBelow(disk)).toEqual([]);
  });
});

describe('data tests that fail', () => {
  const broken = (): RawShop => {
    const shop = tinyShop();
    return { ...shop, orders: shop.orders!.map((order) => (order.order_id === 7 ? { ...order, status: 'Lost' } : order)) };
  };

  test('stop the run where it is so configured, and else stand on the pages', async () => {
    const place = newPlace({ onFailedTest: 'stop' });
    const data = await writeShop(broken(), 'parquet');
    const args = [...words, '--data', data, '--format', 'html,json'];
    const stopped = await report(args, place);
    expect(stopped).toMatchObject({ code: 4, stdout: '' });
    expect(stopped.stderr).toMatch(/stg_orders: data test failed: accepted_values status\n {2}found: 1 rows\n {2}to mend: /);
    expect(filesBelow(join(place.cwd, 'output/site'))).toEqual([]);

    configure(place.cwd, { onFailedTest: 'watermark' });
    const marked = await report(args, place);
    expect(marked.code).toBe(0);
    const html = readFileSync(join(place.cwd, 'output/site/thelook/2026-06-28/data.html'), 'utf8');
    expect(html).toMatch(/<div class="watermark"[^>]*>Data tests failed<\/div>/);
  });
});

describe('a browser that', () => {
  const html = 'output/site/thelook/2026-06-28/data.html';

  test('is not there leaves the pages without a print, and says so', async () => {
    const place = newPlace();
    const env = { CHROME_PATH: '/nowhere/chrome' };
    const ending = await report([...words, '--data', tiny], { ...place, env });
    expect(ending).toMatchObject({ code: 0, stdout: '' });
    expect(ending.stderr).toMatch(/no PDF was made: \/nowhere\/chrome: there is no browser[\s\S]*CHROME_PATH/);
    const files = filesBelow(place.cwd);
    expect(files).toContain(html);
    expect(files.filter((name) => name.endsWith('.pdf'))).toEqual([]);

    const later = await report([...words, '--data', tiny, '--json'], place);
    expect(later).toMatchObject({ code: 0, stderr: '' });
    expect(filesBelow(place.cwd)).toContain(html.replace('.html', '.pdf'));
  });

  test('dies as it starts is an error with a remedy; what is published stays', async () => {
    const place = newPlace();
    const args = [...words, '--data', tiny];
    expect(await report([...args, '--format', 'html,json'], place)).toMatchObject({ code: 0 });
    const before = hashesBelow(join(place.cwd, 'output/site'));
    const chrome = join(folder(), 'chrome');
    writeFileSync(chrome, '#!/bin/sh\nkill -9 $$\n');
    chmodSync(chrome, 0o755);
    const ending = await report(args, { ...place, env: { CHROME_PATH: chrome } });
    expect(ending.stderr).toMatch(/the browser did not start[\s\S]*to mend: [\s\S]*CHROME_PATH/);
    expect(hashesBelow(join(place.cwd, 'output/site'))['thelook/2026-06-28/data.html']).toBe(before['thelook/2026-06-28/data.html']);
  });
});

function canMount(): boolean {
  if (!isRoot || process.platform !== 'linux') return false;
  const target = folder();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', target], { stdio: 'ignore' });
    execFileSync('umount', [target], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function mounted(size: string): string {
  const target = folder();
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', target]);
  onTestFinished(() => {
    execFileSync('umount', [target]);
  });
  return target;
}

function fill(disk: string): void {
  try {
    for (let i = 0; ; i += 1) writeFileSync(join(disk, `filler-${i}`), Buffer.alloc(16_384));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
}
