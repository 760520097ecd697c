import { cpSync, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Manifest } from '#run/manifest.ts';
import { type Command, type Place, report, start } from './command.ts';
import { browserOf, hasProc, isAlive, until } from './process.ts';
import { configure, projectCopy, workplace } from './project.ts';
import { hashesBelow, readJson } from './tree.ts';

const root = projectCopy();
const config = { demo: { customers: 400 }, reports: ['data', 'website'], formats: ['html', 'json'] };
let place: Place;
let output: string;
let site: string;
let good: Record<string, string>;

const begin = (...args: string[]) => start('report', args, place);

const first = workplace(config);

beforeAll(async () => {
  expect(await report(['data', '--quiet'], { root, cwd: first })).toMatchObject({ code: 0, stderr: '' });
  good = hashesBelow(join(first, 'output/site'));
});

/** Each test has a folder where a report stands published; its runs would replace it. */
beforeEach(() => {
  place = { root, cwd: workplace(config) };
  output = join(place.cwd, 'output');
  site = join(output, 'site');
  cpSync(join(first, 'output'), output, { recursive: true });
});

/** The published folder is what its manifest says, whole, and a further run ends well. */
async function expectSound(...args: string[]): Promise<void> {
  const next = await report(['--quiet', ...args], place);
  expect(next).toMatchObject({ code: 0, stderr: '' });
  const shop = join(site, 'demo');
  expect(readdirSync(shop)).toEqual(['2026-11-15']);
  const { 'manifest.json': _, ...files } = hashesBelow(join(shop, '2026-11-15'));
  expect(readJson<Manifest>(shop, '2026-11-15', 'manifest.json').files).toEqual(files);
  expect(existsSync(join(output, '.lock'))).toBe(false);
  expect(readdirSync(join(output, 'snapshots')).filter((name) => name.startsWith('partial-'))).toEqual([]);
}

async function kill({ child, ended }: Command): Promise<void> {
  child.kill('SIGKILL');
  expect(await ended).toMatchObject({ code: null, signal: 'SIGKILL' });
}

describe('Ctrl-C', () => {
  test.each([
    ['while models are made', /snapshot/],
    ['while analyses run', /data tests/],
    ['while pages are drawn', /website-performance/],
  ])('%s ends with 130, and leaves the last report and no lock', async (_, moment) => {
    const command = begin('--seed', '2', '--no-cache');
    await command.said(moment);
    command.child.kill('SIGINT');
    const ending = await command.ended;
    expect(ending).toMatchObject({ code: 130, stdout: '' });
    expect(ending.stderr).toContain('stopped; the last report is as it was');
    expect(hashesBelow(site)).toEqual(good);
    expect(existsSync(join(output, '.lock'))).toBe(false);
    expect(readdirSync(join(site, 'demo'))).toEqual(['2026-11-15']);
  });

  test.skipIf(!hasProc)(`while a page is printed takes the browser along${hasProc ? '' : ', which needs /proc'}`, async () => {
    const command = begin('data', '--format', 'html,pdf,json', '--seed', '2');
    await command.said(/data\.html|data-structure/);
    const browser = await until('a browser', () => browserOf(command.child.pid as number));
    command.child.kill('SIGINT');
    expect(await command.ended).toMatchObject({ code: 130, stdout: '' });
    expect(isAlive(browser)).toBe(false);
    expect(hashesBelow(site)).toEqual(good);
  });
});

describe('kill -9', () => {
  test('while the snapshot is written', async () => {
    configure(place.cwd, { ...config, demo: { customers: 400, seed: 3 } });
    const command = begin('--quiet');
    const snapshots = join(output, 'snapshots');
    await until('a snapshot under way', () => readdirSync(snapshots).some((name) => name.startsWith('partial-')));
    await kill(command);
    expect(hashesBelow(site)).toEqual(good);
    await expectSound();
  });

  test('while models are made leaves a lock, which one of two next runs takes over', async () => {
    const command = begin('--seed', '2', '--no-cache');
    await command.said(/snapshot/);
    await kill(command);
    expect(hashesBelow(site)).toEqual(good);
    expect(existsSync(join(output, '.lock'))).toBe(true);
    const [one, two] = await Promise.all([report(['--seed', '2'], place), report(['--seed', '3'], place)]);
    expect([one.code, two.code]).toEqual([0, 0]);
    expect(`${one.stderr}${two.stderr}`.match(/waiting for the run with process/g)).toHaveLength(1);
    await expectSound('--seed', '2');
  });

  test('while pages are put in place', async () => {
    const command = begin('--seed', '2', '--quiet');
    const shop = join(site, 'demo');
    await until('a draft', () => readdirSync(shop).some((name) => name.includes('.draft-')) || command.child.exitCode !== null);
    command.child.kill('SIGKILL');
    await command.ended;
    const folders = readdirSync(shop).filter((name) => !name.includes('.draft-'));
    expect(folders.length).toBeGreaterThan(0);
    for (const name of folders) {
      const { 'manifest.json': _, ...files } = hashesBelow(join(shop, name));
      expect(readJson<Manifest>(shop, name, 'manifest.json').files).toEqual(files);
    }
    await expectSound('--seed', '2');
  });

  test.skipIf(!hasProc)(`while a page is printed leaves no browser behind${hasProc ? '' : ', which needs /proc'}`, async () => {
    const command = begin('data', '--format', 'html,pdf,json', '--seed', '2', '--quiet');
    const browser = await until('a browser', () => browserOf(command.child.pid as number));
    await kill(command);
    expect(hashesBelow(site)).toEqual(good);
    await until('the end of the browser', () => !isAlive(browser), 10);
  });
});

describe.skipIf(!hasProc)(`a browser that is killed while it prints${hasProc ? '' : ', which needs /proc'}`, () => {
  const print = ['data', '--format', 'html,pdf,json', '--seed', '2'];
  const printing = async (command: Command) => {
    await command.said(/data\.html/);
    return until('a browser', () => browserOf(command.child.pid as number));
  };

  test('once is started again', async () => {
    const command = begin(...print);
    process.kill(await printing(command), 'SIGKILL');
    expect(await command.ended).toMatchObject({ code: 0 });
    expect(Object.keys(hashesBelow(site))).toContain('demo/2026-11-15/data.pdf');
  });

  test('again and again is an error with a remedy, and the last report stays', async () => {
    const command = begin(...print);
    const killed = new Set([await printing(command)]);
    for (const pid of killed) process.kill(pid, 'SIGKILL');
    const hunt = setInterval(() => {
      const pid = browserOf(command.child.pid as number);
      if (pid === undefined || killed.has(pid)) return;
      killed.add(pid);
      process.kill(pid, 'SIGKILL');
    }, 5);
    const ending = await command.ended.finally(() => clearInterval(hunt));
    expect(ending, ending.stderr).toMatchObject({ code: 5, stdout: '' });
    expect(ending.stderr).toMatch(/the browser (crashed twice|did not start)[\s\S]*to mend: /);
    expect(hashesBelow(site)).toEqual(good);
    expect(existsSync(join(output, '.lock'))).toBe(false);
  });
});

describe('two runs at once', () => {
  test('the second waits for the first and says so; both end well', async () => {
    const one = begin('--seed', '2');
    await one.said(/snapshot/);
    const two = begin('--seed', '2');
    await two.said(new RegExp(`waiting for the run with process ${one.child.pid}`));
    const [first, second] = await Promise.all([one.ended, two.ended]);
    expect([first.code, second.code]).toEqual([0, 0]);
    expect(second.stderr).toContain('nothing changed');
    await expectSound('--seed', '2');
  });
});
