import { isAbsolute, resolve } from 'node:path';
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { LookbookError } from '#contract/error.ts';
import { nearest } from '#contract/nearest.ts';
import type { Config } from '#run/config.ts';
import { checkDay } from '#run/options.ts';
import { tokenFor, tokenVariable } from './access.ts';
import { type Horizon, horizonInDays } from './horizon.ts';

export const runFlags = {
  out: { type: 'string' },
  shop: { type: 'string' },
  'as-of': { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;
const clvFlags = {
  'new-within': { type: 'string' },
  top: { type: 'string' },
  horizon: { type: 'string' },
  format: { type: 'string' },
  ...runFlags,
} as const;
const apiFlags = { port: { type: 'string' }, host: { type: 'string' }, rate: { type: 'string' }, ...runFlags } as const;

const formats = ['table', 'csv', 'json'] as const;

export type Format = (typeof formats)[number];

export interface ClvOptions {
  out: string;
  shop: string | null;
  asOf: string | null;
  newWithin: number;
  top: number;
  horizon: Horizon | null;
  format: Format;
  help: boolean;
}

export interface ApiOptions {
  out: string;
  shop: string | null;
  asOf: string | null;
  port: number;
  host: string;
  token: string | null;
  rate: number;
  help: boolean;
}

export const clvUsage = `Usage: npm run clv -- [options]

New customers by predicted value, from the last published run. Nothing is fitted.

  --new-within DAYS      first purchase fewer than so many days before the run's day (default: 90)
  --top N                so many customers (default: 50)
  --horizon LENGTH       how far to look ahead: 52w, 90d, 12m, 1y (default: the run's own, 365d)
  --format table|csv|json  (default: table)
  --shop SHOP            which shop (default: that of lookbook.config, or the only one published)
  --as-of DATE           day of the run (default: the newest)
  --out DIR              output folder of the runs (default: output)
  --help                 this text`;

export const apiUsage = `Usage: npm run api -- [options]

Serves the last published run over HTTP; picks up a newer one by itself. /docs describes it.

  --port N               (default: 8080; 0 takes any that is free)
  --host ADDRESS         (default: 127.0.0.1; any other than loopback needs ${tokenVariable} in the environment)
  --rate N               requests a second that one client may make (default: 2000)
  --shop SHOP            which shop (default: that of lookbook.config, or the only one published)
  --as-of DATE           day of the run (default: the newest)
  --out DIR              output folder of the runs (default: output)
  --help                 this text`;

/**
 * Command line of `clv`, over the configuration, over defaults.
 * @param cwd folder that relative paths start from.
 * @throws LookbookError (usage) that names the wrong flag or value.
 */
export function clvOptions(argv: string[], config: Config, cwd: string): ClvOptions {
  const values = parse(argv, clvFlags, 'clv');
  const horizon = (values.horizon ?? null) as Horizon | null;
  if (horizon !== null) horizonInDays(horizon, '--horizon');
  return {
    ...runOf(values, config, cwd),
    newWithin: wholeNumber(values['new-within'] ?? '90', '--new-within', 1),
    top: wholeNumber(values.top ?? '50', '--top', 1),
    horizon,
    format: formatOf(values.format),
  };
}

/**
 * Command line of `api`, over the configuration, over defaults; the token from the environment.
 * @throws LookbookError (usage) that names the wrong flag or value, and for an address that needs a token without one.
 */
export function apiOptions(argv: string[], config: Config, env: Record<string, string | undefined>, cwd: string): ApiOptions {
  const values = parse(argv, apiFlags, 'api');
  const help = values.help ?? false;
  const host = values.host ?? '127.0.0.1';
  return {
    ...runOf(values, config, cwd),
    port: wholeNumber(values.port ?? '8080', '--port', 0, 65_535),
    host,
    token: help ? null : tokenFor(host, env),
    rate: wholeNumber(values.rate ?? '2000', '--rate', 1),
  };
}

export function formatOf(format = 'table'): Format {
  if ((formats as readonly string[]).includes(format)) return format as Format;
  const guess = nearest(format, [...formats]);
  const mend = guess ? { mend: `did you mean «${guess}»?` } : {};
  throw new LookbookError('usage', { what: `unknown value «${format}»`, where: '--format', expected: formats.join(', '), ...mend });
}

export function runOf(values: { out?: string; shop?: string; 'as-of'?: string; help?: boolean }, config: Config, cwd: string) {
  const asOf = values['as-of'] ?? config.asOf ?? null;
  if (asOf !== null) checkDay(asOf, '--as-of');
  const out = values.out ?? config.out ?? 'output';
  return { out: isAbsolute(out) ? out : resolve(cwd, out), shop: values.shop ?? config.shop ?? null, asOf, help: values.help ?? false };
}

export function parse<const F extends NonNullable<ParseArgsConfig['options']>>(args: string[], flags: F, command: string) {
  try {
    return parseArgs({ args, options: flags, allowPositionals: false }).values;
  } catch (error) {
    const { message } = error as Error;
    const flag = /'(?:-[a-z], )?--?([A-Za-z-]+)/.exec(message)?.[1];
    const guess = flag && !(flag in flags) ? nearest(flag, Object.keys(flags)) : null;
    const mend = guess ? `did you mean --${guess}?` : `npm run ${command} -- --help lists the options`;
    throw new LookbookError('usage', { what: message.split('. ')[0] as string, where: 'command line', mend }, { cause: error });
  }
}

export function wholeNumber(text: string, where: string, low: number, high = Number.MAX_SAFE_INTEGER): number {
  const value = /^[0-9]{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= low && value <= high) return value;
  const expected = high === Number.MAX_SAFE_INTEGER ? `${low} or more` : `${low} to ${high}`;
  throw new LookbookError('usage', { what: 'not a whole number in range', where, expected, found: text });
}
