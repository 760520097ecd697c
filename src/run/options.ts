import { isAbsolute, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { LookbookError } from '#contract/error.ts';
import { nearest } from '#contract/nearest.ts';
import type { Cell } from '#contract/row.ts';
import type { Shop } from '#contract/shop.ts';
import type { Config } from './config.ts';

export type Format = 'html' | 'pdf' | 'json';

/** Everything that a run depends on besides the data and the code. */
export interface RunOptions {
  shop: 'demo' | 'thelook';
  /** What the project says of the shop, over what the source knows. */
  shopSettings: Partial<Pick<Shop, 'name' | 'currency' | 'timezone' | 'locale'>>;
  data: string | null;
  /** Fingerprint of a snapshot to read in place of the source; for a run that is made again. */
  snapshot: string | null;
  asOf: string | null;
  out: string;
  reports: string[];
  only: string[];
  formats: Format[];
  seed: number;
  onFailedTest: 'watermark' | 'stop';
  threads: number;
  memory: string;
  demo: { customers?: number; seed?: number; end?: string };
  params: Record<string, Record<string, Cell>>;
  cache: boolean;
}

/** What the command line asks of the screen. */
export interface ScreenOptions {
  explain: boolean;
  quiet: boolean;
  json: boolean;
  help: boolean;
}

const flags = {
  shop: { type: 'string' },
  data: { type: 'string' },
  'as-of': { type: 'string' },
  out: { type: 'string' },
  format: { type: 'string' },
  only: { type: 'string', multiple: true },
  seed: { type: 'string' },
  explain: { type: 'boolean' },
  'no-cache': { type: 'boolean' },
  quiet: { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

export const usage = `Usage: npm run report -- [report …] [options]

  --shop demo|thelook   which shop (default: demo)
  --data DIR            folder with the shop's tables as Parquet, CSV or CSV.gz
  --as-of DATE          last day that counts (default: Sunday of the last complete ISO week)
  --out DIR             output folder (default: output)
  --format LIST         html,pdf,json (default: all); report.json is always written
  --only ANALYSIS       only this analysis; may be repeated
  --seed N              seed of every random draw, the demo shop's too
  --explain             say why each step ran or was reused
  --no-cache            run every step
  --quiet               no progress
  --json                print the result as JSON on standard output, and nothing else
  --help                this text

Defaults come from lookbook.config.ts or lookbook.config.json.`;

/**
 * Command line over configuration over defaults.
 * @param cwd folder that relative paths start from.
 * @throws LookbookError (usage) that names the wrong flag or value.
 */
export function resolveOptions(argv: string[], config: Config, cwd: string): { run: RunOptions; screen: ScreenOptions } {
  const { values, positionals } = parse(argv);
  const shop = oneOf(values.shop ?? config.shop ?? 'demo', ['demo', 'thelook'] as const, '--shop');
  const data = values.data ?? config.data ?? null;
  if (shop === 'thelook' && data === null) {
    throw new LookbookError('usage', {
      what: 'no data folder',
      where: '--shop thelook',
      expected: 'a folder with orders, order_items, products and users as Parquet, CSV or CSV.gz',
      mend: 'add --data DIR, or set data in lookbook.config.ts',
    });
  }
  if (shop === 'demo' && values.data !== undefined) {
    throw new LookbookError('usage', { what: 'the demo shop makes its own data', where: '--data', mend: 'add --shop thelook' });
  }
  const asOf = values['as-of'] ?? config.asOf ?? null;
  if (asOf !== null) checkDay(asOf, '--as-of');
  const formats = (values.format?.split(',') ?? config.formats ?? ['html', 'pdf', 'json']).map((f) =>
    oneOf(f, ['html', 'pdf', 'json'] as const, '--format'),
  );
  const seed = values.seed === undefined ? (config.seed ?? 1) : wholeNumber(values.seed, '--seed');
  const settings = { name: config.name, currency: config.currency, timezone: config.timezone, locale: config.locale };
  const path = (p: string) => (isAbsolute(p) ? p : resolve(cwd, p));
  return {
    run: {
      shop,
      shopSettings: Object.fromEntries(Object.entries(settings).filter(([, v]) => v !== undefined)),
      data: data === null ? null : path(data),
      snapshot: null,
      asOf,
      out: path(values.out ?? config.out ?? 'output'),
      reports: positionals.length > 0 ? positionals : (config.reports ?? []),
      only: (values.only ?? []).flatMap((ids) => ids.split(',')),
      formats,
      seed,
      onFailedTest: config.onFailedTest ?? 'watermark',
      threads: config.threads ?? 2,
      memory: config.memory ?? '1GB',
      demo: Object.fromEntries(
        Object.entries({ ...config.demo, ...(values.seed === undefined ? {} : { seed }) }).filter(([, v]) => v !== undefined),
      ),
      params: config.params ?? {},
      cache: !values['no-cache'],
    },
    screen: { explain: values.explain ?? false, quiet: values.quiet ?? false, json: values.json ?? false, help: values.help ?? false },
  };
}

function parse(argv: string[]) {
  try {
    return parseArgs({ args: argv, options: flags, allowPositionals: true });
  } catch (error) {
    const flag = /'(?:-[a-z], )?--?([A-Za-z-]+)/.exec((error as Error).message)?.[1];
    const guess = flag && !(flag in flags) ? nearest(flag, Object.keys(flags)) : null;
    throw new LookbookError(
      'usage',
      {
        what: (error as Error).message.split('. ')[0] as string,
        where: 'command line',
        mend: guess ? `did you mean --${guess}?` : 'npm run report -- --help lists the options',
      },
      { cause: error },
    );
  }
}

/** @throws LookbookError (usage) unless the day exists in the calendar. */
export function checkDay(day: string, where: string): void {
  const exists =
    /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(day) &&
    new Date(`${day}T00:00:00Z`).getTime() > 0 &&
    new Date(`${day}T00:00:00Z`).toISOString().slice(0, 10) === day;
  if (!exists) throw new LookbookError('usage', { what: 'not a day', where, expected: 'YYYY-MM-DD', found: day });
}

function oneOf<const T extends string>(value: string, allowed: readonly T[], where: string): T {
  if ((allowed as readonly string[]).includes(value)) return value as T;
  const guess = nearest(value, [...allowed]);
  throw new LookbookError('usage', {
    what: `unknown value «${value}»`,
    where,
    expected: allowed.join(', '),
    ...(guess ? { mend: `did you mean «${guess}»?` } : {}),
  });
}

function wholeNumber(text: string, where: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0) return value;
  throw new LookbookError('usage', { what: 'not a whole number', where, expected: '0 or more', found: text });
}
