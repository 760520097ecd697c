import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { LookbookError } from '#contract/error.ts';
import { nearest } from '#contract/nearest.ts';

const day = z.string().regex(/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/, 'a day as YYYY-MM-DD');
const cell = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** The settings of a project; each can be left out. The same keys serve lookbook.config.ts and lookbook.config.json. */
export const configSchema = z
  .strictObject({
    $schema: z.string().describe('Where an editor finds this schema: ./src/run/config.schema.json.'),
    shop: z.enum(['demo', 'thelook']).describe('Which shop to report on.'),
    data: z.string().describe('Folder with the tables of the shop, as Parquet, CSV or CSV.gz.'),
    name: z.string().min(1).describe('Name of the shop as printed.'),
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/, 'an ISO 4217 code such as EUR')
      .describe('Currency of all amounts.'),
    timezone: z.string().refine(isTimezone, 'an IANA timezone such as Europe/Berlin').describe('Zone in which days and weeks are cut.'),
    locale: z.string().refine(isLocale, 'a BCP 47 locale such as en-GB').describe('How numbers and dates are written.'),
    asOf: day.describe('Last day that counts; by default the Sunday of the last complete ISO week in the data.'),
    out: z.string().min(1).describe('Output folder.'),
    reports: z.array(z.string()).describe('Reports to make; all by default.'),
    formats: z
      .array(z.enum(['html', 'pdf', 'json']))
      .min(1)
      .describe('What to write.'),
    seed: z.int().min(0).describe('Seed of every random draw.'),
    onFailedTest: z.enum(['watermark', 'stop']).describe('What a failed data test of severity «stop» does to the reports.'),
    threads: z.int().min(1).max(256).describe('Threads of the embedded SQL engine.'),
    memory: z
      .string()
      .regex(/^[0-9]+(MB|GB)$/, 'a size such as 2GB')
      .describe('Memory limit of the embedded SQL engine.'),
    demo: z
      .strictObject({ customers: z.int().min(0).max(20_000_000), seed: z.int().min(0), end: day })
      .partial()
      .describe('Size, seed and last day of the simulated shop.'),
    params: z.record(z.string(), z.record(z.string(), cell)).describe('Parameters by analysis.'),
  })
  .partial();

export type Config = z.infer<typeof configSchema>;

/** Gives an editor the types of a lookbook.config.ts. */
export function defineConfig(config: Config): Config {
  return config;
}

/**
 * Reads lookbook.config.ts or lookbook.config.json of a folder; {} where there is none.
 * @throws LookbookError (usage) that names each wrong key or value.
 */
export async function readConfig(folder: string): Promise<Config> {
  const files = ['lookbook.config.ts', 'lookbook.config.json'].map((name) => join(folder, name)).filter(existsSync);
  if (files.length > 1) {
    throw new LookbookError('usage', { what: 'two configuration files', where: files.join(' and '), mend: 'keep one of them' });
  }
  const [file] = files;
  return file === undefined ? {} : parseConfig(await load(file), file);
}

async function load(file: string): Promise<unknown> {
  try {
    if (file.endsWith('.json')) return JSON.parse(readFileSync(file, 'utf8'));
    const module = (await import(pathToFileURL(file).href)) as { default?: unknown };
    return module.default;
  } catch (error) {
    throw new LookbookError('usage', { what: 'cannot be read', where: file, found: (error as Error).message }, { cause: error });
  }
}

/** @throws LookbookError (usage) that names each wrong key or value. */
export function parseConfig(value: unknown, where: string): Config {
  const parsed = configSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new LookbookError(
    'usage',
    parsed.error.issues.map((issue) => {
      const path = issue.path.join('.');
      if (issue.code !== 'unrecognized_keys') return { what: `«${path || 'configuration'}»: ${issue.message}`, where };
      const known = issue.path[0] === 'demo' ? ['customers', 'seed', 'end'] : Object.keys(configSchema.shape);
      const guesses = issue.keys.map((key) => nearest(key, known)).filter((guess) => guess !== null);
      return {
        what: `unknown key ${issue.keys.map((key) => `«${[...issue.path, key].join('.')}»`).join(', ')}`,
        where,
        expected: known.join(', '),
        mend: guesses.length > 0 ? `did you mean ${guesses.map((guess) => `«${guess}»`).join(', ')}?` : 'remove it',
      };
    }),
  );
}

function isTimezone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

function isLocale(locale: string): boolean {
  try {
    return Intl.NumberFormat.supportedLocalesOf(locale).length > 0;
  } catch {
    return false;
  }
}
