import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { apiOptions, clvOptions } from '#api/command-line.ts';
import { recommendOptions } from '#api/recommend-line.ts';
import { resolveOptions } from '#run/options.ts';
import { type Place, report } from './command.ts';
import { projectCopy } from './project.ts';

const text = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const blocks = [...text.matchAll(/```(\w+)\n([\s\S]*?)```/g)].map(([, language, code]) => ({
  language: language as string,
  code: code as string,
}));
const block = (language: string, part: string) => blocks.find((b) => b.language === language && b.code.includes(part))?.code as string;
const scripts = (JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { scripts: Record<string, string> })
  .scripts;
const commands = blocks
  .filter(({ language }) => language === 'sh')
  .flatMap(({ code }) => code.split('\n'))
  .map((line) => line.replace(/#.*/, '').trim())
  .filter(Boolean);

describe('the README', () => {
  it.each(commands)('%s is a command that exists', (command) => {
    if (command === 'npm ci') return;
    const [, name, args = ''] = /^npm run (\w+)(?: -- (.*))?$/.exec(command) ?? [];
    expect(scripts).toHaveProperty(name as string);
    const argv = args.split(' ').filter(Boolean);
    if (name === 'report') expect(() => resolveOptions(argv, {}, '/')).not.toThrow();
    if (name === 'clv') expect(() => clvOptions(argv, {}, '/')).not.toThrow();
    if (name === 'recommend') expect(() => recommendOptions(argv, {}, '/')).not.toThrow();
    if (name === 'api') expect(() => apiOptions(argv, {}, {}, '/')).not.toThrow();
  });

  it('names scripts, folders and files that exist', () => {
    for (const [, name] of text.matchAll(/`npm (?:run )?([a-z:]+)`/g)) expect(scripts).toHaveProperty([name as string]);
    for (const [, path] of text.matchAll(/`((?:src|reports|analyses|templates|test|bench)\/[\w./-]*)`/g)) {
      if (path?.includes('hello')) continue;
      expect(existsSync(new URL(`../../${path}`, import.meta.url)), path).toBe(true);
    }
    expect(existsSync(new URL('../../.github/page.png', import.meta.url))).toBe(true);
  });

  it('shows an analysis and a configuration that work as they stand', async () => {
    const root = projectCopy();
    const hello = join(root, 'analyses/hello');
    mkdirSync(hello);
    writeFileSync(join(hello, 'weeks.sql'), block('sql', 'kpi_weekly'));
    writeFileSync(join(hello, 'analysis.ts'), block('ts', 'defineAnalysis'));
    writeFileSync(join(hello, 'narrative.hbs'), /narrative\.hbs`: `(.*?)`\. Then/.exec(text)?.[1] as string);
    const like = readFileSync(join(root, 'reports/data.ts'), 'utf8');
    writeFileSync(join(root, 'reports/hello.ts'), like.replace("id: 'data'", "id: 'hello'").replace("'data-structure'", "'hello'"));
    writeFileSync(
      join(root, 'lookbook.config.ts'),
      block('ts', 'defineConfig').replace("shop: 'thelook',\n  data: 'rows',", 'demo: { customers: 200 },'),
    );
    const place: Place = { root, cwd: root };
    const ending = await report(['hello', '--format', 'html', '--json'], place);
    expect(ending).toMatchObject({ code: 0, stderr: '' });
    const html = readFileSync(join((JSON.parse(ending.stdout) as { folder: string }).folder, 'hello.html'), 'utf8');
    expect(html).toMatch(/<p>\d+ orders came in the last week\.<\/p>/);
    expect(html).toContain('Halden &amp; Moor');
  });
});
