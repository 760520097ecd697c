import { describe, expect, it } from 'vitest';
import { LookbookError } from '#contract/error.ts';
import { resolveOptions, usage } from '#run/options.ts';

const refuse = (argv: string[]) => {
  try {
    resolveOptions(argv, {}, '/shop');
  } catch (error) {
    return error as LookbookError;
  }
  throw new Error(`${argv.join(' ')} was accepted`);
};

describe('options', () => {
  it('defaults to every report of the demo shop, in all formats', () => {
    const { run, screen } = resolveOptions([], {}, '/shop');
    expect(run).toMatchObject({
      shop: 'demo',
      data: null,
      asOf: null,
      out: '/shop/output',
      reports: [],
      only: [],
      formats: ['html', 'pdf', 'json'],
    });
    expect(run).toMatchObject({ seed: 1, cache: true, onFailedTest: 'watermark' });
    expect(screen).toEqual({ explain: false, quiet: false, json: false, help: false });
  });

  it('puts the command line over the configuration', () => {
    const config = { shop: 'thelook', data: 'a', seed: 5, out: 'x', currency: 'EUR' } as const;
    const { run } = resolveOptions(
      ['sales', '--data', 'b', '--seed', '7', '--format', 'html,pdf', '--only', 'sales-trends'],
      config,
      '/shop',
    );
    expect(run).toMatchObject({
      shop: 'thelook',
      data: '/shop/b',
      seed: 7,
      demo: { seed: 7 },
      out: '/shop/x',
      reports: ['sales'],
      only: ['sales-trends'],
    });
    expect(run).toMatchObject({ formats: ['html', 'pdf'], shopSettings: { currency: 'EUR' } });
  });

  it.each([
    [['--shp', 'demo'], '--shop'],
    [['--shop', 'dmo'], 'did you mean «demo»?'],
    [['--shop', 'thelook'], 'add --data DIR'],
    [['--data', 'x'], 'add --shop thelook'],
    [['--as-of', '2026-02-30'], 'YYYY-MM-DD'],
    [['--as-of', 'yesterday'], 'YYYY-MM-DD'],
    [['--format', 'word'], 'html, pdf, json'],
    [['--seed', 'x'], 'whole number'],
    [['--seed'], 'command line'],
  ])('refuses %j', (argv, hint) => {
    const error = refuse(argv);
    expect(error).toBeInstanceOf(LookbookError);
    expect(error.exitCode).toBe(2);
    expect(error.message).toContain(hint);
  });

  it('lists each flag in its help', () => {
    for (const flag of ['shop', 'data', 'as-of', 'out', 'format', 'only', 'seed', 'explain', 'no-cache', 'quiet', 'json'])
      expect(usage).toContain(`--${flag}`);
  });
});
