import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Report } from '#contract/report.ts';
import type { Manifest } from '#run/manifest.ts';
import type { PublishedData } from '#run/publish.ts';
import type { RunSummary } from '#run/run.ts';
import { type Ending, type Place, report } from './command.ts';
import { configure, projectCopy, reportsOf, workplace } from './project.ts';
import { hashesBelow, hashOf, readJson } from './tree.ts';

const config = { demo: { customers: 800, end: '2026-11-15' }, formats: ['html', 'json'] };
const root = projectCopy();
const cwd = workplace(config);
const place: Place = { root, cwd };
const site = join(cwd, 'output/site');
const published = join(site, 'demo/2026-11-15');
let reports: Report[];
let all: string[];
let first: Ending;
let summary: RunSummary;

const parsed = (ending: Ending) => {
  expect(ending).toMatchObject({ code: 0, stderr: '' });
  return JSON.parse(ending.stdout) as RunSummary;
};
const again = async (...args: string[]) => parsed(await report([...all, '--json', ...args], place));
const stepsOf = ({ decisions }: RunSummary, decision: 'run' | 'reused') =>
  decisions.filter((one) => one.decision === decision).map(({ step }) => step);

beforeAll(async () => {
  reports = await reportsOf(root);
  all = reports.map(({ id }) => id);
  first = await report([...all, '--json'], place);
  summary = parsed(first);
});

describe('the first run', () => {
  test('prints its result as JSON and nothing else', () => {
    expect(summary).toMatchObject({ shop: 'demo', asOf: '2026-11-15', unchanged: false, warnings: [], folder: published });
    expect(summary.quality).toMatchObject({ warned: 0, failed: 0 });
    expect(summary.reports.map(({ id }) => id).sort()).toEqual(all);
    expect(summary.decisions.every(({ decision, why }) => decision === 'run' && why !== '')).toBe(true);
  });

  test('leaves pages, rows, results and manifest in their places', () => {
    const files = hashesBelow(published);
    const { files: recorded, inputs, reports: keys } = readJson<Manifest>(published, 'manifest.json');
    delete files['manifest.json'];
    expect(recorded).toEqual(files);
    expect(Object.keys(keys).sort()).toEqual(all);
    expect(inputs.source.rows.users).toBe(config.demo.customers);
    const data = readJson<PublishedData>(published, 'report.json');
    for (const { id, files: names, data: rows, key, depth } of data.reports) {
      expect(names).toEqual({ html: `${id}.html` });
      expect(rows.length).toBeGreaterThan(0);
      expect(Object.keys(files)).toEqual(expect.arrayContaining([`${id}.html`, ...rows]));
      expect(keys[id]).toBe(key);
      if (depth === 'in-depth') expect(readFileSync(join(published, `${id}.html`), 'utf8')).toContain(key.slice(0, 8));
    }
    expect(Object.keys(data.analyses).sort()).toEqual([...new Set(reports.flatMap(({ sections }) => sections))].sort());
  });

  test('is reached from the start page, which loads nothing from elsewhere', () => {
    const index = readFileSync(join(site, 'index.html'), 'utf8');
    for (const id of all) expect(index).toContain(`demo/2026-11-15/${id}.html`);
    for (const page of [index, ...all.map((id) => readFileSync(join(published, `${id}.html`), 'utf8'))]) {
      expect(page).not.toMatch(/<script|<link|<iframe|src="(?!data:)|url\((?!['"]?(?:data:|#))/i);
    }
  });
});

describe('a run again', () => {
  test('says that nothing changed, and touches no file', async () => {
    const before = hashesBelow(site);
    const ending = await report([...all, '--explain'], place);
    expect(ending.code).toBe(0);
    expect(ending.stderr).toContain('nothing changed');
    expect(ending.stderr).toContain('unchanged: read again');
    expect(ending.stdout).toContain('reused run: nothing changed');
    expect(hashesBelow(site)).toEqual(before);
  });

  test('without the cache makes the same bytes', async () => {
    const before = hashesBelow(site);
    const ending = await report([...all, '--no-cache', '--quiet'], place);
    expect(ending).toEqual({ code: 0, signal: null, stdout: '', stderr: '' });
    expect(hashesBelow(site)).toEqual(before);
  });

  test('of one report keeps the others beside it', async () => {
    const others = all.filter((id) => id !== 'data');
    const before = hashesBelow(published);
    const ending = await report(['data', '--explain'], place);
    expect(ending.code).toBe(0);
    expect(ending.stdout).not.toMatch(/^run /m);
    const data = readJson<PublishedData>(published, 'report.json');
    expect(data.reports.map(({ id }) => id).sort()).toEqual(all);
    const after = hashesBelow(published);
    for (const id of others) expect(after[`${id}.html`]).toBe(before[`${id}.html`]);
    expect(Object.keys(after)).toEqual(Object.keys(before));
  });

  test('with another seed runs the analyses on the same tables', async () => {
    configure(cwd, { ...config, seed: 7 });
    const made = await again();
    const analyses = [...new Set(reports.flatMap(({ sections }) => sections))];
    expect(
      made.decisions
        .filter(({ why }) => why === 'seed changed')
        .map(({ step }) => step)
        .sort(),
    ).toEqual(analyses.sort());
    expect(stepsOf(made, 'run').filter((step) => step.startsWith('model '))).toEqual([]);
    expect(stepsOf(made, 'reused').filter((step) => step.startsWith('model ')).length).toBeGreaterThan(10);
    expect(readJson<Manifest>(published, 'manifest.json').inputs.options.seed).toBe(7);
    configure(cwd, config);
  });

  test('with another parameter runs the analysis that has it', async () => {
    await again();
    configure(cwd, { ...config, params: { 'data-structure': { lateAfterDays: 30 } } });
    const made = await again();
    const holding = reports.filter(({ sections }) => sections.includes('data-structure')).map(({ id }) => `${id}.html`);
    expect(stepsOf(made, 'run').sort()).toEqual(['data tests', 'data-structure', ...holding].sort());
    expect(made.decisions.find(({ step }) => step === 'data-structure')?.why).toBe('parameters changed');
    configure(cwd, config);
  });

  test('after an analysis was edited runs that analysis alone', async () => {
    await again();
    appendFileSync(join(root, 'analyses/data-structure/analysis.ts'), '\n// edited\n');
    const made = await again();
    const [ran] = made.decisions.filter(({ decision, step }) => decision === 'run' && !step.startsWith('model '));
    expect(ran).toEqual({ step: 'data-structure', decision: 'run', why: 'code changed' });
    expect(stepsOf(made, 'run')).toEqual(['data-structure']);
  });

  test('after words were edited renders the pages that hold them', async () => {
    appendFileSync(join(root, 'analyses/data-structure/narrative.hbs'), '<p>Edited.</p>\n');
    const made = await again();
    const holding = reports.filter(({ sections }) => sections.includes('data-structure')).map(({ id }) => `${id}.html`);
    expect(stepsOf(made, 'run').sort()).toEqual(holding.sort());
    for (const { why } of made.decisions.filter(({ decision }) => decision === 'run')) expect(why).toBe('narrative data-structure changed');
  });

  test('on other rows runs everything, and says that the input changed', async () => {
    configure(cwd, { ...config, demo: { ...config.demo, seed: 21 } });
    const ending = await report(['--json', '--only', 'data-structure'], place);
    const made = JSON.parse(ending.stdout) as RunSummary;
    const ran = stepsOf(made, 'run');
    expect(ran).toContain('data-structure');
    expect(ran.filter((step) => step.startsWith('model ')).length).toBeGreaterThan(10);
    expect(stepsOf(made, 'reused')).toEqual([]);
    expect(made.decisions.find(({ step }) => step === 'data-structure')?.why).toMatch(/^input changed/);
    expect(Object.keys(readJson<PublishedData>(published, 'report.json').analyses)).toEqual(['data-structure']);
    configure(cwd, config);
  });

  test('for an earlier day stands beside the later one', async () => {
    const before = hashOf(join(published, 'data.html'));
    const made = await again('--as-of', '2026-10-18', '--only', 'data-structure');
    expect(made.folder).toBe(join(site, 'demo/2026-10-18'));
    expect(hashOf(join(published, 'data.html'))).toBe(before);
    const index = readFileSync(join(site, 'index.html'), 'utf8');
    for (const day of ['2026-10-18', '2026-11-15']) expect(index).toContain(`demo/${day}/data.html`);
  });
});

describe('wrong words on the command line or in the configuration', () => {
  test.each([
    [['--formt', 'html'], /did you mean --format\?/],
    [['sale'], /no report «sale»[\s\S]*did you mean «sales»\?/],
    [['--as-of', '2026-02-30'], /--as-of: not a day/],
    [['--shop', 'thelook'], /no data folder[\s\S]*add --data DIR/],
  ])('%j', async (args, message) => {
    const ending = await report(args, place);
    expect(ending).toMatchObject({ code: 2, stdout: '' });
    expect(ending.stderr).toMatch(message);
  });

  test('a key that does not exist', async () => {
    const ending = await report([], { root, cwd: workplace({ demo: { custmers: 10 } }) });
    expect(ending).toMatchObject({ code: 2, stdout: '' });
    expect(ending.stderr).toMatch(/lookbook\.config\.json: unknown key «demo\.custmers»[\s\S]*«customers»/);
  });
});
